"""What facts may say and the shortest histories in which a rule says something, read off the declarations of domain/.

Kinds and fields come from the declared facts, what can be asked from the topics of the rows, so a new fact or a new
rule needs no word here. A field of a sort that there has not been is refused until somebody says what it may say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, product
from typing import Any, NamedTuple

from msgspec import inspect

from domain.clocks import Segment
from domain.facts import FACTS, Mark, Stream, marks, stream_of
from domain.facts.base import DAY_SHAPE, RULE_SHAPE, TIME_SHAPE, choices
from domain.facts.grounds import LINK_SHAPE
from domain.history import SPANS, TOPICS, sweep
from domain.periods import DAY, add_months
from domain.rules import DueRow
from domain.sheets import Row, Topic
from domain.spans import TRACKS, Span, Track
from domain.timeline import CARE
from domain.violations import Violation
from tests.golden import Line, as_records

START = dt.date(2024, 1, 15)
MODIFIERS = ("fact-corrected", "fact-withdrawn")
NAMES = {kind: name for name, kind in FACTS.items()}
KINDS = [name for name in FACTS if stream_of(name) is Stream.CASE and name not in MODIFIERS]
LISTED = "listed"  # of a code that stands in rows where the office lists it
MARKED: dict[Mark | None, list[str]] = {
    Mark.THING: ["1", "2"],
    Mark.PERSON: ["fm-1", "ja-1"],
    Mark.TARGET: ["a", "b"],
    Mark.CODE: ["56.4", "56.5"],
}
SHAPED: dict[str | None, list[str]] = {
    RULE_SHAPE: ["R-04", "R-18", "R-27", "R-45", "R-46", "R-47"],
    DAY_SHAPE: ["1980-03-10", "1991-12-31"],
    TIME_SHAPE: ["09:00", "13:30"],
    LINK_SHAPE: ["https://intranet.example/rs-3-2026"],
    LISTED: ["mobilitaet", "fbw", "pace"],
}
SAYS_NOTHING = frozenset({Mark.TEXT, Mark.NAME, Mark.TRAIT})  # nothing is computed with them: only where they must be
AHEAD = [(3, 0), (0, 28), (0, 27), (0, 7), (0, 6), (0, 0), (0, -1), (6, 0), (12, 0)]  # months and days after its own

Data = dict[str, Any]
Step = tuple[str, int, Data]  # fact, days after the beginning, data
Label = tuple[str, ...]

_CARE: Data = {"worker": "fm-1", "unit": "56.4", "area": "fallmanagement"}
LONGER: dict[str, list[list[Step]]] = {  # what three facts of two kinds do not say
    "R-29": [
        [
            ("strategy-bar-set", 0, {"strategy": "entwicklung"}),
            ("responsibility-assigned", 0, _CARE),
            ("responsibility-assigned", 30, _CARE | {"worker": "ja-1"}),
        ]
    ],
    "R-47": [
        [
            ("appointment-missed", 903 + 14 * number, {"appointment": f"t-{number}", "good_cause": "no"})
            for number in range(3)
        ]
    ],
    "R-26": [[("measure-started", 400, {"measure": "1", "type": "fbw", "planned_end": "2025-06-30"})]],
    "R-45": [
        [
            ("strategy-bar-set", 0, {"strategy": "integration"}),
            ("measure-started", 30, {"measure": "1", "type": "pace"}),
        ]
    ],
}


class Subject(NamedTuple):
    """What is asked, a rule, a clock, a lane or the violations, with the names of the facts it reads."""

    name: str
    reads: tuple[str, ...]
    topic: Topic


class Field(NamedTuple):
    """A field of a fact that something may depend on; `kind`: its type without None."""

    name: str
    required: bool
    kind: inspect.Type
    mark: Mark | None
    shape: str | bool | None = None


def _names(kinds: Iterable[type]) -> tuple[str, ...]:
    return tuple(sorted(set(KINDS).intersection(NAMES[kind] for kind in kinds)))


def _lane(track: Track) -> Topic:
    return Topic(frozenset({SPANS}), track.reads, track.reads, lambda *_: ())


SUBJECTS = [Subject(name, _names(topic.reads), topic) for topic in TOPICS for name in sorted(topic.names)]
SUBJECTS += [Subject(f"lane {track.lane}", _names(track.reads | CARE), _lane(track)) for track in TRACKS]


@cache
def all_fields(name: str) -> list[Field]:
    """Every field of a fact."""
    kind = inspect.type_info(FACTS[name])
    assert isinstance(kind, inspect.StructType)
    marked = marks(name)
    return [
        Field(one.encode_name, one.required, _plain(one.type), marked.get(one.name), _shape(one.type))
        for one in kind.fields
    ]


def fields(name: str) -> list[Field]:
    """The fields of a fact, without texts and traits that may be left out, but those that rows may hold."""
    return [
        one for one in all_fields(name) if one.required or one.mark not in SAYS_NOTHING or one.shape in (True, LISTED)
    ]


def _plain(kind: inspect.Type) -> inspect.Type:
    if isinstance(kind, inspect.UnionType):
        kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    return _plain(kind.type) if isinstance(kind, inspect.Metadata) else kind


def _shape(kind: inspect.Type) -> str | bool | None:
    if isinstance(kind, inspect.UnionType):
        kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    extra = (kind.extra or {}) if isinstance(kind, inspect.Metadata) else {}
    return extra.get("shape") or extra.get("in rows")


def values(field: Field, on: dt.date) -> list[Any]:
    """What a field of a fact of a day may say: everything where that is little, else some near what may matter."""
    match field.kind:
        case inspect.LiteralType(values=words):
            return list(words)
        case inspect.BoolType():
            return [True, False]
        case inspect.DateType():
            return [(add_months(on, months) + days * DAY).isoformat() for months, days in AHEAD]
        case inspect.IntType(ge=least) | inspect.FloatType(ge=least):
            return [least or 0, (least or 0) + 1]
        case inspect.StrType():
            return SHAPED.get(field.shape) or choices(str(field.shape or "")) or MARKED.get(field.mark, ["x"])
        case inspect.ListType(item_type=inspect.LiteralType(values=words)):
            return [list(words[:1]), list(words)]
        case inspect.ListType(item_type=inspect.Metadata(extra=dict(extra))):
            return [[code] for code in SHAPED.get(extra.get("shape"), ["x"])]
        case inspect.ListType():
            return [["x"]]
        case inspect.DictType():
            return [{}]
    raise LookupError(f"say here what a field like {field} may say")


# --- lines ---


def line(number: int, fact: str, on: dt.date, late: int, data: Data, by: str = "fm-1", hour: int = 8) -> Line:
    """A line of the fact format, recorded some days after its day, those of one hour in their order."""
    moment = dt.datetime.combine(on + late * DAY, dt.time(hour, number % 60), dt.UTC)
    return {
        "id": f"f{number:02}",
        "case": "C-1",
        "fact": fact,
        "on": on.isoformat(),
        "recorded_at": moment.isoformat(),
        "by": by,
        "data": data,
    }


def as_lines(steps: Iterable[Step]) -> list[Line]:
    """Steps, each recorded on its day."""
    return [line(number, fact, START + day * DAY, 0, data) for number, (fact, day, data) in enumerate(steps)]


# --- histories in which something is said at all ---


def label(row: Row) -> Label:
    """What a row is an example of: a stage, a violation of a rule, a clock with certain deductions, a lane's value."""
    if isinstance(row, DueRow):
        return row.rule, row.stage
    if isinstance(row, Segment):
        return row.clock, *sorted({reason for reason, _, _ in row.deductions})
    if isinstance(row, Span):
        return f"lane {row.lane}", row.value
    assert isinstance(row, Violation)
    return "violations", row.rule


