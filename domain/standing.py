"""Which things facts began in a case, and which of them stand: read off what the facts declare."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import NamedTuple

from domain.facts import FACTS, Fact, Stream, declared, stream_of
from domain.knowledge import Known, order
from domain.law import AS_SHIPPED, named
from domain.stretches import Stretch, at
from domain.things import by_thing
from domain.timeline import Timeline


class Standing(NamedTuple):
    """A thing with the facts that began it, by their days, and the one that ended it, if any did."""

    thing: str
    begun: tuple[Known, ...]
    ended: Known | None

    @property
    def first(self) -> Known:
        """What began it; of a plan and a beginning the plan."""
        return self.begun[0]


def of(timeline: Timeline, field: str) -> list[Standing]:
    """The things that `field` names, in the order of their beginning; ended ones are among them."""
    starts, stops = _kinds(field)
    begun = by_thing(sorted(timeline.facts(*starts), key=order), field)
    ended = by_thing(sorted(timeline.facts(*stops), key=order) if stops else (), field)
    return [Standing(thing, tuple(facts), next(iter(ended.get(thing, ())), None)) for thing, facts in begun.items()]


def find(timeline: Timeline, field: str, thing: str) -> Standing | None:
    """The one with this id."""
    return next((one for one in of(timeline, field) if one.thing == thing), None)


def planned(timeline: Timeline, field: str) -> list[Known]:
    """The plans of things that nothing has begun since: those whose beginnings are of more than one kind."""
    last, *before = reversed(_kinds(field)[0])
    begun = {getattr(one.fact, field) for one in timeline.facts(last)}
    plans = sorted((one for kind in before for one in timeline.facts(kind)), key=order)
    return [one for one in plans if getattr(one.fact, field) not in begun]


def latest(timeline: Timeline, kind: type[Fact], thing: str) -> Known | None:
    """The last fact of a kind about a thing."""
    field = field_of(kind)
    return next((one for one in reversed(timeline.facts(kind)) if getattr(one.fact, field) == thing), None)


def running(timeline: Timeline, start: type[Fact], end: type[Fact], day: dt.date) -> Stretch | None:
    """What facts of one kind began and nothing has ended by a day: neither a fact of the other kind nor its `until`."""
    found: Stretch | None = at(timeline.stretches(start, end), day)
    over = found is None or found.end is not None or (getattr(found.start.fact, "until", None) or day) < day
    return None if over else found


@cache
def field_of(kind: type[Fact]) -> str:
    """The field with the id of what a kind of fact is about; "" for the case itself."""
    return declared(next(name for name, found in FACTS.items() if found is kind)).thing or ""


@cache
def _kinds(field: str) -> tuple[tuple[type[Fact], ...], tuple[type[Fact], ...]]:
    """The kinds that begin such a thing, a plan before what carries it out, and those that end it."""
    about = {
        FACTS[name]: said
        for name in FACTS
        if stream_of(name) is Stream.CASE and (said := declared(name)).thing == field
    }
    starts = tuple(kind for kind, said in about.items() if said.begins)
    stops = tuple(kind for kind, said in about.items() if said.ends in starts)
    carried_out = {said.ends for said in about.values()}
    return tuple(sorted(starts, key=lambda kind: kind in carried_out)), stops


def said_of(one: Known) -> str:
    """The German name of a fact, as the law of its day has it."""
    return named(one.fact, one.on, AS_SHIPPED)
