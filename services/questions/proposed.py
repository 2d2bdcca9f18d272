"""What was proposed for the settings of the office and what became of it, as programs read it (Vertrag 3)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import msgspec

from domain.facts.office import ProposalDecided
from domain.knowledge import known
from domain.proposals import Proposal, proposals
from services.people import directory
from services.questions.casefile import moment
from services.records import rulebook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.office.office import Transaction

COLUMNS = ("proposal", "becomes", "on", "data", "by", "recorded_at", "outcome", "decided_by", "decided_at", "reason")


def listed(tx: Transaction, day: dt.date) -> dict[str, Any]:
    """All proposals as they stand on a day, the latest first; persons by id."""
    every = proposals(known(rulebook.settings(tx.conn), None))
    people = directory.keys(by.by for one in every for by in (one.made, one.decided) if by is not None)
    numbers = tx.store.numbers(tx.conn, people.values())
    ids = {person: numbers[key] for person, key in people.items() if key in numbers}
    rows = [_row(one, day, ids) for one in every]
    return {"on": day.isoformat(), "count": len(rows), "rows": rows}


def _row(one: Proposal, day: dt.date, ids: Mapping[str, str]) -> dict[str, Any]:
    data = msgspec.to_builtins(one.fact)
    decided = one.decided
    reason = decided.fact.reason if decided and isinstance(decided.fact, ProposalDecided) else None
    return {
        "proposal": one.made.ref,
        "becomes": data.pop("becomes"),
        "on": one.made.on.isoformat(),
        "data": {field: value for field, value in data.items() if value is not None},
        "by": ids.get(one.made.by, one.made.by),
        "recorded_at": moment(one.made.recorded_at),
        "outcome": str(one.outcome(day)),
        "decided_by": ids.get(decided.by, decided.by) if decided else None,
        "decided_at": moment(decided.recorded_at) if decided else None,
        "reason": reason,
    }
