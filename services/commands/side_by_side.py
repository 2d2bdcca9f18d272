"""What the read model saves, measured: each question beside the plain way to answer it, over one invented office."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, func, insert, select

from domain.clocks import clocks
from domain.decisions.wishes import RecordFact
from domain.facts import Stream
from domain.knowledge import known
from domain.periods import DAY, Period, end_of_day
from domain.rules import due_rows
from domain.timeline import Timeline, build
from services import demo
from services.casework import desk
from services.commands import by_hand
from services.demo.frame import DAY_OF_LIST
from services.failures import Said
from services.office.office import Office, Transaction, open_office
from services.questions import answers, due, stays
from services.questions.appointments import LEFT_PLANNED
from services.questions.over import Over
from services.questions.question import Asked
from services.records import current, tables
from services.settings import Settings

RUNS = 5
ENOUGH = 20.0  # seconds after which one side of a comparison is not measured once more
PAGE = 50  # rows
_WANTED = stays.Wanted("integration", Over(365, "d"), as_of=DAY_OF_LIST, known_at=end_of_day(DAY_OF_LIST))
WRITES = 100  # facts recorded one by one, and rows inserted


class Differs(Said):
    """Two ways to answer one question gave two answers; the text is one German sentence."""


class Row(NamedTuple):
    """One comparison; both sides in milliseconds, the median of the runs."""

    question: str
    ours: float
    plain: float
    answers: int

    def shown(self) -> dict[str, Any]:
        """As the command prints it; `ratio`: how many times as long the plain way takes."""
        ours, plain = round(self.ours, 2), round(self.plain, 2)
        ratio = round(self.plain / self.ours, 2 if self.plain < self.ours else None)
        return {"question": self.question, "ours": ours, "plain": plain, "ratio": ratio, "answers": self.answers}


def bench(cases: int, progress: Callable[[int, int], None] | None = None, runs: int = RUNS) -> dict[str, Any]:
    """Builds a demo of so many synthetic cases in a folder of its own and measures over it. Raises Differs."""
    with _office(cases, progress) as (office, seconds):
        rows = [*_reading(office, runs), _writing(office)]
        with office.read() as tx:
            of_cases = select(func.count(), func.sum(tables.heads.c.number)).join_from(tables.streams, tables.heads)
            count, facts = tx.conn.execute(of_cases.where(tables.streams.c.kind == Stream.CASE)).one()
    head = {"cases": count, "facts": facts, "built_in_seconds": round(seconds, 1), "runs": runs}
    return head | {"rows": [row.shown() for row in rows]}


@contextmanager
def _office(cases: int, progress: Callable[[int, int], None] | None) -> Iterator[tuple[Office, float]]:
    with tempfile.TemporaryDirectory(prefix="fallverlauf-bench-") as folder:
        database = f"sqlite:///{folder}/bench.db"
        settings = Settings(data=Path(folder), database=database, master_key_file=Path(folder) / "master.key")
        with open_office(settings) as office:
            began = time.perf_counter()
            demo.ensure(office, cases, progress)
            yield office, time.perf_counter() - began


def _reading(office: Office, runs: int) -> Iterator[Row]:
    with office.read() as tx:
        yield from _beside_statements(tx, runs)
        yield _first_page(tx, runs)
        yield _compared(
            "stays: über 365 Tage in Integration am 10.03.2020, Stand damals",
            lambda: _long_stays(tx),
            lambda: _replayed(tx, DAY_OF_LIST, end_of_day(DAY_OF_LIST), _long_stay),
            runs,
        )
        yield _compared(
            "due: alle Wiedervorlagen von heute",
            lambda: _listed(tx),
            lambda: _replayed(tx, office.today(), None, _due),
            runs,
        )
        yield _compared(
            "ask 25: vergangene Termine, die noch auf „geplant“ stehen",
            lambda: _left_planned(tx),
            lambda: _replayed(tx, office.today(), None, _planned),
            runs,
        )


def _beside_statements(tx: Transaction, runs: int) -> Iterator[Row]:
    """The whole list beside a statement by hand on the same file, and beside DuckDB over the same rows in memory."""
    day, at = DAY_OF_LIST, end_of_day(DAY_OF_LIST)
    asked = (day, at, day - 365 * DAY)
    what = "die ganze Liste „stays“ von damals, neben"
    yield _compared(
        f"{what} einer SQL-Anweisung von Hand", lambda: _whole(tx), lambda: by_hand.in_file(tx.conn, *asked), runs
    )
    if by_hand.has_duckdb():
        with by_hand.loaded(tx.conn) as memory:
            in_memory = partial(by_hand.in_memory, memory, *asked)
            yield _compared(f"{what} DuckDB im Speicher", lambda: _whole(tx), in_memory, runs)


def _whole(tx: Transaction) -> Answers:
    return [(row.number, row.since.isoformat()) for row in answers.page(tx, _long(tx)).rows]


def _long(tx: Transaction) -> Asked:
    return stays.question(tx, _WANTED)


def _first_page(tx: Transaction, runs: int) -> Row:
    """The first page with the number of all and what each unit has of them, beside all rows counted by ourselves."""
    asked = _long(tx)

    def ours() -> Answers:
        rows, count = answers.page(tx, asked, limit=PAGE).rows, answers.counted(tx, asked)
        units = sorted((one.unit or "", one.found) for one in count.units if one.found)
        return [(row.number,) for row in rows] + units + [(count.found,)]

    def plain() -> Answers:
        rows = answers.page(tx, asked).rows
        units = sorted(Counter(row.unit or "" for row in rows).items())
        return [(row.number,) for row in rows[:PAGE]] + units + [(len(rows),)]

    what = "erste Seite von „stays“ mit Anzahl und je Fachdienst, neben der ganzen Liste"
    return _compared(what, ours, plain, runs)


Answers = list[tuple[Any, ...]]


def _replayed(
    tx: Transaction, day: dt.date, moment: dt.datetime | None, one: Callable[[Timeline, str], Answers]
) -> Answers:
    """The plain way: every case from its facts through the event store."""
    keys = list(tx.store.streams(tx.conn, Stream.CASE))
    found: Answers = []
    for key, number in tx.store.numbers(tx.conn, keys).items():
        found += one(build(known(tx.store.records(tx.conn, key), moment), day), number)
    return sorted(found)


def _long_stays(tx: Transaction) -> Answers:
    rows = stays.stays(tx, _WANTED)["rows"]
    return sorted((row["case"], row["since"], row["gross"], row["net"]) for row in rows)


def _long_stay(timeline: Timeline, number: str) -> Answers:
    shown = clocks(timeline, timeline.as_of)
    if shown.strategy != "integration" or shown.since is None or (shown.days["gross"] or 0) <= 365:
        return []
    return [(number, shown.since.isoformat(), shown.days["gross"], shown.days["net"])]


def _listed(tx: Transaction) -> Answers:
    rows = due.due(tx, due.Wanted())["rows"]
    return sorted((row["case"], row["rule"], row["stage"], row["due"]) for row in rows)


def _due(timeline: Timeline, number: str) -> Answers:
    found = due_rows(timeline, Period(timeline.as_of, timeline.as_of))
    return [(number, row.rule, row.stage, row.due.isoformat()) for row in found]


def _left_planned(tx: Transaction) -> Answers:
    asked = answers.filled(tx, LEFT_PLANNED, {})
    rows = answers.said(tx, asked, answers.page(tx, asked).rows)
    return sorted((row["case"], row["on"], row["days"]) for row in rows)


def _planned(timeline: Timeline, number: str) -> Answers:
    day = timeline.as_of
    if timeline.is_closed:
        return []
    left = (one.on for one in timeline.appointments if one.status == "planned" and one.on < day)
    return [(number, on.isoformat(), (day - on).days) for on in left]


def _compared(question: str, ours: Callable[[], Answers], plain: Callable[[], Answers], runs: int) -> Row:
    answer = ours()
    if answer != plain():
        raise Differs(f"Auf „{question}“ geben beide Wege verschiedene Antworten.")
    sides: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):  # in turns, so that a busy moment meets both
        for times, work in zip(sides, (ours, plain), strict=True):
            if sum(times) < ENOUGH * 1000:
                times.append(_timed(work))
    return Row(question, median(sides[0]), median(sides[1]), len(answer))


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _writing(office: Office) -> Row:
    """One fact on the whole road, with its rows, follow-ups and what is to be undone; beside it the insert alone."""
    with office.read() as tx:
        cases = list(islice(cycle(_cases(tx.conn, office.today())), WRITES))
        row = dict(tx.conn.execute(select(tables.records).limit(1)).mappings().one())
        before = _stored(tx.conn)
    fact = RecordFact(name="contact-held", on=office.today(), data={"channel": "mail", "direction": "in"})
    ours, plain = [], []
    for number, (key, worker) in enumerate(cases):
        ours.append(_timed(partial(desk.handle, office, key, fact, worker)))
        bare = row | {"key": UUID(int=number), "number": 1}
        plain.append(_timed(partial(_inserted, office, bare)))
    with office.read() as tx:
        if _stored(tx.conn) - before != 2 * WRITES:
            raise Differs("Nicht jeder Eintrag ist angekommen.")
    return Row("einen Eintrag festhalten, mit allem, was daraus folgt", median(ours), median(plain), WRITES)


def _stored(conn: Connection) -> int:
    return conn.execute(select(func.count()).select_from(tables.records)).scalar_one()


def _cases(conn: Connection, day: dt.date) -> list[tuple[UUID, str]]:
    """The cases in Integration today, each with its worker."""
    one = tables.segments.c
    held = (one.strategy == "integration", current.held(tables.segments, "net", day))
    return [(key, worker) for key, worker in conn.execute(select(one.case_key, one.worker).where(*held))]


def _inserted(office: Office, row: dict[str, Any]) -> None:
    with office.write() as tx:
        tx.conn.execute(insert(tables.records), [row])
