"""The file that says how a new leading system calls the cases known here: a table with the columns `alt` and `neu`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from domain.facts import Stream
from services.exchange.profiles.profile import Layout
from services.exchange.profiles.readers.opening import Table, opened
from services.exchange.profiles.readers.table import BLANKS, Cell
from services.failures import Said
from services.office.office import Transaction
from services.records import erasures, numbering, other_numbers
from services.records.reasons import shown

OLD, NEW = "alt", "neu"
_SAID = 5  # faults told at once


class Faulty(Said):
    """A file that does not say how cases are called; its text is one German sentence for each fault."""


class Pair(NamedTuple):
    """A line of the file: the number of a case here, and the one it has in the new system."""

    line: int
    old: str
    new: str


def read(tx: Transaction, path: Path, system: str) -> dict[str, UUID]:
    """The case of each number of the system, by its hash. Raises Faulty, Unreadable, OSError."""
    with opened(path, Layout()) as table:
        pairs = list(_pairs(table, path))
    if not pairs:
        raise Faulty(f"{path.name} enthält keine Zeile mit Fallnummern.")
    here = tx.store.keys(tx.conn, Stream.CASE, {one.old for one in pairs})
    hashes = {one.new: other_numbers.hashed(tx.office.vault, system, one.new) for one in pairs}
    kept = other_numbers.of(tx.conn, dict.fromkeys(hashes.values()))
    erased = erasures.noted(tx.conn)
    faults = [*_doubled(pairs)]
    for one in pairs:
        hashed = hashes[one.new]
        if one.old not in here:
            faults.append((one.line, f"Einen Fall {shown(one.old)} gibt es hier nicht."))
        elif hashed in erased:
            faults.append((one.line, f"Der Fall mit der neuen Nummer {shown(one.new)} wurde hier gelöscht."))
        elif kept.get(hashed, here[one.old]) != here[one.old]:
            faults.append((one.line, f"Die neue Nummer {shown(one.new)} gehört hier schon zu einem anderen Fall."))
    _refuse(path, sorted(faults))
    return {hashes[one.new]: here[one.old] for one in pairs}


def _refuse(path: Path, faults: list[tuple[int, str]]) -> None:
    if faults:
        told = [f"Zeile {line}: {sentence}" for line, sentence in faults[:_SAID]]
        more = [f"… und {len(faults) - _SAID} weitere."] if len(faults) > _SAID else []
        raise Faulty(" ".join([f"{path.name} ist so nicht zu brauchen, gespeichert ist nichts.", *told, *more]))


def _pairs(table: Table, path: Path) -> Iterator[Pair]:
    head = [name.casefold() for name in table.head]
    if missing := [name for name in (OLD, NEW) if head.count(name) != 1]:
        raise Faulty(
            f"{path.name} braucht genau eine Spalte „{OLD}“ (Fallnummer hier) und eine Spalte „{NEW}“ (im neuen "
            f"System); zu prüfen: {' und '.join(f'„{name}“' for name in missing)}."
        )
    faults = []
    for row in table.rows():
        cells = [_text(row.cells[at]) if at < len(row.cells) else "" for at in (head.index(OLD), head.index(NEW))]
        wrong = row.fault or next(filter(None, (numbering.wrong(Stream.CASE, cell) for cell in cells)), None)
        if "" in cells:
            wrong = f"Es fehlt die Nummer in der Spalte „{OLD if not cells[0] else NEW}“."
        if wrong:
            faults.append((row.number, wrong))
        else:
            yield Pair(row.number, *cells)
    _refuse(path, faults)


def _text(cell: Cell) -> str:
    return unicodedata.normalize("NFC", "" if cell is None else str(cell)).strip(BLANKS)


def _doubled(pairs: list[Pair]) -> Iterator[tuple[int, str]]:
    """Each number that stands in a line before: of two that are called alike nobody could tell which is meant."""
    old, new = dict[str, int](), dict[str, int]()
    for one in pairs:
        for said, seen in ((one.old, old), (one.new, new)):
            if (first := seen.setdefault(said, one.line)) != one.line:
                yield one.line, f"{shown(said)} steht schon in Zeile {first}."
