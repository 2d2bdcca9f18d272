"""What holds for every history, plausible or odd: hypothesis looks for one for which it does not."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.clocks import Clocks, Segment, clocks
from domain.history import Lasting, sweep
from domain.knowledge import Reading, known
from domain.periods import DAY, Period, add_months, end_of_day, latest_start
from domain.records import Record
from domain.rules import DueRow, due_rows
from domain.timeline import build
from tests import oracle
from tests.golden import Line, as_facts, as_records

START = dt.date(2024, 1, 15)
EVER = dt.datetime(2035, 1, 1, tzinfo=dt.UTC)
IMPORT = dt.datetime(2025, 6, 30, 12, tzinfo=dt.UTC)
LAWS = settings(
    max_examples=300,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

AREAS = ["fallmanagement", "spezial-fm", "jobakademie", "av-ags"]
BARS = ["integration", "integration", "integration", "entwicklung"]
few = st.sampled_from(["1", "2"])
area = st.sampled_from(AREAS)
planned_end = st.none() | st.integers(0, 900).map(lambda days: (START + days * DAY).isoformat())


def data(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    made = st.fixed_dictionaries(fields)
    return made.map(lambda found: {key: value for key, value in found.items() if value is not None})


KINDS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "case-opened": data(),
    "case-closed": data(),
    "responsibility-assigned": data(worker=st.sampled_from(["fm-1", "ja-1"]), unit=st.just("56.4"), area=area),
    "handover-initiated": data(
        to_worker=st.just("ja-1"), to_unit=st.just("56.4"), to_area=area, intended_strategy=st.sampled_from(BARS)
    ),
    "handover-accepted": data(strategy=st.sampled_from(BARS)),
    "handover-rejected": data(reason=st.just("x")),
    "handover-withdrawn": data(reason=st.just("x")),
    "strategy-bar-set": data(strategy=st.sampled_from(BARS)),
    "strategy-bar-ended": data(reason=st.sampled_from([None, "error", "employment", "alg1"])),
    "non-strategy-bar-set": data(kind=st.sampled_from(["keine-hs-alg1", "abschlussarbeiten"])),
    "non-strategy-bar-ended": data(kind=st.sampled_from(["keine-hs-alg1", "abschlussarbeiten"])),
    "strategy-reviewed": data(outcome=st.sampled_from(["continue", "extend"])),
    "clock-pause-started": data(reason=st.just("x")),
    "clock-pause-ended": data(),
    "benefit-started": data(),
    "benefit-ended": data(),
    "alg1-started": data(planned_end=planned_end),
    "alg1-ended": data(),
    "employment-started": data(
        employment=few, kind=st.sampled_from(["sv-pflichtig", "geringfuegig"]), benefit_ends=st.booleans()
    ),
    "employment-ended": data(employment=few),
    "appointment-planned": data(appointment=few),
    "appointment-invited": data(appointment=few),
    "appointment-held": data(appointment=few, channel=st.sampled_from([None, "personal", "video"])),
    "appointment-missed": data(appointment=few, good_cause=st.just("open")),
    "appointment-cancelled": data(appointment=few),
    "appointment-rescheduled": data(appointment=few),
    "contact-held": data(channel=st.just("mail"), direction=st.just("in")),
    "extension-approved": data(request=few, until=planned_end.filter(bool), by_lead=st.just("fdl-1")),
}
HANDOVER = [name for name in KINDS if name.startswith("handover-")]
LATE = [0, 0, 0, 0, 1, 3, 40, 200, -1, -30]


def line(number: int, fact: str, on: dt.date, late: int, data: dict[str, Any]) -> Line:
    moment = dt.datetime.combine(on + late * DAY, dt.time(8, number % 60), dt.UTC)
    return {
        "id": f"f{number:02}",
        "case": "C-1",
        "fact": fact,
        "on": on.isoformat(),
        "recorded_at": moment.isoformat(),
        "by": "fm-1",
        "data": data,
    }


@st.composite
def facts(draw: st.DrawFn, number: int, offset: st.SearchStrategy[int]) -> Line:
    name = draw(st.sampled_from(list(KINDS)))
    on = START + draw(offset) * DAY
    return line(number, name, on, draw(st.sampled_from(LATE)), draw(KINDS[name]))


@st.composite
def changes(draw: st.DrawFn, number: int, earlier: list[Line]) -> Line:
    """A correction or a withdrawal of a line before it, of another correction or withdrawal too."""
    target = draw(st.sampled_from(earlier))
    on = dt.datetime.fromisoformat(target["recorded_at"]).date() + draw(st.integers(0, 300)) * DAY
    said: dict[str, Any] = {"target": target["id"], "reason": "x"}
    name = draw(st.sampled_from(["fact-corrected", "fact-withdrawn"]))
    if name == "fact-corrected" and target["fact"] in KINDS:
        said["data"] = draw(KINDS[target["fact"]])
        moved = draw(st.none() | st.integers(-60, 60))
        said |= {} if moved is None else {"on": (dt.date.fromisoformat(target["on"]) + moved * DAY).isoformat()}
    return line(number, name, on, draw(st.sampled_from([0, 1])), said)


Step = tuple[str, int, dict[str, Any]]  # fact, days after the beginning, data


def responsible(area: str, day: int) -> Step:
    return "responsibility-assigned", day, {"worker": f"{area[:2]}-1", "unit": "56.4", "area": area}


def handed_over(area: str, day: int) -> Step:
    to = {"to_worker": f"{area[:2]}-1", "to_unit": "56.4", "to_area": area}
    return "handover-initiated", day, to | {"intended_strategy": "integration"}


def period(started: str, ended: str, day: int, length: int, data: dict[str, Any], ends: dict[str, Any]) -> list[Step]:
    return [(started, day, data), (ended, day + length, ends)]


@st.composite
def stories(draw: st.DrawFn) -> list[Step]:
    """Something that happens to a case, as offices record it; now and then half of it is missing."""
    day, length = draw(st.integers(0, 700)), draw(st.sampled_from([0, 1, 20, 60, 91, 120, 200]))
    gap = draw(st.sampled_from([0, 1, 2, 3, 30, 89, 93]))
    reason = draw(st.sampled_from([{}, {}, {"reason": "error"}, {"reason": "alg1"}]))
    job = {"employment": draw(few)}
    there, away = draw(st.sampled_from(["jobakademie", "av-ags"])), draw(area)
    ending = job | {"kind": draw(st.sampled_from(["ausbildung", "geringfuegig"])), "benefit_ends": True}
    bar: Step = ("strategy-bar-set", day + length + gap, {"strategy": draw(st.sampled_from(BARS))})
    planned = draw(data(planned_end=planned_end))
    answers: list[Step] = [
        ("handover-accepted", day + length, {"strategy": "integration"}),
        ("handover-rejected", day + length, {"reason": "x"}),
        ("handover-withdrawn", day + length, {"reason": "x"}),
    ]
    told: list[list[Step]] = [
        [*period("alg1-started", "alg1-ended", day, length, planned, {}), bar],
        [("strategy-bar-ended", day - 1, reason), *period("alg1-started", "alg1-ended", day, length, planned, {}), bar],
        period("alg1-started", "alg1-ended", day, length, {}, {})
        + period("alg1-started", "alg1-ended", day + length + gap, length, {}, {}),
        period("non-strategy-bar-set", "non-strategy-bar-ended", day, length, *[{"kind": "keine-hs-alg1"}] * 2),
        [*period("employment-started", "employment-ended", day, length, ending, job), responsible(there, bar[1])],
        period("benefit-ended", "benefit-started", day, length, {}, {}),
        period("case-closed", "case-opened", day, length, {}, {}),
        period("clock-pause-started", "clock-pause-ended", day, length, {"reason": "x"}, {}),
        [responsible(there, day), responsible(away, day + length), responsible(there, day + length + gap)],
        [("strategy-bar-ended", day, reason), ("strategy-bar-set", day + gap, bar[2])],
        [("extension-approved", day, {"request": "v", "until": iso(day + length), "by_lead": "fdl-1"})],
        [("strategy-reviewed", day, {"outcome": "continue"})],
        [handed_over(there, day), draw(st.sampled_from(answers)), handed_over(away, day + length + gap)],
        [("strategy-bar-ended", day, reason)],
    ]
    return [step for step in draw(st.sampled_from(told)) if draw(st.integers(0, 9))]


def iso(day: int) -> str:
    return (START + day * DAY).isoformat()


@st.composite
def histories(draw: st.DrawFn) -> list[Line]:
    """A bar and a responsibility to begin with, then stories, then anything, then corrections and withdrawals."""
    begun: list[Step] = [("strategy-bar-set", 0, {"strategy": "integration"}), responsible(draw(area), 0)]
    steps = [*begun, *(step for story in draw(st.lists(stories(), max_size=5)) for step in story)]
    lines = [
        line(number, fact, START + day * DAY, draw(st.sampled_from(LATE)), data)
        for number, (fact, day, data) in enumerate(steps)
    ]
    offset = st.integers(-30, 30) | st.integers(0, 900) | st.sampled_from([0, 30, 31, 90, 182, 183, 365, 366])
    lines += [draw(facts(number, offset)) for number in range(30, 30 + draw(st.integers(0, 6)))]
    for number in range(50, 50 + draw(st.sampled_from([0, 0, 1, 2, 4]))):
        lines.append(draw(changes(number, lines)))
    return lines


@st.composite
def mixed(draw: st.DrawFn) -> list[Line]:
    """A history of which a part, or all, was imported without moments of recording."""
    lines, share = draw(histories()), draw(st.sampled_from([0, 0, 1, 3, 4]))
    without = {"recorded_at": IMPORT.isoformat(), "recorded_unknown": True}
    return [one | without if draw(st.integers(0, 3)) < share else one for one in lines]


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[Line], dt.date, dt.datetime]:
    """A history with a day to ask about, on or beside a day on which something may change, and a knowledge moment."""
    lines = draw(mixed())
    days = [dt.date.fromisoformat(one["on"]) for one in lines]
    months = draw(st.sampled_from([0, 0, 0, 2, 3, 6, 12, 18]))
    as_of = add_months(draw(st.sampled_from(days)), months) + draw(st.sampled_from([-7, -1, 0, 0, 0, 1, 2, 45])) * DAY
    moments = [dt.datetime.fromisoformat(one["recorded_at"]) for one in lines]
    moments += [end_of_day(day) for day in days]
    known_at = draw(st.just(EVER) | st.sampled_from([*moments, EVER]))
    return lines, as_of, known_at - draw(st.sampled_from([0, 0, 1])) * dt.timedelta(microseconds=1)


def asked(
    records: Iterable[Record], as_of: dt.date, known_at: dt.datetime, reading: Reading = Reading.ARRIVAL
) -> Clocks:
    return clocks(build(known(records, known_at, reading), as_of), as_of)


def raised(
    records: Iterable[Record], as_of: dt.date, known_at: dt.datetime, reading: Reading = Reading.ARRIVAL
) -> list[oracle.Row]:
    rows = due_rows(build(known(records, known_at, reading), as_of), Period(as_of, as_of))
    return sorted((row.rule, row.stage, row.due) for row in rows)


def as_answer(found: Clocks) -> dict[str, Any]:
    rows = [{"reason": one.reason, "from": one.first, "to": one.last, "days": one.days} for one in found.deductions]
    return found._asdict() | {"deductions": rows}


@LAWS
@given(questions())
def test_net_and_deductions_are_gross_and_the_parts_are_gross(
    question: tuple[list[Line], dt.date, dt.datetime],
) -> None:
    lines, as_of, known_at = question
    found = asked(as_records(lines), as_of, known_at)
    if found.since is None:
        assert not found.deductions
        assert found.days["gross"] is None
        return
    days = {name: value or 0 for name, value in found.days.items()}
    assert days["gross"] == days["net"] + sum(one.days for one in found.deductions)
    plain = oracle.plain(as_facts(lines), as_of, known_at)
    areas = [plain.area(day) for day in oracle.each_day(found.since + days["lead_time"] * DAY, as_of - DAY)]
    if found.strategy == "integration" and set(areas) <= set(oracle.PLACEMENT):
        assert days["gross"] == days["lead_time"] + days["jobakademie"] + days["av_ags"]


@LAWS
@given(questions(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(
    question: tuple[list[Line], dt.date, dt.datetime], chance: random.Random
) -> None:
    lines, as_of, known_at = question
    shuffled = list(lines)
    chance.shuffle(shuffled)
    first, second = as_records(lines), as_records(shuffled)
    assert asked(first, as_of, known_at) == asked(second, as_of, known_at)
    assert raised(first, as_of, known_at) == raised(second, as_of, known_at)
    assert set(sweep(first)) == set(sweep(second))


@LAWS
@given(questions(), st.sampled_from(Reading))
def test_the_domain_and_the_judge_agree(question: tuple[list[Line], dt.date, dt.datetime], reading: Reading) -> None:
    lines, as_of, known_at = question
    records, judged = as_records(lines), (as_facts(lines), as_of, known_at, reading is Reading.EFFECTIVE_DAY)
    assert as_answer(asked(records, as_of, known_at, reading)) == oracle.clocks(*judged)
    assert raised(records, as_of, known_at, reading) == oracle.due(*judged)


@LAWS
@given(questions(), st.sampled_from(Reading))
def test_the_rows_kept_beside_the_facts_and_the_judge_agree(
    question: tuple[list[Line], dt.date, dt.datetime], reading: Reading
) -> None:
    lines, as_of, known_at = question
    rows = [one.row for one in sweep(as_records(lines), reading) if _holds(one, as_of, known_at)]
    found = [(row.rule, row.stage, row.due) for row in rows if isinstance(row, DueRow)]
    judged = (as_facts(lines), as_of, known_at, reading is Reading.EFFECTIVE_DAY)
    assert sorted(found) == oracle.due(*judged)
    segments = {row.clock: row for row in rows if isinstance(row, Segment)}
    assert segments.keys() <= {"care", "net", "handover"}
    assert len(segments) == sum(isinstance(row, Segment) for row in rows)
    offer = segments.get("handover")
    assert (offer and (offer.unit, offer.area, offer.worker)) == oracle.offered(*judged)
    _same_as_judged(segments, as_of, oracle.clocks(*judged))


@settings(LAWS, max_examples=60)
@given(st.data(), st.lists(st.tuples(st.sampled_from(HANDOVER), st.integers(0, 5)), max_size=5))
def test_a_handover_waits_from_its_own_day_to_the_day_before_its_answer(
    drawn: st.DataObject, steps: list[tuple[str, int]]
) -> None:
    lines = [
        line(number, fact, START + day * DAY, 0, drawn.draw(KINDS[fact])) for number, (fact, day) in enumerate(steps)
    ]
    rows = [one.row for one in sweep(as_records(lines)) if one.known_to is None]
    offers = [row for row in rows if isinstance(row, Segment)]
    for day in oracle.each_day(START - DAY, START + 6 * DAY):
        found = [(one.unit, one.area, one.worker) for one in offers if one.first <= day <= one.last]
        judged = oracle.offered(as_facts(lines), day, EVER)
        assert found == ([] if judged is None else [judged])


@settings(LAWS, max_examples=100)
@given(mixed())
def test_from_the_last_arrival_on_both_readings_are_the_same(lines: list[Line]) -> None:
    records = as_records(lines)
    last = max(record.recorded_at for record in records)
    arrival, own_day = ([one.row for one in sweep(records, reading) if _known(one, last)] for reading in Reading)
    assert set(arrival) == set(own_day)
    assert len(arrival) == len(own_day)


def _holds(one: Lasting, as_of: dt.date, known_at: dt.datetime) -> bool:
    first, last = (
        (one.row.listed_from, one.row.listed_to) if isinstance(one.row, DueRow) else (one.row.first, one.row.last)
    )
    return first <= as_of <= last and _known(one, known_at)


def _known(one: Lasting, known_at: dt.datetime) -> bool:
    return one.known_from <= known_at and (one.known_to is None or known_at < one.known_to)


def _same_as_judged(segments: dict[str, Segment], as_of: dt.date, judged: dict[str, Any]) -> None:
    care = segments.get("care")
    assert (
        (care.unit, care.area, care.worker) == (judged["unit"], judged["area"], judged["worker"])
        if care
        else (judged["area"] is None)
    )
    net = segments.get("net")
    if net is None:
        assert judged["since"] is None
        return
    assert (net.strategy, net.spell, net.area) == (judged["strategy"], judged["since"], judged["area"])
    assert judged["days"]["net"] == _shown(net, as_of)
    assert net.deductions == tuple(
        (row["reason"], row["from"], None if row["to"] == as_of - DAY and _running(net, row) else row["to"])
        for row in judged["deductions"]
    )
    for months in (6, 12):
        full = as_of >= add_months(net.origin, months) + net.shift * DAY
        if net.stopped is None:
            assert full is (net.origin <= latest_start(as_of - net.shift * DAY, months))


def _running(net: Segment, row: dict[str, Any]) -> bool:
    return (row["reason"], row["from"], None) in net.deductions


def _shown(one: Segment, as_of: dt.date) -> int:
    return (as_of - one.origin).days - one.shift if one.stopped is None else one.stopped
