"""What a worker does with an id from the queue: lock the outbox row, render, send, record what became of it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row, select, update

from notifications.channels import mail
from services import mailing
from services.health import machine_time
from services.office import Office
from services.records.tables import outbox

TRIES = 20
STUCK = dt.timedelta(minutes=5)  # a worker that took a row this long ago is dead
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(seconds=60), dt.timedelta(hours=1)

log = structlog.get_logger()
_offices: list[Office] = []


def work_in(office: Office) -> None:
    """Says in which office the jobs of this process work."""
    _offices[:] = [office]


def deliver(outbox_id: str) -> None:
    """The job: sends what the row asks for, at most one worker at a time, at least once in all."""
    office = _offices[0]
    row = _take(office, UUID(outbox_id))
    if row is None:
        return
    try:
        state = _send(office, row)
    except mail.Final as error:
        _finish(office, row, "failed", error=str(error))
    except mail.Temporary as error:
        _finish(office, row, "failed" if row.tries >= TRIES else "waiting", error=str(error))
    else:
        _finish(office, row, state)


def wait_after(tries: int) -> dt.timedelta:
    """How long a row rests after so many tries: a minute, doubled each time, at most an hour."""
    doubled: int = 2 ** min(max(tries - 1, 0), 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def _take(office: Office, outbox_id: UUID) -> Row[Any] | None:
    """Locks the row for this worker; nothing if it is done or another one has it."""
    at = machine_time()
    one = outbox.c
    free = (one.state == "waiting") | ((one.state == "sending") & (one.enqueued_at < at - STUCK))
    taken = update(outbox).where(one.id == outbox_id, free)
    with office.write() as conn:
        if not conn.execute(taken.values(state="sending", tries=one.tries + 1, enqueued_at=at)).rowcount:
            return None
        return conn.execute(select(outbox).where(one.id == outbox_id)).one()


def _send(office: Office, row: Row[Any]) -> str:
    """Renders and sends; what became of it: sent, dropped (nothing left to say), kept (no mail server)."""
    if office.settings.smtp is None:
        return "kept"
    with office.read() as conn:
        letter = mailing.compose(office, conn, row, office.today())
    if letter is None:
        return "dropped"
    server = mail.server(office.settings.smtp)
    words = (letter.to, letter.subject, letter.text, letter.html)
    mail.send(server, mail.message(row.id, *words, domain=server.domain, thread=letter.thread))
    return "sent"


def _finish(office: Office, row: Row[Any], state: str, error: str | None = None) -> None:
    done = {"state": state, "error": error, "finished_at": None if state == "waiting" else office.now()}
    with office.write() as conn:
        conn.execute(update(outbox).where(outbox.c.id == row.id).values(done))
    log.info("outbox", id=row.id.hex, kind=row.kind, state=state, tries=row.tries, error=error)
