"""A log-in on its way to the provider and back: bound to one browser, taken once, good for ten minutes."""

from __future__ import annotations

import datetime as dt
import hmac
from hashlib import sha256
from secrets import token_urlsafe
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from services.people.refusals import NotAccepted
from services.records.tables import logins

LONGEST = dt.timedelta(minutes=10)
OVER = "Diese Anmeldung ist schon abgeschlossen oder zu lange her. Bitte melden Sie sich noch einmal an."
FOREIGN = "Diese Anmeldung wurde nicht in diesem Browser begonnen. Bitte melden Sie sich noch einmal an."


class Attempt(NamedTuple):
    """What a log-in leaves with: `browser` for the cookie, the rest for the provider's page."""

    browser: str
    state: str
    nonce: str
    verifier: str


class Taken(NamedTuple):
    """What a log-in that came back is checked with, and where it leads."""

    nonce: str
    verifier: str
    target: str


def begin(conn: Connection, target: str, now: dt.datetime) -> Attempt:
    """Begins a log-in that is to lead to a local address; forgotten ones are cleared away."""
    conn.execute(delete(logins).where(logins.c.started_at < now - LONGEST))
    one = Attempt(token_urlsafe(32), token_urlsafe(32), token_urlsafe(32), token_urlsafe(48))
    row = {"browser": _hash(one.browser), "state": _hash(one.state), "nonce": one.nonce, "verifier": one.verifier}
    conn.execute(insert(logins).values(**row, target=target, started_at=now))
    return one


def take(conn: Connection, browser: str, state: str, now: dt.datetime) -> Taken | NotAccepted:
    """Takes a log-in out, so that nobody takes it twice. What is refused is returned, so that the taking is kept."""
    mine = logins.c.browser == _hash(browser)
    row = conn.execute(select(logins).where(mine)).one_or_none()
    if row is None or not conn.execute(delete(logins).where(mine)).rowcount or now - row.started_at > LONGEST:
        return NotAccepted(OVER)
    if not hmac.compare_digest(row.state, _hash(state)):
        return NotAccepted(FOREIGN)
    return Taken(row.nonce, row.verifier, row.target)


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
