"""The chat at the command line: what a typed line would be understood as (Vertrag 3, `say`)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.commands.app import Format, app, opened, show_list
from services.commands.arguments import day
from services.records.words import number_typed

if TYPE_CHECKING:
    from services.dialogues.grammar import Understood


@app.command(help="Zeigt, was der Dialog aus einem Satz verstehen würde; geschrieben wird nichts.")
def say(
    text: Annotated[str, typer.Argument(metavar="SATZ", help="Was jemand schreiben würde, in Anführungszeichen.")],
    case: Annotated[str, typer.Option("--case", parser=number_typed, metavar="FALL", help="Der Fall im Blick.")] = "",
    on: Annotated[dt.date | None, typer.Option("--on", parser=day, metavar="TAG", help="Heute; sonst der Tag.")] = None,
    form: Format = "table",
) -> None:
    """What the chat would understand."""
    from domain.facts import Stream
    from services.casework import case as casework
    from services.dialogues import casewords, standing
    from services.dialogues.grammar import understand

    with opened() as office, office.read() as tx:
        today = on or office.today()
        heard = understand(text, today, case=case, known=casewords.known(tx))
        key = tx.store.key(tx.conn, Stream.CASE, heard.case) if heard.case else None
        if key and heard.command in standing.NAMING:
            heard = standing.held(heard, casework.view(tx, key, today).timeline)
    show_list(_row(heard), form)


def _row(heard: Understood) -> dict[str, Any]:
    return {
        "command": heard.command,
        "case": heard.case,
        "day": heard.day.isoformat() if heard.day else None,
        "time": heard.time,
        "name": heard.name,
        "subject": heard.subject,
        "strategy": heard.strategy,
        "sure": heard.sure,
        "choices": [option.command for option in heard.options],
        "refused": heard.refused,
    }
