"""Whether what is stored still is what was stored: checkpoints are written, and the store is held against them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from domain.periods import BERLIN
from services.records import (
    checkpoints,
    comparison,
    erasures,
    readable,
    remembered,
    schema,
    values,
    verification,
    witnesses,
)
from services.records.checkpoints import Book, DamagedCheckpoints, Line, stored_heads

if TYPE_CHECKING:
    from services.office.office import Office

DAY = "checkpoint"  # the mark that holds the day of the last checkpoint


class NotWitnessed(DamagedCheckpoints):
    """What is stored cannot be witnessed, as it was changed; the text is one German sentence."""


def checkpoint(office: Office) -> dict[str, Any]:
    """Adds a signed checkpoint over all heads to the file; its answer. Raises DamagedCheckpoints, OSError."""
    path = office.settings.checkpoints
    with checkpoints.writer(path, office.vault) as writer:
        with office.read() as tx:
            _check_growth(office, tx.conn, writer.book)
            for number, at in erasures.noted(tx.conn).items():  # of an older copy that was put in the file's place
                if number not in writer.book.erased:
                    writer.erase(number, at)
            line = writer.write(tx.conn, office.now(), witnesses.seen(tx.conn, office.vault))
        with office.write() as tx:
            values.put(tx.conn, DAY, office.today().isoformat())
            remembered.put(tx.conn, office.vault, writer.book)
    return _said(line) | {"file": str(path)}


def _check_growth(office: Office, conn: Connection, book: Book) -> None:
    """Refuses to bear witness of what Fallverlauf has not stored: only what came since is looked at."""
    if (strange := schema.first_strange(conn)) is not None:
        raise NotWitnessed(f"Kein Prüfpunkt: {strange}")
    if not erasures.is_sealed(conn, office.vault):
        raise NotWitnessed(f"Kein Prüfpunkt: {erasures.ALTERED}")
    if book.is_keyed:
        broken = verification.first_not_grown(conn, office.vault, book.heads, stored_heads(conn))
        said = None if broken is None else verification.sentence(conn, office.vault, broken)
    else:
        first = office.store.verify(conn, None, book)["first_break"]
        said = None if first is None else verification.said(first)
    if said is not None:
        raise NotWitnessed(f"Kein Prüfpunkt: {said}")


def checkpoint_of_day(office: Office) -> bool:
    """The same once a day; False if there is one of today."""
    if is_of_today(office):
        return False
    checkpoint(office)
    return True


def is_of_today(office: Office) -> bool:
    """Whether the last checkpoint is one of today."""
    with office.read() as tx:
        return values.value(tx.conn, DAY) == office.today().isoformat()


def verify(
    office: Office, file: Path | None, progress: Callable[[int], None] | None = None, *, lists: bool = False
) -> dict[str, Any]:
    """The answer of `verify` (Vertrag 3): against the heads, and against the checkpoints of a file.

    Without a file it is the one of the settings, where there is one. With `lists` the kept rows are held against a
    rebuild, too. Raises DamagedCheckpoints for a file that proves nothing, Waiting while rows are being computed,
    OSError.
    """
    book = _own(office) if file is None else checkpoints.read(file, office.vault)
    if file is not None:
        with suppress(DamagedCheckpoints):  # what was rightly deleted since an older file, if ours still says so
            book.rows -= _own(office).gone
    if file is not None and book.last is None:
        raise DamagedCheckpoints(f"Die Datei {file} enthält keinen Prüfpunkt.")
    with office.read() as tx:
        answer = office.store.verify(tx.conn, progress, book)
        answer["checkpoint"] = None if book.last is None else _said(book.last)
        more: list[readable.Step] = [] if file is not None else [("marks", lambda: _missing(office, tx.conn, book))]
        if lists:
            answer["lists"] = {"checked": 0, "different": []}
            more.append(("entries", lambda: answer["lists"].update(comparison.compare(tx.conn, office.vault))))
        for step in more:
            broken = readable.first_broken(tx.conn, [step])
            if answer["first_break"] is None and broken is not None:
                answer["first_break"] = verification.named(tx.conn, office.vault, *broken)
        answer["ok"] = answer["first_break"] is None and not (lists and answer["lists"]["different"])
    return answer


def _missing(office: Office, conn: Connection, book: Book) -> readable.Broken | None:
    why = remembered.first_missing(conn, office.vault, book)
    return None if why is None else (None, None, why)


def _own(office: Office) -> Book:
    """What the file of the settings says; nothing where there is none."""
    path = office.settings.checkpoints
    return checkpoints.read(path, office.vault) if path.exists() else Book()


def _said(line: Line) -> dict[str, Any]:
    return {"at": line.at.astimezone(BERLIN).isoformat(), "facts": line.facts, "root": line.root}
