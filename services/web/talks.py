"""A dialogue as a template shows it: what was said, the next question, or what would be written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from domain.decisions.refusal import Refused
from services import conversation, directory
from services.conversation import Conversation
from services.desk import Stale
from services.office import Office
from services.web import changes
from services.web.visitor import Visitor


def block(office: Office, visitor: Visitor, current: Conversation) -> dict[str, Any]:
    """What `conversation.html` shows: the steps given, the next question, or what would be written."""
    shown: dict[str, Any] = {"conversation": current, "changes": None, "refused": "", "deciders": ""}
    if current.step is None and current.state == "open":
        try:
            done = conversation.preview(office, current.draft, visitor.person)
        except Refused as error:
            shown["refused"] = " ".join(sentence for _, sentence in error.reasons)
        except Stale as error:
            shown["refused"] = error.sentence
        else:
            shown["changes"] = changes.spoken(done.changes)
            if current.dialogue.name == "extension":
                with office.read() as conn:
                    shown["deciders"] = _deciders(office, conn, visitor, current.case_key)
    return shown


def _deciders(office: Office, conn: Connection, visitor: Visitor, case_key: UUID) -> str:
    """The names of those who would decide a request of this visitor."""
    about = directory.about(office, conn, case_key, visitor.today)
    found = visitor.organisation.approvers(about.unit, about.area, visitor.today, visitor.person)
    return ", ".join(directory.labels(office, conn, [one.person for one in found]).values())
