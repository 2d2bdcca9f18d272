"""Every table of the service. Moments are microseconds since 1970 UTC, days dates; what is open ends far ahead."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
)

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
END_OF_TIME = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)


class Moment(TypeDecorator[dt.datetime]):
    """A moment with an offset; kept as whole microseconds, so that both databases order and compare it alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - EPOCH) // dt.timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else EPOCH + dt.timedelta(microseconds=value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


# --- facts: nothing here is ever updated or deleted, heads apart ---

streams = Table(  # one row a case, person or unit; the key is random
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

fact_ids = Table(  # makes an id unique over the whole database; holds keyed hashes only
    "fact_ids",
    metadata,
    Column("ref", String(40), primary_key=True),
    Column("key", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", LargeBinary(32), nullable=False),
)

# --- vault: what erasing destroys ---

text_keys = Table(
    "text_keys",
    metadata,
    Column("key", ForeignKey("streams.key"), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
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

# --- read model: built from the facts, can be thrown away ---

segments = Table(
    "segments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_key", Uuid, nullable=False),
    Column("clock", String(24), nullable=False),
    Column("strategy", String(32)),
    Column("spell", Date),
    Column("origin", Date, nullable=False),
    Column("shift", Integer, nullable=False),
    Column("stopped_days", Integer),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date, nullable=False),
    Column("known_from", Moment, nullable=False),
    Column("known_to", Moment, nullable=False),
    Column("unit", String(128)),
    Column("area", String(32)),
    Column("worker", String(40)),
    Column("deductions", JSON),
)
# The rows of cases with facts in `undated` once more, these read "als am Wirksamkeitstag erfasst".
segments_by_day = segments.to_metadata(metadata, name="segments_by_day")
_of_stays = ("clock", "strategy", "from_day", "to_day", "known_from", "known_to")
Index("ix_segments_stays", *(segments.c[name] for name in _of_stays))
Index("ix_segments_worker", segments.c.clock, segments.c.worker, segments.c.to_day)
Index("ix_segments_case", segments.c.case_key, segments.c.clock, segments.c.known_to)
# What is known now of a unit or of all, without a look into the table: places, who is led, how stays are spread.
_of_now = ("clock", "known_to", "unit", "area", "to_day", "from_day", "case_key", "strategy", "spell")
Index("ix_segments_now", *(segments.c[name] for name in _of_now))
Index("ix_segments_by_day_stays", *(segments_by_day.c[name] for name in _of_stays))
Index("ix_segments_by_day_case", segments_by_day.c.case_key)

due_rows = Table(
    "due_rows",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_key", Uuid, nullable=False),
    Column("rule", String(8), nullable=False),
    Column("stage", String(32), nullable=False),
    Column("cause", String(64), nullable=False),
    Column("due", Date, nullable=False),
    Column("listed_from", Date, nullable=False),
    Column("listed_to", Date, nullable=False),
    Column("known_from", Moment, nullable=False),
    Column("known_to", Moment, nullable=False),
    Column("recipients", String(64), nullable=False),
    Column("reason", JSON, nullable=False),
)
due_rows_by_day = due_rows.to_metadata(metadata, name="due_rows_by_day")
_of_day = ("known_to", "listed_from", "listed_to")
Index("ix_due_rows_listed", *(due_rows.c[name] for name in _of_day))
Index("ix_due_rows_case", due_rows.c.case_key, due_rows.c.known_to, due_rows.c.listed_to)
Index("ix_due_rows_by_day_listed", *(due_rows_by_day.c[name] for name in _of_day))
Index("ix_due_rows_by_day_case", due_rows_by_day.c.case_key)

undated = Table(  # facts of which nobody knows when they were recorded: of a case, by the moment they count from
    "undated",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_key", Uuid, nullable=False),
    Column("known_from", Moment, nullable=False),
    Column("facts", Integer, nullable=False),
    Index("ix_undated_case", "case_key"),
)

violations = Table(
    "violations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_key", Uuid, nullable=False),
    Column("rule", String(8), nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date, nullable=False),
    Column("known_from", Moment, nullable=False),
    Column("known_to", Moment, nullable=False),
    Column("facts", JSON, nullable=False),
    Index("ix_violations_case", "case_key"),
)

# --- follow-ups and their delivery ---

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
)

# --- conversations ---

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

draft_answers = Table(  # each answer as it was given, encrypted with the case's key
    "draft_answers",
    metadata,
    Column("draft", ForeignKey("drafts.id"), primary_key=True),
    Column("step", String(40), primary_key=True),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("answered_at", Moment, nullable=False),
)

# --- access and operation ---

sessions = Table(
    "sessions",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("person", String(40), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
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

purposes = Table(  # why somebody reads a case, as said once in a session
    "purposes",
    metadata,
    Column("session", String(64), primary_key=True),
    Column("case_key", Uuid, primary_key=True),
    Column("purpose", String(32), nullable=False),
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
    Index("ix_views_at", "at"),
    Index("ix_views_case", "case_key"),
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
