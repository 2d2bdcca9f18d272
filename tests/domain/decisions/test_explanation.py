"""A lead accepts an explanation: a rule is silent until a day, at most six months ahead (Fachkonzept 3.1 no. 12)."""

from __future__ import annotations

import datetime as dt

import pytest

from domain.decisions.wishes import AcceptExplanation, RecordFact
from domain.facts.case import CaseClosed, CaseOpened, ResponsibilityAssigned
from tests.spec import LEAD, TODAY, Given

CASE = (
    ("01.03.", CaseOpened(unit="56.4")),
    ("01.03.", ResponsibilityAssigned(worker="fm-7", unit="56.4", area="av-ags")),
)
REASON = "Wartet auf den Bescheid der Reha."


def accepted(until: dt.date, *rules: str, reason: str = REASON) -> AcceptExplanation:
    return AcceptExplanation(rules=list(rules), until=until, reason=reason)


def test_one_fact_for_each_rule_named() -> None:
    given = Given(*CASE).when(accepted(dt.date(2027, 5, 20), "R-04", "R-05", "R-04"), LEAD)
    given.then(("explanation-accepted", "20.11.", "tl-1"), ("explanation-accepted", "20.11.", "tl-1"))
    assert [given.fact(number).rule for number in (0, 1)] == ["R-04", "R-05"]
    assert given.fact().until == dt.date(2027, 5, 20)


@pytest.mark.parametrize(
    ("wish", "field", "said"),
    [
        (accepted(TODAY, "R-04"), "until", "über den heutigen Tag hinaus"),
        (accepted(dt.date(2027, 5, 21), "R-04"), "until", "höchstens sechs Monate, also bis 20.05.2027"),
        (accepted(dt.date(2027, 1, 1), "R-04", reason="  kurz   "), "reason", "mindestens 10 Zeichen"),
        (accepted(dt.date(2027, 1, 1)), "rules", "mindestens eine Aufgabe"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(wish: AcceptExplanation, field: str, said: str) -> None:
    Given(*CASE).refused(wish, said, LEAD, field=field)


def test_a_program_is_held_to_the_same() -> None:
    fact = {"rule": "R-04", "until": "2027-05-21", "reason": REASON}
    Given(*CASE).refused(RecordFact(name="explanation-accepted", on=TODAY, data=fact), "höchstens sechs Monate", LEAD)


def test_nobody_accepts_the_own_explanation_and_none_in_a_closed_case() -> None:
    own = (CASE[0], ("01.03.", ResponsibilityAssigned(worker="tl-1", unit="56.4", area="av-ags")))
    Given(*own).refused(accepted(dt.date(2027, 1, 1), "R-04"), "entscheidet jemand anderes", LEAD)
    closed = Given(*CASE, ("10.11.", CaseClosed(reason="moved-away")))
    closed.refused(accepted(dt.date(2027, 1, 1), "R-04"), "abgeschlossen", LEAD)
