"""Chains of deputies against an independent resolver, and what may be planned."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import absences
from domain.absences import Cover, Plan
from domain.decisions.refusal import Refused
from domain.facts.base import Fact
from domain.facts.directory import AbsenceRecorded, DeputyAppointed, PersonLeft, RoleAssigned, UnitClosed, UnitOpened
from domain.organisation import Organisation
from domain.periods import OPEN

START = dt.date(2026, 11, 2)
PEOPLE = "abcdefghij"
DAYS = 12


class Said(NamedTuple):
    on: dt.date
    fact: Fact


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


class Away(NamedTuple):
    first: int
    last: int


class Stands(NamedTuple):
    deputy: str
    first: int
    last: int | None


spans = st.tuples(st.integers(0, DAYS), st.integers(0, DAYS)).map(lambda one: Away(min(one), max(one)))
appointed = st.builds(Stands, st.sampled_from(PEOPLE), st.integers(0, DAYS), st.none() | st.integers(0, DAYS))
offices = st.fixed_dictionaries(
    {one: st.tuples(st.lists(spans, max_size=2), st.lists(appointed, max_size=2)) for one in PEOPLE}
)
Drawn = dict[str, tuple[list[Away], list[Stands]]]


def organised(office: Drawn) -> Organisation:
    facts = {}
    for one, (away, deputies) in office.items():
        said = [Said(dt.date(2020, 1, 1), RoleAssigned(role="placement", unit="56.4"))]
        said += [Said(day(at.first), AbsenceRecorded(until=day(at.last))) for at in away]
        said += [
            Said(day(at.first), DeputyAppointed(deputy=at.deputy, until=None if at.last is None else day(at.last)))
            for at in deputies
        ]
        facts[one] = said
    return Organisation(facts, {})


def who_acts(office: Drawn, person: str, at: int) -> str:
    """The independent resolver: whole rings of the chain, one after another, on plain numbers."""

    def gone(one: str) -> bool:
        return any(away.first <= at <= away.last for away in office[one][0])

    def next_of(one: str) -> list[str]:
        holding = [held for held in office[one][1] if held.first <= at and (held.last is None or at <= held.last)]
        by_day = sorted(enumerate(holding), key=lambda pair: (-pair[1].first, -pair[0]))
        return [held.deputy for _, held in by_day]

    ring, met = [person], [person]
    while ring:
        for one in ring:
            if not gone(one):
                return one
        further: list[str] = []
        for one in ring:
            for deputy in next_of(one):
                if deputy not in met:
                    met.append(deputy)
                    further.append(deputy)
        ring = further
    return person


@settings(max_examples=60)
@given(offices)
def test_who_acts_is_what_an_independent_resolver_says(office: Drawn) -> None:
    organisation = organised(office)
    for at in range(DAYS + 1):
        for person in PEOPLE:
            assert organisation.acting(person, day(at)).person == who_acts(office, person, at)


@settings(max_examples=60)
@given(offices, st.sampled_from(PEOPLE), spans)
def test_the_stretches_say_of_each_day_who_acts(office: Drawn, person: str, over: Away) -> None:
    found = absences.cover(organised(office), person, day(over.first), day(over.last))
    assert [one.first for one in found[1:]] == [one.last + dt.timedelta(days=1) for one in found[:-1]]
    assert all(one.acting != following.acting for one, following in pairwise(found))
    said = {at: one.acting for one in found for at in range(DAYS + 1) if one.first <= day(at) <= one.last}
    acts = {at: who_acts(office, person, at) for at in range(over.first, over.last + 1)}
    assert said == {at: None if one == person else one for at, one in acts.items()}


def refusal(before: Organisation, after: Organisation, plan: Plan) -> list[str] | None:
    """The fields of the refusal, nothing where it is taken."""
    try:
        absences.check(before, after, plan, START)
    except Refused as error:
        return [field for field, _ in error.reasons]
    return None


@settings(max_examples=60)
@given(offices, st.sampled_from(PEOPLE), spans, st.none() | st.sampled_from(PEOPLE))
def test_what_is_taken_with_a_deputy_leaves_no_day_alone(
    office: Drawn, person: str, over: Away, deputy: str | None
) -> None:
    office = {**office, person: ([], office[person][1])}
    before, plan = organised(office), Plan(person, day(over.first), day(over.last), deputy)
    known = [Said(dt.date(2020, 1, 1), RoleAssigned(role="placement", unit="56.4"))]
    known += [
        Said(day(at.first), DeputyAppointed(deputy=at.deputy, until=None if at.last is None else day(at.last)))
        for at in office[person][1]
    ]
    after = before.with_person(person, [*known, *(Said(*one) for one in absences.facts(plan, START))])
    cover = absences.cover(after, person, plan.first, plan.last)
    wrong = refusal(before, after, plan)
    if wrong is None:
        assert deputy is None or None not in {one.acting for one in cover}
    else:
        away = all(
            any(at.first <= n <= at.last for at in office[deputy or ""][0]) for n in range(over.first, over.last + 1)
        )
        assert (wrong, deputy == person or away or None in {one.acting for one in cover}) == (["deputy"], True)
    for gap in absences.left_alone(before, after, plan, START):
        at = (gap.first - START).days
        assert who_acts(office, gap.person, at) == person
        assert after.acting(gap.person, gap.first).on_behalf_of is None


def test_an_appointment_within_an_absence_to_its_last_day_belongs_to_it() -> None:
    said = [
        Said(day(0), AbsenceRecorded(until=day(5))),
        Said(day(2), DeputyAppointed(deputy="b", until=day(5))),
        Said(day(0), DeputyAppointed(deputy="c")),
    ]
    organisation = Organisation({"a": said}, {})
    own, standing = Plan("a", day(0), day(5), "b"), Plan("a", day(0), OPEN, "c", away=False)
    assert absences.planned(organisation, "a", day(5)) == [own, standing]
    assert absences.planned(organisation, "a", day(6)) == [standing]
    assert absences.cover(organisation, "a", day(0), day(5)) == [Cover(day(0), day(1), "c"), Cover(day(2), day(5), "b")]


@pytest.mark.parametrize(
    ("person", "others"),
    [
        ("worker", {"colleague", "lead", "above"}),
        ("lead", {"worker", "colleague", "above", "neighbour"}),
        ("above", {"lead", "neighbour"}),
        ("desk", {"worker", "colleague", "lead", "above"}),
        ("qs", {"qs2", "above"}),
    ],
)
def test_who_can_stand_in(person: str, others: set[str]) -> None:
    roles = {
        "worker": RoleAssigned(role="placement", unit="50.5"),
        "colleague": RoleAssigned(role="case_manager", unit="52.1"),
        "lead": RoleAssigned(role="unit_lead", unit="52.1"),
        "above": RoleAssigned(role="area_lead"),
        "neighbour": RoleAssigned(role="team_lead", unit="56.4"),
        "stranger": RoleAssigned(role="placement", unit="56.4"),
        "desk": RoleAssigned(role="intake", unit="52.1"),
        "qs": RoleAssigned(role="qs"),
        "qs2": RoleAssigned(role="qs"),
        "gone": RoleAssigned(role="placement", unit="52.1"),
    }
    facts = {key: [Said(dt.date(2020, 1, 1), fact)] for key, fact in roles.items()}
    facts["gone"].append(Said(day(-1), PersonLeft()))
    units = {
        "50.5": [Said(dt.date(2020, 1, 1), UnitOpened(name="x")), Said(dt.date(2021, 12, 31), UnitClosed())],
        "52.1": [Said(dt.date(2022, 1, 1), UnitOpened(name="x", previous="50.5"))],
        "56.4": [Said(dt.date(2020, 1, 1), UnitOpened(name="x"))],
    }
    assert set(absences.can_stand_in(Organisation(facts, units), person, START)) == others
