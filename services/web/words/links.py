"""The address of a question asked otherwise."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from starlette.datastructures import QueryParams


def address(query: QueryParams, path: str = "/qs", **changed: str) -> str:
    """The address of the same question with some fields changed; "" leaves a field out."""
    kept = [(key, value) for key, value in query.multi_items() if key not in changed and value]
    asked = urlencode(kept + [(key, value) for key, value in changed.items() if value])
    return f"{path}?{asked}" if asked else path


def query(url: str, path: str) -> QueryParams:
    """What an address asks of a page; nothing if it is none or that of another page."""
    try:
        found = urlsplit(url)
    except ValueError:
        return QueryParams()
    return QueryParams(found.query if found.path == path else "")
