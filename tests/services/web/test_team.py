"""Team: a request with all its decision needs; nobody approves the own one; of two leads one wins."""

from __future__ import annotations

import re

import httpx
import pytest

from services.questions.distribution import Bar, Spread
from services.web.team import histogram, overdue
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_handover import hand_over
from tests.services.web.test_today import open_dialogue, reply, request_extension


@on_both_databases
def test_a_request_is_decided_with_everything_beside_it(visit: VisitAs) -> None:
    worker, lead = visit("fm-1"), visit("tl-1")
    request_extension(worker)
    assert lead.get("/").url.path == "/team"
    page = lead.get("/team")
    said = words(page)
    assert "bis So., 28.02.2027 · 1. Verlängerung · AV/AGS 6 von 6 Monaten · keine laufende Beschäftigung" in said
    assert "Begründung der Entscheidung? Danach ist eine Stelle zugesagt." in said
    assert said.index("Zustimmen bis 28.02.2027") < said.index("Die Qualifizierung endet im Februar.")
    assert "Laut Balken 184 Tage (seit 20.05.2026" in said
    assert "erste Verlängerung" in said
    subject = page.text.split('name="subject" value="', 1)[1].split('"', 1)[0]
    page = open_dialogue(lead, "approve", "C-2001", subject=subject, until="2027-02-28")
    page = reply(lead, lead.get("/team"), tun="finish", woher="team")
    assert "Meier, Jana · C-2001: Verlängerung zugestimmt bis 28.02.2027." in words(page)
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


def decide(lead: Visit, dialogue: str, said: str, **more: str) -> None:
    """A lead decides about the request on the page with one sentence."""
    subject = lead.get("/team").text.split('name="subject" value="', 1)[1].split('"', 1)[0]
    page = open_dialogue(lead, dialogue, "C-2001", subject=subject, woher="team", **more)
    page = reply(lead, page, wert=said, woher="team")
    assert "C-2001: " in words(reply(lead, page, tun="finish", woher="team"))


QUESTION = "Seit wann ist die Stelle zugesagt?"


@on_both_databases
def test_a_question_is_answered_with_the_request_before_and_the_lead_sees_what_changed(visit: VisitAs) -> None:
    worker, lead = visit("fm-1"), visit("tl-1")
    request_extension(worker)
    decide(lead, "return", QUESTION)
    asked = words(worker.get("/"))
    assert "Rückfrage zu Ihrem Antrag" in asked
    assert QUESTION in asked
    assert "Rückfrage beantworten" in asked
    assert QUESTION in words(worker.get("/fall/C-2001"))
    assert "Rückfrage beantworten" in words(worker.get("/fall/C-2001"))
    page = open_dialogue(worker, "extension", "C-2001")
    assert f"Rückfrage vom Freitag, 20.11.2026: {QUESTION}" in words(page)
    assert ">Die Qualifizierung endet im Februar.</textarea>" in page.text
    assert ">Danach ist eine Stelle zugesagt.</textarea>" in page.text
    assert 'value="28.02.2027"' in page.text
    assert "Weshalb soll verlängert werden? Sie: sonstiges" in words(page)  # stands, and can be gone back to
    answer = {"facts_text": "Die Qualifizierung endet im Februar.", "justification": "Seit 02.11. zugesagt."}
    page = reply(worker, page, **{f"wert.{key}": said for key, said in answer.items()}, **{"wert.until": "28.02.2027"})
    reply(worker, page, tun="finish")
    assert "Rückfrage" not in words(worker.get("/"))  # it is answered
    seen = words(lead.get("/team"))
    assert f"Rückfrage vom 20.11.2026 von Kern, Beate {QUESTION}" in seen
    changed = (
        "Begründung der Entscheidung? geändert bisher Danach ist eine Stelle zugesagt. jetzt Seit 02.11. zugesagt."
    )
    assert changed in seen
    assert "Verlängert bis? unverändert So., 28.02.2027" in seen


