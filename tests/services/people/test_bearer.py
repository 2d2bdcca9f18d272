"""Programs at the API: access tokens of the provider, checked by its keys."""

from __future__ import annotations

import httpx
import pytest

from services.office.office import Office
from services.people import tokens
from tests.services.people.conftest import CLIENT, LONG_AGO, Login

CLOCKS = "/api/v1/cases/C-1001/clocks"
FACT = {"fact": "contact-held", "on": "2026-11-18", "data": {"channel": "phone", "direction": "out"}}


def _get(address: str, token: str, path: str = CLOCKS, **headers: str) -> httpx.Response:
    return httpx.get(f"{address}{path}", headers={"Authorization": f"Bearer {token}", **headers})


def test_a_program_reads_and_records_for_the_person(address: str, office: Office, provider: Login) -> None:
    token = provider.token(preferred_username="fm-1")
    assert _get(address, token).json()["case"] == "C-1001"
    assert _get(address, token, "/api/v1/cases/C/3.001/clocks").status_code == 403
    sent = httpx.post(f"{address}/api/v1/cases/C-1001/facts", json=FACT, headers={"Authorization": f"Bearer {token}"})
    assert sent.status_code == 201, sent.text


def test_a_token_opens_the_api_alone(address: str, provider: Login) -> None:
    assert _get(address, provider.token(preferred_username="fm-1"), "/faelle").status_code == 303


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"aud": "another"}, tokens.AUDIENCE),
        ({"aud": None}, tokens.AUDIENCE),
        ({"iss": "http://127.0.0.1:1"}, tokens.ISSUER),
        ({"exp": LONG_AGO}, tokens.EXPIRED),
        ({"nonce": "of a log-in"}, tokens.KIND),
        ({"typ": "ID"}, tokens.KIND),
    ],
)
def test_a_token_that_does_not_hold(address: str, provider: Login, claims: dict[str, object], sentence: str) -> None:
    answer = _get(address, provider.token(preferred_username="fm-1", **claims))
    assert answer.status_code == 401
    assert answer.json()["detail"][0]["reason"] == sentence
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("token", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_token(address: str, token: str) -> None:
    assert _get(address, token).status_code == 401


def test_who_is_not_in_the_directory_may_nothing(address: str, provider: Login) -> None:
    assert _get(address, provider.token(preferred_username="service")).status_code == 403
    assert _get(address, provider.token(preferred_username=CLIENT)).status_code == 403


def test_a_program_of_qs_names_its_purpose(address: str, provider: Login) -> None:
    token = provider.token(preferred_username="qs-1")
    assert _get(address, token).status_code == 403
    assert _get(address, token, **{"Fallverlauf-Purpose": "curiosity"}).status_code == 422
    assert _get(address, token, **{"Fallverlauf-Purpose": "quality"}).status_code == 200
