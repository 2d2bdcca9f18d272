"""What a lead does from the row of what is overdue: remind, accept an explanation, take over, assign anew."""

from __future__ import annotations

import re

import httpx
import pytest

from services.web.team import overdue
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_today import open_dialogue, reply

ROW = re.compile(r'name="einzeln" value="([^"]+)".*?name="fall" value="([^"]+)"', re.DOTALL)
RULES = re.compile(r'name="fall" value="([^"]+)">\s*<input type="hidden" name="rules" value="([^"]+)"')
REASON = "Wartet auf den Bescheid der Reha."


def tasks_of(lead: Visit, case: str) -> list[str]:
    """The names of the rows of the case that can be reminded of."""
    return [named for named, number in ROW.findall(lead.get("/team").text) if number == case]


def remind(lead: Visit, *named: str, asked: str = "") -> httpx.Response:
    return lead.post(f"/team/erinnern{asked}", {"wahl": list(named)})


def rules_of(lead: Visit, case: str) -> list[str]:
    return [rules for number, rules in RULES.findall(lead.get("/team").text) if number == case]


@on_both_databases
def test_a_lead_reminds_once_a_day_and_takes_it_back(visit: VisitAs) -> None:
    worker, lead = visit("fm-1"), visit("tl-1")
    first = tasks_of(lead, "C-1001")[0]
    page = remind(lead, first)
    assert "Sander, Ole · C-1001: Erinnert." in words(page)
    assert "heute durch die Führungskraft erinnert" in words(page)
    assert first not in tasks_of(lead, "C-1001")
    assert "Ihre Führungskraft erinnert Sie:" in words(worker.get("/"))
    again = remind(lead, first)
    assert again.status_code == 422
    assert "heute schon erinnert" in words(again)
    undo = re.search(r'action="(/rueckgaengig/[^"]+)".*?name="getan" value="([^"]+)"', page.text, re.DOTALL)
    assert undo is not None
    lead.post(undo[1], {"getan": undo[2], "woher": "team"})
    assert "Ihre Führungskraft erinnert Sie:" not in words(worker.get("/"))
    assert first in tasks_of(lead, "C-1001")


def test_what_is_open_no_more_and_what_is_nobodys_is_not_reminded_of(visit: VisitAs) -> None:
    lead = visit("tl-1")
    for named in ("x", "m-review-" + "0" * 32, "<b>", "m-" * 4_000):
        answer = remind(lead, named)
        assert answer.status_code == 422
        assert "inzwischen nicht mehr offen" in words(answer)
    nothing = remind(lead)
    assert nothing.status_code == 422
    assert "Bitte wählen Sie mindestens eine Zeile aus." in words(nothing)
    assert remind(visit("fm-1"), tasks_of(lead, "C-1001")[0]).status_code == 403


@on_both_databases
def test_several_rows_are_reminded_of_at_once_and_each_is_taken_back_alone(visit: VisitAs) -> None:
    worker, lead = visit("fm-1"), visit("tl-1")
    rows = tasks_of(lead, "C-1001")
    assert len(rows) > 1
    page = remind(lead, *rows, rows[0])
    assert words(page).count("C-1001: Erinnert.") == len(rows)
    assert worker.get("/").text.count("Ihre Führungskraft erinnert Sie:") == len(rows)
    deeds = re.findall(r'name="getan" value="([^"]+)"', page.text)
    assert len(deeds) == len(rows)
    lead.post("/rueckgaengig/C-1001", {"getan": deeds[0], "woher": "team"})
    assert worker.get("/").text.count("Ihre Führungskraft erinnert Sie:") == len(rows) - 1
    mixed = remind(lead, *rows)  # one is open again, the others were reminded of today
    assert mixed.status_code == 422
    assert words(mixed).count("C-1001: Daran ist heute schon erinnert worden.") == len(rows) - 1
    assert words(mixed).count("C-1001: Erinnert.") == 1


def test_the_list_stays_narrowed_and_ordered_after_a_reminder(visit: VisitAs) -> None:
    lead = visit("tl-1")
    named = tasks_of(lead, "C-1001")[0]
    page = remind(lead, named, asked="?regel=R-04&sortieren=fall&seite=1")
    assert dict(page.url.params) | {"getan": ""} == {"regel": "R-04", "sortieren": "fall", "seite": "1", "getan": ""}
    refused = remind(lead, named, asked="?regel=R-04&sortieren=fall")
    assert '<option value="R-04" selected>' in refused.text


