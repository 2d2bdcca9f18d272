"""What was proposed for the settings of the office: confirmed or refused by a second person, and what became of all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Annotated, Any, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from domain import proposals, words
from domain.decisions.refusal import Refused
from domain.facts.office import ProposalDecided, SettingProposed
from domain.knowledge import known
from domain.office.setting import Value
from domain.permissions import Action
from domain.proposals import Outcome, Proposal
from domain.rules.states import Standing
from services.casework import proposals as desk
from services.casework.case import Forbidden
from services.office.office import Office, Transaction
from services.people import directory
from services.questions import rulesheet
from services.questions.rulesheet import Line
from services.records import rulebook
from services.web.http import templating
from services.web.http.door import Needs, Posted, TheOffice, Visit, further
from services.web.http.visitor import NotAllowed, Visitor
from services.web.rules import ground_kinds, kinds
from services.web.rules.introduction import SeesRules
from services.web.rules.others import SHIPPED, in_words
from services.web.words import dates
from services.web.words.forms import WHOLE, text_in

router = APIRouter(include_in_schema=False)

OUTCOMES = {
    Outcome.OPEN: "offen",
    Outcome.PASSED: "verstrichen",
    Outcome.GRANTED: "bestätigt",
    Outcome.REFUSED: "abgelehnt",
    Outcome.WITHDRAWN: "zurückgezogen",
}
DECISIONS = {"ja": True, "nein": False}


@router.get("/regeln/vorschlaege")
def show(request: Request, door: SeesRules) -> Response:
    """What waits for a second person, and below it what was decided, the latest first."""
    with door.open() as visit:
        context = _context(visit, {}, "", "")
    return templating.page(request, "proposals.html", visit.visitor, context)


@router.post("/regeln/vorschlaege")
def decide(
    request: Request,
    office: TheOffice,
    visitor: Annotated[Visitor, Depends(Needs(Action.CONFIRM_SETTINGS))],
    form: Posted,
) -> Response:
    """Keeps what the second person says, or the withdrawal of whoever has proposed it."""
    return decided(request, office, visitor, form, desk.decide, _context, "proposals.html")


def decided(
    request: Request,
    office: Office,
    visitor: Visitor,
    form: FormData,
    decide: Callable[[Office, str, bool, str, str], None],
    context: Callable[[Visit, dict[str, str], str, str], dict[str, Any]],
    template: str,
) -> Response:
    """What comes of a posted decision about a proposal: the page anew, or with what is wrong and what was typed."""
    ref, reason = text_in(form, "vorschlag", 64), text_in(form, "grund", WHOLE)
    granted = DECISIONS.get(text_in(form, "entscheidung", 8))
    try:
        if granted is None:
            raise Refused([("", "Bitte bestätigen oder ablehnen.")])
        decide(office, ref, granted, reason, visitor.person)
    except Refused as error:
        with further(request, office, visitor) as visit:
            shown = context(visit, dict(error.reasons), ref, reason)
        return templating.page(request, template, visitor, shown, 422)
    except Forbidden as error:
        raise NotAllowed(str(error)) from None
    return templating.go(request.url.path)


def _context(visit: Visit, wrong: dict[str, str], about: str, reason: str) -> dict[str, Any]:
    every = proposals.proposals(known(rulebook.settings(visit.tx.conn), None))
    visit.saw_list("proposals", len(every), dates.plain(visit.visitor.today))
    may = {
        "may_decide": visit.visitor.may(Action.CONFIRM_SETTINGS),
        "may_propose": visit.visitor.may(Action.PROPOSE_SETTINGS),
    }
    words_of = {
        "title": lambda fact: (ground_kinds if fact.becomes in ground_kinds.KINDS else kinds).title(fact),
        "said": lambda fact: (ground_kinds if fact.becomes in ground_kinds.KINDS else kinds).said(fact),
    }
    return may | words_of | {"holds": _holding(visit, every)} | shown(visit, every, wrong, about, reason)


def _holding(visit: Visit, every: Sequence[Proposal]) -> Callable[[SettingProposed], str]:
    """What a proposal that waits would change, in words; "" for a wording and for what has no value today."""
    tx, today = visit.tx, visit.visitor.today
    waits = any(one.outcome(today) is Outcome.OPEN for one in every)
    lines = [*rulesheet.of_day(tx, today).lines, *rulesheet.further(tx)] if waits else []
    holding = {(line.key, line.unit): line for line in lines if line.holds(today)}

    def holds(fact: SettingProposed) -> str:
        key = kinds.key(fact)
        found = holding.get((key, fact.unit)) or holding.get((key, None))
        return value(found) if found else ""

    return holds


def shown(visit: Visit, every: Sequence[Proposal], wrong: dict[str, str], about: str, reason: str) -> dict[str, Any]:
    """What waits and what is over, by whom; what is wrong with a decision `about` one, and why it was made."""
    by_outcome = [(one, one.outcome(visit.visitor.today)) for one in every]
    persons = {one.made.by for one in every} | {one.decided.by for one in every if one.decided}
    return {
        "open": [(one, what) for one, what in by_outcome if what in (Outcome.OPEN, Outcome.PASSED)],
        "done": [(one, OUTCOMES[what]) for one, what in by_outcome if what not in (Outcome.OPEN, Outcome.PASSED)],
        "passed": Outcome.PASSED,
        "people": directory.labels(visit.tx, persons),
        "again": _again if visit.visitor.may(Action.PROPOSE_SETTINGS) else lambda _: "",
        "wrong": wrong,
        "about": about,
        "reason": reason,
    }


def _again(one: Proposal) -> str:
    """Where what was confirmed is undone by a new proposal; "" if it was not, or is set on another page."""
    if not isinstance(one.made.fact, SettingProposed):  # about the directory, which shares the page
        return ""
    key = kinds.key(one.fact)
    granted = one.decided is not None and cast(ProposalDecided, one.decided.fact).granted
    if not granted or kinds.named(key) is None:
        return ""
    return f"/regeln/aendern?{urlencode({'was': key, 'einheit': one.fact.unit or ''})}"


def waiting(tx: Transaction, day: dt.date) -> list[Proposal]:
    """What a second person has still to decide."""
    every = proposals.proposals(known(rulebook.settings(tx.conn), None))
    return [one for one in every if one.outcome(day) is Outcome.OPEN]


def value(line: Line, *, short: bool = False) -> str:
    """What a line of the Regelblatt says: "an, gilt ab 01.08.2026", "6 Monate", "28 Tage vorher"."""
    if line.value is None or isinstance(line.value, Value):
        return in_words(kinds.row_of(line.key), line.value)
    if isinstance(line.value, str):
        return line.value or f"wie {SHIPPED}"
    if isinstance(line.value, Standing):
        return kinds.state(line.value.state, None if short else line.value.applies_from)
    return words.length(*line.value)


def by_day(line: Line) -> tuple[dt.date, str]:
    """The order in which lines of one setting follow."""
    return line.since or dt.date.min, line.unit or ""
