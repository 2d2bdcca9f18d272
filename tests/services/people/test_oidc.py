"""Log-ins at a real provider: there and back, and everything that must not come in, each with its sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import func, select, update

from domain.facts import Stream
from domain.facts.directory import PersonAdded, RoleAssigned
from services.office.office import Office
from services.people import attempts, directory, provider, sessions, tokens
from services.people.login import UNKNOWN
from services.records import tables
from services.web.app import create_app
from services.web.login.under_way import UNDER_WAY
from tests.served import serving
from tests.services.people.conftest import CLIENT, FAR_AHEAD, LONG_AGO, Browser, Login
from tests.services.web.town import append, entry

Settle = Callable[..., Office]
Opens = Callable[[str], Browser]


def _sessions(office: Office) -> int:
    with office.read() as tx:
        return tx.conn.execute(select(func.count()).select_from(tables.sessions)).scalar_one()


def test_there_and_back(browser: Browser, office: Office) -> None:
    there = browser.leave("/faelle")
    asked = {key: one[0] for key, one in parse_qs(urlsplit(there).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    back = browser.client.get(browser.confirm(there, "fm-1"))
    assert (back.status_code, back.headers["location"]) == (303, "/faelle")
    assert "Brandt, Anna" in browser.client.get("/faelle").text
    assert _sessions(office) == 1


def test_a_page_leads_to_the_provider_and_the_demo_log_in_is_off(browser: Browser) -> None:
    page = browser.client.get("/fall/C-1001", follow_redirects=True)
    assert "/anmelden/weiter?weiter=/fall/C-1001" in page.text
    assert "Brandt" not in page.text
    assert browser.client.post("/anmelden", data={"person": "fm-1"}).status_code == 403


def test_log_out_here_and_offered_there(browser: Browser, office: Office, provider: Login) -> None:
    browser.login("fm-1")
    token = browser.client.cookies[sessions.COOKIE]
    csrf = browser.client.get("/faelle").text.partition('name="csrf" value="')[2].partition('"')[0]
    page = browser.client.post("/abmelden", data={"csrf": csrf}, follow_redirects=True)
    assert "Sie sind abgemeldet" in page.text
    assert f"{provider.address}/oauth2/end_session?client_id={CLIENT}" in page.text
    browser.client.cookies.set(sessions.COOKIE, token)
    assert browser.client.get("/faelle").status_code == 303
    assert _sessions(office) == 0


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"claims": {"nonce": "another"}}, tokens.NONCE),
        ({"claims": {"nonce": None}}, tokens.NONCE),
        ({"claims": {"aud": "another"}}, tokens.AUDIENCE),
        ({"claims": {"aud": [CLIENT, "another"]}}, tokens.AUDIENCE),
        ({"claims": {"azp": "another"}}, tokens.AUDIENCE),
        ({"claims": {"iss": "http://127.0.0.1:1"}}, tokens.ISSUER),
        ({"claims": {"exp": LONG_AGO}}, tokens.EXPIRED),
        ({"claims": {"exp": None}}, tokens.INCOMPLETE),
        ({"claims": {"nbf": FAR_AHEAD}}, tokens.INCOMPLETE),
        ({"claims": {"preferred_username": "nobody"}}, UNKNOWN),
        ({"claims": {"preferred_username": ["fm-1"]}}, UNKNOWN),
        ({"forged": True}, tokens.UNSIGNED),
    ],
)
def test_a_wrong_answer_opens_nothing(
    browser: Browser, office: Office, provider: Login, fault: dict[str, object], sentence: str
) -> None:
    provider.wrong(**fault)
    answer = browser.login("fm-1")
    assert answer.status_code == 403
    assert sentence in browser.said(answer)
    assert _sessions(office) == 0


def test_a_wrong_state_is_refused(browser: Browser, office: Office) -> None:
    back = browser.confirm(browser.leave(), "fm-1")
    answer = browser.client.get(back.replace("state=", "state=x"))
    assert (answer.status_code, _sessions(office)) == (403, 0)
    assert attempts.FOREIGN in browser.said(answer)


def test_what_came_back_counts_once_and_in_one_browser(
    browser: Browser, office: Office, address: str, opens: Opens
) -> None:
    back = browser.confirm(browser.leave(), "fm-1")
    stranger = opens(address)
    assert attempts.OVER in stranger.said(stranger.client.get(back))
    kept = dict(browser.client.cookies)
    assert browser.client.get(back).status_code == 303
    for name, value in kept.items():
        browser.client.cookies.set(name, value)
    answer = browser.client.get(back)
    assert (answer.status_code, _sessions(office)) == (403, 1)
    assert attempts.OVER in browser.said(answer)


def test_a_code_is_taken_once(browser: Browser, office: Office) -> None:
    first = browser.confirm(browser.leave(), "fm-1")
    code = parse_qs(urlsplit(first).query)["code"][0]
    assert browser.client.get(first).status_code == 303
    state = parse_qs(urlsplit(browser.leave()).query)["state"][0]
    answer = browser.client.get("/anmelden/zurueck", params={"code": code, "state": state})
    assert (answer.status_code, _sessions(office)) == (403, 1)
    assert provider.REFUSED in browser.said(answer)


def test_a_log_in_waits_ten_minutes(browser: Browser, office: Office) -> None:
    back = browser.confirm(browser.leave(), "fm-1")
    with office.write() as tx:
        tx.conn.execute(update(tables.logins).values(started_at=office.now() - dt.timedelta(minutes=11)))
    assert attempts.OVER in browser.said(browser.client.get(back))


def test_what_the_provider_refuses_and_who_answers_in_its_place(browser: Browser) -> None:
    for query, sentence in (({"error": "access_denied"}, provider.REFUSED), ({"iss": "http://evil"}, tokens.ISSUER)):
        state = parse_qs(urlsplit(browser.leave()).query)["state"][0]
        answer = browser.client.get("/anmelden/zurueck", params={"code": "x", "state": state, **query})
        assert sentence in browser.said(answer)


def test_a_silent_provider_is_said(settle: Settle, opens: Opens) -> None:
    with serving(create_app(settle(Login("http://127.0.0.1:9")))) as address:
        answer = opens(address).client.get("/anmelden/weiter")
    assert answer.status_code == 503
    assert provider.SILENT in answer.text


def test_a_session_ends_idle_and_in_all(browser: Browser, office: Office) -> None:
    browser.login("fm-1")
    for column, limit in (("seen_at", sessions.IDLE), ("started_at", sessions.LONGEST)):
        assert browser.client.get("/faelle").status_code == 200
        with office.write() as tx:
            tx.conn.execute(update(tables.sessions).values({column: office.now() - limit - dt.timedelta(seconds=1)}))
        assert browser.client.get("/faelle").status_code == 303
        with office.write() as tx:
            tx.conn.execute(update(tables.sessions).values(seen_at=office.now(), started_at=office.now()))


def test_cookies_are_secure_where_the_address_is(provider: Login, settle: Settle) -> None:
    for more, secure in (({}, False), ({"public_address": "https://fallverlauf.amt.example/"}, True)):
        with serving(create_app(settle(provider, **more))) as address:
            answer = httpx.get(f"{address}/anmelden/weiter")
        set_cookie = answer.headers["set-cookie"].lower()
        assert ("secure" in set_cookie) is secure
        assert "httponly" in set_cookie
        back = parse_qs(urlsplit(answer.headers["location"]).query)["redirect_uri"][0]
        assert back.startswith("https://fallverlauf.amt.example/anmelden" if secure else "http://127.0.0.1")
        assert set_cookie.startswith("__host-") is secure
        assert "path=/;" in set_cookie
        assert "domain" not in set_cookie


def test_over_https_nobody_else_can_have_set_the_cookie(provider: Login, settle: Settle) -> None:
    office = settle(provider, public_address="https://fallverlauf.amt.example")
    with office.write() as tx:
        person = office.store.key(tx.conn, Stream.PERSON, "fm-1")
        assert person is not None
        token = sessions.start(tx.conn, office.vault, person.hex, office.now())
    with serving(create_app(office)) as address:
        answers = {
            name: httpx.get(f"{address}/faelle", headers={"Cookie": f"{name}={token}"}).status_code
            for name in (sessions.COOKIE, f"__Host-{sessions.COOKIE}")
        }
        assert answers == {sessions.COOKIE: 303, f"__Host-{sessions.COOKIE}": 200}
        left = httpx.get(f"{address}/anmelden/weiter")
        back = httpx.post(left.headers["location"], data={"sub": "fm-1"}).headers["location"]
        there = back.replace("https://fallverlauf.amt.example", address)
        cookie = left.headers["set-cookie"].partition(";")[0]
        planted = httpx.get(there, headers={"Cookie": cookie.removeprefix("__Host-")})
        assert planted.status_code == 403
        led_in = httpx.get(there, headers={"Cookie": cookie})
        assert led_in.headers["set-cookie"].startswith(f"__Host-{sessions.COOKIE}=")


def test_the_way_there_goes_on_with_no_cookie_it_was_given(browser: Browser, office: Office) -> None:
    browser.client.cookies.set(UNDER_WAY, "von-jemand-anderem")
    back = browser.confirm(browser.leave(), "fm-1")
    planted = httpx.get(back, headers={"Cookie": f"{UNDER_WAY}=von-jemand-anderem"})
    assert (planted.status_code, _sessions(office)) == (403, 0)
    assert attempts.OVER in browser.said(planted)


@pytest.mark.parametrize(
    ("named", "more", "answer"),
    [
        (["unit_lead"], {}, 303),
        (["/fdl"], {"oidc_roles": "/fdl=unit_lead@56.4"}, 303),
        (["/fdl"], {"oidc_roles": "/fdl=unit_lead@56.5"}, 403),
        (["placement", "qs"], {}, 403),
        ([], {}, 403),
    ],
)
def test_roles_of_the_directory_are_confirmed_by_the_provider(
    provider: Login, settle: Settle, opens: Opens, named: list[str], more: dict[str, str], answer: int
) -> None:
    provider.person("lead", preferred_username="tl-1", roles_of_access_token=named)
    with serving(create_app(settle(provider, oidc_role_claim="realm_access.roles", **more))) as address:
        browser = opens(address)
        found = browser.login("lead")
    assert found.status_code == answer
    if answer == 403:
        assert "Ihre Rolle Fachdienstleitung (56.4) ist beim Anmeldedienst nicht eingetragen" in browser.said(found)


def test_another_claim_may_name_the_person(provider: Login, settle: Settle, opens: Opens) -> None:
    provider.person("anna", staff_id="fm-1")
    with serving(create_app(settle(provider, oidc_person_claim="staff_id"))) as address:
        assert opens(address).login("anna").status_code == 303
        assert opens(address).login("fm-1").status_code == 403


ODD = '/Jobcenter/Fördern & Fordern/„Leitung“ "56.5" O\'Brien <b>'


def test_a_group_gives_nobody_a_role_and_is_said_once_to_those_who_may_propose_it(
    provider: Login, settle: Settle, opens: Opens
) -> None:
    with settle(provider).write() as tx:
        for id, name in (("edv-2", "Sommer, Ida"),):
            told = [PersonAdded(name=name), RoleAssigned(role="edv")]
            append(tx, Stream.PERSON, id, [entry("2019-01-01", fact) for fact in told])
    held = {"tl-1": "fdl", "edv-1": "edv", "edv-2": "edv"}
    mapping = f"fdl=unit_lead@56.4,edv=edv,{ODD}=unit_lead@56.5"
    for one, group in held.items():
        provider.person(one, roles_of_access_token=[group, "unbekannt", *([ODD] if one == "tl-1" else [])])
    office = settle(provider, oidc_role_claim="realm_access.roles", oidc_roles=mapping)
    with serving(create_app(office)) as address:
        lead, first, second = (opens(address) for _ in held)
        for browser, person in ((lead, "tl-1"), (lead, "tl-1"), (first, "edv-1"), (second, "edv-2")):
            assert browser.login(person).status_code == 303
        page = first.client.get("/verzeichnis/vorschlaege")
        said = first.said(page)
        assert "1 Rolle nennt der Anmeldedienst" in said
        assert f"Gruppe „{ODD}“ beim Anmeldedienst" in said
        assert "<b>" not in page.text.partition("<main")[2]
        assert "unit_lead" not in str(_roles(office, "tl-1") - {("unit_lead", "56.4")})
        ref = page.text.partition('name="vorschlag" value="')[2].partition('"')[0]
        csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
        straight = {"vorschlag": ref, "entscheidung": "ja", "csrf": csrf}
        assert first.client.post("/verzeichnis/vorschlaege", data=straight).status_code == 422
        form = first.client.get(unescape(page.text.partition('kern-btn--primary" href="')[2].partition('"')[0])).text
        assert '<option value="unit_lead" selected>' in form
        whom = form.partition('name="wer" value="')[2].partition('"')[0]
        wish = {"was": "role-assigned", "wer": whom, "role": "unit_lead", "unit": "56.5", "on": "20.11.2026"}
        first.client.post("/verzeichnis/aendern", data={**wish, "source": "Gruppe im Anmeldedienst", "csrf": csrf})
        assert "nennt der Anmeldedienst" not in first.said(first.client.get("/verzeichnis/vorschlaege"))
        page = second.client.get("/verzeichnis/vorschlaege")
        ref = page.text.partition('name="vorschlag" value="')[2].partition('"')[0]
        csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
        second.client.post("/verzeichnis/vorschlaege", data=straight | {"vorschlag": ref, "csrf": csrf})
        assert ("unit_lead", "56.5") in _roles(office, "tl-1")


def _roles(office: Office, person: str) -> set[tuple[str, str | None]]:
    with office.read() as tx:
        known = directory.organisation(tx)
        return {(one.role, one.unit) for one in known.roles(directory.person_key(tx, person) or "", tx.today)}
