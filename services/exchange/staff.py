"""What a file says of people is refused where the page refuses it, in its sentences; what is over stays (Vertrag 2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping

from domain import absences, words
from domain.absences import Plan
from domain.decisions.directory import NO_PERSON, NO_UNIT, NOT_THERE
from domain.facts.base import Fact
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.facts.directory import AbsenceRecorded, DeputyAppointed, PersonAdded, PersonLeft, RoleAssigned
from domain.organisation import Organisation
from domain.periods import OPEN, Period
from notifications import addresses
from services.exchange.ahead import Read
from services.records.vault import is_ref


class Staff:
    """The directory as it would be with a file; `named` gives the directory key of a person's id."""

    def __init__(
        self, after: Organisation, named: Callable[[str], str], there: Mapping[str, list[Period]], today: dt.date
    ) -> None:
        self._after, self._named, self._today = after, named, today
        self._absences = {id: list(periods) for id, periods in there.items()}

    def wrong(self, lines: Iterable[Read]) -> Iterator[tuple[int, str]]:
        """The numbers of the lines about people that are refused, each with a sentence; of two the later one.

        A line with its own moment of recording, or about a day that has passed, says what an office once recorded: that
        is taken, even if odd.
        """
        for one in lines:
            if one.line.entry.recorded_at is not None or one.line.entry.on < self._today:
                continue
            for said in self._about(one.line.number, one.line.entry.on, one.line.entry.fact):
                yield one.raw.number, said

    def _about(self, id: str, on: dt.date, fact: Fact) -> Iterator[str]:
        person = self._named(id)
        if isinstance(fact, PersonAdded | FactCorrected):
            yield from _mail(fact)
        elif not self._after.knows(person) and not isinstance(fact, FactWithdrawn):
            yield NO_PERSON.format(id[:40])
        elif isinstance(fact, AbsenceRecorded):
            yield from self._absent(id, Plan(person, on, fact.until))
        elif isinstance(fact, DeputyAppointed):
            yield from self._deputised(person, on, fact)
        elif isinstance(fact, PersonLeft):
            yield from self._left(person, on)
        elif isinstance(fact, RoleAssigned):
            yield from self._assigned(person, on, fact)

    def _absent(self, id: str, plan: Plan) -> Iterator[str]:
        there = self._absences.setdefault(id, [])
        wrong = list(absences.told(self._after, plan, [one for one in there if one != plan.period], self._today))
        if not wrong and plan.last >= self._today:
            there.append(plan.period)
        yield from wrong

    def _deputised(self, person: str, on: dt.date, fact: DeputyAppointed) -> Iterator[str]:
        deputy = self._named(fact.deputy)
        if not self._after.knows(deputy) and not is_ref(fact.deputy):
            yield NO_PERSON.format(fact.deputy[:40])
        else:
            plan = Plan(person, on, fact.until or OPEN, deputy, away=False)
            yield from absences.told(self._after, plan, (), self._today)

    def _left(self, person: str, on: dt.date) -> Iterator[str]:
        first = min((one.first for one in self._after.recorded(person).employed if one.first > dt.date.min), default=on)
        if on < first:
            yield f"Der letzte Tag liegt vor dem ersten ({words.day(first)})."
        elif on >= self._today and not self._after.employed(person, on):
            yield NOT_THERE

    def _assigned(self, person: str, on: dt.date, fact: RoleAssigned) -> Iterator[str]:
        units, ahead = self._after.has_units, on >= self._today
        if ahead and not self._after.employed(person, on):
            yield NOT_THERE
        elif (
            fact.unit and units and not (self._after.unit(fact.unit, on) if ahead else self._after.has_unit(fact.unit))
        ):
            yield NO_UNIT.format(fact.unit[:40])


def _mail(fact: PersonAdded | FactCorrected) -> Iterator[str]:
    mail = fact.mail if isinstance(fact, PersonAdded) else (fact.data or {}).get("mail")
    if isinstance(mail, str) and not is_ref(mail):
        yield from addresses.wrong(mail)