@pytest.mark.parametrize(
    ("instruct", "words_of_it"),
    [("end", "Handlungsstrategie beenden"), ("change", "Handlungsstrategie umstellen"), ("handover", "Fall übergeben")],
)
def test_what_is_to_be_done_instead_is_what_the_answer_offers(visit: VisitAs, instruct: str, words_of_it: str) -> None:
    worker, lead = visit("fm-1"), visit("tl-1")
    request_extension(worker)
    decide(lead, "reject", "Keine Bewegung in Richtung Arbeit.", instruct=instruct)
    page = worker.get("/")
    note = page.text.split('id="n-', 1)[1].split("</li>", 1)[0]
    assert "Keine Bewegung in Richtung Arbeit." in note
    assert f'name="dialog" value="{instruct}"' in note
    assert words_of_it in note
    assert f'name="dialog" value="{instruct}"' in worker.get("/fall/C-2001").text


def test_what_was_done_instead_is_no_longer_asked_for(visit: VisitAs) -> None:
    worker, lead = visit("fm-1"), visit("tl-1")
    request_extension(worker)
    decide(lead, "reject", "Keine Bewegung in Richtung Arbeit.", instruct="end")
    page = open_dialogue(worker, "end", "C-2001")
    page = reply(worker, page, wert="heute", **{"wert.closing_bar": "no", "wert.reason": "benefit-end"})
    reply(worker, page, tun="finish")
    assert "Stattdessen" not in words(worker.get("/"))


def test_a_request_is_copied_as_the_printed_text(visit: VisitAs) -> None:
    request_extension(visit("fm-1"))
    block = visit("tl-1").get("/team").text.split("<summary>Textbaustein</summary>", 1)[1].split("</pre>", 1)[0]
    assert "Begründung der Entscheidung: Danach ist eine Stelle zugesagt." in block


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
    lead, case = visit("tl-1"), re.compile(r'<th scope="row"><a href="/fall/([^"]+)" data-stop>')
    whole = lead.get("/team")
    assert "Überfällig 5 " in words(whole)
    monkeypatch.setattr(overdue, "PAGE", 3)
    first, second, beyond = (lead.get("/team", seite=page) for page in ("1", "2", "9"))
    assert all("Überfällig 5 " in words(page) for page in (first, second))
    assert '<a href="/team?seite=2#ueberfaellig">Weiter</a>' in first.text
    assert "Zurück Seite 2 von 2" in words(second)
    found = [case.findall(page.text) for page in (whole, first, second, beyond)]
    assert [len(one) for one in found] == [5, 3, 2, 2]
    assert found[1] + found[2] == found[0]
    assert found[3] == found[2]
    assert lead.get("/team", seite="x").status_code == 422


def overdue_of(page: httpx.Response) -> list[str]:
    """The cases in the list of the overdue, from the top."""
    part = page.text.split('aria-label="Tabelle des Überfälligen"', 1)[-1].split("</table>", 1)[0]
    return re.findall(r'<th scope="row"><a href="/fall/([^"]+)" data-stop>', part)


def choices(page: httpx.Response, field: str) -> dict[str, str]:
    """What a field to narrow the list offers: words to value."""
    part = page.text.split(f'id="u-{field}"', 1)[1].split("</select>", 1)[0]
    return {said: value for value, said in re.findall(r'<option value="([^"]*)"[^>]*>([^<]+)<', part)}


