"""What a refusal looks like to a program, and which there are: for the description of each path in /openapi.json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema


class Shape(BaseModel):
    """A part of an answer: it holds these keys and no others."""

    model_config = ConfigDict(extra="forbid")


class Reason(Shape):
    """Why something is refused; `field` is empty where it concerns the whole."""

    field: str
    reason: str = Field(description="one German sentence")


class Refusal(Shape):
    """The answer to everything that is not done."""

    detail: list[Reason]


class Conflict(Refusal):
    """The same with the new last number of the case, where the case has grown."""

    number: int = Field(0, description="what If-Match would have to name now; missing for a reused Idempotency-Key")


_DESCRIPTIONS: Final[Mapping[int, str]] = {
    400: "The address or the body cannot be read.",
    401: "Nobody is logged in, or the token of a program does not hold.",
    403: "The person may not do this, or has not named a purpose; a change without the CSRF token of its session.",
    404: "There is no such thing; a case that is not there only for who may see all, else 403.",
    408: "The body did not come whole in time.",
    409: "The case has grown, or the Idempotency-Key belongs to another entry.",
    413: "More than is taken here (64 KiB).",
    415: "The body is said to be no JSON.",
    422: "A parameter or the fact is refused, each reason at its field.",
    429: "Too many tries in vain from this address.",
    503: "The database or the provider of log-ins is away, another program has taken over, others write for too long, "
    "or lists are computed anew.",
}
_HEADERS: Final[Mapping[int, Mapping[str, str]]] = {
    401: {"WWW-Authenticate": "why a token does not hold"},
    429: {"Retry-After": "seconds"},
    503: {"Retry-After": "seconds, while lists are computed anew"},
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The part of a description that says which refusals a path has."""
    return {status: _described(status) for status in statuses}


def _described(status: int) -> dict[str, Any]:
    model = "Conflict" if status == 409 else "Refusal"
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{model}"}}}
    headers = {
        name: {"description": text, "schema": {"type": "string"}} for name, text in _HEADERS.get(status, {}).items()
    }
    return {"description": _DESCRIPTIONS[status], "content": content, **({"headers": headers} if headers else {})}


def described() -> dict[str, Any]:
    """The JSON Schema of these refusals by name."""
    models: Any = [(model, "serialization") for model in (Refusal, Conflict)]
    _, found = models_json_schema(models, ref_template="#/components/schemas/{model}")
    parts: dict[str, Any] = found["$defs"]
    return parts
