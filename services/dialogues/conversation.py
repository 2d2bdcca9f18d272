"""Dialogues at the desk: every answer is kept as it is given, so a conversation survives restarts and devices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Row

from domain import dialogues, words
from domain.decisions.refusal import Refused
from domain.dialogues import DIALOGUES, Answer, Context, Dialogue, Step
from domain.periods import local_day
from domain.permissions import Action, may
from services.casework import case as casework
from services.casework import desk
from services.casework.desk import Done, Forbidden
from services.dialogues import answers as answering
from services.dialogues import drafts, subjects
from services.dialogues.drafts import Draft
from services.people import directory
from services.questions.cases import called, client_names

if TYPE_CHECKING:
    from services.office.office import Office, Transaction

BEFORE = f"{subjects.MARK}before:"  # what was answered before somebody went back


class Line(Struct, frozen=True, kw_only=True):
    """One question already answered, in words; `step` is its key."""

    step: str
    question: str
    answer: str


class Conversation(Struct, frozen=True, kw_only=True):
    """A dialogue as it stands. `version` goes into every button; `steps` are asked at once, none is left at the end.

    `before`: what was answered to them before somebody went back.

    `who` is the case as it is spoken of: its number, and the client's name where the person may see it.
    `state` is open, done or cancelled. `number` of `total` is what "Schritt n von m" says. `owner` is a directory key.
    """

    draft: UUID
    dialogue: Dialogue
    case_key: UUID
    case: str
    who: str
    owner: str
    state: str
    version: int
    started_at: dt.datetime
    context: Context
    answers: dict[str, Answer]
    lines: list[Line]
    steps: list[Step]
    before: dict[str, Answer]
    number: int
    total: int

    @property
    def step(self) -> Step | None:
        """The first question of the screen."""
        return self.steps[0] if self.steps else None


class Moved(Exception):
    """The button was drawn for an older state of the dialogue; `sentence` says so, `current` is the state now."""

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

    `subject`: the request or appointment (id or ref), or the follow-ups (hex ids, comma separated; none: all of today).
    `prefill`: answers understood from typed text; one that does not fit is left to be asked. Raises `Refused` if the
    case does not allow it, `desk.Stale` if a request is decided already, `Forbidden`, and LookupError for an unknown
    dialogue or subject.
    """
    now = office.now()
    with office.write() as tx:
        found = casework.desk(tx, case_key, actor, office.today())
        kind = DIALOGUES[dialogue]
        casework.admit_dialogue(found, kind)
        opening = subjects.opening(tx, found, kind.subject, subject)
        context = subjects.context(tx, found, kind, opening)
        sentence = dialogues.why_not(kind, context)
        if sentence is not None:
            raise Refused([("", sentence)])
        tx.store.lock(tx.conn, case_key)  # of two that open the same at once, one goes on with what the other opened
        draft = _same(tx, case_key, dialogue, actor, opening)
        if draft is None:
            draft = drafts.create(tx.conn, dialogue, case_key, actor, now)
            for key, value in opening.kept().items():
                drafts.keep(tx, draft, case_key, key, value, now)
            _prefill(tx, draft, actor, kind.given(context))
        _prefill(tx, draft, actor, prefill or {})
        return _load(tx, draft, actor)


def load(office: Office, draft: UUID, actor: str) -> Conversation:
    """A dialogue as it stands. Raises `Forbidden`, and LookupError if there is none."""
    with office.read() as tx:
        return _load(tx, draft, actor)


def open_drafts(tx: Transaction, actor: str, case_key: UUID | None = None) -> list[Conversation]:
    """The person's dialogues that can still be finished, the last changed first."""
    return of_drafts(tx, drafts.open_ones(tx.conn, actor, case_key), actor)


def of_drafts(tx: Transaction, opened: Sequence[Draft], actor: str) -> list[Conversation]:
    """Of these drafts those that can still be finished."""
    keys = {draft.row.case_key for draft in opened}
    tx.store.look_up(tx.conn, keys)
    client_names(tx, keys)
    found = [_mine(tx, draft, actor) for draft in opened]
    return [one for one in found if one is not None and dialogues.why_not(one.dialogue, one.context) is None]


def answer(
    office: Office,
    draft: UUID,
    step: str,
    value: Answer,
    version: int,
    actor: str,
    *,
    also: Mapping[str, Answer] | None = None,
) -> Conversation:
    """Keeps an answer, and those to the other questions of its screen (`also`); all or none. Days in German.

    Raises `Refused` with every question to be asked again, `Moved`, `Forbidden`.
    """
    now = office.now()
    with office.write() as tx:
        current = _current(tx, draft, version, actor)
        asked = {one.key: one for one in dialogues.asked(current.dialogue, current.answers, current.context)}
        if step not in asked or (step not in current.answers and current.step is not asked[step]):
            raise Moved("Diese Frage wird gerade nicht gestellt; so steht der Dialog jetzt.", current)
        for key, kept in answering.checked(
            current.dialogue, current.answers, current.context, {**(also or {}), step: value}
        ).items():
            drafts.keep(tx, draft, current.case_key, key, kept, now)
            drafts.drop(tx.conn, draft, f"{BEFORE}{key}")
        drafts.grow(tx.conn, draft, now)
        return _load(tx, draft, actor)


def back(office: Office, draft: UUID, version: int, actor: str) -> Conversation:
    """Asks the last screen again, with what was answered. Raises `Moved`, `Forbidden`."""
    now = office.now()
    with office.write() as tx:
        current = _current(tx, draft, version, actor)
        for step in dialogues.last_answered(current.dialogue, current.answers, current.context):
            drafts.keep(tx, draft, current.case_key, f"{BEFORE}{step.key}", current.answers[step.key], now)
            drafts.drop(tx.conn, draft, step.key)
        drafts.grow(tx.conn, draft, now)
        return _load(tx, draft, actor)


