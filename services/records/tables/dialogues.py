"""Conversations at the desk and what can be taken back."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
)

from services.records.tables.base import Moment, metadata

drafts = Table(
    "drafts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("dialogue", String(40), nullable=False),
    Column("case_key", Uuid, nullable=False),
    Column("owner", String(40), nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_drafts_owner", "owner", "state"),
    Index("ix_drafts_case", "case_key"),
)

kept_forms = Table(  # what was typed and not saved, for a day: sealed with the key of its case, else of the person
    "kept_forms",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", String(40), nullable=False),
    Column("key", Uuid, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_kept_forms_person", "person", "at"),
    Index("ix_kept_forms_key", "key"),
)

draft_answers = Table(  # each answer as it was given, encrypted with the case's key
    "draft_answers",
    metadata,
    Column("draft", ForeignKey("drafts.id"), primary_key=True),
    Column("step", String(40), primary_key=True),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("answered_at", Moment, nullable=False),
)
