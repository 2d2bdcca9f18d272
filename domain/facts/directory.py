"""Facts about who works here: units, persons, roles, absences, deputies (Vertrag 2, Fachkonzept 1.1, 1.2)."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from domain.facts.base import Code, Fact, Name, OwnCode, PersonId, Stream, stored
from domain.facts.case import Area

Role = Literal[
    "case_manager",
    "special_case_manager",
    "job_academy",
    "placement",
    "clerk",
    "intake",
    "benefits",
    "team_lead",
    "unit_lead",
    "area_lead",
    "management",
    "regional_directorate",
    "headquarters",
    "qs",
    "reviewer",
    "edv",
    "staff_council",
    "data_protection",
    "para16a_coordinator",
    "provider",
    "municipality",
    "auditor",
    "client",
    "ifk",
]

Carrier = Literal["landkreis", "stadt"]


@stored("unit-opened", Stream.UNIT)
class UnitOpened(Fact, frozen=True):
    """A Fachdienst from this day on; `previous` is the unit it continues (50.5 -> 52.1), `parent` where it lies."""

    name: Code
    short: Code | None = None
    carrier: Carrier | None = None
    has_placement_area: bool | None = None
    previous: Code | None = None
    parent: Code | None = None


@stored("unit-closed", Stream.UNIT)
class UnitClosed(Fact, frozen=True):
    """The last day of a unit."""

    name: Code | None = None
    short: Code | None = None
    carrier: Carrier | None = None
    has_placement_area: bool | None = None
    previous: Code | None = None
    parent: Code | None = None


@stored("person-added", Stream.PERSON)
class PersonAdded(Fact, frozen=True):
    """A member of staff from this day; name and mail are kept in the vault."""

    name: Name
    mail: Name | None = None


@stored("person-left", Stream.PERSON)
class PersonLeft(Fact, frozen=True):
    """The last day of a member of staff."""

    name: Name | None = None
    mail: Name | None = None


@stored("role-assigned", Stream.PERSON)
class RoleAssigned(Fact, frozen=True):
    """A role from this day, in a unit and an area if given."""

    role: Role
    unit: Code | None = None
    area: Area | None = None
    team: OwnCode | None = None


@stored("role-ended", Stream.PERSON)
class RoleEnded(Fact, frozen=True):
    """The last day of a role."""

    role: Role
    unit: Code | None = None
    area: Area | None = None
    team: OwnCode | None = None


@stored("absence-recorded", Stream.PERSON)
class AbsenceRecorded(Fact, frozen=True):
    """Absent from this day until `until`, inclusive."""

    until: dt.date


@stored("deputy-appointed", Stream.PERSON)
class DeputyAppointed(Fact, frozen=True):
    """Vertretung, on the line of the person deputised, from this day until `until`, inclusive (BA 3)."""

    deputy: PersonId
    until: dt.date | None = None
