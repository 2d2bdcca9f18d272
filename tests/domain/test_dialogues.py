"""Dialogues as data: the next step from the answers alone, every answer checked with a sentence (Fachkonzept 5.1)."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from msgspec import structs

from domain.decisions import wishes
from domain.decisions.admission import needed
from domain.decisions.refusal import Refused
from domain.dialogues import (
    DIALOGUES,
    Answer,
    Context,
    asked,
    check,
    last_answered,
    next_step,
    position,
    screen,
    shown,
    why_not,
    wish_of,
)
from domain.dialogues.parts import CRITERION, NO_HEALTH_DATA
from domain.dialogues.row import Miss
from domain.documented import STANDARD

TODAY = dt.date(2026, 11, 20)
CONTEXT = Context(
    today=TODAY,
    subject="S-1",
    subject_on=dt.date(2027, 2, 28),
    version=7,
    strategy="integration",
    since=dt.date(2026, 5, 20),
)
EXTENSION = DIALOGUES["extension"]
FILLED: dict[str, Answer] = {
    "options": ["other"],
    "other_text": "Qualifizierung",
    "facts_text": "Läuft bis Februar.",
    "justification": "Stelle zugesagt.",
    "until": "2027-02-20",
}


def test_the_text_module_asks_in_the_order_of_the_report() -> None:
    assert [step.key for step in EXTENSION.steps] == [
        "options",
        "other_text",
        "facts_text",
        "justification",
        "until",
        "long_reason",
    ]
    criterion = next(step for step in EXTENSION.steps if step.key == "facts_text")
    assert criterion.lead_in == CRITERION


def test_every_free_text_warns_against_health_data() -> None:
    asked = [
        texts for dialogue in DIALOGUES.values() if (texts := [one for one in dialogue.steps if one.kind == "text"])
    ]
    assert asked
    for texts in asked:
        for step, before in zip(texts, [None, *texts], strict=False):
            warned = NO_HEALTH_DATA in step.hint
            # Asked together with the text before it, it stands under the same warning.
            assert warned or (step.joined and before and NO_HEALTH_DATA in before.hint), step.key


def test_the_next_step_follows_from_the_answers() -> None:
    answers: dict[str, Answer] = {}
    order = []
    while (step := next_step(EXTENSION, answers, CONTEXT)) is not None:
        order.append(step.key)
        answers[step.key] = FILLED[step.key]
    assert order == ["options", "other_text", "facts_text", "justification", "until"]
    assert position(EXTENSION, answers, CONTEXT) == (2, 2)
    assert [step.key for step in last_answered(EXTENSION, answers, CONTEXT)] == ["facts_text", "justification", "until"]


def test_short_questions_share_a_screen() -> None:
    assert [step.key for step in screen(EXTENSION, {}, CONTEXT)] == ["options", "other_text"]
    answers: dict[str, Answer] = {"options": ["other"], "other_text": "Qualifizierung"}
    assert [step.key for step in screen(EXTENSION, answers, CONTEXT)] == ["facts_text", "justification", "until"]
    answers["until"] = "2027-08-20"
    assert [step.key for step in screen(EXTENSION, answers, CONTEXT)] == ["facts_text", "justification"]
    assert [step.key for step in screen(EXTENSION, FILLED | answers, CONTEXT)] == ["long_reason"]
    assert position(EXTENSION, FILLED | answers, CONTEXT) == (3, 3)
    assert screen(EXTENSION, FILLED, CONTEXT) == []


def test_no_screen_ends_in_a_default() -> None:
    """What is last on a screen is what sends it; a default there would be decided by nobody."""
    for dialogue in DIALOGUES.values():
        for step, following in pairwise([*dialogue.steps, None]):
            if step is not None and (following is None or not following.joined):
                assert step.default(CONTEXT) == "", (dialogue.name, step.key)
            if step is not None and step.default(CONTEXT):
                check(step, step.default(CONTEXT), {}, CONTEXT)


def test_steps_that_do_not_apply_are_not_asked() -> None:
    answers: dict[str, Answer] = {"options": ["employment"]}
    context = Context(today=TODAY, strategy="integration", employed=True)
    assert "other_text" not in [step.key for step in asked(EXTENSION, answers, context)]
    assert position(EXTENSION, answers, context) == (2, 2)


def test_the_same_steps_make_the_wish() -> None:
    wish = wish_of(EXTENSION, FILLED, CONTEXT)
    assert isinstance(wish, wishes.RequestExtension)
    assert (wish.request, wish.until, wish.long_reason) == ("S-1", dt.date(2027, 2, 20), None)


def test_answers_to_steps_that_no_longer_apply_are_left_out() -> None:
    context = Context(today=TODAY, subject="S-1", strategy="integration", employed=True)
    wish = wish_of(EXTENSION, {**FILLED, "options": ["employment"], "long_reason": "egal"}, context)
    assert isinstance(wish, wishes.RequestExtension)
    assert wish.other_text is None
    assert wish.long_reason is None


def test_a_draft_left_lying_is_checked_again() -> None:
    with pytest.raises(Refused, match="nach dem heutigen Tag enden"):
        wish_of(EXTENSION, FILLED, Context(today=dt.date(2027, 2, 20), subject="S-1", strategy="integration"))
    with pytest.raises(Refused, match="Es fehlt noch eine Antwort: Begründung der Entscheidung"):
        wish_of(EXTENSION, {key: value for key, value in FILLED.items() if key != "justification"}, CONTEXT)


def test_quick_days_carry_their_date() -> None:
    until = next(step for step in EXTENSION.steps if step.key == "until")
    labels = [choice.label for choice in until.choices(CONTEXT)]
    assert labels == ["3 Monate: 20.02.2027", "6 Monate: 20.05.2027"]
    assert shown(until, "2027-02-20", CONTEXT) == "Samstag, 20.02.2027"


@pytest.mark.parametrize(
    ("next_level", "offered"),
    [
        ("2027-05-20", ["3 Monate: 20.02.2027", "Ende der 6+6 Monate: 19.05.2027", "6 Monate: 20.05.2027"]),
        ("2027-05-21", ["3 Monate: 20.02.2027", "6 Monate: 20.05.2027"]),
        ("2026-11-21", ["3 Monate: 20.02.2027", "6 Monate: 20.05.2027"]),
    ],
)
def test_the_last_day_of_the_nearest_lead_is_offered(next_level: str, offered: list[str]) -> None:
    until = next(step for step in EXTENSION.steps if step.key == "until")
    context = Context(today=TODAY, next_level=dt.date.fromisoformat(next_level))
    assert [choice.label for choice in until.choices(context)] == offered


WRONG: list[tuple[str, str, Any, str]] = [
    ("extension", "options", [], "mindestens ein Kästchen"),
    ("extension", "options", ["employment"], "steht nicht zur Wahl"),
    ("extension", "options", ["x"], "nicht zur Wahl"),
    ("extension", "facts_text", "  kurz   ", "mindestens 10 Zeichen"),
    ("extension", "facts_text", "x" * 4001, "höchstens 4.000"),
    ("extension", "facts_text", ["a", "b"], "genau eine Antwort"),
    ("extension", "until", "2026-11-20", "nach dem heutigen Tag"),
    ("extension", "until", "Ende Februar", "nicht zu erkennen"),
    ("extension", "until", "", "ein Datum angeben"),
    ("end", "on", "2026-05-19", "beginnt erst am 20.05.2026"),
    ("end", "reason", "", "eine Antwort wählen"),
    ("change", "strategy", "integration", "nicht zur Wahl"),
    ("change", "on", "2026-11-21", "in der Zukunft"),
    ("change", "on", "2026-05-20", "nach dem 20.05.2026 beginnen"),
    ("later", "until", "2026-12-19", "bis 18.12.2026"),
    ("later", "until", "2026-11-20", "von morgen"),
    ("approve", "until", "2027-03-01", "Beantragt ist bis 28.02.2027"),
    ("approve", "until", "2026-11-20", "nach dem heutigen Tag"),
    ("return", "reason", "warum", "mindestens 10 Zeichen"),
    ("plan", "on", "2026-11-19", "nicht in der Vergangenheit"),
]


@pytest.mark.parametrize(("dialogue", "key", "value", "said"), WRONG)
def test_an_answer_that_does_not_fit(dialogue: str, key: str, value: Any, said: str) -> None:
    step = next(step for step in DIALOGUES[dialogue].steps if step.key == key)
    with pytest.raises(Refused, match=said) as refused:
        check(step, value, {}, CONTEXT)
    assert refused.value.reasons[0][0] == key


NEXT = "56.4|av-ags|fm-8"
WAITING = structs.replace(
    CONTEXT,
    people=((NEXT, "Krause"),),
    offered="integration",
    due=(("R-04", "Über 6 Monate Integration"),),
    place=("56.4", "av-ags"),
    actor="tl-1",
    field="entwicklung",
    field_since=dt.date(2026, 6, 1),
    unfiled=(("id-1", "Balken"), ("id-2", "Feld")),
    overlap=(("withdraw:r2", "Es gilt Integration"), ("move:r3:2026-05-31", "Beide")),
    own=(("w-1", "Fr.: x"), ("w-2", "Mo.: y")),
    jobs=(("b-1", "Minijob"),),
    used_again=(dt.date(2026, 11, 10), dt.date(2026, 11, 12)),
    misses=(Miss("a-1", TODAY, False),),
    talk_until=dt.date(2027, 1, 15),
)
PROGNOSIS: dict[str, Answer] = {
    **dict.fromkeys(("able_and_motivated", "can_be_motivated", "probable"), "yes"),
    "resources": "",
}
JOB: dict[str, Answer] = {
    **dict.fromkeys(("origin", "level", "benefit_ends"), "open"),
    **{"on": "2026-11-20", "kind": "ausbildung", "bar": "later", "why": ""},
}
WISHES: list[tuple[str, dict[str, Answer], type[Any]]] = [
    ("end", {"on": "2026-11-19", "reason": "employment", "closing_bar": "yes"}, wishes.EndStrategy),
    ("change", {"strategy": "entwicklung", "on": "2026-11-20"}, wishes.ChangeStrategy),
    ("set", {"strategy": "entwicklung", "on": "2026-11-20"}, wishes.SetStrategy),
    ("other-bar", {"kind": "keine-hs-alg1", "on": "2026-11-20"}, wishes.SetOtherBar),
    ("alg1-bar", {"on": "2026-11-20"}, wishes.SetOtherBar),
    ("confirm", {"text": ""}, wishes.ConfirmStrategy),
    ("call", {"on": "2026-11-20", "call": "not-reached"}, wishes.RecordContact),
    (
        "process-step",
        {"on": "2026-11-20", "step": "review", **dict.fromkeys(STANDARD, "Das ist so."), "next_on": ""},
        wishes.RecordFacts,
    ),
    ("filed", {"decisions": ["id-1"]}, wishes.RecordFacts),
    ("field-or-bar", {"on": "2026-11-20", "right": "bar"}, wishes.RecordFacts),
    ("field-or-bar", {"on": "2026-11-20", "right": "field"}, wishes.ChangeStrategy),
    ("two-bars", {"right": "withdraw:r2"}, wishes.WithdrawFact),
    ("two-bars", {"right": "move:r3:2026-05-31"}, wishes.CorrectFact),
    (
        "wish-to-work",
        {"on": "2026-11-20", "answer": "none"},
        wishes.RecordFacts,
    ),
    ("agree", {"on": "2026-11-20", "form": "hilfeplan", "goals": "Führerschein", "until": ""}, wishes.RecordFacts),
    ("reprofile", {"on": "2026-11-20", "next": "no", "profile": ""}, wishes.RecordFacts),
    (
        "graduate",
        {"time": "", "place": "", "channel": "phone", "on": "2026-11-27", "profile": ""},
        wishes.RecordFacts,
    ),
    ("job", JOB, wishes.RecordFacts),
    ("prognosis", PROGNOSIS, wishes.RecordFacts),
    ("gap", {"bar": "keep", "why": "Nahtlos wieder im Bezug"}, wishes.RecordFacts),
    ("missed", {"cause": "yes"}, wishes.RecordFacts),
    ("necessity", {"needed": "no", "valid_until": "2026-12-18", "reason": ""}, wishes.RecordFacts),
    (
        "next",
        {"on": "2026-11-27", "time": "", "place": "", "channel": "phone", "invited": "letter", "remind": "yes"},
        wishes.RecordFacts,
    ),
    ("job-ended", {"on": "2026-11-19", "reason": "", "bar": "later"}, wishes.RecordFacts),
    ("new-bar", {"on": "2026-11-10", "first": "2026-11-12", "bar": "integration"}, wishes.RecordFacts),
    ("own", {"subject": "Zeugnis", "due_on": "2026-11-27"}, wishes.SetOwn),
    ("own-done", {"follow_ups": ["w-1"]}, wishes.FinishOwn),
    ("own-move", {"follow_ups": ["w-1", "w-2"], "due_on": "2026-11-27"}, wishes.MoveOwn),
    ("later", {"until": "2026-11-27", "reason": "other"}, wishes.Snooze),
    ("appointment-status", {"status": "missed", "good_cause": "no"}, wishes.SetAppointmentStatus),
    (
        "plan",
        {"on": "2026-11-27", "time": "10:30", "place": "", "channel": "phone", "invited": "letter"},
        wishes.PlanAppointment,
    ),
    ("approve", {"until": "2027-02-28"}, wishes.ApproveExtension),
    ("return", {"reason": "Seit wann läuft das?"}, wishes.ReturnExtension),
    ("reject", {"instruct": "end", "reason": "Keine Bewegung erkennbar"}, wishes.RejectExtension),
    ("withdraw-request", {"reason": ""}, wishes.WithdrawRequest),
    ("extension", FILLED, wishes.RequestExtension),
    ("dispute", {"reason": "Der Termin fand statt."}, wishes.Dispute),
    (
        "accept-explanation",
        {"rules": ["R-04"], "reason": "Wartet auf die Reha.", "until": "2027-02-20"},
        wishes.AcceptExplanation,
    ),
    ("take-over", {"reason": ""}, wishes.Assign),
    ("assign", {"to": NEXT, "on": "2026-11-20", "reason": ""}, wishes.Assign),
    ("handover", {"to": NEXT, "reason": "", "intended_strategy": "integration"}, wishes.HandOver),
    ("accept-handover", {"strategy": "integration", "briefing_done": "yes"}, wishes.AcceptHandover),
    ("reject-handover", {"reason": "Kein Platz mehr."}, wishes.RejectHandover),
    ("withdraw-handover", {"reason": "Bleibt doch hier."}, wishes.WithdrawHandover),
]


@pytest.mark.parametrize(("name", "answers", "kind"), WISHES, ids=[name for name, _, _ in WISHES])
def test_each_dialogue_makes_its_wish(name: str, answers: dict[str, Answer], kind: type[Any]) -> None:
    assert next_step(DIALOGUES[name], answers, WAITING) is None
    assert isinstance(wish_of(DIALOGUES[name], answers, WAITING), kind)


@pytest.mark.parametrize("name", DIALOGUES)
def test_who_may_open_a_dialogue_may_wish_what_it_makes(name: str) -> None:
    kinds = {kind for dialogue, _, kind in WISHES if dialogue == name}
    assert {needed(kind) for kind in kinds} == {DIALOGUES[name].action}


def test_decisions_about_a_request_carry_what_was_shown() -> None:
    wish = wish_of(DIALOGUES["approve"], {"until": "2027-02-28"}, CONTEXT)
    assert isinstance(wish, wishes.ApproveExtension)
    assert (wish.request, wish.version) == ("S-1", 7)


def test_late_days_ask_why() -> None:
    late: dict[str, Answer] = {"on": "2026-11-05"}
    assert "late_reason" in [step.key for step in asked(DIALOGUES["end"], late, CONTEXT)]
    assert "late_reason" not in [step.key for step in asked(DIALOGUES["end"], {"on": "2026-11-06"}, CONTEXT)]
    status: dict[str, Answer] = {"status": "held"}
    old = Context(today=TODAY, subject="T-1", subject_on=dt.date(2026, 11, 5))
    assert [step.key for step in asked(DIALOGUES["appointment-status"], status, old)] == ["status", "late_reason"]


@pytest.mark.parametrize(
    ("name", "context", "said"),
    [
        ("confirm", Context(today=TODAY, strategy="integration", limit=True), "genügt hier nicht mehr"),
        ("confirm", Context(today=TODAY), "keine Handlungsstrategie offen"),
        ("extension", Context(today=TODAY, strategy="entwicklung"), "nur bei offener"),
        ("end", Context(today=TODAY), "keine Handlungsstrategie offen"),
        ("change", Context(today=TODAY), "keine Handlungsstrategie offen"),
        ("alg1-bar", CONTEXT, "kein ALG I"),
        ("later", Context(today=TODAY), "nichts offen"),
        (
            "extension",
            Context(today=TODAY, strategy="integration", pending=dt.date(2026, 11, 11)),
            "Antrag vom 11.11.2026 ist noch nicht entschieden",
        ),
        ("plan", Context(today=TODAY, closed=True), "Der Fall ist abgeschlossen."),
        ("set", CONTEXT, "schon eine Handlungsstrategie offen"),
    ],
)
def test_what_cannot_be_opened_says_why(name: str, context: Context, said: str) -> None:
    sentence = why_not(DIALOGUES[name], context)
    assert sentence is not None
    assert said in sentence


@pytest.mark.parametrize(
    ("reasons", "offered"),
    [
        ([{"strategy": "integration"}, {"since": "2026-05-20"}], True),
        ([{"since": "2026-05-20"}], True),
        ([{"strategy": "entwicklung"}, {"since": "2026-05-20"}], False),
    ],
)
def test_an_extension_is_offered_under_integration_alone(reasons: list[dict[str, object]], offered: bool) -> None:
    place = DIALOGUES["extension"].in_message
    assert place is not None
    assert place.lasts(reasons, TODAY) is offered
