"""One-time links into a trial without a provider of log-ins: good for ten minutes, redeemed once, kept afterwards.

The database holds the hash of a token, sealed; so neither who reads it comes in, nor who writes into it.
"""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from domain.facts import Stream
from domain.facts.directory import PersonAdded, RoleAssigned
from domain.periods import BERLIN
from domain.records import Entry
from services.failures import Said
from services.office.office import Transaction, mark_test_data
from services.people import directory, sessions
from services.people.refusals import NotAccepted
from services.people.way_in import WayIn, way_in
from services.records import numbering, values
from services.records.reasons import shown
from services.records.seals import of_invite
from services.records.tables import invites
from services.records.tables import sessions as session_table

LONGEST = dt.timedelta(minutes=10)
KEPT = dt.timedelta(days=365)  # as long as the access log
FIRST = "first person"  # the mark of a directory that has begun so, with the day
BY = "import:invite"  # who has added the first person
ANOTHER = "Einen neuen gibt „fallverlauf invite PERSON“ aus."
UNKNOWN = f"Diesen Einmal-Link gibt es nicht; bitte den ganzen Link öffnen. {ANOTHER}"
USED = f"Dieser Einmal-Link ist schon benutzt. {ANOTHER}"
GONE = "Wem dieser Einmal-Link gilt, arbeitet hier laut Verzeichnis nicht mehr."


class NotInvited(Said):
    """A link that is not issued; its text is one German sentence."""


class Invite(NamedTuple):
    """A link as it was issued: its token, and the moment up to which it counts."""

    token: str
    until: dt.datetime


class Counted(NamedTuple):
    """How many links were issued, and how many of them led in."""

    issued: int
    used: int


def invite(tx: Transaction, person_id: str, *, first: bool = False) -> Invite:
    """A link for somebody at work today; `first` adds them to an empty directory as its first `edv`.

    Raises `NotInvited`: where people come in otherwise, for a person the directory does not know, and with `first` when
    it knows anybody.
    """
    match way_in(tx.conn, tx.office.vault, tx.office.settings):
        case WayIn.PROVIDER:
            raise NotInvited(
                "Angemeldet wird über FALLVERLAUF_OIDC_ISSUER; Einmal-Links gibt es nur ohne Anmeldedienst."
            )
        case WayIn.PICK:
            raise NotInvited("In der Demo wählt man seine Person auf der Seite; Einmal-Links braucht es dort nicht.")
    person = _added(tx, person_id) if first else _at_work(tx, person_id)
    return _issued(tx, person)


def _added(tx: Transaction, person_id: str) -> str:
    if sentence := numbering.wrong(Stream.PERSON, person_id):
        raise NotInvited(sentence)
    empty = directory.organisation(tx).is_empty
    if not (empty and values.put_once(tx.conn, FIRST, tx.today.isoformat())):  # of two at once one
        raise NotInvited(
            "Das Verzeichnis ist nicht mehr leer: --first trägt nur die allererste Person ein. Alle anderen kommen mit "
            "„fallverlauf import“ hinein und bekommen ihren Link ohne --first."
        )
    mark_test_data(tx)
    key = tx.store.open_stream(tx.conn, Stream.PERSON, person_id)
    facts = (PersonAdded(name=person_id), RoleAssigned(role="edv"))
    tx.store.append(tx.conn, key, [Entry(on=tx.today, fact=fact, by=BY) for fact in facts], tx.now)
    return key.hex


def _at_work(tx: Transaction, person_id: str) -> str:
    person = directory.person_key(tx, person_id)
    organisation = directory.organisation(tx)
    if person is not None and organisation.knows(person) and organisation.employed(person, tx.today):
        return person
    first = " Das Verzeichnis ist noch leer: Mit --first wird die erste Person der EDV eingetragen."
    hint = first if organisation.is_empty else ""
    raise NotInvited(f"Im Verzeichnis arbeitet heute niemand mit der Kennung {shown(person_id)}.{hint}")


def _issued(tx: Transaction, person: str) -> Invite:
    token, issued = token_urlsafe(32), tx.now
    row = {"token": _hash(token), "person": person, "issued_at": issued}
    seal = of_invite(tx.office.vault, row["token"], person, issued.astimezone(dt.UTC))
    tx.conn.execute(insert(invites).values(**row, seal=seal))
    return Invite(token, issued + LONGEST)


def redeem(tx: Transaction, token: str, before: str = "") -> str:
    """Opens a session for whom the link was issued and returns its token; `before`: as `sessions.start`.

    Raises `NotAccepted` for a link that is unknown, used, too old, or of somebody who has left.
    """
    row = tx.conn.execute(select(invites).where(invites.c.token == _hash(token.strip()))).one_or_none()
    if row is None or row.seal != of_invite(tx.office.vault, row.token, row.person, row.issued_at):
        raise NotAccepted(UNKNOWN)
    _check(tx, row)
    session = sessions.start(tx.conn, tx.office.vault, row.person, tx.now, before)
    used = {"redeemed_at": tx.now, "session": _hash(session)}
    unused = (invites.c.token == row.token, invites.c.redeemed_at.is_(None))
    if not tx.conn.execute(update(invites).where(*unused).values(used)).rowcount:
        raise NotAccepted(USED)
    return session


def _check(tx: Transaction, row: Row[Any]) -> None:
    until = row.issued_at + LONGEST
    if row.redeemed_at is not None:
        raise NotAccepted(USED)
    if tx.now > until:
        raise NotAccepted(f"Dieser Einmal-Link galt bis {until.astimezone(BERLIN):%H:%M} Uhr. {ANOTHER}")
    if not directory.organisation(tx).employed(row.person, tx.today):
        raise NotAccepted(GONE)


def end_all(conn: Connection) -> None:
    """Ends every session that a link has opened, and every link that waits: now there is a provider."""
    opened = select(invites.c.session).where(invites.c.session.is_not(None))
    conn.execute(delete(session_table).where(session_table.c.token.in_(opened)))
    conn.execute(delete(invites).where(invites.c.redeemed_at.is_(None)))


def forget(conn: Connection, now: dt.datetime) -> None:
    """Deletes what is older than twelve months."""
    conn.execute(delete(invites).where(invites.c.issued_at < now - KEPT))


def counted(conn: Connection) -> Counted:
    """The links of the last twelve months."""
    return Counted(*conn.execute(select(func.count(), func.count(invites.c.redeemed_at)).select_from(invites)).one())


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
