"""Team: what a lead has to decide and what is overdue in the unit. Cases, never figures about people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain.dialogues.parts import CRITERION
from domain.facts.strategy import StrategyReviewed
from domain.facts.support import EmploymentStarted
from domain.periods import OPEN
from domain.permissions import Action
from domain.purposes import DECISION
from notifications import render
from services.dialogues import conversation
from services.messages import waiting
from services.office.office import Office, Transaction
from services.people import directory
from services.questions import cases, distribution, team
from services.records import rulebook
from services.web.case import disputes as reports
from services.web.case import requests, talk, undo, view
from services.web.case.requests import RequestRow
from services.web.case.view import CaseFile, Moment
from services.web.http import templating
from services.web.http.visitor import AtCase, Needs, TheOffice, Visitor, log_behind, log_list, log_views
from services.web.team import histogram
from services.web.today import handovers
from services.web.words import dates, labels

router = APIRouter(include_in_schema=False)


class Decision(NamedTuple):
    """A request with everything its decision needs: the case's clocks, job, last review, earlier extensions."""

    anchor: str
    at: AtCase
    file: CaseFile
    asked: RequestRow
    earlier: list[RequestRow]
    job: str
    review: str
    on_behalf: str


@router.get("/team")
def show(
    request: Request, office: TheOffice, visitor: Annotated[Visitor, Depends(Needs(Action.SEE_TEAM))], getan: str = ""
) -> Response:
    """Requests first, then what is overdue, who is away, and how long the cases are in their strategies."""
    drafts = conversation.open_drafts(office, visitor.person)
    with office.read() as tx:
        asked = waiting.requests(tx, visitor.person, visitor.today)
        led = cases.led_by(tx.conn, visitor.organisation, visitor.person, visitor.today)
        late = team.overdue(tx, visitor.organisation, led, visitor.today)
        own = rulebook.texts(tx.conn, visitor.today)
        away = team.absences(tx.conn, visitor.organisation, led, visitor.today) if visitor.names_staff else []
        people = directory.labels(tx, _people(asked, late, away, visitor))
        numbers = tx.store.numbers(tx.conn, {one.case_key for one in asked})
        decisions = [
            found
            for one in asked
            if one.case_key in numbers and (found := _decision(tx, visitor, one, numbers[one.case_key], people))
        ]
        spread = distribution.spreads(tx.conn, led, visitor.today)
        deed = undo.one(tx, visitor.person, getan) if getan else None
        offers, disputes = handovers.of_leads(tx, visitor, led), reports.read(tx, visitor)
    log_views(office, [one.at for one in decisions], DECISION)
    log_list(office, visitor, "team", len(decisions) + len(late))
    log_behind(office, visitor, [one.case_key for one in disputes])
    context: dict[str, Any] = {
        "decisions": decisions,
        "criterion": CRITERION,
        "talks": _talks(office, visitor, decisions, drafts),
        "overdue": [(one, _sentences(one, visitor.today, own)) for one in late],
        "away": away,
        "offers": offers,
        "disputes": disputes,
        "people": people,
        **histogram.context(spread),
        **undo.line(deed, "team"),
    }
    return templating.page(request, "team.html", visitor, context)


def _decision(
    tx: Transaction, visitor: Visitor, one: waiting.Asked, number: str, people: dict[str, str]
) -> Decision | None:
    standing = directory.relations_to(tx, visitor.person, one.case_key, visitor.today)
    at = AtCase(visitor, one.case_key, number, standing)
    file = view.read(tx, at, Moment(visitor.today, None))
    found = requests.rows(file.timeline, file.people, with_text=True, in_place_of=file.in_place_of)
    asked = next((row for row in found if tx.office.vault.ref(row.request) == one.request and row.open), None)
    if asked is None:
        return None
    earlier = [row for row in found if row.request != asked.request and row.status == "approved"]
    on_behalf = people.get(one.on_behalf, "") if one.on_behalf else ""
    return Decision(f"a-{one.request}", at, file, asked, earlier, _job(file), _review(file), on_behalf)


def _sentences(one: team.Overdue, today: dt.date, own: Mapping[str, str]) -> list[tuple[team.Stage, str]]:
    return [(stage, render.reason(stage.rule, stage.stage, stage.reason, today, own)) for stage in one.stages]


def _job(file: CaseFile) -> str:
    open_ones = [one.start.fact for one in file.timeline.employment if one.last == OPEN]
    spoken = []
    for fact in open_ones:
        assert isinstance(fact, EmploymentStarted)
        hours = f", {dates.number(fact.hours_per_week)} Std./Woche" if fact.hours_per_week else ""
        spoken.append(f"{labels.code(fact.kind)}{hours}")
    return "; ".join(spoken) or "keine laufende Beschäftigung erfasst"


def _review(file: CaseFile) -> str:
    reviews = file.timeline.facts(StrategyReviewed)
    if not reviews:
        return "noch keine"
    last = reviews[-1]
    assert isinstance(last.fact, StrategyReviewed)
    return f"{dates.plain(last.on)}: {labels.code(last.fact.outcome)}"


def _talks(
    office: Office, visitor: Visitor, decisions: list[Decision], drafts: list[conversation.Conversation]
) -> dict[str, dict[str, Any]]:
    """The open dialogue of each request, by anchor."""
    by_request = {one.context.subject: one for one in reversed(drafts)}
    found = {one.anchor: by_request[one.asked.request] for one in decisions if one.asked.request in by_request}
    return {anchor: talk.block(office, visitor, draft) for anchor, draft in found.items()}


def _people(asked: list[waiting.Asked], late: list[team.Overdue], away: list[team.Away], visitor: Visitor) -> set[str]:
    found = {one.on_behalf for one in asked} | set(visitor.deputised)
    found |= {one.worker for one in late} if visitor.names_staff else set()
    found |= {person for one in away for person in one}
    return {one for one in found if one}
