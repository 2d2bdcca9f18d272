"""Lists and counts, each beside another way to the same answer: replayed facts, statements by hand, DuckDB."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from domain.clocks import clocks
from domain.facts import Stream
from domain.knowledge import known
from domain.periods import DAY, Period, end_of_day
from domain.rules import due_rows
from domain.timeline import Timeline, build
from services.commands.side_by_side import by_hand
from services.commands.side_by_side.row import Answers, Goal, Row, Way, below, compared, faster, within
from services.demo.frame import DAY_OF_LIST
from services.office.office import Office, Transaction
from services.questions import answers, due, stays
from services.questions.appointments import LEFT_PLANNED
from services.questions.over import Over
from services.questions.question import Asked

PAGE = 50  # rows
WANTED = stays.Wanted("integration", Over(365, "d"), as_of=DAY_OF_LIST, known_at=end_of_day(DAY_OF_LIST))
_WHOLE = "die ganze Liste „stays“ von damals"
_FIRST = "die erste Seite von „stays“"
_COUNT = "die Anzahl von „stays“, je Fachdienst"
_DUE = "die ganze Liste „due“ von heute"
_DUE_FIRST = "die erste Seite von „due“"
_FACTS = "neben jedem Fall aus seinen Einträgen"
_HAND = "neben einer SQL-Anweisung von Hand"
_DUCK = "neben DuckDB im Speicher"
_BUILT = "die Anweisung entsteht erst bei der Frage und nennt zu jeder Zeile die Zuständigen"
_MEMORY = "DuckDB hält alle Zeilen im Speicher und liest sie auf allen Kernen"


Ask = Callable[[str, Mapping[str, Any]], Answers]  # a statement and what it is asked with


class Question(NamedTuple):
    """A question with its answer here, and the statement by hand, of which so many columns are compared."""

    text: str
    ours: Callable[[], Answers]
    statement: str
    given: Mapping[str, Any]
    columns: int
    goal: Goal

    def beside(self, what: str, why: str, ask: Ask, runs: int) -> Row:
        """Our answer beside that of whoever is asked by hand."""

        def theirs() -> Answers:
            return by_hand.told(ask(self.statement, self.given), self.columns)

        return compared(Way(f"{self.text}, {what}", self.goal, why), self.ours, theirs, runs)


def beside_statements(office: Office, runs: int) -> Iterator[Row]:
    """Rows beside a statement by hand on the same file, and beside DuckDB over the same rows in memory."""
    with office.read() as tx:
        for one in _asked(tx):
            yield one.beside(_HAND, _BUILT, partial(by_hand.in_file, tx.conn), runs)
        yield _page_beside_list(tx, runs)
        if by_hand.has_duckdb():
            with by_hand.loaded(tx.conn) as memory:
                for one in _asked(tx):
                    yield one.beside(_DUCK, _MEMORY, partial(by_hand.in_memory, memory), runs)


def _asked(tx: Transaction) -> Iterator[Question]:
    day = DAY_OF_LIST
    given = {"day": day, "at": end_of_day(day), "since": day - 365 * DAY}
    yield Question(_WHOLE, partial(_page, tx, None), by_hand.LONG, given, 2, within(1.5))
    yield Question(_FIRST, partial(_page, tx, PAGE), by_hand.FIRST, given, 2, below(50))
    yield Question(_COUNT, partial(_counted, tx), by_hand.COUNT, given, 3, below(50))
    today = {"day": tx.today, "at": tx.latest}
    yield Question(_DUE, partial(_open, tx, None), by_hand.DUE, today, 4, within(1.5))
    yield Question(_DUE_FIRST, partial(_open, tx, PAGE), by_hand.DUE_FIRST, today, 4, below(50))


def asked(tx: Transaction) -> Asked:
    """Who was in Integration for longer than 365 days, then and as known then."""
    return stays.question(tx, WANTED)


def _page(tx: Transaction, limit: int | None) -> Answers:
    return [(row.number, row.since.isoformat()) for row in answers.page(tx, asked(tx), limit=limit).rows]


def _counted(tx: Transaction) -> Answers:
    return sorted((one.unit or "", one.found, one.base) for one in answers.counted(tx, asked(tx)).units)


def _open(tx: Transaction, limit: int | None) -> Answers:
    rows = answers.page(tx, answers.filled(tx, due.DUE, {}), limit=limit).rows
    return [(row.number, row.due.isoformat(), row.rule, row.stage) for row in rows]


def _page_beside_list(tx: Transaction, runs: int) -> Row:
    """The first page with the number of all and what each unit has of them, beside all rows counted by ourselves."""

    def ours() -> Answers:
        rows, count = answers.page(tx, asked(tx), limit=PAGE).rows, answers.counted(tx, asked(tx))
        units = sorted((one.unit or "", one.found) for one in count.units if one.found)
        return [(row.number,) for row in rows] + units + [(count.found,)]

    def plain() -> Answers:
        rows = answers.page(tx, asked(tx)).rows
        units = sorted(Counter(row.unit or "" for row in rows).items())
        return [(row.number,) for row in rows[:PAGE]] + units + [(len(rows),)]

    what = "erste Seite von „stays“ mit Anzahl und je Fachdienst, neben der ganzen Liste"
    why = "gezählt werden auch die, aus denen die Liste wählt"
    return compared(Way(what, within(1), why), ours, plain, runs)


def beside_facts(office: Office, runs: int) -> Iterator[Row]:
    """Whole answers, with their sentences, beside every case from its facts through the event store."""
    with office.read() as tx:
        day = office.today()
        for question, ours, replay in (
            (
                "stays: über 365 Tage in Integration am 10.03.2020, Stand damals",
                _long_stays,
                partial(_replayed, tx, DAY_OF_LIST, end_of_day(DAY_OF_LIST), _long_stay),
            ),
            ("due: alle Wiedervorlagen von heute", _listed, partial(_replayed, tx, day, None, _due)),
            (
                "ask 25: vergangene Termine, die noch auf „geplant“ stehen",
                _left_planned,
                partial(_replayed, tx, day, None, _planned),
            ),
        ):
            yield compared(Way(f"{question}, {_FACTS}", faster(20)), partial(ours, tx), replay, runs)


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
    rows = stays.stays(tx, WANTED)["rows"]
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
