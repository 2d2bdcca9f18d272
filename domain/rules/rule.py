"""What a rule is: one row that says its source, its stages, who is told, what is due and what suspends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct

from domain.facts.case import LegacyClosed
from domain.facts.office import RuleState
from domain.knowledge import Known
from domain.office.recipients import Told
from domain.periods import Period
from domain.rules import thresholds
from domain.rules.suspensions import Suspension, explained
from domain.rules.themes import Theme
from domain.rules.thresholds import Number, Numbers, Thresholds
from domain.timeline import CLOSING, Kinds, Timeline

WORKER, BOTH = ("worker",), ("worker", "lead")
BY = "by:"
LEGACY: Kinds = frozenset({LegacyClosed})
Reason = tuple[tuple[str, str | int], ...]


class Kind(StrEnum):
    """What a rule is for (Fachkonzept 3.1 no. 6)."""

    FOLLOW_UP = "W"  # asks a person to act, is delivered and escalated
    LIST = "L"  # in the list of its readers on fixed days, no single reminder
    REPORT = "B"  # counted only


class Cause(NamedTuple):
    """What a stage counts from: a fact and its day, after a suspension the end of that (Fachkonzept 3.1 no. 9)."""

    ref: str
    on: dt.date

    @classmethod
    def of(cls, fact: Known) -> Cause:
        """A fact as cause."""
        return cls(fact.ref, fact.on)


class Due(NamedTuple):
    """A stage that is due from a day on and on the days of `holds`, as far as nothing suspends it.

    `to`: who is told of this one, where that is not who is told of the stage.
    """

    stage: str
    cause: Cause
    due: dt.date
    holds: Sequence[Period]
    reason: Reason
    to: tuple[str, ...] = ()


class Stage(Struct, frozen=True, kw_only=True):
    """A stage of a rule. `to`: who is told. `strength`: what is named first, a limit (3) before a check (2) before what
    only comes near (1) before the rest (0). `threshold`: the shipped number it counts with. `in_time`: what its reason
    calls the last day on which an answer is in time, where that is not the due day itself. `before`: the stage that
    counts from the same day and must be due later, whatever the office sets. `later`: who is told as well from 14 days
    after its due day on (Fachkonzept 3.1 no. 7). `asks_case`: who is told depends on the case alone, so that the office
    cannot set it.
    """

    to: tuple[str, ...]
    strength: int
    threshold: Number
    in_time: str = ""
    before: str = ""
    later: tuple[str, ...] = ()
    asks_case: bool = False


class Rule(Struct, frozen=True, kw_only=True, dict=True):
    """One rule. `stages` by name, in their order; `options` are what can be answered with one tap.

    `due` depends on facts of the kinds in `reads` alone, and says nothing while there is none of those in `about`.
    `state` holds while the office has set none. `thing`: the field that names the thing where each is judged on its
    own, from the facts about it; the reason says it then. `settings`: the further settings of the office it follows,
    by name, which `due` takes from `timeline.facts(OfficeSet)`. `each`: its stages stand each for itself in a message,
    although they are judged from the whole case.
    """

    id: str
    name: str
    source: str
    theme: Theme
    kind: Kind
    state: RuleState
    stages: Mapping[str, Stage]
    options: tuple[str, ...]
    suspended_by: tuple[Suspension, ...]
    reads: Kinds
    about: Kinds
    due: Callable[[Timeline, Thresholds], Iterable[Due]]
    thing: str | None = None
    settings: frozenset[str] = frozenset()
    each: bool = False

    @cached_property
    def suspensions(self) -> tuple[Suspension, ...]:
        """All that keeps it silent for a while: a lead can accept an explanation for every rule."""
        return (*self.suspended_by, explained(self.id))

    @property
    def depends_on(self) -> Kinds:
        """What the listing depends on: what the rule reads, its numbers, its suspensions, what was closed."""
        suspended = (one.reads for one in self.suspensions)
        return frozenset.union(self.reads, thresholds.READS, CLOSING, LEGACY, *suspended)

    @cached_property
    def shipped(self) -> Thresholds:
        """What it counts with and whom it tells as long as the office has set nothing."""
        return Thresholds([(dt.date.min, self.numbers)], self.told)

    @cached_property
    def numbers(self) -> Numbers:
        """The shipped numbers of its stages."""
        return {name: stage.threshold for name, stage in self.stages.items()}

    @cached_property
    def told(self) -> Told:
        """Who is told of each of its stages, as shipped."""
        return {name: stage.to for name, stage in self.stages.items()}


def set_by(person: str) -> str:
    """As recipient: the person who has set it, as long as that is a lead; else who is responsible."""
    return f"{BY}{person}"


def reason(**said: str | int | dt.date | None) -> Reason:
    """The codes, numbers and days a sentence is made of; what is missing is left out."""
    return tuple(
        (key, value.isoformat() if isinstance(value, dt.date) else value)
        for key, value in said.items()
        if value is not None
    )
