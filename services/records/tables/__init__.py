"""Every table of the service, one module a topic; importing this package declares them all."""

from services.records.tables.base import END_OF_TIME, EPOCH, Moment, metadata
from services.records.tables.delivery import actions, followups, messages, outbox
from services.records.tables.desk import saved_filters
from services.records.tables.dialogues import draft_answers, drafts, kept_forms
from services.records.tables.facts import arrivals, fact_ids, heads, numbers, records, streams
from services.records.tables.keys import blind_index, erasures, text_keys, vault
from services.records.tables.operation import (
    heartbeats,
    idempotency,
    leases,
    logins,
    marks,
    meanings,
    purposes,
    sessions,
    views,
)
from services.records.tables.rows import (
    due_rows,
    due_rows_by_day,
    entries,
    entries_by_day,
    known_still,
    overtaken,
    segments,
    segments_by_day,
    spans,
    spans_by_day,
    undated,
    violations,
)

__all__ = [
    "END_OF_TIME",
    "EPOCH",
    "Moment",
    "actions",
    "arrivals",
    "blind_index",
    "draft_answers",
    "drafts",
    "due_rows",
    "due_rows_by_day",
    "entries",
    "entries_by_day",
    "erasures",
    "fact_ids",
    "followups",
    "heads",
    "heartbeats",
    "idempotency",
    "kept_forms",
    "known_still",
    "leases",
    "logins",
    "marks",
    "meanings",
    "messages",
    "metadata",
    "numbers",
    "outbox",
    "overtaken",
    "purposes",
    "records",
    "saved_filters",
    "segments",
    "segments_by_day",
    "sessions",
    "spans",
    "spans_by_day",
    "streams",
    "text_keys",
    "undated",
    "vault",
    "views",
    "violations",
]
