"""In which order lines are taken: a case is computed once, however its file is sorted."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select

from services.exchange import importing, order
from services.exchange.importing import import_file
from services.exchange.lines import LONGEST
from services.exchange.source import Raw, Source
from services.office.office import Office, open_office
from services.records import cores, pace
from services.records import rows as case_rows
from services.records.cores import Part, Rows
from services.records.rebuild import Crew
from services.records.tables import numbers
from services.settings import Settings
from tests.services.commandline import as_bytes, fact

CASES = 12
DAYS = {  # what a case says, and on which day of its months
    "case-opened": ("2018-01-01", {"unit": "56.4"}),
    "responsibility-assigned": ("2018-02-01", {"worker": "fm-7", "unit": "56.4", "area": "av-ags"}),
    "strategy-bar-set": ("2018-03-01", {"strategy": "integration", "rationale": "Er will arbeiten."}),
    "alg1-started": ("2018-04-01", {}),
    "alg1-ended": ("2018-05-31", {}),
}


def by_day(folder: Path) -> Path:
    """A file in which each case comes again on each day."""
    path = folder / "by_day.jsonl"
    lines = [
        fact(name, day, case=f"C-{at}", id=f"{name}:{at}", data=data)
        for name, (day, data) in DAYS.items()
        for at in range(CASES)
    ]
    path.write_bytes(b"".join(as_bytes(line) + b"\n" for line in lines))
    return path


def taken(path: Path) -> list[list[Raw]]:
    with Source(path) as source:
        return [batch for batch, _ in order.batches(source)]


def test_lines_of_a_stream_stand_together_as_they_stand_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "facts.jsonl"
    lines = [
        b'{"case": "A"}',
        b'{"person": "A"}',
        b" {",
        b'{"on": 1, "case": "A"}',
        b"x" * (LONGEST + 1),
        b'{"unit": "A"}',
        b'{"case": "\\u0041"}',
        b'{"case": "\\ud800"}',
    ]
    path.write_bytes(b"\n".join(lines))
    [batch] = taken(path)
    assert [line.number for line in batch] == [1, 4, 7, 2, 3, 8, 5, 6]
    assert [line.content for line in batch][:5] == [lines[0], lines[3], lines[6], lines[1], lines[2].strip()]
    assert batch[6].content is None


def test_corrections_come_last_and_the_share_that_is_done_grows_to_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = by_day(tmp_path)
    correction = fact("fact-withdrawn", "2018-06-01", case="C-0", data={"target": "alg1-ended:0", "reason": "x"})
    path.write_bytes(as_bytes(correction) + b"\n" + path.read_bytes())
    monkeypatch.setattr(order, "WINDOW_LINES", 20)
    monkeypatch.setattr(order, "BATCH_LINES", 15)
    with Source(path) as source:
        found = list(order.batches(source))
    assert [len(batch) for batch, _ in found] == [16, 4, 16, 4, 16, 4, 1]  # no case is cut in two
    assert found[-1][0][0].number == 1
    assert sorted(line.number for batch, _ in found for line in batch) == list(range(1, CASES * len(DAYS) + 2))
    shares = [share for _, share in found]
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(1 / 4, abs=0.05)
    assert shares[-1] == 1.0


def test_the_rows_of_a_case_are_computed_once_whatever_a_file_is_sorted_by(
    any_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order, "BATCH_LINES", CASES)
    computed: Counter[UUID] = Counter()
    rows = cores.rows

    def counted(part: Part) -> Rows:
        computed.update(list(part.facts))
        return rows(part)

    monkeypatch.setattr(cores, "rows", counted)
    assert import_file(any_office, by_day(tmp_path)).added == CASES * len(DAYS)
    assert len(computed) == CASES
    batches = len(DAYS)  # a case in which a batch ends is computed again with the next one
    assert computed.total() <= CASES + batches - 1


def test_other_processes_compute_the_same_rows(
    tmp_path: Path, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cores, "WORTH", 1)
    monkeypatch.setattr(order, "BATCH_LINES", CASES)
    found = []
    for processes in (1, 2):
        monkeypatch.setattr(importing, "Crew", partial(Crew, processes=processes))
        settings = Settings(data=tmp_path / str(processes), fixed_now=now, master_key_file=tmp_path / "master.key")
        with open_office(settings) as office:
            import_file(office, by_day(tmp_path))
            found.append(tables(office))
    assert found[0] == found[1]
    assert all(found[0][name] for name in ("segments", "due_rows", "spans", "entries"))


def tables(office: Office) -> dict[str, list[str]]:
    """The computed rows, with numbers and not keys."""
    with office.read() as tx:
        named = {key.hex: number for key, number in tx.conn.execute(select(numbers.c.key, numbers.c.number))}
        return {
            table.name: sorted(_said(dict(row), named) for row in tx.conn.execute(select(table)).mappings())
            for table in case_rows.TABLES
        }


def _said(row: dict[str, Any], named: dict[str, str]) -> str:
    said = json.dumps({name: value for name, value in row.items() if name != "id"}, default=_text)
    for key, number in named.items():
        said = said.replace(key, number)
    return said


def _text(value: object) -> str:
    return value.hex if isinstance(value, UUID) else str(value)


def test_new_cases_take_few_statements(any_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "HELD", 60.0)  # three transactions, however slow the machine is
    said: list[str] = []
    event.listen(any_office.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    assert import_file(any_office, by_day(tmp_path)).added == CASES * len(DAYS)
    assert [one for one in said if one.startswith("DELETE")] == []
    assert len(said) <= 150
