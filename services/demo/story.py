"""The vocabulary in which the demo tells a case: each word writes the facts an office would have recorded."""

from __future__ import annotations

import datetime as dt
from typing import Self

from msgspec import structs

from domain.facts.case import (
    Area,
    CaseClosed,
    CaseOpened,
    HandoverAccepted,
    HandoverInitiated,
    ResponsibilityAssigned,
    Strategy,
)
from domain.facts.correction import FactCorrected, FactWithdrawn, SameThingNoted
from domain.facts.extension import ExtensionApproved, ExtensionRequested, ExtensionReturned, ExtensionWithdrawn
from domain.facts.own import OwnFollowUpSet
from domain.facts.strategy import (
    EndReason,
    NonStrategy,
    NonStrategyBarEnded,
    NonStrategyBarSet,
    StrategyBarEnded,
    StrategyBarSet,
    StrategyFieldChanged,
    StrategyReviewed,
)
from domain.facts.support import (
    Alg1Ended,
    Alg1Started,
    EmploymentEnded,
    EmploymentKind,
    EmploymentStarted,
    MeasureStarted,
)
from domain.periods import DAY
from domain.sameness import ASIDE
from domain.sameness import DAY as THE_DAY
from services.demo import words
from services.demo.duties import Dutiful
from services.demo.writing import Calendar

LEADS = {"56.4": "fdl-1", "56.5": "fdl-2", "52.1": "tl-1"}
INTAKE = {"56.4": "es-1", "56.5": "es-2", "52.1": "es-3"}
RULE = "rule:alg1"


