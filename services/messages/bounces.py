"""Addresses that take no mail: put aside until somebody says to try again, or the directory has another one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import suppress
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default
from re import DOTALL, IGNORECASE, search
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update

from domain.organisation import Acting
from domain.periods import local_day
from notifications import addresses
from services.failures import Said
from services.messages import inbox, waiting
from services.messages.inbox import Kind
from services.people import directory
from services.records.database import insert_or_replace
from services.records.tables import bounced, messages, outbox

if TYPE_CHECKING:
    from services.office.office import Transaction

LARGEST = 2_000_000  # bytes of a report; what it sends back of the mail itself is short


class Bounced(NamedTuple):
    """Somebody (directory key) whose mails do not arrive: since when, and what the server said."""

    person: str
    at: dt.datetime
    code: str


class NotOurs(Said):
    """A report that says nothing about a mail of this service; its text is one German sentence."""


def put_aside(tx: Transaction, person: str, to: str, code: str) -> None:
    """No mail goes to this address of the person any more; the message stays in the app."""
    row = {"person": person, "address": _ref(tx, to), "code": code[:20], "at": tx.now}
    tx.conn.execute(insert_or_replace(tx.conn.dialect, bounced), row)
    own = Acting(person, None)
    inbox.show(tx.conn, Kind.BOUNCED, f"{Kind.BOUNCED}/{uuid4().hex}", own, None, {"code": code[:20]}, tx.now)


def is_aside(tx: Transaction, person: str, to: str) -> bool:
    """Whether this address of the person is put aside; another one is not."""
    return tx.conn.scalar(select(bounced.c.address).where(bounced.c.person == person)) == _ref(tx, to)


def aside(tx: Transaction, addresses: Mapping[str, str]) -> set[str]:
    """Those of these people (directory keys) whose address is put aside."""
    rows = tx.conn.execute(select(bounced.c.person, bounced.c.address).where(bounced.c.person.in_(addresses)))
    return {row.person for row in rows if row.address == _ref(tx, addresses[row.person])}


def standing(tx: Transaction, person: str | None = None) -> list[Bounced]:
    """Whose address is put aside and still the one of the directory, the last first; of all, or of one person."""
    some = [] if person is None else [bounced.c.person == person]
    rows = tx.conn.execute(select(bounced).where(*some).order_by(bounced.c.at.desc(), bounced.c.person)).all()
    return [
        Bounced(row.person, row.at, row.code)
        for row in rows
        if (to := directory.mail_address(tx, row.person)) is not None and _ref(tx, to) == row.address
    ]


def told(tx: Transaction, person: str) -> list[Bounced]:
    """The same of one person as long as they have not read it; who has no such message costs no statement more."""
    rows = waiting.told(tx.conn, directory.organisation(tx), person, tx.today, (Kind.BOUNCED,))
    return standing(tx, person) if any(row.recipient == person for row in rows) else []


def try_again(tx: Transaction, person: str) -> bool:
    """Mails go to the person again; False if they did anyway, and the person was not told otherwise."""
    lifted = tx.conn.execute(delete(bounced).where(bounced.c.person == person)).rowcount
    told = (messages.c.recipient == person, messages.c.kind == Kind.BOUNCED, messages.c.done_at.is_(None))
    return bool(tx.conn.execute(update(messages).where(*told).values(done_at=tx.now)).rowcount + lifted)


def _ref(tx: Transaction, address: str) -> str:
    with suppress(ValueError):  # what is no address stands for itself
        address = addresses.address(address)
    return tx.office.vault.ref(f"mail {address.strip().casefold()}")


# --- what a mail server reports later (RFC 3464) ---


def take(tx: Transaction, report: bytes) -> int:
    """Puts aside the addresses that a report (a whole mail) says are final; how many were not yet.

    Believed is only what is about a mail that went out from here to that very address. Raises NotOurs.
    """
    if len(report) > LARGEST:
        raise NotOurs(f"Die Datei hat mehr als {LARGEST // 1_000_000} MB; ein Bericht über eine Mail ist kürzer.")
    mail = BytesParser(EmailMessage, policy=default).parsebytes(report)
    failed = [one for part in mail.walk() if part.get_content_type() == "message/delivery-status" for one in _of(part)]
    if not failed:
        raise NotOurs("Das ist kein Bericht, dass Mails eine Adresse nicht erreichen (RFC 3464); geändert ist nichts.")
    if not (sent := _sent(mail)):
        raise NotOurs(
            "Dem Bericht fehlt die Mail, um die es geht, oder deren Kopf mit der Message-ID; geändert ist nichts."
        )
    people = _recipients(tx, sent)
    found = {people[ref]: (address, code) for address, code in failed if (ref := _ref(tx, address)) in people}
    if not found:
        raise NotOurs("Der Bericht gehört zu keiner Mail, die von hier an diese Adresse ging; geändert ist nichts.")
    new = {person: said for person, said in found.items() if not is_aside(tx, person, said[0])}
    for person, (address, code) in new.items():
        put_aside(tx, person, address, code)
    return len(new)


def _of(part: Message) -> Iterator[tuple[str, str]]:
    """The address and status of each recipient for whom it has failed as no mail reaches the address."""
    for fields in part.get_payload() if part.is_multipart() else ():
        if not isinstance(fields, Message) or str(fields.get("Action", "")).strip().lower() != "failed":
            continue
        status = str(fields.get("Status", "")).strip()
        said = search(r"smtp;\s*(\d{3})[ -]?(.*)", str(fields.get("Diagnostic-Code", "")), DOTALL | IGNORECASE)
        bare = status.startswith("5.0.0") and said is not None and addresses.is_nobody(int(said[1]), said[2])
        if not (bare or (status and addresses.is_nobody(0, status))):
            continue
        for name in ("Original-Recipient", "Final-Recipient"):
            kind, _, address = str(fields.get(name, "")).partition(";")
            if kind.strip().lower() == "rfc822":
                yield address.strip(), status.split()[0]


def _sent(mail: Message) -> list[UUID]:
    """The rows of the outbox that may be meant: what the report sends back names its Message-ID."""
    said = [str(part.get("Message-ID", "")) for part in mail.walk() if part is not mail]
    said += [str(part.get_payload()) for part in mail.walk() if part.get_content_type() == "text/rfc822-headers"]
    ids = [found[1] for one in said if (found := search(r"<([0-9a-f]{32})@", one))]
    return [UUID(hex=one) for one in ids]


def _recipients(tx: Transaction, tasks: list[UUID]) -> dict[str, str]:
    """To whom (directory key) these mails may have gone, by the reference of the address: deputies of the day, too."""
    organisation, found = directory.organisation(tx), dict[str, str]()
    for task in tx.conn.execute(select(outbox).where(outbox.c.id.in_(tasks))):
        asked = select(messages.c.recipient).where(messages.c.id == task.data.get("message"))
        person = task.data.get("person") or tx.conn.scalar(asked)
        day = local_day(task.finished_at) if task.finished_at else tx.today
        for one in {person, organisation.acting(person, day).person} if person else ():
            if to := directory.mail_address(tx, one):
                found[_ref(tx, to)] = one
    return found
