"""How a synthetic case goes: invented by chance, from the first day to the last one, with what offices forget.

Chance depends on the case number alone, so the same day gives the same facts. Around the Stichtag nothing changes that
the list of that day rests on, except what is recorded afterwards on purpose.
"""

from __future__ import annotations

import datetime as dt
from random import Random

from domain.facts import Fact
from domain.facts.case import (
    Area,
    CaseClosed,
    CaseOpened,
    HandoverAccepted,
    HandoverInitiated,
    ResponsibilityAssigned,
    Strategy,
)
from domain.facts.contact import AppointmentCancelled, AppointmentHeld, AppointmentMissed
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.facts.extension import ExtensionApproved, ExtensionRequested
from domain.facts.strategy import (
    EndReason,
    NonStrategyBarSet,
    StrategyBarEnded,
    StrategyBarSet,
    StrategyFieldChanged,
    StrategyReviewed,
)
from domain.facts.support import (
    Alg1Ended,
    Alg1Started,
    BenefitEnded,
    EmploymentEnded,
    EmploymentKind,
    EmploymentStarted,
    Extent,
    Level,
    MeasureEnded,
    MeasureStarted,
)
from domain.periods import DAY
from services.demo import names, staff, words
from services.demo.people import RENUMBERED
from services.demo.writing import Calendar, Written

DELAYS = (0, 0, 0, 1, 1, 2)  # days until something is written down, as a rule
TALKS = 4  # appointments told of a case at most: enough to see a pattern
LEFT_OPEN = 0.08  # of all appointments: status never recorded

LEVELS: tuple[Level, ...] = ("helfer", "helfer", "qualifiziert")


