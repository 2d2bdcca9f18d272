"""Puts the pages, the API and their guards together into one application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles

from services.casework import kinds
from services.office.office import Office, data_kind, open_office
from services.people import invites, way_in
from services.people.way_in import WayIn
from services.questions.search import memory
from services.settings import Settings
from services.web.absences import calendar_address
from services.web.absences import page as absences
from services.web.api import api, bodies
from services.web.api import proposals as api_proposals
from services.web.appointments import calendar, feed, letter
from services.web.appointments import files as appointments_files
from services.web.appointments import page as appointments
from services.web.case import entry, taking_back
from services.web.case import page as case
from services.web.cases import files as cases_files
from services.web.cases import page as cases
from services.web.cases import saved, search, several
from services.web.directory import page as members
from services.web.directory import proposed as directory_proposed
from services.web.directory import proposing as directory_proposing
from services.web.directory import sight
from services.web.http import assets, errors, info, live, metrics, operation, refusals, tries
from services.web.http.errors import Failures, Readable
from services.web.http.headers import SecurityHeaders
from services.web.http.limits import BodyLimit, HeadAsGet, ThisMachineOnly, WritersInLine
from services.web.imports import columns
from services.web.imports import page as imports
from services.web.imports import profiles as import_profiles
from services.web.intake import alike
from services.web.intake import page as intake
from services.web.login import oidc, purpose, resumed
from services.web.login import page as login
from services.web.papers import nachtrag
from services.web.papers import page as papers
from services.web.qs import access_log
from services.web.qs import page as qs
from services.web.reconciliation import files as reconciliation_files
from services.web.reconciliation import page as reconciliation
from services.web.rules import directives, grounds, introduction, proposed, proposing, register, texts
from services.web.rules import page as rules
from services.web.setup import page as setup
from services.web.sheets import scribe
from services.web.team import deferred, legacy, reassign, reminders, stays, unattended
from services.web.team import files as team_files
from services.web.team import page as team
from services.web.today import calendar as task_calendar
from services.web.today import command, dialogue, together
from services.web.today import page as today
from services.web.today.answers import answers

if TYPE_CHECKING:
    from services.people.provider import Provider

TIDY = 60  # seconds between two looks for names that nobody uses any more
PAGES = (
    login,
    oidc,
    purpose,
    resumed,
    today,
    command,
    dialogue,
    together,
    entry,
    taking_back,
    cases,
    cases_files,
    saved,
    search,
    several,
    intake,
    alike,
    appointments,
    appointments_files,
    calendar,
    feed,
    task_calendar,
    calendar_address,
    letter,
    reconciliation,
    reconciliation_files,
    team,
    team_files,
    reminders,
    stays,
    deferred,
    legacy,
    unattended,
    reassign,
    qs,
    access_log,
    papers,
    nachtrag,
    setup,
    members,
    directory_proposing,
    directory_proposed,
    sight,
    rules,
    introduction,
    texts,
    columns,
    import_profiles,
    imports,
    proposed,
    proposing,
    grounds,
    directives,
    register,
    absences,
    info,
    case,
    operation,
)


class Described(FastAPI):
    """The application with the whole of its description: the facts that can be posted, and how refusals look."""

    def openapi(self) -> dict[str, Any]:
        """What /openapi.json says."""
        if self.openapi_schema is None:
            found = super().openapi()
            parts = found["components"]["schemas"] | refusals.described() | bodies.described()[1]
            found["components"]["schemas"] = dict(sorted(parts.items()))
            self.openapi_schema = found
        return self.openapi_schema


@cache
def _ways() -> Sequence[BaseRoute]:
    """What leads to the pages: all alike in each application, and FastAPI looks long at what their handlers take."""
    every = APIRouter()
    for page in (live, api, api_proposals, *PAGES):
        every.include_router(page.router)
    return every.routes


async def _tidying(office: Office) -> None:
    """Lets the names go of sessions that have not searched, or asked the chat, for long, until it is cancelled."""
    while True:
        await asyncio.sleep(TIDY)
        memory(office).tidy(office.now())
        with office.read() as tx:
            answers(office).tidy(tx, office.now())


def create_app(office: Office | None = None, host: str = "127.0.0.1") -> FastAPI:
    """The application; without an office one is opened from the settings and closed at the end.

    With a provider of log-ins and a public address set it may be served anywhere; sessions and links of a trial end
    then. Raises `way_in.NotSafe` for another host than this machine without.
    """
    kinds.learn()
    served = office or open_office(Settings())
    with served.read() as tx:
        way = way_in.require(tx.conn, served.vault, served.settings, host)
        invented = data_kind(tx.conn, served.vault) is not None
    if way is WayIn.PROVIDER:
        with served.write() as tx:
            invites.end_all(tx.conn)

    provider = _provider(served.settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(one) for one in (app.state.poller.run(), _tidying(served))]
        yield
        for task in tasks:
            task.cancel()
        app.state.look.close()
        if office is None:
            served.close()

    registry = metrics.registry(served)
    guards = [
        Middleware(SecurityHeaders, encrypted=(served.settings.public_address or "").startswith("https:")),
        Middleware(metrics.Counting, registry=registry),
        Middleware(HeadAsGet),
        *(
            []
            if provider and served.settings.public_address
            else [Middleware(ThisMachineOnly, directly=way is WayIn.INVITE)]
        ),
        Middleware(Failures),
        Middleware(Readable),
        Middleware(BodyLimit),
        Middleware(WritersInLine),
    ]
    app = Described(title="Fallverlauf", docs_url=None, redoc_url=None, lifespan=lifespan, middleware=guards)
    app.state.office, app.state.poller, app.state.metrics = served, live.Poller(served), registry
    app.state.demo, app.state.provider, app.state.doors = invented, provider, tries.doors()
    app.state.trial = way is WayIn.INVITE
    app.state.look, app.state.scribe = operation.Look(served), scribe.Scribe()
    errors.register(app)
    app.router.routes.extend(_ways())
    app.mount("/static/kern", StaticFiles(directory=assets.kern_folder()))
    app.mount("/static/htmx", StaticFiles(directory=assets.htmx_folder()))
    app.mount("/static", StaticFiles(directory=assets.STATIC))
    return app


def _provider(settings: Settings) -> Provider | None:
    if settings.oidc_issuer is None:
        return None
    from services.people.provider import Provider  # three libraries that the demo goes without

    return Provider(settings)
