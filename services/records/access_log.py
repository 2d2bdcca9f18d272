"""The chain of the access log: each entry bears a keyed hash over itself and the entry before, as facts do.

What is older than the law asks for goes from its beginning; a sealed anchor keeps where the rest begins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from services.records import values
from services.records.recorder import START
from services.records.tables import marks, views
from services.records.vault import Vault

ANCHOR = "access log"  # the mark: number and hash of the last entry that was forgotten, and its seal; also the lock
CHANGED = "Ein Vermerk im Einsichtsprotokoll wurde verändert oder eingefügt."
GAP = "Im Einsichtsprotokoll fehlen Vermerke."
ANCHOR_CHANGED = "Der Anfang des Einsichtsprotokolls wurde versetzt."
CUT = "Im Einsichtsprotokoll fehlen Vermerke, die der Prüfpunkt bezeugt."
OTHER = "Das Einsichtsprotokoll ist nicht das, das der Prüfpunkt bezeugt."
_CONTENT = [views.c[name] for name in ("person", "case_key", "purpose", "survey", "list", "asked", "rows", "at")]

# Built once: putting a statement together takes longer than running it.
_HELD = select(marks.c.value).where(marks.c.name == ANCHOR).with_for_update()
_LAST = select(views.c.number, views.c.hash).order_by(views.c.number.desc()).limit(1)

Place = tuple[int, bytes]  # number and hash of an entry


def add(conn: Connection, vault: Vault, rows: Sequence[Mapping[str, Any]]) -> None:
    """Appends entries to the log; nobody else can until the transaction ends."""
    values.put_once(conn, ANCHOR, _anchor(vault, (0, START)))
    held = conn.scalar(_HELD)
    number, hash = last(conn) or _opened(held)
    chained = []
    for row in rows:
        number, hash = number + 1, _hash(vault, hash, number + 1, [row.get(column.name) for column in _CONTENT])
        chained.append({**row, "number": number, "hash": hash})
    conn.execute(insert(views), chained)


def last(conn: Connection) -> Place | None:
    """The last entry there is."""
    row = conn.execute(_LAST).first()
    return None if row is None else (row.number, row.hash)


def end(conn: Connection) -> Place:
    """The last entry there is, or was before all were forgotten."""
    return last(conn) or _opened(values.value(conn, ANCHOR))


def forget(conn: Connection, vault: Vault, before: dt.datetime) -> int:
    """Deletes the entries older than this moment and says how many those were."""
    conn.execute(_HELD)
    kept = conn.scalar(select(func.min(views.c.number)).where(views.c.at >= before))
    old = views.c.at < before if kept is None else views.c.number < kept
    found = conn.execute(select(views.c.number, views.c.hash).where(old).order_by(views.c.number.desc()).limit(1))
    if (row := found.first()) is None:
        return 0
    values.put(conn, ANCHOR, _anchor(vault, (row.number, row.hash)))
    return conn.execute(delete(views).where(views.c.number <= row.number)).rowcount


def chain_anew(conn: Connection, vault: Vault) -> None:
    """Chains a log from before it was; its entries are taken as they are."""
    number, hash, chained = 0, START, []
    for row in conn.execute(select(views.c.id, *_CONTENT).order_by(views.c.id)):
        number, hash = number + 1, _hash(vault, hash, number + 1, list(row)[1:])
        chained.append({"of": row.id, "number": number, "hash": hash})
    for one in chained:
        conn.execute(update(views).where(views.c.id == one["of"]).values(number=one["number"], hash=one["hash"]))
    values.put(conn, ANCHOR, _anchor(vault, (0, START)))


def first_broken(conn: Connection, vault: Vault, witnessed: Place) -> str | None:
    """Why the log is not what was written, in one sentence; `witnessed`: the last entry a checkpoint has seen."""
    held = values.value(conn, ANCHOR)
    number, hash = _opened(held)
    if held is not None and held != _anchor(vault, (number, hash)):
        return ANCHOR_CHANGED
    seen = {number: hash}
    for row in conn.execute(select(views.c.number, views.c.hash, *_CONTENT).order_by(views.c.number)):
        if row.number != number + 1:
            return CHANGED if row.number is None else GAP
        number, hash = row.number, _hash(vault, hash, row.number, list(row)[2:])
        if row.hash != hash:
            return CHANGED
        seen[number] = hash
    at, witness = witnessed
    if at > number:
        return CUT
    return OTHER if at in seen and at and seen[at] != witness else None


def _hash(vault: Vault, before: bytes, number: int, content: Iterable[Any]) -> bytes:
    parts = [part.astimezone(dt.UTC) if isinstance(part, dt.datetime) else part for part in content]
    return vault.link(b"access log" + before + _encoder.encode([number, *parts]))


def _anchor(vault: Vault, place: Place) -> str:
    number, hash = place
    return f"{number}:{hash.hex()}:{vault.seal('access log', number, hash).hex()}"


def _opened(anchor: str | None) -> Place:
    """The place an anchor names; the beginning where it names none."""
    number, _, rest = (anchor or "").partition(":")
    try:
        return int(number), bytes.fromhex(rest.partition(":")[0])
    except ValueError:
        return 0, START


_encoder = msgspec.json.Encoder()
