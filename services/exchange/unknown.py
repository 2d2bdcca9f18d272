"""What settings of the rules name that there is not: they are kept, as an import checks no sense, and it is said."""

from __future__ import annotations

from collections.abc import Iterable

from domain.facts import Fact
from domain.facts.office import OfficeSet, RuleSet, TextSet, ThresholdSet
from domain.rules import RULES
from domain.settings import SETTINGS
from notifications import wording


def sentence(facts: Iterable[Fact]) -> str | None:
    """One German sentence about all of them; None if everything is known."""
    found = sorted({named for fact in facts if (named := _unknown(fact)) is not None})
    if not found:
        return None
    return f"Gespeichert, aber ohne Wirkung, weil es das hier nicht gibt: {', '.join(found)}."


def _unknown(fact: Fact) -> str | None:
    if isinstance(fact, RuleSet | ThresholdSet) and fact.rule not in RULES:
        return fact.rule
    if isinstance(fact, ThresholdSet) and fact.stage not in RULES[fact.rule].stages:
        return f"{fact.rule}/{fact.stage}"
    if isinstance(fact, OfficeSet) and fact.setting not in SETTINGS:
        return fact.setting
    return fact.text if isinstance(fact, TextSet) and not wording.is_known(fact.text) else None
