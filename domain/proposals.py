"""What was proposed for the settings of the office and its directory, and what became of it (Fachkonzept 13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple, cast

from msgspec import structs

from domain.facts import FACTS, Fact, name_of
from domain.facts.office import DirectoryProposed, ProposalDecided, SettingProposed
from domain.knowledge import Known

BEFORE_TODAY = ("word-set", "directive-published", "local-order-set", "evaluations-agreed")
"""What may hold from a day that is over: no list of an old Stichtag is computed with it."""


class Outcome(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    PASSED = "passed"  # nobody has decided, and the day it was to hold from is over
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the person who made it


class Proposal(NamedTuple):
    """A proposal as known, and the first decision about it."""

    made: Known
    decided: Known | None

    @property
    def fact(self) -> SettingProposed:
        """What is proposed."""
        return cast(SettingProposed, self.made.fact)

    @property
    def reason(self) -> str | None:
        """Why it was refused or withdrawn."""
        return cast(ProposalDecided, self.decided.fact).reason if self.decided else None

    def outcome(self, today: dt.date) -> Outcome:
        """As it stands on a day."""
        if self.decided is None:
            late = self.made.on < today and self.fact.becomes not in BEFORE_TODAY
            return Outcome.PASSED if late else Outcome.OPEN
        if cast(ProposalDecided, self.decided.fact).granted:
            return Outcome.GRANTED
        return Outcome.WITHDRAWN if self.decided.by == self.made.by else Outcome.REFUSED


def proposals(
    settings: Iterable[Known], kind: type[SettingProposed | DirectoryProposed] = SettingProposed
) -> list[Proposal]:
    """All proposals of a kind, the latest first. What is about no proposal that is known is passed over."""
    made: list[Known] = []
    decided: dict[str, Known] = {}
    for one in settings:
        if isinstance(one.fact, kind):
            made.append(one)
        elif isinstance(one.fact, ProposalDecided):
            before = decided.get(one.fact.proposal)
            decided[one.fact.proposal] = min(before or one, one, key=lambda known: known.recorded_at)
    return [
        Proposal(one, decided.get(one.ref) or decided.get(one.id))
        for one in sorted(made, key=lambda one: (one.recorded_at, one.ref), reverse=True)
    ]


def becomes(fact: SettingProposed | DirectoryProposed, **more: str | None) -> Fact:
    """The fact that is recorded when a proposal is confirmed, with `more` of what it does not say itself.

    Raises TypeError where it lacks a field.
    """
    kind = FACTS[fact.becomes]
    said = structs.asdict(fact) | more
    return kind(**{field.name: said[field.name] for field in structs.fields(kind) if said.get(field.name) is not None})


def misfits(fact: SettingProposed) -> Iterator[tuple[str, str]]:
    """What the fact it becomes would lack or does not have, as (field, sentence)."""
    own = {field.name: field.required for field in structs.fields(FACTS[fact.becomes])}
    for field, value in structs.asdict(fact).items():
        if field == "becomes":
            continue
        if value is None and own.get(field):
            yield field, "Diese Angabe fehlt."
        elif value is not None and field not in own:
            yield field, f"Diese Angabe gehört nicht zu {fact.becomes}."


def place(fact: Fact) -> tuple[str | None, ...]:
    """What a setting, or a proposal of one, is about: two of one place replace each other."""
    kind = fact.becomes if isinstance(fact, SettingProposed) else name_of(fact)
    own = ("rule", "stage", "text", "unit", "about", "reference", "setting", "item")
    return (kind, *(getattr(fact, field, None) for field in own))
