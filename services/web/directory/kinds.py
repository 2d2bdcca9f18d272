"""What of the directory can be changed how: the fields asked for, what was typed as a proposal, its words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, get_args
from urllib.parse import parse_qsl, urlencode

from domain import words
from domain.decisions.refusal import Refused
from domain.directory import Assignment
from domain.facts.base import CODE_SHAPE
from domain.facts.directory import Carrier
from domain.facts.office import DirectoryProposed
from domain.organisation import Organisation
from services.casework.directory import Newcomer, Wish
from services.web.words import labels
from services.web.words.forms import Input, Typed, Wrong, day_of, field

NOT_HERE = {"client", "provider", "municipality", "regional_directorate", "headquarters"}  # who does not work here
ROLES = [(code, name) for code, name in labels.ROLE.items() if code not in NOT_HERE]
LAST = "Letzter Tag"
YES_NO = [("ja", "ja"), ("nein", "nein")]
PLACE_FIELDS = ("role", "unit", "area", "team")
LONGEST = 128
CHOOSE = "Bitte eine Angabe aus der Liste wählen."


class Kind(NamedTuple):
    """A change: what it is called, what its day is, the fields it asks for beside day and source."""

    name: str
    day: str
    fields: tuple[str, ...]


KINDS = {
    "unit-opened": Kind(
        "Einheit eröffnen", "Ab dem Tag", ("unit", "name", "short", "carrier", "placement", "parent", "previous")
    ),
    "unit-closed": Kind("Einheit schließen", LAST, ("unit",)),
    "person-added": Kind("Person aufnehmen", "Ab dem Tag", ("person", "name", "mail", *PLACE_FIELDS)),
    "person-left": Kind("Austritt", LAST, ("person",)),
    "role-assigned": Kind("Rolle geben", "Ab dem Tag", ("person", *PLACE_FIELDS)),
    "role-ended": Kind("Rolle beenden", LAST, ("person", "held")),
}
OF_A_PERSON = ("person-left", "role-assigned", "role-ended")  # who is already there
NAMES = {
    "unit": "Einheit",
    "name": "Name",
    "short": "Kurzname",
    "carrier": "Träger",
    "placement": "Hat einen Vermittlungsbereich",
    "parent": "Liegt in der Einheit",
    "previous": "Führt fort",
    "person": "Kennung der Person",
    "mail": "Mailadresse",
    "role": "Rolle",
    "area": "Nur für den Bereich",
    "team": "Team",
    "held": "Rolle",
}
OPTIONAL = ("short", "carrier", "placement", "parent", "previous", "mail", "area", "team")
HINTS = {
    "unit": "Die Nummer, z. B. 56.4.",
    "person": "So, wie sie beim Anmeldedienst heißt, z. B. fm-7.",
    "team": "Ein Teil der Einheit, z. B. nord. Wer ein Team leitet, sieht und entscheidet nur dessen Fälle.",
    "previous": "Fälle, Rollen und Zuständigkeiten dieser Einheit laufen hier weiter, sobald sie geschlossen ist.",
}


def inputs(kind: str, organisation: Organisation, person: str, day: dt.date, typed: Typed, wrong: Wrong) -> list[Input]:
    """The fields of a change, with what is typed in them and wrong with it; `person`: whom it is about, if chosen."""
    units = [(unit.code, f"{unit.code} {unit.name}") for unit in organisation.units(day)]
    said = KINDS[kind]
    choices: dict[str, Sequence[tuple[str, str]]] = {
        "carrier": [(code, words.CARRIERS[code]) for code in get_args(Carrier)],
        "placement": YES_NO,
        "parent": units,
        "previous": units,
        "area": list(words.AREAS.items()),
        "role": ROLES,
        "held": [(code_of(held), place(held)) for held in organisation.roles(person, day)] if person else [],
        "unit": [] if kind == "unit-opened" else units,
    }
    asked = [name for name in said.fields if not (name == "person" and kind in OF_A_PERSON)]
    of_kind = [
        field(
            name,
            NAMES[name],
            typed,
            wrong,
            kind="choice" if choices.get(name) else "text",
            required=name not in OPTIONAL and not (kind == "person-added" and name in PLACE_FIELDS),
            choices=list(choices.get(name, ())),
            hint=HINTS.get(name, "") if not (name == "unit" and choices["unit"]) else "",
        )
        for name in asked
    ]
    why = "Verfügung, Personalmitteilung, Organisationsplan: mit Nummer und Tag."
    return [
        *of_kind,
        field("on", said.day, typed, wrong, kind="date"),
        field("source", "Quelle", typed, wrong, kind="area", hint=why),
    ]


def code_of(held: Assignment) -> str:
    """What names a role of somebody in a form."""
    said = {"role": held.role, "unit": held.unit, "area": held.area, "team": held.team}
    return urlencode({name: value for name, value in said.items() if value})


def wish(kind: str, typed: Typed, person: str, today: dt.date) -> Wish:
    """What was typed, about a person by id. Raises `Refused` with the fields that cannot be read."""
    wrong: dict[str, str] = {}
    on = today
    try:
        on = day_of("on", typed.get("on", ""), today)
    except Refused as error:
        wrong |= dict(error.reasons)
    said: dict[str, Any] = {name: typed.get(name, "").strip() or None for name in KINDS[kind].fields}
    said |= {"person": person or said.get("person")} if "person" in said else {}
    names = _names(said) if kind == "person-added" else {}
    _tidy(kind, said, wrong)
    for name, value in (*said.items(), *names.items()):
        if isinstance(value, str) and (over := words.too_long(value, LONGEST)):
            wrong.setdefault(name, over)
    if wrong:
        raise Refused(list(wrong.items()))
    source = typed.get("source", "").strip()
    return Wish(DirectoryProposed(becomes=kind, source=source or "-", **said), on, names)  # type: ignore[arg-type]


def _names(said: dict[str, Any]) -> dict[str, str]:
    return {name: value for name in ("name", "mail") if (value := said.pop(name))}


def _tidy(kind: str, said: dict[str, Any], wrong: dict[str, str]) -> None:
    """The fields as the fact has them; what is no choice of the form is not taken for one."""
    if kind == "role-ended":
        held = dict(parse_qsl(said.pop("held") or ""))
        said |= {name: held.get(name) for name in PLACE_FIELDS}
    if "placement" in said:
        said["has_placement_area"] = {"ja": True, "nein": False}.get(said.pop("placement") or "")
    known: dict[str, Collection[str]] = {"role": labels.ROLE, "area": words.AREAS, "carrier": words.CARRIERS}
    for name, codes in known.items():
        if said.get(name) and said[name] not in codes:
            wrong["held" if kind == "role-ended" else name] = CHOOSE
    if said.get("team") and not re.fullmatch(CODE_SHAPE, said["team"]):
        wrong["team"] = "Ein Team hat 1 bis 32 Buchstaben, Ziffern und _ . / -."
    if kind == "role-ended" and not said["role"]:
        wrong["held"] = CHOOSE


# --- in words ---


def place(held: Assignment | DirectoryProposed) -> str:
    """A role with where it holds: "AV/AGS in 56.4, Team T1"."""
    name = labels.ROLE.get(held.role or "", held.role or "")
    area = words.AREAS.get(held.area or "", "")
    where = f" in {held.unit}" if held.unit else ""
    return ", ".join(
        filter(None, (f"{name}{where}", area if area != name else "", f"Team {held.team}" if held.team else ""))
    )


def title(fact: DirectoryProposed, names: Mapping[str, str]) -> str:
    """What a proposal is about: "Brandt, Anna: Rolle geben"."""
    whom = names.get(fact.person or "", "") if fact.person else fact.unit
    return f"{whom}: {KINDS[fact.becomes].name}"


def said(fact: DirectoryProposed, new: Newcomer | None = None) -> str:
    """What is proposed: "AV/AGS in 56.4", "Duderstadt, liegt in 56"; nothing where the title says it.

    `new`: who is to be added, for whoever may decide about it: "Kennung fm-30, Mailadresse n@amt.de, AV/AGS in 56.4".
    """
    if new is not None and fact.becomes == "person-added":
        mail = f"Mailadresse {new.mail}" if new.mail else "ohne Mailadresse"
        return ", ".join(filter(None, (f"Kennung {new.id}", mail, place(fact) if fact.role else "ohne Rolle")))
    if fact.role:
        return place(fact)
    if fact.becomes == "unit-opened":
        lies = f"liegt in {fact.parent}" if fact.parent else ""
        return ", ".join(filter(None, (fact.name, lies, f"führt {fact.previous} fort" if fact.previous else "")))
    return ""


def bound(fact: DirectoryProposed) -> str:
    """What the day of a proposal is."""
    return "letzter Tag" if KINDS[fact.becomes].day == LAST else "ab"
