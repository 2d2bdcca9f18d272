"""A paper: parts with lines and tables, shown as a page or written as a PDF from the same words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from domain.periods import local_day
from services.web.case.entries import EntryRow
from services.web.case.view import CaseFile
from services.web.words import dates

HEAD = ("Gültig am", "Erfasst am", "Eintrag", "Von")


class Table(NamedTuple):
    """A head and rows of as many cells; a cell may have several lines."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


class Part(NamedTuple):
    """A part under its heading: sentences, pairs of a word and what it says, a table; what is empty is left out."""

    heading: str
    lines: Sequence[str] = ()
    pairs: Sequence[tuple[str, str]] = ()
    table: Table | None = None


class Paper(NamedTuple):
    """A whole paper; `made`: the sentence that says as of when it was made."""

    title: str
    made: str
    parts: Sequence[Part]


def at(moment: dt.datetime) -> str:
    """A moment without its element, as paper has none."""
    return dates.moment(moment).striptags()


def made(file: CaseFile, now: dt.datetime) -> str:
    """As of when the paper says what it says."""
    moment = file.moment
    if moment.known_at is None and moment.as_of == local_day(now):
        return f"Erstellt am {at(now)} aus allen Einträgen bis dahin."
    return f"Erstellt am {at(now)} zum Stichtag {dates.plain(moment.as_of)}, Datenstand {moment.known_words}."


def table_of(rows: Iterable[EntryRow]) -> Table:
    """Entries in the order of their days, the steps of an appointment each for itself, with what was changed since."""
    each = sorted((one for row in rows for one in (row.steps or (row,))), key=lambda one: (one.on, one.recorded_at))
    return Table(HEAD, [cells(one) for one in each])


def cells(one: EntryRow) -> tuple[str, str, str, str]:
    """A row of `HEAD`."""
    said = [f"{one.title} (zurückgenommen)" if one.gone else one.title]
    said += [f"{label}: {value}" for label, value in one.words]
    said += history(one)
    return dates.plain(one.on), at(one.recorded_at), "\n".join(said), one.by


def history(one: EntryRow) -> list[str]:
    """What was done to the entry since, a line each."""
    found = []
    for change, altered in one.history:
        fields = "; ".join(f"{label} bisher {old}" for label, old, new in altered.fields if new)
        why = f"; Grund: {change.why}" if change.why else ""
        found.append(f"{altered.became} am {at(change.at)} von {change.by}{f': {fields}' if fields else ''}{why}")
    return found
