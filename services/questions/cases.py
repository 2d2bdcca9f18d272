"""Lists of cases as known now: one's own, those of a unit, those found by a name; each row with its clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Join,
    Row,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from domain.facts import Stream
from domain.facts.base import Lane
from domain.history import ENTRIES, SPANS
from domain.organisation import Organisation
from domain.periods import add_months
from domain.rules import RULES
from services.questions import sql
from services.records import meaning
from services.records.current import (
    Pair,
    Place,
    closed,
    held,
    held_by,
    lasting,
    listed_of_cases,
    next_appointment,
    placed,
)
from services.records.database import kept
from services.records.standing import Said, delivered_by, deliveries, told_of_cases
from services.records.tables import END_OF_TIME, due_rows, entries, numbers, segments, spans, streams

if TYPE_CHECKING:
    from services.office.office import Transaction

care = segments.alias("care")
net = segments.alias("net")
NUMBER = func.coalesce(numbers.c.number, "").label("number")
LONG = (6, 12)  # full months of a bar that a list points out (QS 2/2020, 3.1)
LIMITS = {
    rule.id: [name for name, stage in rule.stages.items() if stage.strength == 3]
    for rule in RULES.values()
    if any(stage.strength == 3 for stage in rule.stages.values())
}
_PLACES = select(care.c.unit, care.c.area).where(care.c.clock == "care", care.c.known_to == END_OF_TIME).distinct()


class CaseRow(NamedTuple):
    """A case in a list. Days are whole days, None without an open bar; `worker` is a directory key.

    `next_limit`: the day by which the first follow-up that is a limit has to be answered, past ones included;
    `last_contact`: of a held appointment or any other contact; `months`: of those of LONG the bar has been open for.
    """

    key: UUID
    number: str
    name: str
    unit: str | None
    area: str | None
    worker: str | None
    strategy: str | None
    since: dt.date | None
    gross: int | None
    net: int | None
    next_appointment: dt.date | None
    open_followups: int
    next_limit: dt.date | None
    last_contact: dt.date | None
    closed: bool
    months: int | None


def of_keys(tx: Transaction, keys: Collection[UUID], day: dt.date) -> list[CaseRow]:
    """These cases, as far as somebody is responsible for them on the day, by number."""
    meaning.digests(tx.conn, ("care", "net", SPANS, ENTRIES, *RULES))
    found = tx.conn.execute(_of_keys(deliveries(tx.conn, day), day), {"keys": list(keys)}).all()
    names = client_names(tx, [row.case_key for row in found])
    return [_row(row, names.get(row.case_key, ""), day) for row in found]


def is_among(conn: Connection, number: str, seen: Select[tuple[UUID]] | None) -> bool:
    """Whether a case of this number is one of those in the statement (None: any)."""
    one = numbers.c
    among = [] if seen is None else [one.key.in_(seen)]
    chosen = select(one.key).where(one.kind == Stream.CASE, one.number == number, *among)
    return conn.execute(chosen).first() is not None


def led_by(conn: Connection, organisation: Organisation, person: str, day: dt.date) -> list[Place]:
    """The (unit, area) pairs with cases ever that this person leads on the day, or stands in for who does.

    Where it is a team of the pair alone, (unit, area, team).
    """
    led: list[Place] = [pair for pair in places(conn) if organisation.leads(person, *pair, day)]
    others = set(places(conn)).difference(led) if (teams := organisation.teams_led(person, day)) else set()
    of_teams = ((*pair, team) for pair in sorted(others) for team in sorted(teams))
    return led + [place for place in of_teams if organisation.leads(person, *place[:2], day, place[2])]


def of_leads(conn: Connection, organisation: Organisation, person: str, day: dt.date) -> Select[tuple[UUID]]:
    """A statement of the cases that belong, on the day, to the units this person leads."""
    here = placed(care, led_by(conn, organisation, person, day))
    return select(care.c.case_key).where(held(care, "care", day), here)


def worked_in(conn: Connection, organisation: Organisation, person: str, day: dt.date) -> list[Pair]:
    """The (unit, area) pairs that have or had cases in the units this person works in on the day."""
    units = {organisation.current(held.unit, day) for held in organisation.roles(person, day) if held.unit}
    return [pair for pair in places(conn) if organisation.current(pair[0], day) in units]


def held_in(places: Collection[Place], day: dt.date) -> Select[tuple[UUID]]:
    """The cases that these (unit, area) pairs have on the day, to be asked within a statement."""
    return select(care.c.case_key).where(held(care, "care", day), placed(care, places))


def found_by_name(tx: Transaction, words: str) -> list[UUID]:
    """The cases whose client's name has all these words; people of staff are left out."""
    keys = tx.office.vault.find(tx.conn, words)
    kinds = select(streams.c.key).where(streams.c.key.in_(keys), streams.c.kind == "case")
    return list(tx.conn.execute(kinds).scalars())


def client_names(tx: Transaction, keys: Iterable[UUID]) -> dict[UUID, str]:
    """ "Meier, Jana" for each case whose name is known."""
    found = tx.office.vault.fields(tx.conn, keys, ("last_name", "first_name"))
    return {key: ", ".join(filter(None, (one.get("last_name"), one.get("first_name")))) for key, one in found.items()}


