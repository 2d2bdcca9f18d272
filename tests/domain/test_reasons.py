"""What the rows of rules give their sentences: days, numbers and marks, from facts (Fachkonzept 3.2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from domain.facts.office import ThresholdSet
from domain.knowledge import known
from domain.periods import Period
from domain.rules import due_rows
from domain.rules.sense import reasons
from domain.timeline import build
from tests import golden
from tests.domain.days import bar, fact, planned
from tests.golden import Line

DAY = dt.date(2024, 11, 30)
E = [fact("benefit-started", "2024-01-15"), bar(strategy="entwicklung")]
OFFER = fact(
    "handover-initiated",
    "2024-10-01",
    to_worker="w-2",
    to_unit="56.4",
    to_area="av-ags",
    intended_strategy="integration",
)
ACCEPTED = fact("handover-accepted", "2024-10-08", strategy="integration")
NEW_BAR = [fact("strategy-bar-ended", "2024-10-09"), bar("2024-10-10")]
FIELD = fact("strategy-field-changed", "2024-10-10", strategy="integration")
JOB = [bar(), fact("employment-started", "2024-02-01", employment="j-1", kind="sv-pflichtig")]
HELD = fact("appointment-held", "2024-04-20", "2024-04-20", appointment="t-1")
MISSED = fact("appointment-missed", "2024-04-20", "2024-04-20", appointment="t-1", good_cause="no")

HEARD = {"day": "2024-04-20", "considered": "2024-05-02", "hearing": None}


@pytest.mark.parametrize(
    ("rule", "lines", "said"),
    [
        ("R-10", [*E, planned("2024-04-20")], {"last": None, "open": "2024-04-20", "days": 42, "months": None}),
        ("R-12", [*E, planned("2024-04-20"), HELD], {"last": "2024-04-20", "open": None}),
        ("R-12", [*E, planned("2024-04-20"), MISSED], {"last": None, "open": None}),
        ("R-15", [*E, OFFER], {"offered": "2024-10-01", "accepted_on": None, "no_bar": None, "no_field": None}),
        ("R-15", [*E, OFFER, ACCEPTED], {"accepted_on": "2024-10-08", "no_bar": 1, "no_field": 1}),
        ("R-15", [*E, OFFER, ACCEPTED, *NEW_BAR], {"accepted_on": "2024-10-08", "no_bar": None, "no_field": 1}),
        ("R-15", [*E, OFFER, ACCEPTED, FIELD], {"accepted_on": "2024-10-08", "no_bar": 1, "no_field": None}),
        ("R-17", JOB, {"job_from": "2024-02-01", "job_to": None}),
        ("R-17", [*JOB, fact("employment-ended", "2024-03-15", employment="j-1")], {"job_to": "2024-03-15"}),
        ("R-19", [*E, fact("benefit-reapplied", "2024-10-01")], {"registered": "2024-10-01", "anew": 1}),
        ("R-19", [*E, fact("new-client-registered", "2024-10-01")], {"registered": "2024-10-01", "anew": None}),
        ("R-21", [planned("2024-04-20"), MISSED, fact("sanction-considered", "2024-05-02", appointment="t-1")], HEARD),
        ("R-22", [*E, fact("wish-to-work-asked", "2024-05-01")], {"last": "2024-05-01", "wished": None}),
        ("R-23", [fact("case-opened", "2023-01-15")], {"opened": "2023-01-15", "months": 12, "days": None}),
    ],
)
def test_a_row_says_what_its_sentence_needs(rule: str, lines: list[Line], said: dict[str, Any]) -> None:
    rows = due_rows(build(known(golden.as_records(lines)), DAY), Period(DAY, DAY))
    found = next(dict(one.reason) for one in rows if one.rule == rule)
    assert {name: found.get(name) for name in said} == said


@pytest.mark.parametrize(
    ("rule", "stage", "number", "fields"),
    [
        ("R-26", "graduate", {"months": -2}, []),
        ("R-26", "graduate", {"days": -60}, []),
        ("R-26", "graduate", {"months": 2}, ["days"]),
        ("R-26", "graduate", {"days": 0}, ["days"]),
        ("R-02", "warning", {"days": -21}, []),
        ("R-02", "warning", {"months": -1}, ["months"]),
    ],
)
def test_what_is_due_before_its_day_is_set_as_it_is_shipped(
    rule: str, stage: str, number: dict[str, int], fields: list[str]
) -> None:
    fact = ThresholdSet(rule=rule, stage=stage, source="DA 3/2026", approved_by="bl-1", **number)
    assert [field for field, _ in reasons(fact)] == fields
