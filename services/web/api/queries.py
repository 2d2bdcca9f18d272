"""What can be asked under /api/v1, as query names: the forms that are described, and how they are read."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from domain.decisions.refusal import Refused
from domain.facts.case import Area, Strategy
from domain.knowledge import Reading
from domain.rules import RULES
from services.questions import answers, library, over
from services.questions.parameters import DAY, MOMENT, OVER, Parameter
from services.web.words.moments import day_of, moment_of

MOST = 1_000
Text = str | SkipJsonSchema[None]  # may be left out; there is no word for nothing in an address

_YEAR = "(19|2[01])"
_CALENDAR_DAY = (
    rf"({_YEAR}[0-9]{{2}}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    rf"|02-(0[1-9]|1[0-9]|2[0-8]))|({_YEAR}(0[48]|[2468][048]|[13579][26])|2000)-02-29)"
)
_TIME = r"T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])?"
_TEXT: dict[str, Any] = {"pattern": r"^[^\x00]*$"}  # a character that is in no text
FORMS: Final[dict[str, dict[str, Any]]] = {
    DAY.name: {"format": "date", "pattern": f"^{_CALENDAR_DAY}$"},
    MOMENT.name: {"pattern": f"^{_CALENDAR_DAY}({_TIME})?$"},
    OVER.name: {"pattern": "^[0-9]{1,5}[md]?$"},
}
"""How the kinds of blanks are typed, as JSON Schema says it."""

_READS = "effective-day: facts without a moment of recording as recorded on the day they are true from"
_AS_OF = "JJJJ-MM-TT; default: today"
_KNOWN_AT = "a day (its end is meant) or a moment, without an offset in Europe/Berlin; default: now"
_AFTER = "`next` of the page before"
Day = Annotated[Text, Query(max_length=10, description=_AS_OF, json_schema_extra=FORMS[DAY.name])]
Moment = Annotated[Text, Query(max_length=40, description=_KNOWN_AT, json_schema_extra=FORMS[MOMENT.name])]
Reads = Annotated[Reading, Query(description=_READS)]
Limit = Annotated[int, Query(ge=1, le=MOST)]
After = Annotated[Text, Query(max_length=400, description=_AFTER, json_schema_extra=_TEXT)]


class Asked(BaseModel):
    """What a list can be asked, and nothing else; in this order the access log says it."""

    model_config = ConfigDict(extra="forbid")


class StaysQuery(Asked):
    """What `/stays` can be asked."""

    strategy: Strategy
    over: Text = Field(
        None,
        max_length=10,
        description="12m (full months) or 365d (days)",
        json_schema_extra={"pattern": "^[0-9]{1,5}[md]$"},
    )
    clock: Literal["gross", "net"] = "gross"
    as_of: Day = None
    known_at: Moment = None
    unit: list[Annotated[str, Field(json_schema_extra=_TEXT)]] = Field([], max_length=100)
    area: list[Area] = []
    reading: Reads = Reading.ARRIVAL
    limit: Limit = MOST
    after: After = None


class DueQuery(Asked):
    """What `/due` can be asked."""

    on: Day = None
    known_at: Moment = None
    case: Text = Field(None, max_length=64, json_schema_extra=_TEXT)
    rule: Text = Field(None, max_length=8, json_schema_extra={"enum": list(RULES)})
    reading: Reads = Reading.ARRIVAL
    limit: Limit = MOST
    after: After = None


def blanks() -> list[dict[str, Any]]:
    """The query names of all questions, for the description."""
    found = {one.name: one for row in library.QUESTIONS.values() for one in row.blanks}
    return [
        {"name": name, "in": "query", "description": one.label, "schema": _schema(one)} for name, one in found.items()
    ]


def _schema(blank: Parameter) -> dict[str, Any]:
    """How a blank is typed; nothing at all where it may mean that nothing is asked for."""
    kind = blank.kind
    one: dict[str, Any] = {"type": "string", **FORMS.get(kind.name, _TEXT)}
    if kind.choices:
        one["enum"] = list(kind.choices)
    if kind.many:
        return {"type": "array", "items": one}
    return {"anyOf": [one, {"const": ""}]} if answers.may_be_empty(blank, dt.date.max) else one


def moments(as_of: str | None, known_at: str | None, name: str = "as_of") -> tuple[dt.date | None, dt.datetime | None]:
    """The day and the moment asked for; None: now. Raises `Refused`."""
    return day_of(name, _filled(name, as_of)), moment_of("known_at", _filled("known_at", known_at))


def length(typed: str | None) -> over.Over | None:
    """The length of stay asked for. Raises `Refused`."""
    typed = _filled("over", typed)
    try:
        return None if typed is None else over.read(typed)
    except ValueError as error:
        raise Refused([("over", str(error))]) from None


def _filled(field: str, typed: str | None) -> str | None:
    if typed is not None and not typed.strip():
        raise Refused([(field, f"Die Angabe „{field}“ ist leer.")])
    return typed
