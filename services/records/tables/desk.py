"""What people keep for themselves at their desk."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from services.records.tables.base import Moment, metadata

saved_filters = Table(  # how somebody wants to see their list: its name and what it asks for, sealed with their key
    "saved_filters",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", String(40), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_saved_filters_person", "person"),
)

calendar_addresses = (
    Table(  # by which a calendar asks how much there is: hash of the token, and the word it follows from
        "calendar_addresses",
        metadata,
        Column("person", String(40), primary_key=True),
        Column("word", String(40), nullable=False),
        Column("token", String(64), nullable=False),
        Column("issued_at", Moment, nullable=False),
        Column("fetched_at", Moment),
        Index("ix_calendar_addresses_token", "token", unique=True),
    )
)
