"""The JSON a program sends and gets: read strictly (no doubled keys, at most 64 KiB), answered with what changed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from typing import Annotated, Any, Union

import msgspec
from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from domain.clocks import Clocks
from domain.decisions.recording import FILLED_IN
from domain.decisions.refusal import Refused
from domain.facts import FACTS, Stream, declared, name_of, stream_of
from services.casework.case import Due
from services.casework.desk import Done

LARGEST = 64 * 1024
JSON = "application/json"


async def raw(request: Request) -> bytes:
    """The body as it came. Raises the answer 415 for one that is said to be no JSON, such as a form."""
    if request.headers.get("content-type", JSON).partition(";")[0].strip().lower() != JSON:
        raise HTTPException(415)
    body = await request.body()
    if len(body) > LARGEST:
        raise HTTPException(413)
    return body


Body = Annotated[bytes, Depends(raw)]


@cache
def described() -> tuple[dict[str, Any], dict[str, Any]]:
    """The JSON Schema of the body, and its parts by name: one for each fact of a case, as the facts declare it."""
    facts = [_posted(name) for name in FACTS if stream_of(name) is Stream.CASE]
    types: Any = [Union[tuple(facts)]]  # noqa: UP007
    (body,), parts = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    for part in parts.values():
        part["required"] = [one for one in part["required"] if one not in FILLED_IN]
    return {"oneOf": body.pop("anyOf"), **body}, parts


def _posted(name: str) -> type[msgspec.Struct]:
    kind = FACTS[name]
    optional = not any(field.required for field in msgspec.structs.fields(kind))
    data = ("data", kind, msgspec.field(default_factory=kind)) if optional else ("data", kind)
    return msgspec.defstruct(
        f"Post{kind.__name__}",
        [("on", Annotated[dt.date, msgspec.Meta(description=declared(name).day)]), data],
        tag_field="fact",
        tag=name,
        kw_only=True,
        forbid_unknown_fields=True,
        namespace={"__doc__": declared(name).german},
    )


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
