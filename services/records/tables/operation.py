"""Who came in and read what, and what the processes tell each other."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
)

from services.records.tables.base import Moment, metadata

sessions = Table(
    "sessions",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("person", String(40), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("seal", LargeBinary(16)),
)

logins = Table(  # log-ins under way at a provider; each row is taken once
    "logins",
    metadata,
    Column("browser", String(64), primary_key=True),
    Column("state", String(64), nullable=False),
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("target", String(200), nullable=False),
    Column("started_at", Moment, nullable=False),
)

invites = (
    Table(  # one-time links of a trial without a provider: hash of the token; they stay, as what was let in is kept
        "invites",
        metadata,
        Column("token", String(64), primary_key=True),
        Column("person", String(40), nullable=False),
        Column("issued_at", Moment, nullable=False),
        Column("redeemed_at", Moment),
        Column("session", String(64)),  # that it opened, as `sessions` has it
        Column("seal", LargeBinary(16), nullable=False),
    )
)

purposes = Table(  # why somebody reads a case, as said once in a session
    "purposes",
    metadata,
    Column("session", String(64), primary_key=True),
    Column("case_key", Uuid, primary_key=True),
    Column("purpose", String(32), nullable=False),
    Column("seal", LargeBinary(16)),
)

views = Table(  # record-viewed: reads of cases, and of lists as asked, by quality assurance and leads, kept 12 months
    "views",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", String(40), nullable=False),
    Column("case_key", Uuid),
    Column("purpose", String(32), nullable=False),
    Column("survey", String(40)),
    Column("list", String(32)),
    Column("asked", String(400)),
    Column("rows", Integer),
    Column("at", Moment, nullable=False),
    Column("number", Integer),  # with a hash over the row and the one before: nothing can go unseen
    Column("hash", LargeBinary(32)),
    Index("ix_views_at", "at"),
    Index("ix_views_case", "case_key"),
    Index("ix_views_number", "number", unique=True),
)

idempotency = Table(  # answers programs got, for a week: keyed hashes, and the answer sealed with the case's key
    "idempotency",
    metadata,
    Column("person", String(40), primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("content", LargeBinary(32), nullable=False),
    Column("answer", JSON, nullable=False),
    Column("at", Moment, nullable=False),
)

visits = Table(  # when each person logged in last, and last on an earlier day
    "visits",
    metadata,
    Column("person", String(40), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("before", Moment),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("pid", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("since", Moment, nullable=False),
    Column("detail", String(200)),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(80), nullable=False),
    Column("until", Moment, nullable=False),
)

marks = Table(  # single values of this database: what kind of data it holds, until when the scheduler has looked
    "marks",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)

meanings = Table(  # by which meaning the rows of a topic are computed, up to which case so far; null: all of them
    "meanings",
    metadata,
    Column("topic", String(40), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("reached", Uuid),
)

uploads = Table(  # files handed in through a page to be imported, and what came of them; the key goes with the file
    "uploads",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("size", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("wrapped", LargeBinary),
    Column("hidden", LargeBinary),
    Column("state", String(16), nullable=False),
    Column("profile", String(80)),
    Column("checked", String(64)),
    Column("snapshot", Boolean, nullable=False),
    Column("asked_by", String(40)),
    Column("asked_at", Moment),
    Column("tries", Integer, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("share", Integer, nullable=False),
    Column("counts", JSON),
    Column("problem", String(600)),
    Index("ix_uploads_at", "at"),
    Index("ix_uploads_state", "state"),
)
