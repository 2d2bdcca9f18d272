"""Einführungsplan: what switching rules on would bring, by first day; shown before anybody is told anything."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import QueryParams
from starlette.responses import Response

from domain.calendar import Lands, is_working_day, working_day_from
from domain.decisions.refusal import Refused
from domain.evaluations import BY_STAFF
from domain.permissions import Action
from domain.rules import RULES
from services.people import directory
from services.questions import cases, grounds, introduction
from services.questions.introduction import Plan, Wanted
from services.records import rulebook
from services.records.current import Place
from services.records.words import alphabetical
from services.web.http import templating
from services.web.http.door import Door, Opens, Visit
from services.web.words import dates, forms, links

router = APIRouter(include_in_schema=False)

SeesRules = Annotated[Door, Depends(Opens(Action.SEE_RULES))]
OVER_ALL = frozenset({"edv", "management"})  # they see every unit, and nobody's name


class Asked(NamedTuple):
    """What the form holds: its fields as typed, what is wrong with them, the plan that is asked for."""

    typed: dict[str, str]
    wrong: dict[str, str]
    on: dt.date
    since: dt.date | None
    rules: tuple[str, ...]


@router.get("/regeln/einfuehrung")
def show(request: Request, door: SeesRules) -> Response:
    """Messages by first day, unit, rule and, for who leads them, by person."""
    with door.open() as visit:
        visitor, tx = visit.visitor, visit.tx
        asked = _asked(request.query_params, visitor.today)
        places = None if visitor.roles & OVER_ALL else tuple(_led(visit))
        choices, lands = _choices(asked), rulebook.lands(tx.conn)
        plan = Plan([], []) if asked.wrong else introduction.plan(tx, Wanted(asked.on, choices, asked.rules, places))
        named = visitor.names_staff and places is not None and BY_STAFF in grounds.agreed(tx.conn, visitor.today)
        people = directory.labels(tx, plan.by_person()) if named else {}
        by_name = sorted(plan.by_person().items(), key=lambda one: alphabetical(people.get(one[0], "")))
        visit.saw_list("introduction", len(people), dates.plain(asked.on))
    context = _context(request, asked, plan, choices, lands) | {
        "people": [(people[one], count) for one, count in by_name if people],
        "own": places is not None,
    }
    return templating.page(request, "introduction.html", visitor, context, 422 if asked.wrong else 200)


def _led(visit: Visit) -> list[Place]:
    return cases.led_by(visit.tx.conn, visit.visitor.organisation, visit.visitor.person, visit.visitor.today)


def _asked(query: QueryParams, today: dt.date) -> Asked:
    typed = {field: query.get(field, "")[:100] for field in ("am", "ab")}
    wrong: dict[str, str] = {}
    days: dict[str, dt.date | None] = {"am": today, "ab": None}
    for field, text in typed.items():
        try:
            days[field] = forms.day_of(field, text, today) if text.strip() else days[field]
        except Refused as error:
            wrong |= dict(error.reasons)
    on, since = days["am"] or today, days["ab"]
    if not wrong and since is not None and since > on:
        wrong["ab"] = "„gilt ab“ liegt nach dem Tag der Einführung. Bitte diesen oder einen früheren Tag angeben."
    rules = tuple(rule for rule in introduction.DELIVERED if rule in query.getlist("regel"))
    return Asked({**typed, "am": typed["am"] or dates.plain(today)}, wrong, on, since, rules or introduction.DELIVERED)


def _choices(asked: Asked) -> introduction.Days:
    """The chosen first day comes first, the days to compare with after it."""
    return (asked.since, *(day for day in introduction.choices(asked.on) if day != asked.since))


def _context(request: Request, asked: Asked, plan: Plan, choices: introduction.Days, lands: Lands) -> dict[str, Any]:
    def to(since: dt.date | None) -> str:
        return links.address(request.query_params, "/regeln/einfuehrung", ab=since.isoformat() if since else "")

    compared = sorted(enumerate(choices), key=lambda one: one[1] or dt.date.min)
    return {
        "asked": asked,
        "chosen": {rule: rule in asked.rules for rule in introduction.DELIVERED},
        "rules": RULES,
        "whole": introduction.added([introduction.nothing(len(choices)), *(one.figures for one in plan.told)]),
        "plan": plan,
        "unheard": [one for one in plan.told if one.person is None],
        "compared": [(number, day, to(day)) for number, day in compared],
        "first_mail": working_day_from(asked.on, lands),
        "waits": not is_working_day(asked.on, lands),
    }
