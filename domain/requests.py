"""Requests for extension in their order: which one answers a Rückfrage, and what is settled (Fachkonzept 5.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from msgspec import Struct

from domain.facts.base import Fact
from domain.facts.case import HandoverInitiated
from domain.facts.extension import ExtensionRejected, ExtensionRequested, ExtensionReturned
from domain.facts.strategy import NonStrategyBarSet, StrategyBarEnded, StrategyBarSet
from domain.knowledge import Known
from domain.things import Extension

BEYOND = "\n\nLänger als sechs Monate, weil: "
"""Stands in a justification before the reason for more than six months (Fachkonzept 5.1)."""
_FOLLOWS: Mapping[str, tuple[type[Fact], ...]] = {
    "end": (StrategyBarEnded, NonStrategyBarSet),
    "change": (StrategyBarSet,),
    "handover": (HandoverInitiated,),
}


class Returned(Struct, frozen=True, kw_only=True):
    """A request that came back with a question; `until` is inclusive, `on` the day of the question."""

    question: str
    on: dt.date
    options: list[str]
    other_text: str
    facts_text: str
    justification: str
    long_reason: str
    until: dt.date


def waiting_question(extensions: Sequence[Extension]) -> Extension | None:
    """The request that came back and was not asked again: the last one, apart from those taken back."""
    last = next((one for one in reversed(extensions) if one.status != "withdrawn"), None)
    return last if last is not None and last.status == "returned" else None


def answered(extensions: Sequence[Extension], request: str) -> Extension | None:
    """The request with the question that this one answers, if it does; `extensions` as in the timeline."""
    number = next((number for number, one in enumerate(extensions) if one.request == request), 0)
    return waiting_question(extensions[:number])


def returned(one: Extension) -> Returned | None:
    """What a request said that came back, and what was asked; nothing of any other."""
    asked = next((known for known in one.facts if isinstance(known.fact, ExtensionRequested)), None)
    if asked is None or one.decided is None or not isinstance(one.decided.fact, ExtensionReturned):
        return None
    fact = cast(ExtensionRequested, asked.fact)
    justification, _, long_reason = fact.justification.partition(BEYOND)
    return Returned(
        question=one.decided.fact.reason,
        on=one.decided.on,
        options=fact.options,
        other_text=fact.other_text or "",
        facts_text=fact.facts_text,
        justification=justification,
        long_reason=long_reason,
        until=fact.until,
    )


def is_settled(one: Extension, extensions: Sequence[Extension], known: Iterable[Known]) -> bool:
    """Whether nobody has to do anything about the answer any more: the question was answered by a new request, or
    what a rejection told to do instead was recorded after it. `known`: all facts of the case that count."""
    if one.decided is None:
        return False
    if one.status == "returned":
        return one is not waiting_question(extensions)
    fact, decided = one.decided.fact, one.decided
    if not isinstance(fact, ExtensionRejected) or fact.instruct is None:
        return False
    kinds = _FOLLOWS[fact.instruct]
    return any(isinstance(other.fact, kinds) and other.number > decided.number for other in known)
