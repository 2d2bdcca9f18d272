"""Cookies of log-ins: not for scripts, not sent along from elsewhere, and over https alone where there is https."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from services.web.http.visitor import office_of


def put(request: Request, answer: Response, name: str, value: str) -> None:
    """Sets a cookie that ends with the browser."""
    answer.set_cookie(name, value, httponly=True, samesite="lax", secure=_https(request))


def drop(request: Request, answer: Response, name: str) -> None:
    """Takes a cookie back."""
    answer.delete_cookie(name, httponly=True, samesite="lax", secure=_https(request))


def address(request: Request) -> str:
    """Where this service is opened: the public address that is set, else the one the request came to."""
    return office_of(request).settings.public_address or str(request.base_url).rstrip("/")


def _https(request: Request) -> bool:
    return request.url.scheme == "https" or address(request).startswith("https:")
