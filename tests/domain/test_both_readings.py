"""Rows of both readings found together are those of each found alone (Fachkonzept 2.0)."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from domain.facts import Stream, name_of, stream_of
from domain.history import sweep, sweep_both
from domain.knowledge import Reading
from domain.records import Record
from tests.domain.test_thresholds import changed
from tests.golden import Line, as_records
from tests.histories import mixed
from tests.profiles import laws

LATE = dt.datetime(2031, 1, 1, tzinfo=dt.UTC)


def imported(records: list[Record], every: int) -> list[Record]:
    """The same as an import brings them: every so many of them (0: none) without a moment, all of these at once."""
    return [
        structs.replace(one, recorded_unknown=True, recorded_at=LATE) if every and not number % every else one
        for number, one in enumerate(records)
    ]


def same(records: list[Record], settings: list[Record]) -> None:
    """Whether each reading gives what it gives on its own."""
    for reading, found in sweep_both(records, settings).items():
        assert Counter(found) == Counter(sweep(records, reading, settings))


@laws(150)
@given(mixed(), st.sampled_from([1, 1, 2, 3, 0]))
def test_of_any_history(lines: list[Line], every: int) -> None:
    same(imported(as_records(lines), every), [])


@laws(100)
@given(changed(), st.sampled_from([1, 1, 2, 0]), st.booleans())
def test_with_numbers_that_were_set(case: tuple[list[Line], dt.date, dt.datetime], every: int, set_later: bool) -> None:
    records = as_records(case[0])
    own = [one for one in records if stream_of(name_of(one.fact)) is Stream.CASE]
    settings = [one for one in records if one not in own]
    if set_later:
        settings = [structs.replace(one, recorded_at=LATE + dt.timedelta(days=9)) for one in settings]
    same(imported(own, every), settings)


def test_what_arrives_at_once_is_swept_once() -> None:
    told = [
        {"id": f"f{n}", "fact": fact, "on": on, "recorded_at": LATE.isoformat(), "by": "x", "data": data}
        for n, (fact, on, data) in enumerate(
            [
                ("strategy-bar-set", "2024-01-01", {"strategy": "integration"}),
                ("strategy-bar-ended", "2024-06-30", {}),
            ]
        )
    ]
    records = imported(as_records(told), 1)
    found = sweep_both(records)
    assert {one.known_from for one in found[Reading.ARRIVAL]} == {LATE}
    assert {one.known_from.year for one in found[Reading.EFFECTIVE_DAY]} == {2024}