def openings(subject: Subject) -> dict[Label, list[list[Step]]]:
    """For each thing that a subject can say: some histories, as short as can be, in which it says it."""
    return {said: ways for said, ways in _openings(subject.topic).items() if said[0] == subject.name}


@cache
def _openings(topic: Topic) -> dict[Label, list[list[Step]]]:
    found: dict[Label, list[list[Step]]] = {}
    longer = (steps for name in sorted(topic.names) for steps in LONGER.get(name, []))
    for steps in chain(_short_histories(topic), longer):
        for said in {label(one.row) for one in sweep(as_records(as_lines(steps)), names=topic.names)}:
            ways = found.setdefault(said, [])
            if len(ways) < 3 and not any(all(step in steps for step in way) for way in ways):
                ways.append(steps)
    return dict(sorted(found.items()))


def _short_histories(topic: Topic) -> Iterator[list[Step]]:
    """What it is about, alone, with each other fact on that day and later, and with something that began and ended."""
    about = [one for name in _names(topic.about) for one in _variants(name)]
    others = [one for name in _names(topic.reads) for one in _variants(name)]
    yield from ([first] for first in about)
    for first, (fact, _, data), day in product(about, others, (0, 60)):
        yield [first, (fact, day, data)]
    plain = [next(_variants(name)) for name in _names(topic.reads)]
    pairs = [(one, other) for one in plain for other in plain if one is not other and stem(one[0]) == stem(other[0])]
    for (one, other), (fact, _, data) in product(pairs, plain):
        yield [about[0], (one[0], 30, one[2]), (other[0], 60, other[2]), (fact, 90, data)]


def stem(name: str) -> str:
    """What the names of facts about one thing begin with (`employment-started`, `employment-ended`)."""
    return name.rpartition("-")[0]


def _variants(name: str) -> Iterator[Step]:
    """A fact with all it can say, then with each of its codes in turn."""
    known = fields(name)
    plain = {field.name: values(field, START)[0] for field in known}
    yield name, 0, plain
    for field in known:
        if isinstance(field.kind, inspect.LiteralType):
            yield from ((name, 0, plain | {field.name: code}) for code in values(field, START)[1:])
