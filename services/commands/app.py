"""The command line itself: its options, the opened office, and how an answer is written (Vertrag 1 and 3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer._click import Command, Context
from typer._click.exceptions import UsageError
from typer.core import TyperGroup

from domain.knowledge import Reading
from services.commands import output
from services.commands.arguments import CLOCKS, day, moment, one_of, reading
from services.records.words import number_typed

if TYPE_CHECKING:
    from services.office.office import Office

FORMATS = ("table", "json", "csv")
CLOCK_HELP = "Verweildauer laut Balken (gross) oder bereinigt (net)."
READING_HELP = "Einträge ohne Erfassungszeitpunkt: bekannt ab Import (arrival) oder als am Wirksamkeitstag erfasst."
OFFER = (
    "Einträge ohne Erfassungszeitpunkt, die zu diesem Datenstand fehlen: {}. Mit --reading effective-day zählen sie "
    "als am Wirksamkeitstag erfasst."
)
PROGRESS_EVERY = 20_000

ORDER = (
    *("migrate", "import", "profiles", "export", "checkpoint", "verify", "erase", "backup", "restore", "rebuild"),
    *(
        "timeline",
        "clocks",
        "stays",
        "due",
        "proposals",
        "introduction",
        "ask",
        "say",
        "bench",
        "invite",
        "bounces",
        "serve",
    ),
)


class Commands(TyperGroup):
    """The commands in the order of an operator's day, whichever topic was loaded first."""

    def list_commands(self, ctx: Context) -> list[str]:
        """Their names; one that `ORDER` does not know comes last."""
        names = super().list_commands(ctx)
        return sorted(names, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """The command that is named first; one that does not exist is refused in German, with the whole word."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            from services.records.reasons import nearest, shown  # they load slowly

            raise UsageError(f"Den Befehl {shown(args[0])} gibt es nicht.{nearest(args[0], self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=Commands,
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
Clock = Annotated[str, typer.Option("--clock", parser=one_of(CLOCKS), metavar="gross|net", help=CLOCK_HELP)]
File = Annotated[Path, typer.Argument(metavar="DATEI", readable=False)]  # whoever opens it says why it cannot be read
Case = Annotated[str, typer.Argument(parser=number_typed, metavar="FALL", help="Die Fallnummer.")]
Rows = Sequence[Mapping[str, Any]]


@contextmanager
def opened(*, to_verify: bool = False) -> Iterator[Office]:
    """The office of the settings in force; `to_verify` opens one, too, that nothing else may work with."""
    from services.office.office import open_office
    from services.settings import Settings

    with open_office(Settings(), say, to_verify=to_verify) as office:
        yield office


@contextmanager
def wrong_usage(sign: str = "") -> Iterator[None]:
    """What is asked for and cannot be is wrong usage; each parameter is named, with the sign of an option before it."""
    from domain.decisions.refusal import Refused
    from services.questions.library import UnknownQuestion

    try:
        yield
    except Refused as error:
        raise UsageError(" ".join(f"{sign}{name}: {sentence}" for name, sentence in error.reasons)) from None
    except UnknownQuestion as error:
        raise UsageError(str(error)) from None


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


def show_rows(answer: Mapping[str, Any], columns: Sequence[str], form: str, **heads: str) -> None:
    """Writes an answer that is a list of rows, with its head."""
    rows = answer["rows"]
    show(answer, form, columns, rows, lambda: output.with_head(answer, output.as_table(columns, rows, **heads)))


def progress(what: str) -> Callable[..., None]:
    """Tells on standard error how far a long command is; the share of the work, if it is known, comes second."""
    told = 0

    def tell(count: int, share: float | None = None) -> None:
        nonlocal told
        if count - told >= PROGRESS_EVERY:
            told = count
            say(f"{count} {what}" if share is None else f"{count} {what} ({share:.0%})")

    return tell
