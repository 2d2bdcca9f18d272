"""A log-in on its way to the provider and back: bound to one browser, taken once, good for ten minutes."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Sequence
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


def going(conn: Connection, browsers: Sequence[str], now: dt.datetime) -> list[str]:
    """Those of these that are under way still, in their order."""
    wanted = {_hash(one): one for one in browsers}
    held = select(logins.c.browser).where(logins.c.browser.in_(wanted), logins.c.started_at >= now - LONGEST)
    there = set(conn.scalars(held)) if wanted else set()
    return [one for hashed, one in wanted.items() if hashed in there]


def take(conn: Connection, browsers: Sequence[str], state: str, now: dt.datetime) -> Taken | NotAccepted:
    """Takes the one of a browser's log-ins that has this state out, so that nobody takes it twice; without one all.

    What is refused is returned, so that the taking is kept.
    """
    rows = conn.execute(select(logins).where(logins.c.browser.in_([_hash(one) for one in browsers]))).all()
    fitting = [row for row in rows if hmac.compare_digest(row.state, _hash(state))]
    gone = [row.browser for row in fitting or rows]
    taken = conn.execute(delete(logins).where(logins.c.browser.in_(gone))).rowcount if gone else 0
    if not taken or all(now - row.started_at > LONGEST for row in fitting or rows):
        return NotAccepted(OVER)
    if not fitting:
        return NotAccepted(FOREIGN)
    return Taken(fitting[0].nonce, fitting[0].verifier, fitting[0].target)


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
