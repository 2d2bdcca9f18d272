"""The question of QS as a form has it: read from the address, refused field by field, written back as an address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, get_args
from uuid import UUID

from sqlalchemy import Select
from starlette.datastructures import QueryParams

from domain.decisions.refusal import Refused
from domain.directory import Unit
from domain.facts.case import Area, Strategy
from domain.knowledge import Reading
from domain.organisation import Organisation
from domain.periods import end_of_day, local_day
from services.questions.over import MOST, Over
from services.questions.stays import Wanted
from services.web.words import dates
from services.web.words.forms import day_of

STRATEGIES: tuple[str, ...] = get_args(Strategy)
AREAS: tuple[str, ...] = get_args(Area)
READINGS = {"": Reading.ARRIVAL, "wirksamkeitstag": Reading.EFFECTIVE_DAY}
PLACEMENT = "vermittlung"  # all units with a placement area
FIRST = {"strategie": "integration", "dauer": "12", "mass": "m", "uhr": "gross", "stand": "stichtag", "lesart": ""}
"""What the form says before anybody has asked."""


class Asked(NamedTuple):
    """A question: `then` as known at the chosen moment, `now` the same as known now; `page` counts from 0."""

    then: Wanted
    now: Wanted
    view: str  # then, now, difference
    page: int

    @property
    def shown(self) -> Wanted:
        """The list that is looked at."""
        return self.now if self.view == "now" else self.then

    @property
    def as_of(self) -> dt.date:
        """The Stichtag."""
        assert self.then.as_of is not None
        return self.then.as_of


class Form(NamedTuple):
    """What the fields hold: single values, the ticked units and areas, what is wrong with which field."""

    values: Mapping[str, str]
    units: Sequence[str]
    areas: Sequence[str]
    offered: Sequence[Unit]
    wrong: dict[str, str]


def read(
    query: QueryParams, organisation: Organisation, now: dt.datetime, cases: Select[tuple[UUID]] | None
) -> tuple[Form, Asked | None]:
    """The form and, unless a field is wrong, the question. `cases`: the only ones the visitor may ask about."""
    today, wrong = local_day(now), dict[str, str]()
    values = {**FIRST, **{key: value.strip()[:40] for key, value in query.items()}}
    if query and "dauer" not in query:
        values["dauer"] = ""
    as_of = _day("stichtag", values, wrong, today) or today
    units = _codes(query.getlist("einheit"))
    offered = organisation.units(as_of)
    form = Form(values, units, _codes(query.getlist("bereich")), offered, wrong)
    view = {"heute": "now", "unterschied": "difference"}.get(values.get("ansicht", ""), "then")
    if view == "difference" and values["stand"] == "heute":  # a list does not differ from itself
        values["stand"] = "stichtag"
    chosen, over, known_at = _units(form, organisation, as_of), _over(values, wrong), _known(values, as_of, now, wrong)
    _check(form)
    if wrong:
        return form, None
    as_now = Wanted(values["strategie"], over, values["uhr"], chosen, form.areas, as_of, None, cases)
    then = as_now
    if known_at is not None:  # as known now both readings are the same
        then = then._replace(known_at=known_at, reading=READINGS[values["lesart"]])
    page = int(values["seite"]) - 1 if values.get("seite", "").isdecimal() else 0
    return form, Asked(then, as_now, view, min(max(page, 0), 10_000))


def _check(form: Form) -> None:
    allowed = {"strategie": STRATEGIES, "uhr": ("gross", "net"), "mass": ("m", "d"), "lesart": tuple(READINGS)}
    for field, codes in allowed.items():
        if form.values[field] not in codes:
            form.wrong[field] = "Bitte eine der Möglichkeiten wählen."
    if not set(form.areas) <= set(AREAS):
        form.wrong["bereich"] = "Diesen Bereich gibt es nicht."
    known = {PLACEMENT, *(unit.code for unit in form.offered)}
    if missing := [one for one in form.units if one not in known]:
        form.wrong["einheit"] = f"Am Stichtag gab es keine Einheit „{missing[0]}“."


def _day(field: str, values: dict[str, str], wrong: dict[str, str], today: dt.date) -> dt.date | None:
    """The day of a field, which then holds it as addresses have it: JJJJ-MM-TT; else what was typed."""
    typed = values.get(field, "")
    if not typed:
        return None
    try:
        day = day_of(field, typed, today)
    except Refused as error:
        wrong[field] = error.reasons[0][1]
        return None
    values[field] = day.isoformat()
    return day


def _known(values: dict[str, str], as_of: dt.date, now: dt.datetime, wrong: dict[str, str]) -> dt.datetime | None:
    """The moment whose knowledge counts; None is now, also for a day that has not ended yet."""
    if values["stand"] == "heute":
        return None
    day: dt.date | None = as_of
    if values["stand"] == "tag":
        day = _day("stand_tag", values, wrong, local_day(now))
        if day is None:
            wrong.setdefault("stand_tag", "Bitte den Tag des Datenstands angeben.")
    elif values["stand"] != "stichtag":
        wrong["stand"] = "Bitte eine der Möglichkeiten wählen."
    moment = end_of_day(day or as_of)
    return moment if moment < now else None


def _over(values: Mapping[str, str], wrong: dict[str, str]) -> Over | None:
    typed, unit = values["dauer"], values["mass"]
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal()) or int(typed) > MOST.get(unit, 0):
        most = dates.number(MOST.get(unit, MOST["d"]))
        wrong["dauer"] = f"Bitte eine ganze Zahl von 0 bis {most} angeben, oder das Feld leer lassen."
        return None
    return Over(int(typed), unit)


def _units(form: Form, organisation: Organisation, as_of: dt.date) -> list[str]:
    """The codes to ask for: a unit with those whose work it carries on."""
    with_area = [unit.code for unit in form.offered if unit.has_placement_area]
    if PLACEMENT in form.units and not with_area:
        form.wrong["einheit"] = "Am Stichtag hatte keine Einheit einen Vermittlungsbereich."
    chosen = {one for code in form.units for one in (with_area if code == PLACEMENT else [code])}
    return sorted({one for code in chosen for one in organisation.carried_on(code, as_of)})


def _codes(given: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(one.strip()[:128] for one in given if one.strip()))[:100]
