"""Who works where in which role, who is away and who stands in, on any day (Fachkonzept 1.1, 1.2, 3.1 no. 7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from domain.directory import Assignment, Dated, Person, Unit, fold_person, fold_unit

LEADING = ("team_lead", "unit_lead")
LEVELS_ABOVE = ("area_lead", "management")
HEADS = (*LEADING, *LEVELS_ABOVE)
ANSWERS_KEPT = 5_000
Rank = tuple[int, int, int, int]
OVERSEEING = (*LEADING, "area_lead")  # management leads a case only where nobody nearer does


class Acting(NamedTuple):
    """Who acts; `on_behalf_of` is the person deputised ("i. V."), nothing if a person acts for themselves."""

    person: str
    on_behalf_of: str | None = None


class Organisation:
    """The whole directory as known at one moment. Persons are directory keys, units their codes."""

    def __init__(self, persons: Mapping[str, Iterable[Dated]], units: Mapping[str, Iterable[Dated]]) -> None:
        # Who is only named in a case, and of whom no fact tells, is not known here.
        self._persons = {key: fold_person(known) for key, facts in persons.items() if (known := list(facts))}
        self._units = {code: fold_unit(code, facts) for code, facts in units.items()}
        self._answers: dict[Hashable, Any] = {}

    def _kept(self, asked: Hashable, answer: Callable[[], Any]) -> Any:
        """What was answered before: nothing here ever changes, and each list asks the same about every unit."""
        found = self._answers.get(asked)  # asked once: another thread may clear them meanwhile
        if found is None:
            found = answer()
            if len(self._answers) >= ANSWERS_KEPT:
                self._answers.clear()
            self._answers[asked] = found
        return found

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever recorded about anybody who works here."""
        return not self._persons

    @property
    def everybody(self) -> list[str]:
        """All of whom something was ever recorded."""
        return list(self._persons)

    @property
    def has_units(self) -> bool:
        """Whether any unit was ever recorded."""
        return any(self._units.values())

    def has_unit(self, code: str) -> bool:
        """Whether there ever was or will be such a unit."""
        return bool(self._units.get(code))

    def with_person(self, person: str, facts: Iterable[Dated]) -> Organisation:
        """The same directory, were these the facts about one person."""
        return self.instead({person: facts}, {})

    def instead(self, persons: Mapping[str, Iterable[Dated]], units: Mapping[str, Iterable[Dated]]) -> Organisation:
        """The same directory, were these the facts about some persons and units."""
        other = Organisation(persons, units)
        other._persons = {key: one for key, one in self._persons.items() if key not in persons} | other._persons
        other._units = {code: one for code, one in self._units.items() if code not in units} | other._units
        return other

    def recorded(self, person: str) -> Person:
        """All that is recorded of a person; nothing of whom the directory does not know."""
        return self._persons.get(person) or Person([], [], [], [])

    def knows(self, person: str) -> bool:
        """Whether somebody was ever added or given a role: an absence or a last day alone makes nobody a colleague."""
        said = self.recorded(person)
        return bool(said.roles) or any(one.first > dt.date.min for one in said.employed)

    # --- what held on a day ---

    def persons(self, day: dt.date) -> list[str]:
        """Everybody who works here on the day."""
        return [key for key in self._persons if self.employed(key, day) and self.knows(key)]

    def units(self, day: dt.date) -> list[Unit]:
        """Every unit that exists on the day, by code."""
        return [unit for code in sorted(self._units) if (unit := self.unit(code, day))]

    def unit(self, code: str, day: dt.date) -> Unit | None:
        """The unit as it is on the day, or nothing."""
        return next((unit for unit in self._units.get(code, ()) if unit.period.covers(day)), None)

    def current(self, code: str, day: dt.date) -> str:
        """The unit that carries on the work of `code` on the day: itself, or what continues it (50.5 -> 52.1)."""
        found: str = self._kept(("current", code, day), lambda: self._carried_on_by(code, day))
        return found

    def _carried_on_by(self, code: str, day: dt.date) -> str:
        asked: set[str] = set()
        while code not in asked and self.unit(code, day) is None:
            asked.add(code)
            code = next((unit.code for unit in self.units(day) if unit.previous == code), code)
        return code

    def followers(self, code: str, day: dt.date) -> list[str]:
        """The units that say they carry this one on and are not closed before the day."""
        units = (unit for found in self._units.values() for unit in found)
        return sorted({one.code for one in units if one.previous == code != one.code and one.period.last >= day})

    def carried_on(self, code: str, day: dt.date) -> list[str]:
        """The codes whose work this unit carries on on the day, its own included (52.1: 50.5, 52.1)."""
        return [one for one in sorted({code, *self._units}) if self.current(one, day) == code]

    def above(self, code: str, day: dt.date) -> list[str]:
        """The units in which this one lies on the day, the nearest first; each once, so that a circle ends."""
        found: list[str] = self._kept(("above", code, day), lambda: self._lies_in(code, day))
        return found

    def _lies_in(self, code: str, day: dt.date) -> list[str]:
        found: list[str] = []
        unit = self.unit(self.current(code, day), day)
        while unit is not None and unit.parent is not None:
            parent = self.current(unit.parent, day)
            if parent in found or parent == self.current(code, day):
                break
            found.append(parent)
            unit = self.unit(parent, day)
        return found

    def within(self, code: str, day: dt.date) -> list[str]:
        """The codes of this unit and of all that lie in it on the day, each with those it carries on."""
        inside = [code, *(unit.code for unit in self.units(day) if code in self.above(unit.code, day))]
        return sorted({one for unit in inside for one in (unit, *self.carried_on(unit, day))})

    def team_of(self, person: str, unit: str, area: str, day: dt.date) -> str | None:
        """The one team in which the person works in this unit and area on the day; nothing where there are several."""
        here = [one for one in self.roles(person, day) if one.unit == unit and one.area in (None, area)]
        teams = {one.team for one in here}
        return teams.pop() if len(teams) == 1 else None

    def teams_led(self, person: str, day: dt.date) -> frozenset[str]:
        """The teams that the person leads on the day, or stands in for who does."""
        held = [one for lead in (person, *self.deputised_for(person, day)) for one in self.roles(lead, day)]
        return frozenset(one.team for one in held if one.team and one.role in LEADING)

    def teams(self, day: dt.date) -> frozenset[str]:
        """The codes of all teams in which somebody has a role on the day."""
        return frozenset(held.team for key in self._persons for held in self.roles(key, day) if held.team)

    def employed(self, person: str, day: dt.date) -> bool:
        """Whether the directory knows the person as working here on the day."""
        found = self._persons.get(person)
        return found is not None and any(period.covers(day) for period in found.employed)

    def roles(self, person: str, day: dt.date) -> list[Assignment]:
        """The person's own roles on the day."""
        if not self.employed(person, day):
            return []
        return [held for held in self._persons[person].roles if held.period.covers(day)]

    def heads(self, person: str, day: dt.date) -> bool:
        """Whether the person leads something on the day, at any level."""
        return any(held.role in HEADS for held in self.roles(person, day))

    def all_heads(self, day: dt.date) -> list[str]:
        """Everybody who does."""
        return sorted({person for person, _ in self._heads if self.heads(person, day)})

    def role_names(self, person: str, day: dt.date) -> frozenset[str]:
        """The person's own roles, and the leading ones of those the person stands in for on the day."""
        own = {held.role for held in self.roles(person, day)}
        lent = {held.role for away in self.deputised_for(person, day) for held in self.roles(away, day)}
        return frozenset(own | lent & {*HEADS})

    # --- absence and deputies ---

    def away(self, day: dt.date) -> list[str]:
        """Everybody the directory knows who is absent on the day."""
        return [key for key in self._persons if self.absent(key, day)]

    def absent(self, person: str, day: dt.date) -> bool:
        """Whether the person is away, or no longer or not yet here. Whom the directory does not know is not absent."""
        found = self._persons.get(person)
        if found is None:
            return False
        return not self.employed(person, day) or any(period.covers(day) for period in found.absences)

    def deputies(self, person: str, day: dt.date) -> list[str]:
        """Who is appointed to stand in on the day, absent ones included, the last appointed first."""
        found = self._persons.get(person)
        return [held.deputy for held in found.deputies if held.period.covers(day)] if found else []

    def acting(self, person: str, day: dt.date) -> Acting:
        """Who acts for the person on the day; the person, if present or if nobody of the whole chain is."""
        present = next((one for one in self._chain(person, day) if not self.absent(one, day)), person)
        return Acting(present, person if present != person else None)

    def deputised_for(self, person: str, day: dt.date) -> list[str]:
        """The absent persons for whom this person acts on the day."""
        found: dict[str, list[str]] = self._kept(("deputies", day), lambda: self._stood_in_for(day))
        return list(found.get(person, ()))

    def in_place_of(
        self, person: str, unit: str | None, area: str | None, day: dt.date, team: str | None = None
    ) -> str | None:
        """The lead for whom the person decides about the unit and area; nothing for who leads it in their own right."""
        heads = [one for level in self.levels(unit, area, day, team) for one in level]
        return None if person in heads else next((one for one in self.deputised_for(person, day) if one in heads), None)

    def _stood_in_for(self, day: dt.date) -> dict[str, list[str]]:
        """Whom everybody stands in for on the day."""
        found: dict[str, list[str]] = {}
        for away in self.with_deputies:
            if (acting := self.acting(away, day)).on_behalf_of:
                found.setdefault(acting.person, []).append(away)
        return found

    @cached_property
    def with_deputies(self) -> list[str]:
        """Everybody for whom a deputy was ever appointed."""
        return [key for key, person in self._persons.items() if person.deputies]

    def _chain(self, person: str, day: dt.date) -> Iterator[str]:
        """The person, then deputies, then theirs; everybody once, so that a circle ends."""
        waiting, asked = [person], {person}
        while waiting:
            one = waiting.pop(0)
            yield one
            further = [deputy for deputy in self.deputies(one, day) if deputy not in asked]
            asked.update(further)
            waiting += further

    # --- leads ---

    def levels(self, unit: str | None, area: str | None, day: dt.date, team: str | None = None) -> list[list[str]]:
        """Who leads the unit and area, the nearest level first, up to `management`; empty levels are left out.

        `team`: that of the case; who leads another team of the unit does not lead it.
        """
        return [list(level) for level in self._lead_levels(unit, area, day, team)]

    def lead(self, unit: str | None, area: str | None, day: dt.date, team: str | None = None) -> list[str]:
        """The Führungskraft of a unit and area: the most specific role; none: `area_lead`, then `management`."""
        return next(iter(self.levels(unit, area, day, team)), [])

    def leads(self, person: str, unit: str | None, area: str | None, day: dt.date, team: str | None = None) -> bool:
        """Whether the person, or somebody the person stands in for, leads the unit and area at any level."""
        heads = {one for level in self._lead_levels(unit, area, day, team, OVERSEEING) for one in level}
        heads.update(self.lead(unit, area, day, team))
        return person in heads or any(away in heads for away in self.deputised_for(person, day))

    def approvers(
        self,
        unit: str | None,
        area: str | None,
        day: dt.date,
        requester: str,
        *,
        above: bool = False,
        team: str | None = None,
    ) -> list[Acting]:
        """Who decides a request: the leads or who acts for them, never the requester; else the next level.

        `above` leaves the nearest level out, where there is one above it (R-02b, beyond month 12).
        """
        levels = self.levels(unit, area, day, team)
        for level in levels[1:] or levels if above else levels:
            found = [
                acting
                for one in level
                if one != requester
                and (acting := self.acting(one, day)).person != requester
                and not self.absent(acting.person, day)
            ]
            if found:
                return _once(found)
        return []

    def _lead_levels(
        self,
        unit: str | None,
        area: str | None,
        day: dt.date,
        team: str | None = None,
        roles: tuple[str, ...] = HEADS,
    ) -> list[list[str]]:
        """The levels from the most specific up, each with its persons; empty levels are left out."""
        asked = ("levels", unit, area, team, day, roles)
        found: list[list[str]] = self._kept(asked, lambda: self._levels_of(unit, area, team, day, roles))
        return found

    def _levels_of(
        self, unit: str | None, area: str | None, team: str | None, day: dt.date, roles: tuple[str, ...]
    ) -> list[list[str]]:
        code = self.current(unit, day) if unit else None
        above = self.above(code, day) if code else []
        levels: dict[Rank, list[str]] = {}
        for person, held in self._heads:
            if held.role not in roles or not held.period.covers(day) or not self.employed(person, day):
                continue
            of_today = held._replace(unit=self.current(held.unit, day)) if held.unit else held
            rank = _rank(of_today, (code, area, team), above)
            if rank is not None and person not in levels.setdefault(rank, []):
                levels[rank].append(person)
        return [levels[rank] for rank in sorted(levels)]

    @cached_property
    def _heads(self) -> list[tuple[str, Assignment]]:
        found = [(key, held) for key, person in self._persons.items() for held in person.roles if held.role in HEADS]
        return sorted(found, key=lambda pair: pair[0])


def _rank(held: Assignment, case: tuple[str | None, str | None, str | None], above: Sequence[str]) -> Rank | None:
    """How near a leading role is to the unit, area and team of a case, the least the nearest; nothing if it fits none.

    Who leads the team comes before who leads the area, and that before the unit. `above`: the units in which the unit
    lies, the nearest first; who leads those comes after who leads the unit.
    """
    unit, area, team = case
    places = [unit, *above]
    if held.team is not None and (held.team != team or held.unit != unit):
        return None
    if held.area not in (None, area) or (held.unit is not None and held.unit not in places):
        return None
    far = places.index(held.unit) if held.unit is not None else len(places)
    if held.role in LEADING:
        return (0, far, 0 if held.team else 1, 0 if held.area else 1) if unit and held.unit else None
    return LEVELS_ABOVE.index(held.role) + 1, 2 - (held.unit is not None) - (held.area is not None), far, 0


def _once(found: list[Acting]) -> list[Acting]:
    """Everybody once; who is a lead and a deputy of another one acts for themselves."""
    chosen: dict[str, Acting] = {}
    for acting in sorted(found, key=lambda one: one.on_behalf_of is not None):
        chosen.setdefault(acting.person, acting)
    return list(chosen.values())
