"""Files that were handed in through a page: checked and imported by a process of its own, deleted after seven days."""

from __future__ import annotations

import time

from sqlalchemy.exc import DBAPIError

from services import failures
from services.exchange.uploads import shelf
from services.office.health import machine_time
from services.office.office import Office
from workers.aside import Aside

AGAIN, HOUR = 5.0, 3_600.0  # seconds after a process that failed; between two looks for old files


class Uploads:
    """Looks for a scheduler whether files wait, and starts the process that takes them."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._taking = Aside(office.settings, "uploads", AGAIN)
        self._cleared = -HOUR

    def look(self) -> None:
        """Starts it where something waits; what keeps it from doing so is noted, and keeps nobody else waiting."""
        try:
            self._look()
        except DBAPIError:
            raise
        except Exception as error:
            failures.unexpected(error, self._office.settings.data)

    def _look(self) -> None:
        if time.monotonic() - self._cleared > HOUR:
            self._cleared = time.monotonic()
            shelf.throw_old_away(self._office, machine_time())
        if self._taking.is_busy():
            return
        with self._office.read() as tx:
            there = shelf.are_waiting(tx.conn)
        if there:
            self._taking.start()

    def end(self) -> None:
        """Ends it with the scheduler."""
        self._taking.end()
