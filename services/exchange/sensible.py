"""Settings of rules that make no sense beside the others are refused; else an import checks the format (Vertrag 2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from msgspec import structs
from sqlalchemy import Connection

from domain import settings
from domain.facts import Stream
from domain.facts.office import OfficeSet, ThresholdSet
from domain.knowledge import Modifier, known
from domain.records import Entry, Record
from domain.rules import RULES
from services.exchange.ahead import Read
from services.exchange.source import Raw
from services.office.office import Office
from services.records.reasons import Reason, Refused
from services.records.rulebook import RULES as NUMBER


def left_out(
    conn: Connection, office: Office, lines: Sequence[Read], now: dt.datetime, refuse: Callable[[Raw, Refused], None]
) -> list[Read]:
    """The lines of settings, without those that contradict others or lie out of range, which are refused.

    They are judged together, whatever their order: of two lines that go together, neither contradicts what was before.
    """
    others = [one for one in lines if one.line.number != NUMBER]
    if len(others) == len(lines):
        return others
    lines = [one for one in lines if one.line.number == NUMBER]
    key = office.store.key(conn, Stream.OFFICE, NUMBER)
    stored = [] if key is None else office.store.records(conn, key, with_text=True)
    there = [structs.replace(one, ref=one.id) for one in stored]
    new = {id_of(one): one for one in lines}
    kept = [one for one in there if one.id not in new]
    said = {one.sentence for one in settings.contradictions(known(there))}
    wrong: dict[str, str] = {}
    for found in settings.contradictions(known([*kept, *(as_record(id, one.entry, now) for id, one in new.items())])):
        if found.sentence not in said:
            wrong |= {id: found.sentence for id, one in new.items() if _is_about(id, one, found.refs)}
    wrong |= {id: sentence for id, one in new.items() if (sentence := _out_of_range(one))}
    for id, sentence in wrong.items():
        refuse(new[id].raw, Refused([Reason("data", sentence)]))
    return [*others, *(one for one in lines if id_of(one) not in wrong)]


def id_of(line: Read) -> str:
    """What names a line among others of a file."""
    return line.entry.id or f"line {line.raw.number}"


def _is_about(id: str, line: Read, refs: frozenset[str]) -> bool:
    fact = line.entry.fact
    return id in refs or (isinstance(fact, Modifier) and fact.target in refs)


def _out_of_range(line: Read) -> str:
    fact = line.entry.fact
    if isinstance(fact, ThresholdSet) and (fact.rule not in RULES or fact.stage not in RULES[fact.rule].stages):
        return ""  # what is unknown here is kept, and said
    if isinstance(fact, OfficeSet) and fact.setting not in settings.SETTINGS:
        return ""
    if not isinstance(fact, ThresholdSet | OfficeSet):
        return ""
    return " ".join(sentence for _, sentence in settings.reasons(fact))


def as_record(id: str, entry: Entry, now: dt.datetime) -> Record:
    """A line as it would stand among what is recorded."""
    return Record(
        ref=id,
        id=id,
        number=0,
        on=entry.on,
        recorded_at=entry.recorded_at or now,
        stored_at=now,
        by=entry.by,
        correlation_id="",
        fact=entry.fact,
    )
