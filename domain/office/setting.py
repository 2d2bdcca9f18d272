"""What a setting of the office is: a row that says its words, what may be set, what is shipped (Fachkonzept 13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from msgspec import Struct

from domain.facts.office import OfficeSet, ThresholdSet
from domain.knowledge import Known

ONE = ""  # the item of a setting that has one value


class Value(NamedTuple):
    """What is set: words of the office, codes of the choices; each where the setting has it."""

    label: str = ""
    codes: tuple[str, ...] = ()


class Setting(Struct, frozen=True, kw_only=True):
    """One setting; `heading`: what all of its items together are called. `shipped`: what counts while the office has
    set nothing, by item (`ONE`: it has one value).

    `items`: the German words for items that have no label. `grows`: the office may bring in further ones. `kept`: those
    it may not take away. `label`: what its words are called, "" if it has none. `choices`: the codes, each with its
    word; `least` to `most` of them, those of `only_shipped` where they are shipped. `by_unit`: a unit may have its own.
    """

    name: str
    german: str
    heading: str
    source: str
    about: str
    shipped: Mapping[str, Value]
    choices: Mapping[str, str]
    items: Mapping[str, str] = {}
    grows: bool = False
    kept: frozenset[str] = frozenset()
    label: str = ""
    chosen: str = ""
    least: int = 0
    most: int = 1
    only_shipped: frozenset[str] = frozenset()
    by_unit: bool = False

    def says(self, one: Known) -> bool:
        """Whether a fact sets something of it."""
        return isinstance(one.fact, OfficeSet) and one.fact.setting == self.name

    def possible(self, item: str) -> Mapping[str, str]:
        """The codes that can be chosen for an item, each with its word."""
        shipped = self.shipped.get(item, Value()).codes
        return {code: word for code, word in self.choices.items() if code in shipped or code not in self.only_shipped}


Items = Mapping[str, Value]


def name_of(setting: str, item: str | None) -> str:
    """The name of an item of a setting among all that can be set: "land", "checkbox/other"."""
    return f"{setting}/{item}" if item else setting


def weight(change: Known) -> tuple[bool, dt.date, dt.datetime, str]:
    """Which of several counts, the last: one with a unit beats one without, then the latest day, then the recording."""
    unit = cast(OfficeSet | ThresholdSet, change.fact).unit
    return (unit is not None, change.on, change.recorded_at, change.ref)


def on_day(
    setting: Setting, settings: Iterable[Known], day: dt.date, unit: str | None = None, *, gone: bool = False
) -> Items:
    """What is valid for a unit on a day by item, among all settings of the office.

    `gone`: with what is no longer offered, as it was. What cannot be set so (an import keeps it) is passed over.
    """
    said = [one for one in settings if setting.says(one) and one.on <= day]
    mine = [one for one in said if cast(OfficeSet, one.fact).unit in (None, unit)]
    valid: dict[str, Value | None] = dict(setting.shipped)
    for one in sorted(mine, key=weight):
        fact = cast(OfficeSet, one.fact)
        if not any(reasons(setting, fact)) and not (gone and fact.offered is False):
            valid[fact.item or ONE] = value(setting, fact)
    return {item: what for item, what in valid.items() if what is not None}


def value(setting: Setting, fact: OfficeSet) -> Value | None:
    """What a fact says; None where its item is no longer offered."""
    if fact.offered is False:
        return None
    if is_back(fact):
        return setting.shipped.get(fact.item or ONE)
    return Value((fact.label or "").strip(), tuple(one for one in setting.choices if one in (fact.codes or ())))


def is_back(fact: OfficeSet) -> bool:
    """Whether it says that what is shipped counts again."""
    return fact.label is None and fact.codes is None and fact.offered is not False


def days(setting: Setting, settings: Iterable[Known]) -> Sequence[dt.date]:
    """The days on which something of it changes."""
    return sorted({one.on for one in settings if setting.says(one)})


# --- whether it makes sense ---


def reasons(setting: Setting, fact: OfficeSet) -> Iterator[tuple[str, str]]:
    """Why it cannot be set so, as (field, sentence)."""
    item = fact.item or ONE
    if item not in setting.shipped and not (setting.grows and item):
        yield "item", f"{setting.german}: „{item[:40]}“ gibt es nicht." if item else f"{setting.german}: was davon?"
    if fact.unit is not None and not setting.by_unit:
        yield "unit", f"{setting.german} gilt im ganzen Amt; eine Einheit geht hier nicht."
    if fact.offered is False:
        yield from _gone(setting, item)
    elif not is_back(fact):
        yield from _label(setting, fact)
        yield from _codes(setting, fact)


def _gone(setting: Setting, item: str) -> Iterator[tuple[str, str]]:
    if not setting.label:
        yield "offered", f"{setting.german} lässt sich ändern, aber nicht streichen."
    elif item in setting.kept:
        yield "offered", f"{setting.german}: „{setting.shipped[item].label}“ muss bleiben; nur der Wortlaut ist frei."


def _label(setting: Setting, fact: OfficeSet) -> Iterator[tuple[str, str]]:
    said = (fact.label or "").strip()
    if setting.label and not said:
        yield "label", f"{setting.german}: Bitte {setting.label} angeben."
    elif said and not setting.label:
        yield "label", f"{setting.german} hat keinen eigenen Wortlaut."
    elif not said.isprintable():
        yield "label", f"{setting.german}: Bitte {setting.label} in einer Zeile schreiben."


def _codes(setting: Setting, fact: OfficeSet) -> Iterator[tuple[str, str]]:
    said = fact.codes or []
    possible = setting.possible(fact.item or ONE)
    strange = [one for one in said if one not in possible]
    if strange and not possible:
        yield "codes", f"{setting.german}: hier gibt es nichts auszuwählen."
    elif strange:
        yield "codes", f"{setting.german}: „{strange[0][:40]}“ gibt es nicht. Möglich: {', '.join(possible)}."
    elif len(set(said)) != len(said):
        yield "codes", f"{setting.german}: Jede Angabe bitte nur einmal."
    elif not setting.least <= len(said) <= setting.most:
        many = "genau eine" if setting.least == setting.most == 1 else f"{setting.least} bis {setting.most}"
        yield "codes", f"{setting.german}: Bitte {many} Angabe{'' if setting.most == 1 else 'n'} wählen."


def doubled(setting: Setting, settings: Sequence[Known], day: dt.date) -> Iterator[tuple[str, frozenset[str]]]:
    """Words that two items have on a day, with the refs of what says so."""
    seen: dict[str, str] = {}
    for item, what in on_day(setting, settings, day).items() if setting.label else ():
        first = seen.setdefault(what.label.casefold(), item)
        if first != item:
            refs = frozenset(
                one.ref for one in settings if setting.says(one) and cast(OfficeSet, one.fact).item in (first, item)
            )
            yield what.label, refs
