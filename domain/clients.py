"""Who a case is about, as its facts say it: of each field the newest counts (Fachkonzept 2.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from msgspec import structs

from domain.facts.base import Fact, Mark, marks
from domain.facts.case import ClientIdentified
from domain.facts.correction import FactCorrected
from domain.knowledge import Known, order

IDENTIFIED, SAME, OTHER = "client-identified", "same-person-noted", "other-person-noted"
FIELDS = tuple(field for field, mark in marks(IDENTIFIED).items() if mark is Mark.NAME)


def not_born(birth_date: str, today: dt.date) -> str:
    """Why nobody can be born on a day (JJJJ-MM-TT), as a German sentence; "" if somebody can."""
    if birth_date >= today.isoformat():
        return "Ein Geburtsdatum liegt vor heute. Bitte mit vierstelligem Jahr angeben, z. B. 10.03.1980."
    return ""


def identified(facts: Iterable[Known]) -> dict[str, str]:
    """The names that count, field -> text; a field nobody has said, or that was left out of an export, is missing."""
    said: dict[str, str] = {}
    for one in sorted((fact for fact in facts if isinstance(fact.fact, ClientIdentified)), key=order):
        fields = ((field, getattr(one.fact, field)) for field in FIELDS)
        said |= {field: text for field, text in fields if text}
    return said


def nameless(fact: Fact) -> Fact:
    """The fact for somebody who may not see who the case is about."""
    if isinstance(fact, ClientIdentified):
        return ClientIdentified(last_name="")
    if isinstance(fact, FactCorrected) and fact.data:
        return structs.replace(fact, data=_without(fact.data))
    return fact


def _without(data: dict[str, Any]) -> dict[str, Any]:
    """Changed fields without names, those within a correction of a correction as well."""
    kept = {field: value for field, value in data.items() if field not in FIELDS}
    inner = kept.get("data")
    return kept | {"data": _without(inner)} if isinstance(inner, dict) else kept
