"""The vault: what erasing destroys."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    LargeBinary,
    String,
    Table,
)

from services.records.tables.base import Moment, metadata

text_keys = Table(
    "text_keys",
    metadata,
    Column("key", ForeignKey("streams.key"), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("names", LargeBinary(16)),  # seals the rows of the vault
)

vault = Table(  # names and addresses of clients and staff, encrypted with the stream's key
    "vault",
    metadata,
    Column("key", ForeignKey("streams.key"), primary_key=True),
    Column("field", String(32), primary_key=True),
    Column("ciphertext", LargeBinary, nullable=False),
)

blind_index = Table(  # keyed hashes of the words of a name, so that it can be found without being readable
    "blind_index",
    metadata,
    Column("word", String(40), primary_key=True),
    Column("key", ForeignKey("streams.key"), primary_key=True),
)

erasures = Table(  # keyed hashes of the numbers that were erased, so that a later fact of theirs is known
    "erasures",
    metadata,
    Column("number", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
)

other_numbers = Table(  # keyed hashes of the numbers by which another system calls cases
    "other_numbers",
    metadata,
    Column("number", String(64), primary_key=True),
    Column("key", ForeignKey("streams.key"), nullable=False, index=True),
)
