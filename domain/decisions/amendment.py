"""Correct or withdraw a correction or a withdrawal: what it is about counts otherwise from then on (Vertrag 2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import structs

from domain.decisions.matter import Matter, refuse
from domain.facts.base import Fact, Mark, marks, name_of
from domain.facts.correction import TOO_DEEP, FactCorrected, FactWithdrawn
from domain.knowledge import Known, Ledger, Modifier, as_known, merged
from domain.records import Record

NOT_HERE = "Diesen Eintrag gibt es in diesem Fall nicht."
GONE = "Dieser Eintrag ist schon zurückgenommen."
MISFIT = "Diese Angaben passen nicht zu diesem Eintrag."
NOTHING = "Es ist nichts geändert."
FIXED = "Dieses Feld lässt sich nicht berichtigen; bitte den Eintrag zurücknehmen und neu erfassen."
OWN_DAY = "Wann berichtigt wurde, bleibt; ein anderer Tag des Eintrags selbst steht in data als on."


class Effect(NamedTuple):
    """The fact that is meant in the end, as it counts before and afterwards; nothing: it does not count."""

    root: Record
    before: Known | None
    after: Known | None

    @property
    def shown(self) -> Known:
        """The fact as whoever decides about it knows it."""
        return self.before or self.after or as_known(self.root)


def root_of(record: Record, records: Sequence[Record]) -> Record | None:
    """The fact that a record is about in the end, itself if it is about no other; nothing if that is not there."""
    named = {name: one for one in records for name in (one.ref, one.id)}
    passed: set[str] = set()
    found: Record | None = record
    while found is not None and isinstance(found.fact, Modifier):
        if found.ref in passed:
            return None
        passed.add(found.ref)
        found = named.get(found.fact.target)
    return found


def changed(record: Record, changes: dict[str, object], matter: Matter) -> Effect:
    """What changed fields of a correction or withdrawal come to. Refuses what does not fit, or lies too deep."""
    ledger = Ledger(matter.view.records)
    now = ledger.standing(record.ref)
    if now is None:
        refuse("target", GONE)
    root = _root(record, matter)
    if isinstance(record.fact, FactCorrected) and record.fact.target not in (root.id, root.ref):
        refuse("target", TOO_DEEP)
    _refuse_fixed(record.fact, changes, ("target",))
    fact = merged(now.fact, changes)
    if fact is None or (isinstance(fact, FactCorrected) and merged(root.fact, fact.data or {}) is None):
        refuse("data", MISFIT)
    if fact == now.fact:
        refuse("", NOTHING)
    if isinstance(fact, FactCorrected):
        things = [field for field, mark in marks(name_of(root.fact)).items() if mark is Mark.THING]
        _refuse_fixed(root.fact, fact.data or {}, things)
    return _effect(root, ledger, [FactCorrected(target=record.id, reason="", data=changes)], matter)


def withdrawn(gone: Sequence[Record], matter: Matter) -> list[Effect]:
    """What is meant by these corrections or withdrawals, without them."""
    ledger = Ledger(matter.view.records)
    if any(ledger.standing(one.ref) is None for one in gone):
        refuse("target", GONE)
    roots = {root.ref: root for one in gone for root in (_root(one, matter),)}
    facts = [FactWithdrawn(target=one.id, reason="") for one in gone]
    before = {ref: ledger.standing(ref) for ref in roots}
    ledger.hear(_heard(facts, matter))
    return [Effect(root, before[ref], ledger.standing(ref)) for ref, root in roots.items()]


def _root(record: Record, matter: Matter) -> Record:
    root = root_of(record, matter.view.records)
    if root is None:
        refuse("target", NOT_HERE)
    return root


def _refuse_fixed(fact: Fact, changes: dict[str, object], fields: Sequence[str]) -> None:
    told = {**structs.asdict(fact)}
    for field in fields:
        if field in changes and changes[field] != told[field]:
            refuse(field, FIXED)


def _effect(root: Record, ledger: Ledger, facts: Sequence[Fact], matter: Matter) -> Effect:
    before = ledger.standing(root.ref)
    ledger.hear(_heard(facts, matter))
    return Effect(root, before, ledger.standing(root.ref))


def _heard(facts: Sequence[Fact], matter: Matter) -> list[Record]:
    """The facts as if they were recorded now, after all there is."""
    records = matter.view.records
    at = max(max(one.recorded_at, one.stored_at) for one in records)
    return [
        structs.replace(
            records[-1],
            ref=f"+{place}",
            id=f"+{place}",
            number=records[-1].number + place,
            fact=fact,
            recorded_at=at,
            stored_at=at,
            recorded_unknown=False,
        )
        for place, fact in enumerate(facts, start=1)
    ]
