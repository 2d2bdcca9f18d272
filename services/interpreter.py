"""Knows how another Python is started that finds the service where this one has found it."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def found_here() -> dict[str, str]:
    """The environment of another Python that finds the service where this one has found it."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path}
