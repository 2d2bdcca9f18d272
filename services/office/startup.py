"""Waits at the start of a process for what it cannot do without: a database that answers, with today's tables."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from threading import Thread
from typing import NoReturn, TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError

from services import failures
from services.office.office import NotMigrated, Office, open_office
from services.settings import Settings

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0  # seconds; each pause is twice the one before
SAID_AGAIN = 60.0  # seconds after which an unchanged reason is said once more
PATIENCE_OF_MIGRATE = 60.0  # seconds; somebody, or something that tries again, stands before it
SLOW = 5.0  # seconds an attempt may take before that is said
UNKNOWN = "Die Datenbank nimmt keine Verbindung an."
SILENT = "Die Datenbank hat noch nicht geantwortet."

T = TypeVar("T")


def open_patiently(settings: Settings, say: Callable[[str], None]) -> Office:
    """Opens the office of a process that serves, however long its database or its tables take to be there.

    Raises at once what does not mend itself: a log-in that the database rejects, anything about a SQLite file, and
    what `open_office` raises but NotMigrated.
    """
    return open_office(settings, say) if settings.embedded else patiently(lambda: open_office(settings), say)


def patiently(attempt: Callable[[], T], say: Callable[[str], None], patience: float = math.inf) -> T:
    """What the attempt gives, made again with growing pauses while the database is not ready.

    After `patience` seconds it raises what the last attempt raised. `say` gets a sentence, without any address or
    password, when the waiting begins, when its reason changes, once a minute, and at its end. SIGTERM and Ctrl-C end
    the waiting at once.
    """
    begun, pause, told = time.monotonic(), FIRST_PAUSE, Told("Die Datenbank", say)
    with ended_by_signal():
        while True:
            try:
                found = _attended(attempt, told)
            except (NotMigrated, OperationalError, InterfaceError) as error:
                waited = time.monotonic() - begun
                if failures.rejected(error) or waited + pause > patience:
                    raise
                told.reason(failures.sentence(error) or UNKNOWN)
            else:
                told.end()
                return found
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _attended(attempt: Callable[[], T], told: Told) -> T:
    """Makes an attempt beside the main thread, which so hears signals and can speak while a name is looked up."""
    outcome: Future[T] = Future()

    def make() -> None:
        try:
            outcome.set_result(attempt())
        except BaseException as error:
            outcome.set_exception(error)

    Thread(target=make, daemon=True).start()
    while not wait([outcome], SLOW).done:
        told.reason(SILENT)
    return outcome.result()


@contextmanager
def ended_by_signal() -> Iterator[None]:
    """SIGTERM and Ctrl-C end the process at once in here, whoever listened before.

    The first process of a container would not hear a SIGTERM that nobody listens to.
    """
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, _: object) -> NoReturn:
    raise SystemExit(128 + number)


class Told:
    """What was said of something that is waited for: the same sentence comes once a minute, not with each attempt."""

    def __init__(self, what: str, say: Callable[[str], None]) -> None:
        self._what = what
        self._say = say
        self._reason = ""
        self._since = self._at = 0.0

    def reason(self, sentence: str) -> None:
        """Why it is waited for, after an attempt in vain."""
        now = time.monotonic()
        self._since = self._since or now
        if sentence != self._reason or now - self._at > SAID_AGAIN:
            self._say(f"{sentence} Fallverlauf wartet darauf.")
            self._reason, self._at = sentence, now

    def end(self) -> None:
        """It is there."""
        if self._reason:
            self._say(f"{self._what} ist bereit, nach {time.monotonic() - self._since:.0f} s.")
        self._reason, self._since = "", 0.0
