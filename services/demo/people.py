"""Who works in the demo job centre: units, staff with roles, one absence with a deputy. All names are invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from domain.facts import Fact, Stream
from domain.facts.case import Area
from domain.facts.directory import (
    AbsenceRecorded,
    DeputyAppointed,
    PersonAdded,
    Role,
    RoleAssigned,
    UnitClosed,
    UnitOpened,
)
from domain.periods import DAY
from domain.records import Entry

FOUNDED = dt.date(2012, 1, 1)
RENUMBERED = dt.date(2019, 1, 1)  # 50.x became 52.x
SYSTEM = "import:personal"

Dated = tuple[dt.date, Fact]


class Person(NamedTuple):
    """A member of staff; without a unit the role is not bound to one."""

    id: str
    name: str
    role: Role
    unit: str | None = None
    area: Area | None = None
    since: dt.date = dt.date(2016, 4, 1)


UNITS: dict[str, list[Dated]] = {
    "56.2": [(FOUNDED, UnitOpened(name="Fachaufsicht und QS", carrier="landkreis", has_placement_area=False))],
    "56.3": [(FOUNDED, UnitOpened(name="EDV", carrier="landkreis", has_placement_area=False))],
    "56.4": [(FOUNDED, UnitOpened(name="Duderstadt", short="DUD", carrier="landkreis", has_placement_area=True))],
    "56.5": [(FOUNDED, UnitOpened(name="Göttingen", short="GÖ", carrier="landkreis", has_placement_area=True))],
    "50.5": [
        (FOUNDED, UnitOpened(name="Stadt Göttingen 50.5", carrier="stadt", has_placement_area=True)),
        (RENUMBERED - DAY, UnitClosed()),
    ],
    "52.1": [
        (RENUMBERED, UnitOpened(name="Stadt Göttingen", carrier="stadt", has_placement_area=True, previous="50.5"))
    ],
}

PERSONS = (
    Person("fm-1", "Anna Brandt", "case_manager", "56.4", "fallmanagement"),
    Person("fm-2", "Jörg Wiese", "case_manager", "56.4", "fallmanagement"),
    Person("ja-1", "Meike Lindner", "job_academy", "56.4", "jobakademie"),
    Person("av-1", "Tobias Kern", "placement", "56.4", "av-ags"),
    Person("es-1", "Petra Hoffmeister", "intake", "56.4"),
    Person("la-1", "Birgit Steinke", "benefits", "56.4"),
    Person("fdl-1", "Sabine Rust", "unit_lead", "56.4"),
    Person("fm-3", "Nurcan Aydın", "case_manager", "56.5", "fallmanagement"),
    Person("sfm-1", "Katrin Oppermann", "special_case_manager", "56.5", "spezial-fm"),
    Person("ja-2", "Holger Nolte", "job_academy", "56.5", "jobakademie"),
    Person("av-2", "Klaus Weber", "placement", "56.5", "av-ags"),
    Person("av-3", "Svenja Thiele", "placement", "56.5", "av-ags"),
    Person("es-2", "Michael Grote", "intake", "56.5"),
    Person("fdl-2", "Bernd Ahlborn", "unit_lead", "56.5"),
    Person("fm-4", "Lena Marx", "case_manager", "52.1", "fallmanagement", dt.date(2019, 1, 1)),
    Person("ja-3", "Daniel Sievers", "job_academy", "52.1", "jobakademie", dt.date(2019, 1, 1)),
    Person("av-4", "Ines Hartung", "placement", "52.1", "av-ags", dt.date(2019, 1, 1)),
    Person("es-3", "Renate Kolb", "intake", "52.1", None, dt.date(2019, 1, 1)),
    Person("tl-1", "Stefan Ludwig", "team_lead", "52.1", None, dt.date(2019, 1, 1)),
    Person("bl-1", "Christiane Vogt", "area_lead"),
    Person("qs-1", "Ulrike Sander", "qs", "56.2"),
    Person("edv-1", "Marco Jahn", "edv", "56.3"),
)
DEPUTIES = {"fm-1": "fm-2", "fm-2": "fm-1", "av-2": "av-3", "av-3": "av-2", "fdl-1": "fdl-2", "fdl-2": "fdl-1"}
AWAY = "av-2"


def directory(today: dt.date) -> Iterator[tuple[Stream, str, list[Entry]]]:
    """The directory as facts; one worker is away from four days ago until ten days ahead."""
    for code, facts in UNITS.items():
        yield Stream.UNIT, code, [entry(on, fact) for on, fact in facts]
    for one in PERSONS:
        added = PersonAdded(name=one.name, mail=f"{one.id}@jobcenter.example")
        entries = [
            entry(one.since, added),
            entry(one.since, RoleAssigned(role=one.role, unit=one.unit, area=one.area)),
        ]
        if one.id in DEPUTIES:
            entries.append(entry(one.since, DeputyAppointed(deputy=DEPUTIES[one.id])))
        if one.id == AWAY:
            entries.append(entry(today - 4 * DAY, AbsenceRecorded(until=today + 10 * DAY)))
        yield Stream.PERSON, one.id, entries


def entry(on: dt.date, fact: Fact) -> Entry:
    """A fact of the directory, as the personnel system gave it."""
    moment = dt.datetime.combine(on, dt.time(7), dt.UTC)
    return Entry(on=on, fact=fact, by=SYSTEM, recorded_at=moment)
