"""What a list of one person reads grows with that person's cases, not with the office."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from sqlalchemy import Connection, event

from services.followups import lifecycle
from services.office.office import Office
from services.questions import cases, today

DAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)


@pytest.fixture
def plans(office: Office) -> list[str]:
    """The query plans of what is asked of SQLite from here on."""
    found: list[str] = []
    asked: list[tuple[str, tuple[object, ...]]] = []

    def note(_: Connection, __: object, statement: str, values: tuple[object, ...], *___: object) -> None:
        if statement.startswith(("SELECT", "UPDATE")):
            asked.append((statement, values))

    with office.write(keep=False) as tx:
        event.listen(office.engine, "before_cursor_execute", note)
        today.tasks(tx, ["a" * 32], DAY)
        today.ahead(tx, ["a" * 32], DAY)
        today.notes(tx, "a" * 32)
        cases.of_workers(tx, ["a" * 32], DAY)
        lifecycle.resolve(tx.conn, uuid4(), NOW)
        lifecycle.reopen(tx.conn, uuid4())
        lifecycle._settle(tx.conn, DAY, NOW)
        event.remove(office.engine, "before_cursor_execute", note)
        for statement, values in asked:
            found += [row[3] for row in tx.conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    return found


def test_no_list_of_a_person_goes_through_a_whole_table(plans: list[str]) -> None:
    tables = ("due_rows", "segments", "care", "net", "messages", "followups", "records", "numbers")
    assert [step for step in plans if step.startswith(tuple(f"SCAN {table}" for table in tables))] == []


def test_due_rows_are_found_by_their_case(plans: list[str]) -> None:
    steps = [step for step in plans if step.startswith("SEARCH due_rows")]
    assert steps
    assert {step for step in steps if "ix_due_rows_case" not in step} == set()
