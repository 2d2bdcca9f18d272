"""How much the sweep does for each fact more, counted and never timed: what a fact cannot touch is left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain import courses, stretches
from domain.history import sweep
from domain.knowledge import Ledger, known
from domain.periods import DAY
from domain.sheets import Sheet
from tests.golden import Line, as_records
from tests.samples import START, Data, line

FEW, MANY = 40, 160
AREAS = ("fallmanagement", "jobakademie", "av-ags")
STEPS = ("planned", "invited", "rescheduled", "held", "rescheduled", "cancelled")


def told(number: int, fact: str, data: Data) -> Line:
    """A line recorded on its day, three days after the one before."""
    return line(number, fact, START + number * 3 * DAY, 0, data)


def bars(count: int) -> list[Line]:
    """Bars that begin and end, one after the other."""
    steps: list[tuple[str, Data]] = [
        ("strategy-bar-set", {"strategy": "integration"}),
        ("strategy-bar-ended", {"reason": "new-strategy"}),
    ]
    return [told(number, *steps[number % 2]) for number in range(count)]


def appointment(count: int) -> list[Line]:
    """One appointment, planned, moved, held and cancelled again and again."""
    names = [f"appointment-{STEPS[number % len(STEPS)]}" for number in range(count)]
    return [told(number, name, {"appointment": "t1"}) for number, name in enumerate(names)]


def withdrawals(count: int) -> list[Line]:
    """A bar and withdrawals, each of the one before."""
    lines = [told(0, "strategy-bar-set", {"strategy": "integration"})]
    for number in range(1, count):
        lines.append(told(number, "fact-withdrawn", {"target": lines[-1]["id"], "reason": "x"}))
    return lines


def work(patch: pytest.MonkeyPatch, where: Any, name: str, weight: Callable[..., int], run: Callable[[], Any]) -> int:
    """How much a function was given to do during a run; it does it all the same."""
    done, real = [0], getattr(where, name)

    def counted(*given: Any) -> Any:
        done[0] += weight(*given)
        return real(*given)

    with patch.context() as within:
        within.setattr(where, name, counted)
        run()
    return done[0]


def test_a_bar_more_pairs_the_bars_beside_it_and_not_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def days(count: int) -> int:
        records = as_records(bars(count))
        return work(monkeypatch, stretches, "_paired", lambda *some: sum(map(len, some)), lambda: sweep(records))

    assert days(FEW) > FEW
    assert days(MANY) <= days(FEW) * MANY / FEW * 1.1


def test_a_bar_more_draws_the_days_that_it_touches_and_not_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def windows(count: int) -> int:
        records = as_records(bars(count))
        return work(monkeypatch, Sheet, "_seen_from", lambda *_: 1, lambda: sweep(records))

    assert windows(FEW) > FEW
    assert windows(MANY) <= windows(FEW) * MANY / FEW * 1.1


def test_each_fact_about_one_appointment_is_taken_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    records = as_records(appointment(MANY))
    assert work(monkeypatch, courses, "codes", lambda *_: 1, lambda: sweep(records)) == MANY


def test_each_withdrawal_of_a_chain_is_settled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    records = as_records(withdrawals(MANY))
    assert work(monkeypatch, Ledger, "_settle", lambda *_: 1, lambda: known(records)) == MANY


def test_what_concerns_no_appointment_of_before_judges_none_of_them_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def judged(count: int) -> int:
        told_of = [
            step
            for number in range(0, count, 4)
            for step in (
                told(number, "appointment-planned", {"appointment": f"t{number}"}),
                told(number + 1, "appointment-held", {"appointment": f"t{number}"}),
                told(number + 2, "responsibility-assigned", {"worker": "fm-1", "unit": "1", "area": AREAS[number % 3]}),
                told(number + 3, "case-closed" if number % 8 else "case-opened", {}),
            )
        ]
        return work(monkeypatch, Sheet, "redraw", lambda *_: 1, lambda: sweep(as_records(told_of)))

    assert judged(FEW) > FEW
    assert judged(MANY) <= judged(FEW) * MANY / FEW * 1.1
