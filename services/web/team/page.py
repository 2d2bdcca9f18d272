"""Team: what a lead has to decide and what is overdue in the unit. Cases, never figures about people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from domain.dialogues.parts import CRITERION
from domain.facts.strategy import StrategyReviewed
from domain.facts.support import EmploymentStarted
from domain.periods import OPEN
from domain.permissions import Action
from domain.purposes import DECISION
from notifications import render
from services.dialogues import conversation
from services.dialogues import drafts as drafts_of
from services.dialogues.conversation import Conversation
from services.dialogues.drafts import Draft
from services.messages import waiting
from services.messages.inbox import Kind
from services.office.office import Office, Transaction
from services.people import directory
from services.questions import cases, distribution, team
from services.questions import handovers as waiting_offers
from services.questions.cases import client_names
from services.questions.handovers import Offer
from services.records import rulebook
from services.web.case import disputes as reports
from services.web.case import requests, talk, undo, view
from services.web.case.requests import RequestRow
from services.web.case.view import CaseFile, Moment
from services.web.http import templating
from services.web.http.door import Door, Opens, Visit
from services.web.http.visitor import AtCase, Visitor
from services.web.team import histogram
from services.web.today import handovers
from services.web.today.tasks import Named
from services.web.words import dates, labels

router = APIRouter(include_in_schema=False)

OVERDUE = 25  # cases and themes on a page


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
    request: Request,
    door: Annotated[Door, Depends(Opens(Action.SEE_TEAM))],
    getan: str = "",
    seite: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Requests first, then a page of what is overdue, who is away, and how long the cases are in their strategies."""
    with door.open() as visit:
        shown, drafts = _read(visit, getan, seite - 1)
    talks = _talks(door.office, visit.visitor, shown["decisions"], drafts)
    return templating.page(request, "team.html", visit.visitor, {**shown, "talks": talks, "to": _page_of_overdue})


def _read(visit: Visit, done: str, page: int) -> tuple[dict[str, Any], list[Conversation]]:
    """Everything on the page but open dialogues, which are given beside it."""
    tx, visitor, day = visit.tx, visit.visitor, visit.visitor.today
    led = cases.led_by(tx.conn, visitor.organisation, visitor.person, day)
    every = team.overdue(tx, visitor.organisation, led, day)
    pages = max(1, -(-len(every) // OVERDUE))
    page = min(page, pages - 1)
    late = every[page * OVERDUE : (page + 1) * OVERDUE]
    away = team.absences(tx.conn, visitor.organisation, led, day) if visitor.names_staff else []
    offers = waiting_offers.of_leads(tx, led, day)
    opened = drafts_of.open_ones(tx.conn, visitor.person)
    asked, named = _look_up(tx, visitor, late, away, offers, opened)
    decisions, disputes = _decisions(tx, visitor, asked, named.staff), reports.read(tx, visitor)
    own = rulebook.texts(tx.conn, day)
    visit.saw([one.at for one in decisions], DECISION)
    visit.saw_list("team", len(decisions) + len(late), f"Seite {page + 1}" if page else "")
    visit.saw_behind([one.case_key for one in disputes])
    shown: dict[str, Any] = {
        "decisions": decisions,
        "criterion": CRITERION,
        "late": len(every),
        "page": page,
        "pages": pages,
        "overdue": [(one, _sentences(one, day, own)) for one in late],
        "away": away,
        "offers": handovers.shown_to_leads(visitor, offers, named),
        "disputes": disputes,
        "people": named.staff,
        "clients": named.clients,
        **histogram.context(distribution.spreads(tx.conn, led, day)),
        **undo.line(undo.one(tx, visitor.person, done) if done else None, "team"),
    }
    return shown, conversation.of_drafts(tx, opened, visitor.person)


def _page_of_overdue(page: int) -> str:
    return f"/team?seite={page}#ueberfaellig"


def _look_up(
    tx: Transaction,
    visitor: Visitor,
    late: Sequence[team.Overdue],
    away: Sequence[team.Away],
    offers: Sequence[Offer],
    opened: Sequence[Draft],
) -> tuple[list[waiting.Asked], Named]:
    """Reads at once what else the page asks for case by case, and gives what is to be decided and who is called how."""
    told = waiting.look_up(tx, visitor.person, visitor.today, (Kind.REQUEST, Kind.DISPUTE))
    drafted = {draft.row.case_key for draft in opened}
    directory.abouts(tx.conn, {one.case_key for one in told} | drafted, visitor.today)
    asked = waiting.requests(tx, visitor.person, visitor.today)
    said = waiting.told(tx.conn, visitor.organisation, visitor.person, visitor.today, (Kind.DISPUTE,))
    clients = {one.case_key for one in late} | {one.case_key for one in offers}
    staff = _people(asked, late, away, visitor) | (handovers.people(offers) if visitor.names_staff else set())
    others = {*clients, *directory.keys(staff | reports.people(said)).values(), *(row.case_key for row in said)}
    tx.store.look_up(tx.conn, drafted | {one.case_key for one in asked}, others)
    return asked, Named(client_names(tx, clients), directory.labels(tx, staff))


def _decisions(
    tx: Transaction, visitor: Visitor, asked: Sequence[waiting.Asked], people: Mapping[str, str]
) -> list[Decision]:
    numbers = tx.store.numbers(tx.conn, {one.case_key for one in asked})
    there = [one for one in asked if one.case_key in numbers]
    seen = [
        AtCase(visitor, key, numbers[key], directory.relations_to(tx, visitor.person, key, visitor.today))
        for key in (one.case_key for one in there)
    ]
    files = view.read_all(tx, seen, Moment(visitor.today, None))
    found = (_decision(tx, *one, people) for one in zip(there, seen, files, strict=True))
    return [one for one in found if one]


def _decision(
    tx: Transaction, one: waiting.Asked, at: AtCase, file: CaseFile, people: Mapping[str, str]
) -> Decision | None:
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
    office: Office, visitor: Visitor, decisions: list[Decision], drafts: list[Conversation]
) -> dict[str, dict[str, Any]]:
    """The open dialogue of each request, by anchor."""
    by_request = {one.context.subject: one for one in reversed(drafts)}
    found = {one.anchor: by_request[one.asked.request] for one in decisions if one.asked.request in by_request}
    return {anchor: talk.block(office, visitor, draft) for anchor, draft in found.items()}


def _people(
    asked: Sequence[waiting.Asked], late: Sequence[team.Overdue], away: Sequence[team.Away], visitor: Visitor
) -> set[str]:
    found = {one.on_behalf for one in asked} | set(visitor.deputised)
    found |= {one.worker for one in late} if visitor.names_staff else set()
    found |= {person for one in away for person in one}
    return {one for one in found if one}