class Life(Written):
    """One synthetic case. `only_after`: what is written from now on comes to be known after that day only."""

    def __init__(self, calendar: Calendar, number: str, unit: str) -> None:
        self.chance = Random(number)
        last, first = names.invented(self.chance)
        super().__init__(calendar, number, last, first, self.chance.randint(1957, 2001), unit)
        self.only_after: dt.date | None = None
        self.bar = self.end_before = ""  # the ids of the bar set last and of the end of the one before
        self.closed_on: dt.date | None = None
        self.strategy: Strategy | None = None  # that of the bar set last
        self._care: list[tuple[dt.date, str, Area]] = []
        self._job = ""  # the one that runs beside the bar

    def days(self, least: int, most: int) -> dt.timedelta:
        """So many days, by chance; both inclusive."""
        return self.chance.randint(least, most) * DAY

    def write(self, fact: Fact, on: dt.date, by: str = "", late: int | None = None) -> str:
        """Records a fact; what would be recorded after today is not written yet."""
        late = self.chance.choice(DELAYS) if late is None else late
        if self.only_after is not None:
            late = max(late, (self.only_after - on).days + self.chance.randint(1, 90))
        return super().write(fact, on, by, late) if on + late * DAY <= self.calendar.today else ""

    # --- the steps of a life ---

    def begins(self, on: dt.date, strategy: Strategy) -> None:
        """Taken up, with a worker of the Fallmanagement and a first bar."""
        area: Area = "spezial-fm" if self.chance.random() < 0.1 else "fallmanagement"
        self.write(CaseOpened(unit=staff.unit_on(self.unit, on), new_client=True), on, staff.intake(self.unit))
        self.goes_to(area, on + self.days(1, 7), strategy, handover=False)
        self.sets(strategy, on + self.days(7, 21))

    def goes_to(self, area: Area, on: dt.date, strategy: Strategy, *, handover: bool = True) -> None:
        """Another worker takes over, as a rule by a handover."""
        worker = self.chance.choice(staff.workers(self.unit, area))
        unit = staff.unit_on(self.unit, on)
        if handover:
            step = HandoverInitiated(to_worker=worker, to_unit=unit, to_area=area, intended_strategy=strategy)
            self.write(step, on - self.days(2, 9))
            self._worker = worker
            self.write(HandoverAccepted(strategy=strategy), on)
        self._worker = worker
        self._care.append((on, worker, area))
        self.write(ResponsibilityAssigned(worker=worker, unit=unit, area=area), on)

    def sets(self, strategy: Strategy, on: dt.date, *, migrated: bool = False) -> None:
        """Bar and field; now and then the field is forgotten."""
        self.bar, self.strategy = self.write(StrategyBarSet(strategy=strategy, migrated=migrated or None), on), strategy
        if self.chance.random() < 0.95:
            self.write(StrategyFieldChanged(strategy=strategy), on)

    def changes(self, strategy: Strategy, on: dt.date, *, migrated: bool = False) -> None:
        """From one strategy to another."""
        self.end_before = self.write(StrategyBarEnded(reason="new-strategy"), on - DAY)
        self.sets(strategy, on, migrated=migrated)

    def finds_work(self, last: dt.date) -> None:
        """The bar ends the day before the job begins; the closing work is forgotten now and then."""
        self.stops_working(last)
        job = EmploymentStarted(
            employment=self.thing("b"), kind="sv-pflichtig", level="qualifiziert", benefit_ends=True
        )
        self.write(job, last + DAY)
        self.write(StrategyBarEnded(reason="employment"), last)
        if self.chance.random() < 0.85:
            self.write(NonStrategyBarSet(kind="abschlussarbeiten"), last + DAY)
        self.closes(last + self.days(20, 60))

    def leaves(self, last: dt.date, reason: EndReason = "benefit-end") -> None:
        """Benefit ends, the bar and the case with it."""
        self.stops_working(last)
        self.write(BenefitEnded(), last)
        self.write(StrategyBarEnded(reason=reason), last)
        self.closes(last + self.days(5, 40))

    def closes(self, on: dt.date) -> None:
        """Fallaktenabschluss."""
        if self.write(CaseClosed(), on):
            self.closed_on = on

    def gets_alg1(self, first: dt.date, last: dt.date) -> None:
        """ALG I under an open bar: nobody ended it."""
        self.write(Alg1Started(top_up=True), first, staff.intake(self.unit))
        self.write(Alg1Ended(), last, staff.intake(self.unit))

    def works(
        self, kind: EmploymentKind, first: dt.date, last: dt.date | None = None, extent: Extent | None = None
    ) -> None:
        """A job beside the bar; without a last day it goes on until the bar ends."""
        self._job, level = self.thing("b"), self.chance.choice(LEVELS)
        self.write(
            EmploymentStarted(employment=self._job, kind=kind, level=level, benefit_ends=False, extent=extent), first
        )
        if last is not None:
            self.stops_working(last)

    def stops_working(self, last: dt.date) -> None:
        """The last day of the job beside the bar, if there is one."""
        if self._job:
            self.write(EmploymentEnded(employment=self._job), last)
            self._job = ""

    def trains(self, type: str, first: dt.date, last: dt.date, *, full_time: bool = False) -> None:
        """A measure or other support, ended as planned."""
        measure = self.thing("m")
        self.write(MeasureStarted(measure=measure, type=type, planned_end=last, full_time=full_time), first)
        self.write(MeasureEnded(measure=measure), last)

    def is_reviewed(self, on: dt.date, late: int | None = None) -> None:
        """Looked at and still right."""
        self.write(StrategyReviewed(outcome="continue", text=words.REVIEW), self.calendar.working(on), late=late)

    def is_extended(self, on: dt.date, until: dt.date) -> None:
        """Asked for, approved by the lead a few days later."""
        facts_text, justification, other = self.chance.choice(words.EXTENSIONS)
        request, lead = self.thing("v"), staff.lead(self.unit)
        asked = ExtensionRequested(
            request=request,
            options=["other"],
            other_text=other,
            facts_text=facts_text,
            justification=justification,
            until=until,
        )
        self.write(asked, on, late=0)
        on = self.calendar.working(on + 5 * DAY)
        self.write(ExtensionApproved(request=request, until=until, by_lead=lead), on, lead, late=0)
        self.write(StrategyReviewed(outcome="extend"), on, lead, late=0)

    def is_withdrawn(self, id: str, on: dt.date) -> None:
        """An entry was none."""
        self.write(FactWithdrawn(target=id, reason=words.DOUBLE), on, late=0)

    def is_moved(self, id: str, day: dt.date, on: dt.date) -> None:
        """An entry was made for a wrong day."""
        self.write(FactCorrected(target=id, reason=words.MISTYPED, on=day), on, late=0)

    # --- what is told when the rest is known ---

    def talks(self, first: dt.date, last: dt.date) -> None:
        """Appointments in between: held, missed, called off, or left on geplant."""
        last = min(last, self.closed_on or last, self.calendar.ago(25))
        span = (last - first).days
        for _ in range(min(TALKS, span // 60)):
            self._talks(self.calendar.working(first + self.days(0, span)))

    def stays_invited(self) -> None:
        """Who is in Entwicklung today has an appointment ahead, so that R-11 asks for none."""
        if self.strategy == "entwicklung" and self.closed_on is None:
            self.meets(self.calendar.ago(-self.chance.randint(4, 48)))

    def _talks(self, day: dt.date) -> None:
        thing, fate = self._planned(day), self.chance.random()
        if fate < LEFT_OPEN:
            if self.closed_on is None:  # noticed late; in a closed case it stays as it is
                self.write(AppointmentHeld(appointment=thing, channel="personal"), day, late=20)
        elif fate < 0.16:
            self.write(AppointmentMissed(appointment=thing, good_cause=self.chance.choice(("yes", "no", "open"))), day)
        elif fate < 0.22:
            self.write(AppointmentCancelled(appointment=thing, by_whom="client"), day - 2 * DAY, late=0)
        else:
            self.write(AppointmentHeld(appointment=thing, channel="personal"), day)

    def is_renumbered(self) -> None:
        """Where 50.x became 52.x, the worker stays and the unit is another one."""
        before = [care for care in self._care if care[0] < RENUMBERED]
        if self.unit not in staff.FORMER or not before or (self.closed_on and self.closed_on < RENUMBERED):
            return
        _, worker, area = max(before, key=lambda care: care[0])
        if not any(day == RENUMBERED for day, _, _ in self._care):
            self.write(ResponsibilityAssigned(worker=worker, unit=self.unit, area=area), RENUMBERED, worker, late=0)
