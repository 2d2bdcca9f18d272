"""A request that answers a Rückfrage: which one it was, what stood there, and when nothing is asked any more."""

from __future__ import annotations

import datetime as dt

import pytest

from domain.decisions import wishes
from domain.decisions.view import CaseView
from domain.dialogues import DIALOGUES, Context
from domain.facts.case import CaseOpened, ResponsibilityAssigned
from domain.facts.extension import ExtensionRequested
from domain.facts.strategy import StrategyBarSet
from domain.requests import answered, is_settled, returned, waiting_question
from tests.spec import LEAD, TODAY, WORKER, Given

CASE = (
    ("01.03.", CaseOpened(unit="56.4")),
    ("01.03.", ResponsibilityAssigned(worker="fm-7", unit="56.4", area="av-ags")),
    ("20.05.", StrategyBarSet(strategy="integration")),
)
ASK = wishes.RequestExtension(
    request="A",
    options=["other"],
    other_text="Qualifizierung",
    facts_text="Läuft bis Februar.",
    justification="Stelle zugesagt.",
    until=dt.date(2027, 6, 30),
    long_reason="Der Lehrgang dauert so lange.",
)
OFFER = wishes.HandOver(to_worker="fm-8", to_unit="56.4", to_area="fallmanagement", intended_strategy="entwicklung")
STEPS = {step.key: step for step in DIALOGUES["extension"].steps}


def asked_back(*more: wishes.Wish) -> CaseView:
    """A request, the question about it, and what else the worker decided."""
    given = Given(*CASE).when(ASK, WORKER).when(wishes.ReturnExtension(request="A", reason="Seit wann genau?"), LEAD)
    for wish in more:
        given = given.when(wish, WORKER)
    return given.view()


def again(request: str) -> wishes.RequestExtension:
    return wishes.RequestExtension(
        request=request,
        options=["other"],
        other_text="Kurs",
        facts_text="Läuft bis März.",
        justification="Zugesagt seit 02.11.",
        until=dt.date(2027, 2, 28),
    )


def test_the_last_request_waits_for_an_answer_to_its_question() -> None:
    waiting = waiting_question(asked_back().timeline.extensions)
    assert waiting is not None
    said = returned(waiting)
    assert said is not None
    assert said.question == "Seit wann genau?"
    assert (said.justification, said.long_reason) == ("Stelle zugesagt.", "Der Lehrgang dauert so lange.")


def test_the_next_request_answers_it() -> None:
    after = asked_back(again("B"))
    every = after.timeline.extensions
    assert waiting_question(every) is None
    assert [one.request for one in every] == ["A", "B"]
    before = answered(every, "B")
    assert before is not None
    assert before.request == "A"
    assert answered(every, "A") is None
    assert is_settled(every[0], every, after.known)


def test_an_answer_taken_back_leaves_the_question_open() -> None:
    after = asked_back(again("B"), wishes.WithdrawRequest(request="B"))
    every = after.timeline.extensions
    waiting = waiting_question(every)
    assert waiting is not None
    assert waiting.request == "A"
    assert not is_settled(every[0], every, after.known)
    later = asked_back(again("B"), wishes.WithdrawRequest(request="B"), again("C")).timeline.extensions
    before = answered(later, "C")
    assert before is not None
    assert before.request == "A"


@pytest.mark.parametrize(
    ("instruct", "done"),
    [
        ("end", wishes.EndStrategy(on=TODAY)),
        ("change", wishes.ChangeStrategy(strategy="entwicklung", on=TODAY)),
        ("handover", OFFER),
    ],
)
def test_a_weisung_is_settled_by_what_it_says(instruct: wishes.Instruction, done: wishes.Wish) -> None:
    no = wishes.RejectExtension(request="A", reason="Keine Bewegung.", instruct=instruct)
    given = Given(*CASE).when(ASK, WORKER).when(no, LEAD)
    before = given.view()
    assert not is_settled(before.timeline.extensions[0], before.timeline.extensions, before.known)
    after = given.when(wishes.ConfirmStrategy(), WORKER).view()
    assert not is_settled(after.timeline.extensions[0], after.timeline.extensions, after.known)
    after = given.when(done, WORKER).view()
    assert is_settled(after.timeline.extensions[0], after.timeline.extensions, after.known)


def test_the_dialogue_opens_with_what_was_written_and_the_question_above() -> None:
    waiting = waiting_question(asked_back().timeline.extensions)
    assert waiting is not None
    context = Context(today=TODAY, strategy="integration", returned=returned(waiting))
    dialogue = DIALOGUES["extension"]
    assert dialogue.above(context) == "Rückfrage vom Freitag, 20.11.2026: Seit wann genau?"
    assert dialogue.given(context) == {"options": ["other"], "other_text": "Qualifizierung"}
    defaults = {key: step.default(context) for key, step in STEPS.items() if key not in dialogue.given(context)}
    assert defaults == {
        "facts_text": "Läuft bis Februar.",
        "justification": "Stelle zugesagt.",
        "until": "2027-06-30",
        "long_reason": "Der Lehrgang dauert so lange.",
    }
    passed = Context(today=dt.date(2027, 6, 30), strategy="integration", returned=returned(waiting))
    assert STEPS["until"].default(passed) == ""
    plain = Context(today=TODAY, strategy="integration")
    assert (dialogue.above(plain), dialogue.given(plain), STEPS["until"].default(plain)) == ("", {}, "")


def test_a_request_without_a_question_says_nothing_again() -> None:
    given = Given(*CASE).when(ASK, WORKER)
    extension = given.view().timeline.extensions[0]
    assert isinstance(extension.facts[0].fact, ExtensionRequested)
    assert returned(extension) is None
    assert waiting_question([extension]) is None
