"""Who may come in while there is no provider of log-ins, and to whom no mail comes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from services import failures
from services.commands.app import Format, app, opened, say, show_list

_FIRST = "Trägt die erste Person der EDV in ein leeres Verzeichnis ein."

Person = Annotated[str, typer.Argument(metavar="PERSON", help="Die Kennung der Person im Verzeichnis, z. B. edv-1.")]


@app.command(help="Gibt einen Einmal-Link zum Anmelden auf diesem Rechner aus, solange es keinen Anmeldedienst gibt.")
def invite(
    person: Person, first: Annotated[bool, typer.Option("--first", help=_FIRST)] = False, form: Format = "table"
) -> None:
    """Ten minutes, once; what stands behind the # is sent to nobody before it is redeemed."""
    from services.messages import mail
    from services.people import invites
    from services.records.words import number_typed
    from services.settings import is_loopback

    with opened() as office:
        with office.write() as tx:
            made = invites.invite(tx, number_typed(person), first=first)
        with office.read() as tx:
            there = mail.served_at(tx.conn)
    here = there if is_loopback(urlsplit(there).hostname or "") else mail.ON_THIS_MACHINE
    answer = {"link": f"{here}/anmelden#{made.token}", "until": made.until.isoformat(timespec="seconds")}
    show_list(answer, form)
    say(f"Der Link gilt einmal und bis {made.until:%H:%M} Uhr, auf diesem Rechner, während „fallverlauf serve“ läuft.")


@app.command(help="Liest Berichte des Mailservers über Mails, die nicht angekommen sind (RFC 3464).")
def bounces(
    files: Annotated[list[str], typer.Argument(metavar="DATEI…", help="Je ein Bericht als Mail, oder -.")],
) -> None:
    """Each report by itself: what one of them lacks keeps no other from being taken."""
    from services.messages import bounces as reports

    wrong = 0
    with opened() as office:
        for name in files:
            try:
                content = sys.stdin.buffer.read(reports.LARGEST + 1) if name == "-" else Path(name).read_bytes()
                with office.write() as tx:
                    count = reports.take(tx, content)
            except (reports.NotOurs, OSError) as error:
                wrong += 1
                say(f"{name}: {failures.sentence(error) or 'Die Datei lässt sich nicht lesen.'}")
            else:
                said = {0: "schon", 1: "Eine Adresse"}.get(count, f"{count} Adressen")
                say(f"{name}: {said} beiseitegelegt.")
    if wrong:
        raise typer.Exit(1)
