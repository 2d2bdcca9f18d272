"""Team: what a lead has to decide and what is overdue in the unit. Cases, never figures about people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from domain.office import deferrals
from domain.permissions import Action
from domain.purposes import DECISION
from domain.words import INSTRUCTIONS
from services.dialogues import conversation
from services.dialogues import drafts as drafts_of
from services.dialogues.conversation import Conversation
from services.dialogues.drafts import Draft
from services.messages import bounces, waiting
from services.messages.inbox import Kind
from services.office.office import Office, Transaction
from services.people import directory
from services.questions import cases, distribution, legacy, team, unattended
from services.questions import handovers as waiting_offers
from services.questions.cases import client_names
from services.questions.handovers import Offer
from services.records import rulebook
from services.records.current import Place
from services.records.words import alphabetical
from services.web.case import disputes as reports
from services.web.case import talk, undo
from services.web.case.undo import Deed
from services.web.http import templating
from services.web.http.door import Door, Opens, Visit
from services.web.http.visitor import Visitor
from services.web.team import decisions, histogram, overdue
from services.web.team.overdue import Asked
from services.web.today import handovers
from services.web.today.tasks import Named
from services.web.words import links

router = APIRouter(include_in_schema=False)

SeesTeam = Annotated[Door, Depends(Opens(Action.SEE_TEAM))]
AskedFor = Annotated[Asked, Query()]


@router.get("/team")
def show(request: Request, door: SeesTeam, asked: AskedFor) -> Response:
    """Requests first, then a page of what is overdue, who is away, and how long the cases are in their strategies."""
    with door.open() as visit:
        shown, drafts = read(visit, asked)
    return answer(request, door.office, visit.visitor, "team.html", shown, drafts)


@router.get("/team/liste")
def refresh(request: Request, door: SeesTeam, asked: AskedFor) -> Response:
    """What changes by itself, when something new has come."""
    with door.open() as visit:
        shown, drafts = _lists(visit, asked, _led(visit))
    return answer(request, door.office, visit.visitor, "team_lists.html", shown, drafts)


def read(visit: Visit, asked: Asked) -> tuple[dict[str, Any], list[Conversation]]:
    """Everything on the page; open dialogues are given beside it."""
    led = _led(visit)
    shown, drafts = _lists(visit, asked, led)
    return shown | histogram.context(distribution.spreads(visit.tx.conn, led, visit.visitor.today)), drafts


def answer(
    request: Request,
    office: Office,
    visitor: Visitor,
    template: str,
    shown: dict[str, Any],
    drafts: Sequence[Conversation],
    status: int = 200,
) -> Response:
    """The page or its lists, with the open dialogues in their places."""

    def to(path: str = "/team", **changed: str) -> str:
        return links.address(request.query_params, path, **{"getan": "", **shown["late"].dropped, **changed})

    def turn(page: int) -> str:
        return f"{to(seite=str(page))}#ueberfaellig"

    placed = decisions.placed(shown["decisions"], drafts) | overdue.placed(shown["overdue"], drafts)
    talks = {anchor: talk.block(office, visitor, one) for anchor, one in placed.items()}
    loose = [one for one in drafts if one.draft not in {there.draft for there in placed.values()}]
    busy = {one.case_key for one in placed.values()}
    given = {"talks": talks, "loose": loose, "busy": busy, "to": to, "turn": turn, "instructions": INSTRUCTIONS}
    return templating.page(request, template, visitor, {"chosen": (), **shown, **given}, status)


def _led(visit: Visit) -> Collection[Place]:
    return cases.led_by(visit.tx.conn, visit.visitor.organisation, visit.visitor.person, visit.visitor.today)


def _lists(visit: Visit, asked: Asked, led: Collection[Place]) -> tuple[dict[str, Any], list[Conversation]]:
    """What changes by itself; open dialogues are given beside it."""
    tx, visitor, day = visit.tx, visit.visitor, visit.visitor.today
    every = team.overdue(tx, visitor.organisation, led, day)
    not_here = unattended.not_here(tx.conn, visitor.organisation, led, day)
    away = team.absences(visitor.organisation, not_here, day) if visitor.names_staff else []
    offers = waiting_offers.of_leads(tx, led, day)
    opened = drafts_of.open_ones(tx.conn, visitor.person)
    deeds = undo.several(tx, visitor.person, asked.done)
    to_decide, staff = _look_up(tx, visitor, every, away, offers, opened, deeds)
    late = overdue.listed(every, asked, visitor, staff)
    clients = client_names(
        tx, {one.case_key for one in late.rows} | {one.case_key for one in offers} | {one.case_key for one in deeds}
    )
    decided, disputes = decisions.read(tx, visitor, to_decide, staff), reports.read(tx, visitor)
    visit.saw([one.at for one in decided], DECISION)
    visit.saw_list("team", len(decided) + len(late.rows), f"Seite {late.page + 1}" if late.page else "")
    visit.saw_behind([one.case_key for one in disputes])
    shown: dict[str, Any] = {
        "decisions": decided,
        "bounced": bounces.told(tx, visitor.person),
        "late": late,
        "legacy": legacy.count(tx, led, day),
        "pool": _unled(tx, visitor),
        "unattended": unattended.count(visitor.organisation, not_here, day),
        "overdue": overdue.lines(late.rows, visitor, rulebook.texts(tx.conn, day)),
        "sort": asked.sortieren,
        "deferrals": deferrals.named(rulebook.standing(tx.conn), day),
        "away": sorted(away, key=lambda one: alphabetical(staff[one.person])),
        "offers": handovers.shown_to_leads(visitor, offers, Named(clients, staff)),
        "disputes": disputes,
        "people": staff,
        "clients": clients,
        "deeds": [undo.line(one, "team", _client(tx, visitor, one, clients)) for one in deeds],
    }
    return shown, conversation.of_drafts(tx, opened, visitor.person)


def _unled(tx: Transaction, visitor: Visitor) -> list[str]:
    """The units of today, led by the visitor or not, from which nothing reaches a lead."""
    organisation, day = visitor.organisation, visitor.today
    lost = unattended.unled(organisation, cases.places(tx.conn), day)
    there = (held for one in organisation.all_heads(day) for held in organisation.roles(one, day))
    in_teams = {held.unit for held in there if held.team}  # who leads what there, the page of the directory says
    return sorted({unit for unit, _ in lost if organisation.unit(unit, day) and unit not in in_teams})


def _client(tx: Transaction, visitor: Visitor, deed: Deed, clients: dict[UUID, str]) -> str:
    """The client of a decision just taken, where the visitor may still see the name."""
    standing = directory.relations_to(tx, visitor.person, deed.case_key, visitor.today)
    return clients.get(deed.case_key, "") if visitor.may(Action.SEE_NAMES, standing) else ""


def _look_up(
    tx: Transaction,
    visitor: Visitor,
    late: Sequence[team.Overdue],
    away: Sequence[team.Away],
    offers: Sequence[Offer],
    opened: Sequence[Draft],
    deeds: Sequence[Deed],
) -> tuple[list[waiting.Asked], dict[str, str]]:
    """Reads at once what else the page asks for case by case, and gives what is to be decided and who is called how."""
    told = waiting.look_up(tx, visitor.person, visitor.today, (Kind.REQUEST, Kind.DISPUTE, Kind.BOUNCED))
    drafted, decided = {draft.row.case_key for draft in opened}, {one.case_key for one in deeds}
    asked_of = {one.case_key for one in told if one.case_key}
    directory.abouts(tx.conn, asked_of | drafted | decided, visitor.today)
    asked = waiting.requests(tx, visitor.person, visitor.today)
    said = waiting.told(tx.conn, visitor.organisation, visitor.person, visitor.today, (Kind.DISPUTE,))
    staff = _people(asked, late, away, visitor) | (handovers.people(offers) if visitor.names_staff else set())
    others = {
        *(one.case_key for one in offers),
        *(one.case_key for one in said),
        *decided,
        *directory.keys(staff | reports.people(said)).values(),
    }
    tx.store.look_up(tx.conn, drafted | {one.case_key for one in asked}, others)
    return asked, directory.labels(tx, staff)


def _people(
    asked: Sequence[waiting.Asked], late: Sequence[team.Overdue], away: Sequence[team.Away], visitor: Visitor
) -> set[str]:
    found = {one.on_behalf for one in asked} | set(visitor.deputised)
    found |= {one.worker for one in late} if visitor.names_staff else set()
    found |= {person for one in away for person in one}
    return {one for one in found if one}
