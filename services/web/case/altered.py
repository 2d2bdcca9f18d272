"""What corrections and withdrawals changed: which entry, what it said before and says since, by whom, when and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from domain.facts import Fact, name_of
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.knowledge import Change, Known, Ledger
from domain.records import Record
from domain.standing import said_of
from services.web.case import fields
from services.web.words import dates, labels

HIDDEN = "(nicht für Sie sichtbar)"


Named = Callable[[Known], str]


class Altered(NamedTuple):
    """One entry that counts otherwise since: what became of it, and each field with its old and its new words."""

    ref: str
    entry: str
    became: str
    fields: list[tuple[str, str, str]]


class Alteration(NamedTuple):
    """A correction or withdrawal: when, by whom, why, and what it did; to nothing if it does not count itself."""

    ref: str
    name: str
    at: dt.datetime
    by: str
    why: str
    entries: list[Altered]


def alterations(
    records: Iterable[Record], people: Mapping[str, str], with_text: bool, after: int = 0, named: Named = said_of
) -> list[Alteration]:
    """Every correction and withdrawal in the order of recording; of those numbered higher than `after` alone.

    `named`: what entries are called.
    """
    there = list(records)
    modifiers = sorted((one for one in there if _modifies(one.fact)), key=attrgetter("recorded_at", "number"))
    if not modifiers:
        return []
    ledger = Ledger(one for one in there if not _modifies(one.fact))
    found = []
    for one in modifiers:
        changes = [change for change in ledger.hear([one]) if not _modifies(change.versions[0].fact)]
        if one.number > after:
            why = str(getattr(one.fact, "reason", "")) if with_text else HIDDEN
            entries = [_altered(change, people, with_text, named) for change in changes]
            found.append(Alteration(one.ref, name_of(one.fact), one.recorded_at, author(one.by, people), why, entries))
    return found


def _modifies(fact: Fact) -> bool:
    return isinstance(fact, FactCorrected | FactWithdrawn)


def _altered(change: Change, people: Mapping[str, str], with_text: bool, named: Named) -> Altered:
    shown = change.before or change.versions[0]
    entry = f"{named(shown)}, {dates.plain(shown.on)}"
    if change.now is None:
        return Altered(shown.ref, entry, "zurückgenommen", _said(shown, people, with_text))
    if change.before is None:
        return Altered(shown.ref, entry, "gilt wieder", [])
    return Altered(shown.ref, entry, "berichtigt", _differences(change.before, change.now, people, with_text))


def _said(one: Known, people: Mapping[str, str], with_text: bool) -> list[tuple[str, str, str]]:
    """What goes with an entry: the old words alone."""
    return [(label, word, "") for label, word in fields.spoken(name_of(one.fact), one.fact, people, with_text)]


def _differences(before: Known, now: Known, people: Mapping[str, str], with_text: bool) -> list[tuple[str, str, str]]:
    name = name_of(before.fact)
    old, new = (dict(fields.spoken(name, one.fact, people, with_text)) for one in (before, now))
    day = [("Tag", dates.plain(before.on), dates.plain(now.on))] if before.on != now.on else []
    said = [(label, old.get(label, "–"), new.get(label, "–")) for label in dict.fromkeys((*old, *new))]
    found = day + [one for one in said if one[1] != one[2]]
    keys = before.fact.__struct_fields__
    hidden = [labels.field(key, name) for key in keys if fields.hidden(name, key) and _other(before, now, key)]
    return found if with_text else found + [(label, HIDDEN, HIDDEN) for label in hidden]


def _other(before: Known, now: Known, key: str) -> bool:
    return getattr(before.fact, key, None) != getattr(now.fact, key, None)


def author(by: str, names: Mapping[str, str]) -> str:
    """Who wrote an entry down, in words."""
    kind, _, rest = by.partition(":")
    if kind == "import" and rest:
        return f"Import {rest}"
    if kind == "rule" and rest:
        return "automatisch (ALG I)" if rest == "alg1" else f"automatisch ({rest})"
    return names.get(by, by)


def of_entries(found: Sequence[Alteration]) -> dict[str, list[tuple[Alteration, Altered]]]:
    """What was done to each entry, by its reference."""
    about: dict[str, list[tuple[Alteration, Altered]]] = {}
    for one in found:
        for entry in one.entries:
            about.setdefault(entry.ref, []).append((one, entry))
    return about
