"""Regeln: the introduction plan for who leads or serves the house, refused field by field, with no name too many."""

from __future__ import annotations

import pytest

from domain.rules import RULES
from tests.served import words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_no_ranking import _about_staff
from tests.services.web.town import PEOPLE

PLAN = "/regeln/einfuehrung"


def test_a_lead_sees_units_and_people_and_what_each_first_day_would_bring(visit: VisitAs) -> None:
    page = words(visit("tl-1").get(PLAN, ab="01.06.2026"))
    assert "Mit „gilt ab 01.06.2026“" in page
    assert "gewählt" in page
    people = page.split("Wer wie viele Meldungen bekäme")[-1]
    assert people.index("Brandt, Anna") < people.index("Kern, Beate") < people.index("Weber, Karl")  # never by number
    assert "Fremd, Ines" not in page  # of another unit
    assert "56.5" not in page.split("Nach Einheit")[1]
    assert "Jede Person bekommt höchstens eine Mail am Arbeitstag" in page


def test_edv_sees_every_unit_and_nobody_by_name(visit: VisitAs, town: object) -> None:
    answer = visit("edv-1").get(PLAN)
    assert answer.status_code == 200
    assert "56.5" in words(answer)
    main = answer.text.partition("<main")[2]
    assert not [word for word in _about_staff(town) | set(PEOPLE) if word in main]  # type: ignore[arg-type]


def test_chosen_rules_alone_are_counted(visit: VisitAs) -> None:
    page = words(visit("tl-1").get(PLAN, regel=["R-04", "R-99"]))
    assert f"Regeln: 1 von {len(RULES)}" in page
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
