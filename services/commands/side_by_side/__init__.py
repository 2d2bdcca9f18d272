"""What the read model saves, measured: each question beside another way to answer it, over one invented office."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from domain.facts import Stream
from services import demo
from services.commands.side_by_side.filling import imported, rebuilt
from services.commands.side_by_side.reading import beside_facts, beside_statements
from services.commands.side_by_side.row import RUNS, Row
from services.commands.side_by_side.writing import one_fact
from services.office.office import Office, open_office
from services.records import tables
from services.settings import Settings

PARTS: tuple[Callable[[Office, int], Iterator[Row]], ...] = (
    beside_facts,
    beside_statements,
    one_fact,
    rebuilt,
    imported,
)
HEADS = {
    "question": "Frage",
    "goal": "Ziel",
    "ours": "hier (ms)",
    "theirs": "dort (ms)",
    "ratio": "Faktor",
    "met": "erreicht",
}
Progress = Callable[[int, int], None]


def bench(cases: int, progress: Progress | None = None, runs: int = RUNS) -> dict[str, Any]:
    """Builds a demo of so many synthetic cases in a folder of its own and measures over it. Raises Differs."""
    with built(cases, progress) as (office, head):
        rows = [row.shown() for part in PARTS for row in part(office, runs)]
        return head | {"runs": runs, "rows": rows}


@contextmanager
def built(cases: int, progress: Progress | None, folder: Path | None = None) -> Iterator[tuple[Office, dict[str, Any]]]:
    """The office of the bench, and what is said of it; it is kept in `folder`, and there it may lie already."""
    with tempfile.TemporaryDirectory(prefix="fallverlauf-bench-") as fresh:
        data = folder or Path(fresh)
        database = f"sqlite:///{data.absolute() / 'fallverlauf.db'}"
        with open_office(Settings(data=data, database=database, master_key_file=data / "master.key")) as office:
            began = time.perf_counter()
            is_new = demo.ensure(office, cases, progress)
            seconds = round(time.perf_counter() - began, 1) if is_new else None
            yield office, {**_size(office), "built_in_seconds": seconds}


def _size(office: Office) -> dict[str, int]:
    of_cases = select(func.count(), func.sum(tables.heads.c.number)).join_from(tables.streams, tables.heads)
    with office.read() as tx:
        count, facts = tx.conn.execute(of_cases.where(tables.streams.c.kind == Stream.CASE)).one()
    return {"cases": count, "facts": facts}
