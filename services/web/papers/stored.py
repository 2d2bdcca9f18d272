"""Everything the database holds about one case, table by table: for the person it is about, and for a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import Row, Table, select

from services.dialogues import drafts as dialogues
from services.people import directory
from services.people import kept_forms as forms
from services.records.tables import actions, drafts, followups, kept_forms, messages, views

if TYPE_CHECKING:
    from services.office.office import Transaction

GIVEN: Final = (followups, messages, actions, drafts, kept_forms, views)
"""Tables whose rows about a case are given out; beside them stand the facts themselves."""
COMPUTED = "aus den Einträgen berechnet und jederzeit neu zu berechnen"
FACTS = "steht unter „facts“"
KEYS = "Schlüssel und Prüfwerte ohne eigenen Inhalt; sie öffnen oder sichern, was unter „facts“ steht"
PASSING = "Betrieb; verweist höchstens auf eine Nachricht oder eine Entscheidung, die hier steht"
OF_STAFF = "über Beschäftigte und ihre Sitzungen, nicht über die Person"
STAFF: Final = {"messages": "recipient", "actions": "by"}
"""Where a member of staff is named by a key, who is called by their name there."""
OWN: Final = frozenset({"views.person", "views.hash", "views.number", "drafts.owner"})
"""Columns that say who of the staff looked, or guard the row."""
LEFT: Final = {
    **dict.fromkeys(("records", "vault", "fact_ids", "streams", "numbers"), FACTS),
    **dict.fromkeys(("heads", "text_keys", "blind_index", "other_numbers"), KEYS),
    **dict.fromkeys(("due_rows", "due_rows_by_day", "entries", "entries_by_day"), COMPUTED),
    **dict.fromkeys(("segments", "segments_by_day", "spans", "spans_by_day"), COMPUTED),
    **dict.fromkeys(("undated", "violations", "meanings"), COMPUTED),
    **dict.fromkeys(("outbox", "idempotency", "arrivals", "heartbeats", "leases", "marks"), PASSING),
    **dict.fromkeys(("invites", "logins", "sessions", "purposes", "saved_filters", "uploads", "visits"), OF_STAFF),
    **dict.fromkeys(("bounced", "calendar_addresses", "calendar_entries"), OF_STAFF),
    "draft_answers": "steht unter „drafts“",
    "erasures": "Nummern gelöschter Fälle, nur als Prüfwert",
}  # fmt: skip
"""Every other table, and why nothing of it is given out."""

Rows = list[dict[str, Any]]


def of(tx: Transaction, key: UUID, number: str) -> dict[str, Any]:
    """`facts` in the fact format with every text (Vertrag 2), `stored`: table -> its rows about the case."""
    from services.exchange import exporting  # needed rarely, and it brings all of the fact format

    rows = {table.name: _rows(tx, table, key) for table in GIVEN}
    for name, column in STAFF.items():
        names = directory.labels(tx, {row[column] for row in rows[name]})
        rows[name] = [row | {column: names[row[column]]} for row in rows[name]]
    begun = dialogues.of_case(tx.conn, key)
    owners = directory.labels(tx, {one.row.owner for one in begun})
    rows["drafts"] = [
        _columns(drafts, one.row) | {"owner": owners[one.row.owner], "answers": dialogues.opened(tx, one)}
        for one in begun
    ]
    kept = forms.about(tx.conn, tx.office.vault, key)
    rows["kept_forms"] = [{"at": one["at"], "fields": _typed(tx, one)} for one in _of_ids(tx, kept)]
    return {"facts": list(exporting.of_case(tx, key, number)), "stored": rows}


def _rows(tx: Transaction, table: Table, key: UUID) -> Rows:
    if "case_key" not in table.c:
        return []
    wanted = select(table).where(table.c.case_key == key).order_by(*table.primary_key.columns)
    return [_columns(table, row) for row in tx.conn.execute(wanted)]


def _columns(table: Table, row: Row[Any]) -> dict[str, Any]:
    return {one.name: row._mapping[one] for one in table.c if f"{table.name}.{one.name}" not in OWN}


def _of_ids(tx: Transaction, ids: list[UUID]) -> Rows:
    wanted = select(kept_forms).where(kept_forms.c.id.in_(ids)).order_by(kept_forms.c.at)
    return [_columns(kept_forms, row) for row in tx.conn.execute(wanted)]


def _typed(tx: Transaction, row: dict[str, Any]) -> list[tuple[str, str]]:
    """What was typed, as long as it is kept; nothing of other cases it may have named."""
    found = forms.find(tx, row["person"], row["id"])
    return [one for one in found.fields if one[0] != "csrf"] if found and len(found.keys) == 1 else []
