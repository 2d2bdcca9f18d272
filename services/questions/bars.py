"""Questions about bars as they were set: which begin in a period (Fachkonzept 6, 9)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select

from domain.history import ENTRIES
from services.questions.parameters import DAY, Parameter, always
from services.questions.question import Asked, Column, Frame, Question, Shown
from services.records.tables import entries

if TYPE_CHECKING:
    from services.office.office import Transaction


def _set(tx: Transaction, asked: Asked) -> Frame:
    """Every bar set up to the day, on its day as corrected; found: those of the period."""
    source = asked.rows(entries)
    one = source.c
    every = select(one.case_key, one.day.label("on"), one.codes, one.recorded_at, one.ref).where(
        one.name == "strategy-bar-set", one.day <= asked.as_of
    )
    return Frame(
        source, asked.placed(tx, every, source, one.day), one.day.between(asked.values["from"], asked.values["to"])
    )


ROLL_OUT = Question(
    id="roll-out",
    number=9,
    title="Welche Balken beginnen in einem Zeitraum?",
    sentence="Welche Balken beginnen vom {from} bis {to}, gesetzt bis zum {as_of}, in {area}, in {unit}, "
    "nach Datenstand {known_at}?",
    result="{share} der bis zum {as_of} begonnenen Balken beginnen vom {from} bis {to}, in {area}, in {unit}.",
    base="alle Balken jeder Strategie, die bis zum {as_of} beginnen, wann immer sie erfasst wurden",
    of="begonnenen Balken",
    rows=("Balken", "Balken"),
    file="balken_{from}_{to}",
    none="Bis zum {as_of} begann nach Datenstand {known_at} kein Balken, in {area}, in {unit}.",
    parameters=(
        Parameter("from", DAY, "von", always(dt.date(2018, 1, 1))),
        Parameter("to", DAY, "bis", always(dt.date(2018, 3, 31))),
    ),
    statement=_set,
    columns=(
        Column("on", "Beginn", Shown.DAY),
        Column("strategy", "Handlungsstrategie", Shown.CODE, lambda row, _: row.codes.get("strategy")),
        Column("recorded_at", "erfasst am", Shown.MOMENT),
        Column("migrated", "aus der Umstellung", Shown.YES, lambda row, _: row.codes.get("migrated", False)),
    ),
    topics=frozenset({ENTRIES, "care"}),
    key=("on", "ref"),
    behind=lambda tx, asked, rows: [[row.ref] for row in rows],
)
