"""Questions about appointments: which were left on "geplant" (Fachkonzept 6.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, union_all

from domain.facts.base import Lane
from domain.history import SPANS
from domain.things import PLANNED
from services.questions.question import Asked, Column, Frame, Question, Shown
from services.records.tables import spans

if TYPE_CHECKING:
    from services.office.office import Transaction


def _before(tx: Transaction, asked: Asked) -> Frame:
    """Every appointment before the day, with its status on it, of cases that are open on it; found: still planned."""
    source, day = asked.rows(spans), asked.as_of
    one, closed = source.c, asked.rows(spans).alias("closed")
    there = [closed.c.lane == Lane.CASE, closed.c.value == "closed", closed.c.from_day <= day, closed.c.to_day >= day]
    if asked.cases is not None:
        there.append(closed.c.case_key.in_(asked.cases))
    # One set for all rows: asked row by row, SQLite goes through all that are closed for each.
    of_closed = union_all(*(select(closed.c.case_key).where(*there, some) for some in asked.known_parts(tx, closed)))
    every = (
        select(one.case_key, one.thing.label("appointment"), one.day.label("on"), one.facts)
        .where(one.lane == Lane.APPOINTMENT, one.from_day <= day, one.to_day >= day, one.day < day)
        .where(one.case_key.not_in(of_closed))
    )
    return Frame(source, asked.placed(tx, every, source, day), one.value == PLANNED)


LEFT_PLANNED = Question(
    id="left-planned",
    number=25,
    title="Welche vergangenen Termine standen noch auf „geplant“?",
    sentence="Welche Termine vor dem {as_of} standen an diesem Tag noch auf „geplant“, in {area}, in {unit}, "
    "nach Datenstand {known_at}?",
    result="{share} der Termine vor dem {as_of} standen noch auf „geplant“, in {area}, in {unit}.",
    base="alle Termine vor dem {as_of} von Fällen, die an diesem Tag offen waren, gleich mit welchem Status",
    of="vergangenen Termine",
    rows=("Termin", "Termine"),
    file="termine_geplant_{as_of}",
    nothing="Keiner: Alle {n} Termine vor dem {as_of} haben einen Status.",
    none="Vor dem {as_of} gab es nach Datenstand {known_at} keine Termine, in {area}, in {unit}.",
    parameters=(),
    statement=_before,
    columns=(
        Column("appointment", "Termin", Shown.THING),
        Column("on", "Tag des Termins", Shown.DAY),
        Column("days", "vergangen", Shown.DAYS, lambda row, asked: (asked.as_of - row.on).days),
    ),
    topics=frozenset({SPANS, "care"}),
    key=("on", "appointment"),
)
