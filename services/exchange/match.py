"""The same thing told by two sources: both stay stored, a note links them, and one of them counts (Fachkonzept 2.0)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from typing import NamedTuple
from uuid import UUID

from msgspec import structs
from sqlalchemy import Connection

from domain import sameness
from domain.facts import Fact, declared, name_of
from domain.facts.correction import FactCorrected, FactWithdrawn, SameThingNoted
from domain.knowledge import Known, known
from domain.periods import local_day
from domain.records import Entry, Record
from domain.sameness import ALIKE, ASIDE, LINKED, NEAR, about
from services.exchange import following
from services.exchange.changes import GONE
from services.exchange.lines import Frame
from services.records.store import Store


class Side(NamedTuple):
    """The system whose facts are held against those of others; `takes_over`: it is to be the leading one from now on,
    so that every kind of fact is compared, and what was known before counts (Fachkonzept 13, cut-over).
    """

    system: str
    takes_over: bool = False


class Found(NamedTuple):
    """What is written about things told twice, and the ids of the new facts among them."""

    entries: list[Entry]
    ids: set[str]


class _Pair(NamedTuple):
    """The id of the fact that counts and of the one set aside."""

    thing: str
    other: str


class Linked(NamedTuple):
    """What was linked before, which pairs people have said to be two things, and the ids of the system's own facts."""

    pairs: Sequence[_Pair]
    apart: Set[frozenset[str]]
    own: Set[str]


class New(NamedTuple):
    """What an import has just brought to a stream: its lines, how many of them are new, how many changes of older facts
    stand behind those, and the ids of what these change.
    """

    lines: Sequence[Entry]
    added: int
    changes: int
    changed: set[str]


def link(
    conn: Connection, store: Store, new: Mapping[UUID, New], side: Side, frame: Frame
) -> tuple[Counter[UUID], int]:
    """Links what is new, or counts otherwise, with what other sources have said; returns by how much each stream grows
    and how many of the new facts say what was known.
    """
    links: dict[UUID, list[Entry]] = {}
    matched = 0
    for key, one in new.items():
        if not any(side.takes_over or type(entry.fact) in ALIKE or about(entry.fact) for entry in one.lines):
            continue
        records = store.records(conn, key, with_text=True)
        behind = len(records) - one.changes
        added = {record.id for record in records[behind - one.added : behind]}
        said = found(records, added | one.changed, side, frame)
        matched += len(said.ids & added)
        entries = [*said.entries, *(entry(fact, frame) for fact in following.changes(records, records[behind:]))]
        if entries:
            links[key] = entries
    if links:
        store.append_many(conn, links, frame.now)
    return Counter({key: len(entries) for key, entries in links.items()}), matched


def found(records: Sequence[Record], new: Collection[str], side: Side, frame: Frame) -> Found:
    """What links the new facts of a system with those of other sources in their stream; all records in clear.

    The one recorded first counts, the other is set aside. What is about a thing set aside is from then on about the
    one that counts, or is set aside, too, where that is said already.
    """
    standing = {one.id: one for one in known(records)}
    before, refused = _noted(records, standing)
    own = {one.id for one in records if is_of(one, side.system)}
    pairs = _pairs([standing[id] for id in new if id in standing], standing, Linked(before, refused, own), side)
    links = _links(records, standing, [*before, *pairs])
    linked = []
    gone = {pair.other for pair in pairs}
    for one in standing.values():
        thing = about(one.fact)
        counts = links.get(thing) if thing and one.id not in gone else None
        if thing is None or counts is None:
            continue
        moved = one._replace(fact=structs.replace(one.fact, **{thing[0]: counts}))
        said = next((two.id for two in standing.values() if two.id not in gone and _said_by(two, moved)), None)
        if said is None:
            linked.append((one.id, {thing[0]: counts}))
        else:
            pairs.append(_Pair(said, one.id))
            gone.add(one.id)
    entries = [entry(FactCorrected(target=id, reason=LINKED, data=data), frame) for id, data in linked]
    for pair in pairs:
        entries.append(entry(_note(standing[pair.thing], standing[pair.other], side), frame))
        entries.append(entry(FactWithdrawn(target=pair.other, reason=ASIDE), frame))
    ids = {id for pair in pairs for id in pair} | {id for id, _ in linked}
    return Found(entries, ids & set(new))


def released(records: Sequence[Record], gone: Collection[str], frame: Frame) -> list[Entry]:
    """What makes count again what was set aside for facts that their source no longer has, and withdraws what counts
    for a leading one that is gone; all records in clear.
    """
    facts = known(records)
    notes = [(one.id, one.fact) for one in facts if isinstance(one.fact, SameThingNoted)]
    back = [id for note, said in notes if said.thing in gone for id in (note, *sameness.taken_apart(records, said))]
    standing = {one.id for one in facts}
    back += [said.thing for said in sameness.leading(facts) if said.other in gone and said.thing in standing - {*gone}]
    return [entry(FactWithdrawn(target=id, reason=GONE), frame) for id in dict.fromkeys(back)]


