"""Handovers as they are shown: what is offered to somebody, with its reason and buttons; what waits for others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from domain.actions import Action
from domain.dialogues import Subject
from domain.followups import LEAD_AFTER
from domain.handovers import waiting
from domain.knowledge import known
from services.dialogues.conversation import Conversation
from services.office.office import Transaction
from services.questions.handovers import Offer
from services.web.http.visitor import Visitor
from services.web.today.tasks import Named


class Shown(NamedTuple):
    """A handover that waits: who has the case and who is to have it, by name; `late` after 14 days.

    `leads`: whether the visitor leads where the case is, and so may open it.
    """

    anchor: str
    number: str
    name: str
    since: dt.date
    strategy: str
    unit: str
    area: str
    worker: str
    to: str
    reason: str
    late: bool
    leads: bool
    conversation: Conversation | None


def shown(
    tx: Transaction, visitor: Visitor, found: Sequence[Offer], drafts: Sequence[Conversation], named: Named
) -> tuple[list[Shown], list[Shown]]:
    """Of these offers what the visitor, or who is stood in for, is to take over, and what they have offered."""
    workers = visitor.workers
    mine = [one for one in found if one.to in workers]
    received = [_shown(one, named, visitor, drafts, Action.RECEIVE, _reason(tx, one)) for one in mine]
    given = [_shown(one, named, visitor, drafts, Action.HAND_OVER) for one in found if one.to not in workers]
    return received, given


def shown_to_leads(visitor: Visitor, found: Sequence[Offer], named: Named) -> list[Shown]:
    """The same of what waits where the visitor leads, from or to there."""
    return [_shown(one, named, visitor) for one in found]


def people(found: Iterable[Offer]) -> set[str]:
    """Who has the cases of these offers, and who is to have them, by directory key."""
    return {person for one in found for person in (one.to, one.worker) if person}


def _shown(
    one: Offer,
    named: Named,
    visitor: Visitor,
    drafts: Sequence[Conversation] = (),
    side: Action | None = None,
    reason: str = "",
) -> Shown:
    """`side`: whose dialogues about it are shown, those of who receives the case or of who hands it over."""
    about = [draft for draft in drafts if draft.case_key == one.case_key]
    of_side = (d for d in about if d.dialogue.subject is Subject.HANDOVER and d.dialogue.action is side)
    return Shown(
        anchor=f"u-{one.case_key.hex}",
        number=one.number,
        name=named.clients.get(one.case_key, ""),
        since=one.since,
        strategy=one.strategy,
        unit=one.unit,
        area=one.area,
        worker=named.staff.get(one.worker, "–") if one.worker else "ohne Zuständigkeit",
        to=named.staff.get(one.to, "–"),
        reason=reason,
        late=visitor.today >= one.since + LEAD_AFTER,
        leads=visitor.organisation.leads(visitor.person, one.from_unit, one.from_area, visitor.today),
        conversation=next(of_side, None),
    )


def _reason(tx: Transaction, one: Offer) -> str:
    """What the handing-over worker wrote."""
    offer = waiting(known(tx.store.records(tx.conn, one.case_key, with_text=True)))
    return (offer.reason or "") if offer else ""
