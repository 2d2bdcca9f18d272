"""The introduction plan says beforehand whom switching rules on tells how much: judged by what then is told."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from domain.facts import Stream
from domain.facts.case import CaseOpened, ResponsibilityAssigned
from domain.facts.contact import AppointmentPlanned
from domain.facts.directory import AbsenceRecorded, DeputyAppointed
from domain.facts.office import RuleSet
from domain.followups import messages
from domain.rules import RULES
from services.followups import lifecycle
from services.messages import mail
from services.office.office import Office, open_office
from services.questions import introduction
from services.questions.introduction import DELIVERED, Plan, Wanted
from services.records import rows
from services.records.tables import followups, outbox
from services.records.tables import messages as told
from services.settings import Settings
from tests.services.web import town as towns
from tests.services.web.town import NOW, append, entry

day = dt.date.fromisoformat
TODAY = NOW.date()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Office]:
    """The town, in which fm-1 is away and fm-2 stands in."""
    settings = Settings(data=tmp_path / "data", fixed_now=NOW)
    towns.build(settings)
    with open_office(settings) as office:
        with office.write() as tx:
            key = tx.store.keys(tx.conn, Stream.PERSON, ["fm-1"])["fm-1"]
            away = [entry("2026-11-19", AbsenceRecorded(until=day("2026-12-01"))), DeputyAppointed(deputy="fm-2")]
            facts = [away[0], entry("2026-11-19", away[1])]
            tx.store.append(tx.conn, key, facts, NOW)
        yield office


def plan(office: Office, *since: dt.date | None, rules: Sequence[str] = DELIVERED) -> Plan:
    with office.read() as tx:
        return introduction.plan(tx, Wanted(TODAY, since, tuple(rules)))


def switched_on(office: Office, since: dt.date | None) -> dict[str, int]:
    """What everybody (directory key) is told when all rules are switched on: one message a case and theme."""
    with office.write() as tx:
        on = [
            entry("2026-11-20", RuleSet(rule=rule, state="on", source="x", approved_by="tl-1", applies_from=since))
            for rule in RULES
        ]
        append(tx, Stream.OFFICE, "rules", on)
    lifecycle.issue_due(office, TODAY, NOW)
    with office.read() as tx:
        one = followups.c
        rows = tx.conn.execute(
            select(told.c.recipient, one.case_key, one.rule, one.stage, one.due).join_from(
                told, followups, told.c.followup == one.id
            )
        ).all()
    people = {row.recipient for row in rows}
    return {person: len(messages(row for row in rows if row.recipient == person)) for person in people}


@pytest.mark.parametrize("since", [None, day("2026-05-20"), day("2026-07-15"), day("2026-08-01"), TODAY])
def test_what_it_says_is_what_is_told(town: Office, since: dt.date | None) -> None:
    found = plan(town, since)
    said = {person: count.delivered[0] for person, count in found.by_person().items() if count.delivered[0]}
    assert found.mails() == len(said)
    assert switched_on(town, since) == said


def test_who_has_appointments_in_two_units_is_told_once_of_all(town: Office) -> None:
    facts = [
        entry("2026-02-01", CaseOpened(unit="56.5")),
        entry("2026-02-01", ResponsibilityAssigned(worker="fm-2", unit="56.5", area="fallmanagement")),
        entry("2026-10-20", AppointmentPlanned(appointment="Z-1", channel="phone"), recorded="2026-10-01"),
    ]
    with town.write() as tx:
        key = append(tx, Stream.CASE, "C-3009", facts)
        rows.refresh(tx.conn, key, town.store.records(tx.conn, key))
    found = plan(town, None, rules=["R-14"])
    assert len({one.unit for one in found.told}) == 1  # of the two units in which there is something
    said = {person: count.delivered[0] for person, count in plan(town, None).by_person().items()}
    assert switched_on(town, None) == said


def test_every_first_day_is_judged_at_once(town: Office) -> None:
    choices = introduction.choices(TODAY)
    together = plan(town, *choices)
    for number, since in enumerate(choices):
        alone = plan(town, since)
        assert [(one.unit, one.person) for one in alone.told] == [(one.unit, one.person) for one in together.told]
        assert [one.figures.delivered[0] for one in alone.told] == [
            one.figures.delivered[number] for one in together.told
        ]
        assert (alone.mails(), alone.most()) == (together.mails(number), together.most(number))
    whole = introduction.added(one.figures for one in together.told)
    assert whole.delivered[0] == whole.messages > 5
    assert list(whole.delivered) == sorted(whole.delivered, reverse=True)
    assert [whole.legacy(number) for number in range(5)] == [whole.messages - one for one in whole.delivered]


def test_units_and_people_add_up_and_rules_can_be_chosen(town: Office) -> None:
    found = plan(town, day("2026-06-01"))
    units, people = found.by_unit(), found.by_person()
    assert set(units) == {"56.4", "56.5"}
    assert introduction.added(units.values()) == introduction.added([*people.values(), *_unheard(found)])
    only = plan(town, None, rules=["R-04"])
    assert [one.rule for one in only.rules] == ["R-04"]
    assert sum(one.figures.messages for one in only.told) < sum(one.figures.messages for one in found.told)


def _unheard(found: Plan) -> list[introduction.Count]:
    return [one.figures for one in found.told if one.person is None]


def test_it_changes_nothing_and_one_mail_a_person_goes_out(town: Office) -> None:
    found = plan(town, day("2026-06-01"))
    with town.read() as tx:
        assert tx.conn.execute(select(told)).first() is None
    switched_on(town, day("2026-06-01"))
    with town.write() as tx:
        assert mail.plan_digests(tx.conn, NOW) == found.mails()
        assert mail.plan_digests(tx.conn, NOW) == 0
        per_person = Counter(data["person"] for data in tx.conn.execute(select(outbox.c.data)).scalars())
    assert set(per_person.values()) == {1}
