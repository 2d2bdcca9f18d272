"""Auskunft: everything about one person in words (Art. 15 DSGVO, Fachkonzept 8 no. 12)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from domain import words
from domain.dialogues import DIALOGUES
from domain.followups import State
from domain.purposes import WORDS
from notifications import render
from services.messages.inbox import Kind
from services.people import directory
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
    people = _people(tx, stored)
    rights = [line.partition(": ")[::2] for line in render.text("paper/disclosure.txt.j2", {}).splitlines()]
    parts = [
        Part("Zu dieser Auskunft", pairs=rights),
        *whole.parts(file, *standing),
        _part("Wiedervorlagen", ("Fällig", "Was", "Stand", "Gemeldet am"), _followups(stored["followups"])),
        _part("Nachrichten an Beschäftigte", ("Am", "Was", "An", "Erledigt"), _messages(stored["messages"], people)),
        _part("Entscheidungen", ("Am", "Was", "Von", "Rückgängig gemacht"), _actions(stored["actions"], people)),
        _part("Begonnene Dialoge", ("Begonnen am", "Was", "Von", "Antworten"), _drafts(stored["drafts"], people)),
        _part("Angefangene Formulare", ("Vom", "Was geschrieben war"), _kept(stored["kept_forms"])),
        _part("Wer den Fall eingesehen hat", ("Am", "Wozu"), _views(stored["views"])),
    ]
    return Paper(f"Auskunft zum Fall {file.number}", made(file, now), parts)


def _part(heading: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Part:
    return Part(heading, table=Table(head, rows)) if rows else Part(heading, ["Nichts gespeichert."])


def _people(tx: Transaction, stored: Mapping[str, Rows]) -> Mapping[str, str]:
    named = {"messages": "recipient", "actions": "by", "drafts": "owner"}
    return directory.labels(tx, {one[field] for table, field in named.items() for one in stored[table]})


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


def _messages(rows: Rows, people: Mapping[str, str]) -> list[tuple[str, ...]]:
    return [
        (at(one["created_at"]), MESSAGES[one["kind"]], people[one["recipient"]], _moment(one["done_at"]))
        for one in rows
    ]


def _actions(rows: Rows, people: Mapping[str, str]) -> list[tuple[str, ...]]:
    ordered = sorted(rows, key=lambda one: one["at"])
    return [(at(one["at"]), WISH[one["wish"]], people[one["by"]], _moment(one["undone_at"])) for one in ordered]


def _drafts(rows: Rows, people: Mapping[str, str]) -> list[tuple[str, ...]]:
    return [
        (
            at(one["started_at"]),
            f"{DIALOGUES[one['dialogue']].button} ({DRAFTS[one['state']]})",
            people[one["owner"]],
            "\n".join(_said(value) for value in one["answers"].values()) or "keine",
        )
        for one in sorted(rows, key=lambda one: one["started_at"])
    ]


def _said(value: str | list[str]) -> str:
    return ", ".join(labels.code(one) for one in ([value] if isinstance(value, str) else value))


def _kept(rows: Rows) -> list[tuple[str, ...]]:
    return [(at(one["at"]), "\n".join(value for _, value in one["fields"] if value)) for one in rows]


def _views(rows: Rows) -> list[tuple[str, ...]]:
    ordered = sorted(rows, key=lambda one: one["at"])
    return [(at(one["at"]), WORDS[one["purpose"]]) for one in ordered]


def _moment(value: dt.datetime | None) -> str:
    return at(value) if value else ""
