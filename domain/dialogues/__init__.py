"""Text modules and forms as data: which step comes next, what an answer must be, which wish the answers make.

The answers are the state: step key -> text, ISO day or list of codes. Nothing else is remembered, so a dialogue goes on
wherever it is opened again. The same steps drive the chat, the plain form and the printed text.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.dialogues import (
    aims,
    appointment,
    bars,
    choice,
    contact,
    documentation,
    extension,
    handover,
    later,
    meetings,
    overdue,
    own,
    profile,
    prospects,
    request,
    work,
)
from domain.dialogues.engine import (
    applies,
    asked,
    check,
    check_all,
    last_answered,
    next_step,
    position,
    screen,
    shown,
    why_not,
    wish_of,
)
from domain.dialogues.row import Answer, Answers, Choice, Context, Dialogue, InMessage, Step, Subject, Typed

DIALOGUES: Mapping[str, Dialogue] = {  # their buttons stand in this order
    dialogue.name: dialogue
    for dialogue in (
        own.DONE,
        own.MOVE,
        bars.CONFIRM,
        extension.EXTENSION,
        choice.RIGHT,
        choice.OVERLAP,
        bars.CHANGE,
        bars.END,
        bars.SET,
        bars.OTHER_BAR,
        bars.ALG1_BAR,
        aims.WISH,
        aims.AGREE,
        profile.GRADUATE,
        profile.REPROFILE,
        prospects.PROGNOSIS,
        prospects.GAP,
        meetings.MISSED,
        meetings.NECESSITY,
        meetings.NEXT,
        appointment.PLAN,
        appointment.STATUS,
        contact.CALL,
        documentation.STEP,
        documentation.FILED,
        own.SET,
        work.JOB,
        work.JOB_ENDED,
        work.NEW_BAR,
        handover.OFFER,
        handover.ACCEPT,
        handover.REJECT,
        handover.WITHDRAW,
        request.APPROVE,
        request.RETURN,
        request.REJECT,
        request.WITHDRAW,
        overdue.ACCEPT,
        overdue.TAKE_OVER,
        overdue.ASSIGN,
        later.LATER,
        later.DISPUTE,
    )
}

__all__ = [
    "DIALOGUES",
    "Answer",
    "Answers",
    "Choice",
    "Context",
    "Dialogue",
    "InMessage",
    "Step",
    "Subject",
    "Typed",
    "applies",
    "asked",
    "check",
    "check_all",
    "last_answered",
    "next_step",
    "position",
    "screen",
    "shown",
    "why_not",
    "wish_of",
]
