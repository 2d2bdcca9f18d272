"""What the office has set: for its rules, wordings, further settings; as recorded (Vertrag 2, `office`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, select

from domain import grounds
from domain.calendar import Lands
from domain.facts import Fact, Stream
from domain.facts.correction import FactCorrected
from domain.facts.office import OfficeSet, TextSet, ThresholdSet
from domain.knowledge import Known, Modifier, known
from domain.office import land
from domain.records import Record
from domain.rules import RULES as ALL
from domain.settings import follows
from notifications.wording import Words
from services.records.codec import Codec
from services.records.database import kept
from services.records.tables import numbers as given
from services.records.tables import records

RULES = "rules"  # the number of the stream of settings
DIRECTORY = "directory"  # that of what is proposed for the directory
RECEIPTS = "receipts"  # that of who has read which directive (docs/decisions/0032)


def _stored(number: str) -> Select[Any]:
    return (
        select(records.c.key, records.c.number, records.c.name, records.c.state)
        .join(given, given.c.key == records.c.key)
        .where(given.c.kind == Stream.OFFICE, given.c.number == number)
        .order_by(records.c.key, records.c.number)
    )


as_stored = _stored(RULES)  # built once: every fact recorded asks for them
_receipts = _stored(RECEIPTS)


def settings(conn: Connection) -> list[Record]:
    """All settings, read without text. One without a moment of recording is known from its arrival in any reading."""
    found = kept(conn, "settings")
    if RULES not in found:
        found[RULES] = read(conn.execute(as_stored))
    settings: list[Record] = found[RULES]
    return settings


def read(stored: Iterable[Sequence[Any]]) -> list[Record]:
    """The same from the rows of `as_stored`."""
    codec = Codec(str, {}, with_text=False)
    return [msgspec.structs.replace(codec.decode(*fact), recorded_unknown=False) for fact in stored]


def texts(conn: Connection, day: dt.date, at: dt.datetime | None = None) -> Words:
    """The office's own wordings by name, with its words of the law and its types, as valid on a day and known at a
    moment (None: now).
    """
    found = known(settings(conn), at)  # in the order they count
    said = {one.fact.text: one.fact.body for one in found if isinstance(one.fact, TextSet) and one.on <= day}
    return Words({text: body for text, body in said.items() if body is not None}, found, day)


def numbers(conn: Connection) -> Sequence[Record]:
    """What due rows are computed with beside the facts of a case: settings that rules follow, and what changes them."""
    return numbers_among(settings(conn))


def numbers_among(settings: Iterable[Record]) -> Sequence[Record]:
    """The same of settings that were read."""
    found = [record for record in settings if isinstance(record.fact, Modifier) or _rules(record.fact)]
    return found if any(_rules(record.fact) for record in found) else []


def said(conn: Connection) -> dict[str, str]:
    """Of each rule whose lists follow the office: all it ever said about that, equal only where that is equal."""
    found = numbers(conn)
    if any(isinstance(record.fact, FactCorrected) and _says_a_rule(record.fact.data) for record in found):
        return dict.fromkeys(ALL, _text(found))  # one was meant for another rule
    rules = frozenset[str]().union(*(_rules(record.fact) for record in found))
    return {rule: _text(_about(rule, found)) for rule in rules}


def _rules(fact: Fact) -> frozenset[str]:
    """The rules whose lists follow a setting."""
    if isinstance(fact, ThresholdSet):
        return frozenset({fact.rule})
    return follows(fact) if isinstance(fact, OfficeSet) else frozenset()


def _says_a_rule(data: Any) -> bool:
    """Whether a correction changes what a setting is about, or the correction of one does."""
    named = isinstance(data, dict) and not data.keys().isdisjoint(("rule", "setting", "item"))
    return named or (isinstance(data, dict) and _says_a_rule(data.get("data")))


def _about(rule: str, found: Sequence[Record]) -> list[Record]:
    """What the lists of a rule follow, with what changes it and what changes that."""
    refs = {record.ref for record in found if rule in _rules(record.fact)}
    while more := {one.ref for one in found if isinstance(one.fact, Modifier) and one.fact.target in refs} - refs:
        refs |= more
    return [record for record in found if record.ref in refs]


def _text(found: Sequence[Record]) -> str:
    return msgspec.json.encode([(one.ref, one.on, one.recorded_at, one.fact) for one in found]).decode()


def lands(conn: Connection, at: dt.datetime | None = None) -> Lands:
    """Whose public holidays count from which day on, as known at a moment (None: now)."""
    return land.lands(standing(conn, at))


def standing(conn: Connection, at: dt.datetime | None = None) -> list[Known]:
    """All settings as known at a moment (None: now)."""
    return known(settings(conn), at)


def readers(conn: Connection) -> dict[str, set[str]]:
    """Who has said to have read a directive, by its ref: persons by directory key."""
    return grounds.readers([*standing(conn), *known(read(conn.execute(_receipts)))])  # once these were settings
