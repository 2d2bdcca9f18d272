"""The further settings of the office on its pages: the fields asked for, what was typed, what is set in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain import words
from domain.decisions.refusal import Refused
from domain.facts.office import OfficeSet
from domain.office.setting import Setting, Value, is_back, value
from domain.settings import SETTINGS

SHIPPED = "mitgeliefert"
ITEM_LENGTH, LABEL_LENGTH = 32, 200
HOW = {"": "wie hier angegeben", "shipped": f"wie {SHIPPED}", "gone": "wird nicht mehr angeboten"}
CODE = "Kurz, ohne Leerzeichen, z. B. „umzug“. Unter diesem Kürzel steht es in Dateien."


def fields(row: Setting, item: str) -> list[dict[str, Any]]:
    """The fields that say what shall hold, each with its name, label and kind."""
    told = row.about
    found: list[dict[str, Any]] = []
    if row.grows and not item:
        found.append({"name": "item", "label": "Kürzel", "kind": "text", "hint": CODE})
    else:
        ways = [(key, word) for key, word in HOW.items() if key and (key != "gone" or row.label)]
        ways = [one for one in ways if one[0] != "shipped" or item in row.shipped]
        found.append({"name": "how", "label": "Statt der Angaben unten", "kind": "choice", "choices": ways})
        found[-1] |= {"required": False}
    if row.label:
        found.append({"name": "label", "label": row.label.split()[-1].capitalize(), "kind": "text"})
    if row.choices:
        kind = "choice" if row.most == 1 else "several"
        found.append({"name": "codes", "label": row.chosen, "kind": kind, "choices": list(row.possible(item).items())})
        found[-1] |= {"required": row.least > 0}
    found[0] |= {"hint": " ".join(filter(None, (told, found[0].get("hint", ""))))}
    return found


def typed_of(row: Setting, what: Value | None) -> dict[str, str]:
    """What holds, as the fields of the form have it."""
    return {"label": what.label, "codes": "\n".join(what.codes)} if what else {}


def proposed(row: Setting, item: str, typed: Mapping[str, str], known: frozenset[str]) -> dict[str, Any]:
    """The fields of what is proposed. `known`: the items there are. Raises `Refused`."""
    new = row.grows and not item
    said: dict[str, Any] = {"setting": row.name, "item": item or None}
    if new:
        said["item"] = _code(typed.get("item", "").strip(), row, known)
    if typed.get("how") == "shipped":
        return said
    if typed.get("how") == "gone":
        return said | {"offered": False}
    label = " ".join(typed.get("label", "").split())
    if over := words.too_long(label, LABEL_LENGTH):
        raise Refused([("label", over)])
    codes = [one for one in typed.get("codes", "").splitlines() if one]
    return said | {"label": label if row.label else None, "codes": codes if row.choices else None}


def _code(typed: str, row: Setting, known: frozenset[str]) -> str:
    plain = typed.isascii() and typed.replace("-", "").isalnum() and typed == typed.lower()
    if not plain or len(typed) > ITEM_LENGTH:
        asked = f"Bitte ein Kürzel aus Kleinbuchstaben, Ziffern und Bindestrichen, höchstens {ITEM_LENGTH} Zeichen."
        raise Refused([("item", asked)])
    if typed in known:
        raise Refused([("item", f"Das Kürzel „{typed}“ gibt es schon. Bitte dort ändern oder ein anderes wählen.")])
    return typed


# --- in words ---


def title(row: Setting, item: str, what: Value | None = None) -> str:
    """What the setting of an item is called."""
    if not item:
        return row.german
    return f"{row.german}: {item_name(row, item, what)}"


def item_name(row: Setting, item: str, what: Value | None = None) -> str:
    """What an item is called."""
    shipped = row.shipped.get(item)
    return row.items.get(item) or (what.label if what else "") or (shipped.label if shipped else "") or item


def in_words(row: Setting | None, what: Value | None) -> str:
    """What is set: "Bayern", "zuständige Fachkraft, Leitung", "PACE (Persönlichkeit)"."""
    if what is None or row is None:
        return "nicht angeboten"
    codes = ", ".join(row.choices[one] for one in what.codes if one in row.choices)
    if row.label:
        return f"{what.label} ({codes})" if codes else what.label
    return codes or "keine"


def said(fact: OfficeSet) -> str:
    """What a setting says, or a proposal of one."""
    row = SETTINGS[fact.setting]
    back = is_back(fact) and (fact.item or "") in row.shipped
    return f"wie {SHIPPED} ({in_words(row, value(row, fact))})" if back else in_words(row, value(row, fact))
