"""Who is told about a decision: the leads about a request, the worker about the answer, also one that is taken back,
and about what R-18 wrote.

Rows are written in the transaction of the decision; data hold codes, days and keys, never prose.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from msgspec import Struct
from sqlalchemy import bindparam, select, update

from domain.decisions import alg1
from domain.decisions.extension import needs_next_level
from domain.decisions.strategy import strategy_of
from domain.decisions.view import CaseView
from domain.facts.base import name_of
from domain.facts.case import HandoverAccepted, HandoverInitiated, HandoverRejected
from domain.facts.correction import FactWithdrawn
from domain.facts.extension import ExtensionApproved, ExtensionRejected, ExtensionRequested, ExtensionReturned
from domain.facts.strategy import NonStrategyBarEnded, NonStrategyBarSet
from domain.handovers import READS
from domain.knowledge import Known
from domain.organisation import Acting, Organisation
from domain.periods import DAY
from domain.permissions import About
from domain.records import Entry, Record
from domain.requests import is_settled
from domain.stretches import at
from domain.things import Extension
from services.messages import inbox
from services.messages.inbox import Kind
from services.people import directory
from services.records.codec import in_clear
from services.records.tables import messages

if TYPE_CHECKING:
    from services.office.office import Transaction

_ANSWERS = (ExtensionApproved, ExtensionReturned, ExtensionRejected)


class Announcer(Struct, frozen=True, kw_only=True):
    """The transaction of one decision about one case; `now` and `today` are those of the decision."""

    tx: Transaction
    case_key: UUID
    now: dt.datetime
    today: dt.date
    organisation: Organisation
    about: About


def announce(announcer: Announcer, after: CaseView, entries: Sequence[Entry], correlation_id: str) -> None:
    """Brings the messages about the case's requests in line with it, and tells what was answered and written."""
    open_requests = [one for one in after.timeline.extensions if one.decided is None]
    kept = [key for extension in open_requests for key in _ask(announcer, after, extension)]
    answered = [one for one in after.timeline.extensions if one.decided and isinstance(one.decided.fact, _ANSWERS)]
    for extension in answered:
        decided = cast(Known, extension.decided)
        if not is_settled(extension, after.timeline.extensions, after.known):
            kept.append(_answer_key(decided))
        if decided.correlation_id == correlation_id:
            _answer(announcer, extension, decided)
    kept += _handovers(announcer, after, correlation_id)
    if any(isinstance(record.fact, ExtensionRequested | HandoverInitiated) for record in after.records):
        _finish_others(announcer, kept)
    if said := _what_the_rule_wrote(after, entries):
        _inform(announcer, announcer.about.worker, {"rule": "R-18", **said}, correlation_id)
    _tell_taken_back(announcer, after, entries, correlation_id)


def _ask(announcer: Announcer, view: CaseView, extension: Extension) -> list[str]:
    """An open request stands with everyone who may decide it; returns the beginnings of the messages' keys."""
    asked = extension.facts[0]
    fact = cast(ExtensionRequested, asked.fact)
    requester = _key(announcer, asked.by)
    ref = announcer.tx.office.vault.ref(extension.request)
    above = needs_next_level(fact, fact.until, view.timeline, announcer.today)
    about, organisation = announcer.about, announcer.organisation
    key = f"{Kind.REQUEST}/{ref}"
    data = {"request": ref, "until": fact.until.isoformat(), "by": requester} | ({"above": True} if above else {})
    for acting in organisation.approvers(
        about.unit, about.area, announcer.today, requester, above=above, team=about.team
    ):
        _ask_one(announcer, key, acting, data)
    return [key]


def _ask_one(announcer: Announcer, key: str, acting: Acting, data: dict[str, Any]) -> None:
    """Shown and mailed once; a request that was closed and is open again stands with the same people again."""
    conn = announcer.tx.conn
    if not inbox.show_and_mail(conn, Kind.REQUEST, key, acting, announcer.case_key, data, announcer.now):
        again = messages.c.unique_key == inbox.unique_key(key, acting)
        conn.execute(update(messages).where(again).values(done_at=None))


def _answer(announcer: Announcer, extension: Extension, decided: Known) -> None:
    fact = decided.fact
    ref = announcer.tx.office.vault.ref(extension.request)
    data: dict[str, Any] = {"request": ref, "outcome": name_of(fact), "by": _key(announcer, decided.by)}
    about = announcer.about
    lead = announcer.organisation.in_place_of(data["by"], about.unit, about.area, announcer.today, about.team)
    if lead is not None:
        data["in_place_of"] = lead
    if isinstance(fact, ExtensionApproved):
        data["until"] = fact.until.isoformat()
    if isinstance(fact, ExtensionRejected):
        data["instruct"] = fact.instruct
    requester = _key(announcer, extension.facts[0].by)
    acting = announcer.organisation.acting(requester, announcer.today)
    key, case = _answer_key(decided), announcer.case_key
    inbox.show_and_mail(announcer.tx.conn, Kind.ANSWER, key, acting, case, data, announcer.now)


def _answer_key(decided: Known) -> str:
    return f"{Kind.ANSWER}/{decided.ref}"


