"""Which follow-ups are open on a day, as known at a moment: one statement over the due rows (Vertrag 3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Row, Select, case, select

from domain.facts import Stream
from domain.knowledge import Reading
from domain.rules import RULES
from domain.rules.rule import BY, set_by
from notifications import render
from services.people import directory
from services.questions import answers
from services.questions.casefile import Answer, UnknownCase, moment
from services.questions.parameters import CASE, RULE, Parameter, always
from services.questions.question import Asked, Column, Frame, Question, Shown
from services.records import rulebook, standing
from services.records.current import by_last_day
from services.records.tables import due_rows, segments
from services.records.words import number_typed

if TYPE_CHECKING:
    from services.office.office import Transaction


Counts = Callable[..., ColumnElement[bool]]


class Wanted(NamedTuple):
    """What a list of follow-ups asks for; nothing named: all of today as known now.

    `cases`: a statement of case keys, no others.
    """

    on: dt.date | None = None
    known_at: dt.datetime | None = None
    case: str | None = None
    rule: str | None = None
    reading: Reading = Reading.ARRIVAL
    cases: Select[tuple[UUID]] | None = None


def due(tx: Transaction, wanted: Wanted, *, limit: int | None = None, after: str | None = None) -> Answer:
    """The answer of `due`, sorted by case and due day.

    `limit` counts rows; `after` is a case, or what `next` of the page before says. `next` is there if more rows are.
    Raises UnknownCase, Waiting.
    """
    wanted = wanted._replace(case=wanted.case and number_typed(wanted.case))
    if wanted.case is not None and tx.store.key(tx.conn, Stream.CASE, wanted.case) is None:
        raise UnknownCase(wanted.case)
    asked = _question(tx, wanted)
    found = answers.page(tx, asked, limit=limit, after=after, statement=_open)
    partly = limit is not None or after is not None
    count = answers.number(tx, asked, _open) if partly else len(found.rows)
    head: Answer = {"on": asked.as_of.isoformat(), "known_at": moment(wanted.known_at or tx.now), "count": count}
    head |= answers.unknown(tx, asked)
    if found.next is not None:
        head["next"] = found.next
    columns = DUE.columns
    rows = [{"case": row.number, **{one.name: answers.plain(one, row, asked) for one in columns}} for row in found.rows]
    return head | {"rows": rows}


def _question(tx: Transaction, wanted: Wanted) -> Asked:
    asked: dict[str, Any] = {"rule": wanted.rule, "case": wanted.case}
    asked |= {"as_of": wanted.on or tx.today, "known_at": wanted.known_at, "reading": wanted.reading}
    values = answers.defaulted(DUE, tx.today, **asked)
    texts = rulebook.texts(tx.conn, wanted.on or tx.today, wanted.known_at)
    return Asked(DUE, values, cases=wanted.cases, texts=texts)


def _open(tx: Transaction, asked: Asked, counts: Counts = standing.shown) -> Frame:
    """The due rows open on the day that count; whose responsibility they are is not asked."""
    source, values = asked.rows(due_rows), asked.values
    one = source.c
    known_at = None if asked.moments is None else asked.moments.c.at
    care = asked.rows(segments)
    found = (
        select(*(column for column in one if column is not one.recipients), _to(tx, source, asked.as_of))
        .where(one.listed_from <= asked.as_of, one.due <= asked.as_of)
        .where(counts(tx.conn, source, asked.as_of, asked.known_at or tx.latest, care, known_at))
    )
    if values["case"] is not None:
        found = found.where(one.case_key.in_(answers.numbered(values["case"])))
    chosen = found if values["rule"] is None else found.where(one.rule == values["rule"])
    if any(some is not None for some in (values["case"], asked.cases, asked.moments)):  # found by the case
        return Frame(source, chosen.where(one.listed_to >= asked.as_of))
    return Frame(source, chosen, parts=by_last_day(source, asked.as_of))


def _to(tx: Transaction, source: FromClause, day: dt.date) -> ColumnElement[str]:
    """To whom each row goes: what a lead of the day has set for themselves to "lead", what anybody else has to
    "worker" (R-43).
    """
    to = source.c.recipients
    heads = [set_by(person) for person in directory.organisation(tx).all_heads(day)]
    return case((to.in_(heads), "lead"), (to.startswith(BY), "worker"), else_=to).label("recipients")


def placed(tx: Transaction, asked: Asked, counts: Counts = standing.shown) -> Frame:
    """The due rows open on the day that count (`standing.shown` and the like), with whose responsibility they are."""
    every = _open(tx, asked, counts)
    return every._replace(everything=asked.placed(tx, every.everything, every.source, asked.as_of))


def _reason(row: Row[Any], asked: Asked) -> str:
    return render.reason(row.rule, row.stage, row.reason, asked.as_of, asked.texts)


DUE = Question(
    id="due",
    number=None,
    title="Welche Wiedervorlagen waren an einem Tag offen?",
    sentence="Welche Wiedervorlagen waren am {as_of} offen, zu {rule}, in {case}, in {area}, in {unit}, "
    "nach Datenstand {known_at}?",
    result="Offene Wiedervorlagen am {as_of}: {k}, zu {rule}, in {case}, in {area}, in {unit}.",
    base="alle Wiedervorlagen, die an diesem Tag fällig und nicht erledigt waren",
    of="offenen Wiedervorlagen",
    rows=("Wiedervorlage", "Wiedervorlagen"),
    file="wiedervorlagen_{as_of}",
    nothing="Am {as_of} war keine Wiedervorlage offen.",
    none="Am {as_of} war nach Datenstand {known_at} keine Wiedervorlage offen: zu {rule}, in {case}, in {area}, "
    "in {unit}.",
    parameters=(
        Parameter("rule", RULE, "Regel", always(None)),
        Parameter("case", CASE, "Fall", always(None)),
    ),
    statement=placed,
    columns=(
        Column("rule", "Regel", Shown.RULE),
        Column("stage", "Stufe", Shown.STAGE),
        Column("due", "fällig", Shown.DAY),
        Column("to", "an", Shown.RECIPIENT, lambda row, _: row.recipients.split(",")),
        Column("reason", "Warum", Shown.TEXT, _reason),
    ),
    topics=frozenset({"care", *RULES}),
    key=("due", "rule", "stage", "cause"),
    behind=lambda tx, asked, rows: [[row.cause.partition("+")[0]] for row in rows],
)
