"""Whether the kept rows are those a rebuild would give: every row of every case, held against its facts."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Table, select

from domain.facts import Stream
from services.records import meaning
from services.records import rows as case_rows
from services.records.cores import PART, Cores, Rows
from services.records.streams import clear, of_kind
from services.records.tables import streams
from services.records.vault import Vault

NO_CASE = "Zu diesen Zeilen gibt es keinen Fall."
Kept = dict[UUID, Counter[tuple[Any, ...]]]


class Different(NamedTuple):
    """A case whose rows in a table differ, and how in one German sentence."""

    table: str
    case: UUID
    why: str


def compare(conn: Connection, vault: Vault, progress: Callable[[int], None] | None = None) -> dict[str, Any]:
    """The answer `lists` of `verify --lists` (Vertrag 3): how many rows were looked at, and which differ.

    `progress` is called with the number of rows looked at so far. Raises Waiting while rows are being computed.
    """
    meaning.digests(conn, meaning.topics())
    checked, found = 0, _without_case(conn)
    for count, different in _compared(conn, vault):
        checked += count
        found += different
        if progress is not None:
            progress(checked)
    numbers = clear(conn, vault, {one.case for one in found})
    named = [one._asdict() | {"case": numbers.get(one.case, one.case.hex)} for one in found]
    return {"checked": checked, "different": sorted(named, key=lambda one: (one["table"], one["case"]))}


def is_rebuilt(conn: Connection, vault: Vault, case: UUID) -> bool:
    """Whether the rows of one case are those a rebuild would give."""
    with Cores(vault) as cores:
        _, different = _held(conn, [case], cores.rows(conn, [case]))
    return not different


def _without_case(conn: Connection) -> list[Different]:
    cases = select(streams.c.key).where(streams.c.kind == Stream.CASE)
    return [
        Different(table.name, key, NO_CASE)
        for table in case_rows.TABLES
        for key in conn.scalars(select(table.c.case_key).where(table.c.case_key.not_in(cases)).distinct())
    ]


def _compared(conn: Connection, vault: Vault) -> Iterator[tuple[int, list[Different]]]:
    """Part by part: how many rows there are of these cases, and what is different."""
    keys = list(of_kind(conn, Stream.CASE))
    begun: deque[tuple[Sequence[UUID], Future[Rows]]] = deque()
    with Cores(vault) as cores:
        for at in range(0, len(keys), PART):
            begun.append((some := keys[at : at + PART], cores.rows(conn, some)))
            if len(begun) > cores.ahead:
                yield _held(conn, *begun.popleft())
        while begun:
            yield _held(conn, *begun.popleft())


def _held(conn: Connection, keys: Sequence[UUID], computed: Future[Rows]) -> tuple[int, list[Different]]:
    count, found = 0, []
    computed_rows = case_rows.kept(case_rows.erased(conn, keys), computed.result())
    for table in case_rows.TABLES:
        wanted, there = _by_case(computed_rows[table.name]), _kept(conn, table, keys)
        count += sum(map(Counter.total, there.values()))
        for key in sorted(wanted.keys() | there.keys()):
            rows, stored = wanted.get(key, Counter()), there.get(key, Counter())
            if why := _why((stored - rows).total(), (rows - stored).total()):
                found.append(Different(table.name, key, why))
    return count, found


def _kept(conn: Connection, table: Table, keys: Sequence[UUID]) -> Kept:
    return _by_case([dict(row) for row in conn.execute(select(table).where(table.c.case_key.in_(keys))).mappings()])


def _by_case(rows: Sequence[Mapping[str, Any]]) -> Kept:
    found: Kept = {}
    for row in rows:
        found.setdefault(row["case_key"], Counter())[case_rows.content(row)] += 1
    return found


def _why(surplus: int, missing: int) -> str:
    """One sentence, nothing if all is as it should be."""
    said = []
    if surplus:
        said.append("1 Zeile folgt" if surplus == 1 else f"{surplus} Zeilen folgen")
        said[-1] += " nicht aus den Einträgen"
    if missing:
        said.append("1 Zeile fehlt" if missing == 1 else f"{missing} Zeilen fehlen")
    return f"{', '.join(said)}." if said else ""
