"""What the answers of the API look like (Vertrag 3), for /openapi.json; rows of questions as their columns say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any, Literal, Union

from pydantic import Field, create_model

from domain.facts.case import Area, Strategy
from domain.knowledge import Reading
from services.questions import library
from services.questions.due import DUE
from services.questions.parameters import Kind
from services.questions.question import Column, Question, Shown
from services.questions.stays import STAYS
from services.web.http.refusals import Shape

Fields = dict[str, Any]


class Known(Shape):
    """What every answer about a moment of knowledge may say of facts whose moment of recording is unknown."""

    known_at: dt.datetime
    recorded_unknown: int = Field(0, description="facts that arrived after `known_at` without a moment of recording")
    reading: Reading = Field(Reading.ARRIVAL, description="missing: arrival")


class Unsure(Shape):
    """The answer to a question."""

    recorded_unknown: int = 0
    reading: Reading = Reading.ARRIVAL


class Deduction(Shape):
    """A period that `net` does not count, both days inclusive."""

    reason: Literal["alg1", "employment", "benefit-gap", "closed", "manual"]
    first: dt.date = Field(alias="from")
    last: dt.date = Field(alias="to")
    days: int


class Days(Shape):
    """The clocks of a case on a day; what does not apply is null."""

    gross: int | None
    net: int | None
    lead_time: int | None
    jobakademie: int | None
    av_ags: int | None
    placement: int | None
    since_appointment: int | None
    since_contact: int | None


class Clocks(Known):
    """Every clock of one case, with each deduction."""

    case: str
    as_of: dt.date
    strategy: Strategy | None
    since: dt.date | None
    unit: str | None
    area: Area | None
    worker: str | None
    days: Days
    deductions: list[Deduction]


class Row(Shape):
    """A stretch of a lane; `to` is null while it goes on, `facts` are the ids behind it."""

    first: dt.date = Field(alias="from")
    last: dt.date | None = Field(alias="to")
    value: str | None
    facts: list[str]


class Responsibility(Row):
    """Who was responsible; `value` is the area."""

    worker: str | None
    unit: str | None


class Employment(Row):
    """A job; `value` is its kind."""

    employment: str


class Measure(Row):
    """A measure; `value` is its type."""

    measure: str


class Extension(Row):
    """A request and what became of it."""

    request: str


class Appointment(Shape):
    """An appointment as it stands."""

    on: dt.date
    status: str
    appointment: str
    facts: list[str]


class Lanes(Shape):
    """The lanes of a case."""

    strategy: list[Row]
    non_strategy: list[Row]
    responsibility: list[Responsibility]
    benefit: list[Row]
    alg1: list[Row]
    employment: list[Employment]
    measures: list[Measure]
    appointments: list[Appointment]
    extensions: list[Extension]


class Violation(Shape):
    """A pattern of facts that contradicts a rule."""

    rule: str
    first: dt.date = Field(alias="from")
    last: dt.date | None = Field(alias="to")
    text: str
    facts: list[str]


class Timeline(Known):
    """The lanes of one case, and its violations."""

    case: str
    as_of: dt.date
    lanes: Lanes
    violations: list[Violation]


class Behind(Shape):
    """A fact behind a row."""

    id: str
    recorded_at: dt.datetime


class Blank(Shape):
    """A parameter of a question."""

    name: str
    default: str | int | list[str] | None


class Listed(Shape):
    """A question of the library."""

    number: int | None
    id: str
    title: str
    parameters: list[Blank]


class Questions(Shape):
    """The library of questions."""

    questions: list[Listed]


class Recorded(Shape):
    """A fact that was stored."""

    id: str
    fact: str
    on: dt.date
    data: Fields


class Counted(Shape):
    """The strategy of a case today with its clocks."""

    strategy: Strategy | None
    since: dt.date | None
    days: Days


class Change(Shape):
    """The clocks before and after."""

    before: Counted
    after: Counted


class Stage(Shape):
    """A follow-up."""

    rule: str
    stage: str
    due: dt.date


class Moved(Shape):
    """Follow-ups that went and came."""

    gone: list[Stage]
    come: list[Stage]


class Done(Shape):
    """What a posted fact changed; `number` is the last number of the case, as the ETag says it."""

    number: int
    correlation_id: str
    facts: list[Recorded]
    clocks: Change
    due: Moved


class Proposal(Shape):
    """A proposal for the settings of the office, and what became of it; persons by id."""

    proposal: str
    becomes: str = Field(description="the stored name of the fact that is recorded once it is confirmed")
    on: dt.date
    data: Fields
    by: str
    recorded_at: dt.datetime
    outcome: Literal["open", "passed", "granted", "refused", "withdrawn"]
    decided_by: str | None
    decided_at: dt.datetime | None
    reason: str | None


class Proposals(Shape):
    """All proposals, the latest first, as they stand on a day."""

    on: dt.date
    count: int
    rows: list[Proposal]


_TYPES: dict[Shown, Any] = {
    Shown.DAY: dt.date | None,
    Shown.DAYS: int | None,
    Shown.CODE: str | None,
    Shown.TEXT: str | None,
    Shown.YES: bool | None,
    Shown.MOMENT: dt.datetime | None,
    Shown.DEDUCTIONS: list[Deduction],
    Shown.RULE: str,
    Shown.STAGE: str,
    Shown.RECIPIENT: list[str],
    Shown.THING: str | None,
}
_PLACE: Fields = {"unit": (str | None, ...), "area": (Area | None, ...), "worker": (str | None, ...)}
_HEAD: Fields = {"count": (int, ...), "next": (str, Field("", description="`after` of the next page, if there is one"))}


def _shape(name: str, base: type[Shape], fields: Fields) -> Any:
    return create_model(name, __base__=base, __doc__=base.__doc__, **fields)


def _columns(columns: Iterable[Column]) -> Fields:
    return {"case": (str, ...), **{one.name: (_TYPES[one.shown], ...) for one in columns}}


def _value(kind: Kind) -> Any:
    return list[str] if kind.many else str | int | None


def _answer(question: Question) -> Any:
    name = f"Ask{question.id.title().replace('-', '')}"
    filled = _shape(f"{name}Parameters", Shape, {one.name: (_value(one.kind), ...) for one in question.blanks})
    row = _shape(f"{name}Row", Shape, {**_columns(question.columns), **_PLACE, "facts": (list[Behind], ...)})
    fields = {"question": (Literal[question.id], ...), "parameters": (filled, ...), "sentence": (str, ...)}
    fields |= {"k": (int, ...), "n": (int, ...), "rows": (list[row], ...), "next": _HEAD["next"], "recipe": (str, ...)}  # type: ignore[valid-type]
    return _shape(f"{name}Answer", Unsure, fields)


_STAYS_ROW: Any = _shape("StaysRow", Shape, {**_columns(STAYS.columns), **_PLACE})
_DUE_ROW: Any = _shape("DueRow", Shape, _columns(DUE.columns))
Stays = _shape("Stays", Known, {"as_of": (dt.date, ...), **_HEAD, "rows": (list[_STAYS_ROW], ...)})
Due = _shape("Due", Known, {"on": (dt.date, ...), **_HEAD, "rows": (list[_DUE_ROW], ...)})
Answer: Any = Annotated[
    Union[tuple(_answer(one) for one in library.QUESTIONS.values())],  # noqa: UP007
    Field(discriminator="question"),
]
