"""Altfälle: listed for who leads, closed together with one reason, each a fact of its own that is undone singly."""

from __future__ import annotations

import datetime as dt
import re

import httpx
import pytest

from domain.facts import Stream
from domain.facts.office import RuleSet
from domain.rules import RULES as RULES_OF
from services.followups import lifecycle
from services.office.office import Office
from services.questions import due, legacy
from services.questions.due import Wanted
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.town import NOW, append, entry

LIST = "/team/altfaelle"
NAME = re.compile(r'name="wahl" value="([^"]+)"')
REASON = "Vor der Einführung der Regeln, in der Dienstbesprechung durchgesehen."
UNDO = re.compile(r'action="(/rueckgaengig/[^"]+)">\s*<input[^>]*>\s*<input type="hidden" name="getan" value="(\w+)"')
RULES = ("R-03", "R-04", "R-07")


@pytest.fixture(autouse=True)
def _introduced(town: Office) -> None:
    """Three rules are told from causes since August on."""
    since = dt.date(2026, 8, 1)
    with town.write() as tx:
        on = [
            entry("2026-11-01", RuleSet(rule=rule, state="on", source="DA 5", approved_by="tl-1", applies_from=since))
            for rule in RULES
        ]
        append(tx, Stream.OFFICE, "rules", on)


def names(page: httpx.Response) -> list[str]:
    return NAME.findall(page.text)


def closed(lead: Visit, *chosen: str, reason: str = REASON) -> httpx.Response:
    return lead.post(LIST, {"wahl": list(chosen), "grund": reason})


def listed(office: Office) -> set[tuple[str, str, str]]:
    with office.read() as tx:
        return {(row["case"], row["rule"], row["stage"]) for row in due.due(tx, Wanted())["rows"]}


@on_both_databases
def test_they_are_listed_and_closed_together_each_undone_singly(visit: VisitAs, town: Office) -> None:
    lead = visit("tl-1")
    before, every = listed(town), names(lead.get(LIST))
    assert len(every) > 3
    assert all(one.split("|")[0] in RULES for one in every)
    assert not [one for one in every if one.endswith("C/3.001")]  # of a unit that somebody else leads
    chosen = every[:3]
    page = closed(lead, *chosen)
    assert page.status_code == 200
    assert names(page) == every[3:]
    assert words(page).count("Altfall geschlossen.") == 3
    gone = {(number, rule, stage) for rule, stage, _, number in (one.split("|") for one in chosen)}
    assert before - listed(town) == gone
    action, decision = UNDO.findall(page.text)[0]
    page = lead.post(action, {"getan": decision, "woher": "altfaelle"})
    assert page.url.path == LIST
    assert len(names(page)) == len(every) - 2
    assert len(listed(town)) == len(before) - 2


def test_nobody_is_told_of_them_and_the_team_counts_them_apart(visit: VisitAs, town: Office) -> None:
    lifecycle.issue_due(town, NOW.date(), NOW)
    lead = visit("tl-1")
    every = names(lead.get(LIST))
    count, cases = len(every), len({one.rpartition("|")[2] for one in every})
    assert f"{count} Altfälle" in words(lead.get("/team"))
    assert 1 < cases < count
    assert f"Altfälle {count} in {cases} Fällen" in words(lead.get(LIST))
    with town.read() as tx:
        places = [("56.4", "av-ags"), ("56.4", "fallmanagement"), ("56.4", "jobakademie")]
        assert legacy.count(tx, places, NOW.date()) == count == len(legacy.of_places(tx, places, NOW.date()))
    closed(lead, *names(lead.get(LIST)))
    assert "Altfälle" not in words(lead.get("/team"))
    assert "Hier steht zurzeit kein Altfall." in words(lead.get(LIST))


