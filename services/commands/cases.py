"""One case: its lanes and its clocks."""

from __future__ import annotations

from domain.knowledge import Reading
from services.commands import output
from services.commands.app import (
    AsOf,
    Case,
    Format,
    KnownAt,
    Read,
    app,
    opened,
    show,
)


@app.command(help="Zeigt die Spuren eines Falls und seine Abweichungen.")
def timeline(
    case: Case,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    read_as: Read = Reading.ARRIVAL,
    form: Format = "table",
) -> None:
    """The timeline of one case."""
    from services.questions import casefile

    with opened() as office, office.read() as tx:
        answer = casefile.timeline(tx, case, as_of, known_at, read_as)
    rows = output.timeline_rows(answer)
    columns = ("lane", "from", "to", "value", "facts")
    show(answer, form, columns, rows, lambda: output.with_head(answer, output.as_table(columns, rows)))


@app.command(help="Zeigt jede Uhr eines Falls mit jedem Abzug.")
def clocks(
    case: Case,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    read_as: Read = Reading.ARRIVAL,
    form: Format = "table",
) -> None:
    """The clocks of one case."""
    from services.questions import casefile

    with opened() as office, office.read() as tx:
        answer = casefile.clocks(tx, case, as_of, known_at, read_as)
    row = {key: value for key, value in answer.items() if key not in ("days", "deductions")}
    row |= answer["days"] | {"deductions": answer["deductions"]}
    show(answer, form, list(row), [row], lambda: output.as_list(row))
