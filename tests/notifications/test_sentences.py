"""Every rule, stage and violation has a sentence a colleague could have written."""

from __future__ import annotations

import ast
import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from domain import rules
from domain.law import AS_SHIPPED
from domain.rules import RULES
from notifications import render, wording
from tests.notifications import said, said_aims

SINCE = {"since": "2026-05-20"}
CARE = {**SINCE, "area": "jobakademie", "months": 6, "ends": "2026-11-19"}
TODAY = dt.date(2026, 11, 20)

SAID: list[tuple[str, str, dict[str, Any], str]] = [
    (
        "R-02",
        "interim",
        {**CARE, "months": 3},
        "Seit 3 Monaten in der Jobakademie. Ist die Handlungsstrategie Integration weiterhin richtig? "
        "Die Regelzeit endet am 19.11.2026.",
    ),
    ("R-02", "warning", CARE, "Seit dem 20.05.2026 in der Jobakademie. Die Regelzeit endet am Donnerstag, 19.11.2026."),
    ("R-02", "limit", CARE, "Seit 6 Monaten in der Jobakademie. Die Regelzeit endete am 19.11.2026."),
    (
        "R-02",
        "limit",
        {**CARE, "paused": 12, "ends": "2026-12-01"},
        "Seit 6 Monaten in der Jobakademie. Die Regelzeit endete am 01.12.2026. Nicht mitgezählt: 12 Tage.",
    ),
    (
        "R-02b",
        "six-plus-six",
        {**CARE, "months": 12, "most": 12},
        "Seit 12 Monaten in der Jobakademie, die Regelzeit mit Verlängerung (6+6 Monate) endete am 19.05.2027. "
        "Länger bleibt nur, wer eine Beschäftigung hat, die Beratung noch zulässt.",
    ),
    (
        "R-02b",
        "six-plus-six",
        {**CARE, "months": 18, "most": 12},
        "Seit 18 Monaten in der Jobakademie, vorgesehen sind höchstens 12 (6+6). "
        "Länger bleibt nur, wer eine Beschäftigung hat, die Beratung noch zulässt.",
    ),
    ("R-03", "limit", {**CARE, "area": "av-ags"}, "Seit 6 Monaten bei AV/AGS. Die Regelzeit endete am 19.11.2026."),
    ("R-03", "warning", CARE, "Seit dem 20.05.2026 bei AV/AGS. Die Regelzeit endet am Donnerstag, 19.11.2026."),
    (
        "R-03",
        "interim",
        {**CARE, "months": 3},
        "Seit 3 Monaten bei AV/AGS. Ist die Handlungsstrategie Integration weiterhin richtig? "
        "Die Regelzeit endet am 19.11.2026.",
    ),
    (
        "R-04",
        "check",
        {**SINCE, "months": 6},
        "Seit mehr als 6 Monaten in der Handlungsstrategie Integration (Balken seit dem 20.05.2026).",
    ),
    (
        "R-05",
        "check",
        {**SINCE, "months": 12, "review": "2026-12-01"},
        "Seit einem Jahr in der Handlungsstrategie Integration (Balken seit dem 20.05.2026). "
        "Die letzte Überprüfung war am 01.12.2026.",
    ),
    ("R-06", "warning-28", {"until": "2026-11-30"}, "Die Verlängerung endet am Montag, 30.11.2026."),
    ("R-06", "warning-7", {"until": "2026-11-30"}, "Die Verlängerung endet am Montag, 30.11.2026."),
    ("R-06", "overdue", {"until": "2026-11-30"}, "Die Verlängerung ist am 30.11.2026 ausgelaufen."),
    (
        "R-07",
        "notice",
        {**SINCE, "months": 2, "bar": "2026-05-20"},
        "Handlungsstrategie Integration, aber seit 2 Monaten nicht im Vermittlungsbereich (seit dem 20.05.2026).",
    ),
    (
        "R-07",
        "limit",
        {**SINCE, "months": 3, "bar": "2026-05-20"},
        "Handlungsstrategie Integration, aber seit 3 Monaten nicht im Vermittlungsbereich (seit dem 20.05.2026). "
        "Ab 3 Monaten gilt das als Extremfall.",
    ),
    (
        "R-14",
        "status",
        {"day": "2026-11-16", "appointment": "r1"},
        "Termin am Montag, 16.11.2026: Der Status steht noch auf „geplant“.",
    ),
    (
        "R-14",
        "status",
        {"day": "2026-11-16", "time": "10:00"},
        "Termin am Montag, 16.11.2026, 10:00 Uhr: Der Status steht noch auf „geplant“.",
    ),
    (
        "R-43",
        "own",
        {"day": "2026-11-16", "set_on": "2026-11-02", "follow_up": "r1"},
        "Wiedervorlage für Montag, 16.11.2026 (gesetzt am 02.11.2026).",
    ),
    (
        "R-43",
        "own",
        {"day": "2026-11-16", "set_on": "2026-11-02", "follow_up": "r1", "subject": "Zeugnis nachfragen"},
        "Wiedervorlage für Montag, 16.11.2026: Zeugnis nachfragen (gesetzt am 02.11.2026).",
    ),
    (
        "R-18",
        "bar-open",
        {"alg1_from": "2026-06-01", "since": "2026-02-01", "strategy": "integration"},
        "ALG I seit dem 01.06.2026, der Balken Integration (seit dem 01.02.2026) läuft aber weiter.",
    ),
    (
        "R-18",
        "bar-open",
        {"alg1_from": "2026-06-01", "alg1_to": "2026-08-31", "since": "2026-02-01", "strategy": "entwicklung"},
        "ALG I seit dem 01.06.2026 bis 31.08.2026, der Balken Entwicklung (seit dem 01.02.2026) läuft aber weiter.",
    ),
    (
        "R-18",
        "first-appointment",
        {"alg1_from": "2026-06-01", "alg1_to": "2026-12-01"},
        "ALG I endet am Dienstag, 01.12.2026. Für die Zeit danach ist noch kein Termin geplant.",
    ),
    (
        "R-18",
        "choose-strategy",
        {"alg1_from": "2026-06-01", "alg1_to": "2026-08-31"},
        "ALG I endete am 31.08.2026. Seitdem ist keine Handlungsstrategie gewählt.",
    ),
    *said.ENDINGS,
    *said.DEVELOPMENT,
    *said.STEERING,
    *said_aims.AIMS,
]


