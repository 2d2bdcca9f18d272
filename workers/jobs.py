"""What a worker does with an id from the queue: lock the outbox row, render, send, record what became of it."""

from __future__ import annotations

from uuid import UUID

import structlog

from notifications.channels import mail
from services import failures, mailing
from services.health import machine_time
from services.office import Office
from services.records import outbox
from services.records.outbox import State, Task

TRIES = 20  # about a day

log = structlog.get_logger()
_offices: list[Office] = []


def work_in(office: Office) -> None:
    """Says in which office the jobs of this process work."""
    _offices[:] = [office]


def deliver(outbox_id: str) -> None:
    """The job: sends what the row asks for, one worker at a time, at least once in all."""
    office = _offices[0]
    with office.write() as conn:
        task = outbox.take(conn, UUID(hex=outbox_id), machine_time())
    if task is None:
        return
    try:
        state, error = _send(office, task), None
    except mail.Final as final:
        state, error = State.FAILED, str(final)
    except mail.Temporary as temporary:
        state, error = _again(task), str(temporary)
    except Exception as unexpected:  # RQ would keep its words in the queue
        failures.unexpected(unexpected, office.settings.data)
        state, error = _again(task), type(unexpected).__name__
    with office.write() as conn:
        if state is State.WAITING:
            outbox.rest(conn, task, machine_time(), error or "")
        else:
            outbox.finish(conn, task, state, office.now(), error)
    log.info("outbox", id=task.id.hex, kind=task.kind, state=state, tries=task.tries, error=error)


def _again(task: Task) -> State:
    return State.FAILED if task.tries >= TRIES else State.WAITING


def _send(office: Office, task: Task) -> State:
    if office.settings.smtp is None:
        return State.KEPT
    with office.read() as conn:
        letter = mailing.compose(office, conn, task.kind, task.data, office.today())
    if letter is None:
        return State.DROPPED
    server = mail.server(office.settings.smtp)
    words = (letter.to, letter.subject, letter.text, letter.html)
    mail.send(server, mail.message(task.id, *words, domain=server.domain, thread=letter.thread))
    return State.SENT
