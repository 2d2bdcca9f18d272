"""A real SMTP server for tests, which keeps what it is handed."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """Where it listens and what has arrived; `answer` is what it says to each mail."""

    def __init__(self, port: int) -> None:
        self.url = f"smtp://127.0.0.1:{port}"
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answer = "250 OK"
        self.nobody: set[str] = set()  # addresses it refuses
        self.refusal = "550 5.1.1 no such user"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """A recipient."""
        if address in self.nobody:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """The end of a mail."""
        if self.answer.startswith("250") and isinstance(envelope.content, bytes):
            self.mails.append(BytesParser(EmailMessage, policy=default).parsebytes(envelope.content))
            self.recipients += envelope.rcpt_tos
        return self.answer


@contextmanager
def running(*, beyond_ascii: bool = True) -> Iterator[MailServer]:
    """A mail server on a free port; without SMTPUTF8 it takes addresses in ASCII alone."""
    port = free_port()
    server = MailServer(port)
    controller = Controller(server, hostname="127.0.0.1", port=port, enable_SMTPUTF8=beyond_ascii)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
