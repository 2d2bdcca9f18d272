"""Dialogues about what happened to a client: what their answers write, all taken back by one undoing (issue 13)."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from domain.decisions.refusal import Refused
from domain.decisions.wishes import Undo
from domain.dialogues import DIALOGUES, Answer, Context, asked, check, screen, why_not, wish_of
from domain.facts import name_of
from domain.facts.base import Fact
from domain.facts.contact import AppointmentMissed, AppointmentPlanned
from domain.facts.strategy import StrategyBarSet
from domain.facts.support import (
    BenefitEnded,
    BenefitReapplied,
    BenefitStarted,
    EmploymentEnded,
    EmploymentStarted,
    MeasureStarted,
)
from services.dialogues import subjects
from tests.spec import TODAY, Given, day

ON = TODAY.isoformat()
BAR = ("20.05.", StrategyBarSet(strategy="integration"))
WORK = ("01.07.", EmploymentStarted(employment="E-1", kind="sv-pflichtig"))
MINI = ("01.08.", EmploymentStarted(employment="E-2", kind="geringfuegig"))
TAKEN: dict[str, Answer] = {
    "on": ON,
    "origin": "open",
    "level": "open",
    "benefit_ends": "open",
    "kind": "sv-pflichtig",
    "bar": "later",
    "why": "",
}
BEGUN = ("employment-started", "20.11.", {"employment": "S-1", "kind": "sv-pflichtig"})
ENDED: dict[str, Answer] = {"on": "2026-11-15", "reason": "", "bar": "later"}
AGAIN = ("12.11.", BenefitStarted())
STOPPED = ("13.11.", BenefitEnded())
LOST = ("10.11.", EmploymentEnded(employment="E-1"))
OVER = ("employment-ended", "15.11.", {"employment": "E-1"})
REVIEWED = ("strategy-reviewed", "20.11.", {"outcome": "end"})


class Path(NamedTuple):
    """What stands in the case, the answers, what they write."""

    name: str
    before: list[tuple[str, Fact]]
    answers: dict[str, Answer]
    said: list[tuple[str, str, dict[str, Any]]]


PROGNOSIS: dict[str, Answer] = {
    "resources": "",
    "able_and_motivated": "no",
    "can_be_motivated": "unclear",
    "probable": "yes",
}
HOPED = [  # no hindrance blocks: neither able nor motivated, and the prognosis is good all the same
    Path(
        "prognosis",
        [BAR],
        PROGNOSIS | {"resources": "Führerschein"},
        [
            (
                "prognosis-recorded",
                "20.11.",
                {
                    "probable": True,
                    "able_and_motivated": "no",
                    "can_be_motivated": "unclear",
                    "resources": "Führerschein",
                },
            )
        ],
    ),
]
PLANNED = ("10.11.", AppointmentPlanned(appointment="T-1"))
LONG_AGO = ("01.10.", AppointmentPlanned(appointment="T-2"))
OPEN = ("10.11.", AppointmentMissed(appointment="T-1", good_cause="open"))
WITHOUT = ("10.11.", AppointmentMissed(appointment="T-1", good_cause="no"))
LONG_MISSED = ("01.10.", AppointmentMissed(appointment="T-2", good_cause="open"))
COURSE = ("01.09.", MeasureStarted(measure="M-1", planned_end=day("18.12.")))
TOLD = ("appointment-missed", "10.11.", {"appointment": "T-1", "good_cause": "no"})
MEETING: dict[str, Answer] = {"time": "", "place": "", "channel": "personal", "invited": "letter", "on": "2026-11-27"}
MET = [
    Path("missed", [PLANNED, OPEN], {"cause": "yes"}, [(*TOLD[:2], TOLD[2] | {"good_cause": "yes"})]),
    Path(
        "missed",
        [PLANNED, OPEN],
        {"cause": "no", "decision": "hearing", "why": ""},
        [TOLD, ("sanction-considered", "20.11.", {"appointment": "T-1", "step": "hearing"})],
    ),
    Path(
        "missed",
        [PLANNED, WITHOUT],
        {"decision": "waived", "why": "Weg war nicht zumutbar"},
        [("sanction-waived", "20.11.", {"appointment": "T-1", "reason": "Weg war nicht zumutbar"})],
    ),
    Path(
        "missed",
        [LONG_AGO, LONG_MISSED, PLANNED, OPEN],
        {"appointment": "T-2", "late_reason": "Antwort kam erst jetzt", "cause": "yes"},
        [
            (
                "appointment-missed",
                "01.10.",
                {"appointment": "T-2", "good_cause": "yes", "late_reason": "Antwort kam erst jetzt"},
            )
        ],
    ),
    Path(
        "necessity",
        [BAR, COURSE],
        {"needed": "no", "valid_until": "2026-12-18", "reason": "Gespräch beim Träger"},
        [
            (
                "appointment-necessity-decided",
                "20.11.",
                {"needed": False, "valid_until": "2026-12-18", "reason": "Gespräch beim Träger"},
            )
        ],
    ),
    Path(
        "necessity",
        [BAR, COURSE],
        {"needed": "yes", "time": "10:30", "on": "2026-11-27"},
        [
            ("appointment-necessity-decided", "20.11.", {"needed": True}),
            ("appointment-planned", "27.11.", {"appointment": "S-1", "time": "10:30"}),
        ],
    ),
    Path(
        "next",
        [BAR],
        MEETING | {"remind": "yes"},  # a Friday, so that the follow-up is for Monday
        [
            ("appointment-planned", "27.11.", {"appointment": "S-1", "channel": "personal"}),
            (
                "own-follow-up-set",
                "20.11.",
                {"follow_up": "S-1-1", "due_on": "2026-11-30", "subject": "Termin vom 27.11.2026: wahrgenommen?"},
            ),
        ],
    ),
    Path(
        "next",
        [BAR],
        MEETING | {"remind": "no", "invited": "yes"},
        [
            ("appointment-planned", "27.11.", {"appointment": "S-1", "channel": "personal"}),
            ("appointment-invited", "20.11.", {"appointment": "S-1"}),
        ],
    ),
]
IN_BENEFIT = ("01.05.", BenefitStarted())
STOPPED = ("10.11.", BenefitEnded())
AGAIN = ("18.11.", BenefitStarted())
CUT = ("strategy-bar-ended", "10.11.", {"reason": "benefit-end"})
GAPS = [
    Path("gap", [BAR, IN_BENEFIT, STOPPED], {"bar": "end", "why": ""}, [REVIEWED, CUT]),
    Path(
        "gap",
        [BAR, IN_BENEFIT, STOPPED, AGAIN],
        {"bar": "new", "why": "", "strategy": "integration"},
        [
            REVIEWED,
            CUT,
            ("strategy-bar-set", "18.11.", {"strategy": "integration"}),
            ("strategy-field-changed", "18.11.", {"strategy": "integration"}),
        ],
    ),
    Path(
        "gap",
        [BAR, ("12.11.", BenefitReapplied())],
        {"bar": "keep", "why": "Nahtlos wieder im Bezug"},
        [("strategy-reviewed", "20.11.", {"outcome": "continue", "text": "Nahtlos wieder im Bezug"})],
    ),
]
PATHS = [
    Path("job", [], TAKEN, [BEGUN]),
    Path(
        "job", [BAR], {**TAKEN, "kind": "geringfuegig"}, [(*BEGUN[:2], {"employment": "S-1", "kind": "geringfuegig"})]
    ),
    Path("job", [BAR], TAKEN, [BEGUN]),
    Path(
        "job",
        [BAR],
        {**TAKEN, "origin": "placed", "level": "helfer", "benefit_ends": "no", "bar": "closing"},
        [
            (*BEGUN[:2], BEGUN[2] | {"level": "helfer", "benefit_ends": False}),
            ("employment-statistics-entered", "20.11.", {"employment": "S-1", "origin": "placed"}),
            REVIEWED,
            ("strategy-bar-ended", "19.11.", {"reason": "employment"}),
            ("non-strategy-bar-set", "20.11.", {"kind": "abschlussarbeiten"}),
        ],
    ),
    Path(
        "job",
        [BAR],
        {**TAKEN, "on": "2026-12-01", "bar": "end", "benefit_ends": "yes"},
        [
            ("employment-started", "01.12.", BEGUN[2] | {"benefit_ends": True}),
            REVIEWED,
            ("strategy-bar-ended", "30.11.", {"reason": "employment"}),
        ],
    ),
    Path(
        "job",
        [BAR],
        {**TAKEN, "on": "2026-11-06", "late_reason": "Nachricht kam spät", "bar": "end"},
        [
            ("employment-started", "06.11.", BEGUN[2] | {"late_reason": "Nachricht kam spät"}),
            REVIEWED,
            ("strategy-bar-ended", "05.11.", {"reason": "employment", "late_reason": "Nachricht kam spät"}),
        ],
    ),
    Path(
        "job",
        [BAR],
        {**TAKEN, "bar": "keep", "why": "Aufstockung, Stunden sollen steigen"},
        [
            BEGUN,
            ("strategy-reviewed", "20.11.", {"outcome": "continue", "text": "Aufstockung, Stunden sollen steigen"}),
        ],
    ),
    Path("job-ended", [WORK], ENDED, [OVER]),
    *HOPED,
    *MET,
    *GAPS,
    Path(
        "job-ended", [BAR, WORK], {**ENDED, "reason": "Befristung"}, [(*OVER[:2], OVER[2] | {"reason": "Befristung"})]
    ),
    Path(
        "job-ended",
        [BAR, WORK, MINI, ("18.11.", BenefitStarted())],
        {**ENDED, "job": "E-1", "bar": "integration"},
        [
            OVER,
            REVIEWED,
            ("strategy-bar-ended", "15.11.", {"reason": "new-strategy"}),
            ("strategy-bar-set", "18.11.", {"strategy": "integration"}),
            ("strategy-field-changed", "18.11.", {"strategy": "integration"}),
        ],
    ),
    *[
        Path("job-ended", [*before, AGAIN], ENDED | {"job": "E-2"}, [(*OVER[:2], {"employment": "E-2"})])
        for before in ([BAR, WORK, MINI], [("02.08.", BAR[1]), WORK, ("01.08.", MINI[1])])
    ],
    Path("job-ended", [BAR, WORK], ENDED, [OVER]),
    Path("job-ended", [("01.07.", BAR[1]), WORK, AGAIN], ENDED, [OVER]),
    Path("job-ended", [BAR, WORK, AGAIN, STOPPED], ENDED, [OVER]),
    Path(
        "new-bar",
        [BAR, WORK, LOST, AGAIN],
        {"on": "2026-11-10", "first": "2026-11-12", "bar": "integration"},
        [
            REVIEWED,
            ("strategy-bar-ended", "10.11.", {"reason": "new-strategy"}),
            ("strategy-bar-set", "12.11.", {"strategy": "integration"}),
            ("strategy-field-changed", "12.11.", {"strategy": "integration"}),
        ],
    ),
    Path("job-ended", [BAR, WORK], {**ENDED, "on": "2026-11-30"}, [("employment-ended", "30.11.", OVER[2])]),
]


def context_of(given: Given, name: str) -> Context:
    """What the dialogue knows of the case."""
    return replace(subjects.of_case(given.view().timeline), subject="S-1")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_the_answers_write_these_facts_in_three_screens_and_one_undoing_takes_them_back(path: Path) -> None:
    given = Given(*path.before)
    before, context, dialogue = (
        {one.id for one in given.view().known},
        context_of(given, path.name),
        DIALOGUES[path.name],
    )
    answers, screens = dict[str, Answer](), 0
    while steps := screen(dialogue, answers, context):
        for step in steps:
            answers[step.key] = (
                check(step, path.answers.get(step.key, ""), answers | path.answers, context)
                if (step in asked(dialogue, answers, context))
                else ""
            )
        screens += 1
    assert screens <= 3
    given.when(wish_of(dialogue, answers, context))
    found = [(name_of(one.fact), one.on, _said(to_builtins(one.fact))) for one in given.entries]
    assert found == [(fact, day(on), data) for fact, on, data in path.said]
    given.when(Undo(correlation_id=given.last_decision()))
    assert {one.id for one in given.view().known} == before


def _said(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}


@pytest.mark.parametrize(
    ("name", "step", "value", "before", "said"),
    [
        ("job", "on", "", {}, "ein Datum angeben"),
        ("job", "on", "31.02.", {}, "nicht zu erkennen"),
        ("job", "kind", "<b>Vollzeit</b>", {}, "steht nicht zur Wahl"),
        ("job", "kind", ["sv-pflichtig", "ausbildung"], {}, "genau eine Antwort"),
        ("job", "bar", "keep", {"on": "2026-12-01"}, "erst ab dem ersten Arbeitstag"),
        ("job", "why", "kurz", {}, "mindestens 10 Zeichen"),
        ("job-ended", "reason", "x" * 4_001, {}, "kürzer fassen"),
        ("prognosis", "probable", "", {}, "eine Antwort wählen"),
        ("prognosis", "resources", "x" * 4_001, {}, "kürzer fassen"),
        ("missed", "cause", "<script>", {}, "steht nicht zur Wahl"),
        ("missed", "why", "kurz", {}, "mindestens 10 Zeichen"),
        ("missed", "why", "x" * 4_001, {}, "kürzer fassen"),
        ("necessity", "reason", "x" * 4_001, {}, "kürzer fassen"),
        ("gap", "why", "x" * 4_001, {}, "kürzer fassen"),
        ("necessity", "valid_until", "2026-12-19", {}, "höchstens bis 18.12.2026"),
        ("necessity", "valid_until", "2026-11-20", {}, "nach dem heutigen"),
        ("next", "on", "2026-11-19", {}, "nicht in der Vergangenheit"),
        ("next", "time", "24:00", {}, "keine Uhrzeit"),
        ("gap", "bar", "new", {}, "steht nicht zur Wahl"),
        ("job-ended", "job", "E-9", {}, "steht nicht zur Wahl"),
        ("new-bar", "first", "2026-11-10", {"on": "2026-11-10"}, "nach dem letzten Tag des alten"),
        ("new-bar", "first", "2026-11-21", {"on": "2026-11-10"}, "in der Zukunft"),
    ],
)
def test_what_does_not_fit_gets_one_sentence(
    name: str, step: str, value: Answer, before: dict[str, Answer], said: str
) -> None:
    one = next(one for one in DIALOGUES[name].steps if one.key == step)
    with pytest.raises(Refused, match=said):
        check(one, value, before, context_of(Given(BAR, WORK, MINI, COURSE), name))


@pytest.mark.parametrize(
    ("name", "before", "answers", "said"),
    [
        ("job", [BAR], {**TAKEN, "on": "2045-01-01"}, "zwischen dem"),
        ("job-ended", [WORK], {**ENDED, "on": "2026-06-30"}, "nichts offen, was enden könnte"),
    ],
)
def test_what_contradicts_the_case_is_refused_as_a_whole(
    name: str, before: list[tuple[str, Fact]], answers: dict[str, Answer], said: str
) -> None:
    given = Given(*before)
    wish = wish_of(DIALOGUES[name], {"late_reason": "Nachricht kam spät"} | answers, context_of(given, name))
    given.refused(wish, said, field="on")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("job-ended", "keine laufende Arbeit"),
        ("missed", "keinem versäumten Termin"),
        ("necessity", "läuft keine Maßnahme"),
        ("gap", "nie unterbrochen"),
        ("new-bar", "läuft nach einer Arbeit"),
    ],
)
def test_it_is_not_opened_where_it_can_say_nothing(name: str, said: str) -> None:
    assert said in (why_not(DIALOGUES[name], context_of(Given(BAR), name)) or "")
