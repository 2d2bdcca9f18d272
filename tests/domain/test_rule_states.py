"""Whether a rule is off, list or on: by day, by unit, as known then, and what counts as Altfall (Fachkonzept 3.1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.facts.office import RuleState
from domain.knowledge import known
from domain.periods import end_of_day
from domain.rules import RULES
from domain.rules.states import Standing, Standings
from tests.domain.test_rules_days import EVER, fact
from tests.golden import Line, as_records

day = dt.date.fromisoformat
SHIPPED: dict[str, RuleState] = {"R-04": "on", "R-47": "off"}


def put(on: str, state: str, name: str = "s", recorded: str | None = None, rule: str = "R-04", **more: Any) -> Line:
    said = {"rule": rule, "state": state, "source": "DA 3/2024", "approved_by": "bl-1", **more}
    return fact("rule-set", on, recorded, **said) | {"id": name}


def standing(
    lines: list[Line], as_of: str, unit: str | None = None, known_at: dt.datetime = EVER, rule: str = "R-04"
) -> Standing:
    return Standings(SHIPPED, known(as_records(lines), known_at), day(as_of)).of(rule, unit)


def test_without_a_setting_the_state_is_the_shipped_one_on_every_day() -> None:
    assert standing([], "1999-01-01") == Standing("on")
    assert standing([], "1999-01-01", rule="R-47") == Standing("off")
    first = ("R-02", "R-02b", "R-03", "R-04", "R-05", "R-06", "R-07", "R-14", "R-18")
    assert {RULES[rule].state for rule in first} == {"on"}


def test_a_state_holds_from_its_own_day_until_the_next() -> None:
    lines = [put("2024-03-01", "off"), put("2024-06-01", "list", "t")]
    days = ("2024-02-29", "2024-03-01", "2024-05-31", "2024-06-01")
    assert [standing(lines, one).state for one in days] == ["on", "off", "off", "list"]


def test_a_state_of_the_unit_beats_a_later_one_without() -> None:
    lines = [put("2024-03-01", "list", unit="56.4"), put("2024-06-01", "off", "t")]
    assert standing(lines, "2024-07-01", "56.4").state == "list"
    assert standing(lines, "2024-07-01", "52.1").state == "off"
    assert standing(lines, "2024-07-01").state == "off"


def test_of_one_day_the_last_recorded_holds_as_known_then() -> None:
    lines = [put("2024-03-01", "list", "z"), put("2024-03-01", "off", "a", recorded="2024-04-01")]
    assert standing(lines, "2024-05-01").state == "off"
    assert standing(lines, "2024-05-01", known_at=end_of_day(day("2024-03-31"))).state == "list"
    assert standing(lines, "2024-05-01", known_at=end_of_day(day("2024-02-29"))).state == "on"


def test_a_state_can_be_corrected_and_withdrawn() -> None:
    lines = [put("2024-03-01", "off")]
    lines.append(fact("fact-corrected", "2024-04-01", target="s", data={"state": "list"}, on="2024-03-15", reason="x"))
    assert [standing(lines, one).state for one in ("2024-03-14", "2024-03-15")] == ["on", "list"]
    lines.append(fact("fact-withdrawn", "2024-05-01", target="s", reason="x"))
    assert standing(lines, "2024-06-01").state == "on"


def test_rules_nobody_knows_are_passed_over() -> None:
    assert standing([put("2024-03-01", "off", rule="R-99")], "2024-04-01").state == "on"
