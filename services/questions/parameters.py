"""The kinds of blanks in a question: how a value is read, refused in German, written as a command and said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from domain.facts.base import Stream
from domain.facts.case import Area, Strategy
from domain.knowledge import Reading
from domain.periods import local_day
from domain.rules import RULES
from domain.words import AREAS, CARRIERS, CLOCKS, STRATEGIES, day
from services.questions import cases, over, typed
from services.questions.casefile import UnknownCase, moment
from services.questions.typed import thousands
from services.records.words import number_typed

if TYPE_CHECKING:
    from services.office.office import Transaction

READINGS: Mapping[str, str] = {
    Reading.ARRIVAL.value: "bekannt ab Import",
    Reading.EFFECTIVE_DAY.value: "als am Wirksamkeitstag erfasst",
}


class Kind(NamedTuple):
    """What a blank takes. `read` raises ValueError with a German sentence; `written` is what `read` takes.

    `said`: the value inside a sentence, None where nothing was filled in; `asking`: the same inside the question, if it
    is said otherwise there; `choices`: the codes, if there are few; `many`: several values, none of them being all;
    `plain`: the value in JSON, else as it is written.
    """

    name: str
    read: Callable[[str, Transaction], Any]
    written: Callable[[Any], str]
    said: Callable[[Any], str]
    choices: Mapping[str, str] = {}
    many: bool = False
    plain: Callable[[Any], Any] | None = None
    asking: Callable[[Any], str] | None = None

    def in_json(self, value: Any) -> Any:
        """The value, or the values, as an answer has them."""
        write = self.plain or self.written
        if self.many:
            return [write(one) for one in value]
        return None if value is None else write(value)


class Parameter(NamedTuple):
    """A blank of a question: its public name, its German label, and its value on a day if nobody fills it in.

    `option`: what a command of the question's own calls it, if not by its name.
    """

    name: str
    kind: Kind
    label: str
    default: Callable[[dt.date], Any]
    option: str = ""


def always(value: Any) -> Callable[[dt.date], Any]:
    """A default that is the same on every day."""
    return lambda _: value


def listed(words: Collection[str], everything: str) -> str:
    """ "Jobakademie oder AV/AGS"; none: everything."""
    *before, last = words or (everything,)
    return " oder ".join(filter(None, (", ".join(before), last)))


def length(asked: over.Over | None) -> str:
    """A threshold in words."""
    return _threshold(asked, "gleich wie lange", "Tage", "voller Monat", "volle Monate")


def since_length(asked: over.Over | None) -> str:
    """The same after "seit"."""
    return _threshold(asked, "beliebiger Zeit", "Tagen", "vollem Monat", "vollen Monaten")


def _threshold(asked: over.Over | None, nothing: str, days: str, month: str, months: str) -> str:
    if asked is None or not asked.length:
        return nothing
    count = thousands(asked.length)
    if asked.unit == "d":
        return f"mehr als {count} {'Tag' if asked.length == 1 else days}"
    return f"mindestens {count} {month if asked.length == 1 else months}"


def _unit(text: str, tx: Transaction) -> str:
    """A unit of the directory of any day, or one that only cases name."""
    if tx.store.key(tx.conn, Stream.UNIT, text) is None and text not in {unit for unit, _ in cases.places(tx.conn)}:
        raise ValueError(f"Die Einheit „{text[:40]}“ gibt es nicht.")
    return text


def _case(text: str, tx: Transaction) -> str:
    text = number_typed(text)
    if tx.store.key(tx.conn, Stream.CASE, text) is None:
        raise ValueError(str(UnknownCase(text)))
    return text


def _coded(name: str, choices: Mapping[str, str], nothing: str = "", *, many: bool = False) -> Kind:
    """A kind that takes one of these codes, or several."""

    def said(value: Any) -> str:
        codes = (value if many else [value]) if value else []
        return listed([choices[one] for one in codes], nothing)

    return Kind(name, lambda text, _: typed.one_of(text, choices), str, said, choices, many)


def _numbered(name: str, most: int, one: str, several: str) -> Kind:
    def said(value: int | None) -> str:
        return "" if value is None else f"{thousands(value)} {one if value == 1 else several}"

    return Kind(name, lambda text, _: typed.number(text, most), str, said, plain=int)


def _over(text: str, _: Transaction) -> over.Over:
    return over.read(text, unit="m")


DAY = Kind("day", lambda text, _: typed.day(text), dt.date.isoformat, day)
MOMENT = Kind(
    "moment",
    lambda text, _: typed.moment(text.replace(" ", "+")),  # an address turns the sign of an offset into a blank
    moment,
    lambda known_at: day(local_day(known_at)) if known_at else "heute",
)
STRATEGY = _coded("strategy", {code: STRATEGIES[code] for code in get_args(Strategy)})
AREA = _coded("area", {code: AREAS[code] for code in get_args(Area)}, "allen Bereichen", many=True)
UNIT = Kind("unit", _unit, str, partial(listed, everything="allen Einheiten"), {}, many=True)
CARRIER = _coded("carrier", CARRIERS, "alle")
CLOCK = _coded("clock", CLOCKS)
READING = _coded("reading", READINGS)._replace(
    read=lambda text, _: Reading(typed.one_of(text, READINGS)), written=lambda one: one.value
)
OVER = Kind(
    "over",
    _over,
    over.written,
    length,
    plain=lambda one: one.length if one.unit == "m" else over.written(one),
    asking=since_length,
)
DAYS = _numbered("days", over.MOST["d"], "Tag", "Tage")
MONTHS = _numbered("months", over.MOST["m"], "Monat", "Monate")
RULE = _coded("rule", {rule.id: rule.name for rule in RULES.values()}, "allen Regeln")
CASE = Kind("case", _case, str, lambda case: f"Fall {case}" if case else "allen Fällen")

KINDS = (DAY, MOMENT, STRATEGY, AREA, UNIT, CARRIER, CLOCK, READING, OVER, DAYS, MONTHS, RULE, CASE)
COMMON = (
    Parameter("as_of", DAY, "Stichtag", lambda today: today),
    Parameter("known_at", MOMENT, "Datenstand", always(None)),
    Parameter("reading", READING, "Lesart", always(Reading.ARRIVAL)),
    Parameter("unit", UNIT, "Einheit", always(())),
    Parameter("area", AREA, "Bereich", always(())),
    Parameter("carrier", CARRIER, "Träger", always(None)),
)
"""What every question can be asked for (Fachkonzept 6.1); a unit includes those whose work it carries on."""