def client_spoken(tx: Transaction, key: UUID) -> str:
    """ "Jana Meier", as a letter speaks to the client of a case; "" where no name is known."""
    found = tx.office.vault.fields(tx.conn, [key], ("first_name", "last_name")).get(key, {})
    return " ".join(filter(None, (found.get("first_name"), found.get("last_name"))))


def called(name: str, number: str) -> str:
    """ "Meier, Jana · C-2017", or the number alone where no name is known or may be seen."""
    return f"{name} · {number}" if name else number


def places(conn: Connection) -> list[Pair]:
    """Every pair that has or had cases, as known now; without a day, so that an index alone tells."""
    known = kept(conn, "places")
    found: list[Pair] = known.get("all") or [(row.unit, row.area) for row in conn.execute(_PLACES) if row.unit]
    known["all"] = found
    return found


def _row(row: Row[Any], name: str, day: dt.date) -> CaseRow:
    gross = (day - row.spell).days if row.spell else None
    months = max((one for one in LONG if row.spell and add_months(row.spell, one) <= day), default=None)
    return CaseRow(
        row.case_key, row.number, name, row.unit, row.area, row.worker, row.strategy, row.spell, gross, _net(row, day),
        row.next_appointment, row.open_followups, row.next_limit, row.last_contact, row.closed, months,
    )  # fmt: skip


@lru_cache(maxsize=16)
def _of_keys(said: Said, day: dt.date) -> Select[Any]:
    """Built once for the states of the rules and a day: putting it together takes longer than running it."""
    keys: BindParameter[Any] = bindparam("keys", expanding=True)
    key = care.c.case_key
    return (
        select(key, care.c.unit, care.c.area, care.c.worker, NUMBER)
        .add_columns(net.c.strategy, net.c.spell, net.c.origin, net.c.shift, net.c.stopped_days)
        .add_columns(
            next_appointment(key, day).label("next_appointment"),
            open_followups(said, key, day).label("open_followups"),
            next_limit(said, key, day).label("next_limit"),
            last_contact(key, day).label("last_contact"),
            closed(key, day).label("closed"),
        )
        .select_from(with_bar(care.outerjoin(numbers, numbers.c.key == key), day))
        .where(held_by(care, "care", day), key.in_(keys))
        .order_by(sql.ByCode(NUMBER), key)
    )


def with_bar(cases: Join, day: dt.date) -> Join:
    """Joins the open bar of the cases of `care`, if there is one."""
    return cases.outerjoin(net, and_(net.c.case_key == care.c.case_key, held(net, "net", day)))


def last_contact(case_key: ColumnElement[UUID], day: dt.date) -> ColumnElement[dt.date]:
    """The day of the last appointment that was held, or other contact in which somebody was reached, up to the day."""
    one, other = spans.c, entries.c
    reached = func.coalesce(other.codes["outcome"].as_string(), "reached") != "not-reached"
    held_on = func.max(one.day).filter(one.value == "held", one.day <= day)
    talked_on = func.max(other.day).filter(reached, other.day <= day)
    talked = (other.case_key == case_key, other.name == "contact-held", other.known_to == END_OF_TIME)
    return sql.Latest(
        select(held_on).where(one.case_key == case_key, one.lane == Lane.APPOINTMENT, lasting(day)).scalar_subquery(),
        select(talked_on).where(*talked).scalar_subquery(),
    )


def open_followups(said: Said, case_key: ColumnElement[UUID], day: dt.date) -> ColumnElement[int]:
    """How many rules have something open in the case that is delivered; `said`: see `standing.deliveries`."""
    count = select(func.count(func.distinct(due_rows.c.rule)))
    return count.where(due_rows.c.case_key == case_key, told_of_cases(said, day)).scalar_subquery()


def next_limit(said: Said, case_key: ColumnElement[UUID], day: dt.date) -> ColumnElement[dt.date]:
    """The due day of the first limit that nothing has settled yet; `said` as there."""
    one = due_rows.c
    limit = or_(*(and_(one.rule == rule, one.stage.in_(stages)) for rule, stages in LIMITS.items()))
    open_ones = (one.case_key == case_key, listed_of_cases(day), delivered_by(said, day))
    return select(func.min(one.due).filter(limit)).where(*open_ones).scalar_subquery()


def _net(row: Row[Any], day: dt.date) -> int | None:
    if row.spell is None:
        return None
    running: int = (day - row.origin).days - row.shift
    return running if row.stopped_days is None else int(row.stopped_days)


def visible(
    conn: Connection, organisation: Organisation, person: str, day: dt.date, *, leads: bool
) -> Select[tuple[UUID]]:
    """A statement of the cases of a person, of those stood in for, and, where `leads`, of the units led."""
    workers = {person, *organisation.deputised_for(person, day)}
    places = led_by(conn, organisation, person, day) if leads else []
    here = or_(care.c.worker.in_(workers), placed(care, places))
    return select(care.c.case_key).where(held(care, "care", day), here)