def _note(thing: Known, other: Known, side: Side) -> SameThingNoted:
    differs = sameness.differing(thing, other)
    return SameThingNoted(thing=thing.id, other=other.id, differs=[*differs] or None, leads=side.takes_over or None)


def _noted(records: Sequence[Record], standing: Mapping[str, Known]) -> tuple[list[_Pair], set[frozenset[str]]]:
    """The pairs that are linked, and those that people have said to be two things."""
    by_source = {one.fact.target for one in records if isinstance(one.fact, FactWithdrawn) and one.fact.reason == GONE}
    linked: list[_Pair] = []
    apart: set[frozenset[str]] = set()
    for one in records:
        if isinstance(note := one.fact, SameThingNoted):
            if one.id in standing:
                linked.append(_Pair(note.thing, note.other))
            elif one.id not in by_source:
                apart.add(frozenset((note.thing, note.other)))
    return linked, apart


def _pairs(new: Iterable[Known], standing: Mapping[str, Known], linked: Linked, side: Side) -> list[_Pair]:
    """Each new fact with the nearest one of another source that says the same and has none of this system yet.

    What has one of a third system already, or was there before a system that takes over, counts on.
    """
    leading = {pair.thing for pair in linked.pairs}
    taken = {id for pair in linked.pairs for id in pair if not linked.own.isdisjoint(pair)}
    pairs: list[_Pair] = []
    others = [one for one in standing.values() if not is_of(one, side.system)]
    for one in sorted(new, key=lambda one: one.number):
        if one.id in taken:
            continue
        alike = [
            two
            for two in others
            if two.id not in taken and _alike(one, two, side) and frozenset((one.id, two.id)) not in linked.apart
        ]
        if alike:
            two = min(alike, key=lambda two: (_left_open(one, two), abs(two.on - one.on), two.number))
            earlier = (two.recorded_at, two.number) < (one.recorded_at, one.number)
            before = side.takes_over or two.id in leading or earlier
            pairs.append(_Pair(two.id, one.id) if before else _Pair(one.id, two.id))
            taken |= {one.id, two.id}
    return pairs


def _links(
    records: Iterable[Record], standing: Mapping[str, Known], pairs: Iterable[_Pair]
) -> dict[tuple[str, str], str]:
    """For the field and id of each thing set aside the id of the one that counts."""
    facts = {one.id: one.fact for one in records} | {id: one.fact for id, one in standing.items()}
    found: dict[tuple[str, str], str] = {}
    for pair in pairs:
        if pair.thing in facts and pair.other in facts:
            counts, aside = about(facts[pair.thing]), about(facts[pair.other])
            if counts and aside and counts != aside:
                found[aside] = counts[1]
    return found


def is_of(one: Known | Record, system: str) -> bool:
    """Whether a fact, in clear, came from a system."""
    return one.id.startswith(f"{system}:") or one.by == f"import:{system}"


def _alike(one: Known, two: Known, side: Side) -> bool:
    if type(one.fact) is not type(two.fact):
        return False
    rule = ALIKE.get(type(one.fact))
    if rule is None:
        if about(one.fact) is not None:
            return _said_by(two, one)
        return side.takes_over and one.fact == two.fact and abs(one.on - two.on) <= _apart(one.fact)
    said = [(getattr(one.fact, field), getattr(two.fact, field)) for field in rule.fields]
    return abs(one.on - two.on) <= rule.apart and all(a == b or None in (a, b) for a, b in said)


def _left_open(one: Known, two: Known) -> int:
    """How many fields only one of two facts fills that say the same."""
    return sum(field != sameness.DAY for field in sameness.differing(one, two))


def _apart(fact: Fact) -> dt.timedelta:
    """How far apart two facts of a kind that no rule names may be: what begins or ends something a few days."""
    said = declared(name_of(fact))
    return NEAR if said.begins or said.ends else dt.timedelta(0)


def _said_by(two: Known, one: Known) -> bool:
    """Whether a fact says of a thing what another one says of it."""
    thing = about(one.fact)
    near = dt.timedelta(0) if thing and thing[0] == "appointment" else NEAR
    return (
        two.id != one.id
        and type(two.fact) is type(one.fact)
        and about(two.fact) == thing
        and abs(two.on - one.on) <= near
    )


def entry(fact: Fact, frame: Frame) -> Entry:
    """What an import itself writes about facts."""
    return Entry(on=local_day(frame.now), fact=fact, by=frame.by)
