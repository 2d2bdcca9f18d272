"""The rows lists read: built from the facts, they can be thrown away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Date,
    FromClause,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    literal,
)

from services.records.tables.base import END_OF_TIME, Moment, metadata


def known_still(source: FromClause) -> ColumnElement[bool]:
    """The rows that are known still, said so that an index of these alone is found; `source`: a table or its alias."""
    return _to(source) == _END


def overtaken(source: FromClause) -> ColumnElement[bool]:
    """All others, said so, too."""
    return _to(source) < _END


def _to(source: FromClause) -> ColumnElement[dt.datetime]:
    found: ColumnElement[dt.datetime] = source.c.known_to
    return found


_END = literal(END_OF_TIME, Moment(), literal_execute=True)


def _of_lists(name: str, table: Table, first: Sequence[str], held: Sequence[str]) -> None:
    """The two indexes of the lists of a table: of what is known still, and of what was overtaken, by when it was.

    Together they would be one that seems to lead to a few rows, as there are many moments, and so is taken where a case
    is looked for; but half of all rows have the same moment, the end of time.
    """
    for which, columns, rows in (
        ("still", (*first, *held), known_still(table)),
        ("since", (*first, "known_to", *held), overtaken(table)),
    ):
        chosen = [table.c[column] for column in columns]
        Index(f"ix_{table.name}_{name}_{which}", *chosen, sqlite_where=rows, postgresql_where=rows)


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
    Column("team", String(128)),
)
# The rows of cases with facts in `undated` once more, these read "als am Wirksamkeitstag erfasst".
segments_by_day = segments.to_metadata(metadata, name="segments_by_day")
_of_stays = ("clock", "strategy", "from_day", "to_day", "known_from", "known_to")
_in_a_team = segments.c.team.is_not(None)  # which teams there are, without a look at the many cases in none
Index("ix_segments_team", segments.c.team, segments.c.unit, sqlite_where=_in_a_team, postgresql_where=_in_a_team)
_of_care = ("case_key", "clock", "known_to", "to_day", "from_day", "known_from", "unit", "area")
_of_lists("stays", segments, _of_stays[:2], ("to_day", "from_day", "known_from", "unit", "area", "spell", "case_key"))
Index("ix_segments_worker", segments.c.clock, segments.c.worker, segments.c.to_day)
Index("ix_segments_case", *(segments.c[name] for name in _of_care))
# What is known now of some places, without a look into the table: who is led, how stays are spread. Begun with
# `known_to`, SQLite would take it for the lists of all; with the unit, for their numbers by unit.
_of_now = ("clock", "area", "unit", "known_to", "to_day", "from_day", "case_key", "strategy", "spell")
Index("ix_segments_now", *(segments.c[name] for name in _of_now))
Index("ix_segments_by_day_stays", *(segments_by_day.c[name] for name in _of_stays))
Index("ix_segments_by_day_case", segments_by_day.c.case_key, segments_by_day.c.clock, segments_by_day.c.known_to)

due_rows = Table(
    "due_rows",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_key", Uuid, nullable=False),
    Column("rule", String(8), nullable=False),
    Column("stage", String(32), nullable=False),
    Column("cause", String(64), nullable=False),
    Column("caused_on", Date, nullable=False),
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
_of_lists("listed", due_rows, (), ("listed_to", "listed_from", "due"))
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

spans = Table(  # what a lane of the timeline said, about which thing, from when until when
    "spans",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_key", Uuid, nullable=False),
    Column("lane", String(24), nullable=False),
    Column("value", String(128), nullable=False),
    Column("thing", String(128)),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date, nullable=False),
    Column("day", Date),
    Column("unit", String(128)),
    Column("area", String(32)),
    Column("codes", JSON, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("known_from", Moment, nullable=False),
    Column("known_to", Moment, nullable=False),
)
spans_by_day = spans.to_metadata(metadata, name="spans_by_day")
_of_lane = ("lane", "value", "from_day", "to_day", "known_from", "known_to", "day")
_of_lists("lane", spans, _of_lane[:2], ("to_day", "from_day", "day", "known_from", "case_key"))
Index("ix_spans_case", spans.c.case_key, spans.c.lane, spans.c.known_to)
Index("ix_spans_by_day_lane", *(spans_by_day.c[name] for name in _of_lane))
Index("ix_spans_by_day_case", spans_by_day.c.case_key, spans_by_day.c.lane, spans_by_day.c.known_to)

entries = Table(  # every version of every fact, with what may stand in clear
    "entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_key", Uuid, nullable=False),
    Column("name", String(64), nullable=False),
    Column("day", Date, nullable=False),
    Column("thing", String(128)),
    Column("codes", JSON, nullable=False),
    Column("ref", String(64), nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("recorded_by", String(160), nullable=False),
    Column("corrected", Boolean, nullable=False),
    Column("known_from", Moment, nullable=False),
    Column("known_to", Moment, nullable=False),
)
entries_by_day = entries.to_metadata(metadata, name="entries_by_day")
_of_name = ("name", "day", "known_from", "known_to")
_of_lists("name", entries, ("name",), ("day", "known_from", "case_key"))
Index("ix_entries_recorded", entries.c.recorded_at, entries.c.name)
Index("ix_entries_case", entries.c.case_key, entries.c.name, entries.c.day)
Index("ix_entries_by_day_name", *(entries_by_day.c[name] for name in _of_name))
Index("ix_entries_by_day_case", entries_by_day.c.case_key, entries_by_day.c.name, entries_by_day.c.day)
