"""Lists of stays: the one statement over segments against the judge, and each of its options."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from functools import cache
from itertools import cycle, product
from typing import Any

import pytest
from sqlalchemy import event

from domain.knowledge import Reading
from domain.periods import BERLIN, DAY, end_of_day
from services.exchange.importing import import_file
from services.office.office import Office, open_office
from services.questions.over import Over, read
from services.questions.stays import Wanted, stays
from tests import oracle
from tests.conftest import MakeOffice
from tests.golden import Line, as_facts, line
from tests.services.commandline import as_bytes

FIRST = dt.date(2023, 10, 31)
NOW = dt.datetime(2026, 3, 10, 8, tzinfo=BERLIN)
UNITS, AREAS = ["56.4", "56.5"], ["fallmanagement", "jobakademie", "av-ags"]


def history(case: str, chance: random.Random) -> list[Line]:
    """Bars, responsibilities, ALG I, gaps and corrections on days near the ends of months, some recorded late."""
    day, lines = FIRST + chance.randrange(40) * DAY, []

    def add(fact: str, **data: Any) -> Line:
        nonlocal day
        day += chance.choice([0, 1, 28, 29, 30, 31, 61, 92]) * DAY
        late = chance.choice([0, 0, 0, 20, 200]) * DAY
        lines.append(line(case, fact, day.isoformat(), (day + late).isoformat(), **data))
        lines[-1]["id"] += f"-{len(lines)}"
        return lines[-1]

    add("strategy-bar-set", strategy="integration")
    for _ in range(chance.randrange(3, 9)):
        match chance.randrange(6):
            case 0:
                add("responsibility-assigned", worker="fm-7", unit=chance.choice(UNITS), area=chance.choice(AREAS))
            case 1:
                add("alg1-started")
                add("alg1-ended")
            case 2:
                add("benefit-ended")
                add("benefit-started")
            case 3:
                add("strategy-bar-ended", reason=chance.choice(["error", "employment"]))
                add("strategy-bar-set", strategy=chance.choice(["integration", "entwicklung"]))
            case 4:
                add("clock-pause-started", reason="x")
            case _:
                moved = (day + chance.randrange(-40, 40) * DAY).isoformat()
                add("fact-corrected", target=chance.choice(lines)["id"], on=moved, reason="x")
    return lines


def imported(lines: list[Line], share: float, chance: random.Random) -> list[Line]:
    """The lines, a share of them from a system that does not say when they were recorded."""
    without = {"recorded_at": NOW.isoformat(), "recorded_unknown": True}
    return [one | without if chance.random() < share else one for one in lines]


CASES = {
    f"C-{number:03}": imported(history(f"C-{number:03}", random.Random(number)), share, random.Random(-number))
    for number, share in zip(range(60), cycle([0, 0, 0, 0.5, 1]), strict=False)
}


@pytest.fixture
def filled(any_office: Office, tmp_path: Any) -> Office:
    path = tmp_path / "facts.jsonl"
    path.write_bytes(b"\n".join(as_bytes(_said(one)) for lines in CASES.values() for one in lines))
    assert import_file(any_office, path).rejected == []
    return any_office


def _said(one: Line) -> Line:
    return {key: value for key, value in one.items() if key != "recorded_unknown"} | (
        {"recorded_at": None} if one.get("recorded_unknown") else {}
    )


def judged(wanted: Wanted) -> Iterator[dict[str, Any]]:
    """What the judge says about each case; "n months" by adding them to the first day, one by one."""
    assert wanted.as_of is not None
    assert wanted.known_at is not None
    for case in CASES:
        found = counted(case, wanted.as_of, wanted.known_at, wanted.reading)
        since, gross, net = found["since"], found["days"]["gross"], found["days"]["net"]
        if found["strategy"] != wanted.strategy or (wanted.units and found["unit"] not in wanted.units):
            continue
        days = gross if wanted.clock == "gross" else net
        first = since if isinstance(since, dt.date) else dt.date.fromisoformat(since)
        if wanted.over and not _long(first, days, wanted.over):
            continue
        yield {"case": case, "since": first.isoformat(), "gross": gross, "net": net}


def _long(since: dt.date, days: int, over: Over) -> bool:
    if over.unit == "d":
        return bool(days > over.length)
    return since + days * DAY >= oracle.months_later(since, over.length)


@cache
def counted(case: str, as_of: dt.date, known_at: dt.datetime, reading: Reading) -> dict[str, Any]:
    """The judge is slow, so he is asked once about each case, moment and reading."""
    return oracle.clocks(as_facts(CASES[case]), as_of, known_at, reading is Reading.EFFECTIVE_DAY)


def moments() -> Iterator[tuple[dt.date, dt.datetime]]:
    chance = random.Random(3)
    for _ in range(12):
        as_of = FIRST + chance.randrange(60, 900) * DAY
        yield as_of, min(end_of_day(as_of + chance.choice([-100, 0, 0, 400]) * DAY), NOW)


LENGTHS = [None, *map(read, ("0m", "3m", "6m", "12m", "91d", "365d"))]


def test_the_list_is_what_the_judge_counts(filled: Office) -> None:
    with filled.read() as tx:
        for (as_of, known_at), over, clock, reading in product(moments(), LENGTHS, ("gross", "net"), Reading):
            wanted = Wanted("integration", over, clock, as_of=as_of, known_at=known_at, reading=reading)
            rows = stays(tx, wanted)["rows"]
            shown = [{key: row[key] for key in ("case", "since", "gross", "net")} for row in rows]
            assert shown == list(judged(wanted)), wanted
            assert all(row["gross"] - row["net"] == sum(one["days"] for one in row["deductions"]) for row in rows)


def test_a_moment_that_stands_for_now_may_lie_before_what_was_recorded_later(filled: Office) -> None:
    then = dt.datetime(2024, 6, 30, 12, tzinfo=BERLIN)
    with filled.read() as tx:
        expected = stays(tx, Wanted("integration", as_of=then.date(), known_at=then))
    earlier = filled.settings.model_copy(update={"fixed_now": then})
    with open_office(earlier) as office, office.read() as tx:
        assert expected["rows"]
        assert stays(tx, Wanted("integration"))["rows"] == expected["rows"]


def test_pages_put_together_are_the_list(filled: Office) -> None:
    with filled.read() as tx:
        wanted = Wanted("integration", as_of=dt.date(2024, 6, 30))
        whole = stays(tx, wanted)
        rows: list[dict[str, Any]] = []
        while page := stays(tx, wanted, limit=7, after=rows[-1]["case"] if rows else None)["rows"]:
            assert len(page) <= 7
            rows += page
        assert rows == whole["rows"]
        assert stays(tx, wanted, limit=7)["count"] == whole["count"] == len(rows)


def test_units_and_areas_narrow_the_list(filled: Office) -> None:
    with filled.read() as tx:
        day = dt.date(2024, 9, 30)
        whole = stays(tx, Wanted("integration", as_of=day))["rows"]
        some = stays(tx, Wanted("integration", units=["56.4"], areas=["jobakademie", "av-ags"], as_of=day))["rows"]
    assert some == [row for row in whole if row["unit"] == "56.4" and row["area"] in ("jobakademie", "av-ags")]
    assert 0 < len(some) < len(whole)
    assert {row["worker"] for row in some} == {"fm-7"}


def test_it_is_one_statement_whatever_the_number_of_cases(filled: Office) -> None:
    said: list[str] = []
    with filled.read() as tx:
        event.listen(filled.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
        stays(tx, Wanted("integration", Over(6, "m"), "net", as_of=dt.date(2024, 9, 30)))
        stays(tx, Wanted("integration", as_of=dt.date(2024, 9, 30), reading=Reading.EFFECTIVE_DAY))
    parts = 2  # of what is known still, and of what was overtaken since
    assert len([one for one in said if "segments" in one]) == parts * (1 + 2)  # by their own day some cases lie apart


def test_facts_without_a_moment_are_counted_in_answers_from_before(make_office: MakeOffice, tmp_path: Any) -> None:
    office = make_office(now=NOW)
    path = tmp_path / "facts.jsonl"
    path.write_bytes(
        as_bytes({"case": "C-1", "fact": "strategy-bar-set", "on": "2024-01-01", "data": {"strategy": "integration"}})
    )
    import_file(office, path)
    with office.read() as tx:
        before = stays(tx, Wanted("integration", known_at=NOW - DAY))
        now = stays(tx, Wanted("integration"))
        otherwise = Wanted("integration", as_of=NOW.date(), known_at=NOW - DAY, reading=Reading.EFFECTIVE_DAY)
        by_its_day = stays(tx, otherwise)
    assert (before["count"], before["recorded_unknown"]) == (0, 1)
    assert (now["count"], "recorded_unknown" in now) == (1, False)
    assert (by_its_day["count"], by_its_day["recorded_unknown"], by_its_day["reading"]) == (1, 1, "effective-day")
    assert "reading" not in before


def test_facts_without_a_moment_are_counted_in_the_units_of_the_question(filled: Office) -> None:
    known_at = end_of_day(dt.date(2024, 9, 30))
    lines = dict.fromkeys(UNITS, 0)
    for case in CASES.values():
        for unit in UNITS:
            if any(one["data"].get("unit") == unit for one in case):
                lines[unit] += sum(one.get("recorded_unknown", False) for one in case)
    with filled.read() as tx:
        counts = {
            unit: stays(tx, Wanted("integration", units=[unit], known_at=known_at))["recorded_unknown"]
            for unit in UNITS
        }
        everywhere = stays(tx, Wanted("integration", known_at=known_at))["recorded_unknown"]
    assert counts == lines
    assert 0 < max(counts.values()) < everywhere


@pytest.mark.parametrize("text", ["12", "m", "12w", "-1m", "12 m", "٣m", ""])
def test_a_length_is_months_or_days(text: str) -> None:
    with pytest.raises(ValueError, match=r"ist keine Dauer wie 12m \(volle Monate\) oder 365d \(Tage\)"):
        read(text)


@pytest.mark.parametrize("text", ["1201m", "36501d", "99999999m", "9" * 50 + "d"])
def test_a_length_has_an_end(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"ist zu lang; möglich sind höchstens 1\.200 volle Monate oder 36\.500 Tage\."
    ):
        read(text)
