"""How much a request may bring, and from where: bodies are cut off, the demo answers this machine only."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.settings import is_loopback

LARGEST_BODY = 256 * 1024


class BodyLimit:
    """Answers 413 as soon as a body grows beyond the limit, whatever its length header says."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > LARGEST_BODY:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)


class ThisMachineOnly:
    """Refuses everybody who does not ask from this machine, by this machine's name."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._from_here(scope):
            sentence = "Die Demo antwortet nur auf diesem Rechner.\n"
            await PlainTextResponse(sentence, status_code=403)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    @staticmethod
    def _from_here(scope: Scope) -> bool:
        peer = (scope.get("client") or ("", 0))[0]
        return is_loopback(peer) and is_loopback(Request(scope).url.hostname or "")
