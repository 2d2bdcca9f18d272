"""Auskunft: everything about one person in words (Art. 15 DSGVO, Fachkonzept 8 no. 12)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from domain import words
from domain.dialogues import DIALOGUES, Answer
from domain.facts import FIELD_WORDS
from domain.facts.base import DAY_SHAPE
from domain.followups import State
from domain.purposes import WORDS
from notifications import render
from services.messages.inbox import Kind
from services.web.case import view
from services.web.case.undo import WISH
from services.web.case.view import CaseFile
from services.web.papers import whole
from services.web.papers.paper import Paper, Part, Table, at, made
from services.web.words import dates, labels

if TYPE_CHECKING:
    from services.office.office import Transaction

STATES: Mapping[str, str] = {
    State.OPEN: "offen",
    State.SNOOZED: "zurückgestellt",
    State.SUSPENDED: "ausgesetzt",
    State.RESOLVED: "erledigt",
    State.DROPPED: "entfallen",
    State.EXPIRED: "wird nicht mehr gemeldet",
}
MESSAGES: Mapping[str, str] = {
    Kind.FOLLOW_UP: "Wiedervorlage",
    Kind.REMINDER: "Erinnerung",
    Kind.OVERDUE: "Überfällig, an die Leitung",
    Kind.REQUEST: "Antrag zur Entscheidung",
    Kind.REQUEST_REMINDER: "Erinnerung an den Antrag",
    Kind.ANSWER: "Antwort auf den Antrag",
    Kind.INFO: "Hinweis",
    Kind.OFFER: "Übergabe zur Annahme",
    Kind.DISPUTE: "Wiedervorlage als falsch gemeldet",
}
DRAFTS: Mapping[str, str] = {"open": "offen", "done": "abgeschlossen", "cancelled": "abgebrochen"}
Rows = Sequence[Mapping[str, Any]]


def of(
    tx: Transaction, file: CaseFile, now: dt.datetime, standing: tuple[str, str], stored: Mapping[str, Rows]
) -> Paper:
    """What is stored, in words; `standing`: who is responsible, and whether the case runs."""
    rights = [line.partition(": ")[::2] for line in render.text("paper/disclosure.txt.j2", {}).splitlines()]
    parts = [
        Part("Zu dieser Auskunft", pairs=rights),
        *whole.parts(file, *standing),
        _part("Wiedervorlagen", ("Fällig", "Was", "Stand", "Gemeldet am"), _followups(stored["followups"])),
        _part("Nachrichten an Beschäftigte", ("Am", "Was", "An", "Erledigt"), _messages(stored["messages"])),
        _part("Entscheidungen", ("Am", "Was", "Von", "Rückgängig gemacht"), _actions(stored["actions"])),
        _part("Begonnene Dialoge", ("Begonnen am", "Was", "Von", "Antworten"), _drafts(tx, stored["drafts"])),
        _part("Angefangene Formulare", ("Vom", "Was geschrieben war"), _kept(stored["kept_forms"])),
        _part("Wann der Fall eingesehen wurde", ("Am", "Wozu"), _views(stored["views"])),
    ]
    return Paper(f"Auskunft zum Fall {file.number}", made(file, now), parts)


def _part(heading: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Part:
    return Part(heading, table=Table(head, rows)) if rows else Part(heading, ["Nichts gespeichert."])


def _followups(rows: Rows) -> list[tuple[str, ...]]:
    return [
        (
            dates.plain(one["due"]),
            f"{render.rule_name(one['rule'])}: {words.STAGES.get(one['stage'], one['stage'])}",
            STATES[one["state"]]
            + (f" bis {dates.plain(one['snoozed_until'])}" if one["state"] == State.SNOOZED else "")
            + (f", {one['reminded']}-mal erinnert" if one["reminded"] else ""),
            at(one["issued_at"]),
        )
        for one in sorted(rows, key=lambda one: (one["due"], one["issued_at"]))
    ]


def _messages(rows: Rows) -> list[tuple[str, ...]]:
    return [(at(one["created_at"]), MESSAGES[one["kind"]], one["recipient"], _moment(one["done_at"])) for one in rows]


def _actions(rows: Rows) -> list[tuple[str, ...]]:
    ordered = sorted(rows, key=lambda one: one["at"])
    return [(at(one["at"]), WISH[one["wish"]], one["by"], _moment(one["undone_at"])) for one in ordered]


def _drafts(tx: Transaction, rows: Rows) -> list[tuple[str, ...]]:
    given = [value for one in rows for value in one["answers"].values() if isinstance(value, str)]
    people = view.names_of(tx, {value.rpartition("|")[2] for value in given if "|" in value})
    return [
        (
            at(one["started_at"]),
            f"{DIALOGUES[one['dialogue']].button} ({DRAFTS[one['state']]})",
            one["owner"],
            "\n".join(_answered(people, one["dialogue"], one["answers"])) or "keine",
        )
        for one in sorted(rows, key=lambda one: one["started_at"])
    ]


def _answered(people: Mapping[str, str], dialogue: str, answers: Mapping[str, Answer]) -> Iterator[str]:
    """Each answer behind its question, as it was given: codes, days and people in words."""
    for step in DIALOGUES[dialogue].steps:
        if value := answers.get(step.key):
            said = [value] if isinstance(value, str) else value
            yield f"{step.question} {', '.join(_said(people, one) for one in said)}"


def _said(people: Mapping[str, str], value: str) -> str:
    _, of_receiver, person = value.rpartition("|")  # unit, area and id
    if of_receiver:
        return people.get(person, person)
    return _day(value) or labels.code(value)


def _day(value: str) -> str:
    return dates.plain(dt.date.fromisoformat(value)) if re.fullmatch(DAY_SHAPE, value) else ""


def _kept(rows: Rows) -> list[tuple[str, ...]]:
    """What somebody typed; what a form says of itself is left out."""
    return [
        (
            at(one["at"]),
            "\n".join(
                f"{labels.field(key)}: {_day(value) or value}"
                for name, value in one["fields"]
                if value and ((key := name.rpartition(".")[2]) in FIELD_WORDS)
            ),
        )
        for one in rows
    ]


def _views(rows: Rows) -> list[tuple[str, ...]]:
    ordered = sorted(rows, key=lambda one: one["at"])
    return [(at(one["at"]), WORDS[one["purpose"]]) for one in ordered]


def _moment(value: dt.datetime | None) -> str:
    return at(value) if value else ""
