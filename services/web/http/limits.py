"""What a request may be: how large, from where, with which address; and that HEAD is GET without the content."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.settings import is_loopback
from services.web.http.errors import answer

LARGEST_BODY = 256 * 1024
HEARD_OUT, HEARD_FOR = 64 * 1024 * 1024, 20.0  # bytes, seconds


class BodyLimit:
    """Answers 413 as soon as a body grows beyond the limit, whatever its length header says.

    Before any answer the rest of the body is read and thrown away: most programs send all of it before they listen.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = _Body(receive, bool({b"content-length", b"transfer-encoding"} & dict(scope["headers"]).keys()))

        async def heard_out(message: Message) -> None:
            if message["type"] == "http.response.start":
                await body.rest()
            await send(message)

        await self.app(scope, body.take, heard_out)


class _Body:
    """The body of a request, counted as it comes."""

    def __init__(self, receive: Receive, coming: bool) -> None:
        self._receive, self._coming, self._seen = receive, coming, 0

    async def take(self) -> Message:
        """The next part. Raises the answer 413."""
        message = await self._next()
        if self._seen > LARGEST_BODY:
            raise HTTPException(413)
        return message

    async def rest(self) -> None:
        """Reads on to the end, up to a bound of size and time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(HEARD_FOR):
                while self._coming and self._seen < HEARD_OUT:
                    await self._next()

    async def _next(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        self._coming = message.get("more_body", False)
        return message


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
    """Refuses everybody who does not ask from this machine, by this machine's name."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._from_here(scope):
            sentence = "Ohne FALLVERLAUF_PUBLIC_ADDRESS antwortet Fallverlauf nur auf diesem Rechner."
            await answer(Request(scope), 403, [("", sentence)])(scope, receive, send)
            return
        await self.app(scope, receive, send)

    @staticmethod
    def _from_here(scope: Scope) -> bool:
        peer = (scope.get("client") or ("", 0))[0]
        return is_loopback(peer) and is_loopback(Request(scope).url.hostname or "")
