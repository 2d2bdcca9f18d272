"""What a list of one person reads grows with that person's cases; no question goes through a whole table."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from uuid import uuid4

import pytest
from sqlalchemy import Connection, event

from domain.knowledge import Reading
from services.followups import lifecycle
from services.messages import waiting
from services.messages.inbox import Kind
from services.office.office import Office, Transaction
from services.people import directory
from services.questions import answers, caselist, cases, difference, handovers, team, today
from services.questions.library import QUESTIONS
from services.records import standing
from services.records.rows import KINDS

DAY = dt.date(2026, 11, 20)
NARROW = caselist.Wanted(strategy="integration", area="av-ags", due=caselist.ANY, alone=True, silent=2, months=6)
WANTED = (*(caselist.Wanted(order=order) for order in caselist.ORDERS), NARROW, NARROW._replace(state=caselist.CLOSED))
RESULTS = ("SCAN anon_", "SCAN (", "SCAN CONSTANT ROW")  # what a part of the statement has found
NO_ROWS = ("SCAN numbers",)  # one line a case: sometimes read where rows of the other reading are few
NOW = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
OF_ONE = re.compile(
    r"\((case_key|key|id|rowid|ref|topic|followup|kind=\? AND number)=\?|INTEGER PRIMARY KEY|SCAN CONSTANT"
)


@contextmanager
def planned(tx: Transaction) -> Iterator[list[str]]:
    """The query plans of what is asked of SQLite; they are there at the end."""
    found: list[str] = []
    asked: list[tuple[str, tuple[object, ...]]] = []

    def note(_: Connection, __: object, statement: str, values: tuple[object, ...], *___: object) -> None:
        if statement.startswith(("SELECT", "UPDATE")):
            asked.append((statement, values))

    engine = tx.office.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
    for statement, values in asked:
        steps = [Step(*row) for row in tx.conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
        found += [step.says for step in steps]
        found += [f"AGAIN {step.says}" for step in again_and_again(steps)]


class Step(NamedTuple):
    """A line of a query plan, with the line it is part of."""

    id: int
    parent: int
    unused: int
    says: str


def again_and_again(steps: Sequence[Step]) -> Iterator[Step]:
    """What is looked for once a row, in more than the rows of one case: the inner part of a join, or of a condition."""
    repeated: set[int] = set()
    begun: set[int] = set()
    for step in steps:
        if step.says.startswith(("SEARCH ", "SCAN ")):
            if (step.parent in begun or step.parent in repeated) and not OF_ONE.search(step.says):
                yield step
            begun.add(step.parent)
        if step.says.startswith("CORRELATED ") or step.parent in repeated:
            repeated.add(step.id)


@pytest.fixture
def plans(office: Office) -> list[str]:
    """The query plans of the lists of one person."""
    with office.write(keep=False) as tx, planned(tx) as found:
        standing.acted(tx.conn, [uuid4()], DAY)
        today.inbox(tx, ["a" * 32], DAY)
        today.notes(tx, "a" * 32, DAY)
        waiting.look_up(tx, "a" * 32, DAY, (Kind.ANSWER, Kind.REQUEST), [uuid4()])
        for wanted in WANTED:
            caselist.of_workers(tx, ["a" * 32], DAY, wanted, among=[uuid4()] if wanted.alone else None)
        caselist.long_stays(tx, "a" * 32, DAY)
        cases.of_keys(tx, [uuid4()], DAY)
        lifecycle.resolve(tx.conn, uuid4(), NOW)
        lifecycle.reopen(tx.conn, uuid4())
        lifecycle._ended(tx.conn, DAY)
    return found


def test_no_list_of_a_person_goes_through_a_whole_table(plans: list[str]) -> None:
    tables = ("due_rows", "segments", "care", "net", "messages", "followups", "records", "numbers", "spans")
    assert [step for step in plans if step.startswith(tuple(f"SCAN {table}" for table in tables))] == []


@pytest.mark.parametrize("table", ["due_rows", "spans"])
def test_rows_are_found_by_their_case(plans: list[str], table: str) -> None:
    steps = [step for step in plans if step.startswith(f"SEARCH {table}")]
    assert steps
    assert {step for step in steps if f"ix_{table}_case" not in step} == set()


@pytest.mark.parametrize("reading", Reading)
@pytest.mark.parametrize("name", QUESTIONS)
def test_an_index_serves_every_question(demo_office: Office, name: str, reading: Reading) -> None:
    """Also narrowed to some cases, which is how the causes of a difference are found, and to a unit."""
    given = {"as_of": ["2026-03-10"], "known_at": ["2026-03-10"], "reading": [reading.value]}
    with demo_office.read() as tx:
        then = answers.filled(tx, QUESTIONS[name], given)
        with planned(tx) as found:
            for one in (then, then._replace(codes=["56.4"]), then._replace(cases=[uuid4()]), difference.as_now(then)):
                answers.page(tx, one, limit=50)
                answers.page(tx, one, limit=50, after="C-1")
                answers.counted(tx, one)
            difference.difference(tx, then, difference.as_now(then))
            then.question.behind(tx, then, answers.page(tx, then).rows)
    scanned = [step for step in found if step.startswith("SCAN ") and not step.startswith(RESULTS + NO_ROWS)]
    assert scanned == []
    assert [step for step in found if step.startswith("AGAIN ")] == []
    assert any(step.startswith("SEARCH ") for step in found)


@pytest.mark.parametrize("values", [{}, {"as_of": ["2020-03-10"], "known_at": ["2020-03-10T22:59:59Z"]}])
def test_stays_are_found_and_counted_by_what_holds_on_the_day(
    demo_office: Office, values: dict[str, list[str]]
) -> None:
    with demo_office.read() as tx, planned(tx) as found:
        asked = answers.filled(tx, QUESTIONS["stays"], values)
        answers.page(tx, asked, limit=50)
        answers.counted(tx, asked)
    of_segments = {step for step in found if "segments" in step and "case_key=?" not in step and "rowid" not in step}
    assert all("COVERING INDEX ix_segments_stays_" in step or "_still (clock=? AND" in step for step in of_segments)
    assert any("ix_segments_stays_still (clock=? AND strategy=? AND to_day>?)" in step for step in of_segments)


def test_what_is_known_still_is_too_much_to_be_found_by_that() -> None:
    for table in KINDS[Reading.ARRIVAL].values():  # of those read by day there are few
        for index in table.indexes:
            columns = [column.name for column in index.columns]
            partial = index.dialect_options["sqlite"]["where"] is not None
            assert partial or "case_key" in columns[:1] or "known_to" not in columns[:3], index.name


def test_stages_without_a_last_day_that_lie_ahead_are_passed_over(demo_office: Office) -> None:
    with demo_office.read() as tx, planned(tx) as found:
        answers.page(tx, answers.filled(tx, QUESTIONS["due"], {}), limit=50)
    assert any("ix_due_rows_listed_still (listed_to=? AND listed_from<?)" in step for step in found)


def test_offered_cases_are_found_by_the_days_they_are_offered_on(demo_office: Office) -> None:
    with demo_office.read() as tx, planned(tx) as found:
        handovers.of_workers(tx, ["0" * 32], tx.today)
        handovers.of_leads(tx, [("56.4", "fallmanagement")], tx.today)
    offered = {step for step in found if step.startswith("SEARCH offered")}
    assert offered == {"SEARCH offered USING INDEX ix_segments_stays_still (clock=? AND strategy=? AND to_day>?)"}


@pytest.mark.parametrize("led", [[("56.4", "fallmanagement")], [("56.4", "av-ags"), ("56.5", "jobakademie")]])
def test_what_is_overdue_in_a_unit_begins_with_what_is_listed(demo_office: Office, led: list[tuple[str, str]]) -> None:
    with demo_office.read() as tx, planned(tx) as found:
        team.overdue(tx, directory.organisation(tx), led, tx.today)
    steps = [step for step in found if re.search(r"(due_rows|segments_\d+) USING", step)]
    begun = {step for step in steps if "due_rows" in step}
    assert {step.partition("USING INDEX ")[2].partition(" ")[0] for step in begun} == {"ix_due_rows_listed_still"}
    assert all("case_key=?" in step for step in steps if step not in begun)
    assert len(steps) > len(begun) == 2


def test_the_follow_ups_of_one_case_are_found_by_the_case(demo_office: Office) -> None:
    with demo_office.read() as tx, planned(tx) as found:
        answers.page(tx, answers.filled(tx, QUESTIONS["due"], {"case": ["C-1001"]}), limit=50)
    assert any("ix_due_rows_case" in step for step in found)
    assert not any("ix_due_rows_listed" in step for step in found)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_answers_on_the_demo_by_default(demo_office: Office, name: str) -> None:
    with demo_office.read() as tx:
        answer = answers.ask(tx, answers.filled(tx, QUESTIONS[name], {}))
    assert answer["n"] > 0
    assert all(row["facts"] for row in answer["rows"])
    assert answer["recipe"].startswith("fallverlauf ")
    names = {blank.name for blank in QUESTIONS[name].blanks}
    assert set(answer["parameters"]) == names
