"""Messages of the day as they are shown: why, with rule and source, and the buttons that work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from domain.followups import Message
from domain.periods import local_day
from domain.rules import RULES, Theme
from notifications import render
from services.dialogues.conversation import Conversation
from services.questions.today import Stage

Ref = Callable[[str], str]

BUTTONS = {  # option of a rule -> (dialogue, what the button says)
    "confirm": ("confirm", "Weiterhin richtig"),
    "extend": ("extension", "Verlängerung beantragen"),
    "change": ("change", "Umstellen"),
    "set-strategy": ("set", "Strategie wählen"),
    "alg1-bar": ("alg1-bar", "Balken ALG I setzen"),
    "plan": ("plan", "Termin planen"),
    "end": ("end", "Beenden"),
    "handover": ("handover", "Übergeben"),
    "later": ("later", "Später…"),
}
ABOUT_IT = ("later", "dispute")  # are about the follow-ups themselves, not about the case
FORMS = {  # option of a rule -> (fact to enter, what the link says)
    "alg1": ("alg1-started", "ALG I erfassen"),
    "end-alg1": ("alg1-ended", "Ende von ALG I erfassen"),
    "statement": ("case-statement-given", "Stellungnahme"),
}


DISPUTE = ("dispute", "Das stimmt nicht")  # can be said of every message


class Reason(NamedTuple):
    """Why a message is there; `ref` is the entry it counts from."""

    rule: str
    name: str
    source: str
    sentence: str
    due: dt.date
    ref: str


class Button(NamedTuple):
    """A dialogue that answers a message."""

    dialogue: str
    words: str
    subject: str


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
    deputised: Mapping[str, str],
    ref: Ref,
    disputed: Collection[UUID] = (),
) -> Task:
    """A message with its sentences and buttons.

    `drafts` are the person's open dialogues, `deputised` the names of those stood in for by directory key, `ref` gives
    the reference of an id, `disputed` are the follow-ups said to be wrong.
    """
    stages = list(message.stages)
    first = stages[0]
    place = anchor(message.theme, message.case_key)
    daily = message.theme.daily
    reported = any(one.id in disputed for one in stages)
    buttons = [] if daily else [one for one in _buttons(stages) if not (reported and one.dialogue == DISPUTE[0])]
    names = {button.dialogue for button in buttons}
    issued = [one.issued_at for one in stages if one.issued_at and local_day(one.issued_at) == today]
    return Task(
        anchor=place,
        theme=message.theme,
        number="" if daily else first.number,
        name="" if daily else first.name,
        since=min(one.due for one in stages),
        issued_at=min(issued) if issued else None,
        reasons=_reasons(stages[:1] if daily else stages, today),
        buttons=buttons,
        forms=[] if daily else _forms(stages),
        appointments=[_appointment(one, drafts, ref) for one in sorted(stages, key=lambda one: one.due)]
        if daily
        else [],
        conversation=next(
            (one for one in drafts if one.case_key == message.case_key and one.dialogue.name in names), None
        ),
        deputised=deputised.get(first.worker, ""),
        reported=reported,
    )


def _reasons(stages: list[Stage], today: dt.date) -> list[Reason]:
    return [
        Reason(
            one.rule,
            RULES[one.rule].name,
            RULES[one.rule].source,
            render.reason(one.rule, one.stage, one.reason, today),
            one.due,
            one.cause.partition("+")[0],
        )
        for one in stages
    ]


def _options(stages: list[Stage]) -> list[str]:
    options = list(dict.fromkeys(option for one in stages for option in RULES[one.rule].options))
    reached = {one.stage for one in stages}
    return [option for option in options if _works(option, reached)]


def _works(option: str, reached: set[str]) -> bool:
    """Whether an option answers one of these stages; R-18 asks for different things at each of its stages."""
    match option:
        case "confirm":
            return "limit" not in reached
        case "alg1-bar":
            return "bar-open" in reached
        case "set-strategy":
            return "choose-strategy" in reached
        case "plan":
            return "first-appointment" in reached
        case _:
            return True


def _buttons(stages: list[Stage]) -> list[Button]:
    followups = ",".join(one.id.hex for one in stages)
    chosen = [*(BUTTONS[option] for option in BUTTONS if option in _options(stages)), DISPUTE]
    return [Button(name, words, followups if name in ABOUT_IT else "") for name, words in chosen]


def _forms(stages: list[Stage]) -> list[tuple[str, str]]:
    return [FORMS[option] for option in FORMS if option in _options(stages)]


def _appointment(one: Stage, drafts: Sequence[Conversation], ref: Ref) -> Appointment:
    named = str(one.reason.get("appointment", ""))
    on = dt.date.fromisoformat(str(one.reason["day"]))
    draft = next((draft for draft in drafts if _answers(draft, one, ref)), None)
    return Appointment(one.number, one.name, on, named, f"m-{one.id.hex}", draft)


def _answers(one: Conversation, stage: Stage, ref: Ref) -> bool:
    """Whether a dialogue is about the appointment of this stage."""
    if one.dialogue.name != "appointment-status" or one.case_key != stage.case_key:
        return False
    return ref(one.context.subject) == stage.reason.get("appointment")
