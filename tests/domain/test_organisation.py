"""Who leads, who is away, who stands in, on a day."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from domain.facts.base import Fact
from domain.facts.case import Area
from domain.facts.directory import (
    AbsenceRecorded,
    DeputyAppointed,
    PersonAdded,
    PersonLeft,
    Role,
    RoleAssigned,
    RoleEnded,
    UnitClosed,
    UnitOpened,
)
from domain.organisation import Acting, Organisation

DAY = dt.date(2026, 11, 22)
START = dt.date(2020, 1, 1)


class Said(NamedTuple):
    on: dt.date
    fact: Fact


def lead_of(role: Role, unit: str | None = None, area: Area | None = None) -> list[Said]:
    return [Said(START, RoleAssigned(role=role, unit=unit, area=area))]


def away(until: dt.date = DAY) -> Said:
    return Said(DAY, AbsenceRecorded(until=until))


def deputy(person: str, until: dt.date | None = None) -> Said:
    return Said(START, DeputyAppointed(deputy=person, until=until))


def test_a_role_holds_from_its_first_to_its_last_day() -> None:
    facts = [
        Said(START, PersonAdded(name="Sabine Meier")),
        Said(START, RoleAssigned(role="placement", unit="56.4", area="av-ags")),
        Said(DAY, RoleEnded(role="placement", unit="56.4")),
        Said(DAY, RoleAssigned(role="team_lead", unit="56.5")),
    ]
    organisation = Organisation({"meier": facts}, {})
    assert [held.role for held in organisation.roles("meier", START)] == ["placement"]
    assert organisation.role_names("meier", DAY) == {"placement", "team_lead"}
    assert organisation.role_names("meier", DAY + dt.timedelta(days=1)) == {"team_lead"}
    assert organisation.roles("meier", START - dt.timedelta(days=1)) == []


def test_who_has_left_holds_no_role_and_counts_as_absent() -> None:
    facts = [*lead_of("unit_lead", "56.4"), Said(DAY, PersonLeft())]
    organisation = Organisation({"meier": facts}, {})
    after = DAY + dt.timedelta(days=1)
    assert organisation.persons(DAY) == ["meier"]
    assert organisation.persons(after) == []
    assert organisation.absent("meier", after)
    assert organisation.lead("56.4", None, after) == []


def test_who_is_unknown_is_not_absent() -> None:
    assert Organisation({}, {}).acting("import", DAY) == Acting("import")


def test_the_most_specific_lead_wins_then_the_next_level() -> None:
    people = {
        "area": lead_of("team_lead", "56.4", "jobakademie"),
        "unit": lead_of("unit_lead", "56.4"),
        "above": lead_of("area_lead"),
        "top": lead_of("management"),
    }
    organisation = Organisation(people, {})
    assert organisation.lead("56.4", "jobakademie", DAY) == ["area"]
    assert organisation.lead("56.4", "av-ags", DAY) == ["unit"]
    assert organisation.lead("56.5", "av-ags", DAY) == ["above"]
    assert organisation.lead(None, None, DAY) == ["above"]
    assert Organisation({"top": people["top"]}, {}).lead("56.5", None, DAY) == ["top"]


def test_a_unit_lead_oversees_what_a_team_lead_leads_and_management_does_not() -> None:
    people = {
        "area": lead_of("team_lead", "56.4", "jobakademie"),
        "unit": lead_of("unit_lead", "56.4"),
        "top": lead_of("management"),
    }
    organisation = Organisation(people, {})
    assert organisation.leads("unit", "56.4", "jobakademie", DAY)
    assert not organisation.leads("area", "56.4", "av-ags", DAY)
    assert not organisation.leads("top", "56.4", "jobakademie", DAY)


def test_a_unit_that_goes_on_under_another_number_keeps_its_lead() -> None:
    units = {
        "50.5": [Said(dt.date(2015, 1, 1), UnitOpened(name="FD 50.5")), Said(dt.date(2018, 12, 31), UnitClosed())],
        "52.1": [Said(dt.date(2019, 1, 1), UnitOpened(name="FD 52.1", previous="50.5"))],
    }
    organisation = Organisation({"meier": lead_of("unit_lead", "52.1")}, units)
    assert organisation.current("50.5", DAY) == "52.1"
    assert organisation.current("50.5", dt.date(2018, 12, 31)) == "50.5"
    assert organisation.lead("50.5", None, DAY) == ["meier"]
    assert [unit.code for unit in organisation.units(DAY)] == ["52.1"]


def test_a_deputy_acts_only_while_the_person_is_away() -> None:
    people = {"meier": [deputy("krause"), away()], "krause": lead_of("placement", "56.4")}
    organisation = Organisation(people, {})
    assert organisation.acting("meier", DAY) == Acting("krause", "meier")
    assert organisation.acting("meier", DAY + dt.timedelta(days=1)) == Acting("meier")
    assert organisation.deputised_for("krause", DAY) == ["meier"]
    assert organisation.deputised_for("krause", DAY + dt.timedelta(days=1)) == []


def test_the_deputy_of_a_lead_leads_and_is_named_with_the_lead() -> None:
    people = {
        "lead": [*lead_of("team_lead", "56.4"), deputy("krause"), away()],
        "krause": lead_of("placement", "56.4", "av-ags"),
    }
    organisation = Organisation(people, {})
    assert organisation.approvers("56.4", "av-ags", DAY, "meier") == [Acting("krause", "lead")]
    assert organisation.leads("krause", "56.4", "av-ags", DAY)
    assert organisation.role_names("krause", DAY) == {"placement", "team_lead"}


def test_nobody_decides_the_own_request() -> None:
    people = {
        "lead": [*lead_of("team_lead", "56.4"), deputy("krause"), away()],
        "krause": lead_of("placement", "56.4", "av-ags"),
        "above": lead_of("area_lead"),
    }
    organisation = Organisation(people, {})
    assert organisation.approvers("56.4", "av-ags", DAY, "krause") == [Acting("above")]
    assert organisation.approvers("56.4", None, DAY, "lead") == [Acting("above")]
    assert Organisation({"lead": people["lead"]}, {}).approvers("56.4", None, DAY, "lead") == []


def test_two_deputies_in_a_circle_end() -> None:
    people = {"a": [deputy("b"), away()], "b": [deputy("a"), away()]}
    assert Organisation(people, {}).acting("a", DAY) == Acting("a")


PEOPLE = [f"p{number}" for number in range(8)]


@given(
    absent=st.sets(st.sampled_from(PEOPLE)),
    edges=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=24),
)
def test_whoever_acts_is_present_if_anybody_of_the_chain_is(absent: set[str], edges: list[tuple[str, str]]) -> None:
    facts: dict[str, list[Said]] = {person: [Said(START, PersonAdded(name=person))] for person in PEOPLE}
    for person in absent:
        facts[person].append(away())
    for person, stands_in in edges:
        facts[person].append(deputy(stands_in))
    organisation = Organisation(facts, {})
    for person in PEOPLE:
        reachable = _reachable(person, edges)
        acting = organisation.acting(person, DAY)
        assert acting.person in reachable
        assert (acting.person in absent) is (reachable <= absent)
        assert (acting.on_behalf_of is None) is (acting.person == person)


def _reachable(person: str, edges: list[tuple[str, str]]) -> set[str]:
    found, before = {person}, set[str]()
    while found != before:
        before = set(found)
        found |= {stands_in for one, stands_in in edges if one in found}
    return found


def test_who_leads_a_parent_leads_its_children_after_their_own_lead() -> None:
    units = {
        "56": [Said(START, UnitOpened(name="FB 56"))],
        "56.4": [Said(START, UnitOpened(name="FD 56.4", parent="56"))],
        "56.41": [Said(START, UnitOpened(name="Team", parent="56.4"))],
    }
    people = {
        "top": lead_of("unit_lead", "56"),
        "own": lead_of("unit_lead", "56.4"),
        "area": lead_of("area_lead", "56"),
        "all": lead_of("area_lead"),
    }
    organisation = Organisation(people, units)
    assert organisation.levels("56.41", "av-ags", DAY) == [["own"], ["top"], ["area"], ["all"]]
    assert organisation.levels("56", "av-ags", DAY) == [["top"], ["area"], ["all"]]
    assert organisation.above("56.41", DAY) == ["56.4", "56"]
    assert organisation.within("56", DAY) == ["56", "56.4", "56.41"]
    assert organisation.within("56.41", DAY) == ["56.41"]
    assert organisation.leads("top", "56.41", "av-ags", DAY)
    assert not organisation.leads("own", "56", None, DAY)


def test_a_parent_that_goes_on_under_another_number_keeps_its_children() -> None:
    units = {
        "50": [Said(dt.date(2015, 1, 1), UnitOpened(name="x")), Said(dt.date(2018, 12, 31), UnitClosed())],
        "52": [Said(dt.date(2019, 1, 1), UnitOpened(name="x", previous="50"))],
        "50.1": [Said(dt.date(2015, 1, 1), UnitOpened(name="x", parent="50"))],
    }
    organisation = Organisation({"meier": lead_of("unit_lead", "52")}, units)
    assert organisation.above("50.1", DAY) == ["52"]
    assert organisation.lead("50.1", None, DAY) == ["meier"]
    assert organisation.within("52", DAY) == ["50", "50.1", "52"]


def test_a_circle_of_parents_ends() -> None:
    ring = [f"u{number}" for number in range(10)]
    units = {one: [Said(START, UnitOpened(name=one, parent=ring[(at + 1) % 10]))] for at, one in enumerate(ring)}
    organisation = Organisation({"meier": lead_of("unit_lead", "u5")}, units)
    assert organisation.above("u0", DAY) == ring[1:]
    assert organisation.within("u0", DAY) == sorted(ring)
    assert organisation.levels("u0", None, DAY) == [["meier"]]
