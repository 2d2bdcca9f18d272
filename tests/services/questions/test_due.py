"""Follow-ups open on a day: their sentences, filters and pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from domain.decisions.refusal import Refused
from domain.knowledge import Reading
from domain.periods import end_of_day
from services.exchange.importing import import_file
from services.office.office import Office
from services.questions.due import Wanted, due
from tests import oracle
from tests.golden import GOLDEN, as_facts
from tests.services.commandline import as_bytes

DAY = dt.date(2026, 3, 20)


@pytest.fixture
def filled(any_office: Office, tmp_path: Any) -> Office:
    path = tmp_path / "facts.jsonl"
    path.write_bytes(b"\n".join(as_bytes(one) for golden in GOLDEN for one in golden.lines))
    import_file(any_office, path)
    return any_office


def test_every_row_is_what_the_judge_lists_with_a_sentence(filled: Office) -> None:
    known_at = filled.now()
    with filled.read() as tx:
        rows = due(tx, Wanted(DAY))["rows"]
    expected = sorted(
        (golden.name, rule, stage, day.isoformat())
        for golden in GOLDEN
        for rule, stage, day in oracle.due(as_facts(golden.lines), DAY, known_at)
        if rule != "R-47"
    )
    assert sorted((row["case"], row["rule"], row["stage"], row["due"]) for row in rows) == expected
    assert len(expected) > 20
    assert all(
        row["reason"].endswith((".", "?")) and set(row["to"]) <= {"worker", "lead", "qs", "receiver"} for row in rows
    )


def test_imported_without_moments_all_is_known_from_its_day_in_the_other_reading(
    any_office: Office, tmp_path: Any
) -> None:
    lines = [{**one, "recorded_at": None} for golden in GOLDEN for one in golden.lines]
    path = tmp_path / "facts.jsonl"
    path.write_bytes(b"\n".join(map(as_bytes, lines)))
    assert import_file(any_office, path).rejected == []
    day = dt.date(2020, 3, 10)
    arrived = any_office.now().isoformat()
    expected = {
        (golden.name, rule, stage, due)
        for golden in GOLDEN
        for rule, stage, due in oracle.due(
            as_facts([one | {"recorded_at": arrived, "recorded_unknown": True} for one in golden.lines]),
            day,
            end_of_day(day),
            own_day=True,
        )
    }
    with any_office.read() as tx:
        as_dated = due(tx, Wanted(day, end_of_day(day), reading=Reading.EFFECTIVE_DAY))
        as_arrived = due(tx, Wanted(day, end_of_day(day)))
        of_one = due(tx, Wanted(day, end_of_day(day), case="G1"))
    assert {
        (one["case"], one["rule"], one["stage"], dt.date.fromisoformat(one["due"])) for one in as_dated["rows"]
    } == (expected)
    assert len(expected) > 5
    assert as_arrived["rows"] == []
    assert as_arrived["recorded_unknown"] == len(lines)
    assert of_one["recorded_unknown"] == 1


def test_rows_are_sorted_and_can_be_narrowed(filled: Office) -> None:
    with filled.read() as tx:
        rows = due(tx, Wanted(DAY))["rows"]
        assert rows == sorted(rows, key=lambda row: (row["case"], row["due"], row["rule"], row["stage"]))
        assert due(tx, Wanted(DAY, case="G2"))["rows"] == [row for row in rows if row["case"] == "G2"]
        assert due(tx, Wanted(DAY, rule="R-04"))["rows"] == [row for row in rows if row["rule"] == "R-04"]
        before = due(tx, Wanted(DAY, known_at=end_of_day(dt.date(2010, 1, 1))))
        assert (before["count"], before["rows"]) == (0, [])


@pytest.mark.parametrize("limit", [1, 2, 7, 1_000])
def test_pages_put_together_are_the_list(filled: Office, limit: int) -> None:
    with filled.read() as tx:
        whole = due(tx, Wanted(DAY))
        rows: list[dict[str, Any]] = []
        after = None
        while True:
            page = due(tx, Wanted(DAY), limit=limit, after=after)
            assert (page["count"], len(page["rows"]) <= limit) == (whole["count"], True)
            rows += page["rows"]
            if (after := page.get("next")) is None:
                break
    assert rows == whole["rows"]


def test_a_page_may_begin_after_a_case(filled: Office) -> None:
    with filled.read() as tx:
        rows = due(tx, Wanted(DAY), after="G2")["rows"]
        assert rows == [row for row in due(tx, Wanted(DAY))["rows"] if row["case"] > "G2"]


@pytest.mark.parametrize("after", ["G2|2020-01-01", "G2|x|y|z|w", "G2|20200101|R-02|limit|x", "|||||", "G2|"])
def test_what_is_no_place_begins_no_page(filled: Office, after: str) -> None:
    with filled.read() as tx, pytest.raises(Refused, match="Hier beginnt keine Seite") as refusal:
        due(tx, Wanted(DAY), after=after)
    assert [field for field, _ in refusal.value.reasons] == ["after"]
