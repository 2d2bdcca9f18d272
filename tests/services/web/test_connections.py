"""A connection that keeps the service waiting ends, in sockets as they come; one that waits for news goes on."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from threading import Event
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from services.office.office import Office
from services.web.app import create_app
from services.web.http import limits, live
from services.web.http.connections import Connection
from services.web.http.errors import SENTENCES
from tests.served import Visit, serving
from tests.services.web.conftest import VisitAs
from tests.services.web.test_live import _heard, _key, _tell

LONG = 60.0  # seconds nothing here takes


class Hasty(Connection):
    """The same with little patience."""

    head = 0.3
    taking = 0.3


@pytest.fixture
def address(town: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the served town, where nobody waits long."""
    monkeypatch.setattr(limits, "HEARD_FOR", 0.3)
    with serving(create_app(town), Hasty) as found:
        yield found


def opened(address: str) -> socket.socket:
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=LONG)


def rest(connection: socket.socket) -> bytes:
    """What comes until the service ends the connection."""
    said = b""
    try:
        while part := connection.recv(65_536):
            said += part
    except ConnectionResetError:
        pass
    return said


@pytest.mark.parametrize("begun", [b"", b"GET /hilfe HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"GET "])
def test_who_begins_no_request_is_not_waited_for(address: str, begun: bytes) -> None:
    connections = [opened(address) for _ in range(50)]
    for one in connections:
        one.sendall(begun)
    for one in connections:
        with closing(one):
            assert rest(one) == b""


def test_a_byte_now_and_then_gives_no_more_time(address: str) -> None:
    with closing(opened(address)) as one:
        one.settimeout(0.05)
        said = None
        for letter in b"GET /hilfe HTTP/1.1\r\nX-Long: " + b"x" * 400:
            try:
                one.sendall(bytes([letter]))
                said = one.recv(1)
                break
            except TimeoutError:
                continue
            except ConnectionError:
                said = b""
                break
        assert said == b""


def test_the_next_request_of_a_connection_is_waited_for_as_the_first(address: str) -> None:
    with closing(opened(address)) as one:
        one.sendall(b"GET /hilfe HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert one.recv(20).startswith(b"HTTP/1.1 200")
        one.sendall(b"GET ")
        assert rest(one).endswith(b"</html>")


def test_a_connection_that_was_answered_outlasts_the_pause_of_who_keeps_it(address: str) -> None:
    with closing(opened(address)) as one:
        for _ in range(2):
            one.sendall(b"GET /hilfe HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            said = part = one.recv(65_536)
            while part and not said.endswith(b"</html>"):
                said += (part := one.recv(65_536))
            assert said.startswith(b"HTTP/1.1 200")
            time.sleep(3 * Hasty.head)
    kept_by_a_proxy = 60  # nginx
    assert Connection.idle > max(kept_by_a_proxy, httpx.Limits().keepalive_expiry or 0)


def test_an_idle_connection_is_ended_at_last(town: Office) -> None:
    class Impatient(Hasty):
        idle = 1

    with serving(create_app(town), Impatient) as address, closing(opened(address)) as one:
        one.sendall(b"GET /hilfe HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert rest(one).endswith(b"</html>")


def test_a_body_that_does_not_come_is_answered_and_the_connection_ended(address: str) -> None:
    with closing(opened(address)) as one:
        host = urlsplit(address).netloc.encode()
        one.sendall(b"POST /api/v1/cases/C-1/facts HTTP/1.1\r\nHost: %b\r\nContent-Length: 9\r\n\r\n{" % host)
        said = rest(one).decode()
    assert said.startswith("HTTP/1.1 408")
    assert SENTENCES[408] in said


def test_an_answer_that_nobody_takes_is_not_kept() -> None:
    gone = Event()

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        asking = asyncio.ensure_future(_disconnected(receive))
        while not asking.done():
            await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})
            await asyncio.sleep(0)
        gone.set()

    with serving(endless, Hasty) as address, closing(opened(address)) as one:
        one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert gone.wait(LONG)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def test_a_page_that_listens_stays_connected(visit: VisitAs, town: Office) -> None:
    with closing(_heard(visit("fm-1"))) as lines:
        next(lines)
        time.sleep(3 * Hasty.head)
        _tell(town, _key(town, "fm-1"))
        assert next(lines) == "event: aufgaben"


def test_so_many_pages_of_one_person_listen(visit: VisitAs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST", 2)
    person, other = visit("fm-1"), visit("fm-2")
    with closing(_heard(person)) as first, closing(_heard(person)) as second:
        assert [next(first), next(second)] == ["", ""]
        assert person.client.get("/live").status_code == 204
        assert listens(other)
    deadline = time.monotonic() + LONG
    while not listens(person):
        assert time.monotonic() < deadline


def listens(person: Visit) -> bool:
    with person.client.stream("GET", "/live", timeout=httpx.Timeout(LONG)) as stream:
        return stream.status_code == 200
