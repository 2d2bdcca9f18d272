"""What a fact of a case says about itself beside its fields: its words, its lane, who records it, how it is entered."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from domain.actions import Action
from domain.facts.base import Fact, Lane


class Beside(StrEnum):
    """Why a fact stands on no lane of the timeline."""

    SHOWN_ONLY = "shown only"  # a list shows it; no rule and no question reads it
    ABOUT_FACTS = "about facts"  # corrects or withdraws others


class Group(StrEnum):
    """The headings under which entries are offered, in this order."""

    CONTACT = "Kontakt"
    STRATEGY = "Strategie"
    BENEFIT = "Leistung und ALG I"
    WORK = "Beschäftigung und Maßnahmen"
    CASE = "Fall"


class Form(NamedTuple):
    """How a fact is entered by hand.

    `button`: what a button of its own in the case says, for the frequent ones. `option`: the option of rules that is
    answered by entering it, `link` what the message says then.
    """

    group: Group
    button: str = ""
    option: str = ""
    link: str = ""


class Declaration(Struct, frozen=True, kw_only=True):
    """All parts must be said. The fields of a fact are shown and asked for in the order of its struct.

    `german`: its name. `day`: what its day is called. `lane`: where on the timeline it stands. `thing`: the field with
    the id of what it is about; none: the case itself. `begins`: it starts something on its lane, about that thing.
    `ends`: the fact whose beginning it ends or answers. `ahead`: a plan or a known end, whose day may lie ahead
    (domain.md 2.0). `action`: what one must be allowed to do to record it. `form`: none where a dialogue or a form of
    its own writes it.
    """

    german: str
    day: str
    lane: Lane | Beside
    thing: str | None
    begins: bool
    ends: type[Fact] | None
    ahead: bool
    action: Action
    form: Form | None
