"""Histories for the laws: first what is asked, then facts it reads and others, on days near those that matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from domain.entries import EntryRow
from domain.history import sweep
from domain.periods import DAY, add_months, end_of_day
from domain.sheets import Dated, first, last
from domain.spans import Span
from tests.golden import Line, as_records
from tests.samples import KINDS, MODIFIERS, START, SUBJECTS, Data, Step, Subject, fields, line, openings, stem, values

EVER = dt.datetime(2040, 1, 1, tzinfo=dt.UTC)
IMPORT = dt.datetime(2025, 6, 30, 12, tzinfo=dt.UTC)
HORIZON = dt.date(2027, 6, 1)  # up to which days are asked about
LATE = [0, 0, 0, 0, 0, 0, 1, 3, 40, 200, -1, -30]
MONTHS = [0, 0, 0, 0, 1, 2, 3, 3, 6, 12]
BESIDE = [0, 0, 0, -1, 1, 1, -2, 2, -28, -29, 45]  # the day before, the day, the day after; the rest is for company

BEGUN = [0, 0, 0, 14, 15, 16, 44, 45, 46, 229]  # the middle of a month, its last days, February
HOURS = [8, 8, 8, 8, 22, 23]  # in Greenwich; the last ones are another day here, in summer or always
PERSONS = ["fm-1", "fm-1", "ja-1"]
MOST = 16  # days asked about of one history

Question = tuple[list[Line], list[dt.date], dt.datetime]
subjects = st.sampled_from(SUBJECTS)


@st.composite
def histories(draw: st.DrawFn, asked: st.SearchStrategy[Subject] = subjects) -> list[Line]:
    """An opening in which the subject says something, then facts it reads and others, then changes of what stands."""
    subject = draw(asked)
    begun = START + draw(st.sampled_from(BEGUN)) * DAY
    lines = [
        line(number, fact, begun + day * DAY, draw(st.sampled_from(LATE)), data, hour=draw(st.sampled_from(HOURS)))
        for number, (fact, day, data) in enumerate(draw(_opening(subject)))
    ]
    days = changing(lines)
    for number in range(10, 10 + draw(st.sampled_from([0, 1, 2, 3, 4, 6, 8]))):
        one = draw(facts(number, subject, lines, days))
        days.append(dt.date.fromisoformat(one["on"]))
        lines.append(one)
    for number in range(40, 40 + (draw(st.sampled_from([0, 0, 0, 1, 2, 4])) if lines else 0)):
        lines.append(draw(changes(number, lines)))
    return lines


@st.composite
def _opening(draw: st.DrawFn, subject: Subject) -> list[Step]:
    said = openings(subject)
    steps = draw(st.sampled_from(draw(st.sampled_from(list(said.values()))))) if said else []
    return [step for step in steps if draw(st.integers(0, 9))]  # now and then a part is missing


@st.composite
def facts(draw: st.DrawFn, number: int, subject: Subject, before: Sequence[Line], days: Sequence[dt.date]) -> Line:
    """A fact the subject reads, often one that goes on with what an earlier one began, seldom one of any kind."""
    name = draw(st.sampled_from(_nexts(subject, before)) | st.sampled_from([*subject.reads, *subject.reads, *KINDS]))
    on, late, by = draw(near(days)), draw(st.sampled_from(LATE)), draw(st.sampled_from(PERSONS))
    return line(number, name, on, late, draw(said(name, on, before)), by, draw(st.sampled_from(HOURS)))


def _nexts(subject: Subject, before: Sequence[Line]) -> list[str]:
    """The kinds about what is there already."""
    begun = {stem(one["fact"]) for one in before}
    return [name for name in subject.reads if stem(name) in begun] or list(subject.reads)


@st.composite
def near(draw: st.DrawFn, days: Sequence[dt.date]) -> dt.date:
    """A day beside one of `days`, or some full months after it."""
    day = add_months(draw(st.sampled_from(days or [START])), draw(st.sampled_from(MONTHS)))
    return min(day + draw(st.sampled_from(BESIDE)) * DAY, HORIZON)


@st.composite
def said(draw: st.DrawFn, name: str, on: dt.date, before: Sequence[Line]) -> Data:
    """The data of a fact; every other time a field repeats what an earlier fact said in a field like it."""
    data: Data = {}
    for field in fields(name):
        if not field.required and not draw(st.integers(0, 2)):
            continue
        choices = values(field, on)
        earlier = [told for one in before for told in one["data"].values() if isinstance(told, str) and told in choices]
        repeated = len(choices) > 1 and earlier and draw(st.booleans())
        data[field.name] = draw(st.sampled_from(earlier if repeated else choices))
    return data


@st.composite
def changes(draw: st.DrawFn, number: int, earlier: Sequence[Line]) -> Line:
    """A correction or a withdrawal of a line before it, of another correction or withdrawal too."""
    target = draw(st.sampled_from(earlier))
    on = dt.datetime.fromisoformat(target["recorded_at"]).date() + draw(st.integers(0, 300)) * DAY
    data: Data = {"target": target["id"], "reason": "x"}
    name = draw(st.sampled_from(MODIFIERS))
    if name == "fact-corrected" and target["fact"] in KINDS:
        data |= draw(corrections(target, earlier))
    return line(number, name, on, draw(st.sampled_from([0, 1])), data)


@st.composite
def corrections(draw: st.DrawFn, target: Line, earlier: Sequence[Line]) -> Data:
    """What a correction of a line may say: other data, a field removed, another day, or the day alone."""
    on = dt.date.fromisoformat(target["on"])
    changed: dict[str, Any] = draw(said(target["fact"], on, earlier))
    removed = [one.name for one in fields(target["fact"]) if not one.required and one.name in target["data"]]
    if removed and draw(st.booleans()):
        changed[draw(st.sampled_from(removed))] = None
    moved = draw(st.none() | st.integers(-2, 2) | st.integers(-60, 60))
    day = {} if moved is None else {"on": (on + moved * DAY).isoformat()}
    return day if day and draw(st.booleans()) else day | {"data": changed}


@st.composite
def mixed(draw: st.DrawFn, asked: st.SearchStrategy[Subject] = subjects) -> list[Line]:
    """A history of which a part, or all, was imported without moments of recording."""
    lines, share = draw(histories(asked)), draw(st.sampled_from([0, 0, 0, 1, 3, 4]))
    without = {"recorded_at": IMPORT.isoformat(), "recorded_unknown": True}
    return [one | without if draw(st.integers(0, 3)) < share else one for one in lines]


@st.composite
def questions(draw: st.DrawFn, asked: st.SearchStrategy[Subject] = subjects) -> Question:
    """A history, days to ask about and a knowledge moment.

    The days: those on which something changes, each with the day before, of many every few, and some months later.
    """
    lines = draw(mixed(asked))
    days = changing(lines) or [START]
    beside = sorted({*days, *(day - DAY for day in days)})
    step = -(-len(beside) // MOST)
    chosen = {*beside[draw(st.integers(0, step - 1)) :: step], *(draw(near(days)) for _ in range(2))}
    moments = [dt.datetime.fromisoformat(one["recorded_at"]) for one in lines]
    moments += [end_of_day(day) for day in days[:20]]
    known_at = draw(st.just(EVER) | st.sampled_from([*moments, EVER]))
    return lines, sorted(chosen), known_at - draw(st.sampled_from([0, 0, 1])) * dt.timedelta(microseconds=1)


def changing(lines: Sequence[Line]) -> list[dt.date]:
    """The days on which the facts lie and on which a row begins or is over, as far as they are asked about."""
    days = {dt.date.fromisoformat(one["on"]) for one in lines}
    for one in sweep(as_records(list(lines))):
        if isinstance(one.row, EntryRow):
            continue
        days |= {edge for edge in _edges(one.row) if START - 60 * DAY < edge < HORIZON}
    return sorted(days)


def _edges(row: Dated | Span) -> tuple[dt.date, dt.date]:
    return first(row), last(row) + DAY if last(row) < HORIZON else last(row)
