"""What was known at a moment: records with every correction and withdrawal resolved (Fachkonzept 2.0)."""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from domain.facts.base import Fact, lifted_changes, name_of
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.facts.extension import ExtensionRejected, ExtensionWithdrawn
from domain.periods import EARLIEST, end_of_day, local_day
from domain.records import Record

Modifier = FactCorrected | FactWithdrawn
REVOKING = (ExtensionRejected, ExtensionWithdrawn)  # once known, on every day (Fachkonzept 3.1 no. 4)


class Reading(StrEnum):
    """From when a fact counts as known of which nobody knows when it was recorded (Fachkonzept 2.0)."""

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

    `visible_from` is the first day on which it counts: its own, for a plan the day it was recorded (Fachkonzept 2.0);
    what makes an extension count as never given counts on every day.
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

    @property
    def said_from(self) -> dt.date:
        """The first day on which it is shown: its own, for a plan the day it was recorded."""
        return min(self.on, local_day(self.recorded_at))


Facts = Mapping[type[Fact], Sequence[Known]]  # by kind, each kind in the order in which they count


def order(fact: Known) -> tuple[dt.date, dt.datetime, str]:
    """Facts count in the order of their days, on one day in the order of recording, whatever the order of arrival."""
    return (fact.on, fact.recorded_at, fact.ref)


def known(records: Iterable[Record], at: dt.datetime | None = None, reading: Reading = Reading.ARRIVAL) -> list[Known]:
    """The facts known at `at` (inclusive; none: all), as they count then, in the order they count. Never refuses."""
    heard = [record for record in records if at is None or heard_at(record, reading) <= at]
    if not any(isinstance(record.fact, Modifier) for record in heard):
        return sorted(map(as_known, heard), key=order)
    return sorted((fact for facts in Ledger(heard).facts.values() for fact in facts), key=order)


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
        visible_from=EARLIEST if isinstance(fact, REVOKING) else min(on, local_day(record.recorded_at)),
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


class Change(NamedTuple):
    """A fact that counts differently than before: nothing before when it is new, nothing now when it was withdrawn."""

    before: Known | None
    now: Known | None

    @property
    def kind(self) -> type[Fact]:
        """What kind of fact it is; that never changes."""
        return type(self.versions[0].fact)

    @property
    def versions(self) -> tuple[Known, ...]:
        """Those that there are."""
        return tuple(one for one in self if one is not None)


class Ledger:
    """What counts while records are heard, batch after batch; a batch costs what it changes.

    Corrections and withdrawals may be corrected and withdrawn themselves, so each is settled before its target.
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.facts: dict[type[Fact], Sequence[Known]] = {}
        self._named: dict[str, Record] = {}  # by reference, in a reading in clear by id, too
        self._about: dict[str, list[Record]] = {}  # what names a record as its target, in the order of recording
        self._standing: dict[str, Known] = {}
        self.hear(records)

    def hear(self, records: Iterable[Record]) -> list[Change]:
        """Takes up records; returns what has changed, corrections and withdrawals among it.

        The lists in `facts` are replaced and never changed, so that whoever holds one can tell whether it is the same.
        """
        added = list(records)
        for record in added:
            self._named[record.ref] = self._named[record.id] = record
            if isinstance(record.fact, Modifier):
                insort(self._about.setdefault(record.fact.target, []), record, key=_recorded)
        changes = [change for record in self._concerned(added) if (change := self._settled_anew(record))]
        self._replace(changes)
        return changes

    def _concerned(self, added: Iterable[Record]) -> Iterable[Record]:
        """The records, and for a correction or withdrawal its target, that one's target and so on."""
        found: dict[str, Record] = {}
        for record in added:
            next_one: Record | None = record
            while next_one is not None and next_one.ref not in found:
                found[next_one.ref] = next_one
                next_one = self._named.get(fact.target) if isinstance(fact := next_one.fact, Modifier) else None
        return found.values()

    def _settled_anew(self, record: Record) -> Change | None:
        before, now = self._standing.get(record.ref), self._settle(record)
        if before == now:
            return None
        if now is None:
            del self._standing[record.ref]
        else:
            self._standing[record.ref] = now
        return Change(before, now)

    def _replace(self, changes: Iterable[Change]) -> None:
        gone: dict[type[Fact], set[str]] = {}
        come: dict[type[Fact], list[Known]] = {}
        for before, now in changes:
            if before is not None and not isinstance(before.fact, Modifier):
                gone.setdefault(type(before.fact), set()).add(before.ref)
            if now is not None and not isinstance(now.fact, Modifier):
                come.setdefault(type(now.fact), []).append(now)
        for kind in gone.keys() | come.keys():
            left, more = gone.get(kind, ()), come.get(kind, [])
            rest = (
                [one for one in self.facts.get(kind, ()) if one.ref not in left] if left else self.facts.get(kind, ())
            )
            self.facts[kind] = sorted([*rest, *more], key=order) if len(more) > 1 else _with(rest, more)

    def _settle(self, record: Record, pending: tuple[str, ...] = ()) -> Known | None:
        about = self._modifiers(record)
        if not about or record.ref in pending:  # two that name each other: neither undoes the other
            return as_known(record)
        correction: FactCorrected | None = None
        for modifier in about:
            effective = self._settle(modifier, (*pending, record.ref))
            if effective is None:
                continue
            if isinstance(effective.fact, FactWithdrawn):
                return None
            assert isinstance(effective.fact, FactCorrected)
            correction = effective.fact
        return as_known(record) if correction is None else _corrected(record, correction)

    def _modifiers(self, record: Record) -> Sequence[Record]:
        """What names the record as its target, in the order of recording."""
        about = self._about.get(record.ref, [])
        if record.id == record.ref:
            return about
        return sorted([*about, *self._about.get(record.id, ())], key=_recorded)


def _with(facts: Sequence[Known], more: Sequence[Known]) -> list[Known]:
    renewed = list(facts)
    for one in more:
        insort(renewed, one, key=order)
    return renewed


def _corrected(record: Record, correction: FactCorrected) -> Known:
    changes = correction.data or {}
    if record.fields_then is not None:
        changes = lifted_changes(name_of(record.fact), record.schema_version, record.fields_then, changes)
    fact = merged(record.fact, changes)
    return _known(record, correction.on or record.on, fact or record.fact, corrected=True)


def corrected_so_far(record: Record, now: Known) -> tuple[dt.date | None, dict[str, Any]]:
    """The day and the fields in which a record counts otherwise than it was recorded; `None` for a removed field.

    Of several corrections the last recorded counts alone (Vertrag 2), so a further one has to say these again.
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
