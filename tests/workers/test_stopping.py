"""A signal is heard at any moment, also in the middle of a wait."""

from __future__ import annotations

import subprocess
import sys

from services.interpreter import ROOT

MANY = """
import signal
from workers.stopping import Stop
told = []
signal.signal(signal.SIGALRM, lambda *_: told[-1].set())
for round in range(4000):
    told.append(Stop())
    signal.setitimer(signal.ITIMER_REAL, 0.0002 + (round % 50) * 1e-6)
    while not told[-1].wait(0.00002):
        pass
print(len(told))
"""


def test_four_thousand_signals_are_heard_while_somebody_waits() -> None:
    """With an Event one of the first hundred is never heard: its handler waits for who waits."""
    said = subprocess.run(
        [sys.executable, "-c", MANY], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert said.stdout.strip() == "4000"
