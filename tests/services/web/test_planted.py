"""What somebody else has put into a browser before a log-in is worth nothing after it."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import func, select

from services.office.office import Office
from services.people import sessions
from services.records import tables
from services.web.login.under_way import TABS, UNDER_WAY
from tests.served import CSRF, TOKEN, Visit
from tests.services.web.conftest import VisitAs


def opened(office: Office) -> int:
    """How many sessions there are."""
    with office.read() as tx:
        return tx.conn.execute(select(func.count()).select_from(tables.sessions)).scalar_one()


def page(visit: Visit) -> str:
    """The token of the page of the log-in, opened anew."""
    found = TOKEN.search(visit.client.get("/anmelden").text)
    assert found is not None
    return found[1]


def pick(visit: Visit, token: str, cookie: str | None = None, **headers: str) -> httpx.Response:
    """Sends the form with this token, under the cookie the browser has or another one; headers with `_` for `-`."""
    if cookie is not None:
        visit.client.cookies.clear()
        visit.client.cookies.set(UNDER_WAY, cookie)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return visit.client.post("/anmelden", data={"token": token, "person": "fm-1"}, headers=sent)


def test_the_page_goes_on_with_no_cookie_it_was_given(visit: VisitAs, town: Office) -> None:
    guest = visit("")
    guest.client.cookies.set(UNDER_WAY, "von-jemand-anderem")
    token = page(guest)
    assert [one for one in guest.client.cookies.jar if one.value == "von-jemand-anderem" and one.domain] == []
    assert "von-jemand-anderem" not in token
    assert pick(guest, token, "von-jemand-anderem").status_code == 403
    assert pick(guest, "von-jemand-anderem", "von-jemand-anderem").status_code == 403
    assert opened(town) == 0


def test_a_form_counts_with_the_cookie_of_its_page_alone(visit: VisitAs, town: Office) -> None:
    mine, theirs = visit(""), visit("")
    token, foreign = page(mine), page(theirs)
    planted = theirs.client.cookies[UNDER_WAY]
    assert pick(mine, token, planted).status_code == 403
    assert pick(mine, foreign, planted).status_code == 403  # and now nobody logs in with what was planted
    assert pick(theirs, foreign).status_code == 403
    assert opened(town) == 0


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_whoever_plants_a_cookie_cannot_send_its_form(visit: VisitAs, town: Office, site: str) -> None:
    theirs, victim = visit(""), visit("")
    token = page(theirs)
    answer = pick(victim, token, theirs.client.cookies[UNDER_WAY], sec_fetch_site=site)
    assert (answer.status_code, opened(town)) == (403, 0)
    assert "Diese Anmeldung kam von einer anderen Seite." in answer.text


def test_a_page_logs_in_once_and_those_of_other_tabs_still_do(visit: VisitAs, town: Office) -> None:
    guest = visit("")
    first, second = page(guest), page(guest)
    assert first != second
    cookie = guest.client.cookies[UNDER_WAY]
    assert pick(guest, second, sec_fetch_site="same-origin").status_code == 200
    assert opened(town) == 1
    assert pick(guest, first, cookie, sec_fetch_site="same-origin").status_code == 200
    assert pick(guest, second, cookie).status_code == 403
    assert pick(guest, first, cookie).status_code == 403


def test_a_browser_has_so_many_log_ins_under_way_and_the_eldest_goes(visit: VisitAs) -> None:
    guest = visit("")
    tokens = [page(guest) for _ in range(TABS + 1)]
    cookie = guest.client.cookies[UNDER_WAY]
    assert len(cookie) < 300
    assert pick(guest, tokens[1], cookie).status_code == 200
    assert pick(guest, tokens[0], cookie).status_code == 403


def test_a_wrong_token_ends_what_was_under_way(visit: VisitAs) -> None:
    guest = visit("")
    token = page(guest)
    cookie = guest.client.cookies[UNDER_WAY]
    assert pick(guest, "geraten", cookie).status_code == 403
    assert pick(guest, token, cookie).status_code == 403


def test_a_session_from_before_the_log_in_ends_with_it(visit: VisitAs, town: Office) -> None:
    attacker, victim = visit("qs-1"), visit("")
    fixed, csrf = attacker.client.cookies[sessions.COOKIE], attacker.token()
    victim.client.cookies.set(sessions.COOKIE, fixed)
    victim.login("fm-1")
    mine = [one.value for one in victim.client.cookies.jar if one.name == sessions.COOKIE and one.domain]
    assert fixed not in mine
    assert attacker.client.get("/").url.path == "/anmelden"
    assert opened(town) == 1
    form = CSRF.search(victim.client.get("/faelle", headers={"Cookie": f"{sessions.COOKIE}={mine[0]}"}).text)
    assert form is not None
    assert form[1] != csrf


def test_who_logs_out_has_left_on_the_server(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    token = person.client.cookies[sessions.COOKIE]
    person.post("/abmelden")
    assert opened(town) == 0
    kept = httpx.get(f"{person.client.base_url}/faelle", headers={"Cookie": f"{sessions.COOKIE}={token}"})
    assert kept.status_code == 303