class Case(Dutiful):
    """One client's case while it is told."""

    # --- who leads it, in which strategy ---

    def opened(self, worker: str, on: dt.date, strategy: Strategy, area: Area = "fallmanagement") -> Self:
        """Taken up by intake, with a first worker and a first bar two weeks later."""
        self.write(CaseOpened(unit=self.unit, new_client=True), on, INTAKE[self.unit])
        return self.in_care_of(worker, area, on + 7 * DAY).in_strategy(strategy, on + 14 * DAY)

    def in_care_of(self, worker: str, area: Area, on: dt.date, late: int | None = None) -> Self:
        """The worker takes over on that day."""
        self._worker = worker
        self.write(ResponsibilityAssigned(worker=worker, unit=self.unit, area=area), on, late=late)
        return self

    def in_strategy(self, strategy: Strategy, on: dt.date, late: int | None = None, migrated: bool = False) -> Self:
        """Bar and field."""
        self.write(StrategyBarSet(strategy=strategy, migrated=migrated or None), on, late=late)
        self.write(StrategyFieldChanged(strategy=strategy), on)
        return self

    def handed_to(self, worker: str, area: Area, on: dt.date, strategy: Strategy = "integration") -> Self:
        """A whole handover: process step, acceptance, new bar where the strategy changes (Fachkonzept 5.3)."""
        self.handover_open(worker, area, on - 9 * DAY, strategy)
        self._worker = worker
        self.write(HandoverAccepted(strategy=strategy), on)
        self.write(StrategyBarEnded(reason="new-strategy"), on - DAY, late=1)
        return self.in_care_of(worker, area, on).in_strategy(strategy, on)

    def moved_to(self, worker: str, area: Area, on: dt.date) -> Self:
        """Handed over while the strategy stays: a handover never changes the bar."""
        self.handover_open(worker, area, on - 9 * DAY, "integration")
        self._worker = worker
        self.write(HandoverAccepted(strategy="integration"), on)
        return self.in_care_of(worker, area, on)

    def handover_open(self, worker: str, area: Area, on: dt.date, strategy: Strategy = "integration") -> Self:
        """The process step of the handing-over worker, not yet accepted."""
        self.write(HandoverInitiated(to_worker=worker, to_unit=self.unit, to_area=area, intended_strategy=strategy), on)
        return self

    def field(self, strategy: Strategy, on: dt.date) -> Self:
        """The field alone; the bar stays what it was."""
        self.write(StrategyFieldChanged(strategy=strategy), on)
        return self

    def ended(self, on: dt.date, reason: EndReason, by: str = "") -> Self:
        """The bar ends on that day, the last one."""
        self.write(StrategyBarEnded(reason=reason), on, by)
        return self

    def set_aside(self, kind: NonStrategy, on: dt.date, by: str = "") -> Self:
        """A bar that is no strategy."""
        self.write(NonStrategyBarSet(kind=kind), on, by)
        return self

    def closed(self, on: dt.date) -> Self:
        """Fallaktenabschluss."""
        self.write(CaseClosed(), on)
        return self

    def reviewed(self, on: dt.date) -> Self:
        """Looked at and still right."""
        self.write(StrategyReviewed(outcome="continue", text=words.REVIEW), self.calendar.working(on))
        return self

    def developed(self, worker: str, until: dt.date, days: int = 380) -> Self:
        """An ordinary time in Entwicklung with Fallmanagement, up to a handover on the day `until`."""
        first = until - days * DAY
        return self.opened(worker, first, "entwicklung").every(56, first + 30 * DAY, until - 15 * DAY)

    def placed(self, fm: str, worker: str, area: Area, since: dt.date) -> Self:
        """Entwicklung first, then steered into the placement area with Integration, with talks up to now."""
        return self.developed(fm, since).handed_to(worker, area, since).talks_since(since)

    def talks_since(self, first: dt.date) -> Self:
        """A talk about every four weeks up to now, and the next one planned."""
        last, ahead = self.calendar.ago(8), 4 + int(self.number[-2:]) % 17
        return self.every(29, first + 12 * DAY, last).meets(self.calendar.ago(-ahead))

    # --- extensions ---

    def asked_until(self, until: dt.date, on: dt.date, reason: int = 0, option: str = "other") -> Self:
        """The Textbaustein; the request is open until somebody decides."""
        facts_text, justification, other = words.EXTENSIONS[reason % len(words.EXTENSIONS)]
        self._request = self.thing("v")
        fact = ExtensionRequested(
            request=self._request,
            options=[option],
            other_text=other if option == "other" else None,
            facts_text=facts_text,
            justification=justification,
            until=until,
        )
        self.write(fact, self.calendar.working(on), late=0)
        return self

    def approved_until(self, until: dt.date, on: dt.date, reason: int = 0, option: str = "other") -> Self:
        """Asked four days before and approved by the lead, which is a review as well."""
        self.asked_until(until, on - 4 * DAY, reason, option)
        lead, on = LEADS[self.unit], self.calendar.working(on)
        self.write(ExtensionApproved(request=self._request, until=until, by_lead=lead), on, lead, late=0)
        self.write(StrategyReviewed(outcome="extend"), on, lead, late=0)
        return self

    def returned(self, on: dt.date, question: str) -> Self:
        """The lead has a question; the worker has yet to read it."""
        on = self.calendar.working(on)
        self.write(ExtensionReturned(request=self._request, reason=question), on, LEADS[self.unit], late=0)
        self.news = True
        return self

    def taken_back(self, on: dt.date, reason: str) -> Self:
        """The worker took the request back."""
        self.write(ExtensionWithdrawn(request=self._request, reason=reason), self.calendar.working(on), late=0)
        return self

    # --- job, measure, ALG I ---

    def works(self, kind: EmploymentKind, on: dt.date, benefit_ends: bool = False, late: int | None = None) -> Self:
        """A job begins."""
        self._job = self.thing("b")
        fact = EmploymentStarted(employment=self._job, kind=kind, level="helfer", benefit_ends=benefit_ends)
        self.write(fact, on, late=late)
        return self

    def lost_job(self, on: dt.date) -> Self:
        """The job's last day."""
        self.write(EmploymentEnded(employment=self._job, reason="Befristung endete"), on)
        return self

    def on_alg1(self, on: dt.date, planned_end: dt.date | None = None, late: int = 1) -> Self:
        """ALG I as intake recorded it; in time, the rule ends the bar and sets its own (R-18)."""
        self.write(Alg1Started(top_up=True, planned_end=planned_end), on, INTAKE[self.unit], late)
        self._by_rule = late <= 14
        if self._by_rule:
            self.write(StrategyBarEnded(reason="alg1"), on - DAY, RULE, late + 1)
            self.write(NonStrategyBarSet(kind="keine-hs-alg1"), on, RULE, late)
        return self

    def alg1_over(self, on: dt.date) -> Self:
        """The last day of ALG I; the rule's bar ends with it."""
        self.write(Alg1Ended(), on, INTAKE[self.unit], late=1)
        if self._by_rule:
            self.write(NonStrategyBarEnded(kind="keine-hs-alg1"), on, RULE, late=1)
        return self

    # --- second thoughts ---

    def reminded(self, subject: str, due: dt.date, on: dt.date) -> Self:
        """An own follow-up for a day."""
        self.write(OwnFollowUpSet(follow_up=self.thing("w"), due_on=due, subject=subject), on)
        return self

    def corrected(self, id: str, on: dt.date, reason: str, **fields: object) -> Self:
        """An entry turned out wrong: other fields or, as `day`, another day."""
        day = fields.pop("day", None)
        assert day is None or isinstance(day, dt.date)
        self.write(FactCorrected(target=id, reason=reason, on=day, data=fields or None), on, late=0)
        return self

    def withdrew(self, id: str, on: dt.date, reason: str) -> Self:
        """An entry was none."""
        self.write(FactWithdrawn(target=id, reason=reason), on, late=0)
        return self

    def told_otherwise(self, days: int, source: str) -> Self:
        """The measure told last is told by another source, so many days later: somebody has to say what holds."""
        one = self.entries[-1]
        assert isinstance(one.fact, MeasureStarted)
        on = one.on + days * DAY
        other = self.write(structs.replace(one.fact, measure=self.thing("m")), on, source, late=9)
        self.write(SameThingNoted(thing=one.id or "", other=other, differs=[THE_DAY]), on, source, late=9)
        self.write(FactWithdrawn(target=other, reason=ASIDE), on, source, late=9)
        return self

    @property
    def last(self) -> str:
        """The id of the entry written last."""
        assert self.entries[-1].id is not None
        return self.entries[-1].id


class Unit:
    """The cases of one unit while they are told."""

    def __init__(self, calendar: Calendar, code: str) -> None:
        self.calendar, self.code = calendar, code
        self.cases: list[Case] = []

    def case(self, number: str, last_name: str, first_name: str, born: int) -> Case:
        """Begins a new case."""
        self.cases.append(Case(self.calendar, number, last_name, first_name, born, self.code))
        return self.cases[-1]
