"""Tokens, sessions and addresses that somebody made up or that have outlived their right: nothing of it comes in."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple

import httpx
import pytest
from joserfc.jwk import ECKey

from domain.facts import Fact, Stream
from domain.facts.directory import AbsenceRecorded, DeputyAppointed, PersonAdded, PersonLeft, RoleAssigned, RoleEnded
from domain.records import Entry
from services.office.office import Office
from services.people import provider as providers
from services.people import sessions
from services.web.app import create_app
from services.web.login.under_way import local
from tests.served import Visit, serving, words
from tests.services.people.conftest import Login
from tests.services.people.issuer import CLIENT, Issuer, issuing, rsa

CLOCKS = "/api/v1/cases/C-1001/clocks"
Settle = Callable[..., Office]


class Place(NamedTuple):
    """The town behind an issuer; what is opened is closed with it."""

    office: Office
    issuer: Issuer
    address: str
    opened: ExitStack

    def get(self, token: str, path: str = CLOCKS) -> httpx.Response:
        return httpx.get(f"{self.address}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=30)

    def visit(self, person: str) -> Visit:
        """A browser with a session of this person."""
        found = self.browser()
        with self.office.write() as tx:
            key = self.office.store.key(tx.conn, Stream.PERSON, person)
            assert key is not None
            token = sessions.start(tx.conn, tx.office.vault, key.hex, self.office.now())
        found.client.cookies.set(sessions.COOKIE, token)
        return found

    def browser(self) -> Visit:
        """A browser without a session."""
        found = Visit(self.address)
        self.opened.callback(found.close)
        return found

    def recorded(self, person: str, *facts: Fact, on: str = "2026-11-01") -> None:
        """Facts of the directory, as an import brings them."""
        with self.office.write() as tx:
            key = self.office.store.open_stream(tx.conn, Stream.PERSON, person)
            entries = [Entry(on=dt.date.fromisoformat(on), fact=fact, by="import:test") for fact in facts]
            self.office.store.append(tx.conn, key, entries, self.office.now())


@pytest.fixture
def place(settle: Settle) -> Iterator[Place]:
    with issuing() as issuer:
        office = settle(Login(issuer.address))
        with serving(create_app(office)) as address, ExitStack() as opened:
            yield Place(office, issuer, address, opened)


def unsigned(claims: object, header: dict[str, Any], signature: str = "") -> str:
    parts = [json.dumps(part).encode() for part in (header, claims)]
    return ".".join([*(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), signature])


def by_secret(claims: object, header: dict[str, Any], secret: bytes) -> str:
    body = unsigned(claims, header).removesuffix(".")
    return f"{body}.{base64.urlsafe_b64encode(hmac.digest(secret, body.encode(), 'sha256')).rstrip(b'=').decode()}"


def forged(issuer: Issuer) -> dict[str, str]:
    """Tokens that nobody signed who may, by the trick behind each."""
    known = issuer.keys[0]
    public = known.as_pem(private=False)
    own, other = rsa(str(known.kid)), rsa("other")
    curve = ECKey.generate_key("P-256", parameters={"kid": str(known.kid)}, private=True, auto_kid=False)
    good, name = issuer.token(), {"alg": "RS256", "kid": known.kid}
    head, body, signature = good.split(".")
    richer = unsigned(issuer.claims(preferred_username="tl-1"), {}).split(".")[1]
    return {
        "none": unsigned(issuer.claims(), {"alg": "none"}),
        "None, with the known key": unsigned(issuer.claims(), {"alg": "None", "kid": known.kid}, signature),
        "no algorithm": unsigned(issuer.claims(), {"kid": known.kid}, signature),
        "HS256 with the public key": by_secret(issuer.claims(), {"alg": "HS256", "kid": known.kid}, public),
        "another key under the known name": issuer.token(own),
        "its own key in the header": issuer.token(own, {"jwk": own.as_dict(private=False)}),
        "an address of keys in the header": issuer.token(own, {"jku": "http://127.0.0.1:9/jwks"}),
        "a key nobody knows": issuer.token(other),
        "no name of a key, another key": issuer.token(other, {"kid": None}),
        "the name of a key as a path": issuer.token(other, {"kid": "../../../../dev/null"}),
        "another kind of key": issuer.token(curve, {"alg": "ES256"}),
        "the kind of another key": unsigned(issuer.claims(), {"alg": "ES256", "kid": known.kid}, signature),
        "other claims": f"{head}.{richer}.{signature}",
        "no signature": f"{head}.{body}.",
        "cut off": good[:-10],
        "a critical header": unsigned(issuer.claims(), {**name, "crit": ["x"], "x": 1}, signature),
        "claims that are a list": unsigned([], name, signature),
        "nothing in its parts": "..",
        "no letters": "~.~.~",
    }


def test_no_token_counts_that_the_provider_did_not_sign(place: Place) -> None:
    assert place.get(place.issuer.token()).status_code == 200
    answers = {trick: place.get(token).status_code for trick, token in forged(place.issuer).items()}
    assert {trick: status for trick, status in answers.items() if status != 401} == {}


def test_a_signed_token_counts_for_what_it_says_alone(place: Place) -> None:
    now, issuer = int(time.time()), place.issuer
    wrong: list[dict[str, object]] = [
        {"aud": 5}, {"aud": {}}, {"aud": []}, {"aud": "Fallverlauf"}, {"aud": None}, {"aud": f"{CLIENT} other"},
        {"iss": issuer.address + "/"}, {"iss": None}, {"iss": [issuer.address]},
        {"nbf": now + 60}, {"nbf": "tomorrow"}, {"iat": now + 600}, {"exp": now - 11}, {"exp": "never"}, {"exp": None},
        {"exp": True}, {"exp": [now + 300]}, {"exp": {}},
        {"typ": "ID"}, {"typ": "Refresh"}, {"typ": "Logout"}, {"nonce": "n"}, {"typ": None, "at_hash": "h"},
    ]  # fmt: skip
    answers = [(one, place.get(issuer.token(**one)).status_code) for one in wrong]
    assert [one for one in answers if one[1] != 401] == []
    for claim, seconds in (("nbf", 5), ("iat", 5), ("exp", -3)):  # two clocks differ
        assert place.get(issuer.token(**{claim: int(time.time()) + seconds})).status_code == 200, claim
    assert place.get(issuer.token(aud=["other", CLIENT], azp="other")).status_code == 200  # a token of another program


def test_nobody_else_is_meant_by_a_name(place: Place) -> None:
    for name in ("", " fm-1", "FM-1", "fm-1\x00", "C-1001", "56.4", ["fm-1"], {"a": 1}, 7, True, None):
        assert place.get(place.issuer.token(preferred_username=name)).status_code == 403, name


def test_keys_may_be_changed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    old = place.issuer.token()
    assert place.get(old).status_code == 200
    place.issuer.keys.append(rsa("second"))
    asked = place.issuer.asked
    for _ in range(3):  # unknown keys make nobody ask again and again
        assert place.get(place.issuer.token()).status_code == 401
    assert place.issuer.asked == asked
    monkeypatch.setattr(providers, "AGAIN", dt.timedelta(0))
    assert place.get(place.issuer.token()).status_code == 200
    assert place.get(old).status_code == 200
    del place.issuer.keys[0]
    assert place.get(place.issuer.token(rsa("third"))).status_code == 401  # asks, and forgets the first
    assert place.get(old).status_code == 401


def test_a_provider_that_is_away_is_said_and_left_alone_for_a_moment(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.issuer.silent = True
    token = place.issuer.token()
    answer = place.get(token)
    assert (answer.status_code, answer.json()["detail"][0]["reason"]) == (503, providers.SILENT)
    page = httpx.get(f"{place.address}/anmelden/weiter")
    assert page.status_code == 503
    assert providers.SILENT in words(page)
    place.issuer.silent = False
    assert place.get(token).status_code == 503
    monkeypatch.setattr(providers, "PAUSE", dt.timedelta(0))
    assert place.get(token).status_code == 200
    assert place.visit("fm-1").client.get("/faelle").status_code == 200  # who is inside needs no provider


def test_who_has_no_role_or_has_left_may_nothing(place: Place) -> None:
    place.recorded("neu-1", PersonAdded(name="Neu, Nora"))
    token = place.issuer.token(preferred_username="neu-1")
    assert place.get(token).status_code == 403
    assert place.get(token, "/api/v1/due").status_code == 403
    place.recorded("fm-1", PersonLeft(), on="2026-11-19")
    assert place.get(place.issuer.token()).status_code == 403


def test_a_session_has_the_rights_of_the_directory_of_this_moment(place: Place) -> None:
    lead, worker, desk = place.visit("tl-1"), place.visit("fm-2"), place.visit("es-1")
    assert lead.client.get("/team").status_code == 200
    place.recorded("tl-1", RoleEnded(role="unit_lead", unit="56.4"), on="2026-11-19")
    assert lead.client.get("/team").status_code == 403
    assert lead.client.get("/fall/C-1001").status_code == 403

    assert worker.client.get("/fall/C-1001").status_code == 403
    place.recorded("fm-1", AbsenceRecorded(until=dt.date(2026, 11, 30)), DeputyAppointed(deputy="fm-2"))
    assert worker.client.get("/fall/C-1001").status_code == 200
    place.recorded("fm-1", DeputyAppointed(deputy="ja-1"), on="2026-11-10")
    assert worker.client.get("/fall/C-1001").status_code == 403

    assert desk.client.get("/fall/C-1001").status_code == 200
    place.recorded("es-1", RoleEnded(role="intake", unit="56.4"), on="2026-11-19")
    place.recorded("es-1", RoleAssigned(role="intake", unit="56.5"), on="2026-11-20")
    assert desk.client.get("/fall/C-1001").status_code == 403
    assert desk.client.get("/fall/C/3.001").status_code == 200

    place.recorded("es-1", PersonLeft(), on="2026-11-19")
    assert desk.client.get("/fall/C/3.001").url.path == "/anmelden"


def test_two_sessions_of_a_person_end_each_for_itself(place: Place) -> None:
    first, second = place.visit("fm-1"), place.visit("fm-1")
    other_tab = place.browser()
    other_tab.client.cookies.update(first.client.cookies)
    form = first.get("/faelle")
    assert first.post("/abmelden").status_code == 200
    assert "Brandt" not in other_tab.client.get("/faelle").text
    csrf = form.text.partition('name="csrf" value="')[2].partition('"')[0]
    answer = other_tab.client.post("/suche", data={"csrf": csrf, "suche": "Sander"})
    assert "Sander, Ole" not in answer.text
    assert second.client.get("/faelle").status_code == 200


def test_the_form_of_one_session_is_not_taken_in_another(place: Place) -> None:
    mine, theirs = place.visit("fm-1"), place.visit("tl-1")
    csrf = theirs.token()
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    for token in (csrf, "", None):
        sent = {"suche": "Sander"} | ({} if token is None else {"csrf": token})
        assert mine.client.post("/suche", data=sent, headers=foreign).status_code == 403
    assert mine.client.post("/abmelden", data={}).status_code == 403
    answer = mine.client.get("/faelle", headers=foreign)
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    assert mine.client.options(CLOCKS, headers=preflight).status_code == 405


def test_a_token_in_the_place_of_a_session_opens_no_page_and_no_session(place: Place) -> None:
    token = place.issuer.token()
    for path in ("/", "/fall/C-1001", "/einsicht", "/qs/liste.csv"):
        answer = place.get(token, path)
        assert (answer.status_code, "set-cookie" in answer.headers) == (303, False)
    assert httpx.get(f"{place.address}{CLOCKS}", params={"access_token": token}).status_code == 401
    for sent in (f"Basic {token}", f"bearerx {token}", token, "Bearer"):
        answer = httpx.get(f"{place.address}{CLOCKS}", headers={"Authorization": sent})
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "/\r\nLocation: https://evil.example", "https:evil.example", "javascript:alert(1)", "data:text/html,x",
        "evil.example", "/\u202e//evil.example", "/" + "a" * 200, "", " //evil.example", "@evil.example",
    ],
)  # fmt: skip
def test_after_the_log_in_nobody_is_led_elsewhere(target: str) -> None:
    assert local(target) == "/"


@pytest.mark.parametrize("target", ["/%2f%2fevil.example", "/%5cevil.example", "/.//evil.example", "/@evil.example"])
def test_what_looks_like_elsewhere_is_an_address_of_this_service(target: str) -> None:
    """A browser takes an escaped slash for a part of the path, and dots for nothing."""
    joined = httpx.URL("https://fallverlauf.amt.example/anmelden").join(local(target))
    assert joined.host == "fallverlauf.amt.example"


def test_pages_with_names_are_kept_nowhere(place: Place) -> None:
    person = place.visit("fm-1")
    for path in ("/", "/faelle", "/fall/C-1001", CLOCKS, "/api/v1/due", "/live", "/hilfe"):
        with person.client.stream("GET", path) as answer:
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), path
