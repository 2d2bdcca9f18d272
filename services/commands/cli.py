"""The commands over the data: each asks one service and writes its answer (contract.md 1 and 3)."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.knowledge import Reading
from services.commands import output
from services.commands.arguments import AREAS, CLOCKS, STRATEGIES, day, length, moment, one_of, reading, rule_name
from services.failures import REFUSED
from services.questions.over import Over

if TYPE_CHECKING:
    from services.exchange.importing import Report
    from services.office.office import Office

FORMATS = ("table", "json", "csv")
EXPORTS = ("jsonl",)
OVER_HELP = "Nur wer so lange darin ist: 12m volle Monate, 365d mehr als so viele Tage."
CLOCK_HELP = "Verweildauer laut Balken (gross) oder bereinigt (net)."
READING_HELP = "Einträge ohne Erfassungszeitpunkt: bekannt ab Import (arrival) oder als am Wirksamkeitstag erfasst."
OFFER = (
    "Einträge ohne Erfassungszeitpunkt, die zu diesem Datenstand fehlen: {}. Mit --reading effective-day zählen sie "
    "als am Wirksamkeitstag erfasst."
)
SHOWN_REFUSALS = 20
PROGRESS_EVERY = 20_000

app = typer.Typer(
    name="fallverlauf",
    help="Fallverlauf: die Handlungsstrategie eines Falls über die Zeit.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Format = Annotated[
    str,
    typer.Option("--format", parser=one_of(FORMATS), metavar="table|json|csv", help="Die Form der Antwort."),
]
AsOf = Annotated[dt.date | None, typer.Option("--as-of", parser=day, metavar="TAG", help="Stichtag; sonst heute.")]
KnownAt = Annotated[
    dt.datetime | None,
    typer.Option("--known-at", parser=moment, metavar="ZEITPUNKT", help="Datenstand; ein Tag meint sein Ende."),
]
Read = Annotated[Reading, typer.Option("--reading", parser=reading, metavar="arrival|effective-day", help=READING_HELP)]
Kind = Annotated[str, typer.Option("--as", parser=one_of(EXPORTS), metavar="jsonl", help="Die Form der Datei.")]
Clock = Annotated[str, typer.Option("--clock", parser=one_of(CLOCKS), metavar="gross|net", help=CLOCK_HELP)]
File = Annotated[Path, typer.Argument(metavar="DATEI", readable=False)]  # whoever opens it says why it cannot be read
Case = Annotated[str, typer.Argument(metavar="FALL", help="Die Fallnummer.")]
Rows = Sequence[Mapping[str, Any]]


@contextmanager
def opened() -> Iterator[Office]:
    """The office of the settings in force."""
    from services.office.office import open_office
    from services.settings import Settings

    with open_office(Settings(), say) as office:
        yield office


def say(sentence: str) -> None:
    """One line for people, on standard error."""
    typer.echo(sentence, err=True)


def show(answer: Mapping[str, Any], form: str, columns: Sequence[str], rows: Rows, table: Callable[[], str]) -> None:
    """Writes an answer to standard output."""
    if form == "json":
        typer.echo(output.as_json(answer))
    else:
        typer.echo(output.as_csv(columns, rows) if form == "csv" else table())
    if (without := answer.get("recorded_unknown")) and "reading" not in answer:
        say(OFFER.format(without))


def show_list(answer: Mapping[str, Any], form: str) -> None:
    """Writes an answer that is one row."""
    show(answer, form, list(answer), [answer], lambda: output.as_list(answer))


@app.command(help="Legt die Tabellen an oder bringt sie auf den neuesten Stand.")
def migrate() -> None:
    """Creates or upgrades the tables; on PostgreSQL the only command that does, and waits a minute for the server."""
    from services.office import startup
    from services.office.office import catch_up
    from services.operations import erasure as erasing
    from services.records import database
    from services.settings import Settings

    settings = Settings()
    if not settings.embedded:
        engine = database.connect(settings.database)
        try:
            startup.patiently(lambda: database.is_current(engine), say, startup.PATIENCE_OF_MIGRATE)
            database.migrate(engine)
        finally:
            engine.dispose()
    with opened() as office:
        catch_up(office, say)
        erasing.clear_traces(office)
        say("Die Tabellen sind auf dem neuesten Stand.")


@app.command("import", help="Liest Einträge aus einer Datei im Fakten-Format (.jsonl).")
def import_(
    file: File,
    update: Annotated[bool, typer.Option("--update", help="Geändertes als Berichtigung speichern.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Nur prüfen, nichts speichern.")] = False,
    form: Format = "table",
) -> None:
    """Imports a file; exit status 1 if a line was refused."""
    from services.exchange.importing import import_file

    with opened() as office, _counted_until_stopped(dry_run) as progress:
        report = import_file(office, file, update=update, dry_run=dry_run, progress=progress)
        if not dry_run:
            _bear_witness(office, report)
    answer: dict[str, Any] = {"read": report.read, "added": report.added, "known": report.known}
    answer |= {"changed": report.changed, "withdrawn": 0, "matched": 0} if update else {}
    answer |= {"waiting": report.waiting}
    answer |= {"rejected": [{"line": line, "reason": reason} for line, reason in report.rejected]}
    answer |= {"dry_run": True} if dry_run else {}
    counts = answer | {"rejected": len(report.rejected)}
    show(answer, form, list(answer), [answer], lambda: output.as_list(counts))
    _tell_refusals(report, file)


@contextmanager
def _counted_until_stopped(dry_run: bool) -> Iterator[Callable[[int, float], None]]:
    """Counts the lines that are done; if Ctrl-C ends the import, says what of it is kept."""
    kept, tell = 0, _progress("Zeilen gelesen")

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


def _tell_refusals(report: Report, file: Path) -> None:
    for line, reason in report.rejected[:SHOWN_REFUSALS]:
        say(f"Zeile {line}: {reason}")
    if len(report.rejected) > SHOWN_REFUSALS:
        say(f"… und {len(report.rejected) - SHOWN_REFUSALS} weitere Zeilen.")
    if report.rejected and not report.problems:
        say(f"Die abgelehnten Zeilen stehen in {file}.rejected.jsonl.")
    for problem in report.problems:
        say(problem)
    if report.rejected or report.problems:
        raise typer.Exit(REFUSED)


def _progress(what: str) -> Callable[..., None]:
    """Tells on standard error how far a long command is; the share of the work, if it is known, comes second."""
    told = 0

    def tell(count: int, share: float | None = None) -> None:
        nonlocal told
        if count - told >= PROGRESS_EVERY:
            told = count
            say(f"{count} {what}" if share is None else f"{count} {what} ({share:.0%})")

    return tell


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
    form: Format = "table",
) -> None:
    """Against the heads, and against a checkpoints file; exit status 1 if something was changed."""
    from services.operations import checkpoints as checkpoint_file

    with opened() as office:
        answer = checkpoint_file.verify(office, file, _progress("Einträge geprüft"))
    show_list(answer, form)
    if not answer["ok"]:
        first = answer["first_break"]
        say(f"Der Bestand wurde verändert: Fall {first['case']}, Eintrag {first['number']}: {first['why']}")
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
        answer = copying.backup(office, file, _progress("Zeilen gesichert"))
    show_list(answer, form)


@app.command(help="Spielt eine Sicherung in eine leere Datenbank zurück; der Hauptschlüssel muss schon da sein.")
def restore(file: File, form: Format = "table") -> None:
    """Mails nothing; what was erased since the backup is erased again."""
    from services.operations import restore as restoring
    from services.settings import Settings

    show_list(restoring.restore(Settings(), file, _progress("Zeilen zurückgespielt")), form)


@app.command(help="Baut alle Auswertungstabellen neu aus den Einträgen auf.")
def rebuild(form: Format = "table") -> None:
    """Throws the read model away and builds it again; sends nothing."""
    from domain.facts import Stream
    from services.records import rebuild as crew

    began = time.perf_counter()
    with opened() as office, office.write() as tx:
        cases = list(office.store.streams(tx.conn, Stream.CASE))
        facts = crew.rebuild(tx.conn, cases)
    show_list({"cases": len(cases), "facts": facts, "seconds": round(time.perf_counter() - began, 2)}, form)


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
    with opened() as office, office.read() as tx:
        answer = question.stays(tx, wanted)
    _show_rows(answer, ("case", "unit", "area", "worker", "since", "gross", "net", "deductions"), form)


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
    _show_rows(answer, ("case", "rule", "stage", "due", "to", "reason"), form, to="an")


def _show_rows(answer: Mapping[str, Any], columns: Sequence[str], form: str, **heads: str) -> None:
    rows = answer["rows"]
    show(answer, form, columns, rows, lambda: output.with_head(answer, output.as_table(columns, rows, **heads)))


@app.command(help="Misst die Antworten neben dem schlichten Weg, an einer Demo in einem eigenen Ordner.")
def bench(
    cases: Annotated[int, typer.Option(min=0, max=20_000, metavar="ANZAHL", help="So viele erzeugte Fälle.")] = 5_930,
    form: Format = "table",
) -> None:
    """The figures of the README."""
    from services.commands import bench as measuring

    answer = measuring.bench(cases, lambda count, whole: say(f"{count} von {whole} Fällen der Demo sind angelegt."))
    columns = ("question", "ours", "plain", "ratio", "answers")
    heads = {"question": "Frage", "ours": "hier (ms)", "plain": "schlicht (ms)", "ratio": "Faktor", "answers": "Zeilen"}
    rows = answer["rows"]
    show(answer, form, columns, rows, lambda: _measured(answer, output.as_table(columns, rows, **heads)))


def _measured(answer: Mapping[str, Any], table: str) -> str:
    built = f"{answer['cases']} Fälle, {answer['facts']} Einträge, angelegt in {answer['built_in_seconds']} s"
    return f"{built}; Median aus {answer['runs']} Läufen.\n\n{table}"
