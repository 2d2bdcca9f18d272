"""What an office that begins has and what it lacks: the figures from which a page says how far each step is."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from domain import words
from domain.facts import Stream
from domain.facts.office import RuleSet
from domain.knowledge import known
from domain.permissions import LEADS, WORKERS
from domain.rules import RULES
from services.people import directory, invites
from services.people.invites import Counted
from services.people.way_in import WayIn, way_in
from services.records import rulebook, values
from services.records.tables import streams

if TYPE_CHECKING:
    from domain.organisation import Organisation
    from services.office.office import Transaction


class Figures(NamedTuple):
    """How far an office is, on the day of the transaction.

    `unled`: codes of units without anybody of the nearest two levels to decide; `bare`: people without any role;
    `decided` of `rules`: those whose state the office has set itself, `begun`: whose first cause it has set as well.
    `backup`: when the last one was taken of this database, None: never.
    """

    units: int
    unled: list[str]
    people: int
    bare: int
    workers: int
    leads: int
    cases: int
    rules: int
    decided: int
    begun: int
    way: WayIn
    links: Counted
    backup: dt.datetime | None


def figures(tx: Transaction) -> Figures:
    """Read in a few statements, whatever the number of people and cases."""
    organisation, day = directory.organisation(tx), tx.today
    units = [unit.code for unit in organisation.units(day)]
    roles = [organisation.role_names(person, day) for person in organisation.persons(day)]
    states = [one.fact for one in known(rulebook.settings(tx.conn)) if isinstance(one.fact, RuleSet)]
    taken = values.value(tx.conn, values.BACKUP)
    return Figures(
        units=len(units),
        unled=[code for code in units if not _led(organisation, code, day)],
        people=len(roles),
        bare=sum(not held for held in roles),
        workers=sum(bool(held & WORKERS) for held in roles),
        leads=sum(bool(held & LEADS) for held in roles),
        cases=tx.conn.scalar(_cases) or 0,
        rules=len(RULES),
        decided=len({one.rule for one in states}),
        begun=len({one.rule for one in states if one.applies_from}),
        way=way_in(tx.conn, tx.office.vault, tx.office.settings),
        links=invites.counted(tx.conn),
        backup=dt.datetime.fromisoformat(taken) if taken else None,
    )


_cases = select(func.count()).select_from(streams).where(streams.c.kind == Stream.CASE)


def _led(organisation: Organisation, unit: str, day: dt.date) -> bool:
    """Whether somebody decides there, if only for an area."""
    return any(organisation.levels(unit, area, day) for area in (None, *words.AREAS))
