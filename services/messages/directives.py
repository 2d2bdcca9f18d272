"""Who is told of a new directive: once each, those who are told by the rules that rest on it (Fachkonzept 2.8, 13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, or_, select, update

from domain import grounds
from domain.facts.grounds import DirectivePublished
from domain.knowledge import Known, known
from domain.rules import RULES
from services.messages import inbox
from services.messages.inbox import Kind
from services.people import directory
from services.records import rulebook, values
from services.records.current import held
from services.records.tables import messages, segments

if TYPE_CHECKING:
    from services.office.office import Transaction

NEW = dt.timedelta(days=31)  # what has held for longer is news to nobody


def announce(tx: Transaction, day: dt.date, now: dt.datetime) -> int:
    """Tells of what is valid on the day and was not told of; how many messages that were."""
    settings = known(rulebook.settings(tx.conn), None)
    found = [one for one in grounds.directives(settings, day) if one.on >= day - NEW]
    return sum(
        _tell(tx, one, day, now) for one in found if values.put_once(tx.conn, f"directive {one.ref}", day.isoformat())
    )


def read(tx: Transaction, ref: str, person: str) -> None:
    """Closes what a person (directory key) was told of a directive, or somebody else in their place."""
    one = messages.c
    meant = or_(one.recipient == person, one.data["for"].as_string() == person)
    told = (one.kind == Kind.DIRECTIVE, one.done_at.is_(None), one.data["directive"].as_string() == ref, meant)
    tx.conn.execute(update(messages).where(*told).values(done_at=tx.now))


def called(conn: Connection, message: Any) -> str:
    """What a message says: "Neue Vorgabe: Rundschreiben 3/2026"; "" if the directive has been taken back."""
    one = next((one for one in known(rulebook.settings(conn), None) if one.ref == message.data["directive"]), None)
    return f"Neue Vorgabe: {one.fact.reference}" if one and isinstance(one.fact, DirectivePublished) else ""


def _tell(tx: Transaction, one: Known, day: dt.date, now: dt.datetime) -> int:
    organisation, told = directory.organisation(tx), 0
    for person in sorted(_touched(tx, cast(DirectivePublished, one.fact).rules, day)):
        acting = organisation.acting(person, day)
        told += (
            inbox.show(tx.conn, Kind.DIRECTIVE, f"directive/{one.ref}", acting, None, {"directive": one.ref}, now)
            is not None
        )
    return told


def _touched(tx: Transaction, rules: Collection[str], day: dt.date) -> set[str]:
    """Whoever is responsible for a case where the rules tell workers, and whoever leads where they tell leads."""
    stages = [stage for rule in rules if rule in RULES for stage in RULES[rule].stages.values()]
    roles = {role for stage in stages for role in (*stage.to, *stage.later)}
    organisation = directory.organisation(tx)
    found = set(organisation.all_heads(day)) if "lead" in roles else set[str]()
    if "worker" in roles:
        held_today = select(segments.c.worker).where(held(segments, "care", day), segments.c.worker.is_not(None))
        found |= set(tx.conn.scalars(held_today.distinct()))
    return {person for person in found if organisation.employed(person, day)}
