"""How the office is kept: tables, checkpoints, erasure, backup, rows anew."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.commands.app import (
    Case,
    File,
    Format,
    app,
    opened,
    progress,
    say,
    show_list,
)
from services.failures import REFUSED

if TYPE_CHECKING:
    pass


@app.command(help="Legt die Tabellen an oder bringt sie auf den neuesten Stand.")
def migrate() -> None:
    """Creates or upgrades the tables; on PostgreSQL the only command that does, and waits a minute for the server."""
    from services.office import startup
    from services.records import database, rebuild, traces
    from services.records.vault import open_vault
    from services.settings import Settings

    settings = Settings()
    if not settings.embedded:
        engine = database.connect(settings.database)
        try:
            startup.patiently(lambda: database.is_current(engine), say, startup.PATIENCE_OF_MIGRATE)
            database.migrate(engine)
            rebuild.catch_up(engine, open_vault(engine, settings.master_key_file), say, wait=True)
        finally:
            engine.dispose()
    with opened() as office:
        rebuild.catch_up(office.engine, office.vault, say, wait=True)
        traces.clear(office.engine)
        say("Die Tabellen sind auf dem neuesten Stand.")


@app.command(help="Schreibt einen unterschriebenen Prüfpunkt über alle Fälle in die Prüfpunktdatei.")
def checkpoint(form: Format = "table") -> None:
    """Adds a signed line over all heads to the file outside the database."""
    from services.operations import checkpoints as checkpoint_file

    with opened() as office:
        answer = checkpoint_file.checkpoint(office)
    show_list(answer, form)


@app.command(help="Prüft, dass kein gespeicherter Eintrag verändert, entfernt oder umgestellt wurde.")
def verify(
    file: Annotated[Path | None, typer.Argument(metavar="[DATEI]", help="Eine Prüfpunktdatei.", readable=False)] = None,
    lists: Annotated[bool, typer.Option("--lists", help="Auch, dass die Listen aus den Einträgen folgen.")] = False,
    form: Format = "table",
) -> None:
    """Against the heads, and against a checkpoints file; exit status 1 if something was changed."""
    from services.operations import checkpoints as checkpoint_file
    from services.records.verification import said

    with opened(to_verify=True) as office:
        answer = checkpoint_file.verify(office, file, progress("Einträge geprüft"), lists=lists)
    show_list(answer, form)
    for one in answer["lists"]["different"] if lists else ():
        say(f"Die Listen weichen ab: Fall {one['case']}, Tabelle {one['table']}: {one['why']}")
    if (first := answer["first_break"]) is not None:
        say(said(first))
    if not answer["ok"]:
        raise typer.Exit(REFUSED)


@app.command(help="Löscht die Personendaten eines Falls; sein anonymer Verlauf bleibt.")
def erase(case: Case, form: Format = "table") -> None:
    """Destroys number, names and text key of one case; it cannot be taken back."""
    from services.operations import erasure as erasing

    with opened() as office:
        answer = erasing.erase(office, case)
    show_list(answer, form)


@app.command(help="Sichert alles in eine neue Datei, auch im laufenden Betrieb; ohne den Hauptschlüssel.")
def backup(file: File, form: Format = "table") -> None:
    """A copy as of one moment."""
    from services.operations import backup as copying

    with opened() as office:
        answer = copying.backup(office, file, progress("Zeilen gesichert"))
    show_list(answer, form)


@app.command(help="Spielt eine Sicherung in eine leere Datenbank zurück; der Hauptschlüssel muss schon da sein.")
def restore(
    file: File,
    unsigned: Annotated[bool, typer.Option("--unsigned", help="Auch eine ältere ohne Unterschrift.")] = False,
    form: Format = "table",
) -> None:
    """Mails nothing; what was erased since the backup is erased again."""
    from services.operations import restore as restoring
    from services.settings import Settings

    show_list(restoring.restore(Settings(), file, progress("Zeilen zurückgespielt"), unsigned=unsigned), form)


@app.command(help="Baut alle Auswertungstabellen neu aus den Einträgen auf.")
def rebuild(form: Format = "table") -> None:
    """Builds the read model again; sends nothing."""
    from services.records import rebuild as rows

    began = time.perf_counter()
    with opened() as office:
        cases, facts = rows.anew(office.engine, office.vault)
    show_list({"cases": cases, "facts": facts, "seconds": round(time.perf_counter() - began, 2)}, form)
