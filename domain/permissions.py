"""Who may see or do what, about whom: one table of action, relation to the case and role (Fachkonzept 1.2, 8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import NamedTuple

from domain.actions import Action
from domain.facts import declared
from domain.organisation import Organisation

__all__ = [
    "DESKS",
    "EDV",
    "LEADS",
    "QS",
    "STAFF",
    "TABLE",
    "WORKERS",
    "About",
    "Action",
    "Relation",
    "level",
    "may",
    "may_record",
    "relations",
    "rows",
]


class Relation(StrEnum):
    """How somebody stands to a case on a day."""

    RESPONSIBLE = "responsible"
    DEPUTY = "deputy"  # acts for the absent responsible worker
    RECEIVER = "receiver"  # of an open handover, or acts for them
    LEAD = "lead"  # leads the unit and area of the case, or acts for who does
    UNIT = "unit"  # works in the unit of the case
    QS = "qs"  # quality assurance, over all cases
    NONE = "none"


WORKERS = frozenset({"case_manager", "special_case_manager", "job_academy", "placement", "clerk", "ifk"})
LEADS = frozenset({"team_lead", "unit_lead", "area_lead", "management"})
DESKS = frozenset({"intake", "benefits"})
STAFF = WORKERS | LEADS
QS = frozenset({"qs"})
EDV = frozenset({"edv"})
WATCHING = frozenset({"staff_council", "data_protection"})  # what is evaluated, never a case

_LEADING = {Relation.RESPONSIBLE: STAFF, Relation.DEPUTY: STAFF, Relation.LEAD: STAFF}
_READING = {**_LEADING, Relation.RECEIVER: STAFF}

TABLE: dict[Action, dict[Relation, frozenset[str]]] = {
    Action.SEE_CASE: {**_READING, Relation.UNIT: DESKS, Relation.QS: QS},
    Action.SEE_NAMES: {**_READING, Relation.UNIT: DESKS},
    Action.SEE_TEXTS: _READING,
    Action.RECORD: _READING,
    Action.RECORD_INTAKE: {**_READING, Relation.UNIT: DESKS},
    Action.CORRECT: _LEADING,
    Action.REQUEST: _LEADING,
    Action.DECIDE: {Relation.LEAD: STAFF},
    Action.HAND_OVER: _LEADING,
    Action.RECEIVE: {Relation.RECEIVER: STAFF},
    Action.SNOOZE: _LEADING,
    Action.GIVE_OUT: _LEADING,
    Action.SEE_TODAY: {Relation.NONE: STAFF | DESKS},
    Action.SEE_INTAKE: {Relation.NONE: DESKS},
    Action.OPEN_CASE: {Relation.NONE: frozenset({"intake"})},
    Action.SEE_CASES: {Relation.NONE: STAFF - {"management"} | DESKS | QS},
    Action.SEE_TEAM: {Relation.NONE: LEADS},
    Action.SEE_SETUP: {Relation.NONE: EDV},
    Action.SEE_RULES: {Relation.NONE: LEADS | EDV},
    Action.SEE_DIRECTIVES: {Relation.NONE: STAFF | DESKS | QS | EDV},
    Action.SEE_REGISTER: {Relation.NONE: LEADS | QS | EDV | WATCHING},
    Action.IMPORT: {Relation.NONE: EDV},
    Action.PROPOSE_SETTINGS: {Relation.NONE: EDV},
    Action.CONFIRM_SETTINGS: {Relation.NONE: EDV | {"area_lead", "management"}},
    Action.SEE_DIRECTORY: {Relation.NONE: LEADS | EDV},
    Action.PROPOSE_DIRECTORY: {Relation.NONE: EDV},
    Action.CONFIRM_DIRECTORY: {Relation.NONE: LEADS | EDV},
    Action.ASK_LISTS: {Relation.NONE: STAFF | QS},
    Action.SEARCH: {Relation.NONE: STAFF | DESKS | QS},
    Action.ANSWER: {Relation.NONE: STAFF},
    Action.SEE_CASE_VIEWS: {Relation.LEAD: frozenset({"unit_lead"}), Relation.QS: QS},
    Action.SEE_VIEWS: {Relation.NONE: frozenset({"unit_lead"}) | QS},
    Action.SEE_QS: {Relation.NONE: LEADS | QS},
}

if forgotten := set(Action) - TABLE.keys():
    raise LookupError(f"nobody was said to be allowed or forbidden to {sorted(forgotten)}")


class About(NamedTuple):
    """What of a case decides on who stands how to it, on a day; persons are directory keys."""

    worker: str | None
    unit: str | None
    area: str | None
    receiver: str | None = None
    team: str | None = None


def may(action: Action, roles: Collection[str], relations: Relation | Collection[Relation] = Relation.NONE) -> bool:
    """Whether somebody with these roles may act, standing so to the case. What is not in the table is forbidden."""
    held = {relations} if isinstance(relations, Relation) else {*relations, Relation.NONE}
    return any(not TABLE[action].get(relation, frozenset()).isdisjoint(roles) for relation in held)


def may_record(name: str, roles: Collection[str], relations: Relation | Collection[Relation]) -> bool:
    """Whether a fact of a case with this stored name may be recorded, as its declaration says."""
    return may(declared(name).action, roles, relations)


def relations(organisation: Organisation, person: str, day: dt.date, case: About) -> frozenset[Relation]:
    """How the person stands to the case on the day; `NONE` alone if not at all."""
    found = set(_by_person(organisation, person, day, case))
    if organisation.leads(person, case.unit, case.area, day, case.team):
        found.add(Relation.LEAD)
    found |= set(_by_role(organisation, person, day, case.unit))
    return frozenset(found or {Relation.NONE})


def level(organisation: Organisation, person: str, about: About, day: dt.date) -> int:
    """Which extensions the person may decide: 0 none, 1 as the nearest lead or for one, 2 as a level above."""
    standing_for = {person, *organisation.deputised_for(person, day)}
    levels = organisation.levels(about.unit, about.area, day, about.team)
    above = levels[1:] or levels  # where nobody stands above the nearest, the nearest has the last word
    if any(standing_for.intersection(persons) for persons in above):
        return 2
    return 1 if levels and standing_for.intersection(levels[0]) else 0


def _by_person(organisation: Organisation, person: str, day: dt.date, case: About) -> Iterator[Relation]:
    if case.worker == person:
        yield Relation.RESPONSIBLE
    elif case.worker and organisation.acting(case.worker, day).person == person:
        yield Relation.DEPUTY
    if case.receiver and organisation.acting(case.receiver, day).person == person:
        yield Relation.RECEIVER


def _by_role(organisation: Organisation, person: str, day: dt.date, unit: str | None) -> Iterator[Relation]:
    held = organisation.roles(person, day)
    if any(one.role in QS for one in held):
        yield Relation.QS
    here = organisation.current(unit, day) if unit else None
    units = {organisation.current(one.unit, day) for one in held if one.unit}
    if here in units:
        yield Relation.UNIT


def rows() -> list[tuple[str, str, tuple[str, ...]]]:
    """The table for the docs: action, relation, roles in order."""
    return [
        (action.value, relation.value, tuple(sorted(roles)))
        for action, by_relation in TABLE.items()
        for relation, roles in by_relation.items()
    ]
