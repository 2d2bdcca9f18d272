"""Facts about what the office's rules and words rest on: law, directives, local orders, what is agreed with the
Personalrat (Fachkonzept 8 no. 7, 12, 13). They say nothing about a person.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta

from domain.facts.base import Code, Fact, FactId, Mark, PersonId, RuleCode, Stream, stored

Source = Annotated[str, Meta(min_length=1, max_length=2_000)]
Line = Annotated[str, Meta(min_length=1, max_length=300)]
Order = Annotated[str, Meta(min_length=1, max_length=4_000)]
LINK_SHAPE = r"https?://[^\s<>\"\\@]+"
Link = Annotated[str, Meta(min_length=1, max_length=1_000, extra={"mark": Mark.CODE, "shape": LINK_SHAPE})]
Decider = Literal["team_lead", "unit_lead", "area_lead", "management"]  # the office held, never the name


@stored("word-set", Stream.OFFICE)
class WordSet(Fact, frozen=True):
    """The word that the law has for something (`about`: a key of `domain.law`) from this day on, until the next."""

    about: Code
    word: Line
    source: Source
    approved_by: PersonId


@stored("directive-published", Stream.OFFICE)
class DirectivePublished(Fact, frozen=True):
    """A Rundschreiben or Fachlicher Hinweis, valid from this day, and the rules that rest on it.

    `receipt`: whoever reads it is asked to say so. `source`: who has published it.
    """

    reference: Line
    title: Line
    published: dt.date
    rules: list[RuleCode]
    source: Source
    approved_by: PersonId
    paragraph: Line | None = None
    link: Link | None = None
    receipt: bool | None = None


@stored("directive-read", Stream.OFFICE)
class DirectiveRead(Fact, frozen=True):
    """Somebody has read a directive for which a receipt is asked."""

    directive: FactId


@stored("local-order-set", Stream.OFFICE)
class LocalOrderSet(Fact, frozen=True):
    """An order of the house that departs from the concept about a rule, from this day to `until` (inclusive)."""

    rule: RuleCode
    order: Order
    decided_by: Decider
    source: Source
    approved_by: PersonId
    unit: Code | None = None
    until: dt.date | None = None


@stored("evaluations-agreed", Stream.OFFICE)
class EvaluationsAgreed(Fact, frozen=True):
    """A Dienstvereinbarung (`reference`: its file number) that allows evaluations of persons of staff, from this day to
    `until` (inclusive); `evaluations`: their codes in the Auswertungsregister.
    """

    reference: Line
    evaluations: list[Code]
    source: Source
    approved_by: PersonId
    until: dt.date | None = None