@pytest.fixture(autouse=True)
def _names_must_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    strict = render.environment(strict=True)
    monkeypatch.setattr(render, "environment", lambda: strict)


@pytest.mark.parametrize(("rule", "stage", "data", "expected"), SAID)
def test_why_a_stage_is_due(rule: str, stage: str, data: dict[str, Any], expected: str) -> None:
    assert render.reason(rule, stage, data) == expected


def test_every_stage_of_every_rule_is_tried() -> None:
    stages = {(rule.id, stage) for rule in RULES.values() for stage in rule.stages}
    assert stages == {(rule, stage) for rule, stage, _, _ in SAID}


@pytest.mark.parametrize(("rule", "stage", "data", "expected"), SAID)
def test_on_a_later_day_the_sentence_counts_on(rule: str, stage: str, data: dict[str, Any], expected: str) -> None:
    later = render.reason(rule, stage, data, dt.date(2028, 5, 20))
    assert later.endswith(".")
    assert not re.search(r"Seit [36] (?!Wochen oder länger)|None|\{", later)


def test_months_count_on_with_the_day() -> None:
    assert render.full_months("2026-01-31", dt.date(2026, 2, 27), 0) == 0
    assert render.full_months("2026-01-31", dt.date(2026, 2, 28), 0) == 1
    assert render.full_months("2026-01-31", dt.date(2026, 2, 28), 0, paused=1) == 0
    assert render.full_months("2026-05-20", TODAY, 3) == 6


@pytest.mark.parametrize("rule", ["R-15", "R-17b", "R-18", "R-19"])
def test_what_contradicts_a_rule(rule: str) -> None:
    open_end = render.violation(rule, {"first": "2026-04-01", "last": None})
    closed = render.violation(rule, {"first": "2026-04-01", "last": TODAY})
    assert "seit dem 01.04.2026)" in open_end
    assert "vom 01.04.2026 bis 20.11.2026)" in closed


def test_what_was_done_without_being_asked() -> None:
    assert render.info("alg1-bar-set", {"first": "2026-06-01", "strategy": "integration"}) == (
        "ALG I ab dem 01.06.2026: Der Balken „keine Handlungsstrategie ALG I“ ist gesetzt. "
        "Der Balken Integration endet am Tag davor."
    )
    assert "Tag davor" not in render.info("alg1-bar-set", {"first": "2026-06-01"})
    assert "30.11.2026" in render.info("alg1-bar-ended", {"last": "2026-11-30"})
    assert "01.06.2026" in render.info("alg1-bar-taken-back", {"first": "2026-06-01"})
    taken_back = {"outcome": "extension-approved", "on": "2026-06-01", "waits": True}
    assert render.info("answer-taken-back", taken_back) == (
        "Die Zustimmung vom 01.06.2026 wurde zurückgenommen. "
        "Ihr Antrag auf Verlängerung wartet wieder auf eine Entscheidung."
    )
    assert render.info("answer-taken-back", taken_back | {"waits": False}).endswith("Es gilt die Entscheidung davor.")


def test_names_of_rules_and_numbers() -> None:
    assert render.rule_name("R-02") == "Förderzeit Jobakademie"
    assert render.number(0.5, 1) == "0,5"


MARKS = {  # what a reason says that is no word: which sentence is meant, which thing, a code
    *("both", "partly", "briefed", "benefit_ends", "anew", "wished", "hearing", "appointment", "employment"),
    *("follow_up", "step", "decision", "entry", "apart"),
}


def test_an_office_can_word_whatever_a_rule_says() -> None:
    said = set[str]()
    for path in Path(rules.__file__).parent.glob("*.py"):
        calls = (one for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(one, ast.Call))
        found = (one for one in calls if isinstance(one.func, ast.Name) and one.func.id == "reason")
        said |= {key.arg for one in found for key in one.keywords if key.arg}
    assert said - MARKS <= wording.PLACEHOLDERS.keys()


def test_each_name_an_office_may_use_is_written_whatever_the_shipped_text_says() -> None:
    for rule, stage, data, _ in SAID:
        names = wording.names(wording.name(rule, stage))
        body = " ".join(f"{{{one}}}" for one in names)
        assert not wording.strange(wording.name(rule), body)
        assert "{" not in (wording.reason({wording.name(rule): body}, rule, stage, data) or "")


def test_types_and_law_are_called_as_the_office_calls_them() -> None:
    own = wording.Words({}, (), TODAY)
    assert own.types["pace"] == "PACE"
    assert own.law.rows == AS_SHIPPED.rows
    own.types = {"eigene": "Eigene Maßnahme"}
    told = {"since": "2026-11-02", "type": "eigene", "strategy": "integration"}
    assert "(Eigene Maßnahme)" in render.reason("R-45", "misfit", told, own=own)
    own["rules/R-45"] = "Es läuft {type}."
    assert render.reason("R-45", "misfit", told, own=own) == "Es läuft Eigene Maßnahme."
