"""What a request may be: how large, how slow, from where; how many may change something at once; that HEAD is GET."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.records import database
from services.settings import is_loopback
from services.web.http import errors
from services.web.http.visitor import WRITING

LARGEST_BODY = 256 * 1024
HEARD_OUT, HEARD_FOR = 64 * 1024 * 1024, 20.0  # bytes, seconds
PASSED_ON = frozenset({b"forwarded", b"via", b"x-real-ip", b"x-original-host"})  # what a proxy adds
AT_ONCE = 20  # of the forty threads that answer
STREAMED = ("/einlesen",)  # take a file as it comes, and bound it themselves


class BodyLimit:
    """Reads a body before anything else is done: 413 if it is too large, 408 if it takes too long.

    So whoever sends slowly holds a connection for a while and nothing else. What is too large is heard out and thrown
    away: most programs send all of it before they listen.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _has_no_body(scope) or _is_streamed(scope):
            await self.app(scope, receive, send)
            return
        body = _Body(receive)
        with suppress(TimeoutError):
            async with asyncio.timeout(HEARD_FOR):
                await body.read()
        if body.refused is None:
            await self.app(scope, body.again, send)
            return
        answer = errors.answer(Request(scope), body.refused, [("", errors.SENTENCES[body.refused])])
        answer.headers["Connection"] = "close"  # what still comes of it is not read
        await answer(scope, receive, send)


def _has_no_body(scope: Scope) -> bool:
    return {b"content-length", b"transfer-encoding"}.isdisjoint(dict(scope["headers"]))


def _is_streamed(scope: Scope) -> bool:
    kind = dict(scope["headers"]).get(b"content-type", b"")
    return scope["path"] in STREAMED and scope["method"] == "POST" and kind.startswith(b"multipart/form-data")


class _Body:
    """The body of a request, read once and given again."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._kept, self._seen, self._coming, self._given = bytearray(), 0, True, False

    async def read(self) -> None:
        """Reads on to the end, or up to a bound of size."""
        while self._coming and self._seen < HEARD_OUT:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            part = message.get("body", b"")
            self._seen += len(part)
            self._kept += part if self._seen <= LARGEST_BODY else b""
            self._coming = message.get("more_body", False)

    @property
    def refused(self) -> int | None:
        """The status of a body that is not taken."""
        if self._seen > LARGEST_BODY:
            return 413
        return 408 if self._coming else None

    async def again(self) -> Message:
        """The whole body, then what comes after it."""
        if self._given:
            return await self._receive()
        self._given = True
        return {"type": "http.request", "body": bytes(self._kept), "more_body": False}


class WritersInLine:
    """Lets so many requests that change something work at once; the others wait in the order they came.

    They wait without a thread, and those at work hold one each while they wait for the database: so some are always
    left to those who read. 503 for whoever has waited too long.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._door = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in WRITING or _is_streamed(scope):
            await self.app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(database.LOCK_SECONDS):
                await self._door.acquire()
        except TimeoutError:
            await errors.busy(Request(scope))(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        finally:
            self._door.release()


class HeadAsGet:
    """Answers HEAD as it would GET, without the content: who watches the service asks so."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def head_alone(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b""})

        await self.app({**scope, "method": "GET"}, receive, head_alone)


class ThisMachineOnly:
    """Refuses everybody who does not ask from this machine, by this machine's name.

    `directly`: also whatever a proxy has passed on, as behind it everybody would ask from this machine.
    """

    def __init__(self, app: ASGIApp, *, directly: bool = False) -> None:
        self.app = app
        self.directly = directly

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (sentence := self._why_not(scope)):
            await errors.answer(Request(scope), 403, [("", sentence)])(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _why_not(self, scope: Scope) -> str:
        peer = (scope.get("client") or ("", 0))[0]
        if self.directly and any(name in PASSED_ON or name.startswith(b"x-forwarded-") for name, _ in scope["headers"]):
            return "Im Probebetrieb ohne Anmeldedienst antwortet Fallverlauf nicht über einen vorgeschalteten Server."
        if not (is_loopback(peer) and is_loopback(Request(scope).url.hostname or "")):
            return "Ohne FALLVERLAUF_PUBLIC_ADDRESS antwortet Fallverlauf nur auf diesem Rechner."
        return ""
