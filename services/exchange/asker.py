"""Who has a file imported: how they hear that it has to wait, and what they may not bring in."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from services.exchange.lines import Line
from services.records.reasons import Reason, Refused


class Asker(NamedTuple):
    """`say` gets a sentence when another import runs; `objection`: why a line may not come in, "" if it may."""

    say: Callable[[str], object] = str
    objection: Callable[[Line], str] | None = None

    def check(self, line: Line) -> None:
        """Raises Refused for a line that they may not bring in."""
        if self.objection and (said := self.objection(line)):
            raise Refused([Reason("fact", said)])


OPERATOR = Asker()  # who runs the service may bring in everything
