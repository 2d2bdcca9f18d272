"""Handovers as they are shown: what is offered to somebody, with its reason and buttons; what waits for others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple

from domain.actions import Action
from domain.dialogues import Subject
from domain.followups import LEAD_AFTER
from domain.handovers import waiting
from domain.knowledge import known
from services.dialogues.conversation import Conversation
from services.office.office import Transaction
from services.people import directory
from services.questions import handovers
from services.questions.handovers import Offer
from services.records.current import Place
from services.web.http.visitor import Visitor


class Shown(NamedTuple):
    """A handover that waits: who has the case and who is to have it, by name; `late` after 14 days."""

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
    conversation: Conversation | None


def read(tx: Transaction, visitor: Visitor, drafts: Sequence[Conversation]) -> tuple[list[Shown], list[Shown]]:
    """What the visitor, or who is stood in for, is to take over, and what they have offered themselves."""
    workers = visitor.workers
    found = handovers.of_workers(tx, workers, visitor.today)
    names = _names(tx, found)
    mine = [one for one in found if one.to in workers]
    received = [_shown(one, names, visitor, drafts, Action.RECEIVE, _reason(tx, one)) for one in mine]
    given = [_shown(one, names, visitor, drafts, Action.HAND_OVER) for one in found if one.to not in workers]
    return received, given


def of_leads(tx: Transaction, visitor: Visitor, led: Collection[Place]) -> list[Shown]:
    """What waits in the (unit, area) pairs the visitor leads, from or to them."""
    found = handovers.of_leads(tx, led, visitor.today)
    names = _names(tx, found) if visitor.names_staff else {}
    return [_shown(one, names, visitor) for one in found]


def _shown(
    one: Offer,
    names: dict[str, str],
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
        name=one.name,
        since=one.since,
        strategy=one.strategy,
        unit=one.unit,
        area=one.area,
        worker=names.get(one.worker, "–") if one.worker else "ohne Zuständigkeit",
        to=names.get(one.to, "–"),
        reason=reason,
        late=visitor.today >= one.since + LEAD_AFTER,
        conversation=next(of_side, None),
    )


def _names(tx: Transaction, found: Sequence[Offer]) -> dict[str, str]:
    return directory.labels(tx, {one.to for one in found} | {one.worker for one in found if one.worker})


def _reason(tx: Transaction, one: Offer) -> str:
    """What the handing-over worker wrote."""
    offer = waiting(known(tx.store.records(tx.conn, one.case_key, with_text=True)))
    return (offer.reason or "") if offer else ""
