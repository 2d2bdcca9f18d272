"""What the fields of a form offer to choose from: who works here, the units, the things of the case."""

from __future__ import annotations

from uuid import UUID

from domain.dialogues.handover import BETWEEN
from domain.facts import Fact
from domain.permissions import STAFF
from domain.timeline import Timeline
from services.office.office import Transaction
from services.people import directory, receivers
from services.web.case import forms
from services.web.case.forms import Choices, Sources
from services.web.http.visitor import Visitor
from services.web.words import labels


def of(tx: Transaction, visitor: Visitor, timeline: Timeline, name: str) -> Sources:
    """For a fact: who can be responsible, where it names somebody; the units and teams of today; the things."""
    organisation, today = visitor.organisation, visitor.today
    units = [(unit.code, labels.unit(unit.code, unit.name)) for unit in organisation.units(today)]
    teams = [(code, code) for code in sorted(organisation.teams(today))]
    return Sources(people(tx, visitor, name), units, teams, forms.things(timeline, name))


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
    others = sorted(((ids[UUID(hex=key)], names[key]) for key in staff), key=lambda one: one[1])
    now = {getattr(said, key) or "" for key in forms.persons(name)} if said else set()
    rest = [one for one in others if one[0] not in there]
    return [*placed, *rest, *((id, id) for id in sorted(now - there - dict(rest).keys()) if id)]