def test_the_list_is_narrowed_by_rule_and_worker(visit: VisitAs) -> None:
    lead = visit("tl-1")
    every = names(lead.get(LIST))
    only = names(lead.get(LIST, regel="R-04"))
    assert only == [one for one in every if one.startswith("R-04|")] != every
    workers = re.findall(r'<option value="(\w{32})">([^<]+)<', lead.get(LIST).text)
    assert [name for _, name in workers] == sorted(name for _, name in workers)
    by_worker = [names(lead.get(LIST, fachkraft=key)) for key, _ in workers]
    assert sorted(one for some in by_worker for one in some) == sorted(every)
    assert names(lead.get(LIST, regel="R-99", fachkraft="x" * 64, seite="99")) == every


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"grund": REASON}, "Bitte mindestens einen Altfall ankreuzen."),
        ({"wahl": "first", "grund": " kurz  "}, "Bitte einen Grund mit mindestens 10 Zeichen angeben."),
        ({"wahl": "R-04|check|2026-01-01|C-9999", "grund": REASON}, "inzwischen geschlossen oder erledigt"),
        ({"wahl": "<b>x</b>", "grund": "<script>alert(1)</script>"}, "inzwischen geschlossen oder erledigt"),
        ({"wahl": "first", "grund": "x" * 20_000}, "C-"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_lost(
    visit: VisitAs, town: Office, form: dict[str, str], sentence: str
) -> None:
    lead, before = visit("tl-1"), listed(town)
    first = names(lead.get(LIST))[0]
    page = lead.post(LIST, {key: first if value == "first" else value for key, value in form.items()})
    assert page.status_code == 422
    assert sentence in words(page)
    assert "<script>alert" not in page.text
    assert listed(town) == before
    if form.get("wahl") == "first":
        assert f'{first}" ' in page.text
        assert "checked" in page.text
        assert form["grund"].strip()[:50] in page.text


def test_two_people_at_once_close_it_once(visit: VisitAs, town: Office) -> None:
    one, other = visit("tl-1"), visit("tl-2")
    first = names(one.get(LIST))[0]
    assert names(other.get(LIST))[0] == first
    assert closed(one, first).status_code == 200
    page = closed(other, first)
    assert page.status_code == 422
    assert "inzwischen geschlossen oder erledigt" in words(page)


def test_what_is_no_altfall_is_closed_by_no_program_either(visit: VisitAs) -> None:
    lead = visit("tl-1")
    data = {"rule": "R-14", "stage": "status", "due": "2026-10-21", "reason": REASON}
    asked = {"fact": "legacy-closed", "on": "2026-11-20", "data": data}
    headers = {"x-csrf-token": lead.csrf, "idempotency-key": "a" * 32, "fallverlauf-purpose": "supervision"}
    answer = lead.client.post("/api/v1/cases/C-2001/facts", json=asked, headers=headers)
    assert answer.status_code == 422, answer.text
    assert "kein offener Altfall" in answer.text


@pytest.mark.parametrize("person", ["fm-1", "es-1", "qs-1", "edv-1"])
def test_it_is_for_who_leads(visit: VisitAs, person: str) -> None:
    assert visit(person).get(LIST).status_code == 403


def test_the_list_comes_as_a_table_narrowed_as_on_the_page(visit: VisitAs) -> None:
    lead = visit("tl-1")
    every = names(lead.get(LIST))
    rows = lead.get(f"{LIST}/liste.csv").text.splitlines()
    assert len([row for row in rows if row.startswith(("C-", "C/"))]) == len(every)
    assert "Ursache vom" in "".join(rows)
    assert not [name for name in ("Sander", "Brandt", "Weber") if name in "".join(rows)]
    narrowed = lead.get(f"{LIST}/liste.csv", regel="R-07").text
    assert RULES_OF["R-07"].name in narrowed
    assert RULES_OF["R-04"].name not in narrowed
    assert lead.get(f"{LIST}/liste.xlsx").content[:2] == b"PK"
    assert visit("fm-1").get(f"{LIST}/liste.csv").status_code == 403
