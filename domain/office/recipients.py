"""Who is told of a stage where that is not as shipped (Fachkonzept 3.1 no. 7, 13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import cast

from domain import words
from domain.facts.office import OfficeSet
from domain.knowledge import Known
from domain.office.setting import Setting, Value, on_day

NAME = "recipients"
Told = Mapping[str, tuple[str, ...]]  # by stage


def row(told: Told, german: Mapping[str, str] | None = None) -> Setting:
    """The setting for these stages ("R-04/check"), each with whom it tells as shipped and its German words."""
    return Setting(
        name=NAME,
        german="Empfänger",
        heading="Empfänger",
        source="Fachkonzept 3.1 Nr. 7",
        about="Wer von dieser Stufe erfährt. Die Leitung hört von Überfälligem auch dann, wenn sie hier nicht steht.",
        shipped={stage: Value(codes=to) for stage, to in told.items()},
        items=german or {},
        choices=words.RECIPIENTS,
        chosen="Empfänger",
        least=1,
        most=len(words.RECIPIENTS),
        only_shipped=frozenset(words.RECIPIENTS) - {"worker", "lead"},
        by_unit=True,
    )


def about(rule: str, settings: Iterable[Known]) -> list[Known]:
    """What the office has set for the stages of a rule."""
    return [one for one in settings if _names(cast(OfficeSet, one.fact), rule)]


def of_rule(rule: str, shipped: Told, settings: Iterable[Known], unit: str | None, day: dt.date) -> Told:
    """Who is told of each stage of a rule in a unit on a day."""
    found = on_day(row({f"{rule}/{stage}": to for stage, to in shipped.items()}), settings, day, unit)
    return {stage: found[f"{rule}/{stage}"].codes for stage in shipped}


def _names(fact: OfficeSet, rule: str) -> bool:
    return fact.setting == NAME and (fact.item or "").partition("/")[0] == rule
