"""What was known at a moment: records with every correction and withdrawal resolved (domain.md 2.0)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from domain.facts.base import Fact, lifted_changes, name_of
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.periods import end_of_day, local_day
from domain.records import Record

Modifier = FactCorrected | FactWithdrawn


class Reading(StrEnum):
    """From when a fact counts as known of which nobody knows when it was recorded (domain.md 2.0)."""

    ARRIVAL = "arrival"  # from the moment it was imported: what is said unless somebody asks otherwise
    EFFECTIVE_DAY = "effective-day"  # as if recorded on the day it is true from, "als am Wirksamkeitstag erfasst"


def heard_at(record: Record, reading: Reading = Reading.ARRIVAL) -> dt.datetime:
    """The moment from which a record counts as known; by its own day it is the end of that day, at the latest its
    arrival. The order of recording stays as it is, so from the last arrival on both readings are the same.
    """
    if reading is Reading.ARRIVAL or not record.recorded_unknown:
        return record.recorded_at
    return min(end_of_day(record.on), record.recorded_at)


class Known(NamedTuple):
    """One fact as it counts at a moment of knowledge.

    `visible_from` is the first day on which it counts: its own day, for a plan the day it was recorded (domain.md 2.0).
    """

    ref: str
    id: str
    on: dt.date
    visible_from: dt.date
    recorded_at: dt.datetime
    by: str
    fact: Fact
    number: int
    correlation_id: str
    corrected: bool = False


def order(fact: Known) -> tuple[dt.date, dt.datetime, str]:
    """Facts count in the order of their days, on one day in the order of recording, whatever the order of arrival."""
    return (fact.on, fact.recorded_at, fact.ref)


def known(records: Iterable[Record], at: dt.datetime | None = None, reading: Reading = Reading.ARRIVAL) -> list[Known]:
    """The facts known at `at` (inclusive; none: all), as they count then, in the order they count. Never refuses."""
    heard = [record for record in records if at is None or heard_at(record, reading) <= at]
    modifiers = [record for record in heard if isinstance(record.fact, Modifier)]
    if not modifiers:
        return sorted(map(as_known, heard), key=order)
    return sorted(_Resolution(heard, modifiers).facts(), key=order)


def visible(facts: Iterable[Known], as_of: dt.date) -> list[Known]:
    """The facts that count on a day, in the given order."""
    return [fact for fact in facts if fact.visible_from <= as_of]


def as_known(record: Record) -> Known:
    """A record as it counts when nothing changed it."""
    return _known(record, record.on, record.fact, corrected=False)


def _known(record: Record, on: dt.date, fact: Fact, *, corrected: bool) -> Known:
    return Known(
        ref=record.ref,
        id=record.id,
        on=on,
        visible_from=min(on, local_day(record.recorded_at)),
        recorded_at=record.recorded_at,
        by=record.by,
        fact=fact,
        number=record.number,
        correlation_id=record.correlation_id,
        corrected=corrected,
    )


def _recorded(record: Record) -> tuple[dt.datetime, int, str]:
    """The order of recording; moments that the store itself gave can be equal and are told apart by their number."""
    by_the_store = record.recorded_at == record.stored_at and not record.recorded_unknown
    return (record.recorded_at, record.number if by_the_store else 0, record.ref)


class _Resolution:
    """Corrections and withdrawals may be corrected and withdrawn themselves, so each is settled before its target."""

    def __init__(self, heard: Sequence[Record], modifiers: Sequence[Record]) -> None:
        self._heard = heard
        self._about: dict[str, list[Record]] = {}
        self._settled: dict[str, Known | None] = {}
        self._pending: set[str] = set()
        for modifier in sorted(modifiers, key=_recorded):
            assert isinstance(modifier.fact, Modifier)
            self._about.setdefault(modifier.fact.target, []).append(modifier)

    def facts(self) -> list[Known]:
        settled = (self._settle(record) for record in self._heard if not isinstance(record.fact, Modifier))
        return [fact for fact in settled if fact is not None]

    def _settle(self, record: Record) -> Known | None:
        if record.ref in self._settled:
            return self._settled[record.ref]
        if record.ref in self._pending:  # two that name each other: neither undoes the other
            return as_known(record)
        self._pending.add(record.ref)
        result = self._apply(record)
        self._pending.discard(record.ref)
        self._settled[record.ref] = result
        return result

    def _apply(self, record: Record) -> Known | None:
        correction: FactCorrected | None = None
        for modifier in self._modifiers(record):
            effective = self._settle(modifier)
            if effective is None:
                continue
            if isinstance(effective.fact, FactWithdrawn):
                return None
            assert isinstance(effective.fact, FactCorrected)
            correction = effective.fact
        return as_known(record) if correction is None else _corrected(record, correction)

    def _modifiers(self, record: Record) -> Sequence[Record]:
        """What names the record as its target, in the order of recording: by reference, in a reading in clear by id."""
        about = self._about.get(record.ref, [])
        if record.id == record.ref:
            return about
        return sorted([*about, *self._about.get(record.id, ())], key=_recorded)


def _corrected(record: Record, correction: FactCorrected) -> Known:
    changes = correction.data or {}
    if record.fields_then is not None:
        changes = lifted_changes(name_of(record.fact), record.schema_version, record.fields_then, changes)
    fact = merged(record.fact, changes)
    return _known(record, correction.on or record.on, fact or record.fact, corrected=True)


def corrected_so_far(record: Record, now: Known) -> tuple[dt.date | None, dict[str, Any]]:
    """The day and the fields in which a record counts otherwise than it was recorded; `None` for a removed field.

    Of several corrections the last recorded counts alone (contract.md 2), so a further one has to say these again.
    Both must be of one reading, with or without texts.
    """
    return (now.on if now.on != record.on else None, differing(record.fact, now.fact))


def differing(old: Fact, new: Fact) -> dict[str, Any]:
    """The fields in which the second of two facts of one name differs, None where it has none."""
    before, after = msgspec.to_builtins(old), msgspec.to_builtins(new)
    return {key: after.get(key) for key in sorted(before.keys() | after.keys()) if before.get(key) != after.get(key)}


def merged(fact: Fact, changes: dict[str, Any]) -> Fact | None:
    """The fact with the named fields replaced and `None` ones removed; nothing when that is no such fact."""
    if not changes:
        return fact
    fields = {**msgspec.to_builtins(fact), **changes}
    try:
        return msgspec.convert({key: value for key, value in fields.items() if value is not None}, type(fact))
    except msgspec.ValidationError:
        return None
