"""What the headers of a change ask for: that the case is as it was seen, and that a repeated post is one fact."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Depends, Request

from domain.decisions.refusal import Refused
from services.casework import desk
from services.office.office import Transaction
from services.web.http.visitor import AtCase

IF_MATCH, IDEMPOTENCY_KEY = "If-Match", "Idempotency-Key"
TAG, KEY = r'[0-9]+|(W/)?"[0-9]+"', r"[\x21-\x7e]([\x20-\x7e]{0,126}[\x21-\x7e])?"
_TAG, _KEY = re.compile(TAG), re.compile(KEY)


def expected(request: Request) -> frozenset[str] | None:
    """The numbers one of which must be the last of the case; None where any will do.

    An entity tag of a case is its last number in quotation marks; without them it means the same. Weak ones are left
    out, since If-Match compares strongly (RFC 9110, 13.1.1). Raises `Refused`.
    """
    lines = request.headers.getlist(IF_MATCH)
    tags = [tag for part in ",".join(lines).split(",") if (tag := part.strip(" \t"))]
    if not lines or tags == ["*"]:
        return None
    if not tags or not all(_TAG.fullmatch(tag) for tag in tags):
        raise Refused([(IF_MATCH, 'Erwartet wird die letzte Nummer des Falls wie "7", mehrere mit Komma, oder *.')])
    return frozenset(tag.strip('"') for tag in tags if not tag.startswith("W/"))


def once(request: Request) -> str:
    """The key under which a post is done once, "" without one. Raises `Refused`."""
    keys = request.headers.getlist(IDEMPOTENCY_KEY)
    if keys and (len(keys) > 1 or not _KEY.fullmatch(keys[0])):
        sentence = "Erwartet wird ein Schlüssel aus 1 bis 128 Zeichen, ohne Umlaute und Steuerzeichen."
        raise Refused([(IDEMPOTENCY_KEY, sentence)])
    return keys[0] if keys else ""


Expected = Annotated[frozenset[str] | None, Depends(expected)]
Once = Annotated[str, Depends(once)]


def require(tx: Transaction, at: AtCase, number: int, numbers: frozenset[str] | None) -> None:
    """Raises `Stale` unless the last number of the case is one of these."""
    if numbers is None or str(number) in numbers:
        return
    if any(len(one) < 19 and int(one) < number for one in numbers):
        raise desk.grown(tx, at.key, number)
    sentence = f"Die letzte Nummer des Falls ist {number}; „{IF_MATCH}“ nennt sie nicht (W/… zählt dabei nie)."
    raise desk.Stale(number, "", tx.now, "", sentence)
