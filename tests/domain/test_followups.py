"""One follow-up once, one message a case and theme, reminders after 7 and 14 days."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from uuid import UUID

import pytest

from domain.calendar import Lands
from domain.facts.base import Lane
from domain.followups import Step, acted, followup_id, is_late, may_snooze, messages, next_step
from domain.rules.themes import ALG1, CONTACT, ENDING, HANDOVER, REVIEW

ONE, TWO = UUID(int=1), UUID(int=2)
TODAY = dt.date(2026, 11, 20)  # a Friday


class Row(NamedTuple):
    case_key: UUID
    rule: str
    stage: str
    due: dt.date


def days(count: int) -> dt.timedelta:
    return dt.timedelta(days=count)


def test_the_same_stage_and_cause_is_the_same_follow_up() -> None:
    assert followup_id(ONE, "R-02", "limit", "r1") == followup_id(ONE, "R-02", "limit", "r1")
    others = {
        followup_id(TWO, "R-02", "limit", "r1"),
        followup_id(ONE, "R-03", "limit", "r1"),
        followup_id(ONE, "R-02", "warning", "r1"),
        followup_id(ONE, "R-02", "limit", "r2"),
    }
    assert len(others | {followup_id(ONE, "R-02", "limit", "r1")}) == 5


def test_all_reviews_of_a_case_are_one_message_that_shows_the_latest_stage_of_each_rule() -> None:
    rows = [
        Row(ONE, "R-02", "interim", TODAY - days(92)),
        Row(ONE, "R-02", "limit", TODAY),
        Row(ONE, "R-04", "check", TODAY - days(1)),
        Row(ONE, "R-07", "notice", TODAY - days(2)),
        Row(TWO, "R-02", "limit", TODAY - days(3)),
    ]
    told = messages(rows)
    assert [(message.theme, message.case_key) for message in told] == [
        (REVIEW, TWO),
        (REVIEW, ONE),  # a limit reached today comes before what waits longer and is no limit
        (HANDOVER, ONE),
    ]
    assert [(row.rule, row.stage) for row in told[1].stages] == [("R-02", "limit"), ("R-04", "check")]


def test_the_strongest_is_named_first() -> None:
    rows = [Row(ONE, "R-02", "limit", TODAY - days(9)), Row(ONE, "R-04", "check", TODAY)]
    (told,) = messages(rows)
    assert [row.rule for row in told.stages] == ["R-02", "R-04"]


def test_appointments_of_all_cases_are_one_message() -> None:
    rows = [
        Row(ONE, "R-14", "status", TODAY),
        Row(ONE, "R-14", "status", TODAY - days(1)),
        Row(TWO, "R-14", "status", TODAY),
    ]
    (message,) = messages(rows)
    assert message.case_key is None
    assert len(message.stages) == 3


@pytest.mark.parametrize(
    ("issued", "late"),
    [(TODAY, False), (TODAY + days(1), False), (TODAY + days(3), False), (TODAY + days(4), True)],
)
def test_late_is_after_the_next_working_day(issued: dt.date, late: bool) -> None:
    assert is_late(TODAY, issued, Lands()) is late


@pytest.mark.parametrize(
    ("snoozes", "ahead", "allowed"),
    [(0, 1, True), (1, 28, True), (2, 1, False), (0, 29, False), (0, 0, False), (0, -1, False)],
)
def test_putting_off_at_most_twice_and_28_days(snoozes: int, ahead: int, allowed: bool) -> None:
    assert may_snooze(snoozes, TODAY + days(ahead), TODAY) is allowed


@pytest.mark.parametrize(
    ("passed", "reminded", "step"),
    [
        (6, 0, None),
        (7, 0, Step.REMINDER),
        (8, 1, None),
        (13, 1, None),
        (14, 1, Step.LEAD),
        (14, 0, Step.LEAD),
        (90, 2, None),
    ],
)
def test_reminders_come_after_7_and_14_days(passed: int, reminded: int, step: Step | None) -> None:
    assert next_step(TODAY, reminded, TODAY + days(passed)) is step


def test_a_pending_request_or_handover_counts_as_acted() -> None:
    requested, offered = (Lane.EXTENSION, "requested"), (Lane.HANDOVER, "waiting")
    assert acted([requested]) == {REVIEW, ENDING}
    assert acted([offered]) == {REVIEW, HANDOVER}
    assert acted([offered, requested]) == {REVIEW, HANDOVER, ENDING}
    assert acted([(Lane.BAR, "integration")]) == {REVIEW, HANDOVER, ENDING, CONTACT, ALG1}
    said_else = [(Lane.EXTENSION, "approved"), (Lane.EXTENSION, "returned"), (Lane.MEASURE, "requested")]
    assert acted(said_else) == frozenset()
