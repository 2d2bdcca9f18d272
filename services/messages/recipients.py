"""Who is told about a follow-up, and the message that is shown; recipients are resolved when it goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection

from domain.followups import Step
from domain.organisation import Acting, Organisation
from domain.permissions import About
from domain.rules import RULES, Theme
from domain.rules.rule import BY
from services.messages import inbox
from services.messages.inbox import Kind
from services.people import directory
from services.records import standing

if TYPE_CHECKING:
    from services.office.office import Transaction

KINDS = {Step.ISSUE: Kind.FOLLOW_UP, Step.REMINDER: Kind.REMINDER, Step.LEAD: Kind.OVERDUE}


class Case(Struct, frozen=True, kw_only=True):
    """What decides on a day who is told about a case, and whether somebody is acting already."""

    organisation: Organisation
    about: About
    acted: frozenset[Theme]

    def is_acted(self, rule: str) -> bool:
        """Whether somebody is already acting on the theme of the rule."""
        return RULES[rule].theme in self.acted


class Telling(Struct, frozen=True, kw_only=True):
    """One step of one follow-up. `key` tells the step from others of the same follow-up; data are codes and days."""

    followup: UUID
    case_key: UUID
    step: Step
    key: str
    data: dict[str, Any]


def case(tx: Transaction, case_key: UUID, day: dt.date) -> Case:
    """The case as known now."""
    return Case(
        organisation=directory.organisation(tx),
        about=directory.about(tx.conn, case_key, day),
        acted=standing.acted(tx.conn, [case_key], day).get(case_key, frozenset()),
    )


def recipients(organisation: Organisation, about: About, roles: Iterable[str], day: dt.date) -> list[Acting]:
    """Who is told on the day, each once: deputies for who is absent, the lead where nobody is responsible."""
    found: dict[str, Acting] = {}
    for role in roles:
        for person in _holders(organisation, about, role, day):
            acting = organisation.acting(person, day)
            found.setdefault(acting.person, acting)
    return list(found.values())


def _holders(organisation: Organisation, about: About, role: str, day: dt.date) -> list[str]:
    if role.startswith(BY):
        setter = role.removeprefix(BY)
        return [setter] if organisation.heads(setter, day) else _holders(organisation, about, "worker", day)
    if role == "worker" and about.worker and organisation.employed(about.worker, day):
        return [about.worker]
    if role == "receiver":
        return [about.receiver] if about.receiver else []
    if role in ("worker", "lead"):
        return organisation.lead(about.unit, about.area, day, about.team)
    return []


def tell(conn: Connection, told: Telling, to: Iterable[Acting], now: dt.datetime) -> None:
    """Writes the message of each recipient, once per (follow-up, step, recipient)."""
    key = f"{told.followup.hex}/{told.key}"
    for acting in to:
        inbox.show(conn, KINDS[told.step], key, acting, told.case_key, told.data, now, told.followup)
