"""What those who run the service ask: is it alive, how much does it do."""

from __future__ import annotations

import asyncio
import datetime as dt
from concurrent.futures import Future, ThreadPoolExecutor
from hmac import compare_digest
from typing import Any, Literal

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, PlainTextResponse, Response

from services.office import health
from services.office.office import Office
from services.settings import is_loopback
from services.web.http.door import TheOffice
from services.web.http.refusals import Shape, refusals
from services.web.http.tries import doors_of
from services.web.http.visitor import NotAllowed

PATIENCE = 0.8  # seconds in which the database says how it is

router = APIRouter()


class Look:
    """Asks the database how the service is, in a thread of its own: whatever all others wait for, it answers.

    One look at a time, which is everybody's who asks meanwhile; one that never ends keeps no second thread.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._own = ThreadPoolExecutor(1, "healthz")
        self._look: Future[dict[str, Any]] | None = None
        self._since: dt.datetime | None = None  # first seen not to answer

    async def answer(self) -> tuple[int, dict[str, Any]]:
        """The status and what `/healthz` says."""
        try:
            found = await self._seen()
        except TimeoutError:
            return self._amiss("slow")
        except SQLAlchemyError:
            return self._amiss("down")
        self._since = None
        return 200, found

    def close(self) -> None:
        """Waits for nothing that is still under way."""
        self._own.shutdown(wait=False)

    async def _seen(self) -> dict[str, Any]:
        if self._look is None or self._look.done():
            self._look = self._own.submit(health.health, self._office)
        return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._look)), PATIENCE)

    def _amiss(self, state: str) -> tuple[int, dict[str, Any]]:
        self._since = self._since or health.machine_time()
        return 503, {"ok": False, "database": state, "since": self._since.isoformat()}


class Part(Shape):
    """A part of the service; without `at` it has never given a sign of life."""

    state: str
    at: dt.datetime | None = None
    since: dt.datetime | None = None


class Outbox(Shape):
    """What is to be sent, and what could not be."""

    waiting: int
    failed: int


class Health(Shape):
    """Which parts are alive while the database is."""

    ok: Literal[True]
    database: str
    worker: Part
    scheduler: Part
    queue: Part
    outbox: Outbox


class Down(Shape):
    """The database does not answer, or not within a second."""

    ok: Literal[False]
    database: Literal["down", "slow"]
    since: dt.datetime


@router.get(
    "/healthz",
    tags=["Betrieb"],
    responses={200: {"model": Health}, 503: {"model": Down}, **refusals(400, 403)},
)
async def healthz(request: Request) -> Response:
    """200 while web and database work; worker, scheduler and queue are named with their state and since when.

    503 with the database "down" when it does not answer, "slow" when not within a second.
    """
    look: Look = request.app.state.look
    status, found = await look.answer()
    return JSONResponse(found, status)


@router.get("/metrics", tags=["Betrieb"], response_class=PlainTextResponse, responses=refusals(400, 403, 429))
def metrics(request: Request, office: TheOffice) -> Response:
    """Counters for Prometheus, with FALLVERLAUF_METRICS_TOKEN or from this machine; they name no person and no case."""
    with doors_of(request).words.of(request, NotAllowed):
        if not _may_count(request, office.settings.metrics_token):
            raise NotAllowed("Für die Messwerte braucht es das Zugangswort aus FALLVERLAUF_METRICS_TOKEN.")
    return Response(generate_latest(request.app.state.metrics), media_type=CONTENT_TYPE_LATEST)


def _may_count(request: Request, token: SecretStr | None) -> bool:
    if token is None:
        return is_loopback(request.client.host if request.client else "")
    return compare_digest(
        request.headers.get("authorization", "").encode(), f"Bearer {token.get_secret_value()}".encode()
    )
