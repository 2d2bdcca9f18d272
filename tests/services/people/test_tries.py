"""Who tries too often in vain waits, and nobody else does: by address, also behind a proxy, never for coming in."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from starlette.requests import Request

from services.office.office import Office
from services.web.app import create_app
from services.web.http import tries
from services.web.http.tries import Doors, TooMany, Tries
from tests.served import serving, words
from tests.services.people.conftest import Browser, Login

Settle = Callable[..., Office]
Opens = Callable[[str], Browser]
AMT = "https://fallverlauf.amt.example"
DUE = "/api/v1/due"


def of(host: str) -> Request:
    """A request from this address."""
    return Request({"type": "http", "client": (host, 1), "headers": []})


def waits(counted: Tries, host: str) -> bool:
    try:
        counted.check(of(host))
    except TooMany:
        return True
    return False


def test_only_what_was_in_vain_counts_and_only_for_its_address() -> None:
    counted = Tries(3)
    for _ in range(50):
        with counted.of(of("10.0.0.7"), ValueError):
            pass
    for _ in range(3):
        assert not waits(counted, "10.0.0.7")
        with pytest.raises(ValueError, match="wrong"), counted.of(of("10.0.0.7"), ValueError):
            raise ValueError("wrong")
        with pytest.raises(KeyError), counted.of(of("10.0.0.8"), ValueError):
            raise KeyError  # another mishap is nobody's try
    assert waits(counted, "10.0.0.7")
    assert not waits(counted, "10.0.0.8")


def test_the_wait_is_said_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    counted, begin = Tries(2), dt.datetime(2026, 3, 10, 8, tzinfo=dt.UTC)

    def at(minutes: float) -> None:
        monkeypatch.setattr(tries, "machine_time", lambda: begin + dt.timedelta(minutes=minutes))

    for minute in (0, 4):
        at(minute)
        counted.count(of("10.0.0.7"))
    for minute, left, said in ((4.5, 5.5, "in 6 Minuten"), (9.5, 0.5, "in einer Minute")):
        at(minute)
        with pytest.raises(TooMany, match=said) as told:
            counted.check(of("10.0.0.7"))
        assert told.value.wait == dt.timedelta(minutes=left)
    at(10)
    counted.check(of("10.0.0.7"))
    counted.count(of("10.0.0.7"))
    assert not waits(counted, "10.0.0.7")  # counted anew


def test_the_table_cannot_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "ADDRESSES", 100)
    counted = Tries(1)
    for at in range(1_000):
        counted.count(of(f"10.0.{at // 256}.{at % 256}"))
    assert len(counted._counted) == 100
    assert not waits(counted, "10.0.0.0")
    assert waits(counted, "10.0.3.231")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2:3::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:10.0.0.7", "10.0.0.7", True),
        ("10.0.0.7", "10.0.0.8", False),
        ("unix", "unix", True),
    ],
)
def test_whose_tries_are_counted_together(one: str, other: str, same: bool) -> None:
    counted = Tries(1)
    counted.count(of(one))
    assert waits(counted, other) is same


# --- served ---


@contextmanager
def served(office: Office, **most: int) -> Iterator[str]:
    """The pages, with fewer tries than usual."""
    app = create_app(office)
    app.state.doors = Doors(**{name: Tries(most.get(name, 1_000)) for name in Doors._fields})
    with serving(app) as address:
        yield address


@pytest.fixture
def public(provider: Login, settle: Settle) -> Office:
    """Opened over https behind a proxy on this machine."""
    return settle(provider, public_address=AMT, metrics_token="wort")


def from_(host: str) -> dict[str, str]:
    """The header a proxy adds to what came from this address; the first part is what the client itself has sent."""
    return {"X-Forwarded-For": f"127.0.0.1, {host}"}


def test_a_whole_office_logs_in_from_one_address(provider: Login, settle: Settle, opens: Opens) -> None:
    with served(settle(provider), begun=3, log_ins=1) as address:
        for _ in range(10):
            assert opens(address).login("fm-1").status_code == 303


def test_log_ins_that_are_begun_and_left_are_counted(public: Office) -> None:
    with served(public, begun=3) as address:
        answers = [httpx.get(f"{address}/anmelden/weiter", headers=from_("198.51.100.7")) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
        assert httpx.get(f"{address}/anmelden/weiter", headers=from_("198.51.100.8")).status_code == 303


def test_log_ins_in_vain_close_the_way_back_for_one_address(public: Office) -> None:
    with served(public, log_ins=3) as address:

        def back(host: str) -> httpx.Response:
            return httpx.get(f"{address}/anmelden/zurueck", params={"code": "x", "state": "y"}, headers=from_(host))

        assert [back("198.51.100.7").status_code for _ in range(4)] == [403, 403, 403, 429]
        refused = back("198.51.100.7")
        assert 590 < int(refused.headers["retry-after"]) <= 600
        assert "Von Ihrer Adresse kamen zu viele vergebliche Anmeldungen" in words(refused)
        assert "in 10 Minuten noch einmal" in words(refused)
        assert back("198.51.100.8").status_code == 403


def test_a_program_with_a_token_that_does_not_hold_waits(public: Office, provider: Login) -> None:
    good = provider.token(preferred_username="fm-1", exp=int(time.time()) + 300)
    with served(public, tokens=2) as address:

        def ask(token: str, host: str) -> httpx.Response:
            return httpx.get(f"{address}{DUE}", headers={"Authorization": f"Bearer {token}", **from_(host)})

        assert [ask(good, "198.51.100.7").status_code for _ in range(4)] == [200] * 4
        assert [ask("x.y.z", "198.51.100.7").status_code for _ in range(3)] == [401, 401, 429]
        refused = ask(good, "198.51.100.7")
        assert (refused.status_code, "retry-after" in refused.headers) == (429, True)
        assert refused.json()["detail"][0]["reason"].startswith("Von Ihrer Adresse")
        assert ask(good, "198.51.100.8").status_code == 200
        assert httpx.get(f"{address}/anmelden/weiter", headers=from_("198.51.100.7")).status_code == 303  # other doors


def test_the_word_for_the_counters_is_not_guessed(public: Office) -> None:
    with served(public, words=3) as address:

        def read(word: str, host: str) -> int:
            headers = {"Authorization": f"Bearer {word}", **from_(host)}
            return httpx.get(f"{address}/metrics", headers=headers).status_code

        assert [read("Wort", "198.51.100.7") for _ in range(4)] == [403, 403, 403, 429]
        assert (read("wort", "198.51.100.7"), read("wort", "198.51.100.8")) == (429, 200)
