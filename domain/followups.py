"""The life of a follow-up: its identity, what is told in one message, putting off, reminding (Fachkonzept 3.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from typing import Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID, uuid5

from domain import words
from domain.calendar import Lands, next_working_day
from domain.facts.base import Lane
from domain.handovers import WAITING
from domain.rules import RULES, THEMES, Theme
from domain.rules.themes import Act
from domain.things import REQUESTED

NAMESPACE = UUID("6d1c8a57-5f0e-4c39-9f0b-3f2b8c1e7a44")
SNOOZES = 2
SNOOZE_DAYS = 28
REMIND_AFTER = dt.timedelta(days=7)
LEAD_AFTER = dt.timedelta(days=14)
ACTS: Mapping[tuple[str, str], Act] = {
    (Lane.EXTENSION, REQUESTED): Act.REQUEST,
    (Lane.HANDOVER, WAITING): Act.HANDOVER,
    **{(Lane.BAR, strategy): Act.END for strategy in words.STRATEGIES},
}
"""What a lane says while such an act waits for its answer; that of bars counts on the last day of a bar alone."""


class State(StrEnum):
    """What has become of a follow-up that was issued."""

    OPEN = "open"
    SNOOZED = "snoozed"
    SUSPENDED = "suspended"  # not listed today, but again on a day ahead
    RESOLVED = "resolved"
    DROPPED = "dropped"  # "entfallen": gone with a withdrawal or correction
    EXPIRED = "expired"  # its rule tells nobody any more: switched off, or only a list


LIVE = (State.OPEN, State.SNOOZED)


class Step(StrEnum):
    """Why a message about a follow-up goes out."""

    ISSUE = "issue"
    REMINDER = "reminder"
    LEAD = "lead"


class Stage(Protocol):
    """A stage that is due in a case."""

    @property
    def case_key(self) -> UUID: ...
    @property
    def rule(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def due(self) -> dt.date: ...


S = TypeVar("S", bound=Stage)


class Message(NamedTuple, Generic[S]):
    """What is told at once: every rule reached with its latest stage, the strongest first, of those the latest.

    `case_key` is nothing where one message covers all cases of a worker.
    """

    theme: Theme
    case_key: UUID | None
    stages: Sequence[S]


def followup_id(case_key: UUID, rule: str, stage: str, cause: str) -> UUID:
    """The identity of a follow-up, the same however often it is computed (Fachkonzept 3.1 no. 9)."""
    return uuid5(NAMESPACE, f"{case_key.hex}/{rule}/{stage}/{cause}")


def messages(stages: Iterable[S]) -> list[Message[S]]:
    """The due stages of one worker as messages: one per case and theme, appointments as one; the strongest first."""
    found = [
        Message(THEMES[theme], key, sorted(latest(group), key=_weakness))
        for (theme, key), group in groupby(sorted(stages, key=_sorting), key=_together)
    ]
    return sorted(found, key=lambda one: (_weakness(one.stages[0]), min(stage.due for stage in one.stages)))


def _weakness(stage: Stage) -> int:
    return -RULES[stage.rule].stages[stage.stage].strength


def latest(stages: Iterable[S]) -> list[S]:
    """The latest stage of each rule and case, the latest first; what rules judge thing by thing stays each."""
    found: dict[object, S] = {}
    for number, stage in enumerate(sorted(stages, key=_reached, reverse=True)):
        rule = RULES[stage.rule]
        apart = rule.each or rule.thing is not None
        found.setdefault(number if apart else (stage.case_key, stage.rule), stage)
    return list(found.values())


def _reached(stage: Stage) -> tuple[dt.date, int]:
    """After a suspension all stages of a rule share one day; then their order in the rule decides."""
    return stage.due, list(RULES[stage.rule].stages).index(stage.stage)


def _together(stage: Stage) -> tuple[str, UUID | None]:
    theme = RULES[stage.rule].theme
    return theme.key, None if theme.daily else stage.case_key


def _sorting(stage: Stage) -> tuple[str, str]:
    theme, key = _together(stage)
    return theme, key.hex if key else ""


def is_late(expected: dt.date, issued: dt.date, lands: Lands) -> bool:
    """Whether a message went out after the working day that follows the day it was expected on."""
    return issued > next_working_day(expected, lands)


def may_snooze(snoozes: int, until: dt.date, today: dt.date) -> bool:
    """At most twice, to a day ahead, at most 28 days (Fachkonzept 3.1 no. 9)."""
    return snoozes < SNOOZES and today < until <= today + dt.timedelta(days=SNOOZE_DAYS)


def next_step(issued: dt.date, reminded: int, today: dt.date) -> Step | None:
    """The reminder that is due: after 7 days to the same person, after 14 to the lead. `reminded`: steps so far."""
    if reminded < 2 and today >= issued + LEAD_AFTER:
        return Step.LEAD
    if reminded < 1 and today >= issued + REMIND_AFTER:
        return Step.REMINDER
    return None


def acted(said: Iterable[tuple[str, str]]) -> frozenset[Theme]:
    """The themes somebody is already acting on, by what lanes of the case say on the day: pairs of lane and value.

    Nothing of them is delivered (Fachkonzept 3.1 no. 12).
    """
    acts = {act for one in said if (act := ACTS.get(one))}
    return frozenset(theme for theme in THEMES.values() if theme.acted_by & acts)
