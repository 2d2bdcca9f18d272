"""One row of the bench: what is measured, beside what, and whether that is fast enough."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

from services.failures import Said

RUNS = 5
ENOUGH = 20.0  # seconds after which one side of a comparison is not measured once more
Answers = list[tuple[Any, ...]]


class Differs(Said):
    """Two ways to answer one question gave two answers; the text is one German sentence."""


class Goal(NamedTuple):
    """What would be fast enough: `least` the ratio to the other way, `most` milliseconds; its German words."""

    text: str
    least: float = 0.0
    most: float = float("inf")


class Row(NamedTuple):
    """One comparison; both sides in milliseconds, the median of the runs. `why`: what takes longer, if it does."""

    question: str
    goal: Goal
    ours: float
    theirs: float
    answers: int
    why: str = ""

    @property
    def ratio(self) -> float:
        """How many times as long the other way takes."""
        return self.theirs / self.ours

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return self.ratio >= self.goal.least and self.ours <= self.goal.most

    def shown(self) -> dict[str, Any]:
        """As the command prints it."""
        return {
            "question": self.question,
            "goal": self.goal.text,
            "ours": round(self.ours, 2),
            "theirs": round(self.theirs, 2),
            "ratio": two_digits(self.ratio),
            "met": "ja" if self.met else f"nein: {self.why or 'noch zu langsam'}",
            "answers": self.answers,
        }


def two_digits(value: float) -> float:
    """A figure under ten with the two digits that say something."""
    return float(f"{value:.2g}") if value < 10 else round(value)


class Way(NamedTuple):
    """What is asked, how fast it has to be, and why it may be slower all the same."""

    question: str
    goal: Goal
    why: str = ""


def faster(times: int) -> Goal:
    """So many times as fast as the other way."""
    return Goal(f"mindestens {times}-mal so schnell", least=times)


def within(times: float) -> Goal:
    """At most so many times as long as the other way."""
    said = f"{times:g}".replace(".", ",")
    return Goal("nicht langsamer" if times == 1 else f"höchstens {said}-mal so lange", least=1 / times)


def below(milliseconds: int) -> Goal:
    """Less than so many milliseconds, however large the office is."""
    return Goal(f"unter {milliseconds} ms", most=milliseconds)


def compared(way: Way, ours: Callable[[], Answers], theirs: Callable[[], Answers], runs: int) -> Row:
    """Measures both ways, which have to give the same answers. Raises Differs."""
    answer = ours()
    if answer != theirs():
        raise Differs(f"Auf „{way.question}“ geben beide Wege verschiedene Antworten.")
    sides: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):  # in turns, so that a busy moment meets both
        for times, work in zip(sides, (ours, theirs), strict=True):
            if sum(times) < ENOUGH * 1000:
                times.append(timed(work))
    return Row(way.question, way.goal, median(sides[0]), median(sides[1]), len(answer), way.why)


def timed(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """The milliseconds it takes, by a clock; `time.process_time`: those this process computes, whoever else works."""
    began = clock()
    work()
    return (clock() - began) * 1000
