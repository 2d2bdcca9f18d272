"""Follow-ups and their delivery."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Uuid,
)

from services.records.tables.base import Moment, metadata

followups = Table(  # what became of each due stage that was issued; one row for ever per (case, rule, stage, cause)
    "followups",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_key", Uuid, nullable=False),
    Column("rule", String(8), nullable=False),
    Column("stage", String(32), nullable=False),
    Column("cause", String(64), nullable=False),
    Column("due", Date, nullable=False),
    Column("state", String(16), nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("reminded", Integer, nullable=False, default=0),
    Column("snoozed_until", Date),
    Column("snoozed_for", String(80)),  # why it was put off the last time, a code of the office
    Column("snoozes", Integer, nullable=False, default=0),
    Column("resolved_at", Moment),
    Index("ix_followups_state", "state", "due"),
    Index("ix_followups_case", "case_key"),
)

messages = Table(  # what was shown in the app or sent, to whom; data holds codes, days and keys, never prose
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unique_key", String(200), nullable=False, unique=True),
    Column("recipient", String(40), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("case_key", Uuid),
    Column("followup", Uuid),
    Column("data", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("mailed_with", Uuid),  # the digest that told of it, a task of the outbox; nothing: none yet
    Index("ix_messages_recipient", "recipient", "done_at"),
    Index("ix_messages_case", "case_key"),
    Index("ix_messages_followup", "followup"),
    Index("ix_messages_open", "kind", "done_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("unique_key", String(200), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("data", JSON, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("enqueued_at", Moment),
    Column("finished_at", Moment),
    Column("error", String(200)),
    Index("ix_outbox_state", "state", "due_at"),
)

calendar_entries = Table(  # what stands in whose calendar because it was mailed, or was there when they chose that
    "calendar_entries",
    metadata,
    Column("person", String(40), primary_key=True),
    Column("ref", String(40), primary_key=True),
    Column("case_key", Uuid, nullable=False),
    Column("appointment", Boolean, nullable=False),
    Column("day", Date, nullable=False),
    Column("time", String(5), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Index("ix_calendar_entries_case", "case_key"),
)

bounced = Table(  # to whom no mail comes any more: a reference of the address, and what the server said
    "bounced",
    metadata,
    Column("person", String(40), primary_key=True),
    Column("address", String(40), nullable=False),
    Column("code", String(20), nullable=False),
    Column("at", Moment, nullable=False),
)

actions = Table(  # one row a decision: what "Rückgängig" takes back and what a stale click is told
    "actions",
    metadata,
    Column("correlation_id", String(40), primary_key=True),
    Column("case_key", Uuid, nullable=False),
    Column("by", String(40), nullable=False),
    Column("wish", String(40), nullable=False),
    Column("data", JSON, nullable=False),
    Column("at", Moment, nullable=False),
    Column("undone_at", Moment),
    Index("ix_actions_by", "by", "at"),
    Index("ix_actions_case", "case_key"),
    Index("ix_actions_wish", "wish", "at"),
)
