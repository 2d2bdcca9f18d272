"""Who is told about a handover: the receiver of the offer, the handing-over worker of the answer (domain.md 5.3)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from domain.decisions.view import CaseView
from domain.facts.base import name_of
from domain.facts.case import HandoverAccepted, HandoverInitiated, HandoverRejected
from domain.handovers import READS
from domain.knowledge import Known
from services.messages import inbox
from services.messages.inbox import Kind
from services.people import directory

if TYPE_CHECKING:
    from services.messages.decisions import Announcer


def announce(announcer: Announcer, after: CaseView, correlation_id: str) -> list[str]:
    """Shows the offer that waits and the answer just given; the beginnings of the keys of the messages that stand."""
    steps = [one for one in after.known if type(one.fact) in READS]
    kept = []
    for offered, answer in pairwise([*steps, None]):
        if offered is None or not isinstance(offered.fact, HandoverInitiated):
            continue
        if answer is None:
            kept.append(_offer(announcer, offered, offered.fact))
        elif isinstance(answer.fact, HandoverAccepted | HandoverRejected):
            kept.append(f"{Kind.ANSWER}/{answer.ref}")
            if answer.correlation_id == correlation_id:
                _answer(announcer, offered, offered.fact, answer)
    return kept


def _offer(announcer: Announcer, offered: Known, fact: HandoverInitiated) -> str:
    key = f"{Kind.OFFER}/{offered.ref}"
    to = directory.person_key(announcer.office, announcer.conn, fact.to_worker)
    if to is not None:
        acting = announcer.organisation.acting(to, announcer.today)
        data = {"by": _key(announcer, offered.by), "strategy": fact.intended_strategy}
        inbox.show(announcer.conn, Kind.OFFER, key, acting, announcer.case_key, data, announcer.now)
    return key


def _answer(announcer: Announcer, offered: Known, fact: HandoverInitiated, answer: Known) -> None:
    """Another strategy than the intended one is told as such (domain.md 5.3 no. 3)."""
    data: dict[str, Any] = {"outcome": name_of(answer.fact), "by": _key(announcer, answer.by)}
    if isinstance(answer.fact, HandoverAccepted) and answer.fact.strategy != fact.intended_strategy:
        data |= {"strategy": answer.fact.strategy, "intended": fact.intended_strategy}
    acting = announcer.organisation.acting(_key(announcer, offered.by), announcer.today)
    key = f"{Kind.ANSWER}/{answer.ref}"
    inbox.show(announcer.conn, Kind.ANSWER, key, acting, announcer.case_key, data, announcer.now)


def _key(announcer: Announcer, person_id: str) -> str:
    return directory.person_key(announcer.office, announcer.conn, person_id) or person_id
