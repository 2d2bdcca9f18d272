"""Those who go on writing while everything dies: each tries again until its write is acknowledged, and notes that."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event, Lock
from typing import Any

import httpx

from tests.chaos.house import ROOT, House
from tests.chaos.servers import PATIENCE
from tests.served import Visit

PAUSE, AGAIN = 0.05, 0.2  # seconds after an answer, and before another try
SOME = 5  # cases in one file
BEGIN = "2026-05-20"
EXTENSION = {
    "options": ["other"],
    "other_text": "Qualifizierung",
    "facts_text": "Die Qualifizierung dauert an.",
    "justification": "Danach ist eine Stelle zugesagt.",
    "until": "2027-02-20",
}


class Writers:
    """Posts facts about cases and imports new cases, until told to stop."""

    def __init__(self, house: House, cases: list[str]) -> None:
        self.posted: dict[str, list[str]] = defaultdict(list)  # case -> appointments answered with 201
        self.requested: list[str] = []  # cases whose request for an extension was answered with 201
        self.imported: list[str] = []  # cases whose import ended with exit status 0
        self.tries = 0
        self._asking: list[str] = []  # imported cases that nobody has asked to be extended yet
        self._house, self._cases = house, cases
        self._stop, self._lock = Event(), Lock()
        self._importing: subprocess.Popen[bytes] | None = None
        self._pool = ThreadPoolExecutor(4)
        self._running: list[Future[None]] = []

    def start(self) -> None:
        """Three people at their desks, one import after the other."""
        jobs: list[Callable[[], None]] = [*(self._desk(at) for at in range(3)), self._import_all]
        self._running = [self._pool.submit(job) for job in jobs]

    def stop(self) -> None:
        """Lets each finish what it has begun, and raises what went wrong with any."""
        self._stop.set()
        self._pool.shutdown()
        for one in self._running:
            one.result()

    @property
    def acknowledged(self) -> int:
        """How many writes were answered."""
        return sum(map(len, self.posted.values())) + len(self.requested) + 2 * len(self.imported)

    def kill_import(self) -> bool:
        """Kills the import that runs, if one does."""
        with self._lock:
            running = self._importing
            if running is None or running.poll() is not None:
                return False
            running.kill()
            return True

    # --- at the desk ---

    def _desk(self, desk: int) -> Callable[[], None]:
        def write() -> None:
            visit = Visit(f"http://127.0.0.1:{self._house.port}")
            try:
                self._write(visit, desk)
            finally:
                visit.close()

        return write

    def _write(self, visit: Visit, desk: int) -> None:
        at = 0
        while not self._stop.is_set():
            case = self._cases[at % len(self._cases)]
            thing = f"T-{desk}-{at}"
            self._post(visit, case, "appointment-planned", "2026-11-23", {"appointment": thing}, thing)
            with self._lock:
                self.posted[case].append(thing)
            self._ask_for_more_time(visit)
            at += 1
            self._stop.wait(PAUSE)

    def _ask_for_more_time(self, visit: Visit) -> None:
        """For one of the imported cases, if there is one left; the lead gets a message and a mail."""
        try:
            case = self._asking.pop()
        except IndexError:
            return
        data = {**EXTENSION, "request": f"V-{case}"}
        self._post(visit, case, "extension-requested", "2026-11-20", data, f"V-{case}")
        self.requested.append(case)

    def _post(self, visit: Visit, case: str, fact: str, on: str, data: dict[str, Any], key: str) -> None:
        """Until it is acknowledged, always with the same key."""
        for _ in range(int(PATIENCE / AGAIN)):
            with self._lock:
                self.tries += 1
            answer = self._answer(visit, case, {"fact": fact, "on": on, "data": data}, key)
            if answer is not None and answer.status_code == 201:
                return
            if answer is not None and answer.status_code in (401, 403):
                self._log_in(visit)
            assert answer is None or answer.status_code in (401, 403) or answer.status_code >= 500, answer.text
            time.sleep(AGAIN)
        raise AssertionError(f"never answered: {key}")

    @staticmethod
    def _answer(visit: Visit, case: str, fact: dict[str, Any], key: str) -> httpx.Response | None:
        headers = {"Idempotency-Key": key, "X-CSRF-Token": visit.csrf}
        try:
            return visit.client.post(f"/api/v1/cases/{case}/facts", json=fact, headers=headers)
        except httpx.HTTPError:
            return None

    @staticmethod
    def _log_in(visit: Visit) -> None:
        try:
            if visit.client.get("/anmelden").status_code == 200:
                visit.login("fm-7")
                visit.get("/faelle")
        except httpx.HTTPError:
            return

    # --- by the command line ---

    def _import_all(self) -> None:
        at = 0
        while not self._stop.is_set():
            cases = [f"I-{at}-{number}" for number in range(SOME)]
            file = self._file(cases)
            for _ in range(100):
                if self._import(file) == 0:
                    break
            else:
                raise AssertionError(f"never imported: {file.name}")
            self.imported += cases
            self._asking += cases[1:]
            at += 1

    def _file(self, cases: list[str]) -> Path:
        envelope = {"on": BEGIN, "recorded_at": f"{BEGIN}T09:00:00+02:00", "by": "fm-7"}
        place = {"worker": "fm-7", "unit": "56.4", "area": "jobakademie"}
        facts = (("responsibility-assigned", place), ("strategy-bar-set", {"strategy": "integration"}))
        lines = [
            {**envelope, "case": case, "id": f"{case}-{fact}", "fact": fact, "data": data}
            for case in cases
            for fact, data in facts
        ]
        file = self._house.folder / f"{cases[0]}.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        return file

    def _import(self, file: Path) -> int:
        command = [sys.executable, "-m", "fallverlauf", "import", str(file)]
        with (self._house.folder / "output").open("ab") as log:
            started = subprocess.Popen(command, cwd=ROOT, env=self._house.environment, stdout=log, stderr=log)
        with self._lock:
            self._importing = started
        try:
            return started.wait(PATIENCE)
        finally:
            started.kill()