def test_what_is_overdue_is_narrowed_by_worker_and_rule_and_ordered(visit: VisitAs) -> None:
    lead = visit("tl-1")
    whole = lead.get("/team")
    cases = overdue_of(whole)
    workers, rules = choices(whole, "fachkraft"), choices(whole, "regel")
    assert {"alle", "Brandt, Anna"} < workers.keys()
    assert {"alle", "Über 6 Monate Integration"} < rules.keys()
    of_worker = lead.get("/team", fachkraft=workers["Brandt, Anna"])
    assert 0 < len(overdue_of(of_worker)) < len(cases)
    assert "Brandt, Anna" in words(of_worker)
    assert {one.partition("Brandt")[1] for one in rows_of(of_worker)} == {"Brandt"}
    of_rule = lead.get("/team", regel=rules["Über 6 Monate Integration"])
    assert 0 < len(overdue_of(of_rule)) < len(cases)
    assert all("Über 6 Monate Integration" in one for one in rows_of(of_rule))
    assert "Alle zeigen" in words(of_rule)
    by_case = lead.get("/team", sortieren="fall")
    assert overdue_of(by_case) == sorted(cases)
    names = re.findall(r'data-label="Fachkraft">([^<]+)<', lead.get("/team", sortieren="fachkraft").text)
    assert set(names) > {"Brandt, Anna"}
    assert names == sorted(names)
    assert overdue_of(lead.get("/team", regel="R-99", fachkraft="x")) == cases  # nothing such is in the list
    assert lead.get("/team", sortieren="egal").status_code == 422


def rows_of(page: httpx.Response) -> list[str]:
    """The rows of the list of the overdue in words."""
    part = page.text.split('aria-label="Tabelle des Überfälligen"', 1)[-1].split("</table>", 1)[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in part.split("<tr>")[2:]]


def test_what_changes_by_itself_is_fetched_alone(visit: VisitAs) -> None:
    lead = visit("tl-1")
    assert 'data-refresh="/team/liste?regel=R-04"' in lead.get("/team", regel="R-04", getan="x").text
    request_extension(visit("fm-1"))
    part = lead.client.get("/team/liste", params={"regel": "R-04"})
    assert part.text.lstrip().startswith('<div class="stack" id="listen"')
    assert "Zustimmen bis 28.02.2027" in words(part)
    assert "Verweildauern" not in words(part)
    assert visit("fm-1").client.get("/team/liste").status_code == 403


def test_all_bars_stand_on_one_scale() -> None:
    bars = [(0, 3, 40), (3, None, 20)]
    spreads = [
        Spread("integration", "jobakademie", [Bar(*one) for one in bars]),
        Spread("entwicklung", "fallmanagement", [Bar(0, 3, 10), Bar(3, None, 0)]),
    ]
    first, second = (group.charts[0] for group in histogram.groups(spreads))
    heights = [column.height for chart in (first, second) for column in chart.columns]
    assert heights == [96, 48, 24, 0]


def test_a_handover_that_waits_leads_to_its_case(visit: VisitAs) -> None:
    hand_over(visit("fm-1"))
    part = visit("tl-1").get("/team").text.split('aria-label="Tabelle der Übergaben"', 1)[1]
    assert re.search(r'<th scope="row"><a href="/fall/[^"]+">', part)


@pytest.mark.parametrize(
    ("shown", "leads_to"),
    [
        ("https://x.de/team?regel=R-04&getan=alt&erinnert=", "/team?regel=R-04&getan="),
        ("https://x.de/fall/C-2001?regel=R-04", "/team?getan="),
        ("http://[", "/team?getan="),
        ("", "/team?getan="),
    ],
)
def test_a_decision_leads_back_to_the_list_as_it_was_narrowed(visit: VisitAs, shown: str, leads_to: str) -> None:
    worker, lead = visit("fm-1"), visit("tl-1")
    request_extension(worker)
    subject = lead.get("/team").text.split('name="subject" value="', 1)[1].split('"', 1)[0]
    page = open_dialogue(lead, "approve", "C-2001", subject=subject, until="2027-02-28", woher="team")
    lead.client.headers.update({"HX-Request": "true", "HX-Current-URL": shown})
    done = reply(lead, page, tun="finish", woher="team")
    assert done.headers["HX-Redirect"].startswith(leads_to)
