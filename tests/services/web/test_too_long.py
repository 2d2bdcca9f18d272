"""Every text field of every dialogue: a text that is too long is refused, and none of what was typed is lost."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from html import unescape
from typing import NamedTuple

import httpx
import pytest

from domain.dialogues import DIALOGUES, Context, Step
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_handover import hand_over
from tests.services.web.test_today import open_dialogue, reply, request_extension

LONG = "Zeile mit <b>fett</b> & „Zitat“. " * 200
SHORT = "Das ist so besprochen."
TODAY = dt.date(2026, 11, 20)
KINDS = ("text", "line")
TYPED = {  # where the first choice is not meant
    "on": "01.11.2026",
    "until": "28.02.2027",
    "due_on": "30.11.2026",
    "time": "10:30",
    "to": "Weber",
    "strategy": "entwicklung",
    "options": "other",
    "status": "held",
}


class Where(NamedTuple):
    """Who opens a dialogue in which case, and what is sent beside its name."""

    person: str
    case: str = "C-2001"
    typed: Mapping[str, str] = {}
    place: str = "fall"
    subject: str = ""  # the button of this page names it


OPENED = {
    "confirm": Where("fm-1", "C-2002"),
    "extension": Where("fm-1"),
    "change": Where("fm-1"),
    "end": Where("fm-1"),
    "other-bar": Where("fm-1"),
    "plan": Where("fm-1", typed={"on": "30.11.2026"}),
    "call": Where("fm-1"),
    "own": Where("fm-1"),
    "job": Where("fm-1", typed={"bar": "keep"}),
    "prognosis": Where("fm-1"),
    "next": Where("fm-1", typed={"on": "30.11.2026"}),
    "wish-to-work": Where("fm-1", typed={"hours": "19,5"}),
    "agree": Where("fm-1"),
    "reprofile": Where("fm-1", typed={"next": "own"}),
    "process-step": Where("fm-1"),
    "graduate": Where("fm-1", typed={"on": "30.11.2026"}),
    "handover": Where("fm-1"),
    "dispute": Where("fm-1"),
    "appointment-status": Where("fm-1", subject="/fall/C-2001"),
    "accept-handover": Where("ja-1", "C-2002", typed={"strategy": "integration"}),
    "reject-handover": Where("ja-1", "C-2002"),
    "withdraw-handover": Where("fm-1", "C-2002"),
    "return": Where("tl-1", place="team", subject="/team"),
    "reject": Where("tl-1", place="team", subject="/team"),
    "withdraw-request": Where("fm-1", subject="/fall/C-2001"),
    "accept-explanation": Where("tl-1", typed={"until": "31.12.2026", "rules": "R-03"}, place="team"),
    "take-over": Where("tl-1", place="team"),
    "assign": Where("tl-1", place="team"),
}
UNASKED = {"extension": {"long_reason"}}  # asked after six months only, as the texts before it
# Their one text is the step `late_reason` of "change", and the town has no such case.
ALIKE = {"set", "alg1-bar", "field-or-bar"}
NO_CASE = {
    "job-ended",
    "new-bar",
    "missed",
    "necessity",
    "gap",
}  # none in the town; tests/domain/test_dialogues_of_events.py


def test_every_dialogue_with_a_text_is_tried() -> None:
    with_text = {one.name for one in DIALOGUES.values() if any(step.kind in KINDS for step in one.steps)}
    assert with_text == set(OPENED) | ALIKE | NO_CASE
    late = next(step for step in DIALOGUES["change"].steps if step.key == "late_reason")
    for name in ALIKE:
        assert [step.question for step in DIALOGUES[name].steps if step.kind in KINDS] == [late.question]


@pytest.mark.parametrize("name", OPENED)
def test_no_text_is_lost_that_is_too_long(visit: VisitAs, name: str) -> None:
    where = OPENED[name]
    if name in ("accept-handover", "reject-handover", "withdraw-handover"):
        hand_over(visit("fm-1"))
    if name in ("return", "reject", "withdraw-request"):
        request_extension(visit("fm-1"))
    person = visit(where.person)
    page = open_dialogue(person, name, where.case, woher=where.place, subject=subject(person, name, where))
    assert page.status_code == 200, words(page)
    tried = set[str]()
    steps = {step.key: step for step in DIALOGUES[name].steps}
    while asked := [steps[key] for key in dict.fromkeys(re.findall(r'name="wert\.(\w+)"', page.text)) if key in steps]:
        sent = {step.key: answer(step, where) for step in asked}
        if texts := {step.key for step in asked if step.kind in KINDS}:
            refused = send(person, page, where, sent | dict.fromkeys(texts, LONG))
            assert refused.status_code == 422
            assert "Bitte kürzer fassen." in words(refused)
            held = unescape(refused.text)
            assert held.count(LONG.strip()) == len(texts)
            assert all(said in held for step, said in sent.items() if steps[step].kind in ("date", "time"))
            tried |= texts
        page = send(person, page, where, sent)
        assert page.status_code == 200, words(page)
    assert tried == {step.key for step in steps.values() if step.kind in KINDS} - UNASKED.get(name, set())


def answer(step: Step, where: Where) -> str:
    if step.kind in KINDS:
        return where.typed.get(step.key, SHORT)
    first = next((one.value for one in step.choices(Context(today=TODAY))), "")
    return where.typed.get(step.key) or TYPED.get(step.key, "" if step.kind == "date" else first) or first


def send(person: Visit, page: httpx.Response, where: Where, sent: Mapping[str, str]) -> httpx.Response:
    return reply(person, page, **{f"wert.{key}": said for key, said in sent.items()}, woher=where.place)


def subject(person: Visit, name: str, where: Where) -> str:
    if not where.subject:
        return ""
    page = person.get(where.subject).text
    forms = [
        form for form in page.split("<form")[1:] if f'name="dialog" value="{name}"' in form.partition("</form>")[0]
    ]
    found = re.search(r'name="subject" value="([^"]+)"', forms[0])
    assert found is not None
    return found[1]
