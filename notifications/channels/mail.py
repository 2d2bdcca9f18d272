"""How a mail leaves the house: one message over SMTP, with headers that machines and threads understand."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from uuid import UUID

from notifications.addresses import address, is_nobody

TIMEOUT = 15
PORT = 25


class Server(NamedTuple):
    """Where mail is handed in; `sender` is what stands in From, `reply_to` where answers go.

    `without_tls`: whether the password may go over a connection without TLS.
    """

    host: str
    port: int
    user: str | None
    password: str | None
    sender: str
    reply_to: str | None = None
    without_tls: bool = False

    @property
    def domain(self) -> str:
        """What stands behind the @ of message ids."""
        return self.sender.rpartition("@")[2]


class Temporary(Exception):
    """Not now, perhaps later (4xx, no connection). Holds a code and no address."""


class Final(Exception):
    """Never (5xx, an address that is none, or one this server cannot write). Holds a code and no address."""


class Unknown(Final):
    """No mail reaches this address (the server says so at RCPT, or it is none): the next one would fare no better."""


def server(url: str, sender: str | None = None, reply_to: str | None = None, without_tls: bool = False) -> Server:
    """The server of `smtp://user:password@host:port`; without a sender its user if that is an address, else
    fallverlauf at the host.
    """
    parts = urlsplit(url)
    user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    host = parts.hostname or "localhost"
    from_user = user if user and "@" in user else f"fallverlauf@{host}"
    return Server(host, parts.port or PORT, user, password, sender or from_user, reply_to, without_tls)


def message(
    outbox_id: UUID,
    to: str,
    subject: str,
    text: str,
    html: str,
    domain: str,
    thread: str | None = None,
    entry: tuple[str, str] | None = None,
) -> EmailMessage:
    """The mail of an outbox row; the same row always has the same Message-ID.

    `thread` is the same for all single mails of a case; `entry`: of a calendar, its method and text. Raises `Final` for
    an address that is none.
    """
    mail = EmailMessage()
    try:
        mail["To"] = address(to)
    except ValueError:
        raise Unknown("address") from None
    mail["Subject"] = " ".join(subject.split())
    mail["Message-ID"] = f"<{outbox_id.hex}@{domain}>"
    if thread is not None:
        mail["In-Reply-To"] = mail["References"] = f"<{thread}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Date"] = formatdate(localtime=True)
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    if entry is not None:
        mail.add_alternative(entry[1], subtype="calendar", params={"method": entry[0]})
    mail["Content-Language"] = "de"  # set before the parts, it would move into the first one
    return mail


def send(to: Server, mail: EmailMessage) -> None:
    """Hands the mail in. Raises `Temporary` or `Final`; neither names anybody."""
    mail["From"] = f"Fallverlauf <{to.sender}>"
    if to.reply_to is not None:
        mail["Reply-To"] = to.reply_to
    try:
        with smtplib.SMTP(to.host, to.port, timeout=TIMEOUT) as smtp:
            _secure(smtp, to)
            _hand_in(smtp, mail)
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        raise Unknown(str(code)) if is_nobody(code, said.decode(errors="replace")) else _by_code(code) from None
    except smtplib.SMTPResponseException as refused:
        raise _by_code(refused.smtp_code) from None
    except (OSError, smtplib.SMTPException) as error:
        raise Temporary(type(error).__name__) from None


def _hand_in(smtp: smtplib.SMTP, mail: EmailMessage) -> None:
    try:
        smtp.send_message(mail)
    except smtplib.SMTPNotSupportedError:  # no later try makes the server write such an address
        raise Unknown("SMTPUTF8") from None


def _secure(smtp: smtplib.SMTP, to: Server) -> None:
    smtp.ehlo()
    encrypted = smtp.has_extn("starttls")
    if encrypted:
        smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo()
    if to.user and to.password:
        if not encrypted and not to.without_tls:
            raise Temporary("STARTTLS")
        smtp.login(to.user, to.password)


def _by_code(code: int) -> Temporary | Final:
    return Final(str(code)) if _is_final(code) else Temporary(str(code))


def _is_final(code: int) -> bool:
    return 500 <= code < 600
