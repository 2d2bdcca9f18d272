"""The demo shows every rule and every kind of omission, whatever day it is built on, and is right in each detail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from domain.clocks import clocks
from domain.facts import Stream, name_of
from domain.facts.base import Fact
from domain.knowledge import known
from domain.periods import BERLIN, DAY
from domain.rules import RULES, Kind
from domain.timeline import build
from services import demo
from services.demo import people
from services.messages import waiting
from services.office.office import Office, data_kind, open_office
from services.questions import today as questions
from services.records.tables import END_OF_TIME, due_rows, violations
from services.settings import Settings
from tests import oracle

DAYS = [dt.date(2026, 11, 23), dt.date(2027, 3, 1), dt.date(2028, 2, 29), dt.date(2026, 8, 30)]
WORKERS = ("fm", "sfm", "ja", "av")
LEADS = ("fdl", "tl")


@pytest.fixture(scope="module", params=DAYS, ids=str)
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    now = dt.datetime.combine(request.param, dt.time(8), BERLIN)
    with open_office(Settings(data=tmp_path_factory.mktemp("demo"), fixed_now=now)) as opened:
        assert demo.ensure(opened)
        yield opened


def listed(office: Office) -> dict[UUID, list[tuple[str, str, dt.date]]]:
    """What is due today, case by case."""
    row, today = due_rows.c, office.today()
    chosen = select(row.case_key, row.rule, row.stage, row.due).where(
        row.listed_from <= today, row.listed_to >= today, row.known_to == END_OF_TIME
    )
    found: dict[UUID, list[tuple[str, str, dt.date]]] = {}
    with office.read() as tx:
        for key, *stage in tx.conn.execute(chosen):
            found.setdefault(key, []).append((stage[0], stage[1], stage[2]))
    return found


def test_every_stage_of_every_rule_is_due_somewhere(office: Office) -> None:
    found = {stage[:2] for stages in listed(office).values() for stage in stages}
    wanted = {(rule.id, stage) for rule in RULES.values() for stage in rule.stages if rule.state != "off"}
    assert found == wanted


def test_the_judge_agrees_in_every_case(office: Office) -> None:
    due, today = listed(office), office.today()
    with office.read() as tx:
        for key in office.store.streams(tx.conn, Stream.CASE):
            lines = [
                {
                    "id": record.id,
                    "fact": name_of(record.fact),
                    "on": record.on,
                    "recorded_at": record.recorded_at,
                    "by": record.by,
                    "data": fields(record.fact),
                }
                for record in office.store.records(tx.conn, key, with_text=True)
            ]
            assert sorted(due.get(key, [])) == oracle.due(lines, today, office.now())
            found = clocks(build(known(office.store.records(tx.conn, key)), today), today)
            assert found.days == oracle.clocks(lines, today, office.now())["days"]


def fields(fact: Fact) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(fact)
    return found


def test_everybody_finds_something_to_do_and_nobody_drowns(office: Office) -> None:
    with office.read() as tx:
        for person in people.PERSONS:
            key = office.store.key(tx.conn, Stream.PERSON, person.id)
            assert key is not None
            kind = person.id.split("-")[0]
            if kind in WORKERS:
                assert 3 <= len(questions.tasks(tx, [key.hex], office.today())) <= 8, person.id
            if kind in LEADS:
                assert 2 <= len(waiting.requests(tx, key.hex, tx.today)) <= 4, person.id


def test_a_good_part_of_the_cases_is_in_order(office: Office) -> None:
    with office.read() as tx:
        count = len(list(office.store.streams(tx.conn, Stream.CASE)))
    assert 55 <= count <= 75
    told = {rule.id for rule in RULES.values() if rule.state == "on" and rule.kind is Kind.FOLLOW_UP}
    in_order = [key for key, stages in listed(office).items() if told.isdisjoint(rule for rule, *_ in stages)]
    assert count - len(listed(office)) + len(in_order) >= 15


def test_omissions_are_there(office: Office) -> None:
    with office.read() as tx:
        assert set(tx.conn.scalars(select(violations.c.rule))) >= {"R-18", "R-19"}
        records = [
            record
            for key in office.store.streams(tx.conn, Stream.CASE)
            for record in office.store.records(tx.conn, key)
        ]  # fmt: skip
    names = {name_of(record.fact) for record in records}
    assert names >= {
        "fact-corrected", "fact-withdrawn", "handover-initiated", "extension-returned", "extension-withdrawn",
        "clock-pause-started", "employment-ended", "case-closed", "appointment-missed", "appointment-cancelled",
        "sanction-imposed", "sanction-waived", "wish-to-work-expressed", "support-strategy-agreed",
        "process-step-documented", "decision-filed", "prognosis-recorded", "same-thing-noted",
    }  # fmt: skip
    assert any(getattr(record.fact, "migrated", False) for record in records)
    assert any(record.recorded_at.date() > record.on + 30 * DAY for record in records)
    assert all(record.recorded_at <= office.now() for record in records)


def test_it_says_what_it_is_and_is_built_once(office: Office) -> None:
    with office.read() as tx:
        assert data_kind(tx.conn, office.vault) == "demo"
        assert office.store.verify(tx.conn)["ok"]
    assert not demo.ensure(office)
    with pytest.raises(demo.NotEmpty, match="leeres FALLVERLAUF_DATA"):
        demo.build(office, office.today())


def test_other_data_are_left_alone(tmp_path: Path) -> None:
    with open_office(Settings(data=tmp_path, fixed_now=dt.datetime(2026, 11, 23, 8, tzinfo=BERLIN))) as opened:
        with opened.write() as tx:
            opened.store.open_stream(tx.conn, Stream.CASE, "C-1")
        with pytest.raises(demo.NotEmpty):
            demo.ensure(opened)
