"""Regeln: the introduction plan for who leads or serves the house, refused field by field, with no name too many."""

from __future__ import annotations

import datetime as dt

import pytest

from domain.evaluations import BY_STAFF
from domain.facts import Stream
from domain.facts.office import RuleSet, ThresholdSet
from domain.rules import RULES
from services.office.office import Office
from services.questions.introduction import DELIVERED
from tests.served import words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_no_ranking import _about_staff
from tests.services.web.town import PEOPLE, agree, append, entry

PLAN = "/regeln/einfuehrung"


def test_a_lead_sees_units_and_what_each_first_day_would_bring_and_people_once_agreed(
    visit: VisitAs, town: Office
) -> None:
    page = words(visit("tl-1").get(PLAN, ab="01.06.2026"))
    assert "Wer wie viele Meldungen bekäme" not in page  # Fachkonzept 8 no. 7
    agree(town, "10.2-3/2026", BY_STAFF)
    page = words(visit("tl-1").get(PLAN, ab="01.06.2026"))
    assert "Mit „gilt ab 01.06.2026“" in page
    assert "gewählt" in page
    people = page.split("Wer wie viele Meldungen bekäme")[-1]
    assert people.index("Brandt, Anna") < people.index("Kern, Beate") < people.index("Weber, Karl")  # never by number
    assert "Fremd, Ines" not in page  # of another unit
    assert "56.5" not in page.split("Nach Einheit")[1]
    assert "Jede Person bekommt höchstens eine Mail am Arbeitstag" in page


def test_edv_sees_every_unit_and_nobody_by_name(visit: VisitAs, town: Office) -> None:
    answer = visit("edv-1").get(PLAN)
    assert answer.status_code == 200
    assert "56.5" in words(answer)
    main = answer.text.partition("<main")[2]
    assert not [word for word in _about_staff(town) | set(PEOPLE) if word in main]


def test_chosen_rules_alone_are_counted(visit: VisitAs) -> None:
    page = words(visit("tl-1").get(PLAN, regel=["R-04", "R-99"]))
    assert f"Regeln: 1 von {len(DELIVERED)}" in page
    found = page.split("Nach Regel")[1]
    assert RULES["R-04"].name in found
    assert RULES["R-07"].name not in found


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("am", "31.02.2026", "31.02."),
        ("ab", "<b>gestern</b>", "ist kein Tag"),
        ("ab", "24:00", "ist kein Tag"),
        ("ab", "21.11.2026", "„gilt ab“ liegt nach dem Tag der Einführung."),
        ("am", "9" * 5_000, "ist kein Tag"),
    ],
)
def test_what_is_no_day_is_refused_where_it_stands(visit: VisitAs, field: str, typed: str, sentence: str) -> None:
    answer = visit("tl-1").get(PLAN, **{field: typed, "regel": "R-04"})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert f'id="{field}-falsch"' in answer.text
    assert "<b>" not in answer.text
    assert "Regeln: 1 von" in words(answer)
    assert "Nach Regel" not in words(answer)


@pytest.mark.parametrize("person", ["fm-1", "es-1", "qs-1"])
def test_it_is_for_who_leads_or_serves(visit: VisitAs, person: str) -> None:
    assert visit(person).get(PLAN).status_code == 403


def test_the_sheet_says_what_holds_from_when_by_whom_and_why(visit: VisitAs, town: Office) -> None:
    since = dt.date(2026, 8, 1)
    said = RuleSet(
        rule="R-04", state="on", applies_from=since, source="DA <b>5</b>", approved_by=key_of(town, "tl-2"), unit="56.4"
    )
    later = ThresholdSet(rule="R-04", stage="check", months=8, source="DA 6", approved_by=key_of(town, "tl-2"))
    with town.write() as tx:
        append(tx, Stream.OFFICE, "rules", [entry("2026-11-01", said), entry("2026-12-01", later)])
    answer = visit("tl-1").get("/regeln")
    page = words(answer)
    assert "an, gilt ab 01.08.2026" in page
    assert "DA <b>5</b>" in page  # as text
    assert "<b>5" not in answer.text
    assert "Ohm, Peter" in page
    assert "8 Monate ab 01.12.2026 gilt noch nicht" in page
    assert page.count("8 Monate ab 01.12.2026") == 1
    assert "8 Monate" in words(visit("tl-1").get("/regeln", alles="ja"))
    assert "8 Monate" in words(visit("tl-1").get("/regeln", stichtag="01.12.2026"))
    file = visit("edv-1").get("/regeln/regelblatt.csv").text
    assert "R-04;Über 6 Monate Integration;Prüfung;alle;8 Monate" in file


def test_a_day_that_is_none_is_refused(visit: VisitAs) -> None:
    answer = visit("tl-1").get("/regeln", stichtag="24:00")
    assert answer.status_code == 422
    assert "ist kein Tag" in words(answer)


def key_of(town: Office, person: str) -> str:
    with town.read() as tx:
        return tx.store.keys(tx.conn, Stream.PERSON, [person])[person].hex
