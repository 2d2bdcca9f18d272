"""Appointments left on "geplant", against a plain fold over the same lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from services.office.office import Office
from tests.plain import Plain
from tests.services.questions.lives import agree, place


def left(_: str, seen: Callable[[dt.date], Plain], as_of: dt.date) -> Iterator[dict[str, Any] | None]:
    case = seen(as_of)
    if any(closed(as_of) for closed in case.reasons["closed"]):
        return
    for thing, (status, on, _) in case.appointments().items():
        if on < as_of:
            yield (
                {
                    "appointment": thing,
                    "on": on.isoformat(),
                    "days": (as_of - on).days,
                    **place(case, as_of),
                }
                if status == "planned"
                else None
            )


def test_appointments_left_planned_are_those_of_a_plain_fold(lived: Office) -> None:
    assert agree(lived, "25", left) > 200
