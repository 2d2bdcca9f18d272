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
from sqlalchemy import Connection, literal, select

from domain.knowledge import known
from domain.rules.themes import ALG1, CONTACT, ENDING, HANDOVER, REVIEW
from domain.timeline import build
from services.records import current, database, rows, standing
from services.records.tables import due_rows, metadata
from tests import judged_rows, oracle
from tests.golden import Line, as_facts, as_records
from tests.histories import EVER, Question, mixed, questions
from tests.plain import lane, plain
from tests.profiles import laws
from tests.samples import SUBJECTS

KEY = UUID(int=7)
meetings = st.sampled_from([one for one in SUBJECTS if "appointment-planned" in one.reads])
acts = st.sampled_from([one for one in SUBJECTS if {"extension-requested", "handover-initiated"} & {*one.reads}])


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
        was = rows.due_now(conn, KEY)
        found = rows.refresh(conn, KEY, records[:count], after=count - 1)
        was_told, told = found.due or (was, was)
        assert (sorted(was_told), sorted(told)) == (sorted(was), sorted(rows.due_now(conn, KEY)))
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


@laws(60)
@given(questions(meetings))
def test_the_next_appointment_is_the_same_in_lists_in_the_case_and_for_the_judge(
    conn: Connection, question: Question
) -> None:
    lines, days, _ = question
    rows.refresh_many(conn, {KEY: as_records(lines)})
    heard = known(as_records(lines))
    for day in days:
        found = oracle.plain(as_facts(lines), day, EVER).appointments().values()
        judged = min((on for status, on, _ in found if status == "planned" and on >= day), default=None)
        assert conn.scalar(select(current.next_appointment(literal(KEY), day))) == judged
        assert build(heard, day).next_appointment == judged


@laws(60)
@given(questions(acts))
def test_somebody_acts_while_a_request_or_a_handover_waits(conn: Connection, question: Question) -> None:
    lines, days, _ = question
    rows.refresh_many(conn, {KEY: as_records(lines)})
    for day in days:
        said = {(one.lane, one.value) for one in judged_rows.spans(as_facts(lines), day, EVER)}
        judged = {REVIEW, HANDOVER} if ("handover", "waiting") in said else set()
        judged |= {REVIEW, ENDING} if ("extension", "requested") in said else set()
        case = plain(as_facts(lines), day, EVER)
        ends = [bar.last for bar in lane(case.of("strategy-bar-set"), case.of("strategy-bar-ended"))]
        judged |= {REVIEW, HANDOVER, ENDING, CONTACT, ALG1} if day in ends else set()
        assert standing.acted(conn, [KEY], day) == ({KEY: judged} if judged else {})
