"""What a case was, day by day: the facts that count on a day -> lanes of periods. Building never refuses."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property, partial
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar, cast

from domain.courses import Course
from domain.facts.base import Fact
from domain.facts.case import CaseClosed, CaseOpened, ResponsibilityAssigned
from domain.facts.extension import ExtensionApproved
from domain.facts.measures import MeasureBrokenOff
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
from domain.knowledge import REVOKING, Facts, Known, order, visible
from domain.periods import DAY, Period, merge
from domain.stretches import Stretch, differ_from, ended, gaps, paired
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
    lies_ahead,
    step_of_appointment,
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
MEASURE_ENDS = (MeasureEnded, MeasureBrokenOff)
ALG1_DAYS: Kinds = ALG1 | OTHER_BARS

T = TypeVar("T")


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


class Care(NamedTuple):
    """Who was responsible from `first` to `last`, both inclusive."""

    first: dt.date
    last: dt.date
    worker: str
    unit: str
    area: str
    fact: Known
    team: str | None = None


def _lane(*kinds: type[Fact]) -> Callable[[Callable[[Timeline], T]], cached_property[T]]:
    """A property of a timeline that depends on facts of these kinds alone."""

    def kept(compute: Callable[[Timeline], T]) -> cached_property[T]:
        return cached_property(lambda timeline: timeline.kept(compute.__name__, kinds, lambda: compute(timeline)))

    return kept


Asked = Kinds | tuple[type[Fact], ...]
Looked = type[Fact] | tuple[str, str]  # facts of a kind, or those about a thing: the field that names it, and its name


class Shared:
    """What timelines of one case share: lanes, each with the facts it was computed from."""

    def __init__(
        self,
        appointments: Appointments | None = None,
        of_case: Shared | None = None,
        about: tuple[str, str] = ("", ""),
    ) -> None:
        """`of_case`: for a part of the case, whose facts differ from those of the case in the one thing alone that
        `about` names: the field that names it, and its name.
        """
        self.lanes: dict[Hashable, tuple[list[Sequence[Known]], Any]] = of_case.lanes if of_case else {}
        self.appointments: Appointments | None = of_case.appointments if of_case else appointments
        self.about = about
        self.course: Course | None = None


class Timeline:
    """The lanes of one case as of a day; each is computed when it is asked for."""

    def __init__(
        self,
        facts: Facts,
        as_of: dt.date,
        reads: Kinds | None = None,
        shared: Shared | None = None,
        said: dict[Hashable, Any] | None = None,
    ) -> None:
        """`facts`: what counts on `as_of`; `reads`: the kinds given, if not all; `said`: the lanes of these very facts
        that other timelines have computed already.
        """
        self.as_of = as_of
        self._facts = facts
        self._reads = reads
        self._shared = shared or Shared()
        self._said = {} if said is None else said
        self._noted: set[Asked] = set()
        self.looked: set[Looked] = set()  # all that anything said about this timeline was taken from

    def facts(self, *kinds: type[Fact]) -> Sequence[Known]:
        """The facts of these kinds; those of one kind in the order they count.

        Raises LookupError for a kind this timeline was not given: its answer would be wrong without anybody noticing.
        """
        self._look(kinds)
        if len(kinds) == 1:
            return self._facts.get(kinds[0], ())
        return [fact for kind in kinds for fact in self._facts.get(kind, ())]

    def in_order(self, *kinds: type[Fact]) -> Sequence[Known]:
        """The facts of these kinds in the order they count."""
        found = self.facts(*kinds)
        return found if len(kinds) == 1 else sorted(found, key=order)

    def carried(self) -> Shared:
        """The lanes, for another timeline of the case."""
        return Shared(of_case=self._shared)

    def says(self, kinds: Kinds) -> bool:
        """Whether there is a fact of one of these kinds."""
        self._look(kinds)
        return any(map(self._facts.get, kinds))

    def kept(self, name: Hashable, kinds: Asked, compute: Callable[[], T]) -> T:
        """What depends on facts of these kinds alone, computed anew only where they differ. LookupError as above."""
        return self._kept(name, kinds, lambda *_: compute())

    def renewed(self, name: Hashable, kinds: Asked, renew: Callable[[Sequence[T], dt.date], list[T]]) -> list[T]:
        """The same of a lane that `renew` carries on from what it was, and the day from which on its facts differ."""

        def compute(before: tuple[list[Sequence[Known]], list[T]] | None, facts: list[Sequence[Known]]) -> list[T]:
            return renew(before[1], min(map(differ_from, before[0], facts))) if before else renew((), dt.date.min)

        return self._kept(name, kinds, compute)

    def stretches(self, start: type[Fact], end: type[Fact] | None = None) -> list[Stretch]:
        """Periods from a start to an end or the next start."""
        kinds = (start, end) if end else (start,)
        return self.renewed(kinds, kinds, partial(paired, self.facts(start), self.facts(*kinds[1:])))

    def _kept(self, name: Hashable, kinds: Asked, compute: Callable[[Any, Any], T]) -> T:
        self._look(kinds)
        if name not in self._said:
            self._said[name] = self._carried_on(name, self._of(kinds), compute)
        value: T = self._said[name]
        return value

    def _carried_on(self, name: Hashable, facts: list[Sequence[Known]], compute: Callable[[Any, Any], T]) -> T:
        before = self._shared.lanes.get(name)
        if before is None or before[0] != facts:
            before = self._shared.lanes[name] = (facts, compute(before, facts))
        value: T = before[1]
        return value

    def course(self, kinds: Asked, begun: Callable[[], Course]) -> Course:
        """The course of the thing whose facts these are, gone on with; anew if any that count on `as_of` may differ.

        `begun`: one that has taken up nothing yet.
        """
        course = self._shared.course
        if course is None or course.until > self.as_of:
            course = self._shared.course = begun()
        self._look(kinds)
        ahead = (facts[bisect_right(facts, course.until, key=attrgetter("on")) :] for facts in self._of(kinds))
        course.go_on([one for facts in ahead for one in facts if one.visible_from > course.until])
        return course

    def _look(self, kinds: Asked) -> None:
        """Notes that something is taken from facts of these kinds. LookupError as above."""
        if kinds in self._noted:
            return
        if self._reads is not None and not self._reads.issuperset(kinds):
            raise LookupError(f"not among the kinds read here: {kinds}")
        self._noted.add(kinds)
        self.looked.update(kinds)

    def _of(self, kinds: Asked) -> list[Sequence[Known]]:
        return [self._facts.get(kind, ()) for kind in kinds]

    @cached_property
    def bars(self) -> list[Stretch]:
        """Strategy bars; a second one set while one is open ends the first on the day before."""
        return self.stretches(StrategyBarSet, StrategyBarEnded)

    @cached_property
    def spells(self) -> list[Spell]:
        """Strategy bars, joined where they count as one."""
        return self.renewed("spells", (StrategyBarSet, StrategyBarEnded), self._spells)

    def _spells(self, before: Sequence[Spell], since: dt.date) -> list[Spell]:
        spells = list(ended(before, since))
        groups = [list(spells.pop().bars)] if spells else []  # the last one may go on
        known = groups[-1][-1].last if groups else dt.date.min
        for bar in self.bars[bisect_right(self.bars, known, key=attrgetter("first")) :]:
            if groups and continues(groups[-1][-1], bar.start):
                groups[-1].append(bar)
            else:
                groups.append([bar])
        return spells + [Spell(_strategy(bars[0].start), bars[0].first, bars[-1].last, (*bars,)) for bars in groups]

    @_lane(ResponsibilityAssigned)
    def care(self) -> list[Care]:
        """Who was responsible; each assignment lasts until the day before the next one."""
        assigned = self.stretches(ResponsibilityAssigned)
        return [
            Care(one.first, one.last, fact.worker, fact.unit, fact.area, one.start, fact.team)
            for one in assigned
            if isinstance(fact := one.start.fact, ResponsibilityAssigned)
        ]

    @_lane(NonStrategyBarSet, NonStrategyBarEnded)
    def non_strategy(self) -> list[Stretch]:
        """Bars that are no strategy, each kind on its own."""
        return self._paired_by("kind", NonStrategyBarSet, NonStrategyBarEnded)

    @cached_property
    def benefit(self) -> list[Stretch]:
        """Periods of benefit as recorded."""
        return self.stretches(BenefitStarted, BenefitEnded)

    @_lane(BenefitStarted, BenefitEnded)
    def benefit_gaps(self) -> list[Period]:
        """From the day after an end of benefit to the day before the next start."""
        return gaps(self.facts(BenefitStarted), self.facts(BenefitEnded))

    @_lane(CaseOpened, CaseClosed)
    def closed(self) -> list[Period]:
        """From the day after the case was closed to the day before it was opened again."""
        return gaps(self.facts(CaseOpened), self.facts(CaseClosed))

    @property
    def is_closed(self) -> bool:
        """Whether the case is closed on the day of the timeline."""
        return any(one.covers(self.as_of) for one in self.closed)

    @cached_property
    def alg1(self) -> list[Stretch]:
        """Periods of ALG I as recorded; a `planned_end` ends nothing."""
        return self.stretches(Alg1Started, Alg1Ended)

    @_lane(*ALG1_DAYS)
    def alg1_days(self) -> list[Period]:
        """The days of ALG I, recorded as such or by the bar "keine Handlungsstrategie ALG I"."""
        bars = (bar for bar in self.non_strategy if cast(NonStrategyBarSet, bar.start.fact).kind == "keine-hs-alg1")
        return merge(one.period for one in (*self.alg1, *bars))

    @cached_property
    def pauses(self) -> list[Stretch]:
        """Pauses of the clock set by a lead."""
        return self.stretches(ClockPauseStarted, ClockPauseEnded)

    @_lane(EmploymentStarted, EmploymentEnded)
    def employment(self) -> list[Stretch]:
        """Jobs, each on its own."""
        return self._paired_by("employment", EmploymentStarted, EmploymentEnded)

    @_lane(MeasureStarted, *MEASURE_ENDS)
    def measures(self) -> list[Stretch]:
        """Measures, each on its own, to their end or to where they were broken off."""
        return self._paired_by("measure", MeasureStarted, *MEASURE_ENDS)

    @property
    def appointments(self) -> list[Appointment]:
        """Appointments by day, each with the status that was recorded last."""
        self._look(APPOINTMENTS)
        return self._appointments

    @property
    def next_appointment(self) -> dt.date | None:
        """The day of the next appointment, on the day of the timeline or later."""
        return self.next_planned.on if self.next_planned else None

    @property
    def next_planned(self) -> Appointment | None:
        """The next appointment itself."""
        return next((one for one in self.appointments if lies_ahead(one.status, one.on, self.as_of)), None)

    def appointment_after(self, day: dt.date) -> Appointment | None:
        """The first that lies after a day and is not cancelled; while it is there, the others do not matter."""
        later = self._appointments[bisect_right(self._appointments, day, key=attrgetter("on")) :]
        found = next((one for one in later if one.status != "cancelled"), None)
        if found is None:
            self._look(APPOINTMENTS)
        else:
            self.looked.add(("appointment", found.appointment))
        return found

    @cached_property
    def _appointments(self) -> list[Appointment]:
        if self._shared.appointments is not None:
            field, name = self._shared.about
            return self._shared.appointments.on(self.as_of, name if field == "appointment" else None)
        facts = (fact for kind in APPOINTMENTS for fact in self._facts.get(kind, ()))
        named = by_thing(sorted(facts, key=step_of_appointment), "appointment")
        found = (appointment(about) for about in named.values())
        return sorted((one for one in found if one), key=day_and_name)

    @cached_property
    def extensions(self) -> list[Extension]:
        """Requests in the order they were made, each with the decision that was recorded last."""
        seen = (fact for fact in self.facts(*REQUESTS) if fact.visible_from <= self.as_of)
        found = [extension(about) for about in by_thing(seen, "request").values()]
        return sorted(found, key=lambda one: (one.facts[0].on, one.facts[0].recorded_at, one.request))

    @cached_property
    def grants(self) -> list[Grant]:
        """The requests that count as approved; what was said about others does not matter."""
        approved = self.facts(ExtensionApproved)
        self.looked.update(("request", cast(ExtensionApproved, one.fact).request) for one in approved)
        facts = [approved, *self._of(REVOKING)]
        return self._carried_on("grants", facts, lambda *_: granted(one for some in facts for one in some))

    def _paired_by(self, field: str, start: type[Fact], *ending: type[Fact]) -> list[Stretch]:
        ends = by_thing(self.in_order(*ending), field)
        found = (
            stretch
            for thing, starts in by_thing(self.facts(start), field).items()
            for stretch in paired(starts, ends.get(thing, ()))
        )
        return sorted(found, key=lambda one: (one.first, one.start.ref))


def build(facts: Iterable[Known], as_of: dt.date, before: Timeline | None = None) -> Timeline:
    """The timeline on a day: from the facts that count on it, in the order of `knowledge.order`.

    `before`: one of the same case; lanes whose facts have stayed are taken over from it.
    """
    by_kind: dict[type[Fact], list[Known]] = {}
    for fact in visible(facts, as_of):
        by_kind.setdefault(type(fact.fact), []).append(fact)
    return Timeline({**by_kind}, as_of, shared=before.carried() if before else None)


def continues(earlier: Stretch, later: Known) -> bool:
    """Whether a bar and one that is set later count as one bar of their strategy (Fachkonzept 3.0, `gross`)."""
    if later.on > earlier.last + 2 * DAY or _strategy(earlier.start) != _strategy(later):
        return False
    reason = cast(StrategyBarEnded, earlier.end.fact).reason if earlier.end else None
    return reason in (None, "error")


def _strategy(bar: Known) -> str:
    return cast(StrategyBarSet, bar.fact).strategy
