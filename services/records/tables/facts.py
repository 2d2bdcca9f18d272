"""The stored facts: nothing here is ever updated or deleted, heads apart."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)

from services.records.tables.base import Moment, metadata

streams = Table(  # one row a case, person or unit, and one of the settings of the office; the key is random
    "streams",
    metadata,
    Column("key", Uuid, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("erased_at", Moment),
    Index("ix_streams_kind", "kind", "key"),
)

numbers = Table(  # the one place that ties a case number, person id or unit to its key
    "numbers",
    metadata,
    Column("key", ForeignKey("streams.key"), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("number", String(128), nullable=False),
    UniqueConstraint("kind", "number"),
    Index("ix_numbers_key", "key", "number", unique=True),  # lists are sorted by it without a look into the table
)

records = Table(  # the event store's own table: eventsourcing's originator_id, originator_version, topic, state
    "records",
    metadata,
    Column("key", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("name", String(128), nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("hash", LargeBinary(32)),
)

heads = Table(  # the last number, hash and moment of arrival of each stream; its row is the lock of the stream
    "heads",
    metadata,
    Column("key", ForeignKey("streams.key"), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("stored_at", Moment),
)

arrivals = Table(  # how many facts came and when: one row an append, so that nobody waits to count; folded now and then
    "arrivals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("facts", Integer, nullable=False),
    Column("stored_at", Moment),
)

fact_ids = Table(  # makes an id unique over the whole database; holds keyed hashes only
    "fact_ids",
    metadata,
    Column("ref", String(40), primary_key=True),
    Column("key", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", LargeBinary(32), nullable=False),
    Column("seal", LargeBinary(16)),
)
