"""The Vermerk of one decision for the leading file (Fachkonzept 5.10): number, day, content, who, when recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from domain.facts import declared, name_of
from domain.filed import FOR_THE_FILE
from domain.records import Record
from services.web.case import entries
from services.web.case.entries import EntryRow
from services.web.case.view import CaseFile
from services.web.papers import paper
from services.web.papers.paper import Paper, Part
from services.web.words import dates


def of(file: CaseFile, ref: str, now: dt.datetime, decided: Collection[str]) -> Paper | None:
    """The Vermerk of an entry, with what was decided in the same step and what it answers; None: there is none.

    `decided`: the ids of the decisions taken in the case. What came in one import was not decided together.
    """
    record = next((one for one in file.records if one.ref == ref), None)
    if record is None or type(record.fact) not in FOR_THE_FILE:
        return None
    found = rows(file)
    together = [found[one.ref] for one in _together(file.records, record, decided) if one.ref in found]
    before = [found[one.ref] for one in _before(file.records, record) if one.ref in found]
    return Paper(
        f"Vermerk zum Fall {file.number}",
        paper.made(file, now),
        [
            Part(file.named(record), pairs=_who(file, found[ref])),
            *(Part("Inhalt" if len(together) == 1 else one.title, pairs=_content(one)) for one in together),
            *([Part("Dazu gehört", table=paper.table_of(before))] if before else []),
        ],
    )


def rows(file: CaseFile) -> dict[str, EntryRow]:
    """The entries of a case with their texts, by reference."""
    found = entries.rows(file, True, entries.changes(file, with_text=True), withdrawn=True)
    return {one.ref: one for row in found for one in (row.steps or (row,))}


def _together(records: Iterable[Record], record: Record, decided: Collection[str]) -> list[Record]:
    """What one decision wrote; of all else each entry stands for itself."""
    if record.correlation_id not in decided:
        return [record]
    return [one for one in records if one.correlation_id == record.correlation_id]


def _before(records: Iterable[Record], record: Record) -> list[Record]:
    """What was said before about the same thing, as the request that is decided."""
    thing = declared(name_of(record.fact)).thing
    if thing is None:
        return []
    about = getattr(record.fact, thing)
    return [one for one in records if one.number < record.number and getattr(one.fact, thing, None) == about]


def _who(file: CaseFile, one: EntryRow) -> list[tuple[str, str]]:
    said = [
        ("Fallnummer", file.number),
        ("Name", file.name),
        ("Tag", dates.plain(one.on)),
        ("Entschieden von", one.by),
        ("Erfasst am", paper.at(one.recorded_at)),
        *(("Seitdem", line) for line in paper.history(one)),
    ]
    return [(label, value) for label, value in said if value]


def _content(one: EntryRow) -> list[tuple[str, str]]:
    return [("Eintrag", f"{one.title}, {dates.plain(one.on)}"), *one.words]
