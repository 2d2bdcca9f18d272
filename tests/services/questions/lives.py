"""Lives of cases for the questions: bars, responsibilities, appointments and closings, late, corrected, withdrawn."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any

from domain.knowledge import Reading
from domain.periods import BERLIN, DAY, end_of_day
from services.office.office import Office
from services.questions import answers
from services.questions.casefile import Answer
from services.questions.library import question
from tests.golden import Line, as_facts, line
from tests.plain import Plain, plain

FIRST = dt.date(2023, 10, 31)
NOW = dt.datetime(2026, 3, 10, 8, tzinfo=BERLIN)
UNITS, AREAS = ["56.4", "56.5"], ["fallmanagement", "jobakademie", "av-ags"]
STRATEGIES = ["integration", "entwicklung"]
STEPS = ["invited", "held", "missed", "cancelled", "rescheduled"]
Judge = Callable[[str, Callable[[dt.date], Plain], dt.date], Iterator[dict[str, Any] | None]]
"""What is asked about in a case, from what is seen of it on a day: a row for what is found, None for the rest of n."""


def life(case: str, chance: random.Random) -> list[Line]:
    """Facts on days near each other, some recorded much later, some ahead; corrections and withdrawals among them."""
    day, lines = FIRST + chance.randrange(40) * DAY, list[Line]()

    def add(fact: str, at: dt.date | None = None, late: int | None = None, /, **data: Any) -> None:
        nonlocal day
        day += chance.choice([0, 1, 7, 28, 31, 61]) * DAY
        recorded = day + (chance.choice([0, 0, 0, 20, 200]) if late is None else late) * DAY
        lines.append(line(case, fact, (at or day).isoformat(), recorded.isoformat(), **data))
        lines[-1]["id"] = f"{case}-{len(lines)}"

    add("case-opened")
    for number in range(chance.randrange(4, 12)):
        match chance.randrange(8):
            case 0 | 1:
                more = {"migrated": True} if chance.randrange(3) == 0 else {}
                add("strategy-bar-set", strategy=chance.choice(STRATEGIES), **more)
            case 2:
                add("responsibility-assigned", worker="fm-7", unit=chance.choice(UNITS), area=chance.choice(AREAS))
            case 3 | 4:
                thing, ahead = f"T-{case}-{number}", chance.choice([0, 7, 60])
                add("appointment-planned", day + ahead * DAY, 0, appointment=thing)
                for step in chance.sample(STEPS, chance.randrange(3)):
                    more = {"good_cause": "no"} if step == "missed" else {}
                    add(f"appointment-{step}", appointment=thing, **more)
            case 5:
                add("case-closed")
            case 6:
                moved = (day + chance.randrange(-40, 40) * DAY).isoformat()
                add("fact-corrected", target=chance.choice(lines[1:] or lines)["id"], on=moved, reason="x")
            case _:
                add("fact-withdrawn", target=chance.choice(lines)["id"], reason="x")
    share = chance.choice([0, 0, 0.5])
    unknown = {"recorded_at": NOW.isoformat(), "recorded_unknown": True}
    return [one | unknown if chance.random() < share else one for one in lines]


LIVES = {f"C-{number:03}": life(f"C-{number:03}", random.Random(number)) for number in range(50)}


def moments() -> Iterator[tuple[dt.date, dt.datetime, Reading]]:
    """Some days, each as known then, half a year later and now; in both readings."""
    chance = random.Random(5)
    days = [FIRST + chance.randrange(800) * DAY for _ in range(5)]
    for day, later, reading in product(days, (0, 180, None), Reading):
        known_at = NOW if later is None else min(end_of_day(day + later * DAY), NOW)
        yield day, known_at, reading


def asked(office: Office, name: str, as_of: dt.date, known_at: dt.datetime, **given: str) -> Answer:
    """The answer of the office."""
    texts = {"as_of": as_of.isoformat(), "known_at": known_at.isoformat(), **given}
    with office.read() as tx:
        return answers.ask(tx, answers.filled(tx, question(name), {key: [text] for key, text in texts.items()}))


def agree(office: Office, name: str, judge: Judge, **given: str) -> int:
    """Compares k, n and every row with the judge at many moments; returns how many rows were found in all."""
    told = 0
    for as_of, known_at, reading in moments():
        answer = asked(office, name, as_of, known_at, reading=reading, **given)
        expected, base = [], 0
        for case, lines in LIVES.items():
            rows = list(judge(case, partial(_seen, as_facts(lines), known_at, reading), as_of))
            base += len(rows)
            expected += [{"case": case, **row} for row in rows if row is not None]
        got = [{key: row[key] for key in expected[0]} for row in answer["rows"]] if expected else answer["rows"]
        assert sorted(got, key=str) == sorted(expected, key=str), (as_of, known_at, reading)
        assert (answer["k"], answer["n"]) == (len(expected), base), (as_of, known_at, reading)
        told += len(expected)
    return told


def _seen(facts: list[Line], known_at: dt.datetime, reading: Reading, day: dt.date) -> Plain:
    return plain(facts, day, known_at, reading is Reading.EFFECTIVE_DAY)


def place(seen: Plain, day: dt.date) -> dict[str, Any]:
    """The unit and area of a day."""
    found = seen.responsible(day)
    data = found["data"] if found else {}
    return {"unit": data.get("unit"), "area": data.get("area")}
