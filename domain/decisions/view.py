"""What a decision looks at and who decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cached_property

from msgspec import Struct, structs

from domain.clocks import Clocks, clocks
from domain.knowledge import Known, known
from domain.records import Record
from domain.timeline import Timeline, build


class Actor(Struct, frozen=True, kw_only=True):
    """Who decides. `id` is what stands in `by`, `key` the directory key (hex).

    `level` says which extensions the person may decide in this case today: 0 none, 1 as the responsible lead or the
    deputy, 2 as the next level (FDL/BL). `trial`: logged in without a provider of log-ins, by a one-time link.
    """

    id: str
    key: str
    level: int = 0
    trial: bool = False


class CaseView(Struct, frozen=True, kw_only=True, dict=True):
    """One case as it is known now, with ids and persons in clear; the rest is computed when it is asked for.

    `before`: the same with fewer records, of which what has not changed is taken over. `read_settings` gives
    all that is known of what the office has set, where a decision asks for it.
    """

    case: str
    records: Sequence[Record]
    today: dt.date
    before: Timeline | None = None
    read_settings: Callable[[], Sequence[Known]] = tuple

    @cached_property
    def settings(self) -> Sequence[Known]:
        """All that is known of what the office has set."""
        return self.read_settings()

    @cached_property
    def known(self) -> Sequence[Known]:
        """The facts known."""
        return known(self.records)

    @cached_property
    def timeline(self) -> Timeline:
        """The lanes."""
        return build(self.known, self.today, self.before)

    @cached_property
    def clocks(self) -> Clocks:
        """The clocks today."""
        return clocks(self.timeline, self.today)

    def grown(self, added: Sequence[Record]) -> CaseView:
        """The same with more records."""
        return structs.replace(self, records=[*self.records, *added], before=self.timeline)
