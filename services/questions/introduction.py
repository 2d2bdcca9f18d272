"""What switching rules on would bring: how many messages whom it reaches, and how many stay Altfälle, by first day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Row, Select, Subquery, and_, case, exists, false, func, literal, or_, select

from domain import followups
from domain.history import SPANS
from domain.organisation import Organisation
from domain.periods import add_months
from domain.permissions import About
from domain.rules import RULES, THEMES, Kind, Theme
from domain.rules.rule import BY
from services.messages.recipients import recipients
from services.people import directory
from services.questions.casefile import Answer
from services.records import meaning
from services.records.current import Place, acting, cared_for, listed, placed
from services.records.tables import due_rows, segments, spans

if TYPE_CHECKING:
    from services.office.office import Transaction

DELIVERED = tuple(rule.id for rule in RULES.values() if rule.kind is Kind.FOLLOW_UP)
"""The rules that tell somebody singly."""
Days = tuple[dt.date | None, ...]


class Wanted(NamedTuple):
    """Which rules would be switched on, on which day; `since`: their `applies_from`, each counted apart (None: no
    limit). `places`: these (unit, area) pairs alone; None: all.
    """

    on: dt.date
    since: Days = (None,)
    rules: tuple[str, ...] = DELIVERED
    places: tuple[Place, ...] | None = None


class Count(NamedTuple):
    """All messages, and how many of them go out by each first day; the rest are Altfälle."""

    messages: int
    delivered: tuple[int, ...]

    def legacy(self, choice: int = 0) -> int:
        """The Altfälle of a choice."""
        return self.messages - self.delivered[choice]


class Told(NamedTuple):
    """What reaches a person (directory key) about the cases of a unit; no person: there is nobody to tell."""

    unit: str
    person: str | None
    figures: Count


class OfRule(NamedTuple):
    """The due stages of a rule, and how many of them go out by each first day."""

    rule: str
    figures: Count


class Plan(NamedTuple):
    """By unit and person, and by rule."""

    told: list[Told]
    rules: list[OfRule]

    def by_unit(self) -> dict[str, Count]:
        """The units in order."""
        return {unit: added(one.figures for one in self.told if one.unit == unit) for unit in _each(self.told, "unit")}

    def by_person(self) -> dict[str, Count]:
        """Everybody who is told, whatever the unit."""
        people = {one.person for one in self.told if one.person}
        return {person: added(one.figures for one in self.told if one.person == person) for person in people}

    def mails(self, choice: int = 0) -> int:
        """How many people get a mail on the first working day: each one at most."""
        return sum(count.delivered[choice] > 0 for count in self.by_person().values())

    def most(self, choice: int = 0) -> int:
        """How many messages one person gets at most."""
        return max((count.delivered[choice] for count in self.by_person().values()), default=0)


def nothing(choices: int) -> Count:
    """No message, by so many first days."""
    return Count(0, (0,) * choices)


def added(counts: Iterable[Count]) -> Count:
    """The sum of at least one."""
    found = list(counts)
    by_choice = zip(*(one.delivered for one in found), strict=True)
    return Count(sum(one.messages for one in found), tuple(map(sum, by_choice)))


def choices(on: dt.date) -> Days:
    """The first days that are compared: no limit, a year, half a year, a quarter before the day, the day itself."""
    return (None, *(add_months(on, -months) for months in (12, 6, 3)), on)


def plan(tx: Transaction, wanted: Wanted) -> Plan:
    """Judged from what is due on the day as known now, whatever the rules' states; one statement each for people and
    rules. A message is one case and theme, as it is told (Fachkonzept 3.1 no. 2, 13). Raises Waiting.
    """
    meaning.digests(tx.conn, ("care", SPANS, *wanted.rules))
    organisation = directory.organisation(tx)
    found: dict[tuple[str, str | None, str], Count] = {}
    for row in tx.conn.execute(_told(wanted)):
        theme = THEMES[row.theme]
        for role, count in _by_role(row, len(wanted.since)):
            for person in _people(organisation, row, role, wanted.on):
                key = (row.unit or "", person, theme.key)
                found[key] = added([*([found[key]] if key in found else []), count])
    by_place: dict[tuple[str, str | None], list[Count]] = {}
    for (unit, person, _), count in _one_a_day(found).items():
        by_place.setdefault((unit, person), []).append(count)
    told = [Told(unit, person, added(counts)) for (unit, person), counts in by_place.items()]
    rules = [
        OfRule(row.rule, Count(row[1], tuple(row[2:]))) for row in tx.conn.execute(_of_rules(wanted)).all() if row[1]
    ]
    return Plan(sorted(told, key=lambda one: (one.unit, one.person or "")), rules)


def answer(tx: Transaction, wanted: Wanted) -> Answer:
    """The answer of `introduction` for the first choice (Vertrag 1); persons by their ids, none: nobody to tell."""
    found = plan(tx, wanted)
    whole = added([nothing(len(wanted.since)), *(one.figures for one in found.told)])
    ids = tx.store.numbers(tx.conn, list(directory.keys(one.person for one in found.told if one.person).values()))
    since = wanted.since[0]
    named = {one.person: ids.get(UUID(hex=one.person)) for one in found.told if one.person}
    rows = [
        {"unit": one.unit or None, "person": named.get(one.person or ""), **_said(one.figures)} for one in found.told
    ]
    return {
        "on": wanted.on.isoformat(),
        "applies_from": since.isoformat() if since else None,
        "rules": list(wanted.rules),
        **_said(whole),
        "mails": found.mails(),
        "most": found.most(),
        "rows": sorted(rows, key=lambda row: (row["unit"] or "", row["person"] or "")),
    }


def _said(count: Count) -> dict[str, int]:
    return {"messages": count.messages, "legacy": count.legacy(), "delivered": count.delivered[0]}


def _each(told: Iterable[Told], name: str) -> list[str]:
    return sorted({getattr(one, name) for one in told})


def _one_a_day(found: dict[tuple[str, str | None, str], Count]) -> dict[tuple[str, str | None, str], Count]:
    """A daily theme is one message a person, whatever the cases and units: it stands at the unit with most of it."""
    daily: dict[tuple[str, str], list[tuple[str, Count]]] = {}
    for (unit, person, name), count in found.items():
        if THEMES[name].daily and person:
            daily.setdefault((person, name), []).append((unit, count))
    at_once: dict[tuple[str, str | None, str], Count] = {}
    for (person, name), some in daily.items():
        whole = added(count for _, count in some)
        unit, _ = max(some, key=lambda one: (one[1].delivered, one[1].messages))
        once = Count(min(1, whole.messages), tuple(min(1, one) for one in whole.delivered))
        at_once[unit, person, name] = once
    return {key: at_once.get(key, count) for key, count in found.items() if key in at_once or key[1:] not in daily}


def _by_role(row: Row[Any], choices: int) -> Iterator[tuple[str, Count]]:
    numbers = list(row[-2 * (choices + 1) :])
    for role, part in (("worker", numbers[: choices + 1]), ("lead", numbers[choices + 1 :])):
        if part[0]:
            yield row.setter or role, Count(part[0], tuple(part[1:]))


def _people(organisation: Organisation, row: Row[Any], role: str, day: dt.date) -> Sequence[str | None]:
    about = About(row.worker, row.unit, row.area, team=row.team)
    return [one.person for one in recipients(organisation, about, [role], day)] or [None]


def _told(wanted: Wanted) -> Select[Any]:
    """By place, who is responsible and theme: the messages to worker and to lead, all and by each first day.

    A message goes out if its latest cause does not lie before that day.
    """
    one = _messages(wanted).c
    numbers = [number for latest in (one.to_worker, one.to_lead) for number in _numbers(latest, wanted.since)]
    places = [one.unit, one.area, one.worker, one.theme, one.setter, one.team]
    return select(*places, *numbers).group_by(*places)


def _numbers(latest: ColumnElement[dt.date], since: Days) -> list[ColumnElement[int]]:
    return [func.count(latest), *(func.count(case((_since(latest, day), 1))) for day in since)]


def _since(caused: ColumnElement[dt.date], day: dt.date | None) -> ColumnElement[bool]:
    return caused.is_not(None) if day is None else caused >= day


def _messages(wanted: Wanted) -> Subquery:
    """One row a case and theme (of own follow-ups, and setter), with the latest cause of what goes to whom."""
    row, care = due_rows.c, segments.c
    theme = case({rule: RULES[rule].theme.key for rule in wanted.rules}, value=row.rule)
    setter = case((row.recipients.startswith(BY), row.recipients), else_=literal(""))
    to_worker = or_(row.recipients.contains("worker"), row.recipients.startswith(BY))
    columns = [row.case_key, theme.label("theme"), setter.label("setter"), care.unit, care.area, care.worker, care.team]
    return (
        select(*columns, _latest(to_worker, "to_worker"), _latest(row.recipients.contains("lead"), "to_lead"))
        .outerjoin_from(due_rows, segments, cared_for(segments, row.case_key, wanted.on))
        .where(*_asked(wanted))
        .group_by(*columns)
        .subquery()
    )


def _latest(goes_there: ColumnElement[bool], name: str) -> ColumnElement[dt.date]:
    return func.max(case((goes_there, due_rows.c.caused_on)), type_=Date).label(name)


def _of_rules(wanted: Wanted) -> Select[Any]:
    row = due_rows.c
    return (
        select(row.rule, *_numbers(row.caused_on, wanted.since))
        .outerjoin_from(due_rows, segments, cared_for(segments, row.case_key, wanted.on))
        .where(*_asked(wanted))
        .group_by(row.rule)
        .order_by(row.rule)
    )


def _asked(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What is due on the day of these rules, as far as nobody acts on it already (Fachkonzept 3.1 no. 12)."""
    here = [] if wanted.places is None else [placed(segments, wanted.places)]
    return [listed(wanted.on), due_rows.c.rule.in_(wanted.rules), ~_acted(wanted.rules, wanted.on), *here]


def _acted(rules: Collection[str], day: dt.date) -> ColumnElement[bool]:
    one = spans.c
    of_theme = [and_(_acts(theme), due_rows.c.rule.in_(some)) for theme, some in _by_theme(rules) if theme.acted_by]
    if not of_theme:
        return false()
    return exists().where(one.case_key == due_rows.c.case_key, acting(day), or_(*of_theme))


def _by_theme(rules: Collection[str]) -> list[tuple[Theme, list[str]]]:
    return [(theme, [rule for rule in rules if RULES[rule].theme is theme]) for theme in THEMES.values()]


def _acts(theme: Theme) -> ColumnElement[bool]:
    said = [key for key, act in followups.ACTS.items() if act in theme.acted_by]
    return or_(*(and_(spans.c.lane == lane, spans.c.value == value) for lane, value in said))
