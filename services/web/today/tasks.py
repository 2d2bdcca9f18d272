"""Messages of the day as they are shown: why, with rule and source, and the buttons that work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from domain.dialogues import DIALOGUES, Subject
from domain.followups import Message
from domain.rules import RULES, Theme
from notifications import render
from services.dialogues.conversation import Conversation
from services.questions.today import Stage
from services.web.case import forms

Ref = Callable[[str], str]
BESIDE = 3  # answers at most that stand in sight beside the main one
TOGETHER = ("later", "confirm")  # dialogues whose answer may fit several tasks


class When(StrEnum):
    """When a message waits to be answered."""

    NOW = "now"
    PUT_OFF = "put-off"
    AHEAD = "ahead"


class Named(NamedTuple):
    """The names of clients by case, and of staff by directory key."""

    clients: Mapping[UUID, str]
    staff: Mapping[str, str]


class Reason(NamedTuple):
    """Why a message is there; `ref` is the entry it counts from."""

    rule: str
    name: str
    source: str
    sentence: str
    due: dt.date
    ref: str


class Button(NamedTuple):
    """A dialogue that answers a message, or that is about the follow-ups themselves: then `subject` names them.

    `when_due`: it answers nothing ahead of the day. `at_hand`: it stands in sight.
    """

    dialogue: str
    words: str
    subject: str
    when_due: bool
    at_hand: bool


class Appointment(NamedTuple):
    """An appointment without outcome; `ref` names it, `time` is HH:MM, "" where none is known."""

    number: str
    name: str
    on: dt.date
    time: str
    ref: str
    anchor: str
    conversation: Conversation | None


class Task(NamedTuple):
    """One message in hand: why, and what can be answered. `main` is the answer that stands out, `beside` are those that
    stand in sight with it, `more` the others.

    `others`: further dialogues begun about its case, beside the one that is shown.
    """

    anchor: str
    number: str
    reasons: list[Reason]
    main: Button | None
    beside: list[Button]
    more: list[Button]
    forms: list[tuple[str, str, str]]
    appointments: list[Appointment]
    conversation: Conversation | None
    others: list[Conversation]


def anchor(theme: Theme, case_key: UUID | None) -> str:
    """The id of a message on the page; it says nothing about the case."""
    return f"m-{theme.key}-{case_key.hex}" if case_key else f"m-{theme.key}"


def anchor_of(one: Stage) -> str:
    """The id of an appointment on the page."""
    return f"m-{one.id.hex}"


def together(stages: list[Stage]) -> tuple[str, ...]:
    """The answers that a message may be given together with others of its theme."""
    offered = {one.dialogue for one in _buttons(stages, reported=False)}
    return tuple(one for one in TOGETHER if one in offered)


def shown(
    message: Message[Stage],
    today: dt.date,
    drafts: Sequence[Conversation],
    named: Named,
    ref: Ref,
    disputed: Collection[UUID] = (),
    own: Mapping[str, str] = MappingProxyType({}),
    when: When = When.NOW,
) -> Task:
    """A message with its sentences and buttons.

    `drafts` are the person's open dialogues, the last changed first, `named` the clients, `ref` gives the reference of
    an id, `disputed` are the follow-ups said to be wrong, `own` the wordings of the office by name. What is put
    off or ahead of its day offers only what can be done then.
    """
    stages = list(message.stages)
    daily = message.theme.daily
    reported = any(one.id in disputed for one in stages)
    buttons = [] if daily else [one for one in _buttons(stages, reported, today) if _possible(one, when)]
    main = next((one for one in buttons if not one.subject), None)
    beside = [one for one in buttons if one is not main and one.at_hand][:BESIDE]
    begun = [one for one in drafts if one.case_key == message.case_key and not daily]
    return Task(
        anchor=anchor(message.theme, message.case_key),
        number="" if daily else stages[0].number,
        reasons=_reasons([min(stages, key=lambda one: one.due)] if daily else stages, today, own),
        main=main,
        beside=beside,
        more=[one for one in buttons if one is not main and one not in beside],
        forms=[] if daily else forms.answering([one.rule for one in stages]),
        appointments=[_appointment(one, drafts, named, ref) for one in sorted(stages, key=lambda one: one.due)]
        if daily
        else [],
        conversation=begun[0] if begun else None,
        others=begun[1:],
    )


def _possible(button: Button, when: When) -> bool:
    return when is When.NOW or not (button.subject or (when is When.AHEAD and button.when_due))


def _reasons(stages: list[Stage], today: dt.date, own: Mapping[str, str]) -> list[Reason]:
    return [
        Reason(
            one.rule,
            RULES[one.rule].name,
            RULES[one.rule].source,
            render.reason(one.rule, one.stage, one.reason, today, own),
            one.due,
            one.cause.partition("+")[0],
        )
        for one in stages
    ]


def _buttons(stages: list[Stage], reported: bool, today: dt.date = dt.date.min) -> list[Button]:
    """The dialogues that answer one of these stages; what was said to be wrong is not said again."""
    options, reached = _options(stages), {one.stage for one in stages}
    reached |= {"limit"} if any(one.past_limit for one in stages) else set()
    named = {
        Subject.FOLLOW_UPS: ",".join(one.id.hex for one in stages),
        Subject.OWN: ",".join(str(one.reason["follow_up"]) for one in stages if "follow_up" in one.reason),
    }
    return [
        Button(
            dialogue.name,
            place.words or dialogue.button,
            named.get(dialogue.subject, ""),
            place.when_due,
            place.at_hand,
        )
        for dialogue in DIALOGUES.values()
        if (place := dialogue.in_message) is not None
        and (dialogue.answers or not reported)
        and place.fits(options, frozenset(reached))
        and place.lasts([one.reason for one in stages], today)
    ]


def _options(stages: list[Stage]) -> set[str]:
    return {option for one in stages for option in RULES[one.rule].options}


def _appointment(one: Stage, drafts: Sequence[Conversation], named: Named, ref: Ref) -> Appointment:
    appointment, name = str(one.reason.get("appointment", "")), named.clients.get(one.case_key, "")
    on = dt.date.fromisoformat(str(one.reason["day"]))
    draft = next((draft for draft in drafts if _answers(draft, one, ref)), None)
    time = str(one.reason.get("time", ""))
    return Appointment(one.number, name, on, time, appointment, anchor_of(one), draft)


def _answers(one: Conversation, stage: Stage, ref: Ref) -> bool:
    """Whether a dialogue is about the appointment of this stage."""
    if one.dialogue.subject is not Subject.APPOINTMENT or one.case_key != stage.case_key:
        return False
    return ref(one.context.subject) == stage.reason.get("appointment")
