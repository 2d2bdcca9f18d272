"""Filling templates: one environment, what every page knows, and the two ways to answer a posted form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Match

from domain.dialogues import Choice
from domain.periods import local_day
from domain.permissions import WORKERS, Action, Relation
from notifications import render
from services.people import receivers
from services.people.way_in import NO_PROVIDER
from services.web.http import assets
from services.web.http.visitor import Visitor, office_of
from services.web.words import dates, labels, terms


@cache
def environment() -> Environment:
    """The templates of the pages; everything is escaped, an unknown name is an error."""
    found = Environment(
        loader=FileSystemLoader(assets.TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.filters.update(
        day=dates.day,
        plain_day=dates.plain,
        typed_day=dates.typed,
        iso_day=lambda text: dates.day(dt.date.fromisoformat(text)),
        act_day=dates.act_day,
        moment=dates.moment,
        clock=dates.clock,
        recorded=dates.recorded,
        number=dates.number,
        days=dates.days,
        stay=dates.stay,
        span=dates.span,
        ago=dates.ago,
        before_day=labels.before_day,
        code=labels.code,
        fact=labels.fact,
        field=labels.field,
        case_path=case_path,
        rule=render.rule_name,
        is_today=lambda moment, today: local_day(moment) == today,
        places=places,
        may_search=may_search,
        beside=beside,
        matching=matching,
        may_answer=lambda visitor: visitor.may(Action.ANSWER),
        search_label=search_label,
    )
    found.globals.update(version=assets.version(), term=terms.term, explained=terms.explained())
    return found


class Place(NamedTuple):
    """A page one can go to."""

    path: str
    name: str


PLACES = (
    (Action.SEE_TODAY, Place("/", "Heute")),
    (Action.SEE_INTAKE, Place("/eingang", "Eingang")),
    (Action.SEE_CASES, Place("/faelle", "Meine Fälle")),
    (Action.ANSWER, Place("/termine", "Termine")),
    (Action.SEE_TEAM, Place("/team", "Team")),
    (Action.SEE_QS, Place("/qs", "QS")),
    (Action.SEE_VIEWS, Place("/einsicht", "Einsichten")),
    (Action.SEE_SETUP, Place("/einrichten", "Was noch fehlt")),
    (Action.SEE_RULES, Place("/regeln", "Regeln")),
    (Action.SEE_DIRECTORY, Place("/verzeichnis", "Verzeichnis")),
    (Action.IMPORT, Place("/einlesen", "Einlesen")),
)
BESIDE = (  # at the foot of every page: what one looks up, and nobody works with all day
    (Action.SEE_DIRECTIVES, Place("/vorgaben", "Vorgaben")),
    (Action.SEE_REGISTER, Place("/auswertungen", "Auswertungen")),
)


def places(visitor: Visitor) -> list[Place]:
    """The pages this person may open; nobody is shown a link that leads nowhere."""
    found = [place for action, place in PLACES if visitor.may(action)] or beside(visitor)
    if only_leads(visitor):  # what is due for them stands on Team
        found = [place for place in found if place.path != "/"]
    if not may_search_names(visitor):  # who comes to cases by number alone has the search field, and no list
        return [place for place in found if place.path != "/faelle"]
    return [
        place._replace(name="Fälle") if place.path == "/faelle" and not visitor.roles & WORKERS else place
        for place in found
    ]


def beside(visitor: Visitor) -> list[Place]:
    """The pages at the foot that this person may open; who has no others finds them at the head, too."""
    return [place for action, place in BESIDE if visitor.may(action)]


def matching(choices: Sequence[Choice], typed: str) -> Sequence[Choice]:
    """The first few of the people to choose from whom what was typed can mean; a chosen one is among them."""
    meant = {value for value, _ in receivers.matching([(one.value, one.label) for one in choices], typed)}
    return [one for one in choices if one.value == typed or one.value in meant][: receivers.SHOWN]


def only_leads(visitor: Visitor) -> bool:
    """Whether somebody leads, and neither works cases of their own nor stands in for who does."""
    working = [visitor.organisation.role_names(one, visitor.today) for one in (visitor.person, *visitor.deputised)]
    return visitor.may(Action.SEE_TEAM) and not any(roles & WORKERS for roles in working)


def may_search(visitor: Visitor) -> bool:
    """Whether the search field is offered."""
    return visitor.may(Action.SEARCH)


def search_label(visitor: Visitor) -> str:
    """What can be searched for: who sees no names searches by number."""
    return "Nummer oder Name" if may_search_names(visitor) else "Fallnummer"


def may_search_names(visitor: Visitor) -> bool:
    """Whether the person sees the names of any case."""
    return any(visitor.may(Action.SEE_NAMES, frozenset({relation})) for relation in Relation if relation != Relation.QS)


def case_path(number: str) -> str:
    """The address of a case's page; a case number may hold a slash."""
    return f"/fall/{quote(number)}"


def page(
    request: Request, name: str, visitor: Visitor | None, context: Mapping[str, Any] | None = None, status: int = 200
) -> HTMLResponse:
    """A whole page, or for htmx the part of it that the template gives.

    After a post a page says no more than that something was refused; what was taken is shown by `go`. `back`: where
    the back button finds such a page again.
    """
    posted = request.method == "POST" and not is_htmx(request)
    values = {
        "back": (getattr(request.state, "back", "") or _page_of(request)) if posted else "",
        "over": "abgelaufen" in request.query_params,
        "visitor": visitor,
        "demo": request.app.state.demo,
        "trial": NO_PROVIDER if request.app.state.trial else "",
        "today": office_of(request).today(),
        "path": request.url.path,
        "query": request.url.query,
        "partial": is_htmx(request),
        **(context or {}),
    }
    return HTMLResponse(environment().get_template(name).render(values), status_code=status)


def _page_of(request: Request) -> str:
    """The address that was posted to, where it can be opened, too; else that of the first page."""
    if not takes(request, "GET"):
        return "/"
    return quote(request.url.path) + (f"?{request.url.query}" if "aufgehoben" in request.query_params else "")


def takes(request: Request, method: str) -> bool:
    """Whether something answers this method at the address of a request."""
    asked = {**request.scope, "method": method}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)


def is_htmx(request: Request) -> bool:
    """Whether the script asks for a part of the page; without scripts a whole page is answered."""
    return request.headers.get("hx-request") == "true"


def go(url: str) -> Response:
    """After a form was taken: the page that shows what came of it."""
    return RedirectResponse(url, status_code=303)
