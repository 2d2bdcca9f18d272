"""What erasing a case does: the person is gone, the anonymous course of the case stays and can still be shown."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, and_, delete, or_, select, union

from domain import words
from domain.facts import Stream
from domain.periods import local_day
from services.failures import Said
from services.followups import lifecycle
from services.messages.entries import ENTRY
from services.messages.inbox import SINGLE
from services.people import kept_forms
from services.questions.casefile import UnknownCase
from services.records import checkpoints, comparison, erasures, meaning, remembered, rows, schema, traces, witnesses
from services.records.tables import (
    actions,
    blind_index,
    calendar_entries,
    draft_answers,
    drafts,
    fact_ids,
    idempotency,
    messages,
    metadata,
    numbers,
    other_numbers,
    outbox,
    spans,
    streams,
    text_keys,
    vault,
)

if TYPE_CHECKING:
    from services.office.office import Office, Transaction


class ErasedBefore(Said):
    """The case is erased already; the text is one German sentence."""


NOT_ERASED = "Der Fall ist nicht gelöscht: Die Datenbank hat behalten, was zu löschen war ({})."


class Traces(Said):
    """Erased, but the database files still hold what was deleted; the text is one German sentence."""


class NotErased(Said):
    """What was to be deleted is still there, so that nothing was; the text is one German sentence."""


def erase(office: Office, number: str) -> dict[str, Any]:
    """Erases the person of a case; the answer of `erase` (Vertrag 3).

    The checkpoints file is told first, so that an older backup cannot bring the person back. Who was interrupted asks
    again. Raises UnknownCase, ErasedBefore, NotErased, StrangeSchema, Traces, DamagedCheckpoints, OSError.
    """
    at = office.now()
    traces.clear(office.engine)  # of an erasure that was interrupted
    with checkpoints.writer(office.settings.checkpoints, office.vault) as writer:
        with office.read() as tx:
            schema.check(tx.conn)
            gone = witnesses.marks_of_messages(tx.conn, office.vault, _existing(tx, number))
        writer.erase(office.vault.erased_number(number), at, gone & writer.book.rows)
        with office.write() as tx:
            code = erase_in(tx, _existing(tx, number), number, at)
            remembered.put(tx.conn, office.vault, writer.book)
    if not traces.clear(office.engine):
        raise Traces(
            f"Der Fall ist gelöscht und heißt jetzt {code}, aber die Datenbank war belegt: Reste stehen noch in den "
            "Dateien. Der laufende Dienst räumt sie selbst auf, sobald er kann."
        )
    return {"case": number, "replaced_by": code}


def erase_in(tx: Transaction, key: UUID, number: str, at: dt.datetime) -> str:
    """The same in the caller's transaction, without clearing the files; returns the code that is printed instead."""
    tx.store.lock(tx.conn, key)
    code = erasures.erase(tx.conn, tx.office.vault, key, number, at)
    rows.refresh_many(tx.conn, {key: tx.store.records(tx.conn, key)})
    lifecycle.resolve(tx.conn, key, at)
    _forget(tx, key)
    traces.leave(tx.conn)
    _check_gone(tx, key, code)
    return code


def _check_gone(tx: Transaction, key: UUID, code: str) -> None:
    """Looks whether it happened: who owns the database could have let a deletion do nothing. Raises NotErased."""
    conn, of_case = tx.conn, select(drafts.c.id).where(drafts.c.case_key == key)
    left = {table.name: table.c.key == key for table in (text_keys, vault, blind_index, other_numbers)}
    left |= {table.name: table.c.case_key == key for table in (drafts, messages, actions)}
    left |= {
        "draft_answers": draft_answers.c.draft.in_(of_case),
        "numbers": (numbers.c.key == key) & (numbers.c.number != code),
        "streams": (streams.c.key == key) & streams.c.erased_at.is_(None),
        "fact_ids": (fact_ids.c.key == key) & (fact_ids.c.content != bytes(32)),
    }
    found = [name for name, those in left.items() if conn.scalar(select(metadata.tables[name]).where(those).limit(1))]
    if kept_forms.about(conn, tx.office.vault, key):
        found.append("kept_forms")
    if not found and not meaning.unfinished(conn) and not comparison.is_rebuilt(conn, tx.office.vault, key):
        found = ["entries"]  # what describes the person stands in rows of lists, too
    if found:
        raise NotErased(NOT_ERASED.format(", ".join(found)))


def _existing(tx: Transaction, number: str) -> UUID:
    key = tx.store.key(tx.conn, Stream.CASE, number)
    if key is not None and erasures.is_erased(tx.conn, key):
        raise ErasedBefore(f"Der Fall {number} ist schon gelöscht.")
    if key is None:
        at = erasures.find(tx.conn, tx.office.vault, [number]).get(number)
        if at is not None:
            raise ErasedBefore(f"Der Fall {number} wurde schon am {words.day(local_day(at))} gelöscht.")
        raise UnknownCase(number)
    return key


def _forget(tx: Transaction, key: UUID) -> None:
    """Deletes what was said and half said about the case; its facts are the only thing that stays."""
    conn = tx.conn
    kept_forms.forget(conn, tx.office.vault, key)
    of_case = select(drafts.c.id).where(drafts.c.case_key == key)
    conn.execute(delete(draft_answers).where(draft_answers.c.draft.in_(of_case)))
    conn.execute(delete(drafts).where(drafts.c.case_key == key))
    shown = set(conn.scalars(select(messages.c.id).where(messages.c.case_key == key)))
    tasks = conn.execute(select(outbox.c.id, outbox.c.data).where(outbox.c.kind == SINGLE)).all()
    mails = [row.id for row in tasks if row.data.get("message") in shown]
    of_calendar = union(
        select(calendar_entries.c.ref).where(calendar_entries.c.case_key == key),
        select(spans.c.thing).where(spans.c.case_key == key, spans.c.thing.is_not(None)),
    )
    entries = outbox.c.data["ref"].as_string().in_(of_calendar)
    conn.execute(delete(outbox).where(or_(outbox.c.id.in_(mails), and_(outbox.c.kind == ENTRY, entries))))
    conn.execute(delete(messages).where(messages.c.case_key == key))
    conn.execute(delete(calendar_entries).where(calendar_entries.c.case_key == key))
    _forget_answers(conn, set(conn.scalars(select(actions.c.correlation_id).where(actions.c.case_key == key))))
    conn.execute(delete(actions).where(actions.c.case_key == key))  # who decided today would read the code beside it


def _forget_answers(conn: Connection, decisions: set[str]) -> None:
    """Deletes the answers programs got about these decisions: they repeat what was recorded."""
    one = idempotency.c
    for row in conn.execute(select(one.person, one.key, one.answer)).all():
        if row.answer.get("correlation_id") in decisions:
            conn.execute(delete(idempotency).where(one.person == row.person, one.key == row.key))
