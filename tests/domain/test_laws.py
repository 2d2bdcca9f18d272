"""What holds for every history, plausible or odd: hypothesis looks for one for which it does not.

The judge is asked about every rule and clock in turn; tests/mutations shows that faults planted in domain/ are found.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from domain.clocks import Clocks, Segment, clocks
from domain.entries import EntryRow
from domain.facts import FACTS, Mark, marks
from domain.facts.base import in_rows
from domain.history import Growth, needed, sweep
from domain.knowledge import Reading, heard_at, known
from domain.periods import DAY, Period, add_months, latest_start
from domain.records import Record
from domain.rules import RULES, DueRow, due_rows
from domain.sheets import Lasting, Row, first, last
from domain.spans import Span
from domain.timeline import Timeline, build
from domain.violations import Violation
from tests import judged_rows, judged_violations, oracle
from tests.golden import Line, as_facts, as_records
from tests.histories import EVER, MOST, Question, changing, corrections, line, mixed, questions, said
from tests.profiles import laws
from tests.samples import KINDS, START, SUBJECTS, Subject, openings

DAYS = {"first", "last", "listed_from", "listed_to"}
HANDOVER = [name for name in KINDS if name.startswith("handover-")]
each_subject = pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)


def raised(timeline: Timeline) -> list[oracle.Row]:
    rows = due_rows(timeline, Period(timeline.as_of, timeline.as_of))
    return sorted((row.rule, row.stage, row.due) for row in rows)


def as_answer(found: Clocks) -> dict[str, Any]:
    rows = [{"reason": one.reason, "from": one.first, "to": one.last, "days": one.days} for one in found.deductions]
    return found._asdict() | {"deductions": rows}


# --- what is drawn ---


def test_every_rule_and_every_violation_has_a_history_in_which_it_says_something() -> None:
    opened = {said for subject in SUBJECTS for said in openings(subject)}
    stages = {(rule.id, stage) for rule in RULES.values() for stage in rule.stages}
    assert stages <= opened
    assert {said for said in opened if said[0] == "violations"} == {
        ("violations", rule) for rule in ("R-06", "R-15", "R-16", "R-17", "R-17b", "R-18", "R-19")
    }


def test_every_fact_of_a_case_can_be_drawn() -> None:
    @laws(5)
    @given(st.data())
    def draw(drawn: st.DataObject) -> None:
        for name in KINDS:
            as_records([line(1, name, START, 0, drawn.draw(said(name, START, [])))])

    draw()
    assert {FACTS[name] for name in KINDS} >= {kind for subject in SUBJECTS for kind in subject.topic.about}


# --- the judge ---


@each_subject
@laws(40)
@given(st.data(), st.sampled_from(Reading))
def test_the_domain_and_its_rows_and_the_judge_agree(subject: Subject, drawn: st.DataObject, reading: Reading) -> None:
    lines, days, known_at = drawn.draw(questions(st.just(subject)))
    records, facts, own_day = as_records(lines), as_facts(lines), reading is Reading.EFFECTIVE_DAY
    rows, heard = sweep(records, reading), known(records, known_at, reading)
    for as_of in days:
        timeline = build(heard, as_of)
        shown = [one.row for one in rows if _holds(one, as_of, known_at)]
        judged = oracle.clocks(facts, as_of, known_at, own_day)
        assert as_answer(clocks(timeline, as_of)) == judged
        segments = {row.clock: row for row in shown if isinstance(row, Segment)}
        assert len(segments) == sum(isinstance(row, Segment) for row in shown)
        _same_as_judged(segments, as_of, judged)
        due = oracle.due(facts, as_of, known_at, own_day)
        assert raised(timeline) == due
        assert sorted((row.rule, row.stage, row.due) for row in shown if isinstance(row, DueRow)) == due
        offer = segments.get("handover")
        assert (offer and (offer.unit, offer.area, offer.worker)) == oracle.offered(facts, as_of, known_at, own_day)
        contrary = sorted((row.rule, tuple(sorted(row.facts))) for row in shown if isinstance(row, Violation))
        assert contrary == judged_violations.violations(facts, as_of, known_at, own_day)
        _spans_as_judged([row for row in shown if isinstance(row, Span)], (facts, as_of, known_at, own_day))


@laws(200)
@given(mixed(), st.sampled_from(Reading), st.data())
def test_the_entries_and_the_judge_agree(lines: list[Line], reading: Reading, drawn: st.DataObject) -> None:
    facts, own_day = as_facts(lines), reading is Reading.EFFECTIVE_DAY
    moment = drawn.draw(st.sampled_from([EVER, *(one["recorded_at"] for one in facts)]))
    rows = [one.row for one in sweep(as_records(lines), reading) if _known(one, moment)]
    found = [
        (row.name, row.on, row.thing, dict(row.codes), row.ref, row.by, row.corrected)
        for row in rows
        if isinstance(row, EntryRow)
    ]
    assert sorted(found, key=lambda one: one[4]) == judged_rows.entries(facts, moment, own_day)


@pytest.mark.parametrize("kind", KINDS)
def test_the_judge_names_every_field_that_may_stand_in_rows(kind: str) -> None:
    things = {field for field, mark in marks(kind).items() if mark is Mark.THING}
    named = {field.name: field.encode_name for field in structs.fields(FACTS[kind])}
    assert {named[field] for field in in_rows(kind) - things} == set(judged_rows.CODES.get(kind, ()))


# --- laws that need no judge ---


@laws(200)
@given(questions())
def test_net_and_deductions_are_gross_and_the_parts_are_gross(question: Question) -> None:
    lines, days, known_at = question
    heard = known(as_records(lines), known_at)
    for as_of in days:
        found = clocks(build(heard, as_of), as_of)
        if found.since is None:
            assert not found.deductions
            assert found.days["gross"] is None
            continue
        shown = {name: value or 0 for name, value in found.days.items()}
        assert shown["gross"] == shown["net"] + sum(one.days for one in found.deductions)
        plain = oracle.plain(as_facts(lines), as_of, known_at)
        steered = found.since + shown["lead_time"] * DAY
        areas = {plain.area(day) for day in oracle.each_day(steered, as_of - DAY)}
        if found.strategy == "integration" and areas <= set(oracle.PLACEMENT):
            assert shown["gross"] == shown["lead_time"] + shown["jobakademie"] + shown["av_ags"]


@laws(150)
@given(mixed(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(lines: list[Line], chance: random.Random) -> None:
    shuffled = list(lines)
    chance.shuffle(shuffled)
    assert Counter(sweep(as_records(lines))) == Counter(sweep(as_records(shuffled)))


@laws(150)
@given(mixed(), st.data(), st.sampled_from(Reading))
def test_carried_on_is_all_at_once(lines: list[Line], drawn: st.DataObject, reading: Reading) -> None:
    records = as_records(lines)
    moment = drawn.draw(st.sampled_from([EVER, *(heard_at(record, reading) for record in records)]))
    before = [record for record in records if heard_at(record, reading) < moment]
    added = [record for record in records if heard_at(record, reading) >= moment]
    kinds = needed(added)
    growth = Growth([one for one in before if kinds is None or type(one.fact) in kinds], added, reading)
    earlier = sweep(before, reading)
    still = {one.row: one.known_from for one in earlier if one.known_to is None and growth.wants(one.row)}
    others = [one for one in earlier if one.known_to is not None or one.row not in still]
    assert Counter([*others, *growth.rows(still)]) == Counter(sweep(records, reading))


@laws(100)
@given(mixed())
def test_what_is_said_on_neighbouring_days_is_one_row(lines: list[Line]) -> None:
    until: dict[str, list[dt.date]] = {}
    swept = [one.row for one in sweep(as_records(lines)) if one.known_to is None]
    rows = [row for row in swept if isinstance(row, Segment | DueRow | Violation)]
    for row in sorted(rows, key=first):
        said_by = repr({name: value for name, value in row._asdict().items() if name not in DAYS})
        assert first(row) - DAY not in until.setdefault(said_by, [])
        until[said_by].append(last(row))


@laws(100)
@given(mixed())
def test_from_the_last_arrival_on_both_readings_are_the_same(lines: list[Line]) -> None:
    records = as_records(lines)
    last = max((record.recorded_at for record in records), default=EVER)
    arrival, own_day = (seen_at(records, last, reading) for reading in Reading)
    assert arrival == own_day


@laws(150)
@given(mixed(), st.data())
def test_a_withdrawn_fact_is_one_never_recorded(lines: list[Line], drawn: st.DataObject) -> None:
    if not lines:
        return
    target = drawn.draw(st.sampled_from(lines))
    withdrawal = _changing("fact-withdrawn", target, lines, {})
    without = [one for one in lines if one is not target]
    _takes_effect(lines, withdrawal, without)


@laws(150)
@given(mixed(), st.data())
def test_a_corrected_fact_is_one_recorded_so(lines: list[Line], drawn: st.DataObject) -> None:
    stated = [one for one in lines if one["fact"] in KINDS]
    if not stated:
        return
    target = drawn.draw(st.sampled_from(stated))
    change = drawn.draw(corrections(target, lines))
    earlier = sorted((one for one in lines if _corrects(one, target)), key=lambda one: str(one["recorded_at"]))
    ids = {one["id"] for one in earlier}  # they stand as they are: what changes a correction is a law of its own
    lines = [one for one in lines if one["data"].get("target") not in ids]
    on, said_so = target["on"], dict(target["data"])
    for data in (*(one["data"] for one in earlier), change):  # field by field, in the order of recording
        on, said_so = data.get("on", on), said_so | (data.get("data") or {})
    recorded_so = target | {
        "on": on,
        "data": {name: value for name, value in said_so.items() if value is not None},
    }
    others = [one for one in lines if one is not target and not _corrects(one, target)]
    _takes_effect(lines, _changing("fact-corrected", target, lines, change), [*others, recorded_so])


def _corrects(one: Line, target: Line) -> bool:
    return bool(one["fact"] == "fact-corrected" and one["data"]["target"] == target["id"])


def _changing(fact: str, target: Line, lines: list[Line], data: dict[str, Any]) -> Line:
    """A correction or withdrawal of a line, recorded after all the others."""
    last = max(dt.datetime.fromisoformat(one["recorded_at"]) for one in lines)
    day = (last + 2 * DAY).date()
    return line(59, fact, day, 0, {"target": target["id"], "reason": "x"} | data)


def _takes_effect(lines: list[Line], change: Line, instead: list[Line]) -> None:
    """From the moment of a change on all is as with the lines `instead`, until then as if nobody had changed it."""
    moment = dt.datetime.fromisoformat(change["recorded_at"])
    changed = as_records([*lines, change])
    assert _without_entries(changed, moment) == _without_entries(as_records(instead), moment)
    before = moment - dt.timedelta(microseconds=1)
    assert seen_at(changed, before) == seen_at(as_records(lines), before)
    heard, heard_instead = known(changed, moment), known(as_records(instead), moment)
    for as_of in changing(instead)[:MOST]:
        assert clocks(build(heard, as_of), as_of) == clocks(build(heard_instead, as_of), as_of)


def _without_entries(records: list[Record], moment: dt.datetime) -> Counter[Row]:
    """The rows known at a moment that do not say who changed what."""
    rows = seen_at(records, moment)
    return Counter({row: count for row, count in rows.items() if not isinstance(row, EntryRow)})


def seen_at(records: list[Record], moment: dt.datetime, reading: Reading = Reading.ARRIVAL) -> Counter[Row]:
    """The rows known at a moment."""
    return Counter(one.row for one in sweep(records, reading) if _known(one, moment))


@laws(60)
@given(st.data(), st.lists(st.tuples(st.sampled_from(HANDOVER), st.integers(0, 5)), max_size=5))
def test_a_handover_waits_from_its_own_day_to_the_day_before_its_answer(
    drawn: st.DataObject, steps: list[tuple[str, int]]
) -> None:
    lines = [
        line(number, fact, START + day * DAY, 0, drawn.draw(said(fact, START, [])))
        for number, (fact, day) in enumerate(steps)
    ]
    rows = [row for row in seen_at(as_records(lines), EVER) if isinstance(row, Segment)]
    for day in oracle.each_day(START - DAY, START + 6 * DAY):
        found = [(one.unit, one.area, one.worker) for one in rows if one.first <= day <= one.last]
        judged = oracle.offered(as_facts(lines), day, EVER)
        assert found == ([] if judged is None else [judged])


def _holds(one: Lasting, as_of: dt.date, known_at: dt.datetime) -> bool:
    if isinstance(one.row, EntryRow):
        return False
    return first(one.row) <= as_of <= last(one.row) and _known(one, known_at)


def _known(one: Lasting, known_at: dt.datetime) -> bool:
    return one.known_from <= known_at and (one.known_to is None or known_at < one.known_to)


def _spans_as_judged(rows: list[Span], judged: tuple[list[Line], dt.date, dt.datetime, bool]) -> None:
    facts, _, known_at, own_day = judged
    found = sorted(rows, key=lambda row: (row.lane, row.value, row.thing or "", row.facts))
    said = judged_rows.spans(*judged)
    assert [(*row[:3], row.day) for row in found] == [one[:4] for one in said]
    for row, one in zip(found, said, strict=True):
        assert set(one.facts) <= set(row.facts)
        assert (row.unit, row.area) == judged_rows.responsible(facts, row.first, known_at, own_day)
        told = {key: value for key, value in row.codes if key not in ("since", "invited")}
        assert told == judged_rows.said(row, facts, known_at, own_day)


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
