"""What the fields of a form offer to choose from: who works here, the units, the things of the case."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from domain.dialogues.handover import BETWEEN
from domain.facts import FACTS, Fact
from domain.facts.case import HandoverInitiated
from domain.facts.support import MeasureStarted
from domain.office import measures
from domain.permissions import STAFF
from domain.timeline import Timeline
from services.office.office import Transaction
from services.people import directory, receivers
from services.questions import providers
from services.records import rulebook
from services.records.meaning import Waiting
from services.records.words import alphabetical
from services.web.case import forms
from services.web.case.forms import Choices, Sources
from services.web.http.visitor import AtCase, Visitor
from services.web.words import labels


def of(tx: Transaction, at: AtCase, timeline: Timeline, name: str) -> Sources:
    """For a fact: who can be responsible, where it names somebody; the units and teams of today; the things.

    A case is offered to nobody who has it.
    """
    organisation, today = at.visitor.organisation, at.visitor.today
    there = holder(tx, at, name)
    units = [(unit.code, labels.unit(unit.code, unit.name)) for unit in organisation.units(today)]
    teams = [(code, code) for code in sorted(organisation.teams(today))]
    found = [one for one in people(tx, at.visitor, name) if one[0] != there]
    return Sources(
        found,
        units,
        teams,
        forms.things(timeline, name),
        _providers(tx, at.visitor, name),
        _types(tx, at.visitor, name),
    )


def _providers(tx: Transaction, visitor: Visitor, name: str) -> Choices:
    """The providers known in one's own cases, where the fact names one."""
    if FACTS[name] is MeasureStarted:
        with suppress(Waiting):
            return [(one, one) for one in providers.named(tx, visitor.workers, visitor.today)]
    return []


def holder(tx: Transaction, at: AtCase, name: str) -> str:
    """Who has the case, as one of `people`, where the fact offers it to another; else ""."""
    if FACTS[name] is not HandoverInitiated:
        return ""
    about = directory.about(tx.conn, at.key, at.visitor.today)
    if not (about.worker and about.unit and about.area):
        return ""
    key = UUID(hex=about.worker)
    return BETWEEN.join((about.unit, about.area, tx.store.numbers(tx.conn, [key])[key]))


def people(tx: Transaction, visitor: Visitor, name: str, said: Fact | None = None) -> Choices:
    """Who a fact can name: those who work with clients by unit, area and id, those of the own units first; then the
    rest of the staff by id, and whom the fact names now.
    """
    if not forms.persons(name):
        return []
    organisation, today = visitor.organisation, visitor.today
    own = {organisation.current(role.unit, today) for role in organisation.roles(visitor.person, today) if role.unit}
    placed = receivers.receivers(tx, organisation, today, own)
    staff = [key for key in organisation.persons(today) if organisation.role_names(key, today) & STAFF]
    names = directory.labels(tx, staff)
    ids = tx.store.numbers(tx.conn, [UUID(hex=key) for key in staff])
    there = {value.split(BETWEEN)[-1] for value, _ in placed}
    others = sorted(((ids[UUID(hex=key)], names[key]) for key in staff), key=lambda one: alphabetical(one[1]))
    now = {getattr(said, key) or "" for key in forms.persons(name)} if said else set()
    rest = [one for one in others if one[0] not in there]
    return [*placed, *rest, *((id, id) for id in sorted(now - there - dict(rest).keys()) if id)]


def _types(tx: Transaction, visitor: Visitor, name: str) -> Choices:
    """The types of measures and support the office offers today, for facts that have one."""
    asked = forms.asks_type(name)
    return [*measures.offered(rulebook.standing(tx.conn), visitor.today).items()] if asked else ()
