"""A full snapshot of another system: what it no longer holds is withdrawn here, what returns to it counts again.

It speaks only of facts of its own names with its own ids (Vertrag 4), so that nothing else is ever missing in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import select

from domain import sameness
from domain.facts import FACTS, Stream, name_of, stream_of
from domain.facts.correction import FactWithdrawn
from domain.knowledge import known
from domain.periods import local_day
from domain.records import Entry
from services.exchange import changes, targets
from services.exchange.lines import Frame
from services.exchange.profiles.profile import Profile, holes
from services.exchange.source import Source
from services.exchange.tables import Converted
from services.failures import Said
from services.office.office import Transaction
from services.questions.typed import thousands
from services.records.tables import records as records_table
from services.records.vault import chunks

MOST = 20  # a share of 1 in 20, 5 %, that may be missing at once without being named
KEPT_BACK = "Nicht zurückgenommen ist, was in der Datei fehlt und hier eine Lücke ließe."
KEPT = "Weil etwas abgelehnt wurde, ist nichts zurückgenommen, was in der Datei fehlt."
_SOME = 2_000  # lines looked up at once


class NoSnapshot(Said):
    """A file that is no snapshot of this system, or lacks too much; its text is one German sentence."""


class Asked(NamedTuple):
    """The system whose snapshot the file is, and how many withdrawals are meant where they are more than 5 %."""

    system: str
    allowed: int | None = None


class Part(NamedTuple):
    """Facts of a name whose ids begin so."""

    fact: str
    prefix: str


class Gone(NamedTuple):
    """A fact that counts here and is missing in the snapshot: its stream, the kind of that, and its id."""

    key: UUID
    stream: Stream
    id: str


class Plan(NamedTuple):
    """What a snapshot changes beside its own lines: ids that are taken by something else, and what is gone."""

    renamed: dict[str, str]
    gone: list[Gone]


class _Line(Struct):
    id: str | None = None
    fact: str | None = None
    case: str | None = None
    person: str | None = None
    unit: str | None = None
    office: str | None = None

    @property
    def whose(self) -> tuple[Stream, str] | None:
        """Whose fact it is."""
        return next(((one, number) for one in Stream if (number := getattr(self, one.value))), None)


_decoder = msgspec.json.Decoder(_Line)


def of_profile(asked: Asked, profile: Profile) -> list[Part]:
    """What a profile can give, as far as it has ids. Raises NoSnapshot."""
    if asked.system != profile.system:
        raise NoSnapshot(f"Das Profil liest „{profile.system}“, nicht „{asked.system[:40]}“. Gespeichert ist nichts.")
    parts = [
        Part(one.fact, f"{profile.system}:{one.id.partition('{')[0] if holes(one.id) else ''}")
        for one in profile.fact
        if one.id is not None
    ]
    if not parts:
        raise NoSnapshot("Das Profil gibt keine Kennungen (id); ohne sie ist nicht zu sagen, was in der Datei fehlt.")
    return list(dict.fromkeys(parts))


def of_lines(asked: Asked, source: Source) -> list[Part]:
    """The names of facts in a file whose ids begin with the system. Raises NoSnapshot."""
    prefix = f"{asked.system}:"
    names = names_of(source, asked.system)
    if not names:
        raise NoSnapshot(f"Keine Kennung der Datei beginnt mit „{prefix[:40]}“: Sie ist kein Abzug dieses Systems.")
    return [Part(name, prefix) for name in sorted(names)]


def names_of(source: Source, system: str) -> set[str]:
    """The names of facts in a file whose ids begin with a system."""
    prefix = f"{system}:"
    return {one.fact for one in _lines(source) if one.id and one.fact in FACTS and one.id.startswith(prefix)}


def plan(
    tx: Transaction, source: Source, asked: Asked, profile: Profile | None, called: Callable[[str], str]
) -> Plan | None:
    """What has to be withdrawn beside what the lines say; None where rows are refused already, so that nothing will be.

    `called`: how a case is called here. Raises NoSnapshot if that is more than may be.
    """
    parts = of_profile(asked, profile) if profile else of_lines(asked, source)
    if isinstance(source, Converted) and source.seen.refused:
        return None
    renamed: dict[str, str] = {}
    present: set[str] = set()
    lines = _lines(source)
    while some := list(islice(lines, _SOME)):
        of_some = _chosen(tx, some, called)
        renamed |= {old: new for old, new in of_some.items() if old != new}
        present |= {tx.office.vault.ref(id) for id in of_some.values()}
    gone, kept = _missing(tx, parts, present)
    every = len(gone) + kept
    if len(gone) * MOST > every and asked.allowed != len(gone):
        lacks = f"In der Datei {'fehlt' if len(gone) == 1 else 'fehlen'} {thousands(len(gone))} von {thousands(every)}"
        raise NoSnapshot(
            f"{lacks} Einträgen aus „{asked.system}“, mehr als 5 %. Gespeichert ist nichts. "
            f"Ist das so gemeint: auf der Befehlszeile mit --allow-withdrawals {len(gone)} einlesen."
        )
    return Plan(renamed, gone)


def withdrawals(gone: Sequence[Gone], frame: Frame) -> dict[UUID, list[Entry]]:
    """The entries that withdraw these facts, by stream."""
    found: dict[UUID, list[Entry]] = {}
    for one in gone:
        fact = FactWithdrawn(target=one.id, reason=changes.GONE)
        found.setdefault(one.key, []).append(Entry(on=local_day(frame.now), fact=fact, by=frame.by))
    return found


def _lines(source: Source) -> Iterator[_Line]:
    """The lines as far as they can be read; what cannot be is refused later, by its number."""
    for raw in source.lines():
        try:
            yield _decoder.decode(raw.content or b"{}")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue


def _chosen(tx: Transaction, lines: Sequence[_Line], called: Callable[[str], str]) -> dict[str, str]:
    """Each id with the one it is stored under: its own, or while that is of another fact or case with #2 behind it."""
    for line in lines:
        line.case = called(line.case) if line.case else None
    numbers: dict[Stream, set[str]] = {}
    for line in lines:
        if line.whose:
            numbers.setdefault(line.whose[0], set()).add(line.whose[1])
    keys = {
        (stream, number): key
        for stream, some in numbers.items()
        for number, key in tx.store.keys(tx.conn, stream, some).items()
    }
    found: dict[str, str] = {}
    left = {line.id: line for line in lines if line.id}
    count = 1
    while left:
        tried = {id: id if count == 1 else f"{id}#{count}" for id in left}
        there = targets.find(tx.conn, tx.office.vault, set(tried.values()))
        for id, name in tried.items():
            stored, line = there.get(name), left[id]
            if stored is None or (stored.name == line.fact and line.whose and keys.get(line.whose) == stored.key):
                found[id] = name
        left = {id: line for id, line in left.items() if id not in found}
        count += 1
    return found


def _missing(tx: Transaction, parts: Sequence[Part], present: set[str]) -> tuple[list[Gone], int]:
    """What counts here and is not present, and how much of what counts is."""
    names = {one.fact for one in parts}
    holding = select(records_table.c.key).where(records_table.c.name.in_(names)).distinct()
    candidates: dict[str, UUID] = {}
    kept = 0
    for some in chunks(sorted(tx.conn.scalars(holding))):
        for key, found in tx.store.records_of(tx.conn, some).items():
            facts = known(found)
            standing = {one.ref: one.fact for one in facts}
            led = {
                note.other for note in sameness.leading(facts) if note.thing in standing
            }  # what they say counts, too
            standing |= {one.ref: one.fact for one in found if one.ref in led}
            ours = {ref for ref, fact in standing.items() if name_of(fact) in names}
            kept += len(ours & present)
            candidates |= dict.fromkeys(ours - present, key)
    there = tx.store.referred(tx.conn, candidates)
    gone = [
        Gone(candidates[ref], stream_of(name_of(record.fact)), record.id)
        for ref, record in there.items()
        if any(name_of(record.fact) == one.fact and record.id.startswith(one.prefix) for one in parts)
    ]
    return gone, kept
