"""The distribution of stays as a drawing and, with the same numbers and words, as a table. Positions are shares."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from domain.words import AREAS, STRATEGIES
from services.questions.distribution import EDGES, THRESHOLDS, Bar, Spread
from services.web.words import labels

HEIGHT, ROOM = 96, 34  # of the highest bar, and above it for the words of the thresholds and a number
SLOT = 100 / len(EDGES)


class Column(NamedTuple):
    """A bar: where it stands (percent, pixels), its number, what it is called, the list behind it."""

    x: float
    width: float
    y: int
    height: int
    cases: int
    words: str
    path: str


class Line(NamedTuple):
    """A line of the drawing with its word."""

    x: float
    text: str


class Chart(NamedTuple):
    """One strategy in one area."""

    key: str
    name: str
    colour: str
    total: int
    columns: list[Column]


class Group(NamedTuple):
    """The charts of one strategy; as a table a row for each bar, a column for each chart."""

    name: str
    charts: list[Chart]
    rows: list[tuple[str, list[Column]]]


AXIS = [Line(round(number * SLOT, 3), str(first)) for number, first in enumerate(EDGES)]
ORDER = (*STRATEGIES, *AREAS)
LIMITS = [Line(round(EDGES.index(months) * SLOT, 3), f"{months} Monate") for months in THRESHOLDS]


def context(spreads: Iterable[Spread]) -> dict[str, Any]:
    """What the template of the distribution needs."""
    return {"stays": groups(spreads), "axis": AXIS, "limits": LIMITS, "height": ROOM + HEIGHT}


def groups(spreads: Iterable[Spread]) -> list[Group]:
    """The strategies in the order of the list of strategies, in each the areas; all bars to one scale."""
    found: dict[str, list[Spread]] = {}
    for one in sorted(spreads, key=lambda one: (ORDER.index(one.strategy), ORDER.index(one.area))):
        found.setdefault(one.strategy, []).append(one)
    most = max((bar.cases for areas in found.values() for one in areas for bar in one.bars), default=0)
    return [_group(strategy, areas, most) for strategy, areas in found.items()]


def between(first: int, below: int | None) -> str:
    """The months of a bar in words."""
    if below is None:
        return f"{first} Monate und länger"
    return f"{first} bis unter {below} Monate" if first else f"unter {below} Monaten"


def _group(strategy: str, areas: list[Spread], most: int) -> Group:
    charts = [_chart(one, most) for one in areas]
    rows = [
        (between(bar.first, bar.below), [chart.columns[number] for chart in charts])
        for number, bar in enumerate(areas[0].bars)
    ]
    return Group(labels.code(strategy), charts, rows)


def _chart(one: Spread, most: int) -> Chart:
    columns = [_column(one, bar, number, most) for number, bar in enumerate(one.bars)]
    colour = one.area if one.area in ("jobakademie", "av-ags") else "plain"
    return Chart(f"{one.strategy}-{one.area}", labels.code(one.area), colour, one.total, columns)


def _column(one: Spread, bar: Bar, number: int, most: int) -> Column:
    height = max(2, round(bar.cases / most * HEIGHT)) if bar.cases else 0
    path = _path(one.strategy, one.area, bar.first, bar.below)
    x, width = round(number * SLOT + 0.5, 3), round(SLOT - 1, 3)
    return Column(x, width, ROOM + HEIGHT - height, height, bar.cases, between(bar.first, bar.below), path)


@cache
def _path(strategy: str, area: str, first: int, below: int | None) -> str:
    """The address of the cases of a bar; there are as many as bars, and each page has them all."""
    asked = {"strategie": strategy, "bereich": area, "ab": first, "unter": below or ""}
    return f"/team/verweildauer?{urlencode(asked)}"
