"""What those who run the service ask: is it alive, how much does it do."""

from __future__ import annotations

from hmac import compare_digest
from typing import Any

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response

from services.office import health
from services.settings import is_loopback
from services.web.http.tries import doors_of
from services.web.http.visitor import NotAllowed, TheOffice

router = APIRouter()


@router.get("/healthz", tags=["Betrieb"])
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


@router.get("/metrics", tags=["Betrieb"])
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
