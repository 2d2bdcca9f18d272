"""Team: a request with all its decision needs; nobody approves the own one; of two leads one wins."""

from __future__ import annotations

import re

import pytest

from services.web.team import page as team
from tests.conftest import on_both_databases
from tests.served import words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_today import open_dialogue, reply, request_extension


@on_both_databases
def test_a_request_is_decided_with_everything_beside_it(visit: VisitAs) -> None:
    worker, lead = visit("fm-1"), visit("tl-1")
    request_extension(worker)
    assert "Ein Antrag wartet auf Ihre Entscheidung" in words(lead.get("/"))
    page = lead.get("/team")
    said = words(page)
    assert "Begründung der Entscheidung: Danach ist eine Stelle zugesagt." in said
    assert "Laut Balken 184 Tage (seit 20.05.2026" in said
    assert "erste Verlängerung" in said
    subject = page.text.split('name="subject" value="', 1)[1].split('"', 1)[0]
    page = open_dialogue(lead, "approve", "C-2001", subject=subject, until="2027-02-28")
    page = reply(lead, lead.get("/team"), tun="finish", woher="team")
    assert "Verlängerung zugestimmt" in words(page)
    assert "Kein Antrag wartet" in words(page)
    assert "hat der Verlängerung zugestimmt, bis 28.02.2027" in words(worker.get("/"))
    case = words(worker.get("/fall/C-2001"))
    assert "zugestimmt durch die Führungskraft: Kern, Beate" in case


@on_both_databases
def test_of_two_leads_one_wins(visit: VisitAs) -> None:
    request_extension(visit("fm-1"))
    first, second = visit("tl-1"), visit("tl-2")
    page = second.get("/team")
    subject = page.text.split('name="subject" value="', 1)[1].split('"', 1)[0]
    theirs = open_dialogue(second, "approve", "C-2001", subject=subject, until="2027-02-28", woher="team")
    open_dialogue(first, "approve", "C-2001", subject=subject, until="2027-02-28", woher="team")
    reply(first, first.get("/team"), tun="finish", woher="team")
    answer = reply(second, theirs, tun="finish", woher="team")
    assert answer.status_code == 409
    assert "Kern, Beate hat am 20.11.2026 um 09:00 Uhr" in words(answer)


def test_a_question_comes_back_to_the_worker(visit: VisitAs) -> None:
    worker, lead = visit("fm-1"), visit("tl-1")
    request_extension(worker)
    subject = lead.get("/team").text.split('name="subject" value="', 1)[1].split('"', 1)[0]
    page = open_dialogue(lead, "return", "C-2001", subject=subject, woher="team")
    page = reply(lead, page, wert="Seit wann ist die Stelle zugesagt?", woher="team")
    reply(lead, page, tun="finish", woher="team")
    assert "Rückfrage zu Ihrem Antrag" in words(worker.get("/"))
    assert "Seit wann ist die Stelle zugesagt?" in words(worker.get("/fall/C-2001"))


def test_nobody_approves_the_own_request(visit: VisitAs) -> None:
    lead = visit("tl-1")
    request_extension(lead, woher="fall")
    assert "Kein Antrag wartet" in words(lead.get("/team"))
    assert "Verlängerung beantragt" not in words(lead.get("/team"))
    assert "Zustimmen" in words(visit("tl-2").get("/team"))


@on_both_databases
def test_overdue_is_told_once_per_case_and_theme_without_figures_about_people(visit: VisitAs) -> None:
    said = words(visit("tl-1").get("/team"))
    overdue = said[said.index("Überfällig") :]
    assert overdue.count("Sander, Ole · C-1001") == 2
    assert "Brink, Mara · C-2003" in overdue
    assert "Fuchs" not in said


def test_what_is_overdue_is_gone_through_page_by_page(visit: VisitAs, monkeypatch: pytest.MonkeyPatch) -> None:
    lead, case = visit("tl-1"), re.compile(r'<th scope="row"><a href="/fall/([^"]+)">')
    whole = lead.get("/team")
    assert "Überfällig 5 " in words(whole)
    monkeypatch.setattr(team, "OVERDUE", 3)
    first, second, beyond = (lead.get("/team", seite=page) for page in ("1", "2", "9"))
    assert all("Überfällig 5 " in words(page) for page in (first, second))
    assert '<a href="/team?seite=2#ueberfaellig">Weiter</a>' in first.text
    assert "Zurück Seite 2 von 2" in words(second)
    found = [case.findall(page.text) for page in (whole, first, second, beyond)]
    assert [len(one) for one in found] == [5, 3, 2, 2]
    assert found[1] + found[2] == found[0]
    assert found[3] == found[2]
    assert lead.get("/team", seite="x").status_code == 422
