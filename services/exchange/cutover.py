"""A cut-over: the things of a new leading system become those that are known, what is on one side alone is listed.

Nothing is withdrawn by it (Fachkonzept 13); its deliveries are from then on those of the known cases (Vertrag 4).
"""

from __future__ import annotations

import csv
import datetime as dt
import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from domain import words
from domain.facts import Stream, declared, name_of, stream_of
from domain.facts.correction import SameThingNoted
from domain.knowledge import Known, known
from domain.records import Record
from services.exchange import match, renumbering, snapshot
from services.exchange.profiles.profile import Profile
from services.exchange.source import RejectedFile, Source
from services.exchange.tables import Converted
from services.failures import Said
from services.formulas import guarded
from services.office.office import Transaction
from services.questions.typed import thousands
from services.records import other_numbers
from services.records.tables import records as records_table
from services.records.vault import chunks

HEAD = ("System", "Fall", "Eintrag", "Gültig am", "Kennung")
BOTH = "Beide Systeme heißen „{}“: Bei einem Systemwechsel sind es zwei."
_NOTHING = " Gespeichert ist nichts."


class NoCutover(Said):
    """A file that brings no new leading system; its text is one German sentence."""


class Asked(NamedTuple):
    """The system that led so far, the one that leads from now on, and the file that says how that one calls cases."""

    old: str
    new: str
    mapping: Path | None = None


class Alone(NamedTuple):
    """A fact that counts and that the other system does not know, or knows otherwise; `fact` is its German name."""

    system: str
    number: str
    fact: str
    on: dt.date
    id: str


def names(source: Source, asked: Asked, profile: Profile | None) -> set[str]:
    """The names of facts that the new system tells. Raises NoCutover."""
    if asked.old == asked.new:
        raise NoCutover(BOTH.format(asked.new[:40]))
    if isinstance(source, Converted) and not source.seen.rows:
        raise NoCutover(f"{source.path.name} enthält keine Zeile: So bliebe alles beim alten System.{_NOTHING}")
    if profile is not None:
        if profile.system == asked.new:
            return {one.fact for one in profile.fact}
        if profile.system == asked.old:
            raise NoCutover(_turned_round(asked))
        raise NoCutover(f"Das Profil liest „{profile.system}“, nicht „{asked.new[:40]}“.{_NOTHING}")
    found = snapshot.names_of(source, asked.new)
    if not found:
        if snapshot.names_of(source, asked.old):
            raise NoCutover(_turned_round(asked))
        raise NoCutover(f"Keine Kennung der Datei beginnt mit „{asked.new[:40]}:“: Sie kommt nicht aus diesem System.")
    return found


def _turned_round(asked: Asked) -> str:
    return (
        f"Die Datei kommt aus „{asked.old[:40]}“, dem alten System; erwartet wird eine aus dem neuen. "
        f"Ist es umgekehrt gemeint: --cutover {asked.new[:40]} {asked.old[:40]}. Gespeichert ist nichts."
    )


def begin(tx: Transaction, asked: Asked, told: Collection[str]) -> None:
    """Keeps how the new system calls cases. Raises NoCutover where nothing of the old one is here, or that file is at
    fault, and has kept nothing then.
    """
    if not any(_of(tx, told, asked.old)):
        raise NoCutover(
            f"Von dem, was die Datei bringt, ist aus „{asked.old[:40]}“ hier nichts gespeichert; "
            f"bitte den Namen des alten Systems prüfen.{_NOTHING}"
        )
    if asked.mapping is not None:
        other_numbers.keep(tx.conn, renumbering.read(tx, asked.mapping, asked.new))


def alone(tx: Transaction, asked: Asked, told: Collection[str]) -> list[Alone]:
    """What counts of these names and only one of the two systems knows: the old ones first, by case and day."""
    found = [(asked.old, one) for one in _of(tx, told, asked.old, asked.new)]
    found += [(asked.new, one) for one in _of(tx, told, asked.new, asked.old)]
    numbers = tx.store.numbers(tx.conn, {key for _, (key, _) in found})
    rows = [
        Alone(system, numbers[key], declared(name_of(one.fact)).german, one.on, one.id)
        for system, (key, one) in found
        if key in numbers
    ]
    return sorted(rows, key=lambda row: (row.system != asked.old, row[1:]))


def _of(tx: Transaction, told: Collection[str], system: str, other: str = "") -> Iterator[tuple[UUID, Known]]:
    """What counts of these names in cases, came from a system and is linked with nothing of the other, in clear."""
    names = {name for name in told if stream_of(name) is Stream.CASE}
    holding = select(records_table.c.key).where(records_table.c.name.in_(names)).distinct()
    for some in chunks(sorted(tx.conn.scalars(holding))):
        standing = {key: known(records) for key, records in tx.store.records_of(tx.conn, some).items()}
        links = _links(one for facts in standing.values() for one in facts)
        there = [(key, one) for key, facts in standing.items() for one in facts if name_of(one.fact) in names]
        clear = tx.store.referred(tx.conn, {one.ref for _, one in there} | links.keys())
        is_linked = _linked_with(links, clear, other)
        for key, one in there:
            record = clear.get(one.ref)
            if record is not None and match.is_of(record, system) and not is_linked(one.ref):
                yield key, one._replace(id=record.id)


def _links(facts: Iterator[Known]) -> dict[str, set[str]]:
    """Of each fact that a note names: those it is linked with; all as references."""
    found: dict[str, set[str]] = {}
    for one in facts:
        if isinstance(note := one.fact, SameThingNoted):
            found.setdefault(note.thing, set()).add(note.other)
            found.setdefault(note.other, set()).add(note.thing)
    return found


def _linked_with(links: dict[str, set[str]], clear: dict[str, Record], system: str) -> Callable[[str], bool]:
    def is_linked(ref: str) -> bool:
        return any(match.is_of(clear[other], system) for other in links.get(ref, ()) if other in clear)

    return is_linked


def counted(rows: Collection[Alone], asked: Asked) -> tuple[int, int]:
    """How many of them only the old system knows, and how many only the new one."""
    old = sum(row.system == asked.old for row in rows)
    return old, len(rows) - old


def sentence(rows: Collection[Alone], asked: Asked, file: Path) -> str:
    """What is said of those on one side alone."""
    if not rows:
        return f"„{asked.old}“ und „{asked.new}“ sagen dasselbe: Auf keiner Seite ist etwas übrig."
    old, new = counted(rows, asked)
    return (
        f"Nur in „{asked.old}“ {_stand(old)}, nur in „{asked.new}“ {_stand(new)}; "
        f"die Liste ist {file}. Zurückgenommen ist davon nichts."
    )


def _stand(count: int) -> str:
    return f"steht {thousands(count)} Eintrag" if count == 1 else f"stehen {thousands(count)} Einträge"


class Unmatched(RejectedFile):
    """FILE.unmatched.csv: what stands on one side alone, as a table, mode 0600."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.with_name(f"{path.name}.unmatched.csv"))
        self.rows: list[Alone] = []

    def refused(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.rows)

    def write(self, handle: int) -> None:
        """Writes the rows as office programs read them."""
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            out = csv.writer(file, delimiter=";")
            out.writerow(HEAD)
            told = ((*row[:3], words.day(row.on), row.id) for row in self.rows)
            out.writerows(map(guarded, map(str, cells)) for cells in told)
