"""Messages of the day as they are shown: why, with rule and source, and the buttons that work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from domain.dialogues import DIALOGUES, Subject
from domain.facts import FACTS, Stream, declared, stream_of
from domain.followups import Message
from domain.periods import local_day
from domain.rules import RULES, Theme
from notifications import render
from services.dialogues.conversation import Conversation
from services.questions.today import Stage

Ref = Callable[[str], str]


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
    """A dialogue that answers a message, or that is about the follow-ups themselves: then `subject` names them."""

    dialogue: str
    words: str
    subject: str
    stands_out: bool


class Appointment(NamedTuple):
    """An appointment without outcome; `ref` names it."""

    number: str
    name: str
    on: dt.date
    ref: str
    anchor: str
    conversation: Conversation | None


class Task(NamedTuple):
    """One message."""

    anchor: str
    theme: Theme
    number: str
    name: str
    since: dt.date
    issued_at: dt.datetime | None
    reasons: list[Reason]
    buttons: list[Button]
    forms: list[tuple[str, str]]
    appointments: list[Appointment]
    conversation: Conversation | None
    deputised: str
    reported: bool

    @property
    def daily(self) -> bool:
        """Whether it is the one message about appointments."""
        return self.theme.daily


def anchor(theme: Theme, case_key: UUID | None) -> str:
    """The id of a message on the page; it says nothing about the case."""
    return f"m-{theme.key}-{case_key.hex}" if case_key else f"m-{theme.key}"


def shown(
    message: Message[Stage],
    today: dt.date,
    drafts: Sequence[Conversation],
    named: Named,
    ref: Ref,
    disputed: Collection[UUID] = (),
    own: Mapping[str, str] = MappingProxyType({}),
) -> Task:
    """A message with its sentences and buttons.

    `drafts` are the person's open dialogues, `named` clients and those stood in for, `ref` gives the reference of an
    id, `disputed` are the follow-ups said to be wrong, `own` the wordings of the office by name.
    """
    stages = list(message.stages)
    first = stages[0]
    place = anchor(message.theme, message.case_key)
    daily = message.theme.daily
    reported = any(one.id in disputed for one in stages)
    buttons = [] if daily else _buttons(stages, reported)
    names = {button.dialogue for button in buttons}
    issued = [one.issued_at for one in stages if one.issued_at and local_day(one.issued_at) == today]
    return Task(
        anchor=place,
        theme=message.theme,
        number="" if daily else first.number,
        name="" if daily else named.clients.get(first.case_key, ""),
        since=min(one.due for one in stages),
        issued_at=min(issued) if issued else None,
        reasons=_reasons([min(stages, key=lambda one: one.due)] if daily else stages, today, own),
        buttons=buttons,
        forms=[] if daily else _forms(stages),
        appointments=[_appointment(one, drafts, named, ref) for one in sorted(stages, key=lambda one: one.due)]
        if daily
        else [],
        conversation=next(
            (one for one in drafts if one.case_key == message.case_key and one.dialogue.name in names), None
        ),
        deputised=named.staff.get(first.worker, ""),
        reported=reported,
    )


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


def _buttons(stages: list[Stage], reported: bool) -> list[Button]:
    """The dialogues that answer one of these stages; what was said to be wrong is not said again."""
    options, reached = _options(stages), {one.stage for one in stages}
    reached |= {"limit"} if any(one.past_limit for one in stages) else set()
    followups = ",".join(one.id.hex for one in stages)
    return [
        Button(
            dialogue.name,
            place.words or dialogue.button,
            followups if dialogue.subject is Subject.FOLLOW_UPS else "",
            place.first,
        )
        for dialogue in DIALOGUES.values()
        if (place := dialogue.in_message) is not None
        and (dialogue.answers or not reported)
        and place.fits(options, frozenset(reached))
    ]


def _options(stages: list[Stage]) -> set[str]:
    return {option for one in stages for option in RULES[one.rule].options}


def _forms(stages: list[Stage]) -> list[tuple[str, str]]:
    """The entries that answer one of these stages: stored name, what the link says."""
    options = _options(stages)
    forms = ((name, declared(name).form) for name in FACTS if stream_of(name) is Stream.CASE)
    return [(name, form.link) for name, form in forms if form is not None and form.option in options]


def _appointment(one: Stage, drafts: Sequence[Conversation], named: Named, ref: Ref) -> Appointment:
    appointment, name = str(one.reason.get("appointment", "")), named.clients.get(one.case_key, "")
    on = dt.date.fromisoformat(str(one.reason["day"]))
    draft = next((draft for draft in drafts if _answers(draft, one, ref)), None)
    return Appointment(one.number, name, on, appointment, f"m-{one.id.hex}", draft)


def _answers(one: Conversation, stage: Stage, ref: Ref) -> bool:
    """Whether a dialogue is about the appointment of this stage."""
    if one.dialogue.subject is not Subject.APPOINTMENT or one.case_key != stage.case_key:
        return False
    return ref(one.context.subject) == stage.reason.get("appointment")
