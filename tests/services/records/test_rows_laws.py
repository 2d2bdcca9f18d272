"""The kept rows do not remember how they came about: fact by fact in any order, or all at once, they are the same."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from services.records import database, rows
from services.records.tables import due_rows, metadata
from tests import oracle
from tests.golden import Line, as_facts, as_records
from tests.histories import Question, mixed, questions
from tests.profiles import laws

KEY = UUID(int=7)


@pytest.fixture
def conn(database_url: str) -> Iterator[Connection]:
    """A transaction that nobody commits, once on SQLite and once on PostgreSQL."""
    engine = database.connect(database_url)
    metadata.create_all(engine)
    with engine.connect() as conn:
        yield conn
    engine.dispose()


def stored(conn: Connection) -> Counter[tuple[str, ...]]:
    """Every kept row without its number; a row kept twice counts twice."""
    return Counter(
        (table.name, json.dumps({name: row[name] for name in row if name != "id"}, default=str, sort_keys=True))
        for table in rows.TABLES
        for row in conn.execute(select(table)).mappings()
    )


@laws(60)
@given(mixed(), st.randoms(use_true_random=False), st.sampled_from([True, True, False]))
def test_fact_by_fact_is_all_at_once(
    conn: Connection, lines: list[Line], chance: random.Random, as_recorded: bool
) -> None:
    rows.clear(conn)
    arriving = list(lines)
    chance.shuffle(arriving)
    if as_recorded:  # as at the desk, where what is told last was recorded last
        arriving.sort(key=lambda one: dt.datetime.fromisoformat(one["recorded_at"]))
    records = as_records(arriving)
    for count in range(1, len(records) + 1):
        rows.refresh(conn, KEY, records[:count], after=count - 1)
    refreshed = stored(conn)
    rows.clear(conn)
    rows.refresh_many(conn, {KEY: as_records(lines)})
    assert stored(conn) == refreshed
    assert set(refreshed.values()) <= {1}


@laws(60)
@given(questions())
def test_the_table_answers_like_the_judge(conn: Connection, question: Question) -> None:
    lines, days, known_at = question
    rows.refresh_many(conn, {KEY: as_records(lines)})
    for as_of in days:
        listed: Any = select(due_rows.c.rule, due_rows.c.stage, due_rows.c.due).where(
            due_rows.c.listed_from <= as_of,
            due_rows.c.listed_to >= as_of,
            due_rows.c.known_from <= known_at,
            due_rows.c.known_to > known_at,
        )
        assert sorted(map(tuple, conn.execute(listed))) == oracle.due(as_facts(lines), as_of, known_at)
