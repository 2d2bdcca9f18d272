"""A mail server with moods: it takes mails, refuses them, hangs, or is not there."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.mailserver import free_port

TAKES, LATER, NEVER, HANGS, GONE = "250 OK", "451 later", "550 never", "hangs", "gone"


class Desk(Controller):
    """Hangs up before it stops: the library leaves connections open that nobody has ended."""

    def factory(self) -> SMTP:
        smtp = super().factory()
        self._connections = [*getattr(self, "_connections", ()), smtp]
        return smtp

    def stop(self, no_assert: bool = False) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(5)
        super().stop(no_assert)

    async def _hang_up(self) -> None:
        self.server.close()
        await self._some_rounds()  # who was just let in has a connection by then
        for smtp in getattr(self, "_connections", ()):
            if smtp.transport is not None:
                smtp.transport.abort()
        await self._some_rounds()  # the loop tells each that its connection is lost

    async def _some_rounds(self) -> None:
        """Rounds of the loop, not a time: on a busy machine few of them fit into one."""
        for _ in range(50):
            await asyncio.sleep(0.001)


class Mailbox:
    """What was taken, by Message-ID, and which ids were refused for good."""

    def __init__(self) -> None:
        self._port = free_port()
        self.url = f"smtp://127.0.0.1:{self._port}"
        self.taken: dict[str, list[EmailMessage]] = defaultdict(list)
        self.refused: set[str] = set()
        self.waiting = 0
        self.moods: dict[str, int] = defaultdict(int)
        self._mood = TAKES
        self._controller: Desk | None = None
        self.turn(TAKES)

    def turn(self, mood: str) -> None:
        """From now on it behaves like this."""
        self._mood = mood
        if mood == GONE:
            self.close()
        elif self._controller is None:
            self._controller = Desk(self, hostname="127.0.0.1", port=self._port)
            self._controller.start()

    def close(self) -> None:
        """Nobody listens any more."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """The end of a mail; while it hangs, the mail is taken and nobody told so."""
        assert isinstance(envelope.content, bytes)
        mail = BytesParser(EmailMessage, policy=default).parsebytes(envelope.content)
        mood, id = LATER if self._mood == GONE else self._mood, str(mail["Message-ID"])
        self.moods[mood] += 1
        if mood in (TAKES, HANGS):
            self.taken[id].append(mail)
        elif mood == NEVER:
            self.refused.add(id)
        return await self._hang() if mood == HANGS else mood

    async def _hang(self) -> str:
        self.waiting += 1
        try:
            while self._mood == HANGS:
                await asyncio.sleep(0.02)
        finally:
            self.waiting -= 1
        return TAKES
