"""Zuweisen: cases for which nobody acts, those of one worker or team, to be assigned anew together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from domain import words
from domain.organisation import Organisation
from domain.permissions import Action
from services.dialogues import several
from services.people import directory
from services.questions import cases
from services.questions import unattended as question
from services.questions.cases import client_names
from services.questions.unattended import Held
from services.records.current import Place
from services.records.words import alphabetical
from services.web.case import undo
from services.web.http import templating
from services.web.http.door import Door, Opens, Visit

router = APIRouter(include_in_schema=False)

MOST = several.MOST
TEAM = "team:"
Leads = Annotated[Door, Depends(Opens(Action.SEE_TEAM))]


class Group(NamedTuple):
    """Cases with one worker, as many as can be assigned together; `number` of all, `why` nobody acts for them."""

    worker: str
    why: str
    number: int
    rows: Sequence[Held]


@router.get("/team/zuweisen")
def show(request: Request, door: Leads, von: str = "", getan: str = "") -> Response:
    """What nobody acts for; or, asked for by a directory key or as `team:…`, all open cases of one worker or team."""
    with door.open() as visit:
        context = context_of(visit, von, getan)
    return templating.page(request, "unattended.html", visit.visitor, context)


def context_of(visit: Visit, asked: str, done: str) -> dict[str, Any]:
    """What the page shows; `done`: the decisions (ids with commas) by which the visitor has just assigned."""
    tx, visitor, day = visit.tx, visit.visitor, visit.visitor.today
    led = cases.led_by(tx.conn, visitor.organisation, visitor.person, day)
    workers = question.workers(tx.conn, led, day) if visitor.names_staff else []
    teams = _teams(visitor.organisation, workers, day)
    chosen = asked if asked in {*workers, *teams} else ""
    found = question.of_workers(tx, led, teams.get(chosen, [chosen]), day) if chosen else _alone(visit, led)
    if chosen in teams:
        found = [one._replace(worker=None) for one in found]  # together
    groups = [_group(visitor.organisation, key or "", list(some), day) for key, some in groupby(found, _worker)]
    shown = [row for group in groups for row in group.rows]
    visit.saw_list("unattended", len(shown), "einer Fachkraft" if chosen else "")
    people = directory.labels(tx, workers)
    deeds = undo.several(tx, visitor.person, done.split(",")[:MOST]) if done else []
    return {
        "groups": groups,
        "chosen": chosen,
        "called": f"Team {chosen.removeprefix(TEAM)}" if chosen in teams else people.get(chosen, ""),
        "people": people,
        "teams": sorted(teams),
        "workers": sorted(people.items(), key=lambda one: alphabetical(one[1])),
        "clients": client_names(tx, {row.case_key for row in shown}),
        "may_assign": visitor.may(Action.SEE_CASES),
        "most": MOST,
        "deeds": [one for one in deeds if one.may_undo],
        "taken_back": sum(one.undone for one in deeds),
        "refused": {},
    }


def _teams(organisation: Organisation, workers: Sequence[str], day: dt.date) -> dict[str, list[str]]:
    """Who of these is in which team, by what the address calls it."""
    found: dict[str, list[str]] = {}
    for worker in workers:
        for team in sorted({role.team for role in organisation.roles(worker, day) if role.team}):
            found.setdefault(f"{TEAM}{team}", []).append(worker)
    return found


_worker = attrgetter("worker")


def _alone(visit: Visit, led: Sequence[Place]) -> list[Held]:
    """Who may not name staff sees the same cases in one group."""
    visitor = visit.visitor
    found = question.unattended(visit.tx, visitor.organisation, led, visitor.today)
    return found if visitor.names_staff else [one._replace(worker=None) for one in found]


def _group(organisation: Organisation, worker: str, rows: Sequence[Held], day: dt.date) -> Group:
    return Group(worker, _why(organisation, worker, day), len(rows), rows[:MOST])


def _why(organisation: Organisation, worker: str, day: dt.date) -> str:
    """Why nobody acts for these cases; nothing where somebody does."""
    recorded = organisation.recorded(worker)
    if not worker or organisation.acting(worker, day).on_behalf_of:
        return ""
    if not organisation.employed(worker, day):
        last = max((one.last for one in recorded.employed if one.last < day), default=None)
        return f"ausgeschieden, letzter Tag {words.day(last)}" if last else "nicht im Verzeichnis"
    until = max((one.last for one in recorded.absences if one.covers(day)), default=None)
    return f"abwesend bis {words.day(until)}, niemand vertritt" if until else ""
