"""Facts in and out of the office: import and export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.commands import output
from services.commands.app import (
    File,
    Format,
    app,
    opened,
    progress,
    say,
    show,
    show_list,
    show_rows,
)
from services.commands.arguments import one_of
from services.failures import REFUSED

if TYPE_CHECKING:
    from services.exchange.told import Report
    from services.office.office import Office

EXPORTS = ("jsonl",)
SHOWN_REFUSALS = 20
_SNAPSHOT = "Die Datei ist ein voller Abzug dieses Systems: Was darin fehlt, wird zurückgenommen."
_ALLOWED = "So viele Rücknahmen sind gemeint, auch wenn es mehr als 5 % sind."
_CUTOVER = "Das neue System löst das alte ab: Bekanntes wird verbunden, nichts zurückgenommen."
_MAPPING = "Welcher Fall im neuen System wie heißt: Spalten „alt“ und „neu“."
_COLUMNS = {"column": "Spalte", "fact": "Eintrag", "field": "Feld", "words": "Wörter"}

Kind = Annotated[str, typer.Option("--as", parser=one_of(EXPORTS), metavar="jsonl", help="Die Form der Datei.")]


Named = Annotated[str | None, typer.Option("--profile", metavar="NAME|DATEI.toml", help="Das Profil einer Tabelle.")]


@app.command("import", help="Liest Einträge aus einer Datei im Fakten-Format (.jsonl) oder, mit Profil, einer Tabelle.")
def import_(
    file: File,
    profile: Named = None,
    update: Annotated[bool, typer.Option("--update", help="Geändertes als Berichtigung speichern.")] = False,
    snapshot: Annotated[str | None, typer.Option("--snapshot", metavar="SYSTEM", help=_SNAPSHOT)] = None,
    allow_withdrawals: Annotated[
        int | None, typer.Option("--allow-withdrawals", min=0, metavar="N", help=_ALLOWED)
    ] = None,
    cutover: Annotated[tuple[str, str] | None, typer.Option("--cutover", metavar="ALT NEU", help=_CUTOVER)] = None,
    mapping: Annotated[Path | None, typer.Option("--mapping", metavar="DATEI.csv", help=_MAPPING)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Nur prüfen, nichts speichern.")] = False,
    form: Format = "table",
) -> None:
    """Imports a file; exit status 1 if a line was refused."""
    from services.exchange import cutover as cutovers
    from services.exchange import told
    from services.exchange.asker import Asker
    from services.exchange.importing import import_file
    from services.exchange.profiles import at_hand
    from services.exchange.snapshot import Asked

    if allow_withdrawals is not None and snapshot is None:
        raise typer.BadParameter("--allow-withdrawals gilt nur mit --snapshot.")
    _check_cutover(cutover, mapping, snapshot)
    with opened() as office, _counted_until_stopped(dry_run) as progress:
        chosen = at_hand.named(profile, office.settings.data) if profile else None
        asked = Asked(snapshot, allow_withdrawals) if snapshot is not None else None
        turn = cutovers.Asked(*cutover, mapping) if cutover else None
        report = import_file(
            office,
            file,
            profile=chosen,
            update=update,
            snapshot=asked,
            cutover=turn,
            dry_run=dry_run,
            progress=progress,
            asker=Asker(say),
        )
        if not dry_run:
            _bear_witness(office, report)
    answer = told.answer(report, changes=bool(update or profile or asked or cutover))
    answer |= {"dry_run": True} if dry_run else {}
    counts = answer | {"rejected": len(report.rejected)}
    show(answer, form, list(answer), [answer], lambda: output.as_list(counts))
    _tell_refusals(report, file, "csv" if profile else "jsonl")


def _check_cutover(cutover: tuple[str, str] | None, mapping: Path | None, snapshot: str | None) -> None:
    if cutover is None:
        if mapping is not None:
            raise typer.BadParameter("--mapping gilt nur mit --cutover.")
        return
    if snapshot is not None:
        raise typer.BadParameter("--cutover nimmt nichts zurück und gilt nicht zusammen mit --snapshot.")
    if cutover[0] == cutover[1]:
        raise typer.BadParameter("--cutover braucht zwei verschiedene Systeme, das alte und das neue.")


@app.command(help="Zeigt die Importprofile; mit einem Namen dessen Spalten, mit --check, ob eine Datei dazu passt.")
def profiles(
    name: Annotated[str | None, typer.Argument(metavar="[NAME|DATEI.toml]", help="Ein Profil.")] = None,
    check: Annotated[Path | None, typer.Option("--check", metavar="DATEI", help="Gegen diese Tabelle prüfen.")] = None,
    form: Format = "table",
) -> None:
    """Needs no database; exit status 1 if the file or one of its rows does not fit."""
    from services.exchange import tables
    from services.exchange.profiles import at_hand
    from services.settings import Settings

    data = Settings().data
    if name is None:
        show_rows(
            {"rows": at_hand.overview(data)},
            ("name", "system", "facts", "where"),
            form,
            where="Herkunft",
            facts="Einträge",
        )
        return
    chosen = at_hand.named(name, data)
    if check is None:
        show_rows({"rows": at_hand.described(chosen)}, ("column", "fact", "field", "words"), form, **_COLUMNS)
        return
    seen = tables.tried(check, chosen)
    show_list({"read": seen.rows, "facts": seen.facts, "rejected": len(seen.refused)}, form)
    _tell_rows(seen.refused)
    if seen.refused:
        raise typer.Exit(REFUSED)


@contextmanager
def _counted_until_stopped(dry_run: bool) -> Iterator[Callable[[int, float], None]]:
    """Counts the lines that are done; if Ctrl-C ends the import, says what of it is kept."""
    kept, tell = 0, progress("Zeilen gelesen")

    def count(lines: int, share: float) -> None:
        nonlocal kept
        kept = 0 if dry_run else lines
        tell(lines, share)

    try:
        yield count
    except KeyboardInterrupt:
        say(f"{kept} Zeilen sind gespeichert; derselbe Befehl liest den Rest." if kept else "Nichts ist gespeichert.")
        raise


def _bear_witness(office: Office, report: Report) -> None:
    """A checkpoint after an import that has stored something; if there can be none, the import still counts."""
    from services import failures
    from services.operations import checkpoints as checkpoint_file

    if not (report.added or report.changed):
        return
    try:
        checkpoint_file.checkpoint(office)
    except Exception as error:
        reason = failures.sentence(error)
        if reason is None:
            raise
        report.problems.append(f"Gespeichert, aber ohne Prüfpunkt: {reason}")


def _tell_refusals(report: Report, file: Path, kind: str) -> None:
    _tell_rows(dict(report.rejected))
    if report.rejected and not report.problems:
        say(f"Die abgelehnten Zeilen stehen in {file}.rejected.{kind}.")
    for sentence in (*report.notes, *report.problems):
        say(sentence)
    if report.rejected or report.problems:
        raise typer.Exit(REFUSED)


def _tell_rows(refused: dict[int, str]) -> None:
    for line, reason in list(refused.items())[:SHOWN_REFUSALS]:
        say(f"Zeile {line}: {reason}")
    if len(refused) > SHOWN_REFUSALS:
        say(f"… und {len(refused) - SHOWN_REFUSALS} weitere Zeilen.")


@app.command(help="Schreibt alle Einträge in eine Datei; Freitexte und Namen nur mit --with-text.")
def export(
    file: File,
    kind: Kind,
    with_text: Annotated[bool, typer.Option("--with-text", help="Mit Texten und Namen; wird protokolliert.")] = False,
    form: Format = "table",
) -> None:
    """Exports all facts."""
    from services.exchange.exporting import export_facts

    with opened() as office:
        done = export_facts(office, file, with_text=with_text)
    show_list({"facts": done.facts, "file": done.file}, form)
