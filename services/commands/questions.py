"""The library of questions: all of them, the answer to one, and what then and now differ in (Vertrag 3, `ask`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer._click.exceptions import UsageError

from domain.knowledge import Reading
from services.commands import output
from services.commands.app import AsOf, Format, KnownAt, Read, app, opened, show, wrong_usage

if TYPE_CHECKING:
    from services.questions.question import Question

PARAM_HELP = "Eine Angabe der Frage, z. B. months=12; eine Liste nennt sie mehrmals."
DIFFERENCE_HELP = "Vergleicht die Liste von damals mit der von heute und nennt die Ursachen."
OF_ALL = ("case", "unit", "area", "worker")


@app.command(help="Stellt eine Frage der QS; ohne Frage nennt es alle, mit ihren Angaben.")
def ask(
    question: Annotated[str | None, typer.Argument(metavar="FRAGE", help="Nummer oder Kurzname.")] = None,
    param: Annotated[list[str] | None, typer.Option("--param", metavar="NAME=WERT", help=PARAM_HELP)] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    read_as: Read = Reading.ARRIVAL,
    difference: Annotated[bool, typer.Option("--difference", help=DIFFERENCE_HELP)] = False,
    form: Format = "table",
) -> None:
    """A question of the library, or all there are."""
    from services.questions import answers, library
    from services.questions import difference as differences

    with opened() as office, office.read() as tx:
        if question is None:
            _show_library(library.listed(tx), form)
            return
        with wrong_usage():
            row = library.question(question)
            asked = answers.filled(tx, row, _given(param or (), as_of, known_at, read_as))
        answer = differences.answer(tx, asked) if difference else answers.ask(tx, asked)
    _show(answer, row, form)


def _given(
    param: Sequence[str], as_of: dt.date | None, known_at: dt.datetime | None, reading: Reading
) -> dict[str, list[str]]:
    """Every parameter with its values as text; the options are parameters, too."""
    given: dict[str, list[str]] = {}
    for text in param:
        name, sign, value = text.partition("=")
        if not sign:
            raise UsageError(f"--param erwartet NAME=WERT, nicht „{text[:40]}“.")
        given.setdefault(name, []).append(value)
    if as_of is not None:
        given.setdefault("as_of", []).append(as_of.isoformat())
    if known_at is not None:
        given.setdefault("known_at", []).append(known_at.isoformat())
    if reading is not Reading.ARRIVAL:
        given.setdefault("reading", []).append(reading.value)
    return given


def _show_library(answer: Mapping[str, Any], form: str) -> None:
    rows = [
        {**one, "parameters": [f"{blank['name']}={_default(blank['default'])}" for blank in one["parameters"]]}
        for one in answer["questions"]
    ]
    columns = ("number", "id", "title", "parameters")
    heads = {"number": "Nr.", "id": "Kurzname", "title": "Frage", "parameters": "Angaben"}
    show(answer, form, columns, rows, lambda: output.as_table(columns, rows, **heads))


def _default(value: Any) -> str:
    return "" if value is None else ",".join(value) if isinstance(value, list) else str(value)


def _show(answer: Mapping[str, Any], question: Question, form: str) -> None:
    """The rows, or with the difference those in one list only; above a table the sentence, below it the recipe."""
    heads = {column.name: column.head for column in question.columns}
    columns: tuple[str, ...] = (*OF_ALL, *heads)
    rows = answer["rows"]
    if "gone" in answer:
        columns = ("list", *columns, "causes")
        rows = [{"list": side, **row} for side, some in (("then", "gone"), ("now", "come")) for row in answer[some]]
        heads |= {"list": "nur in", "causes": "Ursachen"}
    below = ("", f"Rezept: {answer['recipe']}")
    show(
        answer, form, columns, rows,
        lambda: "\n".join((answer["sentence"], "", output.as_table(columns, rows, **heads), *below)),
    )  # fmt: skip
