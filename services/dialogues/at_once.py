"""A dialogue whose answers are all known: opened, answered and decided at once, without anything kept between."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from domain import dialogues
from domain.decisions.refusal import Refused
from domain.dialogues import DIALOGUES, Answer
from services.casework import case as casework
from services.casework import desk
from services.casework.desk import Done
from services.dialogues import answers as answering
from services.dialogues import subjects
from services.followups import lifecycle

if TYPE_CHECKING:
    from services.office.office import Office


def decide(
    office: Office,
    case_key: UUID,
    dialogue: str,
    given: Mapping[str, Answer],
    actor: str,
    *,
    followups: Collection[UUID],
    subject: str = "",
) -> Done:
    """What the dialogue of this name would decide with these answers, if all of the follow-ups are still due.

    `subject` as for `conversation.start`. Raises `Refused`, also with what is still to be asked, `desk.Stale`,
    `Forbidden`, and LookupError for an unknown dialogue or subject.
    """
    kind = DIALOGUES[dialogue]
    with office.write() as tx:
        found = casework.desk(tx, case_key, actor, tx.today)
        casework.admit_dialogue(found, kind)
        if not {one.id for one in lifecycle.stages(tx.conn, case_key, tx.today)}.issuperset(followups):
            raise Refused([("", "Diese Aufgabe ist nicht mehr offen.")])
        context = subjects.context(tx, found, kind, subjects.opening(tx, found, kind.subject, subject))
        sentence = dialogues.why_not(kind, context)
        if sentence is not None:
            raise Refused([("", sentence)])
        answers = answering.checked(kind, {}, context, given)
        return desk.handle_in(tx, case_key, dialogues.wish_of(kind, answers, context), actor)
