"""The words of the browser stories: a running service, people at their browsers, and what they do there."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol, TypeVar

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

LOOKED = "SELECT at FROM heartbeats WHERE name = 'queue'"  # told before and after a look
ROOT = Path(__file__).resolve().parents[2]
T = TypeVar("T")
PATIENCE = 30.0  # seconds; the machine may be busy


class Service:
    """A `fallverlauf serve --demo` that can be killed and started again on the same data and port."""

    def __init__(self, data: Path, port: int, smtp: str) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.now = "2026-11-20T08:00:00+01:00"
        self._data = data
        self._port = port
        self._environment = {**os.environ, "FALLVERLAUF_DATA": str(data), "FALLVERLAUF_SMTP": smtp}
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Starts it and waits until its pages answer."""
        command = ["serve", "--demo", "--demo-cases", "0", "--port", str(self._port)]
        self._process = self._run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == f"Fallverlauf läuft: {self.address}"

    def end(self, by: signal.Signals = signal.SIGINT) -> None:
        """Ends it, in whatever way, and waits until nobody listens any more."""
        if self._process is not None:
            self._process.send_signal(by)
            self._process.communicate(timeout=PATIENCE)
            self._process = None
        eventually(lambda: not self._listens())

    def says(self, *command: str) -> Any:
        """What a command of the same binary answers about the same data, while the service runs."""
        process = self._run([*command, "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        said, complained = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, complained
        return json.loads(said)

    def told(self) -> list[str]:
        """Every message and every task of the outbox there is, by its unique key."""
        return self._column("SELECT unique_key FROM messages UNION SELECT unique_key FROM outbox ORDER BY 1")

    def has_looked(self) -> None:
        """Waits until the scheduler has looked at everything and nothing is left to send."""
        for _ in range(3):
            at = self._column(LOOKED)
            eventually(lambda at=at: self._column(LOOKED) != at)
        eventually(lambda: self._column("SELECT 1 FROM outbox WHERE state IN ('waiting', 'sending')") == [])

    def _column(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self._data / "fallverlauf.db")) as database:
            return [value for (value,) in database.execute(query)]

    def _run(self, command: list[str], **streams: int) -> subprocess.Popen[str]:
        environment = {**self._environment, "FALLVERLAUF_NOW": self.now}
        words = [sys.executable, "-m", "fallverlauf", *command]
        return subprocess.Popen(words, cwd=ROOT, env=environment, text=True, encoding="utf-8", **streams)

    def _listens(self) -> bool:
        with socket.socket() as asking:
            return asking.connect_ex(("127.0.0.1", self._port)) == 0


class Served(Protocol):
    """Whatever has pages."""

    address: str


class Someone:
    """A member of staff with a browser of their own; every click on something of the page is counted."""

    def __init__(self, browser: Browser, service: Served, name: str, *, scripts: bool = True, **more: bool) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=service.address, locale="de-DE", timezone_id="Europe/Berlin", java_script_enabled=scripts, **more
        )
        self.context.set_default_timeout(PATIENCE * 1000)
        expect.set_options(timeout=PATIENCE * 1000)
        self.page: Page = self.context.new_page()
        self.mishaps: list[str] = []
        self.page.on("pageerror", lambda error: self.mishaps.append(str(error)))
        self.clicks = 0
        self.page.goto("/anmelden")
        self.enters(name)
        expect(self.page.get_by_role("button", name="Abmelden")).to_be_visible()

    def enters(self, name: str) -> None:
        """Logs in on the page of the log-in: in the demo by picking a person."""
        self.page.get_by_role("button", name=name).click()

    def opens(self, path: str) -> None:
        """Goes to a page by its address."""
        self.page.goto(path)

    def clipboard(self) -> str:
        """What was copied last."""
        self.context.grant_permissions(["clipboard-read"])
        copied: str = self.page.evaluate("navigator.clipboard.readText()")
        return copied

    def searches(self, words: str) -> None:
        """Uses the search in the head of every page."""
        self.page.get_by_role("searchbox").fill(words)
        self.page.get_by_role("button", name="Suchen").click()

    @property
    def dialogue(self) -> Locator:
        """The dialogue on the page."""
        return self.page.locator(".talk")

    def task(self, *words: str) -> Locator:
        """The message or request on the page in which all these words stand."""
        found = self.page.locator("li.task, article.task")
        for one in words:
            found = found.filter(has_text=one)
        return found

    def unfolds(self, *words: str) -> None:
        """Unfolds the message on Heute in which these words stand, if it is not unfolded yet."""
        line = self.task(*words).locator("[data-line]")
        if line.get_attribute("aria-expanded") == "false":
            line.click()
            self.clicks += 1
        expect(self.task(*words).locator(".task__body")).to_be_visible()

    def click(self, words: str, within: Locator | None = None) -> None:
        """Clicks the button or link that says exactly this."""
        place = within or self.page.locator("main")
        place.locator("button, a, summary").get_by_text(words, exact=True).first.click()
        self.clicks += 1

    def ticks(self, words: str) -> None:
        """Ticks a box."""
        self.page.get_by_role("checkbox", name=words).check()
        self.clicks += 1

    def writes(self, question: str, words: str) -> None:
        """Writes the answer to a question; what stands beside it on the screen is still to be answered."""
        self.page.get_by_label(question).fill(words)

    def answers(self, question: str, words: str) -> None:
        """Writes the answer to the question that is asked, and sends it."""
        self.writes(question, words)
        self.click("Weiter", self.page.locator("form").filter(has=self.page.get_by_label(question)))

    def is_asked(self, question: str) -> None:
        """Waits until this is the question."""
        expect(self.page.locator(".talk__ask").filter(has_text=question)).to_be_visible()

    def sees(self, *words: str) -> None:
        """Waits until all of this stands on the page."""
        for one in words:
            expect(self.page.locator("main")).to_contain_text(one)

    def sees_no(self, *words: str) -> None:
        """Waits until none of this stands on the page."""
        for one in words:
            expect(self.page.locator("main")).not_to_contain_text(one)

    def reads_no(self, *words: str) -> None:
        """Waits until none of this can be read on the page before anything folded is opened."""
        for one in words:
            expect(self.page.locator("main")).not_to_contain_text(one, use_inner_text=True)


def eventually(what: Callable[[], T]) -> T:
    """Waits until there is something, and gives it."""
    deadline = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found
