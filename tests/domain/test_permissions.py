"""The table of permissions, tried role by role and relation by relation."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple, get_args

import pytest

from domain.facts.base import Fact
from domain.facts.directory import AbsenceRecorded, DeputyAppointed, Role, RoleAssigned
from domain.organisation import Organisation
from domain.permissions import (
    DESKS,
    EDV,
    LEADS,
    QS,
    STAFF,
    WATCHING,
    About,
    Action,
    Relation,
    may,
    may_record,
    relations,
    rows,
)

DAY = dt.date(2026, 11, 22)
ROLES = get_args(Role)
CASE_ACTIONS = [
    action for action in Action if Relation.NONE not in {Relation(row[1]) for row in rows() if row[0] == action}
]


@pytest.mark.parametrize("role", ROLES)
def test_without_a_relation_nobody_sees_or_touches_a_case(role: str) -> None:
    assert not [action for action in CASE_ACTIONS if may(action, {role}, Relation.NONE)]


@pytest.mark.parametrize("role", [role for role in ROLES if role not in STAFF | DESKS | QS | EDV | WATCHING])
def test_roles_without_a_place_in_the_house_may_nothing(role: str) -> None:
    assert not [action for action in Action if may(action, {role}, set(Relation))]


def test_who_serves_the_house_sees_its_rules_and_no_case() -> None:
    allowed = {action for action in Action if may(action, EDV, set(Relation))}
    settings = {Action.SEE_RULES, Action.PROPOSE_SETTINGS, Action.CONFIRM_SETTINGS}
    members = {Action.SEE_DIRECTORY, Action.PROPOSE_DIRECTORY, Action.CONFIRM_DIRECTORY}
    pages = {Action.SEE_SETUP, Action.IMPORT, Action.SEE_DIRECTIVES, Action.SEE_REGISTER}
    assert allowed == settings | members | pages


def test_quality_assurance_reads_and_does_nothing_else() -> None:
    allowed = {action for action in Action if may(action, {"qs"}, {Relation.QS})}
    reads = {Action.SEE_CASE, Action.SEE_CASES, Action.SEE_QS, Action.ASK_LISTS, Action.SEARCH}
    assert allowed == reads | {Action.SEE_CASE_VIEWS, Action.SEE_VIEWS, Action.SEE_DIRECTIVES, Action.SEE_REGISTER}


def test_who_watches_over_staff_and_data_sees_what_is_evaluated_and_nothing_else() -> None:
    for role in WATCHING:
        assert [action for action in Action if may(action, {role}, set(Relation))] == [Action.SEE_REGISTER]


@pytest.mark.parametrize("role", sorted(STAFF))
def test_only_who_leads_the_case_decides(role: str) -> None:
    assert may(Action.DECIDE, {role}, {Relation.LEAD})
    assert not may(Action.DECIDE, {role}, set(Relation) - {Relation.LEAD})


def test_only_leads_see_the_team() -> None:
    assert {role for role in ROLES if may(Action.SEE_TEAM, {role})} == LEADS


@pytest.mark.parametrize("role", sorted(DESKS))
def test_the_desks_record_benefits_of_their_unit_and_read_no_texts(role: str) -> None:
    assert may_record("alg1-started", {role}, Relation.UNIT)
    assert not may_record("strategy-bar-set", {role}, Relation.UNIT)
    assert not may_record("alg1-started", {role}, Relation.NONE)
    assert may(Action.SEE_NAMES, {role}, Relation.UNIT)
    assert not may(Action.SEE_TEXTS, {role}, Relation.UNIT)


def test_who_receives_a_case_reads_it_and_records_but_requests_nothing() -> None:
    assert may_record("employment-started", {"placement"}, Relation.RECEIVER)
    assert not may(Action.REQUEST, {"placement"}, Relation.RECEIVER)


@pytest.mark.parametrize(("giver", "names"), [(True, ("initiated", "withdrawn")), (False, ("accepted", "rejected"))])
def test_each_step_of_a_handover_is_recorded_by_its_own_side(giver: bool, names: tuple[str, str]) -> None:
    for name in names:
        assert may_record(f"handover-{name}", {"placement"}, Relation.RESPONSIBLE) is giver
        assert may_record(f"handover-{name}", {"placement"}, Relation.RECEIVER) is not giver


class Said(NamedTuple):
    on: dt.date
    fact: Fact


def test_relations_follow_responsibility_deputies_units_and_roles() -> None:
    placement = Said(DAY, RoleAssigned(role="placement", unit="56.4", area="av-ags"))
    people = {
        "meier": [placement, Said(DAY, AbsenceRecorded(until=DAY)), Said(DAY, DeputyAppointed(deputy="krause"))],
        "krause": [Said(DAY, RoleAssigned(role="placement", unit="56.5"))],
        "lead": [Said(DAY, RoleAssigned(role="team_lead", unit="56.4"))],
        "desk": [Said(DAY, RoleAssigned(role="intake", unit="56.4"))],
        "check": [Said(DAY, RoleAssigned(role="qs"))],
        "other": [Said(DAY, RoleAssigned(role="case_manager", unit="56.6"))],
    }
    organisation = Organisation(people, {})
    case = About("meier", "56.4", "av-ags", receiver="other")
    found = {person: relations(organisation, person, DAY, case) for person in people}
    assert found == {
        "meier": {Relation.RESPONSIBLE, Relation.UNIT},
        "krause": {Relation.DEPUTY},
        "lead": {Relation.LEAD, Relation.UNIT},
        "desk": {Relation.UNIT},
        "check": {Relation.QS},
        "other": {Relation.RECEIVER},
    }
    assert relations(organisation, "other", DAY, case._replace(receiver=None)) == {Relation.NONE}
    assert relations(organisation, "krause", DAY + dt.timedelta(days=1), case) == {Relation.NONE}
