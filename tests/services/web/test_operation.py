"""What those who run the service set: where the pages are opened, who reads the counters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.office.office import open_office
from services.people import way_in
from services.settings import Settings
from services.web.app import create_app

AMT = "https://fallverlauf.amt.example"
OIDC = {"oidc_issuer": "https://login.amt.example", "oidc_client_id": "fallverlauf", "oidc_client_secret": "geheim"}


@pytest.fixture
def asked_from(tmp_path: Path) -> Iterator[Any]:
    """A client at an address, of a service with such settings."""
    with ExitStack() as opened:

        def come(peer: str, **settings: Any) -> TestClient:
            office = opened.enter_context(open_office(Settings(data=tmp_path, **OIDC, **settings)))
            app = create_app(office, "0.0.0.0")
            return TestClient(app, settings.get("public_address", AMT), client=(peer, 1), raise_server_exceptions=False)

        yield come


def test_with_a_provider_of_log_ins_the_pages_need_an_address(asked_from: Any) -> None:
    with pytest.raises(way_in.NotSafe, match="FALLVERLAUF_PUBLIC_ADDRESS"):
        asked_from("10.0.0.7")


@pytest.mark.parametrize(("address", "header"), [(AMT, "max-age=31536000"), ("http://fallverlauf.amt.example", None)])
def test_who_came_over_https_never_comes_without_again(asked_from: Any, address: str, header: str | None) -> None:
    answer = asked_from("10.0.0.7", public_address=address).get("/healthz")
    assert answer.status_code == 200
    assert answer.headers.get("strict-transport-security") == header


@pytest.mark.parametrize(
    ("peer", "token", "sent", "status"),
    [
        ("10.0.0.7", None, None, 403),
        ("10.0.0.7", None, "Bearer wort", 403),
        ("127.0.0.1", None, None, 200),
        ("10.0.0.7", "wort", "Bearer wort", 200),
        ("10.0.0.7", "wort", "Bearer Wort", 403),
        ("127.0.0.1", "wort", None, 403),
        ("10.0.0.7", "wort", "Bearer \u00fc", 403),
    ],
)
def test_counters_are_read_with_the_word_or_from_this_machine(
    asked_from: Any, peer: str, token: str | None, sent: str | None, status: int
) -> None:
    client = asked_from(peer, public_address=AMT, metrics_token=token)
    headers = {"Authorization": sent.encode()} if sent else {}
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == status
    assert ("fallverlauf_facts" in answer.text) is (status == 200)
