"""Teams inside units: the most specific lead comes first (team, area, unit), and leads of other teams not at all."""

from __future__ import annotations

import datetime as dt

import pytest

from domain.directory import Said
from domain.facts.directory import PersonAdded, RoleAssigned, UnitOpened
from domain.organisation import Organisation

LONG_AGO, DAY = dt.date(2016, 1, 1), dt.date(2026, 11, 20)
LEADS = {
    "north": RoleAssigned(role="team_lead", unit="56.4", team="nord"),
    "south": RoleAssigned(role="team_lead", unit="56.4", team="süd"),
    "placement": RoleAssigned(role="unit_lead", unit="56.4", area="av-ags"),
    "unit": RoleAssigned(role="unit_lead", unit="56.4"),
    "elsewhere": RoleAssigned(role="team_lead", unit="56.5", team="nord"),
    "all": RoleAssigned(role="area_lead"),
}
OFFICE = Organisation(
    {
        name: [Said(LONG_AGO, PersonAdded(name=name)), Said(LONG_AGO, fact)]
        for name, fact in LEADS.items()
    },
    {code: [Said(LONG_AGO, UnitOpened(name=code))] for code in ("56.4", "56.5")},
)  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "area", "team", "levels"),
    [
        ("56.4", "av-ags", "nord", ["north", "placement", "unit", "all"]),
        ("56.4", "jobakademie", "süd", ["south", "unit", "all"]),
        ("56.4", "av-ags", None, ["placement", "unit", "all"]),
        ("56.4", "jobakademie", "west", ["unit", "all"]),
        ("56.5", "av-ags", "nord", ["elsewhere", "all"]),
        ("56.5", "av-ags", "süd", ["all"]),
        (None, None, "nord", ["all"]),
    ],
)
def test_who_leads_a_case_of_a_team(unit: str | None, area: str | None, team: str | None, levels: list[str]) -> None:
    assert OFFICE.levels(unit, area, DAY, team) == [[one] for one in levels]
    assert OFFICE.lead(unit, area, DAY, team) == levels[:1]
    assert {one for one in LEADS if OFFICE.leads(one, unit, area, DAY, team)} == set(levels)
    deciding = OFFICE.approvers(unit, area, DAY, levels[0], team=team)
    assert [one.person for one in deciding] == levels[1:2]
