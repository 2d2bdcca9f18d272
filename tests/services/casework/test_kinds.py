"""Threads that all begin with the same kinds of facts read them, in a process that has read none before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from domain.facts import FACTS
from services.office.office import Office, mark_test_data
from services.records import codec
from services.web.app import create_app

TOGETHER = """
import sys, threading
import msgspec
from domain.facts import FACTS
from services.casework import kinds
from services.records import codec

def read():
    together.wait()
    for name, kind in FACTS.items():
        for reads in (codec.decoder(name).decode, lambda text: msgspec.convert({}, kind)):
            try:
                reads(b'{"ref": "r", "data": {}}')
            except msgspec.ValidationError:
                pass

kinds.learn()
sys.setswitchinterval(1e-6)
together = threading.Barrier(8)
threads = [threading.Thread(target=read) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_threads_that_begin_together_read_every_kind() -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", TOGETHER], cwd=root, check=False, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_whoever_serves_pages_has_learned_them(office: Office) -> None:
    with office.write() as tx:
        mark_test_data(tx)
    codec.decoder.cache_clear()
    create_app(office)
    assert codec.decoder.cache_info().currsize == len(FACTS)
