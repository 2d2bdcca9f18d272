"""The town behind a provider of log-ins that runs as a process of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.office.office import Office, open_office
from services.settings import Settings
from services.web.app import create_app
from tests.served import PLAIN, serving
from tests.services.web import town as towns

CLIENT = "fallverlauf"
LONG_AGO, FAR_AHEAD = 1_000_000_000, 4_000_000_000
"""Seconds since 1970, in 2001 and in 2096: they hold however long after their collection the tests run."""


class Login:
    """The provider as its users and its administrator see it."""

    def __init__(self, address: str) -> None:
        self.address = address

    def person(self, name: str, **claims: object) -> None:
        """Makes somebody known under this user name."""
        told = {"preferred_username": name, **claims}
        httpx.put(f"{self.address}/users/{name}", json=told).raise_for_status()

    def wrong(self, **fault: object) -> None:
        """Gets something wrong in the next answer with tokens."""
        httpx.post(f"{self.address}/fault", json=fault).raise_for_status()

    def token(self, **claims: object) -> str:
        """An access token for a program."""
        answer = httpx.post(f"{self.address}/token", json={"aud": CLIENT, "sub": "p", **claims})
        found: str = answer.json()["access_token"]
        return found


class Browser:
    """A browser that goes to the provider and back."""

    def __init__(self, address: str) -> None:
        self.client = httpx.Client(base_url=address, timeout=30, verify=PLAIN)

    def leave(self, path: str = "/hilfe") -> str:
        """To the provider's page; gives its address."""
        return self.client.get("/anmelden/weiter", params={"weiter": path}).headers["location"]

    def confirm(self, there: str, name: str) -> str:
        """Logs in there; gives the address that leads back, with code and state."""
        back: str = httpx.post(there, data={"sub": name}).headers["location"]
        return back

    def login(self, name: str, path: str = "/hilfe") -> httpx.Response:
        """The whole way; the answer that comes back."""
        return self.client.get(self.confirm(self.leave(path), name))

    def said(self, answer: httpx.Response) -> str:
        """What a page says."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.fixture(scope="session")
def provider() -> Iterator[Login]:
    """The provider."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("provider.py"))],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        login = Login(f"http://127.0.0.1:{process.stdout.readline().strip()}")
        for name in ("fm-1", "tl-1", "qs-1"):
            login.person(name)
        yield login
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of the town, built once."""
    data = tmp_path_factory.mktemp("built") / "data"
    towns.build(Settings(data=data, fixed_now=towns.NOW))
    return data


@pytest.fixture
def settle(built: Path, tmp_path: Path) -> Iterator[Callable[..., Office]]:
    """Opens the town with settings of its own."""
    opened: list[Office] = []

    def settled(provider: Login, **more: Any) -> Office:
        data = tmp_path / "town"
        if not opened:
            shutil.copytree(built, data)
        known = {"oidc_issuer": provider.address, "oidc_client_id": CLIENT, "oidc_client_secret": "geheim"}
        opened.append(open_office(Settings(data=data, fixed_now=towns.NOW, **known, **more)))
        return opened[-1]

    yield settled
    for one in opened:
        one.close()


@pytest.fixture
def office(provider: Login, settle: Callable[..., Office]) -> Office:
    """The town behind the provider."""
    return settle(provider)


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    """Served for everybody, since there is a provider."""
    with serving(create_app(office)) as found:
        yield found


@pytest.fixture
def opens() -> Iterator[Callable[[str], Browser]]:
    """Opens fresh browsers."""
    opened: list[Browser] = []

    def open_one(address: str) -> Browser:
        opened.append(Browser(address))
        return opened[-1]

    yield open_one
    for one in opened:
        one.client.close()


@pytest.fixture
def browser(address: str, opens: Callable[[str], Browser]) -> Browser:
    """A fresh browser."""
    return opens(address)
