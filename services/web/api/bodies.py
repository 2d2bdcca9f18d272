"""The JSON a program sends and gets: read strictly (no doubled keys, at most 64 KiB), answered with what changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from domain.clocks import Clocks
from domain.decisions.refusal import Refused
from domain.facts import name_of
from services.casework.case import Due
from services.casework.desk import Done

LARGEST = 64 * 1024
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def raw(request: Request) -> bytes:
    """The body as it came. Raises `Refused` for a form, which was read as one already."""
    if request.headers.get("content-type", "").startswith(_FORMS):
        raise Refused([("Content-Type", "Erwartet wird application/json.")])
    body = await request.body()
    if len(body) > LARGEST:
        raise HTTPException(413)
    return body


Body = Annotated[bytes, Depends(raw)]


def parsed(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises `Refused`."""
    try:
        found = json.loads(body, object_pairs_hook=_once, parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False).encode()  # a lone surrogate is no text
    except (ValueError, RecursionError):
        raise Refused([("", "Das ist kein lesbares JSON.")]) from None
    if not isinstance(found, dict):
        raise Refused([("", "Erwartet wird ein JSON-Objekt mit fact, on und data.")])
    return found


def digest(case: str, content: dict[str, Any]) -> bytes:
    """What tells two facts apart, however their JSON is written."""
    return sha256(json.dumps([case, content], sort_keys=True).encode()).digest()


def said(done: Done) -> dict[str, Any]:
    """What a decision wrote and changed."""
    return {
        "number": done.number,
        "correlation_id": done.correlation_id,
        "facts": [
            {
                "id": entry.id,
                "fact": name_of(entry.fact),
                "on": entry.on.isoformat(),
                "data": msgspec.to_builtins(entry.fact),
            }
            for entry in done.entries
        ],
        "clocks": {"before": _clocks(done.changes.before), "after": _clocks(done.changes.after)},
        "due": {"gone": _due(done.changes.gone), "come": _due(done.changes.come)},
    }


def _clocks(clocks: Clocks) -> dict[str, Any]:
    since = clocks.since.isoformat() if clocks.since else None
    return {"strategy": clocks.strategy, "since": since, "days": clocks.days}


def _due(rows: Sequence[Due]) -> list[dict[str, str]]:
    return [{"rule": row.rule, "stage": row.stage, "due": row.due.isoformat()} for row in rows]


def _no_number(name: str) -> None:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused([("", "Ein Feld steht doppelt da.")])
    return found
