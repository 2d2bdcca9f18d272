"""The lanes of a case as a drawing and, with the same rows and words, as a table. Positions are shares of the width."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from domain import standing, words
from domain.facts import FACTS, Stream, declared, stream_of
from domain.facts.base import Lane as Kept
from domain.facts.measures import MeasurePlanned, SupportGranted
from domain.facts.strategy import NonStrategyBarSet
from domain.facts.support import EmploymentStarted, MeasureStarted
from domain.knowledge import Known
from domain.law import AS_SHIPPED, Lexicon
from domain.periods import DAY, OPEN, add_months
from domain.stretches import Stretch
from domain.things import Appointment, Extension
from domain.timeline import Care, Timeline
from services.web.words import dates, labels

HORIZON = 13  # months after the Stichtag within which deadlines are drawn
ROW = 28  # height of a track
GAP = 8  # between lanes
LETTER = 0.75  # share of the width that a letter takes on a screen of usual width, in percent
DOT = 1.6  # the same for the sign of an appointment
DEADLINE = "◆"
DAY_SIGN = "▪"
SYMBOLS = {"held": "●", "missed": "○", "cancelled": "×", "planned": "▷", "unresolved": "◌"}


class Span(NamedTuple):
    """One row of a lane: from `first` to `last` (inclusive, or open), its word, its colour, the facts behind it.

    `time`: the time of day of an appointment, HH:MM, "" where none is known.
    """

    first: dt.date
    last: dt.date
    text: str
    colour: str
    facts: tuple[str, ...]
    symbol: str = ""
    time: str = ""


class Lane(NamedTuple):
    """A named row of the picture and of the table."""

    key: str
    name: str
    spans: list[Span]


class Mark(NamedTuple):
    """A span in the picture: left edge and width in percent, top in pixels.

    `label` stands `within` the bar, or where it does not fit, `right` or `left` of it. `ahead`: the share of the bar
    that lies after the Stichtag, in percent.
    """

    x: float
    width: float
    y: int
    span: Span
    label: str
    place: str
    ahead: float


class Row(NamedTuple):
    """A lane in the picture."""

    lane: Lane
    y: int
    height: int
    marks: list[Mark]


class Tick(NamedTuple):
    """A line of the axis with its word."""

    x: float
    text: str


class Picture(NamedTuple):
    """Everything the drawing needs; `at` is where the Stichtag stands, in percent, `today` where today does.

    Today has no line of its own where it is the Stichtag or lies after all that is shown.
    """

    rows: list[Row]
    ticks: list[Tick]
    at: float
    today: float | None
    height: int
    first: dt.date
    last: dt.date


def lanes(
    timeline: Timeline,
    names: Mapping[str, str],
    deadlines: Sequence[tuple[str, dt.date]] = (),
    law: Lexicon = AS_SHIPPED,
    types: Mapping[str, str] = words.MEASURES,
) -> list[Lane]:
    """The lanes of a timeline; `names` gives the people their names, `types` the types of measures theirs. Empty lanes
    are left out, the first two never.

    `deadlines`: what they are called and their days. What nobody has ended before the case was closed ends there.
    """
    as_of = timeline.as_of
    found = {
        "strategy": [_bar(one) for one in timeline.bars],
        "deadlines": [_deadline(*one) for one in deadlines if one[1] <= add_months(as_of, HORIZON)],
        "responsibility": [_care(one, names) for one in timeline.care],
        "non_strategy": [_other_bar(one) for one in timeline.non_strategy],
        "benefit": [_benefit(one, as_of, law) for one in timeline.benefit],
        "alg1": [_plain(one, "ALG I", "alg1") for one in timeline.alg1],
        "employment": [_job(one) for one in timeline.employment],
        "measures": [*(_measure(one, types) for one in timeline.measures), *_plans(timeline, types)],
        "extensions": list(_extensions(timeline.extensions)),
        "appointments": [_appointment(one, as_of) for one in timeline.appointments],
    }
    always = ("strategy", "responsibility")
    closed = next((one.first - DAY for one in timeline.closed if one.covers(as_of)), None)
    return [
        Lane(key, words.LANES[key], [_closed(span, closed) for span in spans])
        for key, spans in found.items()
        if spans or key in always
    ]


def folded(timeline: Timeline, named: Callable[[Known], str]) -> list[Lane]:
    """What the client wants, has and gets, and what was documented: lanes that stand folded, none of them empty."""
    found = {lane: [_marked(one, named) for one in timeline.facts(*kinds)] for lane, kinds in _FOLDED.items()}
    return [
        Lane(lane.value, words.LANES[lane.value], sorted(spans, key=lambda one: (one.first, one.last)))
        for lane, spans in found.items()
        if spans
    ]


def _marked(one: Known, named: Callable[[Known], str]) -> Span:
    """A fact of a day, or what lasts to the day that it names."""
    until = getattr(one.fact, "until", None)
    said = labels.code(one.fact.type) if isinstance(one.fact, SupportGranted) else named(one)
    return Span(one.on, until or one.on, said, "plain", (one.ref,), "" if until else DAY_SIGN)


_FOLDED = {
    lane: [FACTS[name] for name in FACTS if stream_of(name) is Stream.CASE and declared(name).lane is lane]
    for lane in (
        Kept.SUPPORT,
        Kept.AGENCY,
        Kept.WISH,
        Kept.RESOURCE,
        Kept.DUTY,
        Kept.NEED,
        Kept.DOCUMENTATION,
    )
}


def _closed(span: Span, closed: dt.date | None) -> Span:
    """A span that nobody has ended, cut where the case was closed, and saying so."""
    if closed is None or span.last != OPEN or span.first > closed:
        return span
    return span._replace(last=closed, text=f"{span.text} · offen geblieben")


def picture(found: Sequence[Lane], as_of: dt.date, today: dt.date) -> Picture:
    """The drawing: the axis runs from the first day to the last known one or the Stichtag, with a little room."""
    days = [day for lane in found for span in lane.spans for day in (span.first, span.last) if day != OPEN]
    first = min([*days, add_months(as_of, -6)])
    last = max([*days, as_of])
    room = max((last - first) // 25, 14 * DAY)
    scale = _Scale(first, last + room, as_of)
    rows, y = [], 0
    for lane in found:
        marks = list(_marks(lane.spans, scale, y))
        height = max([ROW, *(mark.y + ROW - y for mark in marks)])
        rows.append(Row(lane, y, height, marks))
        y += height + GAP
    line = scale.x(today) if today != as_of and scale.first <= today <= scale.last else None
    return Picture(rows, list(_ticks(scale)), scale.x(as_of), line, y, first, scale.last)


class _Scale:
    """Days to percent of the width."""

    def __init__(self, first: dt.date, last: dt.date, as_of: dt.date) -> None:
        self.first, self.last = first, last
        self._days = (last - first).days + 1
        self.now = self.x(as_of + DAY)

    def x(self, day: dt.date) -> float:
        return round(max(0, min((day - self.first).days / self._days, 1)) * 100, 3)


def _marks(spans: Iterable[Span], scale: _Scale, top: int) -> Iterator[Mark]:
    """Each span where it lies; what overlaps, words included, goes one track lower."""
    free: list[float] = []
    for span in sorted(spans, key=lambda one: (one.first, one.last)):
        left = scale.x(span.first)
        right = left + DOT if span.symbol else scale.x(min(span.last, scale.last) + DAY)
        width = max(right - left, 0.4)
        label, place = _label(span, left, width)
        begin, end = _extent(left, width, label, place)
        track = next((index for index, taken in enumerate(free) if taken <= begin), len(free))
        free[track : track + 1] = [end]
        ahead = 0.0 if span.symbol else max(0.0, min(1.0, (left + width - scale.now) / width))
        yield Mark(left, round(width, 3), top + track * ROW, span, label, place, round(ahead * 100, 3))


def _label(span: Span, left: float, width: float) -> tuple[str, str]:
    """The longest beginning of the words that fits into the bar; if none does, the first part stands beside it."""
    if span.symbol:
        beside = span.text if span.symbol == DEADLINE else ""
    else:
        parts = span.text.split(" · ")
        beside = parts[0]
        for text in dict.fromkeys((span.text, beside)):
            if width > _wide(text):
                return text, "within"
    return beside, "right" if left + width + _wide(beside) <= 100 else "left"


def _extent(left: float, width: float, label: str, place: str) -> tuple[float, float]:
    """From where to where a bar and its words reach."""
    if place == "within" or not label:
        return left, left + width
    return (left, left + width + _wide(label)) if place == "right" else (left - _wide(label), left + width)


def _wide(text: str) -> float:
    return LETTER * len(text) + 1.5


def _ticks(scale: _Scale) -> Iterator[Tick]:
    months = (scale.last - scale.first).days // 30
    step = 12 if months > 30 else 3 if months > 8 else 1
    day = dt.date(scale.first.year, 1, 1)
    while day <= scale.last:
        if scale.first < day and scale.x(day) < 97:
            yield Tick(scale.x(day), str(day.year) if step == 12 else f"{day.month:02}/{day.year % 100:02}")
        day = add_months(day, step)


def _bar(one: Stretch) -> Span:
    strategy = cast(Any, one.start.fact).strategy
    colour = strategy if strategy in ("integration", "entwicklung") else "grundbetreuung"
    return Span(one.first, one.last, labels.code(strategy), colour, one.refs)


def _care(one: Care, names: Mapping[str, str]) -> Span:
    colour = one.area if one.area in ("jobakademie", "av-ags") else "plain"
    worker = names.get(one.worker, one.worker if names else "")  # nobody is named to who may see no names
    where = " · ".join(filter(None, (labels.code(one.area), one.unit, worker)))
    return Span(one.first, one.last, where, colour, (one.fact.ref,))


def _other_bar(one: Stretch) -> Span:
    kind = cast(NonStrategyBarSet, one.start.fact).kind
    return _plain(one, labels.code(kind), "alg1" if kind == "keine-hs-alg1" else "plain")


def _job(one: Stretch) -> Span:
    job = cast(EmploymentStarted, one.start.fact)
    hours = f", {dates.number(job.hours_per_week)} Std./Woche" if job.hours_per_week else ""
    return _plain(one, labels.code(job.kind) + hours)


def _measure(one: Stretch, types: Mapping[str, str]) -> Span:
    return _plain(one, _type(cast(MeasureStarted, one.start.fact).type, types))


def _type(code: str | None, types: Mapping[str, str]) -> str:
    return types.get(code, labels.code(code)) if code else "Maßnahme"


def _plans(timeline: Timeline, types: Mapping[str, str]) -> Iterator[Span]:
    """Measures that are planned and that nothing has begun."""
    for one in standing.planned(timeline, "measure"):
        kind = _type(cast(MeasurePlanned, one.fact).type, types)
        yield Span(one.on, one.on, f"{kind} geplant", "plain", (one.ref,), SYMBOLS["planned"])


def _deadline(name: str, day: dt.date) -> Span:
    return Span(day, day, name, "plain", (), DEADLINE)


def _benefit(one: Stretch, as_of: dt.date, law: Lexicon) -> Span:
    """What the law calls it, all words of its days until the Stichtag."""
    return _plain(
        one, f"Leistungsbezug ({'/'.join(law.over('benefit', one.first, max(one.first, min(one.last, as_of))))})"
    )


def _plain(one: Stretch, text: str, colour: str = "plain") -> Span:
    return Span(one.first, one.last, text, colour, one.refs)


def _extensions(found: Iterable[Extension]) -> Iterator[Span]:
    for one in found:
        refs = tuple(fact.ref for fact in one.facts)
        begun = (one.decided or one.facts[0]).on
        until = next((fact.fact.until for fact in reversed(one.facts) if hasattr(fact.fact, "until")), begun)
        shown = until if one.status == "approved" else begun
        text = f"{labels.code(one.status)} bis {dates.plain(until)}"
        yield Span(begun, max(begun, shown), text, "plain", refs)


def _appointment(one: Appointment, as_of: dt.date) -> Span:
    status = "unresolved" if one.status == "planned" and one.on < as_of else one.status
    text = labels.code(status)
    if status == "planned" and one.invited:
        text = "geplant, eingeladen"
    return Span(one.on, one.on, text, "plain", tuple(fact.ref for fact in one.facts), SYMBOLS[status], one.time or "")
