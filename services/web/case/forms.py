"""Forms for facts, made from the fields of their structs: which field, what to choose from, what was typed."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, get_args, get_origin

import msgspec
from starlette.datastructures import FormData

from domain import own, standing
from domain.decisions import possible
from domain.decisions.refusal import Refused
from domain.decisions.wishes import fresh_id
from domain.dialogues.handover import BETWEEN
from domain.facts import FACTS, Fact, Mark, Stream, declared, marks, name_of, stream_of
from domain.facts.base import Form, Group, named_days
from domain.filed import unfiled
from domain.rules import RULES
from domain.standing import Standing, said_of
from domain.timeline import Timeline
from domain.words import MEASURES
from services.people import receivers
from services.web.case.fields import bare, is_several, typed_as
from services.web.words import dates, labels
from services.web.words.forms import day_in, text_in

NEAR = 3  # letters; a word of more is also found by one that comes near
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
OWN_DAY = ("appointment-held", "appointment-missed")  # without a typed day they have that of their appointment
DAYLESS = (*OWN_DAY, "appointment-planned", "appointment-rescheduled")  # today is hardly ever meant
YES_NO = (("true", "ja"), ("false", "nein"))

QUICK = "schnell."  # begins the name of a button that says what a field means
PERSON_HINT = (
    "Name, Einheit oder Bereich, auch der Anfang davon. Leer gelassen folgen Einheit und Bereich aus der Person."
)

LINES_HINT = "Eins je Zeile, das wichtigste zuerst."
PLAN_HINT = "Was unten leer bleibt, wird aus der Planung übernommen."

Choices = Sequence[tuple[str, str]]


class Input(NamedTuple):
    """One field of a form. `kind`: text, area, date, number, choice, check, or person, who is found by typing.

    Of a text the choices are proposals.
    """

    name: str
    label: str
    kind: str
    required: bool
    choices: Choices
    hint: str
    value: str
    wrong: str


class Sources(NamedTuple):
    """What fields can be chosen from: people, units, teams and the things of the case, those a fact can be about.

    `providers` are proposed, and another one may be typed; `types` of measures and support are those the office offers.

    A person is (id, or unit, area and id, in words).
    """

    people: Choices
    units: Choices
    teams: Choices
    things: Mapping[str, Choices]
    providers: Choices
    types: Choices = ()


def offered(may_record: Collection[str]) -> list[tuple[str, list[str]]]:
    """The facts that can be entered by form, under their headings, as far as the person may record them."""
    under = {group: [name for name in may_record if _form(name).group is group] for group in Group}
    return [(group.value, names) for group, names in under.items() if names]


def frequent(may_record: Collection[str]) -> list[str]:
    """Those that are entered most, in this order."""
    return sorted((name for name in may_record if _form(name).rank), key=lambda name: _form(name).rank)


def found(may_record: Collection[str], typed: str) -> list[str]:
    """Those whose name, heading or further words begin with each typed word, or come near it."""
    asked = [_folded(word) for word in typed.split()]
    return [name for name in may_record if asked and all(_says(name, word) for word in asked)]


def _says(name: str, asked: str) -> bool:
    form = _form(name)
    words = [_folded(one) for one in re.findall(r"\w+", f"{declared(name).german} {form.group.value} {form.also}")]
    near = len(asked) > NEAR and bool(difflib.get_close_matches(asked, words, n=1, cutoff=0.8))
    return near or any(one.startswith(asked) for one in words)


def _folded(word: str) -> str:
    """A word as it is compared: small, umlauts as ae, oe, ue, ß as ss."""
    return word.casefold().translate(UMLAUTS)


def buttons(may_record: Collection[str]) -> list[tuple[str, str]]:
    """The frequent ones, each with what its own button says."""
    return [(name, _form(name).button) for name in may_record if _form(name).button]


def case_facts() -> list[str]:
    """The stored names of every fact of a case that a form can record."""
    return [name for name in FACTS if stream_of(name) is Stream.CASE and declared(name).form is not None]


def answering(rules: Sequence[str]) -> list[tuple[str, str, str]]:
    """The entries that answer one of these rules: stored name, what the link says, the first rule it answers."""
    options = {option: rule for rule in reversed(rules) for option in RULES[rule].options}
    forms = ((name, _form(name)) for name in case_facts())
    return [(name, form.link, options[form.option]) for name, form in forms if form.option in options]


def answers_rule(name: str) -> bool:
    """Whether a fact says which rule it answers."""
    return "rule" in _form(name).apart


def says(name: str) -> dict[str, str]:
    """What the form of a fact itself says."""
    return dict(_form(name).says)


def begun(name: str) -> str:
    """The field with the id of the thing that begins with this fact; "" if none does."""
    said = declared(name)
    return said.thing if said.begins and said.thing else ""


def _form(name: str) -> Form:
    form = declared(name).form
    assert form is not None, name
    return form


def things(timeline: Timeline, name: str = "") -> dict[str, Choices]:
    """The things of a case to choose from, the newest first, of own follow-ups those that are open; for a fact those it
    can be about, open ones first.
    """
    appointments = [
        (one.appointment, f"{dates.with_weekday(one.on)} – {labels.code(one.status)}") for one in timeline.appointments
    ]
    jobs = [(_thing(one.start.fact, "employment"), _since(one.start.fact, one.first)) for one in timeline.employment]
    measures = [(_thing(one.start.fact, "measure"), _since(one.start.fact, one.first)) for one in timeline.measures]
    follow_ups = [
        (one.follow_up, f"{dates.with_weekday(one.due_on)} – {one.subject}") for one in own.standing(timeline)
    ]
    every = {"appointment": appointments[::-1], "employment": jobs[::-1], "measure": measures[::-1]}
    every["follow_up"] = follow_ups[::-1]
    every |= {field: [*_begun(timeline, field)] for field in ("need", "consent", "referral")}
    every["target"] = [(one.id, f"{said_of(one)}, {dates.plain(one.on)}") for one in unfiled(timeline)]
    field = declared(name).thing if name else None
    if field is None or field not in every or (declared(name).begins and not carries_out(name)):
        return {**every}
    plans = [
        (_thing(one.fact, field), f"geplant: {_since(one.fact, one.on)}") for one in standing.planned(timeline, field)
    ]
    words = dict([*every[field], *(plans if field == "measure" else [])])
    return {**every, field: [(one, words[one]) for one in possible.about(name, timeline)]}


def carries_out(name: str) -> bool:
    """Whether what begins with this fact may have been planned before."""
    return FACTS[name] in possible.PLANS


def _begun(timeline: Timeline, field: str) -> Choices:
    """The things that a fact began, the newest first, those that are over last."""
    newest_first = standing.of(timeline, field)[::-1]
    found = sorted(newest_first, key=lambda one: one.ended is not None)
    return [(one.thing, _called(one)) for one in found]


def _called(one: Standing) -> str:
    """What a need, a consent or a referral is about, and since when."""
    fact = one.first.fact
    said = next((code for key in ("type", "provider", "scope") if (code := getattr(fact, key, None))), "")
    over = f", bis {dates.plain(one.ended.on)}" if one.ended else ""
    return f"{labels.code(said)}, {dates.plain(one.first.on)}{over}"


def inputs(
    name: str, sources: Sources, given: Mapping[str, str], wrong: Mapping[str, str], *, correcting: bool = False
) -> list[Input]:
    """The fields of a fact in their order; the id of a thing that only begins is left to the service.

    `correcting`: without the ids of things, which a correction cannot change. What no person fills in is left out, and
    a team where the office has none.
    """
    left_out = {"late_reason", begun(name), *_form(name).apart, *_form(name).says} | (
        set() if sources.teams else {"team"}
    )
    planned = [] if correcting else _planned(name, sources, given)
    return planned + [
        _input(name, field, sources, given, wrong)
        for field in msgspec.structs.fields(FACTS[name])
        if field.encode_name not in left_out and not (correcting and marks(name).get(field.encode_name) == Mark.THING)
    ]


def _planned(name: str, sources: Sources, given: Mapping[str, str]) -> list[Input]:
    """Of what was planned before: which plan it carries out, or none of them."""
    thing = begun(name)
    plans = sources.things.get(thing, ()) if carries_out(name) else ()
    if not plans:
        return []
    value = given.get(thing, "")
    other = value if value not in dict(plans) else fresh_id()
    choices = [*plans, (other, "eine andere, nicht geplante")]
    return [Input(thing, labels.field(thing, name), "choice", True, choices, PLAN_HINT, value, "")]


def understood(name: str, form: FormData, today: dt.date, people: Choices = (), holder: str = "") -> FormData:
    """The form with every day as JJJJ-MM-TT and every person by id, so that what is saved is what was seen before.

    The fact's own day may lie behind. `holder`: who of these people has the case already, meant only where nobody else
    can be. Unit and area follow from the person where they were left empty. Raises
    `Refused` with every field whose day is none, or by whom nobody or more than one can be meant.
    """
    days, wrong = dict[str, str](), list[tuple[str, str]]()
    for key in persons(name):
        if not (typed := (text_in(form, f"{QUICK}{key}") or text_in(form, key)).strip()):
            continue
        try:
            place, days[key] = _person(people, typed, key, holder)
        except Refused as error:
            wrong += error.reasons
        else:
            days |= {part: code for part, code in zip(_place_of(key), place, strict=False) if not text_in(form, part)}
    of_days = (one.encode_name for one in msgspec.structs.fields(FACTS[name]) if _is_day(name, one))
    for key in ("on", *of_days):
        if not text_in(form, key).strip():
            continue
        try:
            days[key] = day_in(form, key, today, near=key == "on").isoformat()
        except Refused as error:
            wrong += error.reasons
    if wrong:
        raise Refused(wrong)
    kept = [(key, value) for key, value in form.multi_items() if key not in days and not key.startswith(QUICK)]
    return FormData([*kept, *days.items()])


def persons(name: str) -> list[str]:
    """The fields of a fact that name somebody who works here."""
    return [key for key, mark in marks(name).items() if mark == Mark.PERSON]


def _place_of(key: str) -> tuple[str, str]:
    """The fields with the unit and the area of a person."""
    before = key.removesuffix("worker")
    return f"{before}unit", f"{before}area"


def _person(people: Choices, typed: str, key: str, holder: str) -> tuple[list[str], str]:
    """Unit and area, as far as they follow, and the id of who is meant. Raises `Refused`."""
    same = [value for value, _ in people if _id(value) == typed]
    others = [one for one in people if one[0] != holder]
    meant = others if receivers.matching(others, typed) else people
    value = same[0] if len(same) == 1 else typed if same else receivers.chosen(meant, typed, key)
    *place, person = value.split(BETWEEN)
    return place, person


def _id(value: str) -> str:
    return value.rsplit(BETWEEN, maxsplit=1)[-1]


def people_in(facts: Iterable[Fact]) -> set[str]:
    """The ids of the people these facts name."""
    found: set[str] = set()
    for fact in facts:
        for key, mark in marks(name_of(fact)).items():
            value = getattr(fact, key, None)
            if mark == Mark.PERSON and isinstance(value, str):
                found.add(value)
    return found


def _input(
    name: str, field: msgspec.structs.FieldInfo, sources: Sources, given: Mapping[str, str], wrong: Mapping[str, str]
) -> Input:
    key = field.encode_name
    kind, choices = _widget(name, key, field.type, sources)
    typed = typed_as(key)
    value = given.get(typed, "")
    if kind == "person":
        value = given.get(f"{QUICK}{key}") or value
        label = next((label for one, label in choices if _id(one) == value), value)
        few = receivers.matching(choices, value)[: receivers.SHOWN] if key in wrong else ()
        return Input(key, labels.field(key, name), kind, field.required, few, PERSON_HINT, label, wrong.get(key, ""))
    follows = any(key in _place_of(one) for one in persons(name))
    said = value.splitlines() if kind == "several" else [value] if kind == "choice" and value else []
    choices = [*choices, *((one, labels.code(one)) for one in said if one not in dict(choices))]  # recorded elsewhere
    hint = LINES_HINT if kind == "area" and is_several(field.type) else ""
    required = field.required and not follows
    return Input(typed, labels.field(key, name), kind, required, choices, hint, value, wrong.get(typed, ""))


def _is_day(name: str, field: msgspec.structs.FieldInfo) -> bool:
    return bare(field.type) is dt.date or field.encode_name in named_days(name)


def _widget(name: str, key: str, hint: Any, sources: Sources) -> tuple[str, Choices]:
    kind = bare(hint)
    mark = marks(name).get(key)
    by_mark: dict[Mark | None, tuple[str, Choices]] = {
        Mark.TEXT: ("area", ()),
        Mark.PERSON: ("person", sources.people),
        Mark.THING: ("choice", sources.things.get(key, ())),
        Mark.TARGET: ("choice", sources.things.get(key, ())),
    }
    known_here: dict[str, tuple[str, Choices]] = {
        "team": ("choice", sources.teams),
        "provider": ("text", sources.providers),
        **({"type": ("choice", sources.types)} if sources.types and asks_type(name) else {}),
        **({key: ("choice", sources.units) for key in ("unit", "to_unit") if sources.units}),
        **(dict.fromkeys(named_days(name), ("date", ()))),
    }
    if mark in by_mark:
        return by_mark[mark]
    return known_here.get(key) or _by_type(kind, _form(name).codes.get(key))


def _by_type(kind: Any, listed: Mapping[str, str] | None) -> tuple[str, Choices]:
    """By what a field holds, and the codes that are listed for it if there are such."""
    one = get_args(kind)[0] if get_origin(kind) is list else kind
    codes = listed or {code: labels.code(code) for code in (get_args(one) if get_origin(one) is Literal else ())}
    if codes:
        return "choice" if one is kind else "several", [*codes.items()]
    if kind is bool:
        return "choice", YES_NO
    return {dt.date: "date", int: "number", float: "number"}.get(kind, "text"), ()


def _thing(fact: Fact, key: str) -> str:
    return str(getattr(fact, key))


def _since(fact: Fact, first: dt.date) -> str:
    kind = getattr(fact, "kind", None) or getattr(fact, "type", None) or "Maßnahme"
    hours = getattr(fact, "hours_per_week", None)
    if hours:
        return f"{labels.code(kind)}, {dates.number(hours)} Std./Woche, ab {dates.plain(first)}"
    return f"{labels.code(kind)} ab {dates.plain(first)}"


def asks_type(name: str) -> bool:
    """Whether a fact has a type of measure or support."""
    return _form(name).codes.get("type") is MEASURES
