"""Files of lists are read and written one at a time, the large ones by another process; pages answer meanwhile."""

from __future__ import annotations

import datetime as dt
import io
import signal
import subprocess
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any

import anyio.to_thread
import httpx
import pytest

from services.office.office import Office
from services.web.app import create_app
from services.web.sheets import scribe
from services.web.sheets.sheet import Sheet
from tests.served import Visit, serving
from tests.services.web.conftest import VisitAs
from tests.services.web.test_views import _lists as lists_seen

FILE = "/qs/liste.xlsx?strategie=integration&stichtag=2026-11-20"
LONG = 60.0  # seconds nothing here takes
THREADS, FILES = 4, 8


class Writers:
    """The processes that write a file, in the order they were started; each is stopped until it may go on."""

    def __init__(self) -> None:
        self.started: list[subprocess.Popen[bytes]] = []
        self._held, self._lock = True, Lock()

    def note(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self.started.append(process)
            if self._held:
                process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        with self._lock:
            self._held = False
            for one in self.started:
                one.send_signal(signal.SIGCONT)


@pytest.fixture
def writers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Writers]:
    """Every file is taken for a large one."""
    found = Writers()

    class Noted(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *words: Any, **given: Any) -> None:
            super().__init__(*words, **given)
            found.note(self)

    monkeypatch.setattr(scribe, "MANY", 0)
    monkeypatch.setattr(subprocess, "Popen", Noted)
    yield found
    found.go_on()


@pytest.fixture
def address(town: Office) -> Iterator[str]:
    """The served town, with a few threads alone."""
    app = create_app(town)

    @app.get("/few")
    async def few() -> None:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS

    with serving(app) as found:
        httpx.get(f"{found}/few").raise_for_status()
        yield found


def ask(visitor: Visit) -> httpx.Response:
    """Asks for a file on a connection of its own."""
    client = visitor.client
    return httpx.get(client.base_url.join(FILE), cookies=client.cookies, timeout=LONG)


def table(content: bytes) -> str:
    """The sheet with the rows."""
    return zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()


def until_seen(town: Office, count: int) -> None:
    """Waits until so many lists have been read for a file."""
    while len(lists_seen(town)) < count:
        pass


def test_pages_answer_while_more_files_wait_than_there_are_threads(
    visit: VisitAs, town: Office, writers: Writers
) -> None:
    qs, worker = visit("qs-1"), visit("fm-1")
    with ThreadPoolExecutor(FILES) as pool:
        asked = [pool.submit(ask, qs) for _ in range(FILES)]
        until_seen(town, 2)
        assert [worker.get(path).status_code for path in ("/", "/hilfe", "/faelle")] == [200] * 3
        assert [one for one in asked if one.done()] == []
        assert len(lists_seen(town)) == 2  # one is written, one was read and waits for that
        assert len(writers.started) == 1
        writers.go_on()
        answers = [one.result(LONG) for one in asked]
    assert {one.status_code for one in answers} == {200}
    assert len({table(one.content) for one in answers}) == 1
    assert len(lists_seen(town)) == FILES
    assert [one.returncode for one in writers.started] == [0] * FILES


def test_a_file_that_cannot_be_written_keeps_no_other_from_being_written(
    visit: VisitAs, town: Office, writers: Writers
) -> None:
    qs = visit("qs-1")
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask, qs)
        until_seen(town, 1)
        second = pool.submit(ask, qs)
        until_seen(town, 2)
        writers.started[0].kill()
        assert first.result(LONG).status_code == 500
        writers.go_on()
        assert second.result(LONG).status_code == 200


@pytest.fixture
def two_before(visit: VisitAs, town: Office, writers: Writers) -> Iterator[list[Future[httpx.Response]]]:
    """One file is being written, and the list of another has been read."""
    qs = visit("qs-1")
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(ask, qs) for _ in range(2)]
        until_seen(town, 2)
        yield asked
        writers.go_on()


def test_who_waits_too_long_is_told_so_and_nothing_is_read(
    visit: VisitAs, town: Office, two_before: list[Future[httpx.Response]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scribe, "PATIENCE", 0.2)
    answer = ask(visit("qs-1"))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert scribe.CROWDED in answer.text
    assert len(lists_seen(town)) == 2


def test_what_nobody_waits_for_any_more_is_not_read(
    visit: VisitAs, town: Office, two_before: list[Future[httpx.Response]], writers: Writers
) -> None:
    qs = visit("qs-1")
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(qs.client.base_url.join(FILE), cookies=qs.client.cookies, timeout=0.5)
    assert qs.get("/hilfe").status_code == 200
    writers.go_on()
    assert {one.result(LONG).status_code for one in two_before} == {200}
    assert ask(qs).status_code == 200  # whose turn came after that of the one who left
    assert len(lists_seen(town)) == 3


def test_another_process_writes_what_is_written_here(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[f"C-{at}", "=1+2", dt.date(2026, 11, 20), at, None] for at in range(scribe.PART + 1)]
    sheet = Sheet("Liste", ["Fall", "Text", "Tag", "Zahl", "Nichts"], rows, [("Frage", "Wer?")])
    here = zipfile.ZipFile(io.BytesIO(scribe.as_xlsx(sheet)))
    monkeypatch.setattr(scribe, "MANY", 0)
    there = zipfile.ZipFile(io.BytesIO(scribe.as_xlsx(sheet)))
    names = [name for name in here.namelist() if name != "docProps/core.xml"]  # which says when
    assert "xl/worksheets/sheet2.xml" in names
    assert [there.read(name) for name in names] == [here.read(name) for name in names]
    assert table(scribe.as_xlsx(sheet)).count("<row ") == len(rows) + 1
