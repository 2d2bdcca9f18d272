"""The Altfälle: what is due and was caused before its rule began to be told, so that nobody is told of it singly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select

from domain.rules import RULES
from services.questions import due
from services.questions.question import Asked, Frame
from services.records import meaning, standing
from services.records.current import Place, cared_for, listed, placed
from services.records.tables import due_rows, numbers, segments

if TYPE_CHECKING:
    from services.office.office import Transaction


class Legacy(NamedTuple):
    """An Altfall as known now; `worker` is a directory key."""

    case_key: UUID
    number: str
    worker: str | None
    unit: str
    area: str | None
    rule: str
    stage: str
    due: dt.date
    caused_on: dt.date
    reason: dict[str, Any]

    @property
    def name(self) -> str:
        """What a form calls it."""
        return f"{self.rule}|{self.stage}|{self.due.isoformat()}|{self.number}"


def of_places(tx: Transaction, places: Collection[Place], day: dt.date) -> list[Legacy]:
    """All of these (unit, area) pairs, by due day; own follow-ups are nobody else's. Raises Waiting."""
    meaning.digests(tx.conn, ("care", *RULES))
    row, care = due_rows.c, segments.c
    columns = [row.rule, row.stage, row.due, row.caused_on, row.reason]
    chosen = _chosen(tx, places, day).add_columns(row.case_key, numbers.c.number, care.worker, care.unit, care.area)
    found = chosen.add_columns(*columns).outerjoin(numbers, numbers.c.key == row.case_key).order_by(row.due, row.id)
    return [
        Legacy(
            one.case_key, one.number or "", one.worker, one.unit, one.area, one.rule, one.stage, one.due, one.caused_on,
            one.reason,
        )
        for one in tx.conn.execute(found)
    ]  # fmt: skip


def count(tx: Transaction, places: Collection[Place], day: dt.date) -> int:
    """How many there are; nothing is asked where no rule has any."""
    if not standing.has_legacy(tx.conn, day):
        return 0
    return tx.conn.execute(_chosen(tx, places, day).add_columns(func.count())).scalar() or 0


def _chosen(tx: Transaction, places: Collection[Place], day: dt.date) -> Select[Any]:
    private = [rule.id for rule in RULES.values() if rule.theme.private]
    there = (listed(day), standing.legacy(tx.conn, due_rows, day), due_rows.c.rule.not_in(private))
    joined = due_rows.join(segments, cared_for(segments, due_rows.c.case_key, day))
    return select().select_from(joined).where(*there, placed(segments, places))


def _statement(tx: Transaction, asked: Asked) -> Frame:
    return due.placed(tx, asked, standing.legacy)


LEGACY = due.DUE._replace(
    id="legacy",
    title="Welche Altfälle waren an einem Tag offen?",
    sentence="Welche Altfälle waren am {as_of} offen, zu {rule}, in {case}, in {area}, in {unit}, "
    "nach Datenstand {known_at}?",
    result="Offene Altfälle am {as_of}: {k}, zu {rule}, in {case}, in {area}, in {unit}.",
    base="alle Wiedervorlagen dieses Tages, deren Ursache vor dem Beginn ihrer Regel liegt",
    of="offenen Altfälle",
    rows=("Altfall", "Altfälle"),
    file="altfaelle_{as_of}",
    nothing="Am {as_of} war kein Altfall offen.",
    none="Am {as_of} war nach Datenstand {known_at} kein Altfall offen: zu {rule}, in {case}, in {area}, in {unit}.",
    statement=_statement,
)
