"""The checkpoint of the day: it looks at every case; where there are many a process of its own writes it and ends."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from services import failures
from services.operations import checkpoints
from services.records import arrivals
from services.records.checkpoints import DamagedCheckpoints
from workers.supervisor import environment, found_here

if TYPE_CHECKING:
    from services.office.office import Office

MANY = 5_000  # facts from which on it is worth starting another process
PAUSE = 2.0  # seconds

log = logging.getLogger(failures.LOGGER)


def bear(office: Office) -> None:
    """Writes it here, once a day; a file that cannot be written keeps nothing else from being done."""
    try:
        checkpoints.checkpoint_of_day(office)
    except (DamagedCheckpoints, OSError) as error:
        log.error("checkpoint failed", extra={"kind": type(error).__name__})


def bear_apart(office: Office, meanwhile: Callable[[], object]) -> None:
    """The same, with many facts in another process; `meanwhile` is done every few seconds until that has ended."""
    if checkpoints.is_of_today(office):
        return
    with office.read() as tx:
        few = arrivals.count(tx.conn) < MANY
    if few:
        bear(office)
        return
    words = [sys.executable, "-m", "workers.processes", "checkpoint"]
    writing = subprocess.Popen(words, env=found_here() | environment(office.settings))
    while not _has_ended(writing):
        meanwhile()


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(PAUSE)
    except subprocess.TimeoutExpired:
        return False
    return True
