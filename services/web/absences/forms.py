"""The forms of an absence and of a deputy: who can be named in them, and what was typed as a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from starlette.datastructures import FormData

from domain import absences
from domain.absences import Plan
from domain.decisions.refusal import Refused
from domain.organisation import HEADS, Organisation
from domain.periods import OPEN
from services.office.office import Transaction
from services.people import directory
from services.records.words import alphabetical
from services.web.http.visitor import Visitor
from services.web.words.forms import day_of, text_in

FIELDS = ("was", "person", "first", "last", "deputy", "statt")
AWAY, STANDING = "away", "deputy"
BETWEEN = "."
WHO = "Bitte eine Person aus der Liste wählen."
EMPTY = dict.fromkeys(FIELDS, "") | {"was": AWAY}


class People(NamedTuple):
    """For whom the visitor plans (themselves first), and who can stand in: as (directory key, name)."""

    own: Sequence[tuple[str, str]]
    deputies: Sequence[tuple[str, str]]
    names: Mapping[str, str]


def people(tx: Transaction, visitor: Visitor, others: Iterable[str], named: Iterable[str]) -> People:
    """`others`: whom the visitor plans for besides themselves; `named`: who is named elsewhere on the page."""
    organisation, today, others = visitor.organisation, visitor.today, list(others)
    if others:
        deputies = _near(organisation, [visitor.person, *others], today)
    else:
        deputies = absences.can_stand_in(organisation, visitor.person, today)
    keys = {visitor.person, *others, *deputies, *named}
    tx.store.look_up(tx.conn, (), [UUID(hex=key) for key in keys])  # names and ids in one statement
    names = directory.labels(tx, keys)
    own = [(visitor.person, f"{names[visitor.person]} (Sie selbst)")]
    return People([*own, *_in_order(others, names)], _in_order(deputies, names), names)


def _in_order(keys: Iterable[str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(((key, names[key]) for key in keys), key=lambda one: alphabetical(one[1]))


def _near(organisation: Organisation, persons: Iterable[str], day: dt.date) -> list[str]:
    """Who works in a unit of these persons or leads something."""
    held = [one for person in persons for one in organisation.roles(person, day)]
    units = {organisation.current(one.unit, day) for one in held if one.unit}
    return [
        key
        for key in organisation.persons(day)
        if any(
            one.role in HEADS or (one.unit and organisation.current(one.unit, day) in units)
            for one in organisation.roles(key, day)
        )
    ]


def typed(form: FormData) -> dict[str, str]:
    """The fields as they were sent."""
    return {field: text_in(form, field) for field in FIELDS}


def plan(given: Mapping[str, str], visitor: Visitor, allowed: Iterable[str]) -> Plan:
    """What was typed. Raises `Refused` with every field that cannot be read."""
    wrong: list[tuple[str, str]] = []

    def day(field: str, missing: dt.date) -> dt.date:
        if not given[field].strip():
            return missing
        try:
            return day_of(field, given[field], visitor.today)
        except Refused as error:
            wrong.extend(error.reasons)
            return missing

    away = given["was"] != STANDING
    first = day("first", visitor.today)
    last = day("last", first if away else OPEN)
    person, deputy = given["person"] or visitor.person, given["deputy"] or None
    known = {*allowed, visitor.person}
    if person not in known:
        wrong.append(("person", WHO))
    if deputy is not None and not visitor.organisation.employed(deputy, visitor.today):
        wrong.append(("deputy", WHO))
    if away and not given["first"].strip():
        wrong.insert(0, ("first", "Bitte den ersten Tag angeben, z. B. heute oder 10.03.2026."))
    if wrong:
        raise Refused(wrong)
    return Plan(person, first, last, deputy, away)


def name(one: Plan) -> str:
    """What names a recorded plan in a form."""
    kind = AWAY if one.away else STANDING
    return BETWEEN.join((one.person, one.first.isoformat(), one.last.isoformat(), one.deputy or "", kind))


def named(text: str) -> Plan | None:
    """The plan of such a name; nothing for another text."""
    parts = text.split(BETWEEN)
    try:
        person, first, last, deputy, kind = parts
        return Plan(person, dt.date.fromisoformat(first), dt.date.fromisoformat(last), deputy or None, kind == AWAY)
    except ValueError:
        return None


def fields_of(one: Plan) -> dict[str, str]:
    """The form as it stands to change a recorded plan."""
    last = "" if one.last in (one.first, OPEN) else one.last.isoformat()
    kind = AWAY if one.away else STANDING
    days = {"first": one.first.isoformat(), "last": last}
    return {"was": kind, "person": one.person, **days, "deputy": one.deputy or "", "statt": name(one)}
