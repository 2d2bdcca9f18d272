"""Who comes in, what a form must carry, and what every answer says about itself."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import httpx
import pytest
from sqlalchemy import delete, select, update

from services.demo import building
from services.demo.building import NotEmpty
from services.office.office import FOREIGN_MARK, KIND, NotAdmitted, Office, data_kind, open_office
from services.people import sessions, way_in
from services.records import values
from services.records.tables import marks
from services.records.tables import sessions as session_table
from services.records.vault import Vault
from services.web.app import create_app
from services.web.login import page as login
from tests.conftest import on_both_databases
from tests.served import TOKEN, serving, words
from tests.services.web.conftest import VisitAs
from tests.services.web.town import NOW


@on_both_databases
def test_log_in_by_picking_a_person(visit: VisitAs) -> None:
    page = visit("").get("/anmelden")
    assert words(page).count("Jobakademie") == 1  # the heading, not each person again
    assert "Demo mit erfundenen Daten" in page.text
    assert all(name in page.text for name in ("Brandt, Anna", "Kern, Beate", "Quast, Silke"))
    assert "Brandt, Anna" in visit("fm-1").get("/").text


def test_a_page_without_log_in_leads_there_and_back(visit: VisitAs) -> None:
    guest = visit("")
    page = guest.get("/fall/C-1001")
    assert page.url.path == "/anmelden"
    token = TOKEN.search(page.text)
    assert token is not None
    answer = guest.client.post("/anmelden", data={"token": token[1], "person": "fm-1"})
    assert (answer.status_code, answer.url.path) == (200, "/fall/C-1001")


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\nb"])
def test_the_way_back_stays_here(visit: VisitAs, target: str) -> None:
    guest = visit("")
    token = TOKEN.search(guest.get("/anmelden", weiter=target).text)
    assert token is not None
    sent = {"token": token[1], "person": "fm-1"}
    assert guest.client.post("/anmelden", data=sent, follow_redirects=False).headers["location"] == "/"


def test_a_log_in_without_its_token_is_refused(visit: VisitAs) -> None:
    guest = visit("")
    guest.get("/anmelden")
    answer = guest.client.post("/anmelden", data={"person": "fm-1"})
    assert answer.status_code == 403


def test_only_who_works_here_logs_in(visit: VisitAs) -> None:
    guest = visit("")
    assert guest.login("nobody").status_code == 403
    assert guest.login("C-1001").status_code == 403


@on_both_databases
def test_the_cookie_is_kept_from_scripts_and_the_token_is_not_in_the_database(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    token = person.client.cookies[sessions.COOKIE]
    with town.read() as tx:
        kept = tx.conn.execute(select(session_table)).one()
    assert token not in (kept.token, kept.csrf)
    guest = visit("")
    page = guest.get("/anmelden")
    assert "HttpOnly" in page.headers["set-cookie"]
    assert "samesite=lax" in page.headers["set-cookie"].lower()


def test_a_log_in_begins_a_session_of_its_own_and_ends_the_one_before(visit: VisitAs, town: Office) -> None:
    guest = visit("")
    given = "von-jemand-anderem-gesetzt"
    guest.client.get("/anmelden", headers={"Cookie": f"{sessions.COOKIE}={given}"})
    guest.login("fm-1")
    first = guest.client.cookies[sessions.COOKIE]
    guest.login("tl-1")
    second = guest.client.cookies[sessions.COOKIE]
    assert len({given, first, second}) == 3
    with town.read() as tx:
        assert sessions.find(tx.conn, tx.office.vault, first, NOW) is None
        assert sessions.find(tx.conn, tx.office.vault, given, NOW) is None
        assert sessions.find(tx.conn, tx.office.vault, second, NOW) is not None


def test_log_out_ends_the_session(visit: VisitAs) -> None:
    person = visit("fm-1")
    token = person.client.cookies[sessions.COOKIE]
    person.post("/abmelden")
    person.client.cookies.set(sessions.COOKIE, token)
    assert person.get("/").url.path == "/anmelden"


@on_both_databases
def test_a_session_ends_by_itself(town: Office) -> None:
    with town.write() as tx:
        token = sessions.start(tx.conn, tx.office.vault, "a" * 32, NOW)
        assert sessions.find(tx.conn, tx.office.vault, token, NOW + sessions.IDLE) is not None
        assert sessions.find(tx.conn, tx.office.vault, token, NOW + sessions.IDLE + dt.timedelta(seconds=1)) is None
        tx.conn.execute(update(session_table).values(seen_at=NOW + sessions.LONGEST))
        assert sessions.find(tx.conn, tx.office.vault, token, NOW + sessions.LONGEST + dt.timedelta(seconds=1)) is None


def test_a_post_without_token_changes_nothing(visit: VisitAs) -> None:
    person = visit("fm-1")
    for token in ("", "x" * 32):
        answer = person.client.post("/suche", data={"csrf": token, "suche": "C-1001"})
        assert answer.status_code == 403
        assert "Formular ist abgelaufen" in answer.text


def test_over_real_data_nobody_is_picked_and_no_other_host_is_served(town: Office) -> None:
    with town.write() as tx:
        tx.conn.execute(delete(marks).where(marks.c.name == KIND))
    with pytest.raises(way_in.NotSafe, match=r"127\.0\.0\.1"):
        create_app(town, "0.0.0.0")
    with serving(create_app(town)) as address:
        page = httpx.get(f"{address}/anmelden")
    assert "Einmal-Link" in page.text
    assert "Brandt, Anna" not in page.text


@pytest.mark.parametrize("planted", ["demo", "test", f"demo {bytes(16).hex()}"])
def test_a_mark_that_somebody_planted_makes_no_demo_of_real_data(town: Office, planted: str) -> None:
    with town.write() as tx:
        values.put(tx.conn, KIND, planted)
    with pytest.raises(way_in.NotSafe, match=re.escape(FOREIGN_MARK)):
        create_app(town)
    with pytest.raises(NotAdmitted, match=re.escape(FOREIGN_MARK)):
        open_office(town.settings)
    with pytest.raises(NotEmpty, match=re.escape(FOREIGN_MARK)):
        building.ensure(town)


def test_a_mark_of_another_master_key_makes_no_demo(town: Office, tmp_path: Path) -> None:
    with town.write() as tx:
        assert data_kind(tx.conn, town.vault) == "test"
        assert data_kind(tx.conn, Vault(tmp_path / "another.key")) is None


def test_a_foreign_host_name_is_refused(visit: VisitAs) -> None:
    answer = visit("").client.get("/anmelden", headers={"Host": "evil.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/anmelden", "/gibt-es-nicht", "/api/v1/due", "/healthz"])
def test_every_answer_is_kept_to_itself(visit: VisitAs, path: str) -> None:
    headers = visit("").client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/gibt-es-nicht", "/abmelden", "/einsicht/C-1001", "/fall/C-9999", "/faelle?seite=x"])
def test_a_page_that_is_refused_leads_on(visit: VisitAs, path: str) -> None:
    answer = visit("fm-1").client.get(path)
    assert answer.status_code >= 400
    assert 'aria-label="Seiten"' in answer.text
    assert "Brandt, Anna" in answer.text


@pytest.mark.parametrize("path", ["/gibt-es-nicht", "/abmelden"])
def test_nobody_is_shown_the_way_who_is_not_logged_in(visit: VisitAs, path: str) -> None:
    answer = visit("").client.get(path)
    assert answer.status_code in (404, 405)
    assert 'aria-label="Seiten"' not in answer.text


def test_no_page_asks_anybody_else(visit: VisitAs) -> None:
    page = visit("fm-1").get("/").text
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page


def test_an_unexpected_failure_says_a_number_and_nothing_else(
    visit: VisitAs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Sander, Ole hat Schulden")

    person = visit("fm-1")
    monkeypatch.setattr("services.web.case.view.read", fail)
    answer = person.get("/fall/C-1001")
    assert answer.status_code == 500
    assert "Fehlernummer" in words(answer)
    shown = answer.text + capsys.readouterr().out
    assert "Sander" not in shown
    assert "Traceback" not in shown


def test_a_long_list_shows_first_who_has_something_to_do(visit: VisitAs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "MANY", 1)
    monkeypatch.setattr(login, "PERSONS", [person for person in login.PERSONS if person.id == "fm-1"])
    first, others = visit("").get("/anmelden").text.split("<details>")
    assert 'value="fm-1"' in first
    assert 'value="fm-1"' not in others
    assert 'value="tl-1"' in others
