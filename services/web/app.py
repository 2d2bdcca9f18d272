"""Puts the pages, the API and their guards together into one application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from services.access import demo
from services.office import Office, open_office
from services.settings import Settings
from services.web import assets, errors
from services.web.errors import Failures
from services.web.headers import SecurityHeaders
from services.web.limits import BodyLimit, ThisMachineOnly
from services.web.pages import case, command, dialogue, entry, login, today

ROUTERS = (login.router, today.router, command.router, dialogue.router, entry.router, case.router)


def create_app(office: Office | None = None, host: str = "127.0.0.1") -> FastAPI:
    """The application; without an office one is opened from the settings and closed at the end.

    Raises `demo.NotSafe` where the demo log-in must not be offered: another host than this machine, or real data.
    """
    served = office or open_office(Settings())
    with served.read() as conn:
        demo.require(conn, served.settings, host)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        if office is None:
            served.close()

    app = FastAPI(
        title="Fallverlauf",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(ThisMachineOnly),
            Middleware(Failures),
            Middleware(BodyLimit),
        ],
    )
    app.state.office = served
    app.state.demo = True
    errors.register(app)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static/kern", StaticFiles(directory=assets.kern_folder()))
    app.mount("/static/htmx", StaticFiles(directory=assets.htmx_folder()))
    app.mount("/static", StaticFiles(directory=assets.STATIC))
    return app