def _what_the_rule_wrote(after: CaseView, entries: Sequence[Entry]) -> dict[str, Any]:
    """What R-18 set, ended or took back, as the name of the text (`notifications.render.info`) and its data."""
    for entry in entries:
        if entry.by == alg1.RULE and isinstance(entry.fact, NonStrategyBarSet):
            bar = at(after.timeline.bars, entry.on - DAY)
            strategy = {"strategy": strategy_of(bar)} if bar is not None else {}
            return {"info": "alg1-bar-set", "first": entry.on.isoformat(), **strategy}
        if entry.by == alg1.RULE and isinstance(entry.fact, NonStrategyBarEnded):
            return {"info": "alg1-bar-ended", "last": entry.on.isoformat()}
    for record in _withdrawn(after, entries):
        if record.by == alg1.RULE and isinstance(record.fact, NonStrategyBarSet):
            return {"info": "alg1-bar-taken-back", "first": record.on.isoformat()}
    return {}


def _withdrawn(after: CaseView, entries: Sequence[Entry]) -> list[Record]:
    """What the decision takes back."""
    targets = {entry.fact.target for entry in entries if isinstance(entry.fact, FactWithdrawn)}
    return [record for record in after.records if record.id in targets]


def _inform(announcer: Announcer, person: str | None, data: dict[str, Any], correlation_id: str) -> None:
    """Shown to a person (directory key), if there is one; nothing is asked, nothing is mailed singly."""
    if person is None:
        return
    acting = announcer.organisation.acting(person, announcer.today)
    key = f"{Kind.INFO}/{correlation_id}"
    inbox.show(announcer.tx.conn, Kind.INFO, key, acting, announcer.case_key, data, announcer.now)


def _tell_taken_back(announcer: Announcer, after: CaseView, entries: Sequence[Entry], correlation_id: str) -> None:
    """Whoever asked is told that an answer no longer holds: they have read it, perhaps, and count on it."""
    asked = {one.request: one for one in after.timeline.extensions}
    for record in _withdrawn(after, entries):
        if isinstance(record.fact, _ANSWERS) and record.fact.request in asked:
            request = asked[record.fact.request]
            said = {"outcome": name_of(record.fact), "on": record.on.isoformat(), "waits": request.decided is None}
            requester = _key(announcer, request.facts[0].by)
            _inform(announcer, requester, {"rule": "R-06", "info": "answer-taken-back", **said}, correlation_id)


def _finish_others(announcer: Announcer, kept: Sequence[str]) -> None:
    """Messages about requests that are no longer open, and answers that no longer hold, are done."""
    conn = announcer.tx.conn
    rows = conn.execute(_open, {"case": announcer.case_key}).all()
    over = [row.id for row in rows if not row.unique_key.startswith(tuple(f"{key}/" for key in kept))]
    if over:
        conn.execute(update(messages).where(messages.c.id.in_(over)).values(done_at=announcer.now))


_open = (  # built once: putting a statement together takes longer than running it
    select(messages.c.id, messages.c.unique_key)
    .where(messages.c.case_key == bindparam("case"), messages.c.done_at.is_(None))
    .where(messages.c.kind.in_((Kind.REQUEST, Kind.ANSWER, Kind.OFFER)))
)


def _key(announcer: Announcer, person_id: str) -> str:
    """The directory key of a person's id; what is no person of the directory stands for itself, as far as a code."""
    return directory.person_key(announcer.tx, person_id) or in_clear(person_id, announcer.tx.office.vault.ref)


# --- handovers ---


def _handovers(announcer: Announcer, after: CaseView, correlation_id: str) -> list[str]:
    """Shows the offer that waits to its receiver, and the answer just given to who handed over (Fachkonzept 5.3).

    Returns the beginnings of the keys of the messages that stand.
    """
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
                _answer_handover(announcer, offered, offered.fact, answer)
    return kept


def _offer(announcer: Announcer, offered: Known, fact: HandoverInitiated) -> str:
    key = f"{Kind.OFFER}/{offered.ref}"
    to = directory.person_key(announcer.tx, fact.to_worker)
    if to is not None:
        acting = announcer.organisation.acting(to, announcer.today)
        data = {"by": _key(announcer, offered.by), "strategy": fact.intended_strategy}
        inbox.show(announcer.tx.conn, Kind.OFFER, key, acting, announcer.case_key, data, announcer.now)
    return key


def _answer_handover(announcer: Announcer, offered: Known, fact: HandoverInitiated, answer: Known) -> None:
    """Another strategy than the intended one is told as such (Fachkonzept 5.3 no. 3)."""
    data: dict[str, Any] = {"outcome": name_of(answer.fact), "by": _key(announcer, answer.by)}
    if isinstance(answer.fact, HandoverAccepted) and answer.fact.strategy != fact.intended_strategy:
        data |= {"strategy": answer.fact.strategy, "intended": fact.intended_strategy}
    acting = announcer.organisation.acting(_key(announcer, offered.by), announcer.today)
    key = f"{Kind.ANSWER}/{answer.ref}"
    inbox.show(announcer.tx.conn, Kind.ANSWER, key, acting, announcer.case_key, data, announcer.now)
