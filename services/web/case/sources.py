"""What the fields of a form offer to choose from: who works here, the units, the things of the case."""

from __future__ import annotations

from uuid import UUID

from domain.facts import Mark, marks
from domain.permissions import STAFF
from domain.timeline import Timeline
from services.office.office import Transaction
from services.people import directory
from services.web.case import forms
from services.web.case.forms import Sources
from services.web.http.visitor import Visitor
from services.web.words import labels


def of(tx: Transaction, visitor: Visitor, timeline: Timeline, name: str) -> Sources:
    """For a fact: who can be responsible, where it names somebody; the units and teams of today; the things."""
    organisation, today = visitor.organisation, visitor.today
    people = _people(tx, visitor) if Mark.PERSON in marks(name).values() else []
    units = [(unit.code, labels.unit(unit.code, unit.name)) for unit in organisation.units(today)]
    teams = [(code, code) for code in sorted(organisation.teams(today))]
    return Sources(people, units, teams, forms.things(timeline, name))


def _people(tx: Transaction, visitor: Visitor) -> list[tuple[str, str]]:
    """Who can be responsible: id and name, by name."""
    organisation, today = visitor.organisation, visitor.today
    staff = [key for key in organisation.persons(today) if organisation.role_names(key, today) & STAFF]
    names = directory.labels(tx, staff)
    ids = tx.store.numbers(tx.conn, [UUID(hex=key) for key in staff])
    return sorted(((ids[UUID(hex=key)], names[key]) for key in staff), key=lambda one: one[1])
