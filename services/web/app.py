"""Puts the pages, the API and their guards together into one application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from services.access import demo
from services.access.provider import Provider
from services.admission import INVENTED
from services.office import Office, open_office
from services.settings import Settings
from services.web import api, assets, errors, live, metrics
from services.web.errors import Failures, Readable
from services.web.headers import SecurityHeaders
from services.web.limits import BodyLimit, HeadAsGet, ThisMachineOnly
from services.web.pages import (
    case,
    cases,
    command,
    dialogue,
    entry,
    info,
    login,
    oidc,
    operation,
    purpose,
    qs,
    staylist,
    team,
    today,
    viewlog,
)

PAGES = (
    login,
    oidc,
    purpose,
    today,
    command,
    dialogue,
    entry,
    cases,
    team,
    staylist,
    qs,
    viewlog,
    info,
    case,
    operation,
)


def create_app(office: Office | None = None, host: str = "127.0.0.1") -> FastAPI:
    """The application; without an office one is opened from the settings and closed at the end.

    With a provider of log-ins set it may be served anywhere. Raises `demo.NotSafe` where the demo log-in must not be
    offered: another host than this machine, or real data.
    """
    served = office or open_office(Settings())
    with served.read() as conn:
        demo.require(conn, served.settings, host)
        invented = demo.data_kind(conn) in INVENTED
    provider = Provider(served.settings) if served.settings.oidc_issuer else None

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        polling = asyncio.create_task(app.state.poller.run())
        yield
        polling.cancel()
        if office is None:
            served.close()

    registry = metrics.registry(served)
    guards = [
        Middleware(SecurityHeaders),
        Middleware(metrics.Counting, registry=registry),
        Middleware(HeadAsGet),
        *([] if provider else [Middleware(ThisMachineOnly)]),
        Middleware(Failures),
        Middleware(Readable),
        Middleware(BodyLimit),
    ]
    app = FastAPI(title="Fallverlauf", docs_url=None, redoc_url=None, lifespan=lifespan, middleware=guards)
    app.state.office, app.state.poller, app.state.metrics = served, live.Poller(served), registry
    app.state.demo, app.state.provider = invented, provider
    errors.register(app)
    for page in (live, api, *PAGES):
        app.include_router(page.router)
    app.mount("/static/kern", StaticFiles(directory=assets.kern_folder()))
    app.mount("/static/htmx", StaticFiles(directory=assets.htmx_folder()))
    app.mount("/static", StaticFiles(directory=assets.STATIC))
    return app
