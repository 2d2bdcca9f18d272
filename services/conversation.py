"""Dialogues at the desk: each answer is kept as it is given, so that a conversation goes on after a restart, on any device."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update

from domain import dialogues
from domain.decisions.refusal import Refused
from domain.decisions.wishes import Wish, fresh_id
from domain.dialogues import Answer, Context, Dialogue, Step
from services import casework, desk
from services.desk import Done, Forbidden
from services.records import tables
from services.records.streams import insert_once
from services.understanding import read_day

if TYPE_CHECKING:
    from services.office import Office

_SUBJECT = "@subject"  # what the dialogue is about; kept beside the answers
_VERSION = "@version"  # the number of the request's last fact when the dialogue was opened


class Line(Struct, frozen=True, kw_only=True):
    """One question already answered, in words; `step` is the key that `back` would open again."""

    step: str
    question: str
    answer: str


class Conversation(Struct, frozen=True, kw_only=True):
    """A dialogue as it stands. `version` goes into every button; `step` is None once nothing is left to ask.

    `state` is open, done or cancelled. `number` of `total` is what "Schritt n von m" says.
    """

    draft: UUID
    dialogue: Dialogue
    case_key: UUID
    case: str
    owner: str
    state: str
    version: int
    started_at: dt.datetime
    context: Context
    answers: dict[str, Answer]
    lines: list[Line]
    step: Step | None
    number: int
    total: int


class Moved(Exception):
    """The button was drawn for an older state of the dialogue; the text is a German sentence, `current` the state now."""

    def __init__(self, sentence: str, current: Conversation) -> None:
        self.sentence, self.current = sentence, current
        super().__init__(sentence)


def start(
    office: Office,
    case_key: UUID,
    dialogue: str,
    actor: str,
    *,
    subject: str = "",
    prefill: dict[str, Answer] | None = None,
) -> Conversation:
    """Opens a dialogue by its name (domain.dialogues.DIALOGUES), or goes on with the one that is open about the same.

    `subject`: the request or appointment (id or ref), or the follow-ups (hex ids, comma separated). `prefill`: answers
    understood from typed text; one that does not fit is left to be asked. Raises `Refused` if the case does not allow it,
    `Forbidden`, and LookupError for an unknown dialogue or subject.
    """


def load(office: Office, draft: UUID, actor: str) -> Conversation:
    """A dialogue as it stands. Raises `Forbidden`, and LookupError if there is none."""


def open_drafts(office: Office, actor: str, case_key: UUID | None = None) -> list[Conversation]:
    """The person's dialogues that are not finished, the last changed first."""


def answer(office: Office, draft: UUID, step: str, value: Answer, version: int, actor: str) -> Conversation:
    """Keeps one answer; a day may be typed in German. Raises `Refused` (asked again), `Moved`, `Forbidden`."""


def back(office: Office, draft: UUID, version: int, actor: str) -> Conversation:
    """Takes the last answer away, so that its step is asked again. Raises `Moved`, `Forbidden`."""


def cancel(office: Office, draft: UUID, actor: str) -> None:
    """Ends the dialogue without a decision; its answers are deleted."""


def preview(office: Office, draft: UUID, actor: str) -> Done:
    """What the finished dialogue would write and change. Raises as `desk.handle`."""


def finish(office: Office, draft: UUID, version: int, actor: str) -> Done:
    """Decides; the dialogue is done and its answers, now facts, are deleted. Raises as `desk.handle`, and `Moved`."""
