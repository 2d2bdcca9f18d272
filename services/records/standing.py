"""Which due rows are shown in `due` or told to a person, by the state of their rule (Fachkonzept 3.1 no. 11, 12)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, FromClause, and_, case, false, or_, select, true

from domain import followups
from domain.rules import RULES, Kind, Rule, Theme
from domain.rules.states import Standing, Standings
from services.records import current, rulebook
from services.records.tables import END_OF_TIME, due_rows, segments, spans

STILL = END_OF_TIME - dt.timedelta(microseconds=1)  # a moment at which all that is known now is known

Says = Callable[[Rule, Standing], ColumnElement[bool]]


def standings(conn: Connection, day: dt.date, at: dt.datetime | None = None) -> Standings:
    """The states of all rules on a day, as known at a moment (None: now)."""
    shipped = {rule.id: rule.state for rule in RULES.values()}
    return Standings(shipped, rulebook.settings_known(conn, at), day)


def shown(
    conn: Connection, rows: FromClause, day: dt.date, at: dt.datetime = STILL, care: FromClause = segments
) -> ColumnElement[bool]:
    """The due rows whose rule is not off on the day for the unit responsible then, as known at a moment.

    `care`: the segments in the reading of the rows.
    """

    def says(rule: Rule, standing: Standing) -> ColumnElement[bool]:
        return false() if standing.state == "off" or rule.kind is Kind.REPORT else true()

    unit = partial(_unit, care, rows, day, at)
    return and_(true(), *_conditions(rows, standings(conn, day, at), says, unit))


def told(conn: Connection, day: dt.date) -> ColumnElement[bool]:
    """The due rows listed on the day as known now that are delivered."""
    return and_(current.listed(day), delivered(conn, day))


def told_of_cases(conn: Connection, day: dt.date) -> ColumnElement[bool]:
    """The same where the cases are chosen by other rows (`current.listed_of_cases`)."""
    return and_(current.listed_of_cases(day), due_rows.c.listed_from <= day, delivered(conn, day))


def delivered(conn: Connection, day: dt.date) -> ColumnElement[bool]:
    """The due rows that go to a person singly and are escalated, by the states of the day as known now; no Altfälle."""

    def says(rule: Rule, standing: Standing) -> ColumnElement[bool]:
        if standing.state != "on" or rule.kind is not Kind.FOLLOW_UP:
            return false()
        since = standing.applies_from
        return true() if since is None else due_rows.c.caused_on >= since

    unit = partial(_unit, segments, due_rows, day, STILL)
    return and_(true(), *_conditions(due_rows, standings(conn, day), says, unit))


def acted(conn: Connection, cases: Collection[UUID], day: dt.date) -> dict[UUID, frozenset[Theme]]:
    """The themes on which somebody acts already, of those of the cases in which there are any; as known now."""
    one, lanes = spans.c, {lane for lane, _ in followups.ACTS}
    chosen = select(one.case_key, one.lane, one.value).where(one.case_key.in_(cases), one.lane.in_(lanes))
    said: dict[UUID, set[tuple[str, str]]] = {}
    for key, lane, value in conn.execute(chosen.where(current.lasting(day))):
        said.setdefault(key, set()).add((lane, value))
    return {key: themes for key, found in said.items() if (themes := followups.acted(found))}


def _conditions(
    rows: FromClause, found: Standings, says: Says, unit: Callable[[], ColumnElement[str]]
) -> Iterator[ColumnElement[bool]]:
    """One for each rule that does not let every row through."""
    for rule in RULES.values():
        general = says(rule, found.of(rule.id, None))
        own = {code: says(rule, standing) for code, standing in found.units(rule.id).items()}
        if own:
            yield or_(rows.c.rule != rule.id, case(own, value=unit(), else_=general))
        elif general is not true():
            yield or_(rows.c.rule != rule.id, general)


def _unit(segments: FromClause, rows: FromClause, day: dt.date, at: dt.datetime) -> ColumnElement[str]:
    """The unit responsible for the case of a row on the day, as known at a moment."""
    care = segments.alias().c
    responsible = (care.case_key == rows.c.case_key, care.clock == "care", care.from_day <= day, care.to_day >= day)
    known = (care.known_from <= at, care.known_to > at)
    return select(care.unit).where(*responsible, *known).correlate(rows).scalar_subquery()
