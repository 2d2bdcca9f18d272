"""What those who run the service ask: is it alive, how much does it do."""

from __future__ import annotations

import datetime as dt
from hmac import compare_digest
from typing import Any, Literal

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, PlainTextResponse, Response

from services.office import health
from services.settings import is_loopback
from services.web.http.refusals import Shape, refusals
from services.web.http.visitor import NotAllowed, TheOffice

router = APIRouter()


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
    """The database does not answer."""

    ok: Literal[False]
    database: Literal["down"]
    since: dt.datetime


@router.get(
    "/healthz",
    tags=["Betrieb"],
    responses={200: {"model": Health}, 503: {"model": Down}, **refusals(400, 403)},
)
def healthz(request: Request, office: TheOffice) -> Response:
    """200 while web and database work; worker, scheduler and queue are named with their state and since when."""
    state = request.app.state
    try:
        found: dict[str, Any] = health.health(office)
    except SQLAlchemyError:
        state.database_down = getattr(state, "database_down", None) or health.machine_time()  # first seen down
        down = {"ok": False, "database": "down", "since": state.database_down.isoformat()}
        return JSONResponse(down, status_code=503)
    state.database_down = None
    return JSONResponse(found)


@router.get("/metrics", tags=["Betrieb"], response_class=PlainTextResponse, responses=refusals(400, 403))
def metrics(request: Request, office: TheOffice) -> Response:
    """Counters for Prometheus, with FALLVERLAUF_METRICS_TOKEN or from this machine; they name no person and no case."""
    if not _may_count(request, office.settings.metrics_token):
        raise NotAllowed("Für die Messwerte braucht es das Zugangswort aus FALLVERLAUF_METRICS_TOKEN.")
    return Response(generate_latest(request.app.state.metrics), media_type=CONTENT_TYPE_LATEST)


def _may_count(request: Request, token: SecretStr | None) -> bool:
    if token is None:
        return is_loopback(request.client.host if request.client else "")
    return compare_digest(
        request.headers.get("authorization", "").encode(), f"Bearer {token.get_secret_value()}".encode()
    )
