"""What a decision looks at and who decides."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from domain.clocks import Clocks
from domain.knowledge import Known
from domain.records import Record
from domain.timeline import Timeline


class Actor(Struct, frozen=True, kw_only=True):
    """Who decides. `id` is what stands in `by`, `key` the directory key (hex).

    `level` says which extensions the person may decide in this case today: 0 none, 1 as the responsible lead or the
    deputy, 2 as the next level (FDL/BL).
    """

    id: str
    key: str
    level: int = 0


class CaseView(Struct, frozen=True, kw_only=True):
    """One case as it is known now, with ids and persons in clear: records, the facts known, lanes, clocks today."""

    case: str
    records: Sequence[Record]
    known: Sequence[Known]
    timeline: Timeline
    clocks: Clocks
