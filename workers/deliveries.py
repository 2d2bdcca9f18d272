"""Files left overnight are imported by a process of their own, so that nobody waits for the scheduler meanwhile."""

from __future__ import annotations

import logging
import time

from services import failures
from services.exchange import nightly
from services.failures import Said
from services.office.health import machine_time
from services.office.office import Office
from workers.aside import Aside

AGAIN, HOUR = 600.0, 3_600.0  # seconds after a process that failed; between two looks for old reports

log = logging.getLogger(failures.LOGGER)


def seconds() -> float:
    """The machine's clock, by which files are dated."""
    return machine_time().timestamp()


def take_all(office: Office) -> None:
    """Takes every file that is whole, one after another."""
    for one in nightly.waiting(office.settings.data, seconds()):
        try:
            nightly.take(office, one)
        except OSError as error:  # this one stays for the next time, the others are taken
            log.error("deliveries", extra={"sentence": failures.sentence(error) or ""})


class Deliveries:
    """Looks for a scheduler whether files wait, and starts the process that takes them, one at a time."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._taking = Aside(office.settings, "deliveries", AGAIN)
        self._said = ""
        self._cleared = 0.0

    def look(self) -> None:
        """Starts it where something waits; a folder that is open to others is said once."""
        if self._taking.is_busy():
            return
        try:
            there = nightly.waiting(self._office.settings.data, seconds())
        except (Said, OSError) as error:
            self._tell(failures.sentence(error) or "")
            return
        self._tell("")
        self._clear_away()
        if there:
            self._taking.start()

    def end(self) -> None:
        """Ends it with the scheduler: what it has stored is known when it begins again."""
        self._taking.end()

    def _clear_away(self) -> None:
        if time.monotonic() - self._cleared > HOUR or not self._cleared:
            self._cleared = time.monotonic()
            nightly.clear_away(self._office.settings.data, seconds())

    def _tell(self, sentence: str) -> None:
        if sentence and sentence != self._said:
            log.error("deliveries", extra={"sentence": sentence})
        self._said = sentence
