"""Sessions of people in a browser: a random token in a cookie, its hash in the database, a CSRF token beside it."""

from __future__ import annotations

import datetime as dt
import hmac
from hashlib import sha256
from secrets import token_urlsafe
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, true, update

from services.people import directory, visits
from services.records.seals import of_session
from services.records.tables import purposes, sessions
from services.records.vault import Vault

COOKIE = "fallverlauf"
IDLE = dt.timedelta(hours=2)
LONGEST = dt.timedelta(hours=12)
REMEMBERED = dt.timedelta(days=1)  # an ended session is still known so long: what its forms bring is not lost
TOUCH = dt.timedelta(minutes=1)  # "last seen" is written at most this often


class Session(NamedTuple):
    """A log-in: whose it is (directory key), what a form must carry, when it was last seen.

    `token` is the hash that the database keeps, never what the cookie holds.
    """

    token: str
    person: str
    csrf: str
    seen_at: dt.datetime
    started_at: dt.datetime

    def holds(self, now: dt.datetime) -> bool:
        """Whether it has not ended: 2 hours idle, 12 hours in all."""
        return now - self.seen_at <= IDLE and now - self.started_at <= LONGEST

    def accepts(self, csrf: str) -> bool:
        """Whether a form or request carries this session's token."""
        return hmac.compare_digest(self.csrf.encode(), csrf.encode("utf-8", "replace"))


def start(conn: Connection, vault: Vault, person: str, now: dt.datetime, before: str = "") -> str:
    """Opens a session for a directory key and returns the token for the cookie; long ended ones are cleared away.

    `before`: the token of the session the browser had, which ends. If it was of the same person, forms that are still
    open in other tabs go on to count.
    """
    gone = (sessions.c.seen_at < now - IDLE - REMEMBERED) | (sessions.c.started_at < now - LONGEST - REMEMBERED)
    conn.execute(delete(sessions).where(gone))
    earlier = _known(conn, vault, before) if before else None
    end(conn, before)
    conn.execute(delete(purposes).where(purposes.c.session.not_in(select(sessions.c.token))))
    token = token_urlsafe(32)
    csrf = earlier.csrf if earlier is not None and earlier.person == person else token_urlsafe(24)
    row = {"token": _hash(token), "person": person, "csrf": csrf, "started_at": now, "seen_at": now}
    seal = of_session(vault, row["token"], person, csrf, now.astimezone(dt.UTC))
    conn.execute(insert(sessions).values(**row, seal=seal))
    visits.begin(conn, person, now)
    return token


def find(conn: Connection, vault: Vault, token: str, now: dt.datetime) -> Session | None:
    """The session of a token, or nothing if there is none or it has ended (2 hours idle, 12 hours in all).

    One that was put into the database by somebody else is none.
    """
    session = _known(conn, vault, token)
    return session if session is not None and session.holds(now) else None


def ended(conn: Connection, vault: Vault, token: str, now: dt.datetime) -> Session | None:
    """The session of a token that has ended by itself and not long ago; never one that somebody has ended."""
    session = _known(conn, vault, token)
    if session is None or session.holds(now):
        return None
    lately = now - session.seen_at <= IDLE + REMEMBERED and now - session.started_at <= LONGEST + REMEMBERED
    return session if lately else None


def _known(conn: Connection, vault: Vault, token: str) -> Session | None:
    row = conn.execute(_one, {"token": _hash(token)}).one_or_none()
    if row is None:
        return None
    directory.is_of(conn, (row.streams, row.facts))
    if row.seal != of_session(vault, row.token, row.person, row.csrf, row.started_at):
        return None
    return Session(row.token, row.person, row.csrf, row.seen_at, row.started_at)


# Whoever comes in is looked for in the directory next, so its version is read beside the session.
_one = (
    select(sessions, directory.VERSION)
    .join_from(sessions, directory.VERSION, true())
    .where(sessions.c.token == bindparam("token"))
)


def touch(conn: Connection, session: Session, now: dt.datetime) -> None:
    """Notes that the session is in use."""
    conn.execute(update(sessions).where(sessions.c.token == session.token).values(seen_at=now))


def end(conn: Connection, token: str) -> None:
    """Ends the session of a token."""
    conn.execute(delete(sessions).where(sessions.c.token == _hash(token)))


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