@pytest.mark.parametrize(("field", "sentence"), [("fachkraft", "Für die gewählte"), ("regel", "Zum gewählten Anlass")])
def test_what_the_list_has_not_is_said_and_kept_in_no_address(visit: VisitAs, field: str, sentence: str) -> None:
    page = visit("tl-1").get("/team", **{field: "R-99<b>", "sortieren": "fall"})
    assert sentence in words(page)
    assert "Danach ist nicht eingegrenzt." in words(page)
    assert f"{field}=" not in page.text
    assert "sortieren=fall" in page.text


@on_both_databases
def test_an_accepted_explanation_silences_its_rules_until_its_day(visit: VisitAs) -> None:
    lead = visit("tl-1")
    rules = next(one for one in rules_of(lead, "C-1001") if "R-04" in one)
    page = open_dialogue(lead, "accept-explanation", "C-1001", woher="team", rules=rules)
    assert "Über 6 Monate Integration" in words(page)
    given = {"wert.reason": REASON, "wert.until": "20.02.2027"}
    page = reply(lead, page, **given, woher="team")
    assert "Das ändert sich" in words(page)
    page = reply(lead, page, tun="finish", woher="team")
    assert "Sander, Ole · C-1001: Erläuterung anerkannt bis 20.02.2027." in words(page)
    assert rules not in rules_of(lead, "C-1001")
    assert "Über 6 Monate Integration" not in words(visit("fm-1").get("/"))
    assert REASON in words(lead.get("/fall/C-1001"))


def test_wrong_days_and_reasons_of_an_explanation_are_said_at_their_fields(visit: VisitAs) -> None:
    lead = visit("tl-1")
    rules = next(one for one in rules_of(lead, "C-1001") if "R-04" in one)
    opened = open_dialogue(lead, "accept-explanation", "C-1001", woher="team", rules=rules)
    for until, said in (
        ("20.11.2026", "über den heutigen Tag hinaus"),
        ("21.05.2027", "höchstens sechs Monate, also bis 20.05.2027"),
        ("31.02.", "nicht zu erkennen"),
        ("", "ein Datum angeben"),
    ):
        page = reply(lead, opened, **{"wert.reason": "<b>kurz", "wert.until": until}, woher="team")
        assert page.status_code == 422
        assert said in words(page)
        assert "mindestens 10 Zeichen" in words(page)
        assert "&lt;b&gt;kurz</textarea>" in page.text


def test_a_lead_takes_a_case_over(visit: VisitAs) -> None:
    lead = visit("tl-1")
    page = open_dialogue(lead, "take-over", "C-1001", woher="team")
    page = reply(lead, page, wert="", woher="team")
    page = reply(lead, page, tun="finish", woher="team")
    assert "Sander, Ole · C-1001: Zuständigkeit geändert, 20.11.2026." in words(page)
    assert "C-1001" in words(lead.get("/"))
    assert open_dialogue(lead, "take-over", "C-1001", woher="team").status_code == 422


def test_a_lead_assigns_a_case_anew(visit: VisitAs) -> None:
    lead = visit("tl-1")
    page = open_dialogue(lead, "assign", "C-1001", woher="team")
    to = "56.4|jobakademie|ja-1"
    assert to in page.text
    page = reply(lead, page, **{"wert.to": to, "wert.reason": "", "wert.on": "21.11.2026"}, woher="team")
    assert "liegt in der Zukunft" in words(page)
    page = reply(lead, page, **{"wert.to": to, "wert.reason": "", "wert.on": "heute"}, woher="team")
    reply(lead, page, tun="finish", woher="team")
    assert "C-1001" in words(visit("ja-1").get("/"))
    assert "C-1001" not in words(visit("fm-1").get("/"))


def test_a_dialogue_begun_from_a_row_stands_there_again(visit: VisitAs, monkeypatch: pytest.MonkeyPatch) -> None:
    lead = visit("tl-1")
    open_dialogue(lead, "take-over", "C-1001", woher="team")
    page = lead.get("/team")
    assert page.text.count('aria-label="Fall selbst übernehmen"') == 1
    assert "Angefangene Dialoge" not in words(page)
    monkeypatch.setattr(overdue, "PAGE", 1)  # on another page it is not lost
    assert "Angefangene Dialoge Fall selbst übernehmen, C-1001" in words(lead.get("/team", seite="99"))
