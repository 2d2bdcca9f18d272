"""What is due in one case on a day, and what is still to come, as known at a moment: one statement."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from domain.followups import State, followup_id
from domain.rules import RULES
from services.questions.today import told_of
from services.records import meaning, standing
from services.records.tables import due_rows, followups

if TYPE_CHECKING:
    from services.office.office import Transaction

LIMIT, CHECK = 3, 2  # strengths of stages (domain.rules)


class Stage(NamedTuple):
    """A stage of a rule in the case, listed from `listed_from` on; `snoozed`: put off until that day, if it is, and
    why.

    `told`: somebody is told of it singly, so that it can be put off or said to be wrong; else it stands in lists alone.
    """

    id: UUID
    case_key: UUID
    rule: str
    stage: str
    cause: str
    due: dt.date
    listed_from: dt.date
    reason: dict[str, Any]
    snoozed: dt.date | None
    snoozed_for: str | None
    told: bool

    @property
    def strength(self) -> int:
        """How strong the stage is among those of its rule."""
        return RULES[self.rule].stages[self.stage].strength


def stages(tx: Transaction, case_key: UUID, day: dt.date, known_at: dt.datetime | None = None) -> list[Stage]:
    """Every stage listed on the day or later, by its first day; what was put off counts as known now alone.

    Rules that are off, or only counted, are left out. Raises Waiting.
    """
    meaning.digests(tx.conn, tuple(RULES))
    at, row, told = known_at or standing.STILL, due_rows.c, followups.c
    columns = (row.rule, row.stage, row.cause, row.due, row.listed_from, row.reason, told.state, told.snoozed_until)
    singly = standing.delivered(tx.conn, day).label("singly")
    known = (row.known_from <= at, row.known_to > at)
    chosen = (
        select(*columns, told.snoozed_for, singly)
        .outerjoin_from(due_rows, followups, told_of(due_rows))
        .where(row.case_key == case_key, row.listed_to >= day, *known, standing.shown(tx.conn, due_rows, day, at))
        .order_by(row.listed_from, row.rule)
    )
    found = []
    for one in tx.conn.execute(chosen):
        put_off = known_at is None and one.state == State.SNOOZED and one.snoozed_until > day
        key = followup_id(case_key, one.rule, one.stage, one.cause)
        until, why = (one.snoozed_until, one.snoozed_for) if put_off else (None, None)
        told_of_it = one.rule, one.stage, one.cause, one.due, one.listed_from, one.reason
        found.append(Stage(key, case_key, *told_of_it, until, why, bool(one.singly)))
    return found


def deadlines(found: list[Stage]) -> list[Stage]:
    """Of each rule its first limit, or where it has none its first check."""
    limits = {RULES[one.rule].id for one in found if one.strength >= LIMIT}
    first: dict[str, Stage] = {}
    for one in found:
        if one.strength >= (LIMIT if one.rule in limits else CHECK):
            first.setdefault(one.rule, one)
    return list(first.values())
