"""What the answers of a dialogue write: its facts with what they say, all taken back by one undoing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from msgspec import to_builtins

from domain.decisions.refusal import Refused
from domain.decisions.wishes import RecordFact, RecordFacts, Undo
from domain.dialogues import DIALOGUES, Answer, Context, check, screen, wish_of
from domain.documented import STANDARD
from domain.facts import name_of
from domain.facts.strategy import StrategyBarSet, StrategyFieldChanged
from tests.spec import TODAY, Given, day

CONTEXT = Context(
    today=TODAY,
    subject="S-1",
    strategy="integration",
    since=day("20.05."),
    field="entwicklung",
    field_since=day("01.06."),
    steps={"review": {"facts": "Praktikum läuft.", "agreement": "Bewerbungen."}},
    unfiled=(("id-1", "Balken Integration"), ("id-2", "Feld")),
)
ON = TODAY.isoformat()
TOLD: Mapping[str, Answer] = {
    "on": ON,
    "answer": "clear",
    "level": "open",
    "helper_job_wanted": "open",
    "field": "",
    "hours": "",
    "goals": "",
    "until": "",
}
PLAN: Mapping[str, Answer] = {"on": ON, "form": "foerderstrategie", "goals": "Lager\n\n Führerschein ", "until": ""}
PROFILE: Mapping[str, Answer] = {"on": ON, "next": "no", "profile": ""}
GRADUATE: Mapping[str, Answer] = {"time": "", "place": "", "channel": "personal", "on": "2026-11-27", "profile": ""}
WRITTEN = {field: f"{field} <b>&" for field in STANDARD}
ASKED = ("wish-to-work-asked", "20.11.", {})
Said = tuple[str, str, dict[str, Any]]
PATHS: list[tuple[str, dict[str, Answer], list[Said]]] = [
    ("wish-to-work", {"on": ON, "answer": "none"}, [ASKED]),
    ("wish-to-work", {**TOLD}, [ASKED, ("wish-to-work-expressed", "20.11.", {"clear": True})]),
    (
        "wish-to-work",
        {**TOLD, "answer": "unclear", "level": "helfer", "helper_job_wanted": "no", "hours": "19,5"},
        [
            ASKED,
            (
                "wish-to-work-expressed",
                "20.11.",
                {"clear": False, "level": "helfer", "helper_job_wanted": False, "hours": 19.5},
            ),
        ],
    ),
    (
        "wish-to-work",
        {**TOLD, "on": "2026-11-01", "late_reason": "Urlaubsvertretung", "goals": "Lager", "until": "2027-05-20"},
        [
            ("wish-to-work-asked", "01.11.", {"late_reason": "Urlaubsvertretung"}),
            ("wish-to-work-expressed", "01.11.", {"clear": True, "late_reason": "Urlaubsvertretung"}),
            (
                "support-strategy-agreed",
                "01.11.",
                {"goals": ["Lager"], "until": "2027-05-20", "late_reason": "Urlaubsvertretung"},
            ),
        ],
    ),
    ("field-or-bar", {"on": ON, "right": "bar"}, [("strategy-field-changed", "20.11.", {"strategy": "integration"})]),
    ("field-or-bar", {"on": ON, "right": "field"}, [("strategy-bar-set", "20.11.", {"strategy": "entwicklung"})]),
    (
        "field-or-bar",
        {"on": "2026-06-01", "right": "field", "late_reason": "Erst jetzt bemerkt"},
        [("strategy-bar-set", "01.06.", {"strategy": "entwicklung", "late_reason": "Erst jetzt bemerkt"})],
    ),
    (
        "process-step",
        {"on": ON, "step": "close", **WRITTEN, "next_on": "2026-12-01"},
        [("process-step-documented", "20.11.", {"step": "close", **WRITTEN, "next_on": "2026-12-01"})],
    ),
    (
        "process-step",
        {"on": ON, "step": "review", "considerations": "Belastbar.", "next_step": "Termin.", "next_on": ""},
        [
            (
                "process-step-documented",
                "20.11.",
                {"step": "review", **CONTEXT.steps["review"], "considerations": "Belastbar.", "next_step": "Termin."},
            )
        ],
    ),
    (
        "filed",
        {"decisions": ["id-2", "id-1"]},
        [
            ("decision-filed", "20.11.", {"target": "id-2", "how": "copied"}),
            ("decision-filed", "20.11.", {"target": "id-1", "how": "copied"}),
        ],
    ),
    (
        "agree",
        {**PLAN},
        [("support-strategy-agreed", "20.11.", {"goals": ["Lager", "Führerschein"], "form": "foerderstrategie"})],
    ),
    ("reprofile", {**PROFILE}, [("reprofiled", "20.11.", {})]),
    (
        "reprofile",
        {**PROFILE, "next": "own", "profile": "Schweißerschein", "subject": "Stelle suchen", "due_on": "2026-11-27"},
        [
            ("reprofiled", "20.11.", {"profile": "Schweißerschein"}),
            ("own-follow-up-set", "20.11.", {"follow_up": "S-1", "due_on": "2026-11-27", "subject": "Stelle suchen"}),
        ],
    ),
    (
        "graduate",
        {**GRADUATE, "time": "10:30", "profile": "Übernahme im Betrieb"},
        [
            ("appointment-planned", "27.11.", {"appointment": "S-1", "channel": "personal", "time": "10:30"}),
            ("reprofiled", "20.11.", {"profile": "Übernahme im Betrieb"}),
        ],
    ),
    ("graduate", {**GRADUATE}, [("appointment-planned", "27.11.", {"appointment": "S-1", "channel": "personal"})]),
]


@pytest.mark.parametrize(("name", "answers", "said"), PATHS)
def test_the_answers_write_these_facts_and_one_undoing_takes_them_back(
    name: str, answers: dict[str, Answer], said: list[Said]
) -> None:
    given = Given(
        ("20.05.", StrategyBarSet(strategy="integration")), ("01.06.", StrategyFieldChanged(strategy="entwicklung"))
    )
    before = {one.id for one in given.view().known}
    given.when(wish_of(DIALOGUES[name], answers, CONTEXT))
    found = [(name_of(one.fact), one.on, _said(to_builtins(one.fact))) for one in given.entries]
    assert found == [(fact, day(on), data) for fact, on, data in said]
    given.when(Undo(correlation_id=given.last_decision()))
    assert {one.id for one in given.view().known} == before


def _said(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}


@pytest.mark.parametrize("name", sorted({name for name, _, _ in PATHS}))
def test_it_takes_at_most_three_screens(name: str) -> None:
    for _, answers, _ in (one for one in PATHS if one[0] == name):
        given, screens = dict[str, Answer](), 0
        while asked := screen(DIALOGUES[name], given, CONTEXT):
            given |= {step.key: answers.get(step.key, "") for step in asked}
            screens += 1
        assert screens <= 3


def test_of_a_process_step_only_what_is_missing_is_asked() -> None:
    answers: dict[str, Answer] = {"on": ON, "step": "review"}
    asked = screen(DIALOGUES["process-step"], answers, CONTEXT)
    assert [one.key for one in asked] == ["considerations", "next_step", "next_on"]
    answers["step"] = "close"
    assert [one.key for one in screen(DIALOGUES["process-step"], answers, CONTEXT)] == [*STANDARD, "next_on"]


@pytest.mark.parametrize(
    ("name", "step", "value", "before", "said"),
    [
        ("wish-to-work", "on", "2026-11-21", {}, "in der Zukunft"),
        ("wish-to-work", "on", "20.13.", {}, "nicht zu erkennen"),
        ("wish-to-work", "answer", "", {}, "eine Antwort wählen"),
        ("wish-to-work", "answer", "vielleicht", {}, "steht nicht zur Wahl"),
        ("wish-to-work", "hours", "169", {}, "von 0 bis 168"),
        ("wish-to-work", "hours", "-1", {}, "von 0 bis 168"),
        ("wish-to-work", "hours", "nan", {}, "von 0 bis 168"),
        ("wish-to-work", "hours", "<b>20</b>", {}, "von 0 bis 168"),
        ("wish-to-work", "goals", "Ziel\n" * 21, {}, "höchstens 20 Ziele"),
        ("wish-to-work", "until", "2027-05-20", {"on": ON, "goals": ""}, "gehört zu vereinbarten Zielen"),
        ("field-or-bar", "right", "field", {"on": "2026-05-20"}, "Der Balken sagt das erst seit dem 20.05.2026"),
        ("field-or-bar", "right", "bar", {"on": "2026-05-31"}, "Das Feld sagt das erst seit dem 01.06.2026"),
        ("field-or-bar", "right", "beide", {"on": ON}, "steht nicht zur Wahl"),
        ("two-bars", "right", "withdraw:r1", {}, "steht nicht zur Wahl"),
        ("process-step", "agreement", " ", {}, "hier etwas schreiben"),
        ("process-step", "next_on", "2026-11-19", {"on": ON}, "nicht vor dem 20.11.2026"),
        ("filed", "decisions", [], {}, "mindestens ein Kästchen"),
        ("filed", "decisions", ["id-9"], {}, "steht nicht zur Wahl"),
        ("agree", "goals", " \n ", {}, "hier etwas schreiben"),
        ("agree", "until", "2026-11-19", {"on": ON, "goals": "Lager"}, "kann nicht davor enden"),
        ("reprofile", "profile", "x" * 4_001, {}, "kürzer fassen"),
        ("reprofile", "due_on", "2026-11-19", {}, "ist vorbei"),
        ("graduate", "on", "2026-11-19", {}, "nicht in der Vergangenheit"),
        ("graduate", "time", "24:00", {}, "keine Uhrzeit"),
    ],
)
def test_what_does_not_fit_gets_one_sentence(
    name: str, step: str, value: Answer, before: dict[str, Answer], said: str
) -> None:
    asked = next(one for one in DIALOGUES[name].steps if one.key == step)
    with pytest.raises(Refused, match=said):
        check(asked, value, before, CONTEXT)


def test_none_of_several_facts_is_written_if_one_is_refused() -> None:
    two = [RecordFact(name="wish-to-work-asked", on=TODAY), RecordFact(name="reprofiled", on=TODAY + dt.timedelta(1))]
    Given().refused(RecordFacts(facts=two), "in der Zukunft", field="on")


@pytest.mark.parametrize("name", ["extension-approved", "case-opened", "fact-withdrawn"])
def test_no_other_door_is_gone_around(name: str) -> None:
    Given().refused(RecordFacts(facts=[RecordFact(name=name, on=TODAY, data={"target": "r1"})]), "für sich erfasst")
