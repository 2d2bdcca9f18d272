"""What of a file is taken as it stands and looks like a slip: said, never refused (Vertrag 2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from sqlalchemy import func, select

from domain.facts import Stream
from domain.facts.strategy import StrategyBarSet
from services.exchange.lines import Line
from services.office.office import Transaction
from services.questions.typed import thousands
from services.records.tables import streams

SHOWN = 10  # rows that are named
NEAR = 20_000  # bars among which two of one day are noticed: rows of a case lie together, and memory stays flat
_ENDS = ("planned_end", "until")
_CASES = select(func.count()).select_from(streams).where(streams.c.kind == Stream.CASE)


class Hints:
    """What is seen of the lines of one import, which begins in this transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._before = tx.conn.scalar(_CASES) or 0
        self._bars: dict[tuple[str, dt.date], str] = {}
        self._ended: list[int] = []
        self._doubled: list[int] = []

    def see(self, number: int, line: Line) -> None:
        """Looks at a line that is in order; `number`: where it stands."""
        fact, on = line.entry.fact, line.entry.on
        if any((end := getattr(fact, field, None)) is not None and end < on for field in _ENDS):
            self._ended.append(number)
        if isinstance(fact, StrategyBarSet):
            if len(self._bars) >= NEAR:
                self._bars.clear()
            first = self._bars.setdefault((line.number, on), fact.strategy)
            self._doubled += [number] if first != fact.strategy else []

    def sentences(self, tx: Transaction) -> Iterator[str]:
        """In German, once all is stored. New cases are said where there were others: one may be a slip of another."""
        new = (tx.conn.scalar(_CASES) or 0) - self._before
        if self._before and new > 0:
            many = "1 neuer Fall" if new == 1 else f"{thousands(new)} neue Fälle"
            yield f"Darunter {many}: Auch eine vertippte Fallnummer legt einen neuen Fall an."
        if self._ended:
            yield f"{_rows(self._ended)}: Das geplante Ende liegt vor dem Beginn."
        if self._doubled:
            yield f"{_rows(self._doubled)}: Am selben Tag beginnt im selben Fall noch ein anderer Balken."


def _rows(numbers: Sequence[int]) -> str:
    found = sorted(set(numbers))
    named = ", ".join(map(str, found[:SHOWN]))
    more = f" und {thousands(len(found) - SHOWN)} weitere" if len(found) > SHOWN else ""
    return f"{'Zeile' if len(found) == 1 else 'Zeilen'} {named}{more}"
