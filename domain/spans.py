"""What each lane of the timeline said, from when until when (Fachkonzept 6.1): one declaration a lane."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple, cast

from domain import handovers
from domain.entries import Code, Codes, codes
from domain.facts.base import Fact, Lane
from domain.facts.case import CaseClosed, CaseOpened, ResponsibilityAssigned
from domain.facts.contact import AppointmentInvited
from domain.facts.strategy import (
    ClockPauseEnded,
    ClockPauseStarted,
    NonStrategyBarSet,
    StrategyBarSet,
    StrategyFieldChanged,
)
from domain.facts.support import (
    Alg1Ended,
    Alg1Started,
    EmploymentEnded,
    EmploymentStarted,
    MeasureEnded,
    MeasureStarted,
)
from domain.knowledge import Change, Known, order, visible
from domain.periods import DAY, OPEN, Period, cut, subtract
from domain.things import APPOINTMENTS, REQUESTS, appointment, extension
from domain.timeline import (
    ALG1,
    BARS,
    BENEFIT,
    CARE,
    CLOSING,
    OTHER_BARS,
    PAUSES,
    Kinds,
    Spell,
    Stretch,
    Timeline,
    continues,
    paired,
    reaching,
)

RUNNING = "running"  # the value of a lane that says no more than that something runs
ASSUMED = "assumed"  # benefit of a case about which nothing of the kind is recorded (Fachkonzept 3.0)


class Span(NamedTuple):
    """On each day D of `first` .. `last`, both inclusive, seen from D, a lane had this value about this thing.

    `day`: an appointment's own day; `unit`, `area`: the responsibility on `first`; `codes`: what is said in clear;
    `facts`: the references behind it. The facts and codes of an end belong to the whole span, from its first day on.
    """

    lane: Lane
    value: str
    thing: str | None
    first: dt.date
    last: dt.date
    day: dt.date | None
    unit: str | None
    area: str | None
    codes: Codes
    facts: tuple[str, ...]


class Track(NamedTuple):
    """A lane: its spans depend on facts of the kinds in `reads` alone.

    `thing`: the field that names what a fact is about where each thing has spans of its own. `spans` gives, from the
    facts known of the case or thing, those that last until the day of the timeline or longer; units are added later.
    """

    lane: Lane
    reads: Kinds
    thing: str | None
    spans: Callable[[Timeline], Iterable[Span]]

    def about(self, changes: Iterable[Change]) -> frozenset[str]:
        """The things that changes of facts are about."""
        own = (one for change in changes if change.kind in self.reads for one in change.versions)
        return frozenset(getattr(one.fact, self.thing or "") for one in own)


def _span(
    lane: Lane,
    value: str,
    first: dt.date,
    last: dt.date,
    said: Codes,
    facts: Iterable[str],
    thing: str | None = None,
) -> Span:
    return Span(lane, value, thing, first, last, None, None, None, said, tuple(facts))


def _stretch(lane: Lane, value: str, one: Stretch, thing: str | None = None) -> Span:
    """A period that a fact began: what it said, and how it ended."""
    said = _told([one.start, one.end] if one.end else [one.start])
    return _span(lane, value, one.first, one.last, said, one.refs, thing)


def _plain(lane: Lane, start: type[Fact], end: type[Fact] | None, value: str) -> Callable[[Timeline], Iterator[Span]]:
    """Periods from a start to an end or the next start; `value`: a field of the start, or what is said of all."""

    def spans(timeline: Timeline) -> Iterator[Span]:
        kinds = (start, end) if end else (start,)
        stretches = timeline.kept(
            ("stretches", lane), kinds, lambda: paired(timeline.facts(start), timeline.facts(*kinds[1:]))
        )
        for one in reaching(stretches, timeline.as_of):
            yield _stretch(lane, getattr(one.start.fact, value, value), one)

    return spans


def _of_thing(lane: Lane, start: type[Fact], end: type[Fact], field: str, value: str) -> Track:
    """The same, of each thing on its own."""

    def spans(timeline: Timeline) -> Iterator[Span]:
        for one in paired(timeline.facts(start), timeline.facts(end)):
            yield _stretch(lane, getattr(one.start.fact, value, value), one, getattr(one.start.fact, field))

    return Track(lane, frozenset({start, end}), field, spans)


def _strategy(timeline: Timeline) -> Iterator[Span]:
    """Bars merged (Fachkonzept 3.0); the day between two is one with a bar if the next one was known on it already."""
    for spell in reaching(timeline.spells, timeline.as_of - DAY):
        piece: list[Stretch] = []
        last = spell.first - DAY
        for bar in spell.bars:
            if bar.first > last + DAY:
                yield _merged(spell, piece, last)
                piece = []
            piece.append(bar)
            last = bar.last + DAY if _bridged(timeline, bar) else bar.last
        yield _merged(spell, piece, last)


def _merged(spell: Spell, bars: Sequence[Stretch], last: dt.date) -> Span:
    end = bars[-1].end
    said = (("since", spell.first.isoformat()), *(codes(end.fact) if end else ()))
    return _span(Lane.STRATEGY, spell.strategy, bars[0].first, last, said, (ref for bar in bars for ref in bar.refs))


def _bridged(timeline: Timeline, bar: Stretch) -> bool:
    """Whether somebody who looks on the day after a bar knows of one that begins on the next day and continues it."""
    if bar.last >= OPEN - DAY:
        return False
    between, starts = bar.last + DAY, timeline.facts(StrategyBarSet)
    ahead = starts[bisect_left(starts, between, key=_on) : bisect_right(starts, between + DAY, key=_on)]
    seen = visible(ahead, between)
    return bool(seen) and seen[0].on > between and continues(bar, seen[-1])


def _bars(timeline: Timeline) -> Iterator[Span]:
    for bar in reaching(timeline.bars, timeline.as_of):
        yield _stretch(Lane.BAR, cast(StrategyBarSet, bar.start.fact).strategy, bar)


def _other_bars(timeline: Timeline) -> Iterator[Span]:
    for bar in timeline.non_strategy:
        yield _stretch(Lane.OTHER_BAR, cast(NonStrategyBarSet, bar.start.fact).kind, bar)


def _benefit(timeline: Timeline) -> Iterator[Span]:
    """Periods as recorded; before anything is, benefit is assumed while the case is open (Fachkonzept 3.0)."""
    for one in reaching(timeline.benefit, timeline.as_of):
        for days in subtract([one.period], timeline.closed):  # nobody is in benefit there (Fachkonzept 13)
            yield _stretch(Lane.BENEFIT, RUNNING, one)._replace(first=days.first, last=days.last)
    said = min((fact.visible_from for fact in timeline.facts(*BENEFIT)), default=None)
    unknown = Period(dt.date.min, OPEN if said is None else said - DAY)
    for one in paired(timeline.facts(CaseOpened), timeline.facts(CaseClosed)):
        if inside := cut(one.period, unknown):
            yield _span(Lane.BENEFIT, ASSUMED, *inside, (), one.refs)


def _case(timeline: Timeline) -> Iterator[Span]:
    """Open from its opening to its closing; closed from the day after, also where no opening is recorded."""
    for one in paired(timeline.facts(CaseOpened), timeline.facts(CaseClosed)):
        yield _stretch(Lane.CASE, "open", one)
    closings = timeline.facts(CaseClosed)
    for gap in timeline.closed:
        yield _span(Lane.CASE, "closed", *gap, (), (one.ref for one in closings if one.on == gap.first - DAY))


def _handovers(timeline: Timeline) -> Iterator[Span]:
    for one in handovers.handovers(sorted(timeline.facts(*handovers.READS), key=order)):
        if one.first <= one.last:
            yield _span(Lane.HANDOVER, "waiting", one.first, one.last, codes(one.offer), one.refs)


def _appointment(timeline: Timeline) -> Iterator[Span]:
    def said(facts: list[Known]) -> Span | None:
        one = appointment(facts)
        if one is None:
            return None
        invited = [fact.on for fact in one.facts if isinstance(fact.fact, AppointmentInvited)]
        more: Codes = (("invited", invited[-1].isoformat()),) if invited else ()
        found = _span(Lane.APPOINTMENT, one.status, *_ALL, _told(one.facts, *more), _refs(one.facts), one.appointment)
        return found._replace(day=one.on)

    return _as_seen(timeline.facts(*APPOINTMENTS), said)


def _extension(timeline: Timeline) -> Iterator[Span]:
    def said(facts: list[Known]) -> Span:
        one = extension(facts)
        return _span(Lane.EXTENSION, one.status, *_ALL, _told(one.facts), _refs(one.facts), one.request)

    return _as_seen([one._replace(visible_from=one.said_from) for one in timeline.facts(*REQUESTS)], said)


def _as_seen(facts: Sequence[Known], said: Callable[[list[Known]], Span | None]) -> Iterator[Span]:
    """What facts about one thing say on each day, from those that count on it."""
    days = sorted({fact.visible_from for fact in facts})
    latest: Span | None = None
    for first, last in zip(days, [*(day - DAY for day in days[1:]), OPEN], strict=False):
        span = said(visible(facts, first))
        if latest is not None and span is not None and _same(latest, span):
            latest = span._replace(first=latest.first, last=last)
        else:
            if latest is not None:
                yield latest
            latest = span and span._replace(first=first, last=last)
    if latest is not None:
        yield latest


def _same(one: Span, other: Span) -> bool:
    return (one.value, one.day, one.codes) == (other.value, other.day, other.codes)


def _told(facts: Iterable[Known], *more: tuple[str, Code]) -> Codes:
    """The codes of facts about one thing; of two that say the same the later one counts."""
    return tuple(dict([*(pair for fact in facts for pair in codes(fact.fact)), *more]).items())


def _refs(facts: Iterable[Known]) -> tuple[str, ...]:
    return tuple(fact.ref for fact in facts)


_ALL = Period(dt.date.min, OPEN)
_on = attrgetter("on")

TRACKS = (
    Track(Lane.STRATEGY, BARS, None, _strategy),
    Track(Lane.BAR, BARS, None, _bars),
    Track(
        Lane.FIELD, frozenset({StrategyFieldChanged}), None, _plain(Lane.FIELD, StrategyFieldChanged, None, "strategy")
    ),
    Track(Lane.OTHER_BAR, OTHER_BARS, None, _other_bars),
    Track(Lane.CARE, CARE, None, _plain(Lane.CARE, ResponsibilityAssigned, None, "area")),
    Track(Lane.BENEFIT, BENEFIT | CLOSING, None, _benefit),
    Track(Lane.ALG1, ALG1, None, _plain(Lane.ALG1, Alg1Started, Alg1Ended, RUNNING)),
    Track(Lane.PAUSE, PAUSES, None, _plain(Lane.PAUSE, ClockPauseStarted, ClockPauseEnded, RUNNING)),
    Track(Lane.CASE, CLOSING, None, _case),
    Track(Lane.HANDOVER, handovers.READS, None, _handovers),
    _of_thing(Lane.JOB, EmploymentStarted, EmploymentEnded, "employment", "kind"),
    _of_thing(Lane.MEASURE, MeasureStarted, MeasureEnded, "measure", RUNNING),
    Track(Lane.APPOINTMENT, APPOINTMENTS, "appointment", _appointment),
    Track(Lane.EXTENSION, REQUESTS, "request", _extension),
)
"""Every lane that has spans; contacts, reviews and statements are of one day and stand among the entries."""
