"""Which due rows are shown in `due` or told to a person, by the state of their rule (Fachkonzept 3.1 no. 11, 12)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, bindparam, case, false, or_, select, true

from domain import followups
from domain.knowledge import known
from domain.records import Record
from domain.rules import RULES, Kind, Rule, Theme
from domain.rules.states import Standing, Standings
from services.records import current, rulebook
from services.records.tables import END_OF_TIME, due_rows, segments, spans

STILL = END_OF_TIME - dt.timedelta(microseconds=1)  # a moment at which all that is known now is known

Says = Callable[[Rule, Standing], bool | dt.date]  # whether the rows of a rule count; a day: those caused since
Own = tuple[tuple[str, bool | dt.date], ...]  # by unit
Said = tuple[tuple[str, bool | dt.date, Own], ...]
"""The rules that do not let every row through, each with what it says in general and in units of their own; equal
where the states say the same, so that a statement can be kept by it.
"""


class Listing(NamedTuple):
    """The due rows of one case as known now, and what says which of them count on a day: the states of the rules, and
    the unit responsible for the case.
    """

    rows: Sequence[Any]
    found: Standings
    unit: str | None

    def shown(self) -> list[Any]:
        """The rows whose rule is not off."""
        return [row for row in self.rows if self._counts(_shows, row)]

    def is_delivered(self, row: Any) -> bool:
        """Whether a row goes to a person singly and is escalated."""
        return self._counts(_delivers, row)

    def is_legacy(self, row: Any) -> bool:
        """Whether a row is an Altfall: its cause lies before its rule began to be told."""
        before = _legacy(RULES[row.rule], self.found.of(row.rule, self.unit)) if row.rule in RULES else None
        return before is not None and bool(row.caused_on < before)

    def _counts(self, says: Says, row: Any) -> bool:
        if row.rule not in RULES:  # another program has listed it
            return True
        said = says(RULES[row.rule], self.found.of(row.rule, self.unit))
        return bool(row.caused_on >= said) if isinstance(said, dt.date) else said


def standings(conn: Connection, day: dt.date, at: dt.datetime | None = None) -> Standings:
    """The states of all rules on a day, as known at a moment (None: now)."""
    return standings_of(rulebook.settings(conn), day, at)


def standings_of(settings: Sequence[Record], day: dt.date, at: dt.datetime | None = None) -> Standings:
    """The same from the settings of the office."""
    return Standings(_SHIPPED, known(settings, at), day)


def shown(
    conn: Connection,
    rows: FromClause,
    day: dt.date,
    at: dt.datetime = STILL,
    care: FromClause = segments,
    known_at: ColumnElement[dt.datetime] | None = None,
) -> ColumnElement[bool]:
    """The due rows whose rule is not off on the day for the unit responsible then, as known at a moment.

    `care`: the segments in the reading of the rows. `known_at`: the moment at which each row looks for its unit, where
    that is another.
    """
    unit = partial(_unit, care, rows, day, at if known_at is None else known_at)
    return and_(true(), *_conditions(rows, _said(standings(conn, day, at), _shows), unit))


def _shows(rule: Rule, standing: Standing) -> bool:
    return standing.state != "off" and rule.kind is not Kind.REPORT


def legacy(
    conn: Connection,
    rows: FromClause,
    day: dt.date,
    at: dt.datetime = STILL,
    care: FromClause = segments,
    known_at: ColumnElement[dt.datetime] | None = None,
) -> ColumnElement[bool]:
    """The due rows that are Altfälle on the day for the unit responsible, as known at a moment; like `shown`."""
    unit = partial(_unit, care, rows, day, at if known_at is None else known_at)
    said = _each(standings(conn, day, at), lambda rule, standing: _legacy(rule, standing) or False)
    groups = _alike((one for one in said if one[1] or any(day for _, day in one[2])), partial(_before, rows), unit)
    return or_(false(), *(and_(rows.c.rule.in_(rules), before) for rules, before in groups))


def has_legacy(conn: Connection, day: dt.date) -> bool:
    """Whether there is a rule that has a first day for somebody, as known now."""
    found = standings(conn, day)
    return any(
        _legacy(rule, one)
        for rule in RULES.values()
        for one in (found.of(rule.id, None), *found.units(rule.id).values())
    )


def _before(rows: FromClause, day: bool | dt.date) -> ColumnElement[bool]:
    return rows.c.caused_on < day if isinstance(day, dt.date) else false()


def _legacy(rule: Rule, standing: Standing) -> dt.date | None:
    return standing.applies_from if _shows(rule, standing) else None


def _delivers(rule: Rule, standing: Standing) -> bool | dt.date:
    if standing.state != "on" or rule.kind is not Kind.FOLLOW_UP:
        return False
    return standing.applies_from or True


def told(conn: Connection, day: dt.date) -> ColumnElement[bool]:
    """The due rows listed on the day as known now that are delivered."""
    return and_(current.listed(day), delivered(conn, day))


def told_of_cases(said: Said, day: dt.date) -> ColumnElement[bool]:
    """The same where the cases are chosen by other rows (`current.listed_of_cases`); `said`: see `deliveries`."""
    return and_(current.listed_of_cases(day), due_rows.c.listed_from <= day, delivered_by(said, day))


def deliveries(conn: Connection, day: dt.date) -> Said:
    """What the states of the day, as known now, say of what is delivered."""
    return _said(standings(conn, day), _delivers)


def delivered(conn: Connection, day: dt.date) -> ColumnElement[bool]:
    """The due rows that go to a person singly and are escalated, by the states of the day as known now; no Altfälle."""
    return delivered_by(deliveries(conn, day), day)


def delivered_by(said: Said, day: dt.date) -> ColumnElement[bool]:
    """The same by what the states say."""
    unit = partial(_unit, segments, due_rows, day, STILL)
    return and_(true(), *_conditions(due_rows, said, unit))


def acted(conn: Connection, cases: Collection[UUID], day: dt.date) -> dict[UUID, frozenset[Theme]]:
    """The themes on which somebody acts already, of those of the cases in which there are any; as known now."""
    said: dict[UUID, set[tuple[str, str]]] = {}
    for key, lane, value in conn.execute(_acts(day), {"cases": list(cases)}) if cases else ():
        said.setdefault(key, set()).add((lane, value))
    return {key: themes for key, found in said.items() if (themes := followups.acted(found))}


@lru_cache(maxsize=16)
def _acts(day: dt.date) -> Select[Any]:
    """Built once: putting it together takes longer than running it."""
    one, lanes = spans.c, {lane for lane, _ in followups.ACTS}
    of_cases = one.case_key.in_(bindparam("cases", expanding=True))
    return select(one.case_key, one.lane, one.value).where(of_cases, one.lane.in_(lanes), current.acting(day))


def _said(found: Standings, says: Says) -> Said:
    return tuple(one for one in _each(found, says) if one[1:] != (True, ()))


def _each(found: Standings, says: Says) -> Said:
    return tuple(
        (
            *(rule.id, says(rule, found.of(rule.id, None))),
            tuple((code, says(rule, standing)) for code, standing in found.units(rule.id).items()),
        )
        for rule in RULES.values()
    )


def _conditions(rows: FromClause, said: Said, unit: Callable[[], ColumnElement[str]]) -> Iterator[ColumnElement[bool]]:
    for rules, counts in _alike(said, partial(_count, rows), unit):
        yield or_(rows.c.rule.not_in(rules), counts)


def _alike(
    said: Iterable[tuple[str, bool | dt.date, Own]],
    count: Callable[[bool | dt.date], ColumnElement[bool]],
    unit: Callable[[], ColumnElement[str]],
) -> Iterator[tuple[list[str], ColumnElement[bool]]]:
    """Which rows of which rules count; those of which the same is said at once, as an office sets many alike."""
    found: dict[tuple[bool | dt.date, Own], list[str]] = {}
    for rule, general, own in said:
        found.setdefault((general, own), []).append(rule)
    where = unit() if any(own for _, own in found) else None
    for (general, own), rules in found.items():
        if own:
            yield rules, case({code: count(one) for code, one in own}, value=where, else_=count(general))
        else:
            yield rules, count(general)


def _count(rows: FromClause, said: bool | dt.date) -> ColumnElement[bool]:
    if isinstance(said, dt.date):
        return rows.c.caused_on >= said
    return true() if said else false()


_SHIPPED = {rule.id: rule.state for rule in RULES.values()}


def _unit(
    segments: FromClause, rows: FromClause, day: dt.date, at: dt.datetime | ColumnElement[dt.datetime]
) -> ColumnElement[str]:
    """The unit responsible for the case of a row on the day, as known at a moment."""
    there = segments.alias()
    care = there.c
    responsible = (care.case_key == rows.c.case_key, care.clock == "care", care.from_day <= day, care.to_day >= day)
    known = (care.known_from <= at, care.known_to > at)
    return select(care.unit).where(*responsible, *known).correlate_except(there).scalar_subquery()
