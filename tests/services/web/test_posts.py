"""Every post leads on or refuses, and what was typed is lost neither by going back nor by a session that ended."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import httpx
import pytest
from sqlalchemy import select, update

from domain.facts import Stream
from domain.facts.case import ResponsibilityAssigned
from services.office.office import Office
from services.operations import erasure
from services.people import kept_forms, sessions
from services.records import rows
from services.records.tables import kept_forms as table
from services.records.tables import sessions as session_table
from tests.conftest import on_both_databases
from tests.served import CSRF, TOKEN, Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_routes import _routes as routes
from tests.services.web.test_today import DRAFT, STEP, VERSION, facts, open_dialogue
from tests.services.web.town import NOW, append, entry

REFUSED: Mapping[str, tuple[str, Mapping[str, str], int]] = {  # by route: a path, a form that is refused, the status
    "/anmelden": ("/anmelden", {"token": "x", "person": "fm-1"}, 403),
    "/abmelden": ("/abmelden", {"csrf": "x"}, 403),
    "/zweck/{case:path}": ("/zweck/C-1001", {"zweck": "neugier"}, 403),
    "/aufgehoben/{id}": ("/aufgehoben/x", {}, 404),
    "/termin": ("/termin", {"fall": "C-1001", "termin": "r0", "was": "held"}, 404),
    "/gelesen/{note}": ("/gelesen/999999", {}, 404),
    "/rueckmeldung/{note}": ("/rueckmeldung/999999", {}, 403),
    "/befehl": ("/befehl", {"text": "verlängern C-9999"}, 422),
    "/dialog": ("/dialog", {"fall": "C-9999", "dialog": "end"}, 403),
    "/dialog/{draft}": ("/dialog/00000000-0000-0000-0000-000000000000", {"tun": "finish"}, 404),
    "/eintrag/{case:path}": ("/eintrag/C-2001", {"art": "contact-held", "on": "31.02.2026"}, 422),
    "/berichtigen/{ref}/{case:path}": ("/berichtigen/r0/C-2001", {"warum": "x"}, 404),
    "/zuruecknehmen/{ref}/{case:path}": ("/zuruecknehmen/r0/C-2001", {"warum": "x"}, 404),
    "/rueckgaengig/{case:path}": ("/rueckgaengig/C-2001", {"getan": "x"}, 422),
    "/faelle": ("/faelle", {"dauer": "x"}, 422),
    "/faelle/auswahl": ("/faelle/auswahl", {"tun": "nichts", "fall": "C-2001"}, 422),
    "/faelle/filter": ("/faelle/filter", {"name": " "}, 422),
    "/faelle/filter/{saved}/weg": ("/faelle/filter/999999/weg", {"csrf": "x"}, 403),
    "/eingang/neukunde": ("/eingang/neukunde", {"last_name": ""}, 403),
    "/eingang/zeitraum": ("/eingang/zeitraum", {"kind": "alg1"}, 403),
    "/eingang/doppelte": ("/eingang/doppelte", {"fall": "C-9999"}, 403),
    "/team/umverteilen": ("/team/umverteilen", {"zu": "x"}, 403),
    "/team/umverteilen/zurueck": ("/team/umverteilen/zurueck", {"getan": "x"}, 403),
    "/team/erinnern": ("/team/erinnern", {"wahl": "x"}, 403),
    "/team/altfaelle": ("/team/altfaelle", {"wahl": "x"}, 403),
    "/einlesen": ("/einlesen", {"datei": ""}, 403),
    "/einlesen/profile": ("/einlesen/profile", {"profil": "x", "tun": "loeschen"}, 403),
    "/einlesen/{id}": ("/einlesen/00000000-0000-0000-0000-000000000000", {"tun": "loeschen"}, 403),
    "/verzeichnis/aendern": ("/verzeichnis/aendern", {"was": "unit-opened"}, 403),
    "/verzeichnis/vorschlaege": ("/verzeichnis/vorschlaege", {"vorschlag": "x"}, 403),
    "/regeln/aendern": ("/regeln/aendern", {"was": "R-04"}, 403),
    "/regeln/grundlage": ("/regeln/grundlage", {"art": "word-set"}, 403),
    "/vorgaben": ("/vorgaben", {"vorgabe": "x"}, 422),
    "/regeln/vorschlaege": ("/regeln/vorschlaege", {"vorschlag": "x"}, 403),
    "/abwesenheiten": ("/abwesenheiten", {"first": "31.02.2026"}, 422),
    "/abwesenheiten/nachrichten": ("/abwesenheiten/nachrichten", {"mail": "x"}, 422),
    "/abwesenheiten/mail": ("/abwesenheiten/mail", {"person": "x"}, 422),
    "/abwesenheiten/kalender": ("/abwesenheiten/kalender", {"tun": "x"}, 422),
    "/abwesenheiten/zurueck": ("/abwesenheiten/zurueck", {"plan": "x"}, 422),
    "/abgleich": ("/abgleich", {"eine": "two-things|r0"}, 422),
    "/einlesen/{id}/spalten": ("/einlesen/00000000-0000-0000-0000-000000000000/spalten", {"eintrag": "x"}, 403),
    "/heute/mehrere": ("/heute/mehrere", {"was": "later"}, 422),
    "/termine": ("/termine", {"einzeln": "held|r0|C-9999"}, 422),
    "/einladung/{case:path}": ("/einladung/C-2001", {"termin": "r0"}, 404),
    "/nachtrag/{case:path}": ("/nachtrag/C-2001", {"wahl": "r0"}, 422),
    "/suche": ("/suche", {"suche": "sander", "csrf": "x"}, 403),
    "/suche/vorschlag": ("/suche/vorschlag", {"suche": "sander", "csrf": "x"}, 403),
}
CALL = {"art": "contact-held", "on": "19.11.2026", "channel": "phone", "direction": "out", "number": "999"}
BACK = re.compile(r'<body data-back="([^"]*)"')
WORRY = "Frau Sander ruft wegen der Räumungsklage zurück."


def test_every_post_is_known_here(town: Office) -> None:
    """How each is taken `test_one_connection` tries; that it leads on, the visitor looks at every answer."""
    found = {one.path for one in routes(town) if "POST" in one.methods and not one.path.startswith("/api/")}
    assert found == REFUSED.keys()


@pytest.mark.parametrize("route", REFUSED)
def test_what_is_refused_is_kept_nowhere_on_the_way(visit: VisitAs, route: str) -> None:
    path, form, status = REFUSED[route]
    person = visit("fm-1")
    for part in ({}, {"hx_request": "true"}):
        answer = person.post(path, form, **part)
        assert answer.status_code == status, words(answer)
        assert answer.headers["Cache-Control"] == "no-store"
        back = BACK.search(answer.text)
        assert bool(back) != bool(part)
        if back:  # where the back button finds the page again is an address that can be opened
            again = person.client.get(back[1].replace("&amp;", "&"), follow_redirects=False)
            assert again.status_code in (200, 303, 422, status)


def test_a_preview_has_an_address_and_what_was_typed_stands_in_none(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    number = re.search(r'name="number" value="(\d+)"', person.get("/eintrag/C-2001", art="contact-held").text)
    assert number is not None
    call = CALL | {"number": number[1]}
    shown = person.post("/eintrag/C-2001", call)
    assert "Das wird eingetragen" in words(shown)
    assert [one.status_code for one in shown.history] == [303]
    assert str(shown.url.query, "ascii").startswith("aufgehoben=")
    assert "phone" not in str(shown.url)
    again = person.client.get(str(shown.url))
    assert words(again) == words(shown)
    assert "Das wird eingetragen" in words(person.client.get(f"{shown.url}&schritt=save"))  # an address saves nothing
    form = person.post(f"{shown.url.path}?{shown.url.query.decode()}", call | {"step": "edit"})
    assert 'value="19.11.2026"' in form.text or 'value="2026-11-19"' in form.text
    before = facts(town)
    saved = person.post(f"{shown.url.path}?{shown.url.query.decode()}", call | {"step": "save"})
    assert (saved.url.path, facts(town)) == ("/fall/C-2001", before + 1)
    gone = person.client.get(str(shown.url))
    assert (gone.status_code, facts(town)) == (404, before + 1)
    assert "gespeichert, verworfen oder älter als ein Tag" in words(gone)


def test_a_typed_line_leads_on_to_what_was_understood(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    page = person.post("/befehl", {"text": "verlängern", "fall": "C-2001"})
    assert (page.status_code, page.url.path.startswith("/dialog/")) == (200, True)
    assert DRAFT.search(page.text)
    page = person.post("/befehl", {"text": "was ist heute dran"})
    assert (page.status_code, page.url.path) == (200, "/befehl/antwort")
    assert words(person.client.get(str(page.url))) == words(page)
    page = person.post("/befehl", {"text": "hilfe", "antwort": "<b>von mir</b>"})
    assert "von mir" not in page.text
    end(town)
    there = sent(person, "/befehl", {"text": "hilfe", "antwort": "<b>von mir</b>"})
    kept = there.rpartition("/")[2]
    back_in(person, there)
    assert person.client.get(f"/befehl/antwort?aufgehoben={kept}").status_code == 404


def end(office: Office, **since: dt.timedelta) -> None:
    """Lets every session end by itself, or longer ago."""
    with office.write() as tx:
        seen = NOW - sessions.IDLE - dt.timedelta(seconds=1, **since)
        tx.conn.execute(update(session_table).values(seen_at=seen))


def back_in(visit: Visit, page_path: str, person: str = "fm-1") -> httpx.Response:
    """Logs in where a post has led, and comes to where that leads."""
    page = visit.client.get(page_path)
    token = TOKEN.search(page.text)
    assert token is not None
    return visit._kept(visit.client.post("/anmelden", data={"token": token[1], "person": person}))


def sent(visit: Visit, path: str, form: Mapping[str, str], **headers: str) -> str:
    """Where a post leads to after the session has ended."""
    headers = {key.replace("_", "-"): value for key, value in headers.items()}
    data = {"csrf": visit.csrf, **form}
    answer = visit.client.post(path, data=data, headers=headers, follow_redirects=False)
    return answer.headers.get("location") or answer.headers["hx-redirect"]


def held(office: Office) -> int:
    """How many forms are kept."""
    with office.read() as tx:
        return len(tx.conn.execute(select(table.c.id)).all())


@on_both_databases
def test_what_was_typed_is_there_after_the_log_in(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    person.token()
    before = facts(town)
    end(town)
    there = sent(person, "/eintrag/C-2001", CALL | {"late_reason": WORRY, "step": "save"})
    assert there.startswith("/anmelden?weiter=/aufgehoben/")
    page = back_in(person, there)
    assert page.url.path == "/eintrag/C-2001"
    assert WORRY in page.text
    assert "Ihre Sitzung war abgelaufen." in page.text
    assert facts(town) == before
    with town.read() as tx:
        row = tx.conn.execute(select(table)).one()
        assert row.key == tx.store.key(tx.conn, Stream.CASE, "C-2001")
    assert b"klage" not in row.sealed


def test_an_answer_in_a_dialogue_is_there_after_the_log_in(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    page = open_dialogue(person, "later", "C-2002")
    draft, version, step = (one.search(page.text) for one in (DRAFT, VERSION, STEP))
    assert draft is not None
    assert version is not None
    assert step is not None
    end(town)
    said = {"version": version[1], "step": step[1], "woher": "heute", "wert": "other"}
    there = sent(person, f"/dialog/{draft[1]}", said, hx_request="true")
    page = back_in(person, there)
    assert page.url.path == f"/dialog/{draft[1]}"
    assert "Ihre Sitzung war abgelaufen." in page.text


def test_what_has_no_page_of_its_own_is_shown_with_a_button(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    person.token()
    end(town)
    page = back_in(person, sent(person, "/befehl", {"text": "verlängern bis Ende Februar", "fall": "C-2001"}))
    said = words(page)
    assert "Fall C-2001" in said
    assert "verlängern bis Ende Februar" in said
    assert held(town) == 1
    forms = re.findall(r'name="(text|fall)" value="([^"]*)"', page.text)
    assert "Verlängerung beantragen" in words(person.post("/befehl", dict(forms)))
    person.post(page.url.path)
    assert person.client.get(page.url.path).status_code == 404


def test_nothing_is_kept_of_what_nobody_has_typed_here(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    csrf, cookie = person.token(), person.client.cookies[sessions.COOKIE]
    form = CALL | {"late_reason": WORRY}
    end(town)
    assert sent(person, "/eintrag/C-2001", form | {"csrf": "x" * 32}) == "/anmelden"
    assert sent(person, "/eintrag/C-2001", form | {"why": "x" * kept_forms.LARGEST}) == "/anmelden"
    end(town, days=2)
    person.login("fm-1")  # clears away what has ended long ago
    person.client.cookies.clear()
    person.client.cookies.set(sessions.COOKIE, cookie)
    person.csrf = csrf
    assert sent(person, "/eintrag/C-2001", form) == "/anmelden"
    other = visit("fm-1")
    csrf, cookie = other.token(), other.client.cookies[sessions.COOKIE]
    other.post("/abmelden")
    other.client.cookies.set(sessions.COOKIE, cookie)
    other.csrf = csrf
    assert sent(other, "/eintrag/C-2001", form) == "/anmelden"
    assert held(town) == 0


def _kept_of(visit: VisitAs, town: Office) -> tuple[Visit, str]:
    person = visit("fm-1")
    person.token()
    end(town)
    return person, sent(person, "/eintrag/C-2001", CALL | {"late_reason": WORRY})


def test_nobody_else_gets_it(visit: VisitAs, town: Office) -> None:
    person, there = _kept_of(visit, town)
    page = back_in(person, there, "tl-1")
    assert page.status_code == 404
    assert WORRY not in page.text


def test_whoever_may_no_longer_see_the_case_gets_it_no_more(visit: VisitAs, town: Office) -> None:
    person, there = _kept_of(visit, town)
    with town.write() as tx:
        given = ResponsibilityAssigned(worker="fm-9", unit="56.5", area="av-ags")
        key = append(tx, Stream.CASE, "C-2001", [entry("2026-11-20", given)])
        rows.refresh(tx.conn, key, tx.store.records(tx.conn, key))
    page = back_in(person, there)
    assert page.status_code == 403
    assert WORRY not in page.text


def test_it_goes_after_a_day_and_with_the_case(visit: VisitAs, town: Office) -> None:
    person, there = _kept_of(visit, town)
    with town.write() as tx:
        tx.conn.execute(update(table).values(at=NOW - kept_forms.KEPT_FOR))
    assert back_in(person, there).status_code == 404
    end(town)
    sent(person, "/eintrag/C-2001", CALL | {"late_reason": WORRY})
    assert held(town) == 1  # the old one went when a new one came
    erasure.erase(town, "C-2001")
    assert held(town) == 0


@pytest.mark.parametrize("erased", ["C-2001", "C-2002"])
def test_what_was_typed_about_several_cases_goes_with_any_of_them(visit: VisitAs, town: Office, erased: str) -> None:
    person = visit("fm-1")
    csrf = person.token()
    end(town)
    about = {"csrf": csrf, "fall": ["C-2001", "C-2002"], "tun": "own", "subject": WORRY}
    there = person.client.post("/faelle/auswahl", data=about, follow_redirects=False).headers["location"]
    page = back_in(person, there)
    assert WORRY in page.text
    assert "Fall C-2001 , Fall C-2002" in words(page)
    erasure.erase(town, erased)
    assert held(town) == 0
    assert person.client.get(page.url.path).status_code == 404


def test_what_was_typed_about_other_cases_stays(visit: VisitAs, town: Office) -> None:
    person, there = _kept_of(visit, town)
    erasure.erase(town, "C-2002")
    assert held(town) == 1
    assert WORRY in back_in(person, there).text


def test_so_many_of_a_person_are_kept(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    for one in range(kept_forms.MOST + 3):
        person.post("/befehl", {"text": "hilfe", "n": str(one)})
    assert held(town) == kept_forms.MOST


def test_a_form_of_another_tab_counts_after_a_new_log_in(visit: VisitAs, town: Office) -> None:
    """Of the same person: whoever logs in as somebody else sends nothing in the name of the one before."""
    person = visit("fm-1")
    csrf = person.token()
    end(town)
    person.login("fm-1")
    assert person.client.post("/suche", data={"csrf": csrf, "suche": "C-2001"}).url.path == "/fall/C-2001"
    person.login("tl-1")
    answer = person.client.post("/suche", data={"csrf": csrf, "suche": "C-2001"})
    assert answer.status_code == 403
    assert "inzwischen jemand neu angemeldet" in words(answer)
    person.post("/abmelden")
    person.login("fm-1")
    found = CSRF.search(person.get("/faelle").text)
    assert found is not None
    assert found[1] != csrf


def test_a_page_that_was_opened_is_led_to_with_what_it_was_asked(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    end(town)
    answer = person.client.get("/fall/C-1001?stichtag=2026-02-01", follow_redirects=False)
    page = back_in(person, answer.headers["location"])
    assert str(page.url).endswith("/fall/C-1001?stichtag=2026-02-01")
