"""What the directory says about each person and unit, as periods: roles, absences, deputies (Fachkonzept 1.1, 1.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from domain.facts.base import Fact
from domain.facts.directory import (
    AbsenceRecorded,
    DeputyAppointed,
    PersonAdded,
    PersonLeft,
    RoleAssigned,
    RoleEnded,
    UnitClosed,
    UnitOpened,
)
from domain.periods import OPEN, Period

ALWAYS = Period(dt.date.min, OPEN)


class Dated(Protocol):
    """A fact known about a stream, with corrections and withdrawals resolved."""

    @property
    def on(self) -> dt.date: ...
    @property
    def fact(self) -> Fact: ...


class Said(NamedTuple):
    """A fact that is about to be recorded."""

    on: dt.date
    fact: Fact


class Assignment(NamedTuple):
    """A role over a period; without unit or area it is not bound to one."""

    role: str
    unit: str | None
    area: str | None
    period: Period
    team: str | None = None


class Deputyship(NamedTuple):
    """Who may stand in for a person, and when."""

    deputy: str
    period: Period


class Unit(NamedTuple):
    """A Fachdienst over a period; `previous` is the unit it continues, `parent` the one it lies in."""

    code: str
    name: str
    short: str | None
    carrier: str | None
    has_placement_area: bool | None
    previous: str | None
    period: Period
    parent: str | None = None


class Person(NamedTuple):
    """What the directory says about a person over time."""

    employed: list[Period]
    roles: list[Assignment]
    absences: list[Period]
    deputies: list[Deputyship]


def fold_person(facts: Iterable[Dated]) -> Person:
    """The periods of one person. Without any `person-added` the person counts as there until `person-left`."""
    ordered = sorted(facts, key=lambda known: known.on)
    person = Person([], [], [], [])
    for known in ordered:
        match known.fact:
            case PersonAdded():
                _open(person.employed, known.on)
            case PersonLeft():
                _leave(person, known.on)
            case RoleAssigned(role=role, unit=unit, area=area, team=team):
                person.roles.append(Assignment(role, unit, area, Period(known.on, OPEN), team))
            case RoleEnded(role=role, unit=unit, area=area, team=team):
                _end_roles(person.roles, Assignment(role, unit, area, Period(known.on, known.on), team))
            case AbsenceRecorded(until=until):
                person.absences.append(Period(known.on, until))
            case DeputyAppointed(deputy=deputy, until=until):
                person.deputies.append(Deputyship(deputy, Period(known.on, until or OPEN)))
            case _:
                pass  # facts about units never stand in a person's stream
    return person._replace(employed=person.employed or [ALWAYS], deputies=person.deputies[::-1])


def fold_unit(code: str, facts: Iterable[Dated]) -> list[Unit]:
    """The periods of one unit, each as it was opened; opening an open unit again ends the first on the day before."""
    units: list[Unit] = []
    for known in sorted(facts, key=lambda known: known.on):
        match known.fact:
            case UnitOpened() as opened:
                _close(units, known.on - dt.timedelta(days=1))
                units.append(
                    Unit(
                        code,
                        opened.name,
                        opened.short,
                        opened.carrier,
                        opened.has_placement_area,
                        opened.previous,
                        Period(known.on, OPEN),
                        opened.parent,
                    )
                )
            case UnitClosed():
                _close(units, known.on)
            case _:
                pass  # facts about persons never stand in a unit's stream
    return units


def _open(periods: list[Period], day: dt.date) -> None:
    if not periods or periods[-1].last < day:
        periods.append(Period(day, OPEN))


def _leave(person: Person, day: dt.date) -> None:
    if not person.employed:
        person.employed.append(Period(dt.date.min, day))
    elif person.employed[-1].last == OPEN:
        person.employed[-1] = Period(person.employed[-1].first, day)
    for index, held in enumerate(person.roles):
        if held.period.last == OPEN:
            person.roles[index] = held._replace(period=Period(held.period.first, day))


def _end_roles(roles: list[Assignment], ended: Assignment) -> None:
    for index, held in enumerate(roles):
        same = held.role == ended.role and ended.unit in (None, held.unit) and ended.area in (None, held.area)
        same = same and ended.team in (None, held.team)
        if same and held.period.last == OPEN:
            roles[index] = held._replace(period=Period(held.period.first, ended.period.last))


def _close(units: list[Unit], day: dt.date) -> None:
    if units and units[-1].period.last == OPEN:
        units[-1] = units[-1]._replace(period=Period(units[-1].period.first, day))
