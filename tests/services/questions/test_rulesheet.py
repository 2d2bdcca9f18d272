"""The Regelblatt says of every rule and stage what the lists go by, on every day, and what contradicts itself."""

from __future__ import annotations

import datetime as dt

import pytest

from domain.facts import Fact, Stream
from domain.facts.office import RuleSet, ThresholdSet
from domain.rules import RULES
from domain.rules.states import Standing
from domain.rules.thresholds import Number
from services.office.office import Office
from services.questions import rulesheet
from services.questions.rulesheet import Line, Sheet
from services.records import standing
from tests.services.web.town import append, entry

DAYS = [dt.date(2026, month, 15) for month in range(1, 13)]


def state(rule: str, said: str, **more: object) -> RuleSet:
    return RuleSet(rule=rule, state=said, source="DA 5", approved_by="bl-1", **more)  # type: ignore[arg-type]


def number(stage: str, months: int | None, **more: object) -> ThresholdSet:
    return ThresholdSet(rule="R-02", stage=stage, months=months, source="DA 6", approved_by="bl-1", **more)  # type: ignore[arg-type]


def sheet(office: Office, *told: tuple[str, Fact], day: dt.date = DAYS[6]) -> Sheet:
    with office.write() as tx:
        append(tx, Stream.OFFICE, "rules", [entry(on, fact) for on, fact in told])
    with office.read() as tx:
        return rulesheet.of_day(tx, day)


def holding(found: Sheet, rule: str, stage: str, day: dt.date, unit: str | None = None) -> Line:
    [line] = [line for line in found.lines if line.place == (rule, stage, unit) and line.holds(day)]
    return line


def test_without_a_setting_every_rule_and_stage_stands_as_shipped(any_office: Office) -> None:
    found = sheet(any_office)
    assert len(found.lines) == sum(1 + len(rule.stages) for rule in RULES.values())
    assert all(line.since is line.until is None and line.source == RULES[line.rule].source for line in found.lines)
    assert found.odd == []


def test_on_every_day_it_says_what_the_lists_go_by(any_office: Office) -> None:
    told = [
        ("2026-02-01", state("R-04", "off")),
        ("2026-04-01", state("R-04", "on", applies_from=dt.date(2026, 3, 1))),
        ("2026-05-01", state("R-04", "list", unit="56.4")),
        ("2026-09-01", state("R-04", "off")),
        ("2026-10-01", state("R-04", "on", unit="56.4")),
    ]
    found = sheet(any_office, *told)
    with any_office.read() as tx:
        for day in DAYS:
            standings = standing.standings(tx.conn, day)
            assert holding(found, "R-04", "", day).value == standings.of("R-04", None)
            if day >= dt.date(2026, 5, 1):
                assert holding(found, "R-04", "", day, "56.4").value == standings.of("R-04", "56.4")
    line = holding(found, "R-04", "", DAYS[4])
    assert (line.since, line.until, line.source) == (dt.date(2026, 4, 1), dt.date(2026, 8, 31), "DA 5")
    assert line.value == Standing("on", dt.date(2026, 3, 1))


def test_a_later_number_changes_nothing_an_earlier_day_shows(any_office: Office) -> None:
    before = sheet(any_office)
    found = sheet(any_office, ("2026-06-01", number("limit", 8)), ("2026-08-01", number("limit", None)))
    shown = [holding(found, "R-02", "limit", day).value for day in DAYS]
    assert shown == [Number(6)] * 5 + [Number(8)] * 2 + [Number(6)] * 5
    assert [line.value for line in before.lines if line.holds(DAYS[4])] == [
        line.value for line in found.lines if line.holds(DAYS[4])
    ]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            [("2026-06-01", number("interim", 7))],
            "Förderzeit Jobakademie: „Zwischenprüfung“ (7 Monate) läge ab 15.07.2026 nicht vor",
        ),
        (
            [("2026-06-01", number("limit", 3, unit="56.4"))],
            "„Zwischenprüfung“ (3 Monate) läge ab 15.07.2026 in 56.4 nicht vor „Grenze erreicht“ (3 Monate).",
        ),
        (
            [("2026-06-01", state("R-04", "off")), ("2026-06-01", state("R-04", "on"))],
            "Für den 01.06.2026 ist zweierlei",
        ),
    ],
)
def test_what_contradicts_itself_is_said(any_office: Office, told: list[tuple[str, Fact]], said: str) -> None:
    [sentence] = sheet(any_office, *told).odd
    assert said in sentence
