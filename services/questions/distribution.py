"""How long the cases of led units are in their strategy, counted by quarters of a year; never by person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, case, func, select

from domain.periods import latest_start
from services.records import meaning
from services.records.current import Place, held, placed
from services.records.tables import segments

EDGES: Final = (0, 3, 6, 9, 12, 15, 18, 21, 24)
"""The months at which a bar begins; each ends where the next begins, the last has no end."""
THRESHOLDS: Final = (6, 12)
"""Months after which a stay is looked at: R-04 and R-05 (Fachkonzept 3.2)."""


class Bar(NamedTuple):
    """The cases with at least `first` and less than `below` full months; None: no end."""

    first: int
    below: int | None
    cases: int


class Spread(NamedTuple):
    """The cases of one strategy in one area."""

    strategy: str
    area: str
    bars: list[Bar]

    @property
    def total(self) -> int:
        """All cases of the strategy in the area."""
        return sum(bar.cases for bar in self.bars)


def spreads(conn: Connection, places: Collection[Place], day: dt.date) -> list[Spread]:
    """By strategy and area, of these (unit, area) pairs, on a day as known now, by the bar; one statement.

    Raises Waiting.
    """
    meaning.digests(conn, ("net",))
    found: dict[tuple[str, str], dict[int, int]] = {}
    for strategy, area, number, count in conn.execute(_counted(tuple(places), day)):
        found.setdefault((strategy, area), {})[number] = count
    return [Spread(*place, _bars(counts)) for place, counts in found.items()]


@lru_cache(maxsize=64)
def _counted(places: tuple[Place, ...], day: dt.date) -> Select[Any]:
    """Built once: putting it together takes longer than running it."""
    one = segments.c
    begun = [(one.spell > latest_start(day, end), number) for number, end in enumerate(EDGES[1:])]
    bar = case(*begun, else_=len(EDGES) - 1)
    return (
        select(one.strategy, one.area, bar, func.count())
        .where(held(segments, "net", day), one.strategy.is_not(None), placed(segments, places))
        .group_by(one.strategy, one.area, bar)
    )


def _bars(counts: dict[int, int]) -> list[Bar]:
    ends = (*EDGES[1:], None)
    return [Bar(first, end, counts.get(number, 0)) for number, (first, end) in enumerate(zip(EDGES, ends, strict=True))]
