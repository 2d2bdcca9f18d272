"""Whether what is stored still is what was stored: checkpoints are written, and the store is held against them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.periods import BERLIN
from services.records import checkpoints, comparison, erasures, values
from services.records.checkpoints import DamagedCheckpoints, Line

if TYPE_CHECKING:
    from services.office.office import Office

DAY = "checkpoint"  # the mark that holds the day of the last checkpoint


def checkpoint(office: Office) -> dict[str, Any]:
    """Adds a signed checkpoint over all heads to the file; its answer. Raises DamagedCheckpoints, OSError."""
    path = office.settings.checkpoints
    with checkpoints.writer(path, office.vault) as writer:
        with office.read() as tx:
            for number, at in erasures.noted(tx.conn).items():  # of an older copy that was put in the file's place
                if number not in writer.book.erased:
                    writer.erase(number, at)
            line = writer.write(tx.conn, office.now())
        with office.write() as tx:
            values.put(tx.conn, DAY, office.today().isoformat())
    return _said(line) | {"file": str(path)}


def checkpoint_of_day(office: Office) -> bool:
    """The same once a day; False if there is one of today."""
    with office.read() as tx:
        if values.value(tx.conn, DAY) == office.today().isoformat():
            return False
    checkpoint(office)
    return True


def verify(
    office: Office, file: Path | None, progress: Callable[[int], None] | None = None, *, lists: bool = False
) -> dict[str, Any]:
    """The answer of `verify` (Vertrag 3): against the heads, and against the checkpoints of a file.

    With `lists` the kept rows are held against a rebuild, too. Raises DamagedCheckpoints for a file that proves
    nothing, Waiting while rows are being computed, OSError.
    """
    book = None if file is None else checkpoints.read(file, office.vault)
    if book is not None and book.last is None:
        raise DamagedCheckpoints(f"Die Datei {file} enthält keinen Prüfpunkt.")
    with office.read() as tx:
        answer = office.store.verify(tx.conn, progress, None if book is None else book.witnessed)
        answer["checkpoint"] = _said(book.last) if book and book.last else None
        if lists:
            answer["lists"] = comparison.compare(tx.conn, office.vault)
            answer["ok"] = answer["ok"] and not answer["lists"]["different"]
    return answer


def _said(line: Line) -> dict[str, Any]:
    return {"at": line.at.astimezone(BERLIN).isoformat(), "facts": line.facts, "root": line.root}
