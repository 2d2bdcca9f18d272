"""The entries of a case as its page lists them: by day, an appointment in one row, with what was changed since."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from domain import things
from domain.facts import declared, name_of
from domain.facts.base import Group
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.knowledge import Known, as_known
from domain.periods import DAY, local_day
from services.web.case import altered, fields
from services.web.case.altered import Alteration, Altered
from services.web.case.view import CaseFile
from services.web.words import labels

OPEN_ENTRIES = 30  # more than that of a case stand folded, by year
LATE = 14 * DAY  # recorded longer than this after its day, an entry is marked as late (Fachkonzept 2.0)

History = Mapping[str, list[tuple[Alteration, Altered]]]


class EntryRow(NamedTuple):
    """An entry in the list: what it says, who wrote it down, what can still be done with it.

    `steps`: of an appointment the entries about it, the latest last; then the row itself is none. `history`: what was
    changed since; `gone`: it was withdrawn.
    """

    ref: str
    group: str
    title: str
    on: dt.date
    recorded_at: dt.datetime
    by: str
    words: list[tuple[str, str]]
    late: bool
    future: bool
    by_form: bool
    history: list[tuple[Alteration, Altered]]
    gone: bool
    steps: tuple[EntryRow, ...] = ()


class Year(NamedTuple):
    """The entries of a year, the newest first, and whether they stand open."""

    year: int
    rows: list[EntryRow]
    open: bool


def changes(file: CaseFile, with_text: bool) -> list[Alteration]:
    """Corrections and withdrawals as known at the Datenstand, the newest first."""
    at = file.moment.known_at
    heard = [one for one in file.records if at is None or one.recorded_at <= at]
    return altered.alterations(heard, file.people, with_text, named=file.named)[::-1]


def rows(file: CaseFile, with_text: bool, found: Sequence[Alteration], *, withdrawn: bool) -> list[EntryRow]:
    """The entries that count, the newest day first, those after the Stichtag marked; `withdrawn`: the others, too."""
    history = altered.of_entries(found[::-1])
    facts = [*file.facts, *(_withdrawn(file) if withdrawn else ())]
    standing = {one.ref for one in file.facts}
    steps = [one for one in facts if type(one.fact) in things.APPOINTMENTS]

    def row(one: Known) -> EntryRow:
        return _row(one, file, with_text, history, gone=one.ref not in standing)

    listed = [row(one) for one in facts if type(one.fact) not in things.APPOINTMENTS]
    for about in things.by_thing(steps, "appointment").values():
        ordered = sorted(about, key=things.step_of_appointment)
        listed.append(_appointment([row(one) for one in ordered], ordered, standing, file))
    return sorted(listed, key=lambda one: (one.on, one.recorded_at), reverse=True)


def _group(name: str) -> str:
    """The heading under which such an entry is offered; what only a dialogue writes is about the strategy."""
    form = declared(name).form
    return (form.group if form else Group.STRATEGY).value


def by_group(found: Iterable[EntryRow]) -> dict[str, int]:
    """How many entries there are under each heading, in the order of the headings."""
    there = Counter(one.group for one in found)
    return {group.value: there[group.value] for group in Group if there[group.value]}


def by_year(found: Iterable[EntryRow], as_of: dt.date, today: dt.date) -> list[Year]:
    """The entries by year, the newest first. Open stand those of the Stichtag's year, today also what fills a page."""
    groups = [(year, list(group)) for year, group in groupby(found, key=lambda one: one.on.year)]
    years, before = list[Year](), 0
    wanted = max((year for year, _ in groups if year <= as_of.year), default=None)
    for year, group in groups:
        fills = as_of == today and (not before or before + len(group) <= OPEN_ENTRIES)
        years.append(Year(year, group, year == wanted or fills))
        before += len(group)
    return years


def number_withdrawn(file: CaseFile) -> int:
    """How many entries were withdrawn as known at the Datenstand."""
    return len(_withdrawn(file))


def _withdrawn(file: CaseFile) -> list[Known]:
    at, standing = file.moment.known_at, {one.ref for one in file.facts}
    heard = (one for one in file.records if at is None or one.recorded_at <= at)
    gone = (one for one in heard if one.ref not in standing)
    return [as_known(one) for one in gone if not isinstance(one.fact, FactCorrected | FactWithdrawn)]


def _row(one: Known, file: CaseFile, with_text: bool, history: History, *, gone: bool) -> EntryRow:
    name = name_of(one.fact)
    return EntryRow(
        ref=one.ref,
        group=_group(name),
        title=file.named(one),
        on=one.on,
        recorded_at=one.recorded_at,
        by=altered.author(one.by, file.people),
        words=fields.spoken(name, one.fact, file.people, with_text),
        late=local_day(one.recorded_at) - one.on > LATE,
        future=one.visible_from > file.moment.as_of,
        by_form=declared(name).form is not None and not gone,
        history=history.get(one.ref, []),
        gone=gone,
    )


def _appointment(steps: list[EntryRow], ordered: Sequence[Known], standing: Iterable[str], file: CaseFile) -> EntryRow:
    """The entries about one appointment as one row with its status; a single one stays as it is."""
    counting = [one for one in ordered if one.ref in standing]
    found = things.appointment(counting)
    if found is None:
        return steps[0] if len(steps) == 1 else steps[-1]._replace(steps=tuple(steps), words=[], history=[])
    unclear = found.status == things.PLANNED and found.on < file.moment.as_of
    title = f"Termin: {labels.code('unresolved' if unclear else found.status)}"
    if len(steps) == 1:
        return steps[0]._replace(title=title)
    words = {label: word for step in steps if not step.gone for label, word in step.words}
    last = next(step for step in reversed(steps) if not step.gone)
    return last._replace(
        title=title,
        on=found.on,
        words=list(words.items()),
        late=any(step.late for step in steps if not step.gone),
        history=[],
        steps=tuple(steps),
    )
