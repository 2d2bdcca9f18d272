"""Who is away when and who stands in: what may be planned, and who acts on each of the days (Fachkonzept 1.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from domain import words
from domain.decisions.refusal import Refused
from domain.directory import Deputyship
from domain.facts.base import Fact
from domain.facts.directory import AbsenceRecorded, DeputyAppointed
from domain.organisation import HEADS, Organisation
from domain.periods import DAY, OPEN, Period
from domain.permissions import EDV, STAFF

BACK, AHEAD = dt.timedelta(days=366), dt.timedelta(days=3 * 366)
ANOTHER = "Bitte jemand anderen nennen."
Reason = tuple[str, str]


class Plan(NamedTuple):
    """A person is away from `first` to `last`, both inclusive, and `deputy` stands in; persons are directory keys.

    `away` not: only the deputy is named, for whenever the person is absent in these days; `last` may be `OPEN`.
    """

    person: str
    first: dt.date
    last: dt.date
    deputy: str | None = None
    away: bool = True

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(self.first, self.last)


class Cover(NamedTuple):
    """Days, both inclusive, on which `acting` stands in; nothing where nobody does."""

    first: dt.date
    last: dt.date
    acting: str | None


def planned(organisation: Organisation, person: str, since: dt.date) -> list[Plan]:
    """What is recorded of a person that ends on the day or later, by its first day.

    A deputy appointed within an absence to its last day belongs to it; the others stand in whenever needed.
    """
    recorded = organisation.recorded(person)
    loose, found = list(recorded.deputies), []
    for away in sorted(recorded.absences):
        own = next((one for one in loose if one.period.last == away.last and one.period.first >= away.first), None)
        if own is not None:
            loose.remove(own)
        found.append(Plan(person, *away, own.deputy if own else None))
    found += [Plan(person, *one.period, one.deputy, away=False) for one in loose]
    return sorted((one for one in found if one.last >= since), key=lambda one: one.period)


def deputyship_of(organisation: Organisation, plan: Plan) -> Deputyship | None:
    """The recorded appointment that belongs to a recorded plan."""
    if plan.deputy is None:
        return None
    mine = (one for one in organisation.recorded(plan.person).deputies if one.deputy == plan.deputy)
    return next((one for one in mine if one.period.last == plan.last and one.period.first >= plan.first), None)


def cover(organisation: Organisation, person: str, first: dt.date, last: dt.date) -> list[Cover]:
    """Who stands in for the person on the days from `first` to `last`, both inclusive, in stretches of days."""
    found: list[Cover] = []
    last = min(last, OPEN - DAY)
    for day, following in pairwise([*_turns(organisation, person, first, last), last + DAY]):
        acting = organisation.acting(person, day)
        who = acting.person if acting.on_behalf_of else None
        begun = found.pop() if found and found[-1].acting == who else None
        found.append(Cover(begun.first if begun else day, following - DAY, who))
    return found


def _turns(organisation: Organisation, person: str, first: dt.date, last: dt.date) -> list[dt.date]:
    """The days on which somebody else may come to stand in, the first one among them."""
    found, waiting, asked = {first}, [person], {person}
    while waiting:
        one = organisation.recorded(waiting.pop())
        further = {held.deputy for held in one.deputies} - asked
        asked |= further
        waiting += further
        for period in (*one.absences, *one.employed, *(held.period for held in one.deputies)):
            turns = (period.first, period.last + DAY) if period.last < last else (period.first,)
            found.update(day for day in turns if first < day <= last)
    return sorted(found)


def left_alone(before: Organisation, after: Organisation, plan: Plan, today: dt.date) -> list[Plan]:
    """Absences of others, each the days of it, for which `plan.person` would have stood in and now nobody does."""
    found = []
    for other in (one for one in before.with_deputies if one != plan.person):
        for away in before.recorded(other).absences:
            first, last = max(away.first, plan.first, today), min(away.last, plan.last)
            acted = cover(before, other, first, last) if first <= last else []
            mine = [one for one in acted if one.acting == plan.person]
            left = (gap for one in mine for gap in cover(after, other, one.first, one.last) if gap.acting is None)
            found += [Plan(other, gap.first, gap.last) for gap in left]
    return found


# --- who may, and for whom ---


def people_of(organisation: Organisation, actor: str, day: dt.date) -> list[str]:
    """For whom the person may plan besides themselves: those they lead; EDV, who keep the directory, for all."""
    everybody = [one for one in organisation.persons(day) if one != actor]
    if not EDV.isdisjoint(organisation.role_names(actor, day)):
        return everybody
    return [one for one in everybody if _leads(organisation, actor, one, day)]


def names_themselves(organisation: Organisation, actor: str, plan: Plan, day: dt.date) -> bool:
    """Whether who plans for somebody else makes themselves the deputy without leading them: rights nobody gave."""
    return actor == plan.deputy != plan.person and not _leads(organisation, actor, plan.person, day)


def can_stand_in(organisation: Organisation, person: str, day: dt.date) -> list[str]:
    """Who can be the deputy: colleagues of a unit and who leads them; of leads other leads, else those of one role."""
    fits = _fitting(organisation, person, day)
    return [one for one in organisation.persons(day) if one != person and fits(one)]


def _fitting(organisation: Organisation, person: str, day: dt.date) -> Callable[[str], bool]:
    held = organisation.roles(person, day)
    names = {one.role for one in held}
    units = {organisation.current(one.unit, day) for one in held if one.unit}
    works_cases = not names.isdisjoint(STAFF)

    def fits(other: str) -> bool:
        roles = organisation.roles(other, day)
        others = {one.role for one in roles}
        if works_cases and others.isdisjoint(STAFF):
            return False
        here = any(one.unit and organisation.current(one.unit, day) in units for one in roles)
        leads = not names.isdisjoint(HEADS) and not others.isdisjoint(HEADS)
        return here or leads or bool(names & others and not units) or _leads(organisation, other, person, day)

    return fits


def _leads(organisation: Organisation, lead: str, person: str, day: dt.date) -> bool:
    return any(
        organisation.leads(lead, held.unit, held.area, day, held.team) for held in organisation.roles(person, day)
    )


# --- what may be planned ---


def facts(plan: Plan, today: dt.date) -> Iterator[tuple[dt.date, Fact]]:
    """What is recorded of a plan: the absence with its first day, the deputy from today on at the earliest."""
    if plan.away:
        yield plan.first, AbsenceRecorded(until=plan.last)
    if plan.deputy is not None:
        until = None if plan.last == OPEN else plan.last
        yield max(plan.first, today), DeputyAppointed(deputy=plan.deputy, until=until)


def check(before: Organisation, after: Organisation, plan: Plan, today: dt.date) -> None:
    """Whether it may be recorded: `before` is the directory without it, `after` with it. Raises `Refused`."""
    wrong = next(_wrong_days(before, plan, today), None) or next(_wrong_deputy(before, after, plan, today), None)
    if wrong is not None:
        raise Refused([wrong])


def _wrong_days(before: Organisation, plan: Plan, today: dt.date) -> Iterator[Reason]:
    yield from _turned(plan)
    if plan.first < today - BACK:
        yield "first", "Der erste Tag liegt über ein Jahr zurück. Bitte das Jahr prüfen."
    yield from _far(plan, today)
    yield from _not_here(before, plan, (plan.first, plan.last))
    yield from _again(plan, before.recorded(plan.person).absences)


def _turned(plan: Plan) -> Iterator[Reason]:
    if plan.last < plan.first:
        yield "last", f"Der letzte Tag liegt vor dem ersten ({words.day(plan.first)})."


def _far(plan: Plan, today: dt.date) -> Iterator[Reason]:
    if plan.first > today + AHEAD or (plan.last > today + AHEAD and plan.last != OPEN):
        yield ("first" if plan.first > today + AHEAD else "last"), "Das ist in über drei Jahren. Bitte das Jahr prüfen."


def _not_here(before: Organisation, plan: Plan, days: Iterable[dt.date]) -> Iterator[Reason]:
    gone = next((day for day in days if not before.employed(plan.person, day) and day != OPEN), None)
    if gone is not None:
        yield "person", f"Diese Person arbeitet am {words.day(gone)} nach dem Verzeichnis nicht hier."


def _again(plan: Plan, there: Iterable[Period]) -> Iterator[Reason]:
    one = next((one for one in there if one.first <= plan.last and one.last >= plan.first), None)
    if plan.away and one:
        days = words.days(one.first, one.last)
        yield "first", f"Schon eingetragen ist eine Abwesenheit {days}. Bitte diese ändern."


def told(after: Organisation, plan: Plan, there: Iterable[Period], today: dt.date) -> Iterator[str]:
    """Why a file may not say so, in the sentences of the page; what is over is history (Vertrag 2).

    `after` is the directory with the file, `there` are the other absences of the person.
    """
    wrong = list(_turned(plan))
    if not wrong and plan.last >= today:
        wrong += [*_far(plan, today), *_not_here(after, plan, (max(plan.first, today), plan.last))]
        wrong += [*_again(plan, there), *_told_deputy(after, plan, today)]
    yield from (sentence for _, sentence in wrong)


def _told_deputy(after: Organisation, plan: Plan, today: dt.date) -> Iterator[Reason]:
    if plan.deputy == plan.person:
        yield "deputy", f"Niemand vertritt sich selbst. {ANOTHER}"
    elif plan.deputy is not None:
        yield from _away_throughout(after, plan, max(plan.first, today))


def _wrong_deputy(before: Organisation, after: Organisation, plan: Plan, today: dt.date) -> Iterator[Reason]:
    if plan.deputy is None:
        if not plan.away:
            yield "deputy", "Bitte sagen, wer vertritt."
        return
    first = max(plan.first, today)
    if plan.last < today:
        yield "deputy", "Diese Tage sind vorbei; für sie lässt sich keine Vertretung mehr festlegen."
    elif plan.deputy == plan.person:
        yield "deputy", f"Niemand vertritt sich selbst. {ANOTHER}"
    elif plan.deputy not in can_stand_in(before, plan.person, first):
        yield (
            "deputy",
            "Vertreten kann nur, wer in derselben Einheit arbeitet oder sie leitet; Leitungen auch einander.",
        )
    elif plan.away:
        yield from _uncovered(after, plan, first)


def _uncovered(after: Organisation, plan: Plan, first: dt.date) -> Iterator[Reason]:
    alone = [one for one in cover(after, plan.person, first, plan.last) if one.acting is None]
    if alone:
        days = words.days(alone[0].first, alone[0].last)
        yield "deputy", f"Diese Vertretung ist {days} selbst nicht da, und niemand sonst vertritt. {ANOTHER}"
        return
    yield from _away_throughout(after, plan, first)


def _away_throughout(after: Organisation, plan: Plan, first: dt.date) -> Iterator[Reason]:
    turns = _turns(after, plan.deputy or "", first, plan.last)
    if all(after.absent(plan.deputy or "", day) for day in turns):
        yield "deputy", f"Diese Vertretung ist an allen diesen Tagen selbst nicht da. {ANOTHER}"
