"""Leads of a team see, get and decide the team's cases, and no others of the unit."""

from __future__ import annotations

import pytest

from domain.decisions.wishes import Assign
from domain.facts import Stream
from domain.facts.case import CaseOpened, ResponsibilityAssigned
from domain.facts.directory import PersonAdded, RoleAssigned
from domain.facts.strategy import StrategyBarSet
from services.casework import desk
from services.messages.recipients import recipients
from services.office.office import Office
from services.people import directory
from services.records import rows
from tests.conftest import on_both_databases
from tests.served import words
from tests.services.web.conftest import VisitAs
from tests.services.web.town import append, entry


@pytest.fixture(autouse=True)
def _teams(town: Office) -> None:
    with town.write() as tx:
        leads = {"tl-n": ("Nord, Nele", "nord"), "tl-s": ("Süd, Sven", "süd")}
        for person, (name, team) in leads.items():
            told = [PersonAdded(name=name), RoleAssigned(role="team_lead", unit="56.4", team=team)]
            append(tx, Stream.PERSON, person, [entry("2019-01-01", fact) for fact in told])
        both = [RoleAssigned(role="placement", unit="56.4", area="av-ags", team=team) for team in ("nord", "süd")]
        append(tx, Stream.PERSON, "fm-1", [entry("2019-01-01", fact) for fact in both])
        for number, team in (("N-1", "nord"), ("S-1", "süd")):
            given = ResponsibilityAssigned(worker="fm-1", unit="56.4", area="av-ags", team=team)
            facts = [CaseOpened(unit="56.4"), given, StrategyBarSet(strategy="integration")]
            key = append(tx, Stream.CASE, number, [entry("2025-02-01", fact) for fact in facts])
            rows.refresh(tx.conn, key, tx.store.records(tx.conn, key))


@on_both_databases
def test_a_lead_of_a_team_sees_its_cases_and_no_other_of_the_worker(visit: VisitAs, town: Office) -> None:
    north, unit = visit("tl-n"), visit("tl-1")
    for path in ("/faelle", "/team", "/qs/fragen/due?stichtag=20.11.2026"):
        page = words(north.get(path))
        assert "N-1" in page, path
        assert "S-1" not in page, path
        assert "C-2001" not in page, path
    assert "Brandt, Anna" in words(north.get("/team"))
    assert {"N-1", "S-1", "C-2001"} <= set(words(unit.get("/faelle")).split())
    for case, status in (("N-1", 200), ("S-1", 403), ("C-2001", 403)):
        assert north.get(f"/fall/{case}").status_code == status, case


def test_the_lead_of_the_team_is_told_first(town: Office) -> None:
    with town.read() as tx:
        known, key = directory.organisation(tx), tx.store.key(tx.conn, Stream.CASE, "N-1")
        assert key is not None
        about = directory.about(tx.conn, key, tx.today)
        assert about.team == "nord"
        told = recipients(known, about, ["lead"], tx.today)
        assert [one.person for one in told] == [directory.person_key(tx, "tl-n")]


def test_a_case_given_to_somebody_of_one_team_goes_to_that_team(visit: VisitAs, town: Office) -> None:
    with town.write() as tx:
        there = RoleAssigned(role="placement", unit="56.4", area="av-ags", team="süd")
        append(
            tx, Stream.PERSON, "fm-31", [entry("2019-01-01", PersonAdded(name="Neu, Ada")), entry("2019-01-01", there)]
        )
        key = tx.store.key(tx.conn, Stream.CASE, "N-1")
        lead = directory.person_key(tx, "tl-1")
    assert key is not None
    assert lead is not None
    wish = Assign(on=town.today(), worker="fm-31", unit="56.4", area="av-ags")
    desk.handle(town, key, wish, lead)
    assert visit("tl-s").get("/fall/N-1").status_code == 200
    assert visit("tl-n").get("/fall/N-1").status_code == 403