def cancel(office: Office, draft: UUID, actor: str) -> None:
    """Ends the dialogue without a decision and deletes its answers; one that is over stays as it is."""
    with office.write() as tx:
        if _load(tx, draft, actor).state == drafts.OPEN:
            drafts.close(tx.conn, draft, drafts.CANCELLED, office.now())


def preview(office: Office, draft: UUID, actor: str) -> Done:
    """What the finished dialogue would write and change. Raises as `desk.handle`."""
    with office.write(keep=False) as tx:
        current = _load(tx, draft, actor)
        wish = dialogues.wish_of(current.dialogue, current.answers, current.context)
        return desk.handle_in(tx, current.case_key, wish, actor)


def finish(office: Office, draft: UUID, version: int, actor: str) -> Done:
    """Decides and ends the dialogue in one transaction. Raises as `desk.handle`, and `Moved`."""
    with office.write() as tx:
        current = _current(tx, draft, version, actor)
        wish = dialogues.wish_of(current.dialogue, current.answers, current.context)
        done = desk.handle_in(tx, current.case_key, wish, actor)
        drafts.close(tx.conn, draft, drafts.DONE, office.now())
        return done


def _load(tx: Transaction, draft: UUID, actor: str) -> Conversation:
    row = drafts.row(tx.conn, draft)
    return _of(tx, row, drafts.answers(tx, draft), actor)


def _of(tx: Transaction, row: Row[Any], kept: Mapping[str, Answer], actor: str) -> Conversation:
    found = casework.desk(tx, row.case_key, actor, tx.today)
    _check_owner(found, row)
    dialogue = DIALOGUES[row.dialogue]
    casework.admit_dialogue(found, dialogue)
    context = subjects.context(tx, found, dialogue, subjects.Opening.of(kept))
    return _conversation(row, found.view.case, _who(tx, found), context, kept)


def _who(tx: Transaction, found: casework.Desk) -> str:
    seen = may(Action.SEE_NAMES, found.roles, found.relations)
    return called(client_names(tx, [found.case_key]).get(found.case_key, "") if seen else "", found.view.case)


def _mine(tx: Transaction, draft: Draft, actor: str) -> Conversation | None:
    """The dialogue, unless its case is no longer the person's."""
    try:
        return _of(tx, draft.row, drafts.opened(tx, draft), actor)
    except Forbidden:
        return None


def _conversation(row: Row[Any], case: str, who: str, context: Context, kept: Mapping[str, Answer]) -> Conversation:
    dialogue = DIALOGUES[row.dialogue]
    answers = {step: value for step, value in kept.items() if not step.startswith(subjects.MARK)}
    number, total = dialogues.position(dialogue, answers, context)
    return Conversation(
        draft=row.id,
        dialogue=dialogue,
        case_key=row.case_key,
        case=case,
        who=who,
        owner=row.owner,
        state=row.state,
        version=row.version,
        started_at=row.started_at,
        context=context,
        answers=answers,
        lines=[
            Line(step=step.key, question=step.question, answer=dialogues.shown(step, answers[step.key], context))
            for step in dialogues.asked(dialogue, answers, context)
            if step.key in answers
        ],
        steps=dialogues.screen(dialogue, answers, context) if row.state == drafts.OPEN else [],
        before={key.removeprefix(BEFORE): value for key, value in kept.items() if key.startswith(BEFORE)},
        number=number,
        total=total,
    )


def _check_owner(found: casework.Desk, row: Row[Any]) -> None:
    """The person who opened it, or who acts for that person today."""
    if found.actor.key not in (row.owner, found.organisation.acting(row.owner, found.today).person):
        raise Forbidden("Diesen Dialog führt jemand anderes.")


def _current(tx: Transaction, draft: UUID, version: int, actor: str) -> Conversation:
    """The dialogue, if the button was drawn for its state. Raises `Moved`."""
    current = _load(tx, draft, actor)
    if current.state != drafts.OPEN:
        raise Moved(_over(tx, current), current)
    if version != current.version:
        raise Moved("Hier ist inzwischen schon geantwortet worden; so steht der Dialog jetzt.", current)
    return current


def _over(tx: Transaction, current: Conversation) -> str:
    row = drafts.row(tx.conn, current.draft)
    who = directory.label(tx, row.owner)
    what = "abgeschlossen" if current.state == drafts.DONE else "abgebrochen"
    local = row.changed_at.astimezone(tx.now.tzinfo)
    return f"{who} hat diesen Dialog am {words.day(local_day(local))} um {local:%H:%M} Uhr {what}."


def _same(tx: Transaction, case_key: UUID, dialogue: str, actor: str, opening: subjects.Opening) -> UUID | None:
    """The person's open draft of this dialogue about the same thing."""
    for draft in drafts.open_ones(tx.conn, actor, case_key):
        if draft.row.dialogue == dialogue:
            there = subjects.Opening.of(drafts.opened(tx, draft))
            if opening.fresh or (there.subject, there.version) == (opening.subject, opening.version):
                found: UUID = draft.row.id
                return found
    return None


def _prefill(tx: Transaction, draft: UUID, actor: str, given: Mapping[str, Answer]) -> None:
    current = _load(tx, draft, actor)
    fitting = answering.fitting(current.dialogue, current.answers, current.context, given)
    for key, kept in fitting.items():
        drafts.keep(tx, draft, current.case_key, key, kept, tx.now)
        drafts.grow(tx.conn, draft, tx.now)
