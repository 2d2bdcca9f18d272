"""What a run of the bench has found so far."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable
from typing import Any

import typer

from services.commands.side_by_side import HEADS
from services.commands.side_by_side.row import Row
from tests.bench import readme
from tests.bench.growth import Grown
from tests.postgresql import Missing


class Found:
    """Rows, part by part; a part that fails costs its own further rows alone."""

    def __init__(self) -> None:
        self.head = ""
        self.rows: list[Row] = []
        self.grown: list[Grown] = []
        self.failed: list[str] = []
        self.left_out: list[str] = []  # sentences
        self._began = time.perf_counter()

    def measure(self, part: Callable[..., Iterable[Row | Grown]], *given: Any) -> None:
        """Takes the rows of one part as they come."""
        try:
            for row in part(*given):
                (self.rows if isinstance(row, Row) else self.grown).append(row)
                self.say(" · ".join(map(str, row.shown().values())))
        except Missing as why:
            self.left_out.append(str(why))
            self.say(str(why))
        except Exception:
            self.failed.append(part.__name__)
            self.say(traceback.format_exc())

    def say(self, sentence: str) -> None:
        """Tells how far it is."""
        typer.echo(f"{time.perf_counter() - self._began:5.0f} s  {sentence}", err=True)

    def block(self) -> str:
        """What stands between the marks of the README."""
        parts = [self.head, readme.table(HEADS, [row.shown() for row in self.rows])]
        if self.grown:
            parts.append(readme.table(readme.GROWN, [row.shown() for row in self.grown]))
        if self.failed:
            parts.append(f"Nicht zu Ende gemessen: {', '.join(self.failed)}.")
        return "\n\n".join([*parts, *self.left_out])
