"""What holds on a day as known now: the conditions on rows of the read model that lists and the scheduler share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, Select, and_, false, func, literal, or_, select

from domain.facts.base import Lane
from domain.periods import OPEN
from domain.things import lies_ahead
from services.records.tables import END_OF_TIME, due_rows, known_still, segments, spans

Pair = tuple[str, str]  # a unit and an area in it, with all teams
Place = Pair | tuple[str, str, str]  # the same, or one team of it


def held(segments: FromClause, clock: str, day: dt.date) -> ColumnElement[bool]:
    """The segments of a clock that hold on the day; `segments`: the table or an alias of it."""
    one = segments.c
    return and_(one.clock == clock, one.from_day <= day, one.to_day >= day, one.known_to == END_OF_TIME)


def held_by(segments: FromClause, clock: str, day: dt.date) -> ColumnElement[bool]:
    """The same where the segments are found by their worker or case."""
    one = segments.c
    return and_(one.clock == clock, one.from_day <= day, one.to_day >= day, _known_still(segments))


def placed(segments: FromClause, places: Iterable[Place]) -> ColumnElement[bool]:
    """The segments in one of these (unit, area) pairs."""
    one = segments.c
    return lying(one.unit, one.area, places, one.team)


def lying(
    unit_of: ColumnElement[str], area_of: ColumnElement[str], places: Iterable[Place], team_of: ColumnElement[str]
) -> ColumnElement[bool]:
    """The same of these columns; areas of the same units are asked together, so that an index of units and areas
    answers however many pairs there are. The team is asked for where a place is one team alone.
    """
    units: dict[str, set[str]] = {}
    teams: list[ColumnElement[bool]] = []
    for unit, area, *team in places:
        if team:
            teams.append(and_(unit_of == unit, area_of == area, team_of == team[0]))
        else:
            units.setdefault(area, set()).add(unit)
    areas: dict[frozenset[str], list[str]] = {}
    for area, found in units.items():
        areas.setdefault(frozenset(found), []).append(area)
    whole = (and_(unit_of.in_(sorted(u)), area_of.in_(sorted(a))) for u, a in areas.items())
    return or_(false(), *whole, *teams)


def lying_of_cases(rows: Any, places: Collection[Place], day: dt.date) -> ColumnElement[bool]:
    """The same of columns that name no team (`case_key`, `unit`, `area`): a team by the cases it has on the day."""
    pairs, teams = ([one for one in places if len(one) == size] for size in (2, 3))
    there = lying(rows.unit, rows.area, pairs, literal(""))
    if not teams:
        return there
    of_teams = select(segments.c.case_key).where(held_by(segments, "care", day), placed(segments, teams))
    return or_(there, rows.case_key.in_(of_teams))


def cared_for(segments: FromClause, case_key: ColumnElement[UUID], day: dt.date) -> ColumnElement[bool]:
    """Joins a case and the segment that says who is responsible for it on the day."""
    return and_(segments.c.case_key == case_key, held(segments, "care", day))


def listed(day: dt.date) -> ColumnElement[bool]:
    """The due rows that are listed on the day."""
    one = due_rows.c
    return and_(one.known_to == END_OF_TIME, one.listed_from <= day, one.listed_to >= day)


def listed_of_cases(day: dt.date) -> ColumnElement[bool]:
    """The same where cases are chosen by other rows: those listed on the day or ahead, found case by case."""
    return and_(_known_still(due_rows), due_rows.c.listed_to >= day)


def by_last_day(rows: FromClause, day: dt.date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The due rows that end on the day or later, in two parts that are asked for apart.

    Half of all stages have no last day, and most of them lie ahead: so these are passed over.
    """
    last = rows.c.listed_to
    return last == OPEN, and_(last >= day, last < OPEN)


def _known_still(rows: FromClause) -> ColumnElement[bool]:
    """What is known now, said so that no index begins with it or holds nothing else.

    Nearly all rows are. SQLite counts how many rows share a value on average, takes those known now for as few, and
    goes through what the whole office has, once for each case.
    """
    known_to: ColumnElement[dt.datetime] = rows.c.known_to
    return known_to >= END_OF_TIME


def lasting(day: dt.date) -> ColumnElement[bool]:
    """The spans that hold on the day."""
    one = spans.c
    return and_(one.known_to == END_OF_TIME, one.from_day <= day, one.to_day >= day)


def acting(day: dt.date) -> ColumnElement[bool]:
    """The same of those that say somebody acts on the case (`followups.ACTS`): of bars those that end with the day."""
    one = spans.c
    return and_(lasting(day), or_(one.lane != Lane.BAR, one.to_day == day))


def closed(case_key: ColumnElement[UUID], day: dt.date) -> ColumnElement[bool]:
    """Whether a case is closed on the day."""
    one = spans.c
    of_case = (one.case_key == case_key, one.lane == Lane.CASE)
    # Counted and filtered, so that SQLite looks at the lane of the case alone.
    return select(func.count().filter(one.value == "closed")).where(*of_case, lasting(day)).scalar_subquery() > 0


def closed_cases(day: dt.date) -> Select[tuple[UUID]]:
    """The cases that are closed on the day, from an index alone: for lists of many."""
    one = spans.c
    found = (known_still(spans), one.lane == Lane.CASE, one.value == "closed")
    return select(one.case_key).where(*found, one.to_day >= day, one.from_day <= day)


def next_appointment(case_key: ColumnElement[UUID], day: dt.date) -> ScalarSelect[dt.date | None]:
    """The day of the next appointment of a case, on a day or later."""
    one = spans.c
    # A filter of the minimum: as a condition it leads SQLite through the planned appointments of the whole office.
    first = func.min(one.day).filter(lies_ahead(one.value, one.day, day))
    of_case = (one.case_key == case_key, one.lane == Lane.APPOINTMENT)
    return select(first).where(*of_case, lasting(day)).scalar_subquery()
