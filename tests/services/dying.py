"""A process that is ended with kill -9 at a chosen step of what it does with the database."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from sqlalchemy import Engine, event


def dies_at(step: int, what: Callable[[], object]) -> bool:
    """Does `what` in a process of its own, killed before its statement or commit number `step`; whether it came so far.

    Whoever calls holds no connection: the other process inherits what is open.
    """
    process = os.fork()
    if process == 0:
        _kill_at(step)
        failed = 1
        try:
            what()
            failed = 0
        finally:
            os._exit(failed)
    status = os.waitpid(process, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, status
    return os.WIFSIGNALED(status)


def _kill_at(step: int) -> None:
    left = step

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "commit"):
        event.listen(Engine, name, count)
