"""The requests for extension of a case as pages show them: question and answer, what came of it, the text to copy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, cast

from domain.dialogues.parts import CRITERION
from domain.facts.extension import ExtensionApproved, ExtensionRejected, ExtensionRequested, ExtensionReturned
from domain.knowledge import Known
from domain.office import checkboxes
from domain.requests import answered, waiting_question
from domain.things import Extension
from domain.timeline import Timeline
from domain.words import INSTRUCTIONS
from notifications.text_module import TextModule, text_module
from services.web.words import dates, labels

REPLY = "Rückfrage beantworten"


class Said(NamedTuple):
    """A question of the Textbaustein with its answer; `before` is the answer to the same question in the request that
    came back, where the request answers a Rückfrage.
    """

    question: str
    answer: str
    before: str | None = None

    @property
    def changed(self) -> bool:
        """Whether the answer is another one than before."""
        return self.before is not None and self.before != self.answer


class Question(NamedTuple):
    """A Rückfrage."""

    words: str
    on: dt.date
    by: str


class RequestRow(NamedTuple):
    """A request and what came of it; `version` is the number of its last fact.

    `asked`: the questions with their answers, none for those who may not read texts. `after`: the Rückfrage it answers.
    `reply`: the dialogue that does what its answer asks for, and its words.
    """

    request: str
    status: str
    asked_on: dt.date
    by: str
    by_id: str
    until: dt.date
    decided_on: dt.date | None
    decided_by: str
    said: str
    block: str
    version: int
    asked: list[Said]
    after: Question | None
    reply: tuple[str, str] | None

    @property
    def open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.status == "requested"


def rows(
    timeline: Timeline,
    people: Mapping[str, str],
    settings: Sequence[Known],
    with_text: bool,
    in_place_of: Mapping[str, str] = MappingProxyType({}),
) -> list[RequestRow]:
    """The requests, the newest first; texts only for those who may read them. `in_place_of`: as in a case file.

    `settings`: all of the office, for the checkboxes there were on the day of a request.
    """
    found, every = [], timeline.extensions
    for one in reversed(every):
        if _asked(one):
            lead = in_place_of.get(one.request)
            row = _row(one, people, _boxes(one, settings), with_text, f" i. V. für {lead}" if lead else "")
            found.append(row._replace(**_in_turn(one, every, people, settings) if with_text else {}))
    return found


def reply_to(outcome: object, instruct: object) -> tuple[str, str] | None:
    """The dialogue that an answer to one's request asks for, and what its button says; of codes alone."""
    if outcome == "extension-returned":
        return "extension", REPLY
    return (str(instruct), INSTRUCTIONS[str(instruct)]) if instruct in INSTRUCTIONS else None


def _in_turn(
    one: Extension, every: Sequence[Extension], people: Mapping[str, str], settings: Sequence[Known]
) -> dict[str, Any]:
    """What a request says in the light of the others: what it answers, what is to follow it."""
    before = answered(every, one.request)
    asked = before.decided if before else None
    question = cast(ExtensionReturned, asked.fact).reason if asked else ""
    return {
        "asked": _said_in(one, before, settings),
        "after": Question(question, asked.on, people.get(asked.by, asked.by)) if asked else None,
        "reply": _reply(one, every),
    }


def _reply(one: Extension, every: Sequence[Extension]) -> tuple[str, str] | None:
    if one is waiting_question(every):
        return reply_to("extension-returned", None)
    fact = one.decided.fact if one.decided else None
    if isinstance(fact, ExtensionRejected) and one is every[-1]:
        return reply_to("extension-rejected", fact.instruct)
    return None


def _said_in(one: Extension, before: Extension | None, settings: Sequence[Known]) -> list[Said]:
    then = _answers(before, settings) if before else [None] * len(_QUESTIONS)
    return [Said(*said) for said in zip(_QUESTIONS, _answers(one, settings), then, strict=True)]


_QUESTIONS = ("Weshalb soll verlängert werden?", CRITERION, "Begründung der Entscheidung?", "Verlängert bis?")


def _boxes(one: Extension, settings: Sequence[Known]) -> Mapping[str, str]:
    """The checkboxes on the day of the request, by code."""
    asked = _asked(one)
    return checkboxes.offered(settings, asked.on) if asked else {}


def _answers(one: Extension, settings: Sequence[Known]) -> list[str]:
    """In the order of the questions."""
    fact = cast(ExtensionRequested, cast(Known, _asked(one)).fact)
    own = {} if not settings else _boxes(one, settings)
    options = [
        f"sonstiges: {fact.other_text}" if code == "other" and fact.other_text else own.get(code, labels.code(code))
        for code in fact.options
    ]
    return ["; ".join(options), fact.facts_text, fact.justification, dates.with_weekday(fact.until)]


def _asked(one: Extension) -> Known | None:
    return next((fact for fact in one.facts if isinstance(fact.fact, ExtensionRequested)), None)


def _row(
    one: Extension, people: Mapping[str, str], boxes: Mapping[str, str], with_text: bool, in_place: str
) -> RequestRow:
    asked = _asked(one)
    assert asked is not None
    fact = cast(ExtensionRequested, asked.fact)
    decided = one.decided
    approved = _approval(decided)
    who = people.get(decided.by, decided.by) + in_place + _trial(approved) if decided else ""
    return RequestRow(
        request=one.request,
        status=one.status,
        asked_on=asked.on,
        by=people.get(asked.by, asked.by),
        by_id=asked.by,
        until=approved.until if approved else fact.until,
        decided_on=decided.on if decided else None,
        decided_by=who,
        said=_said(decided) if with_text else "",
        block=_block(asked, decided, people, in_place, boxes) if with_text else "",
        version=one.facts[-1].number,
        asked=[],
        after=None,
        reply=None,
    )


def _approval(decided: Known | None) -> ExtensionApproved | None:
    return decided.fact if decided and isinstance(decided.fact, ExtensionApproved) else None


def _trial(approved: ExtensionApproved | None) -> str:
    return " (Probebetrieb)" if approved and approved.trial else ""


def _said(decided: Known | None) -> str:
    fact = decided.fact if decided else None
    if isinstance(fact, ExtensionReturned):
        return f"Rückfrage: {fact.reason}"
    if isinstance(fact, ExtensionRejected):
        instead = f" – stattdessen: {INSTRUCTIONS[fact.instruct]}" if fact.instruct else ""
        return f"Abgelehnt: {fact.reason}{instead}"
    return ""


def _block(
    asked: Known, decided: Known | None, people: Mapping[str, str], in_place: str, boxes: Mapping[str, str]
) -> str:
    fact = cast(ExtensionRequested, asked.fact)
    approved = _approval(decided)
    lead = people.get(approved.by_lead, approved.by_lead) + in_place + _trial(approved) if approved else None
    return text_module(
        TextModule(
            options=fact.options,
            facts_text=fact.facts_text,
            justification=fact.justification,
            until=approved.until if approved else fact.until,
            worker=people.get(asked.by, asked.by),
            other_text=fact.other_text,
            boxes=boxes,
            approved_by=lead,
            approved_on=decided.on if approved and decided else None,
        )
    )
