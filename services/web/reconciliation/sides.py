"""The two sides of a question as somebody reads them: what each says, from where and since when it is known."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from domain.knowledge import Known
from domain.periods import local_day
from domain.records import Record
from domain.sameness import DAY, Pair
from domain.standing import said_of
from services.questions.reconciliation import Asked, Question
from services.web.words import dates, labels

HERE = "hier eingetragen"


class Side(NamedTuple):
    """What one source says: its day, what else it says, the source, when that was recorded; `answer`: the words of the
    button that chooses it, "" where there is nothing to choose.
    """

    on: dt.date
    more: str
    source: str
    recorded: str
    answer: str


class Shown(NamedTuple):
    """A question in words: what it is about, and both sides."""

    asked: Asked
    what: str
    thing: Side
    other: Side


def shown(one: Question) -> Shown:
    """A question as it is shown."""
    pair = one.pair
    return Shown(one.asked, _what(pair.thing), _side(pair, pair.thing, one.thing), _side(pair, pair.other, one.other))


def _what(known: Known) -> str:
    fields = (getattr(known.fact, field, None) for field in ("strategy", "kind", "type", "benefit"))
    return " ".join([said_of(known), *(labels.code(value) for value in fields if value)])


def _side(pair: Pair, known: Known, record: Record) -> Side:
    fields = [field for field in pair.said.differs or () if field != DAY]
    given = {field: getattr(known.fact, field, None) for field in fields}
    more = ", ".join(f"{labels.field(field)}: {labels.code(value or 'ohne Angabe')}" for field, value in given.items())
    says = [dates.plain(known.on)] if DAY in (pair.said.differs or ()) else []
    says += [labels.code(value) for value in given.values() if value]
    return Side(known.on, more, _source(record), _recorded(record), f"{', '.join(says)} gilt" if says else "")


def _source(record: Record) -> str:
    system, _, own = record.id.partition(":")
    if own:
        return system
    return record.by.removeprefix("import:") if record.by.startswith("import:") else HERE


def _recorded(record: Record) -> str:
    day = dates.plain(local_day(record.recorded_at))
    return f"eingelesen am {day}" if record.recorded_unknown else f"erfasst am {day}"
