"""What waits for a lead: requests to decide, what is overdue in the unit, who is away and stood in for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import Label, Row, Select, func, select, union_all

from domain.followups import LEAD_AFTER, followup_id, latest
from domain.organisation import Organisation
from domain.rules import RULES, Theme
from services.messages import inbox
from services.questions.today import TOPICS, is_told, told_of
from services.records import meaning
from services.records.current import Place, by_last_day, cared_for, lying
from services.records.standing import Said, acted, delivered_by, deliveries
from services.records.tables import due_rows, followups, known_still, messages, numbers, segments

if TYPE_CHECKING:
    from services.office.office import Transaction


class Stage(NamedTuple):
    """A due stage of a case of the unit, with what was tried; `worker` is a directory key."""

    case_key: UUID
    number: str
    worker: str | None
    rule: str
    stage: str
    cause: str
    due: dt.date
    reason: dict[str, Any]
    recipients: str
    issued_at: dt.datetime | None
    reminded: int
    snoozes: int
    snoozed_for: str | None
    reminded_at: dt.datetime | None

    @property
    def id(self) -> UUID:
        """The follow-up."""
        return followup_id(self.case_key, self.rule, self.stage, self.cause)


class Overdue(NamedTuple):
    """A case and theme that reached the lead: the latest stage of each rule, the latest first."""

    stages: list[Stage]

    @property
    def case_key(self) -> UUID:
        """The case."""
        return self.stages[0].case_key

    @property
    def number(self) -> str:
        """The number of the case."""
        return self.stages[0].number

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
    listed = _listed(deliveries(tx.conn, day), tuple(led), day)
    rows = [row for row in tx.conn.execute(listed) if is_told(row, day)]
    acting = acted(tx.conn, {row.case_key for row in rows}, day)
    waiting: dict[tuple[UUID, Theme], list[Stage]] = {}
    for row in rows:
        theme = RULES[row.rule].theme
        if not theme.private and theme not in acting.get(row.case_key, ()):
            waiting.setdefault((row.case_key, theme), []).append(_stage(row))
    reached = [Overdue(latest(stages)) for stages in waiting.values() if _reached_lead(organisation, stages, day)]
    return sorted(reached, key=attrgetter("due", "number"))


def absences(organisation: Organisation, workers: Iterable[str | None], day: dt.date) -> list[Away]:
    """Who of these works here and is away on the day."""
    away = sorted(one for one in workers if one and organisation.employed(one, day) and organisation.absent(one, day))
    found = [(one, organisation.acting(one, day).person) for one in away]
    return [Away(one, acting if acting != one else None) for one, acting in found]


@lru_cache(maxsize=64)
def _listed(said: Said, places: tuple[Place, ...], day: dt.date) -> Select[Any]:
    """Built once: putting it together takes longer than running it.

    Said so that SQLite begins with what is listed: of all cases a lead has, few are.
    """
    every = select(due_rows).where(known_still(due_rows), due_rows.c.listed_from <= day, delivered_by(said, day))
    listed = union_all(*(every.where(part) for part in by_last_day(due_rows, day))).subquery()
    care, row = segments.alias(), listed.c
    columns = [row[name] for name in ("case_key", "rule", "stage", "cause", "due", "recipients", "reason")]
    issued = [
        followups.c[name] for name in ("state", "snoozed_until", "issued_at", "reminded", "snoozes", "snoozed_for")
    ]
    return (
        select(*columns, care.c.worker, *issued, numbers.c.number, _by_lead())
        .outerjoin_from(listed, care, cared_for(care, row.case_key, day))
        .outerjoin(followups, told_of(listed))
        .outerjoin(numbers, numbers.c.key == row.case_key)
        .where(lying(func.coalesce(care.c.unit, ""), func.coalesce(care.c.area, ""), places, care.c.team))
    )


def _by_lead() -> Label[dt.datetime | None]:
    """When a lead last reminded of the follow-up."""
    at = select(func.max(messages.c.created_at)).where(messages.c.followup == followups.c.id, inbox.by_lead())
    return at.correlate(followups).scalar_subquery().label("reminded_at")


def _stage(row: Row[Any]) -> Stage:
    tried = (row.issued_at, row.reminded or 0, row.snoozes or 0, row.snoozed_for, row.reminded_at)
    said = (row.rule, row.stage, row.cause, row.due, row.reason, row.recipients)
    return Stage(row.case_key, row.number or "", row.worker, *said, *tried)


def _reached_lead(organisation: Organisation, stages: list[Stage], day: dt.date) -> bool:
    worker = stages[0].worker
    alone = worker is None or not organisation.employed(worker, day)
    return alone or any("lead" in one.recipients or day - one.due >= LEAD_AFTER for one in stages)
