"""What a file is and what its first rows would become: read by a process of its own, whose memory and time are bounded.

A small file can unpack to more than a machine holds; here that ends this process and nothing else.
"""

from __future__ import annotations

import datetime as dt
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from domain import words
from domain.facts import Mark, marks
from services.exchange import tables
from services.exchange.lines import Frame, read, too_long
from services.exchange.profiles.cells import Reading
from services.exchange.profiles.profile import Layout, Profile, columns
from services.exchange.profiles.readers.opening import opened
from services.exchange.profiles.readers.table import TOP, Cell, Unreadable, names
from services.exchange.profiles.readers.xlsx import Xlsx
from services.exchange.profiles.rows import Rows
from services.exchange.source import Raw, Source
from services.exchange.uploads.shelf import Shown, Told, Top
from services.failures import Said
from services.interpreter import found_here
from services.records.fields import date_fields
from services.records.reasons import Refused, shown

MEMORY = 2 * 1024 * 1024 * 1024  # bytes
SECONDS = 120
FIRST = 10  # rows that are shown
SHEETS = 10  # of a workbook that are looked at
MOST_WORDS = 40  # of a column that is put into the words of a fact
WIDEST = 100  # characters of a cell of the head
HIDDEN = (Mark.TEXT, Mark.NAME)
TOO_MUCH = "Die Datei braucht beim Lesen zu viel Speicher oder Zeit; bitte auf mehrere Dateien verteilen."
WRONG_CONTENT = "Der Inhalt passt nicht; er steht in der Datei der abgelehnten Zeilen."


class Asked(Struct, frozen=True):
    """A file, and for its first rows by whom and when it is read; `profile` for a table."""

    path: str
    profile: Profile | None = None
    frame: tuple[dt.datetime, str] | None = None
    layout: Layout | None = None
    columns: list[str] = []


class Seen(Struct, frozen=True):
    """What was seen; `problem` is the sentence why it cannot be read."""

    encoding: str | None = None
    delimiter: str | None = None
    tops: list[Top] = []
    first: list[Shown] = []
    words: dict[str, list[str]] = {}
    problem: str | None = None


def top(path: Path) -> Seen:
    """The first rows of each sheet of a table. Raises Unreadable."""
    return _elsewhere(Asked(str(path)))


def first_rows(path: Path, profile: Profile | None, frame: Frame) -> list[Shown]:
    """What the first rows would become, personal text by its length alone. Raises Unreadable."""
    return _elsewhere(Asked(str(path), profile, (frame.now, frame.by))).first


def words_of(path: Path, layout: Layout, columns: list[str]) -> dict[str, list[str]]:
    """The words that stand in each of these columns, sorted, at most one more than `MOST_WORDS`. Raises Unreadable."""
    return _elsewhere(Asked(str(path), layout=layout, columns=columns)).words


def without_content(reason: str, profile: Profile | None) -> str:
    """Why a row was refused, without what stands in a column of names or free text."""
    parts = [column for column in _hidden_columns(profile) if shown(column) in reason]
    return f"Spalte {', '.join(map(shown, parts))}: {WRONG_CONTENT}" if parts else reason


def _hidden_columns(profile: Profile | None) -> list[str]:
    given = profile.fact if profile else ()
    told = ((one.fact, name, said.column) for one in given for name, said in one.told())
    return [column for fact, name, said in told if marks(fact).get(name) in HIDDEN for column in columns(said)]


def _elsewhere(asked: Asked) -> Seen:
    words = [sys.executable, "-m", "services.exchange.uploads.seen"]
    try:
        done = subprocess.run(
            words,
            env=found_here(),
            input=msgspec.json.encode(asked),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=2 * SECONDS,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise Unreadable(TOO_MUCH) from None
    found = msgspec.json.decode(done.stdout, type=Seen)
    if found.problem is not None:
        raise Unreadable(found.problem)
    return found


def _top(path: Path) -> Seen:
    with opened(path, Layout(header=0)) as table:
        sheets: list[str | None] = list(table.sheets[:SHEETS]) if isinstance(table, Xlsx) else [None]
        encoding, delimiter = (None, None) if isinstance(table, Xlsx) else (table.encoding, table.delimiter)
    return Seen(encoding, delimiter, [_sheet(path, sheet) for sheet in sheets])


def _sheet(path: Path, sheet: str | None) -> Top:
    with opened(path, Layout(sheet=sheet, header=0)) as table:
        above: Iterator[Sequence[Cell]] = table.above()
        rows = [[one[:WIDEST] for one in names(cells)] for cells in islice(above, TOP)]
    return Top(sheet, list(enumerate(rows, 1)))


def _first(path: Path, profile: Profile | None, frame: Frame) -> list[Shown]:
    if profile is None:
        with Source(path) as source:
            return [_shown(one.number, partial(_line, one), None, frame) for one in islice(source.lines(), FIRST)]
    with opened(path, profile.file) as table:
        rows = Rows(profile, table, frame.now)
        return [
            _shown(row.number, partial(tables.facts_of, row, rows, frame), profile, frame)
            for row in islice(table.rows(), FIRST)
        ]


def _words(path: Path, layout: Layout, columns: list[str]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {column: set() for column in columns}
    with opened(path, layout) as table:
        reading = Reading(layout, dt.datetime.now(dt.UTC))
        places = [(table.head.index(column), found[column]) for column in columns if column in table.head]
        for row in table.rows():
            for at, words in places:
                if at < len(row.cells) and len(words) <= MOST_WORDS:
                    words.add(reading.text(row.cells[at]))
    return {column: sorted(words - {""}) for column, words in found.items()}


def _line(one: Raw) -> list[bytes]:
    if one.content is None:
        raise too_long(one.size)
    return [one.content]


def _shown(number: int, facts: Callable[[], list[bytes]], profile: Profile | None, frame: Frame) -> Shown:
    try:
        lines = facts()
        for line in lines:
            read(line, frame)
    except Refused as refused:
        return Shown(number, reason=without_content(str(refused), profile))
    return Shown(number, [_told(msgspec.json.decode(line)) for line in lines])


def _told(said: dict[str, Any]) -> Told:
    known = marks(said["fact"])
    about = next((str(said[key]) for key in ("case", "person", "unit", "office") if key in said), "")
    days = date_fields(said["fact"])
    fields = [
        (name, words.day(dt.date.fromisoformat(value)) if name in days and value else _as_shown(value, known.get(name)))
        for name, value in said.get("data", {}).items()
    ]
    return Told(said["fact"], about, str(said["on"]), fields)


def _as_shown(value: Any, mark: Mark | None) -> str:
    match value:
        case str() if mark in HIDDEN:
            return f"Text ({len(value)} Zeichen)"
        case dict():
            return f"{len(value)} Angaben"
        case list():
            return ", ".join(_as_shown(one, mark) for one in value)
        case bool():
            return "ja" if value else "nein"
    return str(value)


def _answered(asked: Asked, path: Path) -> Seen:
    if asked.layout:
        return Seen(words=_words(path, asked.layout, asked.columns))
    return Seen(first=_first(path, asked.profile, Frame(*asked.frame))) if asked.frame else _top(path)


def main() -> None:
    """Answers one question on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Asked)
    try:
        found = _answered(asked, Path(asked.path))
    except Said as error:
        found = Seen(problem=str(error))
    sys.stdout.buffer.write(msgspec.json.encode(found))


if __name__ == "__main__":
    main()
