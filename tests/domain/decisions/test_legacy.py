"""A lead closes an Altfall: one fact, with a reason, about what is due (Fachkonzept 3.1 no. 11)."""

from __future__ import annotations

import datetime as dt

import pytest

from domain.decisions.wishes import CloseLegacy, RecordFact
from domain.facts.case import CaseClosed
from tests.domain.decisions.test_explanation import CASE, REASON
from tests.spec import LEAD, TODAY, Given


def closing(due: dt.date = TODAY, reason: str = REASON) -> CloseLegacy:
    return CloseLegacy(rule="R-04", stage="check", due=due, reason=reason)


def test_one_fact_says_what_is_closed_and_why() -> None:
    given = Given(*CASE).when(closing(reason=f" {REASON} "), LEAD)
    given.then(("legacy-closed", "20.11.", "tl-1"))
    said = given.fact()
    assert (said.rule, said.stage, said.due, said.reason) == ("R-04", "check", TODAY, REASON)


@pytest.mark.parametrize(
    ("wish", "field", "said"),
    [
        (closing(TODAY + dt.timedelta(days=1)), "due", "was schon fällig ist"),
        (closing(reason="  kurz   "), "reason", "mindestens 10 Zeichen"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(wish: CloseLegacy, field: str, said: str) -> None:
    Given(*CASE).refused(wish, said, LEAD, field=field)


def test_a_program_is_held_to_the_same_and_a_closed_case_takes_none() -> None:
    fact = {"rule": "R-04", "stage": "check", "due": "2026-11-21", "reason": REASON}
    Given(*CASE).refused(RecordFact(name="legacy-closed", on=TODAY, data=fact), "was schon fällig ist", LEAD)
    Given(*CASE, ("10.11.", CaseClosed(reason="moved-away"))).refused(closing(), "abgeschlossen", LEAD)
