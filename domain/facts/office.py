"""Facts about the settings of rules: state, thresholds, texts, with validity (Vertrag 2, Fachkonzept 3.1)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta

from domain.facts.base import Code, Fact, OwnCode, PersonId, RuleCode, Stream, stored

RuleState = Literal["off", "list", "on"]
Source = Annotated[str, Meta(min_length=1, max_length=2_000)]


@stored("rule-set", Stream.OFFICE)
class RuleSet(Fact, frozen=True):
    """A rule is off, list or on from this day, in a unit if given; `applies_from`: older causes are Altfälle."""

    rule: RuleCode
    state: RuleState
    source: Source
    approved_by: PersonId
    applies_from: dt.date | None = None
    unit: Code | None = None


@stored("threshold-set", Stream.OFFICE)
class ThresholdSet(Fact, frozen=True):
    """The threshold of a stage from this day, in a unit if given; replaces months and days together (3.1 no. 11)."""

    rule: RuleCode
    stage: OwnCode
    source: Source
    approved_by: PersonId
    months: Annotated[int, Meta(ge=0, le=1_200)] | None = None
    days: Annotated[int, Meta(ge=-36_500, le=36_500)] | None = None
    unit: Code | None = None


@stored("text-set", Stream.OFFICE)
class TextSet(Fact, frozen=True):
    """The office's own wording of a text from this day."""

    text: Code
    body: Annotated[str, Meta(min_length=1, max_length=16_000)]
    source: Source
