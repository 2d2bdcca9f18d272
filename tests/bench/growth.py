"""How what is measured grows: with the cases of the office, and with the facts of a case."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from statistics import median
from typing import NamedTuple
from uuid import UUID

from domain.facts import Stream
from domain.periods import DAY
from services.casework import desk
from services.commands.side_by_side import built
from services.commands.side_by_side.filling import anew, rolled_back, some_cases
from services.commands.side_by_side.reading import PAGE, asked
from services.commands.side_by_side.row import timed, two_digits
from services.commands.side_by_side.writing import a_mail, in_integration
from services.demo.story import Case
from services.demo.writing import Calendar
from services.office.office import Office
from services.questions import answers, due
from services.questions.typed import thousands
from services.records.rebuild import Crew

SHARE = 17  # the small office has so many times fewer cases
SHORT, LONG = 40, 3_500  # facts of a case
CASES = 200  # computed anew
TIMES = 15
UNIT, FIRST_WORKER, WORKER = "56.4", "fm-1", "ja-1"
WHY = {  # with the cases of the office, with the facts of a case
    "erste Seite": (
        "gelesen wird der Index der Zeilen, die am Stichtag galten: so viele wie Fälle in der Liste",
        "eine Zeile je Fall und Stichtag, wie lang seine Geschichte auch ist",
    ),
    "due": (
        "gelesen werden die Zeilen des Tages; wie viele offen sind, wächst nicht mit den Fällen",
        "offen sind wenige Zeilen eines Falls, wie viele es je gab",
    ),
    "einen Eintrag festhalten": (
        "gelesen und geschrieben wird ein Fall, gefunden über seinen Schlüssel",
        "alle Einträge des Falls werden gelesen und entschlüsselt",
    ),
    "neu berechnen": (
        "jeder Fall für sich; nur die Indizes, in die geschrieben wird, sind tiefer",
        "jeder Eintrag wird einmal gelesen, und was aus ihm folgt, geschrieben",
    ),
}


class Grown(NamedTuple):
    """One figure in both sizes, in milliseconds that this process computes: the machine may be busy."""

    what: str
    small: float
    large: float
    why: str

    def shown(self) -> dict[str, float | str]:
        """As the table has it."""
        figures = {"small": self.small, "large": self.large, "ratio": self.large / self.small}
        return self._asdict() | {name: two_digits(value) for name, value in figures.items()}


def with_cases(office: Office, cases: int) -> Iterator[Grown]:
    """From an office with a fraction of the cases to this one, which has so many."""
    with built(cases // SHARE, None) as (small, head):
        sizes = f"von {thousands(head['cases'])} auf {thousands(cases)} Fälle"
        before = _measured(small, *_of_many(small))
    after = _measured(office, *_of_many(office))
    yield from _grown(sizes, 0, before, after)


def with_facts() -> Iterator[Grown]:
    """From a short case to a long one, in an office of the cases shaped by hand."""
    with built(0, None) as (office, _):
        before = _measured(office, *_of_one(office, SHORT))
        after = _measured(office, *_of_one(office, LONG))
    yield from _grown(f"von {SHORT} auf {thousands(LONG)} Einträge je Fall", 1, before, after)


def _grown(sizes: str, which: int, before: Sequence[float], after: Sequence[float]) -> Iterator[Grown]:
    for (what, why), *figures in zip(WHY.items(), before, after, strict=True):
        yield Grown(f"{what}, {sizes}", *figures, why[which])


Chosen = tuple[Sequence[tuple[UUID, str]], Sequence[UUID]]  # cases with their worker to write, and cases to compute


def _of_many(office: Office) -> Chosen:
    with office.read() as tx:
        return in_integration(tx.conn, office.today())[:TIMES], some_cases(office, CASES)


def _of_one(office: Office, facts: int) -> Chosen:
    """A new case with so many facts."""
    case = told(Calendar(office.today(), office.now()), facts)
    with office.write() as tx, Crew(office.vault) as crew:
        key = tx.store.open_streams(tx.conn, Stream.CASE, [case.number])[case.number]
        tx.store.append_many(tx.conn, {key: case.entries}, tx.now)
        crew.refresh(tx.conn, [key])
        worker = tx.store.keys(tx.conn, Stream.PERSON, [WORKER])[WORKER]
    return [(key, worker.hex)] * TIMES, [key]


def told(calendar: Calendar, facts: int) -> Case:
    """Ten years in two strategies, with talks as often as it takes."""
    since, last = calendar.ago(3_650), calendar.ago(8)
    case = Case(calendar, f"C-{90_000 + facts}", "Lang", "Lea", 1980, UNIT).opened(FIRST_WORKER, since, "entwicklung")
    case.handed_to(WORKER, "jobakademie", since + 60 * DAY)
    first = since + 90 * DAY
    case.every(max(1, 3 * (last - first).days // facts), first, last)
    assert len(case.entries) >= facts
    del case.entries[facts:]
    return case


def _measured(office: Office, written: Sequence[tuple[UUID, str]], computed: Sequence[UUID]) -> list[float]:
    """Milliseconds of each of `WHY`; of computing anew for one case."""
    with office.read() as tx:
        page = _usual(*[lambda: answers.page(tx, asked(tx), limit=PAGE)] * TIMES)
        follow_ups = _usual(*[lambda: due.due(tx, due.Wanted())] * TIMES)
    fact = a_mail(office.today())
    writes = [partial(desk.handle, office, key, fact, by, preview=True) for key, by in written]
    writes[0]()  # the directory is read once
    write = _usual(*writes)
    took, _ = rolled_back(office, computed, partial(anew, keys=computed), time.process_time)
    return [page, follow_ups, write, took / len(computed)]


def _usual(*works: Callable[[], object]) -> float:
    return median(timed(work, time.process_time) for work in works)
