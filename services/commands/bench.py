"""The side-by-side figures of the README."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from services.commands import output
from services.commands.app import (
    Format,
    app,
    say,
    show,
)


@app.command(help="Misst die Antworten neben einem anderen Weg, an einer Demo in einem eigenen Ordner.")
def bench(
    cases: Annotated[int, typer.Option(min=0, max=200_000, metavar="ANZAHL", help="So viele erzeugte Fälle.")] = 5_930,
    form: Format = "table",
) -> None:
    """The figures of the README."""
    from services.commands import side_by_side

    answer = side_by_side.bench(cases, lambda count, whole: say(f"{count} von {whole} Fällen der Demo sind angelegt."))
    heads = side_by_side.HEADS | {"answers": "Zeilen"}
    columns = tuple(heads)
    rows = answer["rows"]
    show(answer, form, columns, rows, lambda: _measured(answer, output.as_table(columns, rows, **heads)))


def _measured(answer: Mapping[str, Any], table: str) -> str:
    built = f"{answer['cases']} Fälle, {answer['facts']} Einträge, angelegt in {answer['built_in_seconds']} s"
    return f"{built}; Median aus {answer['runs']} Läufen.\n\n{table}"
