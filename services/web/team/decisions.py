"""What a lead has to decide: each request as question and answer, with what the decision needs beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from domain.decisions.extension import months_of_care
from domain.facts.strategy import StrategyReviewed
from domain.facts.support import EmploymentStarted
from domain.periods import OPEN
from notifications import render
from services.dialogues.conversation import Conversation
from services.messages.waiting import Asked
from services.office.office import Transaction
from services.people import directory
from services.records import rulebook
from services.web.case import requests, view
from services.web.case.requests import RequestRow
from services.web.case.view import CaseFile, Moment
from services.web.http.visitor import AtCase, Visitor
from services.web.words import labels

CARE = ("jobakademie", "av-ags")  # areas whose full months of care are limited (R-02, R-02b, R-03)


class Decision(NamedTuple):
    """A request with everything its decision needs: the case's clocks, job, last review, earlier extensions.

    `short`: what the decision mostly hangs on, in a line.
    """

    anchor: str
    at: AtCase
    file: CaseFile
    asked: RequestRow
    earlier: list[RequestRow]
    short: list[str]
    job: str
    review: str
    on_behalf: str


def read(tx: Transaction, visitor: Visitor, asked: Sequence[Asked], people: Mapping[str, str]) -> list[Decision]:
    """The requests as they stand, the oldest first; `people` names those who are stood in for, by directory key."""
    numbers = tx.store.numbers(tx.conn, {one.case_key for one in asked})
    there = [one for one in asked if one.case_key in numbers]
    seen = [
        AtCase(visitor, key, numbers[key], directory.relations_to(tx, visitor.person, key, visitor.today))
        for key in (one.case_key for one in there)
    ]
    files = view.read_all(tx, seen, Moment(visitor.today, None))
    found = (_decision(tx, *one, people) for one in zip(there, seen, files, strict=True))
    return [one for one in found if one]


def placed(decisions: Sequence[Decision], drafts: Sequence[Conversation]) -> dict[str, Conversation]:
    """The open dialogue of each request, by anchor."""
    by_request = {one.context.subject: one for one in reversed(drafts)}
    return {one.anchor: by_request[one.asked.request] for one in decisions if one.asked.request in by_request}


def _decision(tx: Transaction, one: Asked, at: AtCase, file: CaseFile, people: Mapping[str, str]) -> Decision | None:
    settings = rulebook.standing(tx.conn)
    found = requests.rows(file.timeline, file.people, settings, with_text=True, in_place_of=file.in_place_of)
    asked = next((row for row in found if tx.office.vault.ref(row.request) == one.request and row.open), None)
    if asked is None:
        return None
    earlier = [row for row in found if row.request != asked.request and row.status == "approved"]
    job, on_behalf = _job(file), people.get(one.on_behalf, "") if one.on_behalf else ""
    short = [_said("number", number=len(earlier) + 1), *_care(file), job]
    return Decision(f"a-{one.request}", at, file, asked, earlier, short, job, _review(file), on_behalf)


def _care(file: CaseFile) -> list[str]:
    today = file.moment.as_of
    found = ((area, months_of_care(file.timeline, area, today)) for area in CARE)
    return [
        _said("care", area=labels.code(area), months=months, extended=area == "jobakademie")
        for area, months in found
        if months is not None
    ]


def _job(file: CaseFile) -> str:
    open_ones = [one.start.fact for one in file.timeline.employment if one.last == OPEN]
    jobs = [(labels.code(one.kind), one.hours_per_week) for one in open_ones if isinstance(one, EmploymentStarted)]
    return _said("job", jobs=jobs)


def _review(file: CaseFile) -> str:
    reviews = file.timeline.facts(StrategyReviewed)
    last = reviews[-1] if reviews else None
    if last is None or not isinstance(last.fact, StrategyReviewed):
        return _said("review")
    return _said("review", on=last.on.isoformat(), outcome=labels.code(last.fact.outcome))


def _said(what: str, **data: object) -> str:
    return render.sentence("chat/to_decide.txt.j2", {"what": what, **data})
