"""What waits for a lead: requests to decide, what is overdue in the unit, who is away and stood in for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, select

from domain.followups import LEAD_AFTER, State, followup_id, latest
from domain.organisation import Organisation
from domain.rules import RULES, Theme
from services.questions.cases import client_names
from services.questions.today import TOPICS
from services.records import meaning
from services.records.current import Place, cared_for, held, placed
from services.records.standing import acted, told
from services.records.tables import due_rows, followups, segments

if TYPE_CHECKING:
    from services.office.office import Transaction


class Stage(NamedTuple):
    """A due stage of a case of the unit, with what was tried; `worker` is a directory key."""

    case_key: UUID
    worker: str | None
    rule: str
    stage: str
    due: dt.date
    reason: dict[str, Any]
    recipients: str
    issued_at: dt.datetime | None
    reminded: int
    snoozes: int


class Overdue(NamedTuple):
    """A case and theme that reached the lead: the latest stage of each rule, the latest first."""

    number: str
    name: str
    stages: list[Stage]

    @property
    def due(self) -> dt.date:
        """The day since which it waits."""
        return min(stage.due for stage in self.stages)

    @property
    def worker(self) -> str | None:
        """Who is responsible."""
        return self.stages[0].worker


class Away(NamedTuple):
    """Somebody absent today; `acting` is who stands in, nothing if nobody does."""

    person: str
    acting: str | None


def overdue(tx: Transaction, organisation: Organisation, led: Collection[Place], day: dt.date) -> list[Overdue]:
    """What of the led (unit, area) pairs names the lead, was due 14 days ago or has nobody; the oldest first.

    Themes somebody is acting on, and stages put off, are left out. Raises Waiting.
    """
    meaning.digests(tx.conn, TOPICS)
    rows = tx.conn.execute(_listed(tx.conn, led, day)).all()
    keys = {row.case_key for row in rows}
    told, acting = _told(tx.conn, keys), acted(tx.conn, keys, day)
    waiting: dict[tuple[UUID, Theme], list[Stage]] = {}
    for row in rows:
        theme = RULES[row.rule].theme
        one = told.get(followup_id(row.case_key, row.rule, row.stage, row.cause))
        put_off = one is not None and one.state == State.SNOOZED and one.snoozed_until > day
        if not put_off and theme not in acting.get(row.case_key, ()):
            waiting.setdefault((row.case_key, theme), []).append(_stage(row, one))
    reached = [latest(stages) for stages in waiting.values() if _reached_lead(organisation, stages, day)]
    return _named(tx, reached)


def absences(conn: Connection, organisation: Organisation, led: Collection[Place], day: dt.date) -> list[Away]:
    """Who of the workers with cases in the led (unit, area) pairs is away on the day."""
    care = segments.c
    gone = organisation.away(day)
    here = placed(segments, led)
    with_cases = select(care.worker).where(held(segments, "care", day), care.worker.in_(gone), here).distinct()
    found = [(one, organisation.acting(one, day).person) for one in sorted(conn.scalars(with_cases))]
    return [Away(one, acting if acting != one else None) for one, acting in found]


def _listed(conn: Connection, places: Collection[Place], day: dt.date) -> Any:
    care = segments.alias()
    here = placed(care, places)
    found = select(due_rows, care.c.worker).join_from(due_rows, care, cared_for(care, due_rows.c.case_key, day))
    return found.where(told(conn, day), here).order_by(due_rows.c.due)


def _told(conn: Connection, cases: Collection[UUID]) -> dict[UUID, Any]:
    return {row.id: row for row in conn.execute(select(followups).where(followups.c.case_key.in_(cases)))}


def _stage(row: Any, told: Any) -> Stage:
    tried = (told.issued_at, told.reminded, told.snoozes) if told else (None, 0, 0)
    return Stage(row.case_key, row.worker, row.rule, row.stage, row.due, row.reason, row.recipients, *tried)


def _reached_lead(organisation: Organisation, stages: list[Stage], day: dt.date) -> bool:
    worker = stages[0].worker
    alone = worker is None or not organisation.employed(worker, day)
    return alone or any("lead" in one.recipients or day - one.due >= LEAD_AFTER for one in stages)


def _named(tx: Transaction, found: list[list[Stage]]) -> list[Overdue]:
    keys = {stages[0].case_key for stages in found}
    numbers, names = tx.store.numbers(tx.conn, keys), client_names(tx, keys)
    rows = [Overdue(numbers.get(one[0].case_key, ""), names.get(one[0].case_key, ""), one) for one in found]
    return sorted(rows, key=lambda row: row.due)
