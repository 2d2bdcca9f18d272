"""What counts at a moment of knowledge: corrections, withdrawals, and both of them undone (Fachkonzept 2.0)."""

import datetime as dt
from itertools import permutations
from typing import Any

import msgspec

from domain.facts import FACTS
from domain.facts.strategy import StrategyBarSet
from domain.knowledge import Known, Ledger, known
from domain.records import Record


def record(ref: str, name: str, day: str, recorded: str, **data: Any) -> Record:
    moment = dt.datetime.fromisoformat(f"{recorded}T12:00:00+00:00")
    return Record(
        ref=ref,
        id=ref,
        number=1,
        on=dt.date.fromisoformat(day),
        recorded_at=moment,
        stored_at=moment,
        by="fm-1",
        correlation_id="c",
        fact=msgspec.convert(data, FACTS[name]),
    )


def at(records: list[Record], day: str | None = None) -> list[Known]:
    return known(records, dt.datetime.fromisoformat(f"{day}T23:59:59+00:00") if day else None)


BAR = record("bar", "strategy-bar-set", "2020-03-01", "2020-03-02", strategy="integration")
MOVED = record("moved", "fact-corrected", "2020-04-01", "2020-04-01", target="bar", on="2020-02-01", reason="x")
OTHER = record(
    "other", "fact-corrected", "2020-05-01", "2020-05-01", target="bar", data={"strategy": "entwicklung"}, reason="x"
)
GONE = record("gone", "fact-withdrawn", "2020-06-01", "2020-06-01", target="bar", reason="x")


def test_a_fact_is_known_from_its_recording_on() -> None:
    assert at([BAR], "2020-03-01") == []
    assert [fact.ref for fact in at([BAR], "2020-03-02")] == ["bar"]


def test_a_correction_counts_from_its_own_recording_and_undoes_nothing_of_other_fields() -> None:
    records = [BAR, MOVED, OTHER]
    assert at(records, "2020-03-31")[0].on == dt.date(2020, 3, 1)
    assert at(records, "2020-04-01")[0].on == dt.date(2020, 2, 1)
    last = at(records)[0]
    assert (last.on, getattr(last.fact, "strategy", None)) == (dt.date(2020, 2, 1), "entwicklung")


def test_corrections_apply_in_the_order_of_recording_field_by_field() -> None:
    def corrected(ref: str, day: str, **said: Any) -> Record:
        return record(ref, "fact-corrected", day, day, target="bar", reason="x", **said)

    bar = record(
        "bar", "strategy-bar-set", "2020-03-01", "2020-03-02", strategy="integration", prognosis_months=4, migrated=True
    )
    first = corrected("a", "2020-04-01", on="2020-02-01", data={"prognosis_months": 5, "migrated": None})
    second = corrected("b", "2020-04-02", data={"strategy": "entwicklung"})
    third = corrected("c", "2020-04-03", on="2020-02-15", data={"prognosis_months": 6})
    wrong = corrected("d", "2020-04-04", data={"strategy": "no such", "prognosis_months": 7})
    (found,) = at([third, wrong, bar, second, first])
    assert found.on == dt.date(2020, 2, 15)
    assert found.fact == StrategyBarSet(strategy="entwicklung", prognosis_months=6)
    without_third = [record("gone", "fact-withdrawn", "2020-05-01", "2020-05-01", target="c", reason="x")]
    (found,) = at([third, bar, second, first, *without_third])
    assert (found.on, found.fact) == (dt.date(2020, 2, 1), StrategyBarSet(strategy="entwicklung", prognosis_months=5))


def test_a_withdrawal_in_force_beats_every_correction_also_a_later_one() -> None:
    late = record("late", "fact-corrected", "2020-07-01", "2020-07-01", target="bar", on="2020-02-01", reason="x")
    assert at([BAR, GONE, late]) == []


def test_a_withdrawn_fact_counts_as_never_recorded_until_the_withdrawal_is_withdrawn() -> None:
    back = record("back", "fact-withdrawn", "2020-07-01", "2020-07-01", target="gone", reason="x")
    records = [BAR, GONE, back]
    assert at(records, "2020-05-31")
    assert not at(records, "2020-06-30")
    assert at(records, "2020-07-01")


def test_the_order_of_arrival_does_not_matter() -> None:
    records = [BAR, MOVED, OTHER, GONE]
    for day in ("2020-03-05", "2020-04-05", "2020-05-05", "2020-06-05"):
        assert len({tuple(at(list(some), day)) for some in permutations(records)}) == 1


def test_a_correction_that_gives_no_such_fact_and_two_that_name_each_other_change_nothing() -> None:
    wrong = record("wrong", "fact-corrected", "2020-04-01", "2020-04-01", target="bar", data={"no": 1}, reason="x")
    assert at([BAR, wrong])[0].fact == BAR.fact
    one = record("one", "fact-withdrawn", "2020-04-01", "2020-04-01", target="two", reason="x")
    two = record("two", "fact-withdrawn", "2020-04-01", "2020-04-01", target="one", reason="x")
    assert [fact.ref for fact in at([BAR, one, two])] == ["bar"]


def test_a_correction_may_be_corrected() -> None:
    again = record(
        "again", "fact-corrected", "2020-05-01", "2020-05-01", target="moved", data={"on": "2020-01-15"}, reason="x"
    )
    assert at([BAR, MOVED, again])[0].on == dt.date(2020, 1, 15)


def test_a_plan_counts_from_the_day_it_was_recorded() -> None:
    plan = record("a", "appointment-planned", "2020-05-20", "2020-05-01", appointment="t1")
    assert at([plan])[0].visible_from == dt.date(2020, 5, 1)


def test_withdrawals_each_of_the_one_before_are_resolved_however_many_they_are() -> None:
    def chain(length: int) -> list[Record]:
        links = [f"gone-{number}" for number in range(length)]
        days = [dt.date(2020, 6, 1) + dt.timedelta(days=number) for number in range(length)]
        return [BAR] + [
            record(ref, "fact-withdrawn", day.isoformat(), day.isoformat(), target=target, reason="x")
            for ref, day, target in zip(links, days, ["bar", *links], strict=False)
        ]

    odd, even = at(chain(2_999)), at(chain(3_000))
    assert "bar" not in [fact.ref for fact in odd]
    assert "bar" in [fact.ref for fact in even]


def test_each_of_a_circle_of_withdrawals_counts_as_if_nothing_changed_it_on_the_way_around() -> None:
    def standing(*refs: str) -> set[str]:
        around = zip(refs, [*refs[1:], refs[0]], strict=True)
        circle = [
            record(ref, "fact-withdrawn", "2020-04-01", "2020-04-01", target=target, reason="x")
            for ref, target in around
        ]
        return {now.ref for _, now in Ledger().hear(circle) if now}

    assert standing("one") == set()
    assert standing("one", "two") == {"one", "two"}
    assert standing("one", "two", "three") == set()
    assert standing("one", "two", "three", "four") == {"one", "two", "three", "four"}
