"""What was known at a moment: records with every correction and withdrawal resolved (Fachkonzept 2.0)."""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections import Counter
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

    `visible_from` is the first day on which it counts: its own, for a plan the day it was recorded (Fachkonzept 2.0).
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
    return [fact for fact in facts if counts_from(fact) <= as_of]


def counts_from(fact: Known) -> dt.date:
    """The first day on which a fact counts for others: every day, if it makes an extension count as never given."""
    return EARLIEST if isinstance(fact.fact, REVOKING) else fact.visible_from


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

    def __init__(self, records: Iterable[Record] = (), plain: dict[str, Known] | None = None) -> None:
        """`plain`: of another ledger of the same records what they say if nothing changes them, which both share."""
        self.facts: dict[type[Fact], Sequence[Known]] = {}
        self._plain = {} if plain is None else plain
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
        concerned, circles = self._concerned(added)
        changes = [change for one in concerned if (change := self._changed(one, self._settle(one)))]
        changes += [change for one in circles if (change := self._changed(one, self._settle_in_circle(one)))]
        self._replace(changes)
        return changes

    def standing(self, ref: str) -> Known | None:
        """A record as it counts, a correction or withdrawal included; nothing if it was withdrawn."""
        return self._standing.get(ref)

    def _concerned(self, added: Iterable[Record]) -> tuple[list[Record], list[Record]]:
        """The records, and for a correction or withdrawal its target, that one's target and so on, each after those
        that change it; and beside these such as change themselves by way of others."""
        found: dict[str, Record] = {}
        for record in added:
            next_one: Record | None = record
            while next_one is not None and next_one.ref not in found:
                found[next_one.ref] = next_one
                next_one = self._target(next_one)
        waiting = Counter(target.ref for one in found.values() if (target := self._target(one)))
        ready = [one for ref, one in found.items() if not waiting[ref]]
        for one in ready:  # which grows on the way
            target = self._target(one)
            if target is not None:
                waiting[target.ref] -= 1
                if not waiting[target.ref]:
                    ready.append(target)
        return ready, [one for ref, one in found.items() if waiting[ref]]

    def _target(self, record: Record) -> Record | None:
        return self._named.get(record.fact.target) if isinstance(record.fact, Modifier) else None

    def _changed(self, record: Record, now: Known | None) -> Change | None:
        before = self._standing.get(record.ref)
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

    def _settle(self, record: Record, instead: Mapping[str, Known | None] = {}) -> Known | None:
        """A record as it counts by the corrections and withdrawals of it, which are settled already."""
        corrections: list[FactCorrected] = []
        for modifier in self._modifiers(record):
            ref = modifier.ref
            effective = instead[ref] if ref in instead else self._standing.get(ref)
            if effective is None:
                continue
            if isinstance(effective.fact, FactWithdrawn):
                return None
            assert isinstance(effective.fact, FactCorrected)
            corrections.append(effective.fact)
        return _corrected(record, corrections) if corrections else self._as_known(record)

    def _as_known(self, record: Record) -> Known:
        if record.ref not in self._plain:
            self._plain[record.ref] = as_known(record)
        return self._plain[record.ref]

    def _settle_in_circle(self, record: Record) -> Known | None:
        """The same where it changes itself by way of others: as if on this way nothing had changed it."""
        effective: dict[str, Known | None] = {record.ref: as_known(record)}
        target = self._target(record)
        while target is not None and target.ref != record.ref:
            effective = {target.ref: self._settle(target, effective)}
            target = self._target(target)
        return self._settle(record, effective)

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


def _corrected(record: Record, corrections: Sequence[FactCorrected]) -> Known:
    """A record with its corrections in the order of recording, field by field, the day likewise (Vertrag 2).

    What does not fit the fact changes nothing of it.
    """
    on, changes = record.on, dict[str, Any]()
    for one in corrections:
        on = one.on or on
        changes.update(one.data or {})
    return _known(record, on, _with_changes(record, changes) or _fitting(record, corrections), corrected=True)


def _fitting(record: Record, corrections: Iterable[FactCorrected]) -> Fact:
    """The fact with those of its corrections that fit, one after the other."""
    fact, changes = record.fact, dict[str, Any]()
    for one in corrections:
        changed = _with_changes(record, changes | (one.data or {}))
        if changed is not None:
            fact, changes = changed, changes | (one.data or {})
    return fact


def _with_changes(record: Record, changes: dict[str, Any]) -> Fact | None:
    if record.fields_then is not None:
        changes = lifted_changes(name_of(record.fact), record.schema_version, record.fields_then, changes)
    return merged(record.fact, changes)


def merged(fact: Fact, changes: dict[str, Any]) -> Fact | None:
    """The fact with the named fields replaced and `None` ones removed; nothing when that is no such fact."""
    if not changes:
        return fact
    fields = {**msgspec.to_builtins(fact), **changes}
    try:
        return msgspec.convert({key: value for key, value in fields.items() if value is not None}, type(fact))
    except msgspec.ValidationError:
        return None
