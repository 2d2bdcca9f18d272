"""Checks what stands around the data of a fact: whose it is, which, when, recorded by whom (Vertrag 2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
import msgspec.inspect as mi
from msgspec import Meta

from domain.facts import FACTS, Stream, stream_of
from domain.knowledge import Modifier
from domain.moments import FIRST
from services.records.codec import SYSTEMS
from services.records.fields import can_be_left_out, data_reasons, find
from services.records.numbering import wrong
from services.records.reasons import Reason, bad_character, nearest, not_a, shown, why_not
from services.records.rulebook import DIRECTORY, RECEIPTS, RULES

ID_LENGTH = 128
KEYS = ("id", *Stream, "fact", "on", "recorded_at", "by", "data", "text_left_out")

_STREAMS = {
    Stream.CASE: "einem Fall (case)",
    Stream.PERSON: "einer Person (person)",
    Stream.UNIT: "einer Einheit (unit)",
    Stream.OFFICE: "den Einstellungen des Amts (office)",
}
_MOMENT = Annotated[dt.datetime, Meta(tz=True)]


def reasons(document: dict[str, Any], now: dt.datetime, latest: dt.date) -> list[Reason]:
    """Every reason why the document is no fact; `latest` is the last day it may name, inclusive."""
    return [*_head(document, now, latest), *_body(document, latest)]


def nameless(by: Any) -> bool:
    """Whether it says that a rule or an import has recorded the fact, but not which."""
    return isinstance(by, str) and by.strip() in SYSTEMS


def belongs(name: str, stream: Stream) -> bool:
    """Whether a fact of this name can stand in such a stream; what is about facts stands where they do."""
    return stream_of(name) is stream or issubclass(FACTS[name], Modifier)


def _head(document: dict[str, Any], now: dt.datetime, latest: dt.date) -> Iterator[Reason]:
    for key in document:
        if key not in KEYS:
            yield Reason(shown(key)[1:-1], f"Diesen Schlüssel gibt es nicht.{nearest(key, KEYS)}")
    yield from _whose(document)
    if "on" not in document:
        yield Reason("on", "Der Tag fehlt.")
    elif sentence := why_not(mi.DateType(), document["on"], latest):
        yield Reason("on", sentence)
    for key in ("id", "by"):
        if sentence := _short_text(document.get(key)):
            yield Reason(key, sentence)
    if nameless(by := document.get("by")):
        yield Reason("by", f"Hinter {shown(by)} fehlt der Name.")
    if sentence := _moment(document.get("recorded_at"), now):
        yield Reason("recorded_at", sentence)


def _whose(document: dict[str, Any]) -> Iterator[Reason]:
    named = [stream for stream in Stream if document.get(stream.value) is not None]
    if not named:
        yield Reason("case", "Es fehlt, wessen Eintrag das ist: case, person, unit oder office.")
    elif len(named) > 1:
        yield Reason(named[1].value, "Nur eines von case, person, unit und office kann angegeben sein.")
    for stream in named:
        if sentence := _number(stream, document[stream.value]):
            yield Reason(stream.value, sentence)
    name = document.get("fact")
    if isinstance(name, str) and name in FACTS and len(named) == 1 and not belongs(name, named[0]):
        yield Reason(named[0].value, f"{name} gehört zu {_STREAMS[stream_of(name)]}, nicht zu {_STREAMS[named[0]]}.")


def _number(stream: Stream, value: Any) -> str | None:
    if not isinstance(value, str):
        return not_a("ein Text", value)
    if stream is Stream.OFFICE:
        there = f"für die Regeln ({RULES}), das Verzeichnis ({DIRECTORY}) und Kenntnisnahmen ({RECEIPTS})"
        return (
            None
            if value in (RULES, DIRECTORY, RECEIPTS)
            else f"Das Amt hat Einträge {there}, nicht für {shown(value)}."
        )
    return wrong(stream, value)


def _short_text(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        return not_a("ein Text", value)
    if not value.strip() or len(value) > ID_LENGTH:
        return f"Hier stehen 1 bis {ID_LENGTH} Zeichen, gefunden wurden {len(value.strip())}."
    return bad_character(value)


def _moment(value: Any, now: dt.datetime) -> str | None:
    if value is None:
        return None
    try:
        moment = msgspec.convert(value, _MOMENT) if isinstance(value, str) else None
    except msgspec.ValidationError:
        moment = None
    if moment is None:
        return "Hier steht ein Zeitpunkt mit Abstand zur Weltzeit, zum Beispiel 2019-03-12T08:15:00+01:00."
    if moment > now:
        return f"{shown(value)} liegt in der Zukunft."
    return None if moment >= FIRST else f"{shown(value)} liegt vor {FIRST.year}."


def _body(document: dict[str, Any], latest: dt.date) -> Iterator[Reason]:
    name, data = document.get("fact"), document.get("data")
    if not isinstance(name, str):
        yield Reason(
            "fact", not_a("der Name eines Eintrags", name) if "fact" in document else "Der Name des Eintrags fehlt."
        )
    elif name not in FACTS:
        yield Reason("fact", f"Einen Eintrag {shown(name)} gibt es nicht.{nearest(name, FACTS)}")
    elif data is not None and not isinstance(data, dict):
        yield Reason("data", not_a("ein Objekt", data))
    else:
        left_out = document.get("text_left_out") or []
        yield from left_out_reasons(name, data or {}, left_out)
        usable = left_out if isinstance(left_out, list) else []
        yield from data_reasons(name, data or {}, [key for key in usable if isinstance(key, str)], latest)


def left_out_reasons(name: str, data: dict[str, Any], left_out: Any) -> Iterator[Reason]:
    """Why `text_left_out` does not fit the fact and its data."""
    if not isinstance(left_out, list) or not all(isinstance(key, str) for key in left_out):
        yield Reason("text_left_out", not_a("eine Liste von Feldnamen", left_out))
        return
    for key in left_out:
        if not can_be_left_out(name, key):
            yield Reason("text_left_out", f"{shown(key)} ist kein Freitext von {name}.")
        elif find(data, key) is not None:
            yield Reason("text_left_out", f"{shown(key)} ist als ausgelassen genannt und trotzdem ausgefüllt.")
