"""The address of a question asked otherwise, and what it asks for in words."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from services.questions.over import Over
from services.web.words import dates, labels


def address(query: QueryParams, path: str = "/qs", **changed: str) -> str:
    """The address of the same question with some fields changed; "" leaves a field out."""
    kept = [(key, value) for key, value in query.multi_items() if key not in changed and value]
    asked = urlencode(kept + [(key, value) for key, value in changed.items() if value])
    return f"{path}?{asked}" if asked else path


def length(over: Over | None) -> str:
    """The threshold in words."""
    if over is None:
        return "gleich wie lange"
    if over.unit == "d":
        return f"mehr als {dates.days(over.length) if over.length == 1 else dates.number(over.length) + ' Tage'}"
    return f"mindestens {over.length} {'voller Monat' if over.length == 1 else 'volle Monate'}"


def listed(codes: Iterable[str], everything: str) -> str:
    """Codes in words: "Jobakademie oder AV/AGS"; none: everything."""
    words = [labels.code(one) for one in codes]
    return " oder ".join(filter(None, (", ".join(words[:-1]), *words[-1:]))) if words else everything
