"""Writers of one process come one after another, in the order they came, and step back for other processes."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError

from services import failures
from services.records import line as lines
from services.records.line import GAP, WHILE, Line

LONG = 30.0  # seconds nobody here waits


def soon() -> float:
    return time.monotonic() + LONG


def standing(line: Line, count: int) -> None:
    """Waits until so many stand in the line."""
    while len(line._standing) < count:
        time.sleep(0.001)


def test_they_come_in_the_order_they_came() -> None:
    line, order = Line(), list[int]()

    def write(number: int) -> None:
        with line.turn(soon()):
            order.append(number)

    with ThreadPoolExecutor(20) as pool, line.turn(soon()):
        for number in range(20):
            pool.submit(write, number)
            standing(line, number + 2)
        assert order == []
    assert order == list(range(20))


def test_who_has_waited_too_long_is_told_so_and_holds_nobody_up() -> None:
    line, let_go = Line(), Event()

    def hold() -> None:
        with line.turn(soon()):
            let_go.wait(LONG)

    with ThreadPoolExecutor(2) as pool:
        pool.submit(hold)
        standing(line, 1)
        with pytest.raises(OperationalError) as late, line.turn(time.monotonic() + 0.05):
            pytest.fail("the turn was taken")
        assert failures.busy(late.value)
        last: Future[str] = pool.submit(lambda: _came(line))
        standing(line, 2)
        let_go.set()
        assert last.result(LONG) == "came"
    assert not line._standing


def _came(line: Line) -> str:
    with line.turn(soon()):
        return "came"


def test_a_failure_gives_the_turn_back() -> None:
    line = Line()
    with pytest.raises(ZeroDivisionError), line.turn(soon()):
        raise ZeroDivisionError
    assert _came(line) == "came"


class Clock:
    """A clock that only work and rests move on."""

    def __init__(self) -> None:
        self.at = 100.0
        self.rests = list[float]()

    def monotonic(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.rests.append(self.at)
        self.at += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(lines, "time", found)
    return found


def work(line: Line, clock: Clock, seconds: float) -> None:
    with line.turn(clock.at + LONG):
        clock.at += seconds


def test_after_a_while_of_turns_without_a_break_other_processes_are_let_in(clock: Clock) -> None:
    line, began = Line(), clock.at
    for _ in range(100):
        work(line, clock, WHILE / 10)
    rested = [began, *clock.rests]
    assert len(clock.rests) == 9
    for before, after in pairwise(rested):
        assert WHILE <= after - before <= WHILE + GAP + WHILE / 10


def test_who_leaves_the_others_time_needs_no_rest(clock: Clock) -> None:
    line = Line()
    for _ in range(100):
        work(line, clock, WHILE / 10)
        clock.at += 2 * GAP
    assert clock.rests == []
