"""One case as a whole on paper, for Akteneinsicht (Fachkonzept 5.10): what counts, and every entry ever recorded."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.periods import OPEN
from domain.violations import violations
from notifications import render
from services.web.case import entries
from services.web.case.altered import Alteration
from services.web.case.view import CaseFile
from services.web.papers import paper
from services.web.papers.paper import Paper, Part, Table
from services.web.words import dates, labels


def whole(file: CaseFile, now: dt.datetime, worker: str, status: str) -> Paper:
    """The case with its course; withdrawn entries stand in it as such."""
    return Paper(f"Akte zum Fall {file.number}", paper.made(file, now), parts(file, worker, status))


def parts(file: CaseFile, worker: str, status: str) -> list[Part]:
    """Who, how long, what happened, what was changed, what contradicts a rule."""
    changed = entries.changes(file, with_text=True)
    rows = entries.rows(file, True, changed, withdrawn=True)
    return [
        Part("Stand", pairs=_standing(file, worker, status)),
        Part(
            "Einträge",
            ("Es ist nichts eingetragen.",) if not rows else (),
            table=paper.table_of(rows) if rows else None,
        ),
        *_changes(changed),
        *_violations(file),
    ]


def _standing(file: CaseFile, worker: str, status: str) -> list[tuple[str, str]]:
    clocks = file.clocks
    place = " · ".join(filter(None, (clocks.unit, labels.code(clocks.area) if clocks.area else "", worker)))
    known: list[tuple[str, Any]] = [
        ("Fallnummer", file.number),
        ("Name", file.name),
        ("Fall", status),
        ("Zuständig", place),
        ("Handlungsstrategie", labels.code(clocks.strategy) if clocks.strategy else ""),
        ("Balken seit", dates.plain(clocks.since) if clocks.since else ""),
    ]
    known += [(labels.CLOCK[key], dates.stay(days)) for key, days in clocks.days.items() if days is not None]
    return [(label, str(value)) for label, value in known if value]


def _changes(found: list[Alteration]) -> list[Part]:
    rows = [
        (
            paper.at(one.at),
            labels.fact(one.name),
            "\n".join(f"{entry.entry}: {entry.became}" for entry in one.entries) or "zählt selbst nicht mehr",
            one.by,
            one.why,
        )
        for one in reversed(found)
    ]
    head = ("Erfasst am", "Was", "Welcher Eintrag", "Von", "Grund")
    return [Part("Berichtigungen und Rücknahmen", table=Table(head, rows))] if rows else []


def _violations(file: CaseFile) -> list[Part]:
    said = [
        render.violation(one.rule, {"first": one.first, "last": None if one.last == OPEN else one.last})
        for one in violations(file.timeline)
    ]
    return [Part("Abweichungen", said)] if said else []
