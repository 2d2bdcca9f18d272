"""What each lane of the timeline said, from when until when (Fachkonzept 6.1): one declaration a lane."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple, cast

from domain import handovers, own
from domain.courses import Course, Said
from domain.entries import Codes, codes
from domain.facts.base import Fact, Lane
from domain.facts.case import CaseClosed, CaseOpened, ResponsibilityAssigned
from domain.facts.contact import AppointmentInvited
from domain.facts.extension import ExtensionRequested
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
    MeasureStarted,
)
from domain.knowledge import Change, Known, order, visible
from domain.periods import DAY, OPEN, Period, cut, subtract
from domain.stretches import Stretch, paired, reaching
from domain.things import (
    APPOINTMENTS,
    REQUESTS,
    day_and_status,
    decision,
    invitation,
    planning,
    step_of_appointment,
    step_of_extension,
)
from domain.timeline import (
    ALG1,
    BARS,
    BENEFIT,
    CARE,
    CLOSING,
    MEASURE_ENDS,
    OTHER_BARS,
    PAUSES,
    Kinds,
    Spell,
    Timeline,
    continues,
)

RUNNING = "running"  # the value of a lane that says no more than that something runs
ASSUMED = "assumed"  # benefit of a case about which nothing of the kind is recorded (Fachkonzept 3.0)


class Span(NamedTuple):
    """On each day D of `first` .. `last`, both inclusive, seen from D, a lane had this value about this thing.

    `day`: an appointment's own day, that of an own follow-up; `unit`, `area`: the responsibility on `first`; `codes`:
    what is said in clear; `facts`: the references behind it. The facts and codes of an end belong to the whole span,
    from its first day on.
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
        for one in reaching(timeline.stretches(start, end), timeline.as_of):
            yield _stretch(lane, getattr(one.start.fact, value, value), one)

    return spans


def _of_thing(lane: Lane, start: type[Fact], ends: tuple[type[Fact], ...], field: str, value: str) -> Track:
    """The same, of each thing on its own."""

    def spans(timeline: Timeline) -> Iterator[Span]:
        for one in paired(timeline.facts(start), timeline.in_order(*ends)):
            yield _stretch(lane, getattr(one.start.fact, value, value), one, getattr(one.start.fact, field))

    return Track(lane, frozenset({start, *ends}), field, spans)


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
            yield _stretch(Lane.BENEFIT, RUNNING, _part(one, days))
    said = min((fact.visible_from for fact in timeline.facts(*BENEFIT)), default=None)
    unknown = Period(dt.date.min, OPEN if said is None else said - DAY)
    for one in paired(timeline.facts(CaseOpened), timeline.facts(CaseClosed)):
        if inside := cut(one.period, unknown):
            yield _span(Lane.BENEFIT, ASSUMED, *inside, (), _part(one, inside).refs)


def _part(one: Stretch, days: Period) -> Stretch:
    """Some days of a period; an end that nobody saw on them tells nothing of them."""
    end = one.end if one.end and one.end.visible_from <= days.last else None
    return Stretch(*days, one.start, end)


def _case(timeline: Timeline) -> Iterator[Span]:
    """Open from its opening to its closing; closed from the day after, also where no opening is recorded."""
    for one in paired(timeline.facts(CaseOpened), timeline.facts(CaseClosed)):
        yield _stretch(Lane.CASE, "open", one)
    closings = timeline.facts(CaseClosed)
    for gap in timeline.closed:
        yield _span(Lane.CASE, "closed", *gap, (), (one.ref for one in closings if one.on == gap.first - DAY))


def _handovers(timeline: Timeline) -> Iterator[Span]:
    for one in handovers.seen(timeline):
        if one.first <= one.last:
            yield _span(Lane.HANDOVER, handovers.WAITING, one.first, one.last, codes(one.offer), one.refs)


def _appointment(timeline: Timeline) -> Iterator[Span]:
    def said(course: Course) -> Said | None:
        found = day_and_status(course.facts)
        if found is None:
            return None
        on, status, last = found
        invited, told = invitation(course.facts), planning([one.fact for one in course.facts])
        more = {"invited": invited.on.isoformat()} if invited else {}
        lasting = [one for one in course.codes(more) if one[0] != "time"]
        time = [("time", told.time)] if told and told.time else []
        return Said(status, cast(AppointmentInvited, last.fact).appointment, on, (*lasting, *time))

    return _as_seen(timeline, Lane.APPOINTMENT, APPOINTMENTS, lambda: Course(step_of_appointment, said))


def _extension(timeline: Timeline) -> Iterator[Span]:
    def said(course: Course) -> Said:
        request = cast(ExtensionRequested, course.facts[-1].fact).request
        return Said(decision(course.facts), request, None, course.codes({}))

    return _as_seen(timeline, Lane.EXTENSION, REQUESTS, lambda: Course(step_of_extension, said))


def _own(timeline: Timeline) -> Iterator[Span]:
    def said(course: Course) -> Said | None:
        one = own.own(course.facts)
        return Said(one.status, one.follow_up, one.due_on, course.codes({})) if one else None

    return _as_seen(timeline, Lane.OWN, own.READS, lambda: Course(order, said))


def _as_seen(timeline: Timeline, lane: Lane, kinds: Kinds, begun: Callable[[], Course]) -> Iterator[Span]:
    """What facts about one thing say on each day, from those that count on it."""
    course = timeline.course(kinds, begun)
    for (value, thing, day, said), first, last, facts in course.reaching(timeline.as_of):
        yield Span(lane, value, thing, first, last, day, None, None, said, facts)


def _told(facts: Iterable[Known]) -> Codes:
    """The codes of facts about one thing; of two that say the same the later one counts."""
    return tuple(dict(pair for fact in facts for pair in codes(fact.fact)).items())


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
    _of_thing(Lane.JOB, EmploymentStarted, (EmploymentEnded,), "employment", "kind"),
    _of_thing(Lane.MEASURE, MeasureStarted, MEASURE_ENDS, "measure", RUNNING),
    Track(Lane.APPOINTMENT, APPOINTMENTS, "appointment", _appointment),
    Track(Lane.EXTENSION, REQUESTS, "request", _extension),
    Track(Lane.OWN, own.READS, "follow_up", _own),
)
"""Every lane that has spans; contacts, reviews and statements are of one day and stand among the entries."""
