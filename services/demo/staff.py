"""Who else works in the nine units: invented staff whose cases make the demo office as large as a real one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

from domain.facts import Stream
from domain.facts.case import Area
from domain.facts.directory import DeputyAppointed, PersonAdded, Role, RoleAssigned, RoleEnded, UnitClosed, UnitOpened
from domain.periods import DAY
from domain.records import Entry
from services.demo import names, people, story
from services.demo.people import FOUNDED, RENUMBERED, Dated, entry

SINCE = dt.date(2016, 1, 4)
UNITS = ("56.4", "56.5", "56.6", "56.7", "56.8", "52.1", "52.2", "52.3", "52.5")
FORMER = {"52.1": "50.5", "52.2": "50.9", "52.3": "50.10", "52.5": "50.14"}
WITHOUT_PLACEMENT = "52.2"
NEW = {"56.6": ("Hann. Münden", "HMÜ"), "56.7": ("Osterode am Harz", "OHA"), "56.8": ("Südharz", "SH")}
ROLES: dict[Area, tuple[Role, str, int]] = {  # role, the beginning of the ids, how many in a unit
    "fallmanagement": ("case_manager", "fm", 4),
    "spezial-fm": ("special_case_manager", "sfm", 1),
    "jobakademie": ("job_academy", "ja", 2),
    "av-ags": ("placement", "av", 3),
}


def unit_on(unit: str, day: dt.date) -> str:
    """The code a unit had on a day: until 2018 those of the town were 50.x (Fachkonzept 1.1)."""
    return unit if day >= RENUMBERED else FORMER.get(unit, unit)


def workers(unit: str, area: Area) -> list[str]:
    """The ids of those who lead cases in an area of a unit."""
    _, prefix, count = ROLES[area]
    return [f"{prefix}-{UNITS.index(unit) + 1}{number:02}" for number in range(1, count + 1)]


def areas(unit: str) -> list[Area]:
    """The areas there are in a unit."""
    return [area for area in ROLES if unit != WITHOUT_PLACEMENT or area in ("fallmanagement", "spezial-fm")]


def intake(unit: str) -> str:
    """Who takes up new cases of a unit."""
    return story.INTAKE.get(unit) or f"es-{UNITS.index(unit) + 1}01"


def lead(unit: str) -> str:
    """Who leads a unit."""
    return story.LEADS.get(unit) or f"{'tl' if unit in FORMER else 'fdl'}-{UNITS.index(unit) + 1}01"


def directory() -> Iterator[tuple[Stream, str, list[Entry]]]:
    """The units that the hand-shaped demo leaves out, and the staff of all nine."""
    for code, facts in _units():
        if code not in people.UNITS:
            yield Stream.UNIT, code, [entry(on, fact) for on, fact in facts]
    for unit in UNITS:
        for area in areas(unit):
            ids = workers(unit, area)
            for id, deputy in zip(ids, ids[1:] + ids[:1], strict=True):
                yield Stream.PERSON, id, _person(id, ROLES[area][0], unit, area, deputy if deputy != id else None)
        if unit not in story.INTAKE:
            yield Stream.PERSON, intake(unit), _person(intake(unit), "intake", unit)
            yield Stream.PERSON, lead(unit), _person(lead(unit), "team_lead" if unit in FORMER else "unit_lead", unit)


def _units() -> Iterator[tuple[str, list[Dated]]]:
    for code, (name, short) in NEW.items():
        yield code, [(FOUNDED, UnitOpened(name=name, short=short, carrier="landkreis", has_placement_area=True))]
    for code, former in FORMER.items():
        there = code != WITHOUT_PLACEMENT
        old = UnitOpened(name=f"Stadt Göttingen {former}", carrier="stadt", has_placement_area=there)
        yield former, [(FOUNDED, old), (RENUMBERED - DAY, UnitClosed())]
        new = UnitOpened(name=f"Stadt Göttingen {code}", carrier="stadt", has_placement_area=there, previous=former)
        yield code, [(RENUMBERED, new)]


def _person(id: str, role: Role, unit: str, area: Area | None = None, deputy: str | None = None) -> list[Entry]:
    last, first = names.invented(Random(id))
    facts: list[Dated] = [(SINCE, PersonAdded(name=f"{first} {last}", mail=f"{id}@jobcenter.example"))]
    if unit in FORMER:
        facts.append((SINCE, RoleAssigned(role=role, unit=FORMER[unit], area=area)))
        facts.append((RENUMBERED - DAY, RoleEnded(role=role, unit=FORMER[unit], area=area)))
        facts.append((RENUMBERED, RoleAssigned(role=role, unit=unit, area=area)))
    else:
        facts.append((SINCE, RoleAssigned(role=role, unit=unit, area=area)))
    if deputy:
        facts.append((SINCE, DeputyAppointed(deputy=deputy)))
    return [entry(on, fact) for on, fact in facts]
