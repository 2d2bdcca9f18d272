"""The demo office: the list of 10.03.2020 as known that day and as known today, and nobody is flooded."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, select

from domain.facts import Stream
from domain.organisation import Organisation
from domain.periods import BERLIN, DAY, end_of_day
from services import demo
from services.demo import people, staff
from services.demo.building import cases
from services.demo.frame import DAY_OF_LIST, LONG, UNITS, lives
from services.demo.lives import Life
from services.demo.writing import Calendar
from services.followups import lifecycle
from services.office.office import Office, open_office
from services.people import directory
from services.questions import stays, today
from services.records import rows as case_rows
from services.records.cores import WORTH
from services.records.rebuild import Crew
from services.records.tables import messages
from services.settings import Settings

NOW = dt.datetime(2026, 11, 23, 8, tzinfo=BERLIN)
THE_FRAME = 1_480  # synthetic cases that hold everybody who is on one of the lists, and some more
THEN = end_of_day(DAY_OF_LIST)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with open_office(Settings(data=folder, fixed_now=NOW)) as opened:
        told: list[tuple[int, int]] = []
        assert demo.ensure(opened, THE_FRAME, lambda count, whole: told.append((count, whole)))
        assert told[-1][0] == told[-1][1] > THE_FRAME
        assert len(told) > 3
        assert (folder / "fallverlauf.db-wal").stat().st_size == 0
        yield opened


def listed(office: Office, **wanted: Any) -> list[dict[str, Any]]:
    """The rows of `stays --strategy integration` on the Stichtag."""
    with office.read() as tx:
        answer = stays.stays(tx, stays.Wanted("integration", as_of=DAY_OF_LIST, **wanted))
    rows: list[dict[str, Any]] = answer["rows"]
    return rows


def long_in_placement(rows: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    return Counter((row["area"], row["unit"]) for row in rows if row["gross"] > 365 and row["area"] in LONG)


def test_as_known_that_day_the_list_is_that_of_the_report(office: Office) -> None:
    rows = listed(office, known_at=THEN)
    assert len(rows) == 1_333
    frame = {(area, unit): n for area, numbers in LONG.items() for unit, n in zip(UNITS, numbers, strict=True) if n}
    assert long_in_placement(rows) == frame
    assert sum(frame.values()) == 275
    by_unit = [sum(count for (_, unit), count in frame.items() if unit == one) for one in UNITS]
    assert by_unit == [46, 28, 61, 43, 18, 6, 12, 61]
    assert {row["unit"] for row in rows} == set(UNITS)


def test_as_known_today_it_is_another_one(office: Office) -> None:
    then, now = ({row["case"]: row for row in listed(office, known_at=moment)} for moment in (THEN, None))
    gone, come = then.keys() - now.keys(), now.keys() - then.keys()
    assert len(gone) > 60
    assert len(come) > 30
    assert sum(then[case]["since"] != now[case]["since"] for case in then.keys() & now.keys()) > 20
    assert long_in_placement(list(now.values())).total() not in (0, 275)


def test_before_2019_the_units_of_the_town_had_other_names(office: Office) -> None:
    with office.read() as tx:
        organisation = directory.organisation(tx)
        for unit, former in staff.FORMER.items():
            assert organisation.current(former, NOW.date()) == unit
        last = dt.date(2018, 12, 31)
        for day, expected in ((last, "50."), (last + DAY, "52.")):
            rows = stays.stays(tx, stays.Wanted("integration", as_of=day))["rows"]
            town = {row["unit"] for row in rows if row["case"].startswith("A-") and row["unit"].startswith("5")}
            assert {unit[:3] for unit in town if not unit.startswith("56.")} == {expected}


def test_nobody_is_flooded_and_the_pages_of_the_demo_stay_what_they_are(office: Office) -> None:
    lifecycle.issue_due(office, NOW.date(), NOW)
    with office.read() as tx:
        told = tx.conn.scalars(select(messages.c.case_key).where(messages.c.followup.is_not(None))).all()
        numbers = office.store.numbers(tx.conn, {key for key in told if key})
        assert 50 < len(told) < 200
        assert not [number for number in numbers.values() if number.startswith("A-")]
        keys = [office.store.key(tx.conn, Stream.PERSON, person.id) for person in people.PERSONS]
        tasks = today.tasks(tx, [key.hex for key in keys if key], NOW.date())
        assert not [stage for task in tasks for stage in task.stages if stage.number.startswith("A-")]
        assert all(_has_a_lead(directory.organisation(tx), unit) for unit in staff.UNITS)


def _has_a_lead(organisation: Organisation, unit: str) -> bool:
    day = NOW.date()
    return any(held.unit == unit for one in organisation.lead(unit, None, day) for held in organisation.roles(one, day))


def test_the_same_day_gives_the_same_facts() -> None:
    first, second = (_told(NOW) for _ in range(2))
    assert [life.entries for life in first] == [life.entries for life in second]
    assert [life.client for life in first] == [life.client for life in second]
    later = _told(NOW + 200 * DAY)
    assert [life.number for life in later[:90]] == [life.number for life in first[:90]]
    assert all(entry.recorded_at and entry.recorded_at <= NOW for life in first for entry in life.entries)


def _told(now: dt.datetime) -> list[Life]:
    calendar = Calendar(now.date(), now)
    return list(lives(calendar, cases(calendar), 100))


def test_several_processes_write_what_one_writes(office: Office) -> None:
    with office.write(keep=False) as tx:
        keys = list(office.store.streams(tx.conn, Stream.CASE))[:250]
        written = _rows(tx.conn, keys)
        for processes in (1, 2):
            for table in case_rows.TABLES:
                tx.conn.execute(table.delete().where(table.c.case_key.in_(keys)))
            with Crew(office.vault, processes) as crew:
                assert crew.refresh(tx.conn, keys) > WORTH
            assert _rows(tx.conn, keys) == written


def _rows(conn: Connection, keys: list[UUID]) -> Counter[str]:
    return Counter(
        repr([value for name, value in row.items() if name != "id"])
        for table in case_rows.TABLES
        for row in conn.execute(select(table).where(table.c.case_key.in_(keys))).mappings()
    )
