"""What facts about one thing say together, day after day: each is taken up once, on the first day it counts."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from domain.entries import Code, Codes, codes
from domain.knowledge import Known
from domain.periods import DAY, OPEN


class Said(NamedTuple):
    """What is said of a thing: two days on which this is the same are told apart by nothing."""

    value: str
    thing: str
    day: dt.date | None
    codes: Codes


class Stage(NamedTuple):
    """The same from `first` to `last`, both inclusive; `facts`: the references behind it on the last day."""

    said: Said
    first: dt.date
    last: dt.date
    facts: tuple[str, ...]


class Course:
    """The stages of one thing up to a day, as long as no fact that was taken up changes."""

    def __init__(self, step: Callable[[Known], Any], say: Callable[[Course], Said | None]) -> None:
        """`step`: the order in which the facts follow each other; `say`: what they say together."""
        self.facts: list[Known] = []  # those that count, in their order
        self.until = dt.date.min  # the last day on which one was taken up
        self._over: list[Stage] = []
        self._now: Said | None = None
        self._since = dt.date.min
        self._step, self._say = step, say
        self._told: dict[str, tuple[Any, int, Any, Code]] = {}  # where it is said first, where last and what then

    def codes(self, more: Mapping[str, Code]) -> Codes:
        """The codes of the facts; of two that say the same the later one counts."""
        told = {key: said[3] for key, said in sorted(self._told.items(), key=lambda one: one[1][:2])}
        return tuple({**told, **more}.items())

    def reaching(self, day: dt.date) -> Iterator[Stage]:
        """The stages that last until a day or longer."""
        yield from self._over[bisect_left(self._over, day, key=attrgetter("last")) :]
        if self._now is not None:
            yield Stage(self._now, self._since, OPEN, tuple(one.ref for one in self.facts))

    def go_on(self, facts: Sequence[Known]) -> None:
        """Takes up facts that count from a later day on."""
        first_day = attrgetter("visible_from")
        for day, counting in groupby(sorted(facts, key=first_day), key=first_day):
            for fact in counting:
                self._take_up(fact)
            self.until = day
            self._settle()

    def _take_up(self, fact: Known) -> None:
        step = self._step(fact)
        insort(self.facts, fact, key=self._step)
        for place, (key, code) in enumerate(codes(fact.fact)):
            first, at, last, latest = self._told.get(key, (step, place, step, code))
            first, at = min((first, at), (step, place))
            self._told[key] = (first, at, step, code) if step >= last else (first, at, last, latest)

    def _settle(self) -> None:
        """What all that is taken up says counts from the day of the last one on."""
        said = self._say(self)
        if said == self._now:
            return
        if self._now is not None:
            before = tuple(one.ref for one in self.facts if one.visible_from < self.until)
            self._over.append(Stage(self._now, self._since, self.until - DAY, before))
        self._now, self._since = said, self.until
