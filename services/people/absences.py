"""Absences and deputies as people record, change and take them back: facts of the person's own stream."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from msgspec import structs

from domain import absences
from domain.absences import Cover, Plan
from domain.decisions.refusal import Refused
from domain.directory import Said
from domain.facts.base import Fact
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.facts.directory import AbsenceRecorded, DeputyAppointed
from domain.knowledge import Known, known
from domain.organisation import Organisation
from domain.periods import DAY, OPEN, local_day
from domain.records import Entry
from services.people import directory

if TYPE_CHECKING:
    from services.office.office import Transaction

GONE = "Diese Abwesenheit oder Vertretung steht so nicht mehr da. Bitte die Seite neu laden."
NOT_YOURS = "Für diese Person können Sie keine Abwesenheit eintragen."
NOT_YOURSELF = "Sich selbst trägt als Vertretung nur ein, wer die Person leitet. Bitte die Leitung darum bitten."
Change = tuple[dt.date, Fact]


class Seen(NamedTuple):
    """A plan as it would stand: who acts on each of its days from today on, and whom it leaves alone on which."""

    plan: Plan
    cover: list[Cover]
    alone: list[Plan]


class Desk:
    """One person at work on the absences of one person, in a transaction that holds the streams it writes and reads."""

    def __init__(self, tx: Transaction, actor: str, person: str, deputy: str | None = None) -> None:
        self._tx, self._person = tx, person
        keys = directory.keys([person, *([deputy] if deputy else [])])
        for key in sorted(keys.values()):
            tx.store.lock(tx.conn, key)
        self.organisation = directory.organisation(tx)
        self._by = tx.store.number(tx.conn, UUID(hex=actor))
        if person != actor and person not in absences.people_of(self.organisation, actor, tx.today):
            raise Refused([("person", NOT_YOURS)])
        self._key, self._actor = keys[person], actor
        self._known = known(tx.store.records(tx.conn, self._key), None)

    def seen(self, plan: Plan, instead: Plan | None = None) -> Seen:
        """What the plan would bring, `instead` of one that is recorded. Raises `Refused`."""
        kept = [one for one in self._known if one not in self._facts_of(instead)]
        before = self.organisation.with_person(self._person, kept)
        new = [Said(*one) for one in absences.facts(plan, self._tx.today)]
        after = before.with_person(self._person, [*kept, *new])
        if absences.names_themselves(self.organisation, self._actor, plan, self._tx.today):
            raise Refused([("deputy", NOT_YOURSELF)])
        absences.check(before, after, self._asked(plan, instead), self._tx.today)
        first = max(plan.first, self._tx.today)
        cover = absences.cover(after, plan.person, first, plan.last) if plan.away and first <= plan.last else []
        return Seen(plan, cover, absences.left_alone(before, after, plan, self._tx.today) if plan.away else [])

    def _asked(self, plan: Plan, instead: Plan | None) -> Plan:
        """The plan without the deputy of days that have passed, who stays as recorded."""
        stays = instead is not None and instead.deputy == plan.deputy and plan.last < self._tx.today
        return plan._replace(deputy=None) if stays else plan

    def save(self, plan: Plan, instead: Plan | None = None) -> None:
        """Records it. Raises `Refused`."""
        self.seen(plan, instead)
        if instead is None:
            self._store(absences.facts(plan, self._tx.today))
        else:
            self._store(self._changed(instead, plan))

    def end(self, plan: Plan) -> None:
        """Its last day was yesterday. Raises `Refused` where it has not begun before today."""
        if plan.first >= self._tx.today:
            raise Refused([("", "Das hat noch nicht begonnen. Bitte zurücknehmen.")])
        self._facts_of(plan)
        self._store(self._changed(plan, plan._replace(last=self._tx.today - DAY)))

    def take_back(self, plan: Plan) -> None:
        """It counts as never recorded; if it has begun and was not entered today, what has passed of it stays."""
        found = self._facts_of(plan)
        if plan.first < self._tx.today and any(local_day(one.recorded_at) < self._tx.today for one in found):
            self.end(plan)
            return
        self._store((self._tx.today, FactWithdrawn(target=self._id(one), reason="")) for one in found)

    def _changed(self, old: Plan, new: Plan) -> Iterator[Change]:
        """What makes the old plan the new one; a deputy of days that have passed stays the deputy of those."""
        today = self._tx.today
        appointed = self._appointed(old)
        if old.away:
            moved = None if new.first == old.first else new.first
            yield from self._corrected(self._absence(old), moved, new.last)
        if appointed is not None and new.deputy == old.deputy and new.last >= appointed.on:
            moved = new.first if appointed.on >= today and new.first >= today and new.first != appointed.on else None
            yield from self._corrected(appointed, moved, new.last)
            return
        if appointed is not None and appointed.on < today:
            yield from self._corrected(appointed, None, today - DAY)
        elif appointed is not None:
            yield today, FactWithdrawn(target=self._id(appointed), reason="")
        yield from absences.facts(new._replace(away=False), today) if new.deputy and new.last >= today else ()

    def _corrected(self, one: Known, first: dt.date | None, last: dt.date) -> Iterator[Change]:
        now = getattr(one.fact, "until", None)
        data = {} if last == (now or OPEN) else {"until": None if last == OPEN else last.isoformat()}
        if first or data:
            yield self._tx.today, FactCorrected(target=self._id(one), reason="", on=first, data=data or None)

    def _facts_of(self, plan: Plan | None) -> list[Known]:
        """The facts behind a recorded plan. Raises `Refused` where it is not recorded so any more."""
        if plan is None:
            return []
        found = [*([self._absence(plan)] if plan.away else []), self._appointed(plan)]
        if plan not in absences.planned(self.organisation, self._person, dt.date.min):
            raise Refused([("", GONE)])
        return [one for one in found if one is not None]

    def _absence(self, plan: Plan) -> Known:
        mine = ((one, one.fact) for one in self._known if isinstance(one.fact, AbsenceRecorded))
        found = next((one for one, fact in mine if (one.on, fact.until) == plan.period), None)
        if found is None:
            raise Refused([("", GONE)])
        return found

    def _appointed(self, plan: Plan) -> Known | None:
        one = absences.deputyship_of(self.organisation, plan)
        if one is None:
            return None
        for found in reversed(self._known):
            said = found.fact
            if isinstance(said, DeputyAppointed) and (said.deputy, found.on, said.until or OPEN) == (
                one.deputy,
                *one.period,
            ):
                return found
        raise Refused([("", GONE)])

    def _id(self, one: Known) -> str:
        ids = {record.ref: record.id for record in self._tx.store.records(self._tx.conn, self._key, with_text=True)}
        return ids[one.ref]

    def _store(self, changes: Iterable[Change]) -> None:
        entries = [Entry(on=on, fact=self._named(fact), by=self._by) for on, fact in changes]
        if entries:
            self._tx.store.append(self._tx.conn, self._key, entries, self._tx.now)

    def _named(self, fact: Fact) -> Fact:
        """The fact with the id of the deputy, by which people are named in what is stored."""
        if not isinstance(fact, DeputyAppointed):
            return fact
        return structs.replace(fact, deputy=self._tx.store.number(self._tx.conn, UUID(hex=fact.deputy)))


def ahead(organisation: Organisation, persons: Iterable[str], today: dt.date) -> list[Plan]:
    """What is recorded of these persons for today and later, by its first day."""
    found = (plan for person in persons for plan in absences.planned(organisation, person, today))
    return sorted(found, key=lambda one: (not one.away, one.first, one.last))
