"""A profile by choosing: what a row is, which column says what, what the words in it mean; in three steps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from starlette.datastructures import FormData, QueryParams

from domain.actions import Action
from domain.facts import FACTS, Stream, declared, stream_of
from domain.knowledge import Modifier
from services.exchange.profiles.cells import is_list
from services.exchange.profiles.profile import ABOUT, words
from services.exchange.uploads.shelf import Hidden, Top
from services.records.reasons import field_types
from services.web.words import labels

Given = QueryParams | FormData
ENVELOPE = (
    ("on", "Tag, ab dem es gilt", True),
    ("id", "Nummer der Zeile im anderen Programm", False),
    ("recorded_at", "erfasst am", False),
    ("by", "erfasst von (Kennung)", False),
    ("when", "nur Zeilen, in denen hier etwas steht", False),
)
WHOSE = {Stream.CASE: "Fallnummer", Stream.PERSON: "Kennung der Person", Stream.UNIT: "Nummer der Einheit"}
GROUPS = {Stream.CASE: "Fälle", Stream.PERSON: "Personal", Stream.UNIT: "Einheiten"}
LEFT_OUT = frozenset({"late_reason"})
LINKS = frozenset({"same-thing-noted", "same-person-noted", "other-person-noted"})  # come from no row
OF_CASES = [name for name in FACTS if stream_of(name) is Stream.CASE]
DECISIONS = frozenset(name for name in OF_CASES if declared(name).action is Action.DECIDE)  # a lead takes them here
EMPTY = ["", "-", "n. b.", "#NV"]
ALWAYS = "="  # begins a choice that is no column: this code in every row
GUESSES: Mapping[str, tuple[str, ...]] = {
    "case": ("fallnummer", "fall-nr", "fallnr", "fall", "aktenzeichen"),
    "person": ("kennung", "personal-nr", "personalnummer", "benutzer"),
    "unit": ("einheit", "fachdienst", "dienststelle"),
    "on": ("beginn", "datum", "ab", "gültig ab", "tag", "von"),
    "recorded_at": ("erfasst am",),
    "by": ("erfasst von",),
}
_DAY = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}.*|\d{4}-\d{2}-\d{2}.*")
_NUMBER = re.compile(r"[+-]?[\d.]*\d(?:[.,]\d+)?")


class Column(NamedTuple):
    """A column of the file: its name, and what seems to stand in it."""

    name: str
    holds: str


class Field(NamedTuple):
    """A question of the second step: which column says this."""

    key: str
    label: str
    required: bool
    codes: Mapping[str, str]  # of a closed list: code -> German word
    chosen: str


def offered() -> dict[str, list[tuple[str, str]]]:
    """The facts a row can be: (name, German), by whose they are, sorted."""
    found: dict[str, list[tuple[str, str]]] = {GROUPS[stream]: [] for stream in ABOUT}
    for name, fact in FACTS.items():
        if (group := GROUPS.get(stream_of(name))) and not issubclass(fact, Modifier) and name not in LINKS | DECISIONS:
            found[group].append((name, labels.fact(name)))
    return {group: sorted(facts, key=lambda one: one[1].casefold()) for group, facts in found.items()}


@cache
def _names() -> frozenset[str]:
    return frozenset(name for facts in offered().values() for name, _ in facts)


def fact_in(given: Given) -> str:
    """The fact that was chosen; "" if none was."""
    said = given.get("eintrag")
    return said if isinstance(said, str) and said in _names() else ""


def guessed_head(top: Top) -> int:
    """The row that looks like the names of the columns: the first of those with the most different texts."""

    def texts(row: tuple[int, list[str]]) -> int:
        return len({one for one in row[1] if one and not _NUMBER.fullmatch(one) and not _DAY.fullmatch(one)})

    return max(top.rows, key=lambda row: (texts(row), -row[0]))[0] if top.rows else 1


def columns(top: Top, head: int) -> list[Column]:
    """The named columns below a head."""
    names: Sequence[str] = next((row for number, row in top.rows if number == head), ())
    below = [row for number, row in top.rows if number > head]
    return [
        Column(name, _holds([row[at] for row in below if at < len(row) and row[at]]))
        for at, name in enumerate(names)
        if name and names.count(name) == 1
    ]


def _holds(cells: Sequence[str]) -> str:
    if not cells:
        return "leer"
    if all(_DAY.fullmatch(one) for one in cells):
        return "Tage"
    return "Zahlen" if all(_NUMBER.fullmatch(one) for one in cells) else "Text"


def fields(fact: str, there: Sequence[Column], given: Given) -> list[Field]:
    """What is asked about the columns, with what was chosen or is likely."""
    stream = stream_of(fact)
    asked = ((stream.value, WHOSE[stream], True), *ENVELOPE)
    found = [Field(key, label, must, {}, _chosen(key, label, there, given)) for key, label, must in asked]
    for name, kind in field_types(fact).items():
        if name not in LEFT_OUT:
            label, key = labels.field(name), f"data.{name}"
            codes = {str(code): labels.code(code) for code in words(kind.type)}
            found.append(Field(key, label, kind.required, codes, _chosen(key, label, there, given)))
    return found


def _chosen(key: str, label: str, there: Sequence[Column], given: Given) -> str:
    if f"s.{key}" in given:
        return str(given[f"s.{key}"])
    likely = (label.casefold(), *GUESSES.get(key, ()))
    return next((one.name for word in likely for one in there if one.name.casefold() == word), "")


def wrong_in(asked: Sequence[Field], there: Sequence[Column]) -> dict[str, str]:
    """What is missing, or is no column of the file."""
    known = {one.name for one in there}
    wrong = {one.key: "Bitte eine Spalte wählen." for one in asked if one.required and not one.chosen}
    for one in asked:
        constant = one.chosen.startswith(ALWAYS) and one.chosen.removeprefix(ALWAYS) in one.codes
        if one.chosen and one.chosen not in known and not constant:
            wrong[one.key] = "Diese Spalte gibt es in der Datei nicht."
    return wrong


def translated(asked: Sequence[Field], there: Sequence[Column]) -> dict[str, Field]:
    """The fields of closed lists that come from a column, by the field."""
    known = {one.name for one in there}
    return {one.key: one for one in asked if one.codes and one.chosen in known}


def given_fact(fact: str, asked: Sequence[Field], meanings: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The [[fact]] of the profile; `meanings`: for each translated field, word -> code."""
    said: dict[str, Any] = {"fact": fact}
    data: dict[str, Any] = {}
    types = field_types(fact)
    for one in asked:
        if not one.chosen:
            continue
        name = one.key.removeprefix("data.")
        if name == one.key:
            said |= _of_envelope(fact, one)
        elif one.chosen.startswith(ALWAYS) and one.codes:
            data[name] = {"value": one.chosen.removeprefix(ALWAYS)}
        else:
            data[name] = _of_field(one, meanings.get(one.key), as_list=is_list(types[name].type))
    return said | ({"data": data} if data else {})


