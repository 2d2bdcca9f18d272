"""A dialogue as a template shows it: what was said, the next question, or what would be written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from domain.decisions.extension import needs_next_level
from domain.decisions.refusal import Refused
from domain.facts.extension import ExtensionRequested
from services.casework import case
from services.casework.desk import Stale
from services.dialogues import conversation
from services.dialogues.conversation import Conversation
from services.office.office import Office, Transaction
from services.people import directory
from services.records.words import alphabetical
from services.web.case import changes, hints
from services.web.http.visitor import Visitor


def block(office: Office, visitor: Visitor, current: Conversation) -> dict[str, Any]:
    """What `conversation.html` shows: the steps given, the next question, or what would be written."""
    shown: dict[str, Any] = {
        "conversation": current,
        "changes": None,
        "refused": "",
        "deciders": "",
        "above": False,
        "hints": [],
    }
    if current.step is None and current.state == "open":
        try:
            done = conversation.preview(office, current.draft, visitor.person)
        except Refused as error:
            shown["refused"] = " ".join(sentence for _, sentence in error.reasons)
        except Stale as error:
            shown["refused"] = error.sentence
        else:
            shown["changes"] = changes.spoken(done.changes)
            shown["hints"] = hints.of(office, visitor, current.case_key, done.changes.is_now.timeline, done.entries)
            asked = next((one.fact for one in done.entries if isinstance(one.fact, ExtensionRequested)), None)
            if asked is not None:
                with office.read() as tx:
                    shown |= _deciders(tx, visitor, current.case_key, asked)
    return shown


def _deciders(tx: Transaction, visitor: Visitor, case_key: UUID, asked: ExtensionRequested) -> dict[str, Any]:
    """The names of those who would decide this request, and whether it goes past the nearest lead."""
    about = directory.about(tx.conn, case_key, visitor.today)
    timeline = case.view(tx, case_key, visitor.today).timeline
    above = needs_next_level(asked, asked.until, timeline, visitor.today)
    found = visitor.organisation.approvers(
        about.unit, about.area, visitor.today, visitor.person, above=above, team=about.team
    )
    names = sorted(directory.labels(tx, [one.person for one in found]).values(), key=alphabetical)
    return {"deciders": ", ".join(names), "above": above}
