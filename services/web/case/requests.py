"""The requests for extension of a case as pages show them: state, what was said, the text block to copy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, cast

from domain.facts.extension import ExtensionApproved, ExtensionRejected, ExtensionRequested, ExtensionReturned
from domain.knowledge import Known
from domain.things import Extension
from domain.timeline import Timeline
from notifications.text_module import TextModule, text_module
from services.web.words import labels


class RequestRow(NamedTuple):
    """A request and what came of it; `version` is the number of its last fact."""

    request: str
    status: str
    asked_on: dt.date
    by: str
    by_id: str
    until: dt.date
    decided_on: dt.date | None
    decided_by: str
    said: str
    block: str
    version: int

    @property
    def open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.status == "requested"


def rows(
    timeline: Timeline,
    people: Mapping[str, str],
    with_text: bool,
    in_place_of: Mapping[str, str] = MappingProxyType({}),
) -> list[RequestRow]:
    """The requests, the newest first; texts only for those who may read them. `in_place_of`: as in a case file."""
    found = []
    for one in reversed(timeline.extensions):
        if _asked(one):
            lead = in_place_of.get(one.request)
            found.append(_row(one, people, with_text, f" i. V. für {lead}" if lead else ""))
    return found


def _asked(one: Extension) -> Known | None:
    return next((fact for fact in one.facts if isinstance(fact.fact, ExtensionRequested)), None)


def _row(one: Extension, people: Mapping[str, str], with_text: bool, in_place: str) -> RequestRow:
    asked = _asked(one)
    assert asked is not None
    fact = cast(ExtensionRequested, asked.fact)
    decided = one.decided
    approved = decided.fact if decided and isinstance(decided.fact, ExtensionApproved) else None
    return RequestRow(
        request=one.request,
        status=one.status,
        asked_on=asked.on,
        by=people.get(asked.by, asked.by),
        by_id=asked.by,
        until=approved.until if approved else fact.until,
        decided_on=decided.on if decided else None,
        decided_by=people.get(decided.by, decided.by) + in_place if decided else "",
        said=_said(decided) if with_text else "",
        block=_block(asked, decided, people, in_place) if with_text else "",
        version=one.facts[-1].number,
    )


def _said(decided: Known | None) -> str:
    fact = decided.fact if decided else None
    if isinstance(fact, ExtensionReturned):
        return f"Rückfrage: {fact.reason}"
    if isinstance(fact, ExtensionRejected):
        instead = f" – stattdessen: {labels.code(fact.instruct)}" if fact.instruct else ""
        return f"Abgelehnt: {fact.reason}{instead}"
    return ""


def _block(asked: Known, decided: Known | None, people: Mapping[str, str], in_place: str) -> str:
    fact = cast(ExtensionRequested, asked.fact)
    approved = decided.fact if decided and isinstance(decided.fact, ExtensionApproved) else None
    return text_module(
        TextModule(
            options=fact.options,
            facts_text=fact.facts_text,
            justification=fact.justification,
            until=approved.until if approved else fact.until,
            worker=people.get(asked.by, asked.by),
            other_text=fact.other_text,
            approved_by=people.get(approved.by_lead, approved.by_lead) + in_place if approved else None,
            approved_on=decided.on if approved and decided else None,
        )
    )
