"""A real web server in a thread, the whole service as a process, a visitor without scripts who posts forms."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from threading import Thread
from typing import IO

import httpx
import uvicorn
from starlette.types import ASGIApp

from services.web.http.connections import Connection

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 40.0
GRACE = 1.0  # seconds an answer that is under way may still take when the server stops
LOOK = 0.005  # seconds between two looks whether it shall
PLAIN = ssl.create_default_context()  # which takes 20 ms each time, and is not used for addresses of this machine
ACCEPTING = 10  # rounds of the loop, more than a connection that was just accepted takes until it is known
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
TOKEN = re.compile(r'name="token" value="([^"]+)"')
NEXT = re.compile(r'name="next" value="([^"]+)"')
TAGS = re.compile(r"<[^>]+>")


class Server(uvicorn.Server):
    """Stops within milliseconds, where uvicorn itself takes a sixth of a second, which each of many tests would wait.

    It ends what is left of connections: a loop that is closed over them leaves their sockets open.
    """

    async def main_loop(self) -> None:
        await self.on_tick(0)
        while not self.should_exit:
            await asyncio.sleep(LOOK)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for one in (*self.servers, *(sockets or ())):
            one.close()
        for _ in range(ACCEPTING):
            await asyncio.sleep(0)
        state, until = self.server_state, time.monotonic() + GRACE
        for connection in list(state.connections):
            connection.shutdown()
        while (state.connections or state.tasks) and time.monotonic() < until:
            await asyncio.sleep(LOOK)
        for connection in list(state.connections):
            connection.transport.abort()
        for task in state.tasks:
            task.cancel()
        while state.connections or state.tasks:
            await asyncio.sleep(0)
        await self.lifespan.shutdown()


@contextmanager
def serving(app: ASGIApp, connection: type[Connection] = Connection) -> Iterator[str]:
    """Serves the application on a free port of this machine and gives its address."""
    # asyncio lets small answers leave at once only on what says that it is TCP; otherwise each waits 40 ms.
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        given = {"http": connection, "log_config": None, "access_log": False}
        server = Server(uvicorn.Config(app, **given))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        listening.listen()
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(60)


class Service:
    """A running `serve` over a data directory, as a process of its own; without `now` it has the wall clock."""

    def __init__(self, data: Path, *arguments: str, now: str = "", said: IO[str] | int = subprocess.PIPE) -> None:
        self.data = data
        environment = {**os.environ, "FALLVERLAUF_DATA": str(data), "FALLVERLAUF_NOW": now}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fallverlauf", "serve", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )

    def first_line(self) -> str:
        """What it prints once it is there."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def end(self, by: signal.Signals = signal.SIGINT) -> tuple[int, str, float]:
        """Exit status, what it said on standard error, seconds it took."""
        begun = time.monotonic()
        self.process.send_signal(by)
        _, said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said, time.monotonic() - begun


class Visit:
    """A browser without scripts: keeps cookies, follows where a form leads, sends the token of the last page."""

    def __init__(self, address: str) -> None:
        hooks = {"response": [_leads_on]}
        self.client = httpx.Client(base_url=address, follow_redirects=True, timeout=30, event_hooks=hooks, verify=PLAIN)
        self.csrf = ""

    def login(self, person: str) -> httpx.Response:
        """Picks a person on the page of the log-in."""
        page = self.client.get("/anmelden", params={"weiter": "/hilfe"})
        found = TOKEN.search(page.text)
        assert found is not None
        return self._kept(self.client.post("/anmelden", data={"token": found[1], "person": person}))

    def get(self, path: str, **query: str) -> httpx.Response:
        """Opens a page."""
        return self.names_purpose(self._kept(self.client.get(path, params=query or None)))

    def names_purpose(self, page: httpx.Response, purpose: str = "supervision") -> httpx.Response:
        """Answers the question why a case is read, where it was asked, and comes to what was opened."""
        found = NEXT.search(page.text)
        if not page.url.path.startswith("/zweck/") or found is None:
            return page
        return self.post(page.url.path, {"zweck": purpose, "next": unescape(found[1])})

    def post(self, path: str, data: Mapping[str, object] | None = None, **headers: str) -> httpx.Response:
        """Sends a form with the token; `headers` with `_` for `-`."""
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        answer = self._kept(self.client.post(path, data={"csrf": self.token(), **(data or {})}, headers=sent))
        return self.names_purpose(answer)

    def token(self) -> str:
        """The CSRF token of the session."""
        if not self.csrf:
            self.get("/faelle")
        if not self.csrf:
            self.get("/hilfe")
        return self.csrf

    def close(self) -> None:
        """Gives the connection back."""
        self.client.close()

    def _kept(self, answer: httpx.Response) -> httpx.Response:
        if found := CSRF.search(answer.text):
            self.csrf = found[1]
        return answer


def _leads_on(answer: httpx.Response) -> None:
    """No post without script shows a page unless it refuses: the back button would ask whether to send it again."""
    asked = answer.request
    part = "hx-request" in asked.headers or asked.url.path.startswith("/api/")
    if asked.method == "POST" and not part:
        assert answer.status_code == 303 or answer.status_code >= 400, (asked.url.path, answer.status_code)
    if answer.status_code >= 400:
        assert answer.headers["Cache-Control"] == "no-store", asked.url.path


def words(answer: httpx.Response) -> str:
    """What a page says, without its tags, on one line."""
    return " ".join(unescape(TAGS.sub(" ", answer.text)).split())
