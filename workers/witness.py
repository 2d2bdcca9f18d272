"""The checkpoint of the day: it looks at every case; where there are many a process of its own writes it and ends."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from services import failures
from services.interpreter import found_here
from services.operations import checkpoints
from services.records import arrivals
from services.records.checkpoints import DamagedCheckpoints
from workers.supervisor import environment

if TYPE_CHECKING:
    from services.office.office import Office

MANY = 5_000  # facts from which on it is worth starting another process
PAUSE, AGAIN = 2.0, 600.0  # seconds

log = logging.getLogger(failures.LOGGER)


def bear(office: Office) -> None:
    """Writes it here, once a day; a file that cannot be written keeps nothing else from being done."""
    try:
        checkpoints.checkpoint_of_day(office)
    except (DamagedCheckpoints, OSError) as error:
        log.error("checkpoint failed", extra={"kind": type(error).__name__})


class Witness:
    """Does the same for a scheduler; `meanwhile` is done every few seconds while another process is at it."""

    def __init__(self, office: Office, meanwhile: Callable[[], object]) -> None:
        self._office = office
        self._meanwhile = meanwhile
        self._not_before = 0.0

    def bear(self) -> None:
        """Here, or with many facts in another process; what has failed there is tried again after a while."""
        if checkpoints.is_of_today(self._office) or time.monotonic() < self._not_before:
            return
        with self._office.read() as tx:
            few = arrivals.count(tx.conn) < MANY
        if few:
            bear(self._office)
            return
        self._not_before = time.monotonic() + AGAIN
        words = [sys.executable, "-m", "workers.processes", "checkpoint"]
        writing = subprocess.Popen(words, env=found_here() | environment(self._office.settings))
        while not _has_ended(writing):
            self._meanwhile()


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(PAUSE)
    except subprocess.TimeoutExpired:
        return False
    return True
