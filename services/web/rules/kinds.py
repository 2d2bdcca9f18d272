"""What of the office's settings can be set how: the fields asked for, what was typed as a proposal, its words."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, NamedTuple

from domain import words
from domain.decisions.refusal import Refused
from domain.facts.base import CODE_SHAPE
from domain.facts.office import OfficeSet, SettingProposed
from domain.office.setting import Setting, name_of
from domain.proposals import becomes
from domain.rules import RULES, Rule
from domain.rules.thresholds import Number
from domain.settings import SETTINGS
from notifications import wording
from services.web.rules import others
from services.web.rules.others import SHIPPED
from services.web.words import dates, forms
from services.web.words.forms import Input, Typed, Wrong
from services.web.words.forms import field as _input

STATE_CHOICES = [("on", "an: wird gemeldet"), ("list", "nur in Listen"), ("off", "aus: nirgends fällig")]
LETTERS = dict(zip(wording.LETTERS, ("Einladung", "Rechtsfolgenbelehrung der Einladung"), strict=True))


class Named(NamedTuple):
    """A setting as an address names it: a rule ("R-04"), a stage of one ("R-04/check"), a text ("rules/R-04"), a
    further one ("land"), an item of it ("checkbox/other"), a new item ("checkbox").
    """

    rule: Rule | None
    stage: str = ""
    text: str = ""
    row: Setting | None = None
    item: str = ""

    @property
    def key(self) -> str:
        """Its name in an address."""
        if self.row:
            return name_of(self.row.name, self.item)
        return self.text or "/".join(filter(None, (self.rule.id if self.rule else "", self.stage)))

    @property
    def title(self) -> str:
        """What it is called."""
        if self.row:
            return others.title(self.row, self.item)
        if self.rule is None:
            return LETTERS[self.text]
        stage = words.STAGES.get(self.stage, self.stage)
        if self.text:
            return f"{self.rule.name}: Wortlaut{f' „{stage}“' if stage else ''}"
        return f"{self.rule.name}: {stage or 'Zustand'}"

    @property
    def number(self) -> Number:
        """The shipped one of a stage."""
        return self.rule.numbers[self.stage] if self.rule and self.stage else Number()

    @property
    def before(self) -> bool:
        """Whether its days count back from a day."""
        return min(self.number) < 0

    @property
    def by_unit(self) -> bool:
        """Whether a unit may have its own."""
        return self.row.by_unit if self.row else not self.text


def named(key: str) -> Named | None:
    """The setting of a name; None if there is none."""
    item = key.partition("/")[2]
    if row := row_of(key):
        there = item in row.shipped or (row.grows and (not item or re.fullmatch(CODE_SHAPE, item)))
        return Named(None, row=row, item=item) if there else None
    text = key if wording.is_known(key) else ""
    rule, _, stage = key.removeprefix("rules/" if text else "").partition("/")
    if text in LETTERS:
        return Named(None, text=text)
    if rule not in RULES or (stage and stage not in RULES[rule].stages):
        return None
    return Named(RULES[rule], stage, text)


def inputs(setting: Named, typed: Typed, wrong: Wrong) -> list[Input]:
    """The fields that say what shall hold; what is typed in them, and what is wrong with that."""
    if setting.row:
        return [_input(typed=typed, wrong=wrong, **one) for one in others.fields(setting.row, setting.item)]
    if setting.text:
        names = ", ".join(f"{{{one}}}" for one in wording.names(setting.text))
        about = f"Leer: wie {SHIPPED}. " + (f"Ersetzt wird, was in Klammern steht: {names}." if names else "")
        return [_input("body", "Wortlaut", typed, wrong, kind="area", required=False, hint=about.strip())]
    if not setting.stage:
        about = "Leer: ohne Grenze. Was vor diesem Tag begonnen hat, wird Altfall und niemandem einzeln gemeldet."
        return [
            _input("state", "Zustand", typed, wrong, kind="choice", choices=STATE_CHOICES),
            _input("applies_from", "gilt ab", typed, wrong, kind="date", required=False, hint=about),
        ]
    back = f"Beides leer: wie mitgeliefert ({shipped(setting)})."
    days = _input("days", "Tage vorher" if setting.before else "Tage", typed, wrong, kind="number", required=False)
    if setting.before:
        return [days | {"hint": f"Leer: wie mitgeliefert ({shipped(setting)})."}]
    return [_input("months", "Monate", typed, wrong, kind="number", required=False, hint=back), days]


def around(units: list[str], typed: Typed, wrong: Wrong) -> list[Input]:
    """The fields that every setting has: where, from when on, why."""
    of_units = [(unit, unit) for unit in units]
    why = "Verfügung, Dienstanweisung, Beschluss: mit Nummer und Tag."
    where = _input("unit", "Nur für die Einheit", typed, wrong, kind="choice", required=False, choices=of_units)
    return [
        *([where] if units else []),
        _input("on", "Gilt vom Tag an", typed, wrong, kind="date"),
        _input("source", "Quelle", typed, wrong, kind="area", hint=why),
    ]


# --- what was typed ---


def proposal(
    setting: Named, typed: Typed, today: dt.date, known: frozenset[str] = frozenset()
) -> tuple[SettingProposed, dt.date]:
    """What is proposed, and from which day on; `known`: the items the setting has already.

    Raises `Refused` with the fields that cannot be read.
    """
    wrong: dict[str, str] = {}
    said: dict[str, Any] = {}
    on = _day("on", typed, today, wrong) or today
    if setting.row:
        try:
            said = others.proposed(setting.row, setting.item, typed, known)
        except Refused as error:
            said, wrong = {}, wrong | dict(error.reasons)
    elif setting.text:
        body = "\n".join(typed.get("body", "").splitlines()).strip()
        said = {"text": setting.text, "body": body or None}
        over = words.too_long(body, 16_000)
        wrong |= {"body": over} if over else {}
    else:
        said = _number(setting, typed, wrong) if setting.stage else _state(typed, today, wrong)
        said |= {"rule": setting.rule.id if setting.rule else None, "stage": setting.stage or None}
    if setting.by_unit:
        said["unit"] = typed.get("unit") or None
    if not typed.get("on", "").strip():
        wrong["on"] = "Bitte einen Tag angeben, z. B. 10.03.2026."
    if wrong:
        raise Refused(list(wrong.items()))
    kind: Any = "text-set" if setting.text else "threshold-set" if setting.stage else "rule-set"
    kind = "office-set" if setting.row else kind
    return SettingProposed(becomes=kind, source=typed.get("source", "").strip() or "-", **said), on


def _day(field: str, typed: Typed, today: dt.date, wrong: dict[str, str]) -> dt.date | None:
    try:
        return forms.day_of(field, typed[field], today) if typed.get(field, "").strip() else None
    except Refused as error:
        wrong |= dict(error.reasons)
        return None


def _state(typed: Typed, today: dt.date, wrong: dict[str, str]) -> dict[str, Any]:
    state = typed.get("state", "")
    if state not in words.STATES:
        wrong["state"] = "Bitte wählen, wie die Regel stehen soll."
    return {"state": state, "applies_from": _day("applies_from", typed, today, wrong)}


def _number(setting: Named, typed: Typed, wrong: dict[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for field, most in (("months", 120), ("days", 3_660)):
        text = typed.get(field, "").strip()
        if not text:
            continue
        if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text) <= most):
            wrong[field] = f"Bitte eine ganze Zahl von 0 bis {dates.number(most)} angeben."
        else:
            said[field] = int(text)
    if setting.before and "days" in said:
        said["days"] = -said["days"]
    return said


# --- in words ---


def shipped(setting: Named) -> str:
    """The number a stage is shipped with."""
    return words.length(*setting.number)


def said(fact: SettingProposed) -> str:
    """What is proposed: "an, gilt ab 01.08.2026", "8 Monate"."""
    if fact.becomes == "rule-set":
        return state(fact.state or "", fact.applies_from)
    setting = becomes(fact, approved_by="-")
    if isinstance(setting, OfficeSet):
        return others.said(setting) if setting.setting in SETTINGS else setting.setting
    if fact.becomes == "text-set":
        return fact.body or f"wie {SHIPPED}"
    if fact.months is None and fact.days is None:
        stage = named(f"{fact.rule}/{fact.stage}")
        return f"wie {SHIPPED} ({shipped(stage)})" if stage else SHIPPED
    return words.length(fact.months or 0, fact.days or 0)


def state(name: str, since: dt.date | None) -> str:
    """How a rule stands: "an, gilt ab 01.08.2026"."""
    return words.STATES.get(name, name) + (f", gilt ab {dates.plain(since)}" if since else "")


OF_SETTINGS = ("rule-set", "threshold-set", "text-set", "office-set")


def title(fact: SettingProposed) -> str:
    """What the proposal is about."""
    return titled(key(fact))


def key(fact: SettingProposed) -> str:
    """The name of the setting a proposal is about; "" if it is about none, but about what rules rest on."""
    if fact.becomes not in OF_SETTINGS:
        return ""
    own = name_of(fact.setting, fact.item) if fact.setting else ""
    return own or fact.text or "/".join(filter(None, (fact.rule, fact.stage)))


def row_of(key: str) -> Setting | None:
    """The further setting of a name, or that of one of its items."""
    return SETTINGS.get(key.partition("/")[0])


def titled(key: str) -> str:
    """What a setting of this name is called."""
    setting = named(key)
    return setting.title if setting else key
