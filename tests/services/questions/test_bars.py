"""Bars that begin in a period, against a plain fold over the same lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from domain.periods import BERLIN
from services.office.office import Office
from tests.plain import Plain
from tests.services.questions.lives import agree, asked, place

FROM, TO = dt.date(2024, 1, 1), dt.date(2024, 12, 31)


def begun(_: str, seen: Callable[[dt.date], Plain], as_of: dt.date) -> Iterator[dict[str, Any] | None]:
    for line in seen(as_of).of("strategy-bar-set"):
        if line["on"] > as_of:
            continue
        recorded = line["recorded_at"].astimezone(BERLIN).isoformat()
        yield (
            {
                "on": line["on"].isoformat(),
                "strategy": line["data"]["strategy"],
                "migrated": line["data"].get("migrated", False),
                "recorded_at": recorded,
                "facts": [{"id": line["id"], "recorded_at": recorded}],
                **place(seen(line["on"]), line["on"]),
            }
            if FROM <= line["on"] <= TO
            else None
        )


def test_bars_of_a_period_are_those_of_a_plain_fold(lived: Office) -> None:
    assert agree(lived, "9", begun, **{"from": FROM.isoformat(), "to": TO.isoformat()}) > 200


def test_the_period_is_the_roll_out_by_default(lived: Office) -> None:
    answer = asked(lived, "roll-out", lived.today(), lived.now())
    assert (answer["parameters"]["from"], answer["parameters"]["to"]) == ("2018-01-01", "2018-03-31")
    assert answer["k"] == 0 < answer["n"]
