"""What a case was, day by day: the facts that count on a day -> lanes of periods. Building never refuses."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from domain.facts.base import Fact
from domain.facts.case import CaseClosed, CaseOpened, ResponsibilityAssigned
from domain.facts.extension import ExtensionApproved
from domain.facts.strategy import (
    ClockPauseEnded,
    ClockPauseStarted,
    NonStrategyBarEnded,
    NonStrategyBarSet,
    StrategyBarEnded,
    StrategyBarSet,
)
from domain.facts.support import (
    Alg1Ended,
    Alg1Started,
    BenefitEnded,
    BenefitStarted,
    EmploymentEnded,
    EmploymentStarted,
    MeasureEnded,
    MeasureStarted,
)
from domain.knowledge import REVOKING, Facts, Known, visible
from domain.periods import DAY, OPEN, Period, merge
from domain.things import (
    APPOINTMENTS,
    REQUESTS,
    Appointment,
    Appointments,
    Extension,
    Grant,
    appointment,
    by_thing,
    day_and_name,
    extension,
    granted,
)

PLACEMENT = ("jobakademie", "av-ags")

Kinds = frozenset[type[Fact]]
BARS: Kinds = frozenset({StrategyBarSet, StrategyBarEnded})
CARE: Kinds = frozenset({ResponsibilityAssigned})
OTHER_BARS: Kinds = frozenset({NonStrategyBarSet, NonStrategyBarEnded})
PAUSES: Kinds = frozenset({ClockPauseStarted, ClockPauseEnded})
CLOSING: Kinds = frozenset({CaseOpened, CaseClosed})
JOBS: Kinds = frozenset({EmploymentStarted, EmploymentEnded})
BENEFIT: Kinds = frozenset({BenefitStarted, BenefitEnded})
ALG1: Kinds = frozenset({Alg1Started, Alg1Ended})
ALG1_DAYS: Kinds = ALG1 | OTHER_BARS

T = TypeVar("T")
P = TypeVar("P", bound="Lasting")


class Lasting(Protocol):
    """What has days, both inclusive."""

    @property
    def first(self) -> dt.date: ...
    @property
    def last(self) -> dt.date: ...


class Stretch(NamedTuple):
    """A period that a fact began and, if `end` is given, another one ended; both days inclusive."""

    first: dt.date
    last: dt.date
    start: Known
    end: Known | None

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(self.first, self.last)

    @property
    def refs(self) -> tuple[str, ...]:
        """The facts behind it."""
        return (self.start.ref,) if self.end is None else (self.start.ref, self.end.ref)


class Spell(NamedTuple):
    """Bars of one strategy that count as one bar (Fachkonzept 3.0, `gross`); `first` is `since`."""

    strategy: str
    first: dt.date
    last: dt.date
    bars: tuple[Stretch, ...]

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(self.first, self.last)

    @property
    def unanswered(self) -> Period:
        """The days on which a follow-up about it can be open; a recorded end answers it from its own day on."""
        end = self.bars[-1].end
        return Period(self.first, self.last - DAY if end and end.on == self.last else self.last)


class Care(NamedTuple):
    """Who was responsible from `first` to `last`, both inclusive."""

    first: dt.date
    last: dt.date
    worker: str
    unit: str
    area: str
    fact: Known


def _lane(*kinds: type[Fact]) -> Callable[[Callable[[Timeline], T]], cached_property[T]]:
    """A property of a timeline that depends on facts of these kinds alone."""

    def kept(compute: Callable[[Timeline], T]) -> cached_property[T]:
        return cached_property(lambda timeline: timeline.kept(compute.__name__, kinds, lambda: compute(timeline)))

    return kept


Looked = type[Fact] | tuple[str, str]  # facts of a kind, or those about a thing: the field that names it, and its name


class Shared:
    """What timelines of one case share: lanes, each with the facts it was computed from."""

    def __init__(self, appointments: Appointments | None = None, of_case: Shared | None = None) -> None:
        """`of_case`: for a part of the case, whose facts differ from those of the case in things alone."""
        self.lanes: dict[Hashable, tuple[list[Sequence[Known]], Any]] = of_case.lanes if of_case else {}
        self.appointments = appointments


class Timeline:
    """The lanes of one case as of a day; each is computed when it is asked for."""

    def __init__(self, facts: Facts, as_of: dt.date, reads: Kinds | None = None, shared: Shared | None = None) -> None:
        """`facts`: what counts on `as_of`; `reads`: the kinds given, if not all."""
        self.as_of = as_of
        self._facts = facts
        self._reads = reads
        self._shared = shared or Shared()
        self.looked: set[Looked] = set()  # all that anything said about this timeline was taken from

    def facts(self, *kinds: type[Fact]) -> list[Known]:
        """The facts of these kinds; those of one kind in the order they count.

        Raises LookupError for a kind this timeline was not given: its answer would be wrong without anybody noticing.
        """
        return [fact for facts in self._of(kinds) for fact in facts]

    def kept(self, name: Hashable, kinds: Collection[type[Fact]], compute: Callable[[], T]) -> T:
        """What depends on facts of these kinds alone, computed anew only where they differ. LookupError as above."""
        return self._kept(name, self._of(kinds), compute)

    def _kept(self, name: Hashable, facts: list[Sequence[Known]], compute: Callable[[], T]) -> T:
        before = self._shared.lanes.get(name)
        if before is None or before[0] != facts:
            before = self._shared.lanes[name] = (facts, compute())
        value: T = before[1]
        return value

    def _of(self, kinds: Collection[type[Fact]]) -> list[Sequence[Known]]:
        self.looked.update(kinds)
        return self._given(kinds)

    def _given(self, kinds: Collection[type[Fact]]) -> list[Sequence[Known]]:
        if self._reads is not None and not self._reads.issuperset(kinds):
            raise LookupError(f"not among the kinds read here: {kinds}")
        return [self._facts.get(kind, ()) for kind in kinds]

    @_lane(StrategyBarSet, StrategyBarEnded)
    def bars(self) -> list[Stretch]:
        """Strategy bars; a second one set while one is open ends the first on the day before."""
        return paired(self.facts(StrategyBarSet), self.facts(StrategyBarEnded))

    @_lane(StrategyBarSet, StrategyBarEnded)
    def spells(self) -> list[Spell]:
        """Strategy bars, joined where they count as one."""
        spells: list[Spell] = []
        for bar in self.bars:
            if spells and continues(spells[-1].bars[-1], bar.start):
                spells[-1] = spells[-1]._replace(last=bar.last, bars=(*spells[-1].bars, bar))
            else:
                spells.append(Spell(_strategy(bar.start), bar.first, bar.last, (bar,)))
        return spells

    @_lane(ResponsibilityAssigned)
    def care(self) -> list[Care]:
        """Who was responsible; each assignment lasts until the day before the next one."""
        assigned = paired(self.facts(ResponsibilityAssigned), ())
        return [
            Care(one.first, one.last, fact.worker, fact.unit, fact.area, one.start)
            for one in assigned
            if isinstance(fact := one.start.fact, ResponsibilityAssigned)
        ]

    @_lane(NonStrategyBarSet, NonStrategyBarEnded)
    def non_strategy(self) -> list[Stretch]:
        """Bars that are no strategy, each kind on its own."""
        return self._paired_by("kind", NonStrategyBarSet, NonStrategyBarEnded)

    @_lane(BenefitStarted, BenefitEnded)
    def benefit(self) -> list[Stretch]:
        """Periods of benefit as recorded."""
        return paired(self.facts(BenefitStarted), self.facts(BenefitEnded))

    @_lane(BenefitStarted, BenefitEnded)
    def benefit_gaps(self) -> list[Period]:
        """From the day after an end of benefit to the day before the next start."""
        return gaps(self.facts(BenefitStarted), self.facts(BenefitEnded))

    @_lane(CaseOpened, CaseClosed)
    def closed(self) -> list[Period]:
        """From the day after the case was closed to the day before it was opened again."""
        return gaps(self.facts(CaseOpened), self.facts(CaseClosed))

    @_lane(Alg1Started, Alg1Ended)
    def alg1(self) -> list[Stretch]:
        """Periods of ALG I as recorded; a `planned_end` ends nothing."""
        return paired(self.facts(Alg1Started), self.facts(Alg1Ended))

    @_lane(*ALG1_DAYS)
    def alg1_days(self) -> list[Period]:
        """The days of ALG I, recorded as such or by the bar "keine Handlungsstrategie ALG I"."""
        bars = (bar for bar in self.non_strategy if cast(NonStrategyBarSet, bar.start.fact).kind == "keine-hs-alg1")
        return merge(one.period for one in (*self.alg1, *bars))

    @_lane(ClockPauseStarted, ClockPauseEnded)
    def pauses(self) -> list[Stretch]:
        """Pauses of the clock set by a lead."""
        return paired(self.facts(ClockPauseStarted), self.facts(ClockPauseEnded))

    @_lane(EmploymentStarted, EmploymentEnded)
    def employment(self) -> list[Stretch]:
        """Jobs, each on its own."""
        return self._paired_by("employment", EmploymentStarted, EmploymentEnded)

    @_lane(MeasureStarted, MeasureEnded)
    def measures(self) -> list[Stretch]:
        """Measures, each on its own."""
        return self._paired_by("measure", MeasureStarted, MeasureEnded)

    @property
    def appointments(self) -> list[Appointment]:
        """Appointments by day, each with the status that was recorded last."""
        self._of(APPOINTMENTS)
        return self._appointments

    def appointment_after(self, day: dt.date) -> Appointment | None:
        """The first that lies after a day and is not cancelled; while it is there, the others do not matter."""
        later = self._appointments[bisect_right(self._appointments, day, key=attrgetter("on")) :]
        found = next((one for one in later if one.status != "cancelled"), None)
        if found is None:
            self._of(APPOINTMENTS)
        else:
            self.looked.add(("appointment", found.appointment))
        return found

    @cached_property
    def _appointments(self) -> list[Appointment]:
        if self._shared.appointments is not None:
            return self._shared.appointments.on(self.as_of)
        facts = (fact for kind in APPOINTMENTS for fact in self._facts.get(kind, ()))
        found = (appointment(about) for about in by_thing(facts, "appointment").values())
        return sorted((one for one in found if one), key=day_and_name)

    @cached_property
    def extensions(self) -> list[Extension]:
        """Requests in the order they were made, each with the decision that was recorded last."""
        seen = (fact for fact in self.facts(*REQUESTS) if fact.said_from <= self.as_of)
        found = [extension(about) for about in by_thing(seen, "request").values()]
        return sorted(found, key=lambda one: (one.facts[0].on, one.request))

    @cached_property
    def grants(self) -> list[Grant]:
        """The requests that count as approved; what was said about others does not matter."""
        approved, revoked = self._of((ExtensionApproved,)), self._given(REVOKING)
        self.looked.update(("request", cast(ExtensionApproved, one.fact).request) for one in approved[0])
        facts = approved + revoked
        return self._kept("grants", facts, lambda: granted(one for some in facts for one in some))

    def _paired_by(self, field: str, start: type[Fact], end: type[Fact]) -> list[Stretch]:
        ends = by_thing(self.facts(end), field)
        found = (
            stretch
            for thing, starts in by_thing(self.facts(start), field).items()
            for stretch in paired(starts, ends.get(thing, ()))
        )
        return sorted(found, key=lambda one: (one.first, one.start.ref))


def build(facts: Iterable[Known], as_of: dt.date) -> Timeline:
    """The timeline on a day: from the facts that count on it, in the order of `knowledge.order`."""
    by_kind: dict[type[Fact], list[Known]] = {}
    for fact in visible(facts, as_of):
        by_kind.setdefault(type(fact.fact), []).append(fact)
    return Timeline({**by_kind}, as_of)


def paired(starts: Sequence[Known], ends: Sequence[Known]) -> list[Stretch]:
    """Periods from starts and ends (last days), each in order of their days.

    A start while one is open ends that one on the day before. An end closes what was open before its day, else what
    begins on it; an end of nothing is passed over.
    """
    found: list[Stretch] = []
    current: Known | None = None

    def close(last: dt.date, end: Known | None) -> None:
        if current is not None and current.on <= last:
            found.append(Stretch(current.on, last, current, end))

    closing = {end.on: end for end in reversed(ends)}
    starting: dict[dt.date, list[Known]] = {}
    for start in starts:
        starting.setdefault(start.on, []).append(start)
    for day in sorted(closing.keys() | starting.keys()):
        end, begun = closing.get(day), starting.get(day, [])
        if end is not None and current is not None:
            close(day - DAY if begun else day, end)
            current, end = None, None
        if begun:
            close(day - DAY, None)
            current = begun[-1]
        if end is not None and current is not None:
            close(day, end)
            current = None
    close(OPEN, None)
    return found


def gaps(starts: Sequence[Known], ends: Sequence[Known]) -> list[Period]:
    """The days after an end and before the next start; an end and a start on one day make none if it ran before."""
    begins, stops = {fact.on for fact in starts}, {fact.on for fact in ends}
    found: list[Period] = []
    running: bool | None = None
    since = OPEN
    for day in sorted(begins | stops):
        if day in begins and running is False and since < day:
            found.append(Period(since, day - DAY))
        if day in stops and not (day in begins and running):
            since = since if running is False and day not in begins else day + DAY
            running = False
        else:
            running = True
    if running is False:
        found.append(Period(since, OPEN))
    return found


def at(stretches: Sequence[Any], day: dt.date) -> Any | None:
    """The one that covers the day; of several the one that began last. `stretches`: by their first days."""
    for one in reversed(stretches[: bisect_right(stretches, day, key=_first)]):
        if day <= one.last:
            return one
    return None


def reaching(lane: Sequence[P], day: dt.date) -> Sequence[P]:
    """Those of a lane that last until the day or longer. `lane`: sorted, no two on one day."""
    return lane[bisect_left(lane, day, key=_last) :]


def within(lane: Sequence[P], window: Period) -> Sequence[P]:
    """Those of such a lane that have a day in common with the window."""
    return lane[bisect_left(lane, window.first, key=_last) : bisect_right(lane, window.last, key=_first)]


_first: Callable[[Any], dt.date] = attrgetter("first")
_last: Callable[[Any], dt.date] = attrgetter("last")


def continues(earlier: Stretch, later: Known) -> bool:
    """Whether a bar and one that is set later count as one bar of their strategy (Fachkonzept 3.0, `gross`)."""
    if later.on > earlier.last + 2 * DAY or _strategy(earlier.start) != _strategy(later):
        return False
    reason = cast(StrategyBarEnded, earlier.end.fact).reason if earlier.end else None
    return reason in (None, "error")


def _strategy(bar: Known) -> str:
    return cast(StrategyBarSet, bar.fact).strategy
