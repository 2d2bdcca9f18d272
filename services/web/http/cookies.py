"""Cookies of log-ins: not for scripts, not sent along from elsewhere, and over https alone where there is https.

There their names begin with `__Host-`, so that no browser takes one that another host or page without https has set.
"""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from services.settings import Settings

OURS_ALONE = "__Host-"


def get(request: Request, name: str) -> str:
    """What the browser brought under this name, or nothing."""
    return request.cookies.get(_full(request, name), "")


def put(request: Request, answer: Response, name: str, value: str) -> None:
    """Sets a cookie that ends with the browser."""
    answer.set_cookie(_full(request, name), value, httponly=True, samesite="lax", secure=_https(request))


def drop(request: Request, answer: Response, name: str) -> None:
    """Takes a cookie back."""
    answer.delete_cookie(_full(request, name), httponly=True, samesite="lax", secure=_https(request))


def address(request: Request) -> str:
    """Where this service is opened: the public address that is set, else the one the request came to."""
    settings: Settings = request.app.state.office.settings
    return settings.public_address or str(request.base_url).rstrip("/")


def _full(request: Request, name: str) -> str:
    return OURS_ALONE + name if _https(request) else name


def _https(request: Request) -> bool:
    return request.url.scheme == "https" or address(request).startswith("https:")
