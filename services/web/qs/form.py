"""A question as a form has it: a sentence with blanks, read from the address, refused field by field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from string import Formatter
from typing import NamedTuple

from starlette.datastructures import QueryParams

from domain.decisions.refusal import Refused
from domain.directory import Unit
from domain.knowledge import Reading
from domain.organisation import Organisation
from domain.periods import end_of_day, local_day
from services.office.office import Transaction
from services.questions import answers
from services.questions.difference import as_now
from services.questions.over import MOST
from services.questions.parameters import AREA, DAY, MOMENT, OVER, READING, UNIT, Parameter, listed
from services.questions.question import Asked, Question
from services.web.qs.answer import Lists
from services.web.words import dates
from services.web.words.forms import NOT_YET, day_of

FIELDS = {
    "as_of": "stichtag",
    "known_at": "stand",
    "reading": "lesart",
    "unit": "einheit",
    "area": "bereich",
    "from": "von",
    "to": "bis",
    "days": "tage",
    "months": "monate",
    "strategy": "strategie",
    "clock": "uhr",
    "rule": "regel",
    "case": "fall",
    "carrier": "traeger",
}
"""What the parameters are called in an address that people read; a threshold has `dauer` and `mass`, a Datenstand
`stand_tag` beside `stand`.
"""
READINGS = {"": Reading.ARRIVAL, "wirksamkeitstag": Reading.EFFECTIVE_DAY}
PLACEMENT = "vermittlung"  # all units with a placement area
CHOOSE = "Bitte eine der Möglichkeiten wählen."
SEVERAL = {MOMENT.name: ("stand", "stand_tag"), OVER.name: ("mass", "dauer")}  # inputs of one blank


class Form(NamedTuple):
    """What the fields hold: single values, the ticked codes of each, the units of the Stichtag, what is wrong where."""

    values: dict[str, str]
    ticked: Mapping[str, Sequence[str]]
    offered: Sequence[Unit]
    wrong: dict[str, str]

    @property
    def units(self) -> str:
        """The units asked for, in words."""
        named = [one for one in self.ticked["einheit"] if one != PLACEMENT]
        placed = "den Einheiten mit Vermittlungsbereich" if PLACEMENT in self.ticked["einheit"] else ""
        return " und ".join(filter(None, (placed, listed(named, "")))) or "allen Einheiten"


def field(blank: Parameter) -> str:
    """The name of its field."""
    return "dauer" if blank.kind is OVER else FIELDS.get(blank.name, blank.name)


def parts(question: Question, form: Form) -> list[tuple[str, Parameter]]:
    """The sentence of a question, cut at its blanks: the words before each, and the blank.

    After it what else was asked for by its code, so that asking again keeps it.
    """
    blanks = {one.name: one for one in question.blanks}
    in_sentence = [
        (words.strip(" ,"), blanks.pop(name))
        for words, name, _, _ in Formatter().parse(question.sentence)
        if name is not None
    ]
    others = (one for one in blanks.values() if one.kind.choices and not one.kind.many and one.kind is not READING)
    return in_sentence + [(one.label, one) for one in others if form.values.get(field(one))]


def inputs(question: Question, form: Form) -> set[str]:
    """The fields that stand on the page."""
    return {name for _, one in parts(question, form) for name in SEVERAL.get(one.kind.name, (field(one),))}


def wrong_elsewhere(question: Question, form: Form) -> dict[str, str]:
    """What is wrong in the address and stands in no input, with the label of what it is."""
    labels = {field(one): one.label for one in question.blanks}
    shown = inputs(question, form)
    return {name: f"{labels[name]}: {said}" for name, said in form.wrong.items() if name not in shown}


def read(
    tx: Transaction, question: Question, query: QueryParams, organisation: Organisation
) -> tuple[Form, Lists | None]:
    """The form and, unless a field is wrong, the question."""
    form = _form(tx, question, query, organisation)
    known_at = _known(form, tx)
    given = {one.name: _texts(form, one, organisation) for one in question.blanks if one.kind not in (MOMENT, READING)}
    if known_at is not None:  # as known now both readings are the same
        given["known_at"] = [known_at.isoformat()]
        given["reading"] = [READINGS.get(form.values["lesart"], "")]
    asked = _asked(tx, question, given, form)
    if asked is None:
        return form, None
    view = {"heute": "now", "unterschied": "difference"}.get(form.values.get("ansicht", ""), "then")
    page = int(form.values["seite"]) - 1 if form.values.get("seite", "").isdecimal() else 0
    return form, Lists(asked, as_now(asked), view, min(max(page, 0), 10_000))


def _form(tx: Transaction, question: Question, query: QueryParams, organisation: Organisation) -> Form:
    """The fields as they were sent; what nobody has filled in, or left empty, says what is asked for by default."""
    sent = {key: value.strip()[:64] for key, value in query.items() if value.strip()}
    form = Form({"stand": "stichtag", "lesart": "", **sent}, {}, (), {})
    day = _day(form, "stichtag", tx.today, tx.today) or tx.today
    for one in question.blanks:
        name, value = field(one), one.default(day)
        if one.kind is DAY:
            _day(form, name, tx.today, value)
        elif one.kind is OVER:
            form.values.setdefault("mass", value.unit)
            form.values.setdefault("dauer", "" if query else str(value.length))
        elif not one.kind.many and one.kind not in (MOMENT, READING):
            form.values.setdefault(name, "" if value is None else one.kind.written(value))
    if form.values.get("ansicht") == "unterschied" and form.values["stand"] == "heute":
        form.values["stand"] = "stichtag"  # a list does not differ from itself
    ticked = {field(one): _codes(query.getlist(field(one))) for one in question.blanks if one.kind.many}
    return form._replace(ticked=ticked, offered=organisation.units(day))


def _asked(tx: Transaction, question: Question, given: Mapping[str, Sequence[str]], form: Form) -> Asked | None:
    try:
        asked = answers.filled(tx, question, {name: texts for name, texts in given.items() if texts})
    except Refused as error:
        blanks = {one.name: one for one in question.blanks}
        for name, sentence in error.reasons:
            chosen = blanks[name].kind.choices and field(blanks[name]) in inputs(question, form)
            form.wrong.setdefault(field(blanks[name]), CHOOSE if chosen else sentence)
        return None
    return None if form.wrong else asked._replace(of_all_areas=question.as_printed)


def _texts(form: Form, blank: Parameter, organisation: Organisation) -> Sequence[str]:
    """What the field of a blank says, as the question takes it."""
    name = field(blank)
    if blank.kind is UNIT:
        return _units(form, organisation)
    if blank.kind is AREA:
        return form.ticked[name]
    if blank.kind is OVER:
        return [_over(form)]
    return [form.values[name]]


def _day(form: Form, name: str, today: dt.date, default: dt.date) -> dt.date | None:
    """The day of a field, which then holds it as addresses have it: JJJJ-MM-TT; else what was typed."""
    typed = form.values.get(name, "")
    try:
        day = day_of(name, typed, today) if typed else default
    except Refused as error:
        form.wrong[name] = error.reasons[0][1]
        return None
    form.values[name] = day.isoformat()
    return day


def _known(form: Form, tx: Transaction) -> dt.datetime | None:
    """The moment whose knowledge counts; None is now, also for a day that has not ended yet."""
    stand, name = form.values["stand"], "stichtag"
    if form.values["lesart"] not in READINGS:
        form.wrong["lesart"] = f"„{form.values['lesart'][:40]}“ gibt es nicht; möglich ist wirksamkeitstag."
    if stand == "heute" or "stichtag" in form.wrong:
        return None
    if stand == "tag":
        name = "stand_tag"
        if form.values.get(name):
            today = local_day(tx.now)
            if (_day(form, name, today, today) or today) > today:
                form.wrong[name] = NOT_YET
        else:
            form.wrong[name] = "Bitte den Tag des Datenstands angeben."
    elif stand != "stichtag":
        form.wrong["stand"] = CHOOSE
    moment = None if name in form.wrong else end_of_day(dt.date.fromisoformat(form.values[name]))
    return moment if moment and moment < tx.now else None


def _over(form: Form) -> str:
    typed, unit = form.values["dauer"], form.values["mass"]
    if unit not in MOST:
        form.wrong["mass"] = CHOOSE
    if typed and (not (typed.isascii() and typed.isdecimal()) or int(typed) > MOST.get(unit, 0)):
        most = dates.number(MOST.get(unit, MOST["d"]))
        form.wrong["dauer"] = f"Bitte eine ganze Zahl von 0 bis {most} angeben, oder das Feld leer lassen."
    return typed and f"{typed}{unit}"


def _units(form: Form, organisation: Organisation) -> list[str]:
    """The codes to ask for; all with a placement area under one name."""
    ticked = form.ticked["einheit"]
    known = {PLACEMENT, *(unit.code for unit in form.offered)}
    with_area = [unit.code for unit in form.offered if unit.has_placement_area]
    if missing := [one for one in ticked if one not in known]:
        form.wrong["einheit"] = f"Am Stichtag gab es keine Einheit „{missing[0]}“."
    elif PLACEMENT in ticked and not with_area:
        form.wrong["einheit"] = "Am Stichtag hatte keine Einheit einen Vermittlungsbereich."
    return sorted({one for code in ticked for one in (with_area if code == PLACEMENT else [code])})


def _codes(given: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(one.strip()[:128] for one in given if one.strip()))[:100]
