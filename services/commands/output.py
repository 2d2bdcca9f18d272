"""How an answer of a command is written: one JSON document, CSV, or a table for people with German heads."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.words import AREAS, LANES, RECIPIENTS, STAGES
from services.formulas import guarded

HEADS = {
    "added": "neu",
    "applies_from": "gilt ab",
    "appointment": "Termin",
    "area": "Bereich",
    "as_of": "Stichtag",
    "at": "Zeitpunkt",
    "av_ags": "AV/AGS",
    "case": "Fall",
    "cases": "Fälle",
    "command": "Befehl",
    "choices": "gemeint sein kann",
    "day": "Tag",
    "changed": "geändert",
    "checked": "geprüft",
    "checkpoint": "Prüfpunkt",
    "count": "Anzahl",
    "deductions": "Abzüge",
    "dry_run": "Probelauf",
    "delivered": "gehen hinaus",
    "different": "abweichend",
    "due": "fällig",
    "erased": "erneut gelöscht",
    "facts": "Einträge",
    "file": "Datei",
    "first_break": "erster Bruch",
    "from": "von",
    "gross": "laut Balken",
    "jobakademie": "Jobakademie",
    "known": "bekannt",
    "known_at": "Datenstand",
    "lane": "Spur",
    "legacy": "Altfälle",
    "lists": "Listen",
    "lead_time": "Vorlaufzeit",
    "mails": "Mails am ersten Tag",
    "matched": "zugeordnet",
    "messages": "Meldungen",
    "most": "in einer Mail höchstens",
    "name": "Name",
    "net": "bereinigt",
    "ok": "unverändert",
    "on": "Stichtag",
    "person": "Person",
    "placement": "Vermittlungsbereich",
    "read": "gelesen",
    "reading": "Lesart",
    "reason": "Grund",
    "recorded_unknown": "ohne Erfassungszeitpunkt",
    "rejected": "abgelehnt",
    "refused": "nicht verstanden",
    "replaced_by": "heißt jetzt",
    "root": "Prüfsumme",
    "rule": "Regel",
    "rules": "Regeln",
    "seconds": "Sekunden",
    "since": "seit",
    "since_appointment": "Tage seit letztem Termin",
    "since_contact": "Tage seit letztem Kontakt",
    "stage": "Stufe",
    "strategy": "Handlungsstrategie",
    "subject": "Betreff",
    "sure": "sicher",
    "to": "bis",
    "unit": "Einheit",
    "table": "Tabelle",
    "time": "Uhrzeit",
    "value": "Wert",
    "waiting": "wartend",
    "withdrawn": "zurückgenommen",
    "why": "Grund",
    "worker": "zuständig",
}
WORDS: Mapping[str, Mapping[str, str]] = {  # the words for the codes of a column, where people read it
    "area": AREAS,
    "lane": LANES,
    "stage": STAGES,
    "to": RECIPIENTS,
}
_ABOUT = ("worker", "unit", "employment", "measure", "appointment", "request")


def as_json(answer: Mapping[str, Any]) -> str:
    """One JSON document."""
    return json.dumps(answer, ensure_ascii=False)


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows with the columns named as in JSON; what a spreadsheet would take for a formula gets a quote before it."""
    out = io.StringIO()
    writer = csv.writer(out)  # with "\n" at the ends it would not quote "\r"
    writer.writerow(columns)
    for row in rows:
        writer.writerow(_plain(row.get(column)) for column in columns)
    return out.getvalue().replace("\r\n", "\n").rstrip("\n")


def as_table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], **heads: str) -> str:
    """Rows in columns of equal width under German heads (`heads` names other ones); numbers to the right."""
    lines = [[(HEADS | heads).get(column, column) for column in columns]]
    lines += [[_worded(column, row.get(column)) or "–" for column in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    numeric = [
        bool(rows) and all(isinstance(row.get(column), int | float | None) for row in rows) for column in columns
    ]
    lines.insert(1, ["─" * width for width in widths])
    return "\n".join(
        "  ".join(
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(line, widths, numeric, strict=True)
        ).rstrip()
        for line in lines
    )


def as_list(values: Mapping[str, Any]) -> str:
    """One value a line under German names."""
    names = [HEADS.get(key, key) for key in values]
    width = max(map(len, names), default=0)
    return "\n".join(
        f"{name.ljust(width)}  {cell(value) or '–'}" for name, value in zip(names, values.values(), strict=True)
    )


def with_head(answer: Mapping[str, Any], table: str) -> str:
    """A table under a line that says of which day and moment it is."""
    head = (f"{HEADS[key]}: {cell(value)}" for key, value in answer.items() if not isinstance(value, dict | list))
    return f"{' · '.join(head)}\n\n{table}"


def timeline_rows(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lanes of a timeline and its violations as rows of one table."""
    rows: list[dict[str, Any]] = []
    for lane, found in answer["lanes"].items():
        for row in found:
            about = [row[key] for key in _ABOUT if key in row]
            days = {"from": row["on"], "to": row["on"]} if "on" in row else {"from": row["from"], "to": row["to"]}
            value = " ".join(filter(None, (row.get("value") or row.get("status"), *about)))
            rows.append({"lane": lane, **days, "value": value, "facts": row["facts"]})
    found = answer["violations"]
    return rows + [{**row, "lane": "violations", "value": f"{row['rule']}: {row['text']}"} for row in found]


def cell(value: Any) -> str:
    """A value in one cell: a list is joined by "; ", a deduction is `alg1 2019-04-01/2019-09-30 (183)`."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nein"
        case list() | tuple():
            return "; ".join(cell(item) for item in value)
        case {"reason": reason, "from": first, "to": last, "days": days}:
            return f"{reason} {first}/{last} ({days})"
        case {"line": line, "reason": reason}:
            return f"{line}: {reason}"
        case dict():
            inside = {key: "keine" if item == [] else cell(item) for key, item in value.items()}
            return ", ".join(f"{HEADS.get(key, key)} {said}" for key, said in inside.items())
        case _:
            return str(value)


def _worded(column: str, value: Any) -> str:
    """The same with the words for codes."""
    words = WORDS.get(column, {})
    if isinstance(value, list):
        return cell([words.get(one, one) if isinstance(one, str) else one for one in value])
    return cell(words.get(value, value) if isinstance(value, str) else value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return json.dumps(value)
    text = cell(value)
    return guarded(text) if isinstance(value, str | list | tuple) else text
