"""Every question there is; a new one is a row in the module of its topic, named here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.failures import Said
from services.questions import answers
from services.questions.appointments import LEFT_PLANNED
from services.questions.bars import ROLL_OUT
from services.questions.casefile import Answer
from services.questions.due import DUE
from services.questions.legacy import LEGACY
from services.questions.question import Question
from services.questions.stays import STAYS

if TYPE_CHECKING:
    from services.office.office import Transaction

QUESTIONS: dict[str, Question] = {one.id: one for one in (STAYS, DUE, LEGACY, ROLL_OUT, LEFT_PLANNED)}
"""By id, in the order in which they are shown."""


class UnknownQuestion(Said, LookupError):
    """There is no such question; the text is one German sentence."""


def question(name: str) -> Question:
    """The question of this id or number. Raises UnknownQuestion."""
    for one in QUESTIONS.values():
        if name in (one.id, str(one.number)):
            return one
    known = ", ".join(f"{one.number} ({one.id})" if one.number else one.id for one in QUESTIONS.values())
    raise UnknownQuestion(f"Die Frage „{name[:40]}“ gibt es nicht; es gibt {known}.")


def listed(tx: Transaction) -> Answer:
    """The answer of `ask` without a question."""
    return {"questions": [answers.defaults(one, tx.today) for one in QUESTIONS.values()]}
