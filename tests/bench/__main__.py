"""`make bench`: measures everything and writes what it has found into the README."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from notifications.render import number
from services.commands import side_by_side
from services.commands.side_by_side.row import RUNS
from services.questions.typed import thousands
from tests.bench import clicking, growth, postgresql, readme
from tests.bench.found import Found

README = Path(__file__).parents[2] / "README.md"


def main(
    cases: int = 5_930,
    office: Annotated[Path | None, typer.Option(help="A folder in which the office is kept, or lies already.")] = None,
    into: Annotated[Path, typer.Option(help="The file with the marks.")] = README,
    runs: int = RUNS,
    people: Annotated[int, typer.Option(help="So many click.")] = clicking.PEOPLE,
    seconds: Annotated[float, typer.Option(help="For so long.")] = clicking.SECONDS,
) -> None:
    """Measures part by part; what one part found is written even if a later one fails."""
    found = Found()
    try:
        with side_by_side.built(cases, lambda count, whole: found.say(f"{count}/{whole} cases"), office) as (
            opened,
            head,
        ):
            found.head = _head(head, runs)
            for part in side_by_side.PARTS:
                found.measure(part, opened, runs)
            found.measure(clicking.clicking, opened.settings.data, people, seconds)
            found.measure(growth.with_cases, opened, head["cases"])
        found.measure(postgresql.writing)
        found.measure(growth.with_facts)
    finally:
        if found.rows:
            into.write_text(readme.written(into.read_text(encoding="utf-8"), found.block()), encoding="utf-8")
    if found.failed:
        raise typer.Exit(1)


def _head(head: dict[str, Any], runs: int) -> str:
    seconds = head["built_in_seconds"]
    built = "" if seconds is None else f", angelegt in {number(seconds)} s"
    size = f"{thousands(head['cases'])} Fälle mit {thousands(head['facts'])} Einträgen{built}"
    return f"{size}; SQLite, {len(os.sched_getaffinity(0))} Kerne; Median aus {runs} Läufen."


if __name__ == "__main__":
    typer.run(main)
