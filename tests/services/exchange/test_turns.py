"""Long imports in short transactions, one import at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from domain.facts import Stream
from services.exchange.asker import Asker
from services.exchange.importing import import_file
from services.office.office import Office
from services.records import database, pace
from services.records.pace import HELD, Turns
from tests.services.commandline import as_bytes, fact


class Clock:
    """A clock that only work moves on."""

    def __init__(self) -> None:
        self.at = 0.0

    def monotonic(self) -> float:
        return self.at


@contextmanager
def _nothing() -> Iterator[Any]:
    yield None


def parts(monkeypatch: pytest.MonkeyPatch, costs: list[float]) -> list[list[float]]:
    """How things that take so many seconds each are divided among transactions."""
    clock, found = Clock(), []
    monkeypatch.setattr(pace, "time", clock)

    def do(_: Any, some: list[float]) -> None:
        found.append(some)
        clock.at += sum(some)

    Turns(_nothing).work(costs, do)
    return found


def test_as_much_is_done_at_once_as_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    found = parts(monkeypatch, [HELD / 40] * 300)
    assert [one for part in found for one in part] == [HELD / 40] * 300
    assert [len(part) for part in found[:4]] == [10, 20, 40, 40]
    assert max(map(sum, found)) <= HELD * 1.1


def test_what_takes_longer_makes_the_next_part_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    found = parts(monkeypatch, [HELD / 20] * 100 + [HELD * 2] * 30)
    slow = [len(part) for part in found if HELD * 2 in part]
    assert slow[0] <= 20
    assert set(slow[1:]) == {1}


def import_in_a_thread(office: Office, folder: Path, said: list[str]) -> tuple[threading.Thread, list[int]]:
    path = folder / "facts.jsonl"
    path.write_bytes(as_bytes(fact("case-opened", "2018-01-01")) + b"\n")
    added: list[int] = []
    thread = threading.Thread(target=lambda: added.append(import_file(office, path, asker=Asker(said.append)).added))
    thread.start()
    return thread, added


def test_an_import_waits_for_another_one_and_says_so(any_office: Office, tmp_path: Path) -> None:
    said: list[str] = []
    with database.import_lock(any_office.engine, wait=False) as mine:
        assert mine
        thread, added = import_in_a_thread(any_office, tmp_path, said)
        thread.join(1.0)
        assert thread.is_alive()
        assert added == []
    thread.join(30)
    assert said == ["Ein anderer Import läuft; dieser beginnt, sobald jener fertig ist."]
    assert added == [1]


def test_an_import_that_is_alone_says_nothing(any_office: Office, tmp_path: Path) -> None:
    said: list[str] = []
    thread, added = import_in_a_thread(any_office, tmp_path, said)
    thread.join(30)
    assert (said, added) == ([], [1])


def test_while_an_import_is_tried_others_write(any_office: Office, tmp_path: Path) -> None:
    path, written = tmp_path / "facts.jsonl", list[int]()
    path.write_bytes(as_bytes(fact("case-opened", "2018-01-01")) + b"\n")
    import_file(any_office, path)
    path.write_bytes(as_bytes(fact("case-closed", "2019-01-01")) + b"\n")

    def write(*_: object) -> None:
        with any_office.write() as tx:
            key = any_office.store.key(tx.conn, Stream.CASE, "C-1")
            assert key is not None
            written.append(any_office.store.lock(tx.conn, key).number)

    assert import_file(any_office, path, dry_run=True, progress=write).added == 1
    assert written == [1]
    write()
    assert written == [1, 1]
