"""The lists: who stays how long, what is due."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from domain.knowledge import Reading
from services.commands.app import (
    CLOCK_HELP,
    AsOf,
    Format,
    KnownAt,
    Read,
    app,
    opened,
    show_rows,
    wrong_usage,
)
from services.commands.arguments import AREAS, CLOCKS, STRATEGIES, day, delivered, length, one_of, rule_name
from services.questions.over import Over

FROM_HELP = "Was eine ältere Ursache hat, ist ein Altfall; sonst keiner."
OVER_HELP = "Nur wer so lange darin ist: 12m volle Monate, 365d mehr als so viele Tage."


@app.command(help="Listet alle, die in einem offenen Balken dieser Strategie sind.")
def stays(
    strategy: Annotated[str, typer.Option("--strategy", parser=one_of(STRATEGIES), metavar="STRATEGIE")],
    over: Annotated[Over | None, typer.Option("--over", parser=length, metavar="12m|365d", help=OVER_HELP)] = None,
    clock: Annotated[
        str, typer.Option("--clock", parser=one_of(CLOCKS), metavar="gross|net", help=CLOCK_HELP)
    ] = "gross",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    unit: Annotated[list[str] | None, typer.Option("--unit", metavar="EINHEIT")] = None,
    area: Annotated[list[str] | None, typer.Option("--area", parser=one_of(AREAS), metavar="BEREICH")] = None,
    read_as: Read = Reading.ARRIVAL,
    form: Format = "table",
) -> None:
    """Everyone in an open bar of a strategy."""
    from services.questions import stays as question

    wanted = question.Wanted(strategy, over, clock, unit or (), area or (), as_of, known_at, reading=read_as)
    with opened() as office, office.read() as tx, wrong_usage("--"):
        answer = question.stays(tx, wanted)
    show_rows(answer, ("case", "unit", "area", "worker", "since", "gross", "net", "deductions"), form)


@app.command(help="Listet die Wiedervorlagen, die an einem Tag offen sind.")
def due(
    on: Annotated[dt.date | None, typer.Option("--on", parser=day, metavar="TAG", help="Sonst heute.")] = None,
    known_at: KnownAt = None,
    case: Annotated[str | None, typer.Option("--case", metavar="FALL")] = None,
    rule: Annotated[str | None, typer.Option("--rule", parser=rule_name, metavar="REGEL")] = None,
    read_as: Read = Reading.ARRIVAL,
    form: Format = "table",
) -> None:
    """The follow-ups open on a day."""
    from services.questions import due as question

    with opened() as office, office.read() as tx:
        answer = question.due(tx, question.Wanted(on, known_at, case, rule, read_as))
    show_rows(answer, ("case", "rule", "stage", "due", "to", "reason"), form, to="an")


@app.command(help="Zeigt, wie viele Meldungen wen erreichten, würden Regeln eingeschaltet; ändert nichts.")
def introduction(
    on: Annotated[dt.date | None, typer.Option("--on", parser=day, metavar="TAG", help="Sonst heute.")] = None,
    since: Annotated[dt.date | None, typer.Option("--applies-from", parser=day, metavar="TAG", help=FROM_HELP)] = None,
    rule: Annotated[list[str] | None, typer.Option("--rule", parser=delivered, metavar="REGEL")] = None,
    form: Format = "table",
) -> None:
    """The introduction plan."""
    from services.questions import introduction as question

    with opened() as office, office.read() as tx:
        wanted = question.Wanted(on or tx.today, (since,), tuple(rule or question.DELIVERED))
        answer = question.answer(tx, wanted)
    show_rows(answer, ("unit", "person", "messages", "legacy", "delivered"), form)


@app.command(help="Listet die Vorschläge für Einstellungen des Amts und was aus ihnen geworden ist.")
def proposals(form: Format = "table") -> None:
    """What waits for a second person, and what became of the others; decided is by people alone, never here."""
    from services.questions import proposed

    with opened() as office, office.read() as tx:
        answer = proposed.listed(tx, tx.today)
    show_rows(answer, proposed.COLUMNS, form)
