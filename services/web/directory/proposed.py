"""What was proposed for the directory: confirmed or refused by a second person, and what became of all."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain import proposals
from domain.decisions.directory import PROVIDER
from domain.decisions.directory import suggested as suggestions
from domain.facts.office import DirectoryProposed
from domain.permissions import Action
from domain.proposals import Outcome, Proposal
from services.casework import directory as desk
from services.people import directory
from services.web.directory import kinds, leaving
from services.web.http import templating
from services.web.http.door import Door, Needs, Opens, Posted, TheOffice, Visit
from services.web.http.visitor import Visitor
from services.web.rules import proposed
from services.web.words import dates

router = APIRouter(include_in_schema=False)

PATH = "/verzeichnis/vorschlaege"
PAGE = "directory_proposals.html"


@router.get(PATH)
def show(request: Request, door: Annotated[Door, Depends(Opens(Action.SEE_DIRECTORY))]) -> Response:
    """What waits for a second person, and below it what was decided, the latest first."""
    with door.open() as visit:
        context = _context(visit, {}, "", "")
    return templating.page(request, PAGE, visit.visitor, context)


@router.post(PATH)
def decide(
    request: Request,
    office: TheOffice,
    visitor: Annotated[Visitor, Depends(Needs(Action.CONFIRM_DIRECTORY))],
    form: Posted,
) -> Response:
    """Keeps what the second person says, or the withdrawal of whoever has proposed it."""
    return proposed.decided(request, office, visitor, form, desk.decide, _context, PAGE)


def _context(visit: Visit, wrong: dict[str, str], about: str, reason: str) -> dict[str, Any]:
    made = desk.proposed(visit.tx)
    suggested = suggestions(made)
    every = [one for one in proposals.proposals(made, DirectoryProposed) if one.made.by != PROVIDER or one.decided]
    today = visit.visitor.today
    visit.saw_list("directory-proposals", len(every), dates.plain(today))
    persons = {one for each in [*every, *suggested] if (one := _fact(each).person)}
    added = [fact.person for one in every if (fact := _fact(one)).becomes == "person-added" and fact.person]
    new = desk.newcomers(visit.tx, added)
    names = directory.labels(visit.tx, persons) | {key: one.name for key, one in new.items() if one.name}
    decides = visit.visitor.may(Action.CONFIRM_DIRECTORY)

    def brings(one: Proposal) -> list[str]:
        fact = _fact(one)
        waits = fact.becomes == "person-left" and fact.person and one.outcome(today) is Outcome.OPEN
        return leaving.sentences(visit, fact.person, one.made.on) if waits and fact.person else []

    brought = {one.made.ref: brings(one) for one in every}
    own = {
        "action": PATH,
        "suggested": suggested,
        "may_decide": decides,
        "may_propose": visit.visitor.may(Action.PROPOSE_DIRECTORY),
        "title": lambda fact: kinds.title(fact, names),
        "said": lambda fact: kinds.said(fact, new.get(fact.person) if decides else None),
        "from": kinds.bound,
        "brings": lambda one: brought[one.made.ref],
    }
    shown = proposed.shown(visit, every, wrong, about, reason)
    shown["people"][PROVIDER] = "Anmeldedienst"
    return own | shown


def _fact(one: Proposal) -> DirectoryProposed:
    return cast(DirectoryProposed, one.made.fact)
