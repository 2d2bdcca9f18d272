"""Why a row is in one of two lists only, in words: the facts behind it, their codes alone, no people and no texts."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import msgspec
from msgspec import structs

from domain.facts import Fact, Mark, marks, name_of
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.law import AS_SHIPPED, named
from domain.records import Record
from services.questions.difference import Cause
from services.web.case import fields, forms
from services.web.words import dates, labels

WHY = {"late": "spät erfasst", "corrected": "berichtigt", "withdrawn": "zurückgenommen", "import": "Import"}


class Behind(NamedTuple):
    """A fact behind a difference: why it tells, what it says, its day and the day it was recorded."""

    why: str
    text: str
    on: dt.date
    recorded_at: dt.datetime


def behind(cause: Cause) -> Behind:
    """The fact of a cause."""
    record = cause.record
    about = f" zu „{_said(cause.about)}“" if cause.about else ""
    changed = f": {_changed(record.fact)}" if isinstance(record.fact, FactCorrected) and _changed(record.fact) else ""
    modifies = isinstance(record.fact, FactCorrected | FactWithdrawn)
    text = f"{labels.fact(name_of(record.fact))}{about}{changed}" if modifies else _said(record)
    return Behind(WHY[cause.why], text, (cause.about or record).on, record.recorded_at)


def _said(record: Record) -> str:
    """A fact in words, its codes alone: no people, no texts, no things."""
    name = name_of(record.fact)
    said = fields.spoken(name, _codes_only(record.fact, name), {}, True)
    words = ", ".join(_alone(label, value) for label, value in said)
    called = named(record.fact, record.on, AS_SHIPPED)
    return f"{called}: {words}" if words else called


def _alone(label: str, value: str) -> str:
    """A value that says enough without its label; a yes or no does not."""
    return {"ja": label, "nein": f"{label}: nein"}.get(value, value)


def _codes_only(fact: Fact, name: str) -> Fact:
    kept = marks(name)
    named = (field.name for field in structs.fields(fact))
    left_out = {key: "" for key in named if kept.get(key, Mark.CODE) is not Mark.CODE or fields.hidden(name, key)}
    return structs.replace(fact, **left_out)


def _changed(fact: FactCorrected) -> str:
    personal = {key for name in forms.case_facts() for key, mark in marks(name).items() if mark is not Mark.CODE}
    data = {key: value for key, value in (fact.data or {}).items() if key not in personal}
    words = [f"neuer Tag {dates.plain(fact.on)}"] if fact.on else []
    words += [f"{labels.field(key)} {labels.code(value)}" for key, value in msgspec.to_builtins(data).items()]
    return ", ".join(words)
