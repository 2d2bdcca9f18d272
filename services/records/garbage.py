"""How often Python looks for objects that only refer to each other: seldom where work makes many and keeps them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (100_000, 50, 100)  # in place of (700, 10, 10): each look walks through everything that waits to be stored


def settle() -> None:
    """For a process that only computes: what is loaded stays, and it looks seldom."""
    gc.freeze()
    gc.set_threshold(*SELDOM)


@contextmanager
def seldom() -> Iterator[None]:
    """While long work goes on; afterwards as before."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
