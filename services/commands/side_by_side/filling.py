"""Many cases at once: their rows computed anew, and the facts of a file taken in, beside the bare work of it."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from uuid import UUID

import msgspec
from sqlalchemy import Connection, delete, select

from domain.facts import Stream
from services.commands.side_by_side import by_hand
from services.commands.side_by_side.row import Answers, Differs, Goal, Row, timed, within
from services.exchange import exporting, importing, told
from services.office.office import Office, Transaction, open_office
from services.questions.typed import thousands
from services.records import rows as case_rows
from services.records import tables
from services.records.rebuild import Crew
from services.records.vault import chunks
from services.settings import Settings

REBUILT = 1_000  # cases
IMPORTED = 30_000  # facts
_PER = 1_000
_ALL = "jeder Eintrag wird geprüft, verschlüsselt und verkettet, und was aus ihm folgt, entsteht gleich mit"
_name = msgspec.json.Decoder(type=dict[str, msgspec.Raw])


def rebuilt(office: Office, _: int) -> Iterator[Row]:
    """The rows of cases computed anew on all cores; beside them each case by itself, from its facts."""
    keys = some_cases(office, REBUILT)
    ours, found = rolled_back(office, keys, partial(anew, keys=keys))
    theirs, others = rolled_back(office, keys, partial(_one_by_one, keys=keys))
    if found != others:
        raise Differs("Neu berechnet gibt es andere Zeilen als Fall für Fall.")
    share = _PER / len(keys)
    question = "1.000 Fälle neu berechnen, neben jedem Fall für sich aus seinen Einträgen"
    why = "die anderen Prozesse zu starten lohnt erst bei mehr Fällen"
    yield Row(question, within(1), ours * share, theirs * share, len(found), why)


def some_cases(office: Office, most: int) -> list[UUID]:
    """The keys of so many cases."""
    with office.read() as tx:
        return list(islice(tx.store.streams(tx.conn, Stream.CASE), most))


def rolled_back(
    office: Office,
    keys: Sequence[UUID],
    work: Callable[[Transaction], object],
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[float, Answers]:
    """The milliseconds of what writes the rows of cases, and the rows; nothing of it is kept."""
    with office.write(keep=False) as tx:
        for table in case_rows.TABLES:
            for some in chunks(keys):
                tx.conn.execute(delete(table).where(table.c.case_key.in_(some)))
        return timed(partial(work, tx), clock), _rows(tx.conn, keys)


def anew(tx: Transaction, keys: Sequence[UUID]) -> None:
    """Computes the rows of cases as a rebuild does."""
    with Crew(tx.office.vault) as crew:
        crew.refresh(tx.conn, keys)


def _one_by_one(tx: Transaction, keys: Sequence[UUID]) -> None:
    for key in keys:
        case_rows.refresh_many(tx.conn, {key: tx.store.records(tx.conn, key)})


def _rows(conn: Connection, keys: Sequence[UUID]) -> Answers:
    found: Answers = []
    for table in case_rows.TABLES:
        for some in chunks(keys):
            of_cases = select(table).where(table.c.case_key.in_(some))
            found += [(table.name, *case_rows.content(dict(row))) for row in conn.execute(of_cases).mappings()]
    return sorted(found, key=repr)


def imported(office: Office, _: int) -> Iterator[Row]:
    """A file of facts taken in by an empty office; beside it the bare rows, and the lines in DuckDB."""
    with tempfile.TemporaryDirectory(prefix="fallverlauf-bench-") as name:
        folder = Path(name)
        file = folder / "facts.jsonl"
        lines = _exported(office, file)
        ours, records = _imported(folder / "office", file, len(lines))
        many = f"Import von {thousands(len(lines))} Einträgen ({thousands(round(len(lines) / ours * 1000))}/s)"
        theirs = _bare(folder / "bare.db", records)
        yield Row(f"{many}, neben den bloßen Zeilen (executemany)", within(50), ours, theirs, len(records), _ALL)
        if by_hand.has_duckdb():
            theirs = _counted(file, Counter(msgspec.json.decode(_name.decode(line)["fact"]) for line in lines))
            goal = Goal("mindestens 7.500/s", most=len(lines) / 7.5)  # half of what one process once took
            yield Row(f"{many}, neben DuckDB, das die Zeilen der Datei liest", goal, ours, theirs, len(lines), _ALL)


def _exported(office: Office, file: Path) -> list[bytes]:
    with office.read() as tx:
        lines = list(islice(exporting.lines(tx, with_text=True), IMPORTED))
    file.write_bytes(b"".join(lines))
    return lines


def _imported(data: Path, file: Path, facts: int) -> tuple[float, list[tuple[object, ...]]]:
    """The milliseconds of the import, and what lies in the store then."""
    database = f"sqlite:///{data.absolute() / 'fallverlauf.db'}"
    with open_office(Settings(data=data, database=database, master_key_file=data / "master.key")) as office:
        reports: list[told.Report] = []
        took = timed(lambda: reports.append(importing.import_file(office, file)))
        if reports[0].added != facts:
            raise Differs("Nicht jeder Eintrag der Datei ist angekommen.")
        with office.read() as tx, closing(tx.conn.connection.cursor()) as cursor:
            return took, cursor.execute(f"SELECT * FROM {tables.records.name}").fetchall()


def _bare(file: Path, records: list[tuple[object, ...]]) -> float:
    """The milliseconds of putting the same records into a table of the same shape and safety."""
    marks = ", ".join("?" * len(tables.records.c))
    columns = ", ".join(tables.records.c.keys())
    with closing(sqlite3.connect(file)) as conn:
        conn.execute("PRAGMA journal_mode=WAL")
        conn.execute(f"CREATE TABLE records ({columns}, PRIMARY KEY (key, number))")

        def work() -> None:
            with conn:
                conn.executemany(f"INSERT INTO records VALUES ({marks})", records)

        return timed(work)


def _counted(file: Path, expected: Counter[str]) -> float:
    """The milliseconds in which DuckDB takes the lines in. Raises Differs."""
    import duckdb

    with duckdb.connect() as memory:
        read = "CREATE TABLE facts AS SELECT * FROM read_ndjson(?, maximum_object_size = 16777216)"
        took = timed(lambda: memory.execute(read, [str(file)]))
        found = dict(memory.execute("SELECT fact, count(*) FROM facts GROUP BY fact").fetchall())
    if found != expected:
        raise Differs("DuckDB liest andere Einträge aus der Datei.")
    return took
