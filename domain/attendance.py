"""What is there on each day whatever changes in the directory: EDV, and a lead of each unit (Fachkonzept 1.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from domain import words
from domain.organisation import LEADING, Organisation
from domain.periods import DAY, OPEN

KEEPING = "edv"


class Lack(NamedTuple):
    """What nobody does any more from a day on: `unit` is without a lead, without a unit nobody keeps the directory."""

    unit: str | None
    day: dt.date
    without: frozenset[str]  # who did, as directory keys

    @property
    def sentence(self) -> str:
        """Said to who would bring it about."""
        first = words.day(self.day)
        if self.unit is None:
            return f"Ab dem {first} hätte niemand mehr die Rolle EDV. Bitte zuerst jemand anderem die Rolle geben."
        return f"Ab dem {first} hätte {self.unit} keine Leitung mehr. Bitte zuerst eine andere Leitung einsetzen."


def lacks(before: Organisation, after: Organisation, since: dt.date) -> list[Lack]:
    """What nobody does after the change on a day from `since` on that somebody did before: each once, its first day."""
    found: dict[str | None, Lack] = {}
    for day in sorted({since, *_turns(after, since)}):
        were, are = _served(before, day), _served(after, day)
        for unit in were.keys() - are.keys():
            if unit is None or after.unit(unit, day):
                found.setdefault(unit, Lack(unit, day, frozenset(were[unit])))
    return sorted(found.values(), key=lambda one: (one.day, one.unit or ""))


def _served(organisation: Organisation, day: dt.date) -> dict[str | None, set[str]]:
    """Who keeps the directory on the day (under None), and who leads each unit or one it lies in, in any area."""
    found: dict[str | None, set[str]] = {}
    leads: dict[str, set[str]] = {}
    for person in organisation.persons(day):
        for held in organisation.roles(person, day):
            if held.role == KEEPING:
                found.setdefault(None, set()).add(person)
            elif held.role in LEADING and held.unit and not held.team:
                leads.setdefault(organisation.current(held.unit, day), set()).add(person)
    for unit in organisation.units(day):
        there = [leads[one] for one in (unit.code, *organisation.above(unit.code, day)) if one in leads]
        if there:
            found[unit.code] = set().union(*there)
    return found


def _turns(organisation: Organisation, since: dt.date) -> Iterator[dt.date]:
    """The days after `since` on which something of that can begin or end."""
    for person in organisation.everybody:
        said = organisation.recorded(person)
        periods = [one.period for one in said.roles if one.role == KEEPING or one.role in LEADING]
        for period in (*periods, *(said.employed if periods else ())):
            for day in (period.first, period.last + DAY if period.last != OPEN else since):
                if day > since:
                    yield day
