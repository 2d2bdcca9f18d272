"""Cases as rows of a file: what the lists of pages show, without names."""

from __future__ import annotations

import datetime as dt

from services.questions.cases import CaseRow
from services.web.sheets.sheet import Cell
from services.web.words import dates, labels

HEAD = (
    *("Fall", "Stand", "Strategie", "seit", "laut Balken (Tage)", "bereinigt (Tage)", "Einheit", "Bereich"),
    *("Nächster Termin", "Nächste Frist", "Letzter Kontakt", "Offene Wiedervorlagen"),
)
EVERY = 10**6  # more cases than any list has
NAMELESS = "Ohne Namen; mit der Nummer lässt sich der Fall in Fallverlauf öffnen."


def cells(row: CaseRow) -> list[Cell]:
    """A row of `HEAD`."""
    return [
        row.number,
        "abgeschlossen" if row.closed else "laufend",
        labels.code(row.strategy) if row.strategy else "keine",
        row.since,
        row.gross,
        row.net,
        row.unit,
        labels.code(row.area) if row.area else None,
        row.next_appointment,
        row.next_limit,
        row.last_contact,
        row.open_followups,
    ]


def origin(title: str, asked: str, made: dt.datetime) -> list[tuple[str, str]]:
    """What the list is and where it comes from; `asked`: what it was narrowed to, in words, "" for nothing."""
    said = [("Liste", title), ("Auswahl", asked or "alle"), ("Erstellt am", dates.moment(made).striptags())]
    return [*said, ("Hinweis", NAMELESS)]


def cut(held: int, count: int, instead: str) -> list[tuple[str, str]]:
    """That a file holds only so many rows of a longer list, for its origin; nothing if it holds all."""
    return [("Nicht vollständig", part_of(held, count, instead))] if held < count else []


def part_of(held: int, count: int, instead: str) -> str:
    """That a file holds, or would hold, only so many rows of a longer list; `instead`: how to get the others."""
    return f"Die Datei enthält nur die ersten {dates.number(held)} von {dates.number(count)} Zeilen. {instead}"
