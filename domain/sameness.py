"""The same thing told by two sources: what makes two facts alike, what a note of it links, and what it asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from domain.facts.base import Fact, Mark, Stream, declared, marks, name_of, stream_of
from domain.facts.contact import AppointmentPlanned
from domain.facts.correction import FactCorrected, FactWithdrawn, SameThingNoted
from domain.facts.strategy import NonStrategyBarEnded, NonStrategyBarSet, StrategyBarEnded, StrategyBarSet
from domain.facts.support import (
    Alg1Ended,
    Alg1Started,
    BenefitEnded,
    BenefitStarted,
    EmploymentStarted,
    MeasureStarted,
)
from domain.knowledge import Known, known
from domain.records import Record

ASIDE = "steht schon aus anderer Quelle"  # why the one of two that does not count is withdrawn
LINKED = "dasselbe aus anderer Quelle"  # why what is about a thing set aside is about the other one
DAY = "on"  # what two facts differ in, if it is their day
NEAR = dt.timedelta(days=3)
THINGS = frozenset({"appointment", "employment", "measure"})


class Alike(NamedTuple):
    """What two facts of a kind have in common if they say the same thing, and how far apart their days may be.

    A field that one of them leaves open is no difference, but asked about.
    """

    fields: tuple[str, ...] = ()
    apart: dt.timedelta = NEAR


ALIKE: dict[type[Fact], Alike] = {
    StrategyBarSet: Alike(("strategy",)),
    StrategyBarEnded: Alike(),
    NonStrategyBarSet: Alike(("kind",)),
    NonStrategyBarEnded: Alike(("kind",)),
    AppointmentPlanned: Alike(("channel",), dt.timedelta(0)),
    EmploymentStarted: Alike(("kind",)),
    MeasureStarted: Alike(("type",)),
    Alg1Started: Alike(),
    Alg1Ended: Alike(),
    BenefitStarted: Alike(("benefit",)),
    BenefitEnded: Alike(),
}


class Pair(NamedTuple):
    """A note that stands, the fact that counts by it, and the one set aside as it would count."""

    note: Known
    thing: Known
    other: Known

    @property
    def said(self) -> SameThingNoted:
        """What the note says."""
        assert isinstance(self.note.fact, SameThingNoted)
        return self.note.fact

    @property
    def is_asked(self) -> bool:
        """Whether a person is to say what counts."""
        return asks(self.said)


def asks(fact: Fact) -> bool:
    """Whether it is a note by which a person is to say what counts."""
    return isinstance(fact, SameThingNoted) and fact.counts is None and bool(fact.differs)


def about(fact: Fact) -> tuple[str, str] | None:
    """The field and the id of the appointment, job or measure that a fact is about."""
    field = declared(name_of(fact)).thing if stream_of(name_of(fact)) is Stream.CASE else None
    return (field, getattr(fact, field)) if field in THINGS else None


def differing(one: Known, two: Known) -> tuple[str, ...]:
    """In what two facts that say the same differ: their day, and fields that only one of them fills."""
    rule = ALIKE.get(type(one.fact), Alike())
    fields = [field for field in rule.fields if getattr(one.fact, field) != getattr(two.fact, field)]
    return (*([DAY] if one.on != two.on else []), *fields)


def pairs(records: Sequence[Record]) -> list[Pair]:
    """What the notes of a case link, as known now, without those one side of which is gone; all records in clear."""
    facts = known(records)
    notes = [(one, one.fact) for one in facts if isinstance(one.fact, SameThingNoted)]
    if not notes:
        return []
    aside = {said.other for _, said in notes}
    standing = {one.id: one for one in facts}
    others = {one.id: one for one in known(one for one in records if not _sets_aside(one, aside))}
    return [
        Pair(note, standing[said.thing], others[said.other])
        for note, said in notes
        if said.thing in standing and said.other in others and said.other not in standing
    ]


def _sets_aside(one: Record, aside: Collection[str]) -> bool:
    return isinstance(one.fact, FactWithdrawn) and one.fact.reason == ASIDE and one.fact.target in aside


def leading(facts: Iterable[Known]) -> Iterator[SameThingNoted]:
    """The notes whose set-aside fact leads: what its source changes or deletes is changed and withdrawn here, too."""
    for one in facts:
        if isinstance(note := one.fact, SameThingNoted) and (note.leads or note.counts == note.other):
            yield note


def taken_apart(records: Sequence[Record], note: SameThingNoted) -> list[str]:
    """The ids of what falls if both facts count: the withdrawal of the other one, and what moved to its thing."""
    by_id = {one.id: one.fact for one in records}
    thing = about(by_id[note.thing]) if note.thing in by_id else None
    taken_back = {one.fact.target for one in records if isinstance(one.fact, FactWithdrawn)}
    return [one.id for one in records if one.id not in taken_back and _falls(one.fact, note, thing, by_id)]


def _falls(fact: Fact, note: SameThingNoted, thing: tuple[str, str] | None, by_id: Mapping[str, Fact]) -> bool:
    match fact:
        case FactWithdrawn(target=target, reason=reason):
            return reason == ASIDE and target == note.other
        case FactCorrected(target=target, reason=reason, data=data):
            moved = reason == LINKED and thing is not None and (data or {}).get(thing[0]) == thing[1]
            return moved and target in by_id and about(by_id[target]) == about(by_id[note.other])
        case _:
            return False


def carried(pair: Pair) -> dict[str, Any]:
    """The fields in which the fact that counts has to change to say what the other one says, but for its thing."""
    fixed = {field for field, mark in marks(name_of(pair.thing.fact)).items() if mark is Mark.THING} | {"late_reason"}
    ours, theirs = (msgspec.to_builtins(one.fact) for one in (pair.thing, pair.other))
    return {key: value for key, value in theirs.items() if key not in fixed and ours.get(key) != value}
