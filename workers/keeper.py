"""What stays of `serve` once everything is prepared: a small process that keeps all others running, and Valkey.

Building the demo and opening the office takes libraries and memory that nobody needs afterwards and that Python would
not give back. So the process goes on as this program: its id, lock and socket stay, and what it had loaded is gone.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from services import failures
from services.interpreter import found_here
from workers.stopping import ENDING, Stop, at_signal
from workers.supervisor import Child, end_all
from workers.valkey import Embedded, Server

LOOK = 0.5  # seconds between two looks at the children
READY = 30.0  # seconds until the first page must have answered
# The pages need no queue; of forty threads each would keep its own share of what was freed, 16 MB in all.
OF_PAGES = {"FALLVERLAUF_REDIS": "", "MALLOC_ARENA_MAX": "2"}
ENDED = "Fallverlauf ist beendet."


class Plan(NamedTuple):
    """What is to be kept running. `listening`: the descriptor of the open socket of the pages."""

    data: str
    host: str
    listening: int
    environment: dict[str, str]
    valkey: Server | None
    greeting: list[str]


def go_on(plan: Plan, held: Sequence[int], stop: Stop) -> None:
    """Lets this process go on as the keeper; what is `held` (descriptors) stays open. Returns if it was told to end."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # one that comes now waits for the keeper
    if stop.is_set():
        say(ENDED)
        return
    told, writing = os.pipe()
    os.write(writing, json.dumps(plan).encode())
    for one in (told, plan.listening, *held):
        os.set_inheritable(one, True)
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "workers.keeper", str(told)], found_here())


def say(sentence: str) -> None:
    """One line for people, on standard error."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def keep(plan: Plan, stop: Stop) -> None:
    """Starts everything, greets, and keeps it running until told to stop. Raises OSError."""
    valkey = None if plan.valkey is None else Embedded(plan.valkey)
    if valkey is not None:
        valkey.start()
    data = Path(plan.data)
    children = _children(plan, data / failures.LOG, {} if valkey is None else {"FALLVERLAUF_REDIS": valkey.url})
    try:
        for child in children:
            child.start()
        if _answers(plan.listening, stop):
            sys.stdout.write("".join(f"{line}\n" for line in plan.greeting))
            sys.stdout.flush()
        while not stop.wait(LOOK):
            _look_after(children, valkey, data)
    finally:
        end_all(children)
        if valkey is not None:
            valkey.stop()
        say(ENDED)


def _children(plan: Plan, output: Path, queue: dict[str, str]) -> list[Child]:
    environment, listening = plan.environment | queue, plan.listening
    pages = [plan.host, str(_place(listening)[1]), str(listening)]
    return [
        Child("web", pages, environment | OF_PAGES, output, keep=[listening]),
        Child("worker", [], environment, output),
        Child("scheduler", [], environment, output),
    ]


def _look_after(children: list[Child], valkey: Embedded | None, data: Path) -> None:
    restarted = [child.name for child in children if child.watch()]
    if valkey is not None and not valkey.running:
        with suppress(OSError):  # the next look tries again
            valkey.restart()
            restarted.append("valkey")
    for name in restarted:
        with suppress(OSError):  # a full disk ends nothing that works without
            failures.note(data, "restarted", "warning", part=name, process="serve")
        say(f"{name} war beendet und läuft wieder.")


def _answers(listening: int, stop: Stop) -> bool:
    """Waits until a page answers; False if that takes too long or the service is told to stop."""
    deadline = time.monotonic() + READY
    while time.monotonic() < deadline and not stop.is_set():
        with suppress(OSError), socket.create_connection(_place(listening), READY) as asked:
            asked.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            if asked.recv(1):
                return True
        stop.wait(0.1)
    return False


def _place(listening: int) -> tuple[str, int]:
    with socket.socket(fileno=os.dup(listening)) as one:
        host, port = one.getsockname()[:2]
    return host, port


def main(told: str) -> int:
    """Reads the plan from a pipe and follows it; the exit status."""
    stop = at_signal()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    with os.fdopen(int(told)) as pipe:
        plan = Plan(*json.load(pipe))
    plan = plan._replace(valkey=Server(*plan.valkey) if plan.valkey else None)
    with suppress(ChildProcessError):  # what the preparation had started has ended with it
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    try:
        keep(plan, stop)
    except Exception as error:
        say(failures.sentence(error) or failures.unexpected(error, Path(plan.data)))
        return failures.REFUSED
    return failures.DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
