"""How much memory the service takes: `python -m tests.memory [CASES]` starts it with the demo, opens pages, and tells.

PSS in MB, for each process of `serve` and Valkey, at rest and after eight people have opened pages at once.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.served import Visit

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("/", "/faelle", "/team", "/qs", "/hilfe")
CASE = re.compile(r'href="(/fall/[^"?#]+)"')
PERSON = re.compile(r'name="person" value="([^"]+)"')
REST = 10.0  # seconds until the scheduler has looked
AT_ONCE = 8


def tree(pid: int) -> Iterator[int]:
    """A process and all it has started."""
    yield pid
    for found in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(found.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            yield from tree(int(found.parent.name))


def megabytes(pid: int) -> float:
    """The PSS of a process."""
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    return int(found[1]) / 1024 if found else 0.0


def name(pid: int) -> str:
    """What a process is called here."""
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return (
        words[3] if words[1:3] == ["-m", "workers.processes"] else Path(words[0]).name if len(words) < 4 else words[2]
    )


def visit(address: str, person: str) -> None:
    """Logs in and opens the pages, and some cases, three times."""
    visitor = Visit(address)
    visitor.login(person)
    for _ in range(3):
        for path in (*PAGES, *CASE.findall(visitor.get("/faelle").text)[:5]):
            visitor.get(path)
    visitor.close()


def used(address: str) -> None:
    """Some people at once."""
    visitor = Visit(address)
    people = PERSON.findall(visitor.client.get("/anmelden").text)[:AT_ONCE]
    visitor.close()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda person: visit(address, person), people))


def table(pid: int) -> dict[str, float]:
    """The figures, and their sum."""
    found = {name(one): round(megabytes(one), 1) for one in tree(pid)}
    return found | {"total": round(sum(found.values()), 1)}


def main(cases: str = "200") -> None:
    """Tells both tables."""
    with tempfile.TemporaryDirectory() as data:
        words = [sys.executable, "-m", "fallverlauf", "serve", "--demo", "--demo-cases", cases, "--port", "0"]
        environment = os.environ | {"FALLVERLAUF_DATA": data}
        with subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as serving:
            try:
                assert serving.stdout is not None
                address = serving.stdout.readline().partition(": ")[2].strip()
                time.sleep(REST)
                sys.stdout.write(f"at rest {table(serving.pid)}\n")
                used(address)
                sys.stdout.write(f"in use  {table(serving.pid)}\n")
            finally:
                serving.send_signal(signal.SIGTERM)


if __name__ == "__main__":
    main(*sys.argv[1:])
