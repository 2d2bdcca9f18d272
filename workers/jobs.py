"""What a worker does with an id from the queue: lock the outbox row, render, send, record what became of it."""

from __future__ import annotations

import logging
import time
from uuid import UUID

from sqlalchemy.exc import OperationalError

from services import failures
from services.messages import bounces, outbox
from services.messages.outbox import State, Task
from services.office.health import machine_time
from services.office.office import Office

TRIES = 20  # about a day
NOTE_AGAIN = (0.5, 1, 2, 4, 8)  # seconds

log = logging.getLogger(failures.LOGGER)
_offices: list[Office] = []


def work_in(office: Office) -> None:
    """Says in which office the jobs of this process work."""
    _offices[:] = [office]


def deliver(outbox_id: str) -> None:
    """The job: sends what the row asks for, one worker at a time, at least once in all.

    It never fails for the queue, which would keep and log the words of the failure: the row is handed out again.
    """
    try:
        _deliver(_offices[0], UUID(hex=outbox_id))
    except Exception as unexpected:
        failures.unexpected(unexpected, _offices[0].settings.data)


def _deliver(office: Office, id: UUID) -> None:
    from notifications.channels import mail  # a worker without a mail server goes without what mails take

    with office.write() as tx:
        task = outbox.take(tx.conn, id, machine_time())
    if task is None:
        return
    try:
        state, error = _send(office, task), None
    except mail.Final as final:
        state, error = State.FAILED, str(final)
    except mail.Temporary as temporary:
        state, error = _again(task), str(temporary)
    except Exception as unexpected:
        failures.unexpected(unexpected, office.settings.data)
        state, error = _again(task), type(unexpected).__name__
    _note(office, task, state, error)
    log.info(
        "outbox", extra={"id": task.id.hex, "kind": task.kind, "state": state, "tries": task.tries, "error": error}
    )


def _note(office: Office, task: Task, state: State, error: str | None) -> None:
    """Writes down what became of the task, again while the database recovers: what is not noted is sent again."""
    for pause in (*NOTE_AGAIN, None):
        try:
            with office.write() as tx:
                if state is State.WAITING:
                    outbox.rest(tx.conn, task, machine_time(), error or "")
                else:
                    outbox.finish(tx.conn, task, state, office.now(), error)
        except OperationalError:
            if pause is None:
                raise
            time.sleep(pause)
        else:
            return


def _again(task: Task) -> State:
    return State.FAILED if task.tries >= TRIES else State.WAITING


def _send(office: Office, task: Task) -> State:
    if office.settings.smtp is None:
        return State.KEPT
    from notifications.channels import mail
    from services.messages import mail as mails

    with office.read() as tx:
        letter = mails.compose(tx, task, office.today())
    if letter is None:
        return State.DROPPED
    without_tls = office.settings.smtp_without_tls
    server = mail.server(office.settings.smtp, office.settings.mail_from, office.settings.mail_reply_to, without_tls)
    words = (letter.to, letter.subject, letter.text, letter.html)
    try:
        mail.send(server, mail.message(task.id, *words, domain=server.domain, thread=letter.thread, entry=letter.entry))
    except mail.Unknown as unknown:
        with office.write() as tx:
            bounces.put_aside(tx, letter.person, letter.to, str(unknown))
        raise
    return State.SENT
