"""What rules rest on, as it is entered: words, directives, local orders, Dienstvereinbarungen; one row a kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from domain import evaluations
from domain.decisions.refusal import Refused
from domain.facts.office import Becomes, SettingProposed
from domain.law import MATTERS
from domain.rules import RULES
from services.web.words import dates, forms, labels
from services.web.words.forms import Input, Typed, Wrong

DECIDERS = ("team_lead", "unit_lead", "area_lead", "management")
LEGAL = "Gesetz mit Fundstelle, Weisung oder Schreiben."
Shape = Literal["text", "area", "date", "choice", "several", "ask"]


class Field(NamedTuple):
    """A field of a kind; `ask` is one box to tick."""

    name: str
    label: str
    shape: Shape = "text"
    required: bool = True
    hint: str = ""
    missing: str = ""


class Kind(NamedTuple):
    """A kind of ground: what it is called, its fields, what its day and its source are called, where it is listed."""

    title: str
    fields: Sequence[Field]
    day: str
    source: Field
    listed: str
    by_unit: bool = False


KINDS: Mapping[Becomes, Kind] = {
    "word-set": Kind(
        "Wort oder Regel des Rechts",
        (
            Field("about", "Wofür", "choice", missing="Bitte wählen, wofür das Wort steht."),
            Field("word", "Wort oder was gilt", missing="Bitte das Wort angeben."),
        ),
        "Gilt vom Tag an",
        Field(
            "source", "Quelle", "area", hint=f"{LEGAL} Wer ein mitgeliefertes Wort bestätigt, nimmt „zu prüfen“ weg."
        ),
        "/regeln/grundlagen#worte",
    ),
    "directive-published": Kind(
        "Vorgabe",
        (
            Field("reference", "Nummer", hint="Z. B. Rundschreiben 3/2026.", missing="Bitte die Nummer angeben."),
            Field("title", "Titel", missing="Bitte den Titel angeben."),
            Field("paragraph", "Absatz oder Randnummer", required=False, hint="Was davon die Regel trägt."),
            Field("link", "Adresse", required=False, hint="Wo sie steht, z. B. https://intranet.example/rs-3-2026."),
            Field("published", "Veröffentlicht am", "date", missing="Bitte den Tag der Veröffentlichung angeben."),
            Field("rules", "Regeln, die darauf beruhen", "several", missing="Bitte mindestens eine Regel wählen."),
            Field("receipt", "Kenntnisnahme", "ask", required=False),
        ),
        "Gilt vom Tag an",
        Field("source", "Herausgegeben von", hint="Stelle, z. B. Bundesagentur für Arbeit, Zentrale."),
        "/vorgaben",
    ),
    "local-order-set": Kind(
        "Örtliche Verfügung",
        (
            Field("rule", "Regel", "choice", missing="Bitte die Regel wählen, von der abgewichen wird."),
            Field("order", "Was verfügt ist", "area", missing="Bitte in einem Satz sagen, was verfügt ist."),
            Field("decided_by", "Entschieden von", "choice", missing="Bitte wählen, wer das entschieden hat."),
            Field("until", "Gilt bis", "date", required=False, hint="Leer: bis auf Weiteres."),
        ),
        "Gilt vom Tag an",
        Field("source", "Quelle", "area", hint="Verfügung, Dienstanweisung, Beschluss: mit Nummer und Tag."),
        "/regeln/grundlagen#verfuegungen",
        by_unit=True,
    ),
    "evaluations-agreed": Kind(
        "Dienstvereinbarung über Auswertungen",
        (
            Field("reference", "Aktenzeichen", missing="Bitte das Aktenzeichen angeben."),
            Field("evaluations", "Erlaubte Auswertungen", "several", missing="Bitte wählen, was sie erlaubt."),
            Field("until", "Gilt bis", "date", required=False, hint="Leer: bis auf Weiteres."),
        ),
        "Gilt vom Tag an",
        Field("source", "Quelle", "area", hint="Dienstvereinbarung mit Titel und Tag der Unterschrift."),
        "/auswertungen",
    ),
}


def kind_named(name: str) -> Becomes | None:
    """The kind of a name in an address; none if there is no such."""
    return next((becomes for becomes in KINDS if becomes == name), None)


def names(becomes: Becomes) -> list[str]:
    """The fields of its form."""
    kind = KINDS[becomes]
    return [*(one.name for one in kind.fields), *(["unit"] if kind.by_unit else []), "on", "source"]


def choices(field: str) -> list[tuple[str, str]]:
    """What can be chosen in a field, as (value, words)."""
    match field:
        case "about":
            return [(about, one.title) for about, one in MATTERS.items()]
        case "rule" | "rules":
            return [(rule, f"{one.name} ({rule})") for rule, one in RULES.items()]
        case "decided_by":
            return [(role, labels.ROLE[role]) for role in DECIDERS]
        case "evaluations":
            return [(code, evaluations.REGISTER[code].title) for code in evaluations.OF_STAFF]
        case "receipt":
            return [("ja", "Wer sie gelesen hat, soll das mit einem Klick bestätigen")]
        case _:
            return []


def inputs(becomes: Becomes, typed: Typed, wrong: Wrong, units: Sequence[str]) -> list[Input]:
    """The fields of its form, with what is typed in them and what is wrong with that."""
    kind = KINDS[becomes]
    where = Field("unit", "Nur für die Einheit", "choice", required=False)
    fields = [*kind.fields, *([where] if kind.by_unit and units else []), Field("on", kind.day, "date"), kind.source]
    return [_input(one, typed, wrong, units) for one in fields]


def _input(field: Field, typed: Typed, wrong: Wrong, units: Sequence[str]) -> Input:
    offered = [(unit, unit) for unit in units] if field.name == "unit" else choices(field.name)
    return {
        **{"name": field.name, "label": field.label, "kind": "several" if field.shape == "ask" else field.shape},
        **{"required": field.required, "choices": offered, "hint": field.hint},
        **{"value": typed.get(field.name, ""), "wrong": wrong.get(field.name, "")},
    }


# --- what was typed ---


def proposal(becomes: Becomes, typed: Typed, today: dt.date) -> tuple[SettingProposed, dt.date]:
    """What is proposed, and from which day on. Raises `Refused` with the fields that cannot be read."""
    kind = KINDS[becomes]
    wrong: dict[str, str] = {}
    on = _day(Field("on", kind.day, "date", missing="Bitte einen Tag angeben."), typed, today, wrong)
    said = {one.name: _read(one, typed, today, wrong) for one in kind.fields}
    if kind.by_unit:
        said["unit"] = typed.get("unit", "").strip() or None
    if wrong or on is None:
        raise Refused(list(wrong.items()))
    source = " ".join(typed.get("source", "").split()) or "-"
    return SettingProposed(becomes=becomes, source=source, **said), on


def _read(field: Field, typed: Typed, today: dt.date, wrong: dict[str, str]) -> Any:
    if field.shape == "date":
        return _day(field, typed, today, wrong)
    lines = [one for line in typed.get(field.name, "").splitlines() if (one := " ".join(line.split()))]
    if not lines and field.required:
        wrong[field.name] = field.missing
    if field.shape == "ask":
        return True if lines else None
    if field.shape not in ("choice", "several"):
        return ("\n" if field.shape == "area" else " ").join(lines) or None
    if set(lines) - {value for value, _ in choices(field.name)}:
        wrong[field.name] = "Das steht nicht zur Wahl."
    return list(dict.fromkeys(lines)) if field.shape == "several" else lines[0] if lines else None


def _day(field: Field, typed: Typed, today: dt.date, wrong: dict[str, str]) -> dt.date | None:
    text = typed.get(field.name, "").strip()
    try:
        return forms.day_of(field.name, text, today) if text else None
    except Refused as error:
        wrong |= dict(error.reasons)
        return None
    finally:
        if not text and field.required:
            wrong[field.name] = f"{field.missing.rstrip('.')}, z. B. 10.03.2026."


# --- in words ---


def title(fact: SettingProposed) -> str:
    """What a proposal is about."""
    called = KINDS[fact.becomes].title
    matter = MATTERS.get(fact.about or "")
    rule = RULES.get(fact.rule or "")
    more = matter.title if matter else fact.reference or (rule.name if rule else "")
    return f"{called}: {more}" if more else called


def said(fact: SettingProposed) -> str:
    """What a proposal says, a line each."""
    told = [("", fact.word), ("", fact.title), ("", fact.order), ("Absatz", fact.paragraph), ("Adresse", fact.link)]
    told += [("veröffentlicht am", dates.plain(fact.published) if fact.published else None)]
    told += [("Regeln", ", ".join(rule_names(fact.rules or ())))]
    told += [("erlaubt", "; ".join(_listed("evaluations", fact.evaluations or ())))]
    told += [("entschieden von", labels.ROLE.get(fact.decided_by, "") if fact.decided_by else None)]
    told += [("bis", dates.plain(fact.until) if fact.until else None)]
    told += [("", "Kenntnisnahme wird bestätigt" if fact.receipt else None)]
    return "\n".join(f"{name} {value}".strip() for name, value in told if value)


def rule_names(rules: Sequence[str]) -> list[str]:
    """The short names of rules; of one that there is not, its code."""
    return [RULES[rule].name if rule in RULES else rule for rule in rules]


def _listed(field: str, values: Sequence[str]) -> list[str]:
    words = dict(choices(field))
    return [words.get(value, value) for value in values]
