"""What a case was, day by day: the facts that count on a day -> lanes of periods. Building never refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeVar, cast

from domain.facts.base import Fact
from domain.facts.case import CaseClosed, CaseOpened, ResponsibilityAssigned
from domain.facts.contact import (
    AppointmentCancelled,
    AppointmentHeld,
    AppointmentInvited,
    AppointmentMissed,
    AppointmentPlanned,
    AppointmentRescheduled,
)
from domain.facts.extension import (
    ExtensionApproved,
    ExtensionRejected,
    ExtensionRequested,
    ExtensionReturned,
    ExtensionWithdrawn,
)
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
from domain.knowledge import Known, visible
from domain.periods import DAY, OPEN, Period, merge

PLACEMENT = ("jobakademie", "av-ags")

Kinds = frozenset[type[Fact]]
BARS: Kinds = frozenset({StrategyBarSet, StrategyBarEnded})
CARE: Kinds = frozenset({ResponsibilityAssigned})
CLOSING: Kinds = frozenset({CaseOpened, CaseClosed})
JOBS: Kinds = frozenset({EmploymentStarted, EmploymentEnded})
BENEFIT: Kinds = frozenset({BenefitStarted, BenefitEnded})
ALG1: Kinds = frozenset({Alg1Started, Alg1Ended})
ALG1_DAYS: Kinds = ALG1 | {NonStrategyBarSet, NonStrategyBarEnded}

K = TypeVar("K", bound=Fact)


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
    """Bars of one strategy that count as one bar (domain.md 3.0, `gross`); `first` is `since`."""

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


class Appointment(NamedTuple):
    """One appointment with its status: planned, held, missed or cancelled."""

    on: dt.date
    status: str
    appointment: str
    facts: tuple[Known, ...]
    last: Known
    invited: bool


class Extension(NamedTuple):
    """One request with what was decided: requested, approved, returned, rejected or withdrawn."""

    request: str
    status: str
    facts: tuple[Known, ...]
    decided: Known | None


class Timeline:
    """The lanes of one case as of a day; each is computed when it is asked for."""

    def __init__(self, facts: Iterable[Known], as_of: dt.date, reads: Kinds | None = None) -> None:
        """`facts`: what counts on `as_of`, in the order of `knowledge.order`; `reads`: the kinds given, if not all."""
        self.as_of = as_of
        self._reads = reads
        self._by_kind: dict[type[Fact], list[Known]] = {}
        for fact in facts:
            self._by_kind.setdefault(type(fact.fact), []).append(fact)

    def facts(self, *kinds: type[Fact]) -> list[Known]:
        """The facts of these kinds; those of one kind in the order they count.

        Raises LookupError for a kind this timeline was not given: its answer would be wrong without anybody noticing.
        """
        if self._reads is not None and not self._reads.issuperset(kinds):
            raise LookupError(f"not among the kinds read here: {kinds}")
        return [fact for kind in kinds for fact in self._by_kind.get(kind, ())]

    @cached_property
    def bars(self) -> list[Stretch]:
        """Strategy bars; a second one set while one is open ends the first on the day before."""
        return paired(self.facts(StrategyBarSet), self.facts(StrategyBarEnded))

    @cached_property
    def spells(self) -> list[Spell]:
        """Strategy bars, joined where they count as one."""
        spells: list[Spell] = []
        for bar in self.bars:
            strategy = cast(StrategyBarSet, bar.start.fact).strategy
            if spells and spells[-1].strategy == strategy and _continues(spells[-1].bars[-1], bar):
                spells[-1] = spells[-1]._replace(last=bar.last, bars=(*spells[-1].bars, bar))
            else:
                spells.append(Spell(strategy, bar.first, bar.last, (bar,)))
        return spells

    @cached_property
    def care(self) -> list[Care]:
        """Who was responsible; each assignment lasts until the day before the next one."""
        assigned = paired(self.facts(ResponsibilityAssigned), ())
        return [
            Care(one.first, one.last, fact.worker, fact.unit, fact.area, one.start)
            for one in assigned
            if isinstance(fact := one.start.fact, ResponsibilityAssigned)
        ]

    @cached_property
    def non_strategy(self) -> list[Stretch]:
        """Bars that are no strategy, each kind on its own."""
        return self._paired_by("kind", NonStrategyBarSet, NonStrategyBarEnded)

    @cached_property
    def benefit(self) -> list[Stretch]:
        """Periods of benefit as recorded."""
        return paired(self.facts(BenefitStarted), self.facts(BenefitEnded))

    @cached_property
    def benefit_gaps(self) -> list[Period]:
        """From the day after an end of benefit to the day before the next start."""
        return gaps(self.facts(BenefitStarted), self.facts(BenefitEnded))

    @cached_property
    def closed(self) -> list[Period]:
        """From the day after the case was closed to the day before it was opened again."""
        return gaps(self.facts(CaseOpened), self.facts(CaseClosed))

    @cached_property
    def alg1(self) -> list[Stretch]:
        """Periods of ALG I as recorded; a `planned_end` ends nothing."""
        return paired(self.facts(Alg1Started), self.facts(Alg1Ended))

    @cached_property
    def alg1_days(self) -> list[Period]:
        """The days of ALG I, recorded as such or by the bar "keine Handlungsstrategie ALG I"."""
        bars = (bar for bar in self.non_strategy if cast(NonStrategyBarSet, bar.start.fact).kind == "keine-hs-alg1")
        return merge(one.period for one in (*self.alg1, *bars))

    @cached_property
    def pauses(self) -> list[Stretch]:
        """Pauses of the clock set by a lead."""
        return paired(self.facts(ClockPauseStarted), self.facts(ClockPauseEnded))

    @cached_property
    def employment(self) -> list[Stretch]:
        """Jobs, each on its own."""
        return self._paired_by("employment", EmploymentStarted, EmploymentEnded)

    @cached_property
    def measures(self) -> list[Stretch]:
        """Measures, each on its own."""
        return self._paired_by("measure", MeasureStarted, MeasureEnded)

    @cached_property
    def appointments(self) -> list[Appointment]:
        """Appointments by day, each with the status that was recorded last."""
        about: dict[str, list[Known]] = {}
        for fact in self.facts(*_STATUS):
            about.setdefault(cast(Any, fact.fact).appointment, []).append(fact)
        found = (_appointment(name, facts) for name, facts in about.items())
        return sorted((one for one in found if one), key=lambda one: (one.on, one.appointment))

    @cached_property
    def extensions(self) -> list[Extension]:
        """Requests in the order they were made, each with the decision that was recorded last."""
        about: dict[str, list[Known]] = {}
        for fact in self.facts(*_DECISIONS):
            about.setdefault(cast(Any, fact.fact).request, []).append(fact)
        found = [_extension(name, facts) for name, facts in about.items()]
        return sorted(found, key=lambda one: (one.facts[0].on, one.request))

    @cached_property
    def approvals(self) -> list[Known]:
        """Approved extensions in the order of consent."""
        return self.facts(ExtensionApproved)

    def _paired_by(self, field: str, start: type[Fact], end: type[Fact]) -> list[Stretch]:
        starts, ends = self.facts(start), self.facts(end)
        things = dict.fromkeys(getattr(fact.fact, field) for fact in starts)
        found = (
            stretch
            for thing in things
            for stretch in paired(
                [fact for fact in starts if getattr(fact.fact, field) == thing],
                [fact for fact in ends if getattr(fact.fact, field) == thing],
            )
        )
        return sorted(found, key=lambda one: (one.first, one.start.ref))


def build(facts: Iterable[Known], as_of: dt.date) -> Timeline:
    """The timeline on a day: from the facts that count on it, in the order of `knowledge.order`."""
    return Timeline(visible(facts, as_of), as_of)


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
    """The one that covers the day; of several the one that began last."""
    for one in reversed(stretches):
        if one.first <= day <= one.last:
            return one
    return None


def _continues(earlier: Stretch, later: Stretch) -> bool:
    if later.first > earlier.last + 2 * DAY:
        return False
    reason = cast(StrategyBarEnded, earlier.end.fact).reason if earlier.end else None
    return reason in (None, "error")


_STATUS: dict[type[Fact], int] = {  # of facts recorded at one moment the later step counts
    AppointmentPlanned: 0,
    AppointmentInvited: 1,
    AppointmentRescheduled: 2,
    AppointmentCancelled: 3,
    AppointmentMissed: 4,
    AppointmentHeld: 5,
}
_STATUS_NAME: dict[type[Fact], str] = {
    AppointmentCancelled: "cancelled",
    AppointmentMissed: "missed",
    AppointmentHeld: "held",
}
APPOINTMENTS: Kinds = frozenset(_STATUS)
_DECISIONS: dict[type[Fact], str] = {
    ExtensionRequested: "requested",
    ExtensionReturned: "returned",
    ExtensionWithdrawn: "withdrawn",
    ExtensionRejected: "rejected",
    ExtensionApproved: "approved",
}


def _appointment(name: str, facts: list[Known]) -> Appointment | None:
    ordered = sorted(facts, key=lambda one: (one.recorded_at, _STATUS[type(one.fact)], one.on, one.ref))
    telling = [fact for fact in ordered if not isinstance(fact.fact, AppointmentInvited)]
    if not telling:
        return None
    last = telling[-1]
    dated = [fact for fact in telling if not isinstance(fact.fact, AppointmentCancelled)] or telling
    return Appointment(
        on=dated[-1].on,
        status=_STATUS_NAME.get(type(last.fact), "planned"),
        appointment=name,
        facts=tuple(ordered),
        last=last,
        invited=len(telling) < len(ordered),
    )


def _extension(name: str, facts: list[Known]) -> Extension:
    steps = list(_DECISIONS)
    ordered = tuple(sorted(facts, key=lambda one: (one.recorded_at, steps.index(type(one.fact)), one.ref)))
    last = ordered[-1]
    decided = None if isinstance(last.fact, ExtensionRequested) else last
    return Extension(name, _DECISIONS[type(last.fact)], ordered, decided)