def _of_envelope(fact: str, one: Field) -> dict[str, Any]:
    match one.key:
        case "id":
            return {"id": f"{fact}:{{{one.chosen}}}"}
        case "when":
            return {"when": {one.chosen: "*"}}
    return {one.key: one.chosen}


def _of_field(one: Field, meant: Mapping[str, str] | None, *, as_list: bool) -> Any:
    if meant is None and not as_list:
        return one.chosen
    said: dict[str, Any] = {"column": one.chosen}
    said |= {"values": dict(meant)} if meant is not None else {}
    return said | ({"split": ";"} if as_list else {})


def layout(hidden: Hidden, top: Top, head: int) -> dict[str, Any]:
    """The [file] of the profile: what is not as it would be anyway."""
    said: dict[str, Any] = {"sheet": top.sheet} if top.sheet and len(hidden.tops) > 1 else {}
    return said | ({"header": head} if head != 1 else {}) | {"empty": EMPTY}


def reads_otherwise(there: Mapping[str, Any], top: Top, head: int, first: Top) -> str:
    """Where a [file] finds its rows, in words, if that is not below this head of this sheet; "" if it is."""
    if (there.get("sheet") or first.sheet, there.get("header", 1)) == (top.sheet, head) and "fields" not in there:
        return ""
    sheet = f"das Blatt „{there['sheet']}“" if there.get("sheet") else "das erste Blatt"
    return f"{sheet} mit den Spaltennamen in Zeile {there.get('header', 1)}"
