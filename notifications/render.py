"""The one place where a name and data become German sentences; every sentence about a case stands in `texts`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined

from domain.facts import declared
from domain.law import AS_SHIPPED
from domain.periods import DAY, add_months
from domain.rules import RULES
from domain.words import AREAS, MEASURES, OTHER_BARS, STRATEGIES, WEEKDAYS, day, weekday_and_day
from notifications import wording

TEXTS = wording.TEXTS
MANY_MONTHS = 1200
WEEK = 7  # days
IN_YEARS = 24  # months from which on years are said

Day = dt.date | str


class Mail(NamedTuple):
    """The words of one mail."""

    subject: str
    text: str
    html: str


def rule_name(rule: str) -> str:
    """The German short name of a rule (R-02: Förderzeit Jobakademie); an unknown rule is its own name."""
    return RULES[rule].name if rule in RULES else rule


def reason(
    rule: str,
    stage: str,
    data: Mapping[str, Any],
    today: dt.date | None = None,
    own: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Why a stage is due, as a colleague would say it, or as the office words it itself (`own`: bodies by name).

    `data` is `reason` of a due row: codes, numbers, ISO days. Without `today` the months are those of the stage.
    """
    return wording.reason(own, rule, stage, data) or sentence(
        f"rules/{rule}.txt.j2", {"stage": stage, "today": today, **words_of(own), **data}
    )


def words_of(own: Mapping[str, str]) -> dict[str, Any]:
    """What the sentences of rules take from an office beside its bodies: the words of the law, the names of types."""
    return {"law": own.law, "types": own.types} if isinstance(own, wording.Words) else {}


def violation(rule: str, data: Mapping[str, Any]) -> str:
    """What contradicts a rule (Abweichung); `data`: `first` and `last` as days, `last` None while it goes on."""
    return sentence(f"violations/{rule}.txt.j2", data)


def info(name: str, data: Mapping[str, Any]) -> str:
    """What a rule wrote without being asked, e.g. `alg1-bar-set`; `data` of a message of kind `info`."""
    return sentence(f"info/{name}.txt.j2", data)


def mail(name: str, data: Mapping[str, Any]) -> Mail:
    """The words of a mail: `digest` or `single`."""
    subject = sentence(f"mail/{name}.subject.j2", data)
    return Mail(subject, text(f"mail/{name}.txt.j2", data), text(f"mail/{name}.html.j2", data))


def sentence(template: str, data: Mapping[str, Any]) -> str:
    """A template as one line."""
    return " ".join(text(template, data).split())


def text(template: str, data: Mapping[str, Any]) -> str:
    """A template with its lines as they stand; only `.html.j2` escapes."""
    return environment().get_template(template).render(data).strip() + "\n"


@cache
def environment(strict: bool = False) -> Environment:
    """Jinja2 over `texts`. `strict` (tests): a name that is asked for and missing is an error."""
    found = Environment(
        loader=FileSystemLoader(TEXTS),
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        undefined=StrictUndefined if strict else Undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.filters |= {
        "day": lambda value: day(_day(value)),
        "date": _day,
        "weekday": lambda value: weekday_and_day(_day(value)),
        "short_weekday": lambda value: f"{WEEKDAYS[_day(value).weekday()][:2]}., {day(_day(value))}",
        "number": number,
        "months": months,
        "days": lambda count: "ein Tag" if count == 1 else f"{number(count)} Tage",
        "span": span,
        "last_day": last_day,
        "full_months": full_months,
        "is_before": lambda value, today: _day(value) < today,
    }
    found.globals |= {
        "AREAS": AREAS,
        "STRATEGIES": STRATEGIES,
        "OTHER_BARS": OTHER_BARS,
        "types": MEASURES,
        "law": AS_SHIPPED,
        "lasting": lasting,
        "rule_name": rule_name,
        "entry_name": lambda name: declared(name).german,
    }
    return found


def number(value: float, digits: int = 0) -> str:
    """A number with decimal comma, and a point between thousands."""
    return f"{value:,.{digits}f}".translate({ord(","): ".", ord("."): ","})


def months(count: int) -> str:
    """A number of full months after "seit", "ab" or "als"; from 24 on in years and months."""
    if count == 0:
        return "weniger als einem Monat"
    years, rest = divmod(count, 12) if count >= IN_YEARS else (0, count)
    said = [f"{years} Jahren"] * bool(years)
    return " und ".join(said + ["einem Monat" if rest == 1 else f"{rest} Monaten"] * bool(rest))


def lasting(months: int, days: int) -> str:
    """Calendar months and days after "seit"; days that are full weeks as weeks. "dem ersten Tag" for neither."""
    weeks, rest = divmod(days, WEEK)
    counted = (
        (months, "einem Monat", "Monaten"),
        *(((weeks, "einer Woche", "Wochen"),) if not rest else ((days, "einem Tag", "Tagen"),)),
    )
    said = [one if count == 1 else f"{number(count)} {several}" for count, one, several in counted if count]
    return " und ".join(said) or "dem ersten Tag"


def span(first: Day, last: Day | None) -> str:
    """Days as words: one day, from-to, or since when."""
    if last is None:
        return f"seit dem {day(_day(first))}"
    return f"am {day(_day(first))}" if first == last else f"vom {day(_day(first))} bis {day(_day(last))}"


def last_day(since: Day, months: int, paused: int = 0) -> dt.date:
    """The last day before `months` are full, moved by the days that do not count."""
    return add_months(_day(since), months) + dt.timedelta(days=paused) - DAY


def full_months(since: Day, today: dt.date | None, least: int, paused: int = 0) -> int:
    """How many months are full on `today`, at least `least`."""
    if today is None:
        return least
    reached = (count for count in range(least, MANY_MONTHS) if last_day(since, count + 1, paused) >= today)
    return next(reached, least)


def _day(value: Day) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
