"""Facts about the settings of the office: states and thresholds of rules, texts, further ones, with validity; each
proposed by one person and confirmed by another where it is not imported (Vertrag 2, Fachkonzept 3.1, 13). What they
rest on stands in `grounds`.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta

from domain.facts.base import Code, Fact, FactId, OwnCode, PersonId, RuleCode, Stream, stored
from domain.facts.case import Area
from domain.facts.directory import Carrier, Role
from domain.facts.grounds import Decider, Line, Link, Order, Source

RuleState = Literal["off", "list", "on"]
Body = Annotated[str, Meta(min_length=1, max_length=16_000)]
Months = Annotated[int, Meta(ge=0, le=1_200)]
Days = Annotated[int, Meta(ge=-36_500, le=36_500)]
Label = Annotated[str, Meta(max_length=200)]
Codes = Annotated[list[Code], Meta(max_length=50)]


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
    months: Months | None = None
    days: Days | None = None
    unit: Code | None = None


@stored("text-set", Stream.OFFICE)
class TextSet(Fact, frozen=True):
    """The office's own wording of a text from this day; without a body the shipped one counts again."""

    text: Code
    source: Source
    body: Body | None = None
    approved_by: PersonId | None = None


@stored("office-set", Stream.OFFICE)
class OfficeSet(Fact, frozen=True):
    """What the office has set from this day on for one of its further settings (domain.settings), in a unit if given.

    `item`: which one of it, where it has several. Without label and codes what is shipped counts again; not `offered`:
    the item is no longer to be chosen.
    """

    setting: OwnCode
    source: Source
    approved_by: PersonId
    item: OwnCode | None = None
    label: Label | None = None
    codes: Codes | None = None
    offered: bool | None = None
    unit: Code | None = None


Becomes = Literal[
    "rule-set",
    "threshold-set",
    "text-set",
    "office-set",
    "word-set",
    "directive-published",
    "local-order-set",
    "evaluations-agreed",
]


@stored("setting-proposed", Stream.OFFICE)
class SettingProposed(Fact, frozen=True):
    """What shall hold from this day on; it counts nowhere until another person has confirmed it.

    `becomes`: the stored name of the fact recorded then, with those of the other fields that it has.
    """

    becomes: Becomes
    source: Source
    rule: RuleCode | None = None
    stage: OwnCode | None = None
    state: RuleState | None = None
    applies_from: dt.date | None = None
    months: Months | None = None
    days: Days | None = None
    text: Code | None = None
    body: Body | None = None
    unit: Code | None = None
    about: Code | None = None
    word: Line | None = None
    reference: Line | None = None
    title: Line | None = None
    paragraph: Line | None = None
    link: Link | None = None
    published: dt.date | None = None
    rules: list[RuleCode] | None = None
    receipt: bool | None = None
    order: Order | None = None
    decided_by: Decider | None = None
    evaluations: list[Code] | None = None
    until: dt.date | None = None
    setting: OwnCode | None = None
    item: OwnCode | None = None
    label: Label | None = None
    codes: Codes | None = None
    offered: bool | None = None


DirectoryChange = Literal["unit-opened", "unit-closed", "person-added", "person-left", "role-assigned", "role-ended"]


@stored("directory-proposed", Stream.OFFICE)
class DirectoryProposed(Fact, frozen=True):
    """What the directory shall say from this day on (of `unit-closed`, `person-left`, `role-ended`: after this day).

    `becomes`: the stored name of the fact recorded once another person has confirmed it, about `person` or `unit`, with
    those of the other fields that it has. `person-added` with a role assigns it, too; name and mail are in the vault.
    """

    becomes: DirectoryChange
    source: Source
    person: PersonId | None = None
    unit: Code | None = None
    role: Role | None = None
    area: Area | None = None
    team: OwnCode | None = None
    name: Code | None = None
    short: Code | None = None
    carrier: Carrier | None = None
    has_placement_area: bool | None = None
    previous: Code | None = None
    parent: Code | None = None


@stored("proposal-decided", Stream.OFFICE)
class ProposalDecided(Fact, frozen=True):
    """A second person has confirmed a proposal or refused it, or who made it has withdrawn it."""

    proposal: FactId
    granted: bool
    reason: Source | None = None
