"""Rows of one topic or lane, and the moments of knowledge each of them lived through."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from domain.clocks import Segment
from domain.entries import EntryRow
from domain.facts.base import Fact
from domain.knowledge import Change, Facts, Known, counts_from, order, visible
from domain.periods import DAY, OPEN, Period
from domain.rules import DueRow
from domain.spans import Span
from domain.timeline import Kinds, Looked, Shared, Timeline
from domain.violations import Violation

Dated = Segment | DueRow | Violation
Row = Dated | Span | EntryRow


class Lasting(NamedTuple):
    """A row and when it was known: from `known_from` (inclusive) to `known_to` (exclusive, None: still)."""

    row: Row
    known_from: dt.datetime
    known_to: dt.datetime | None


class Topic(NamedTuple):
    """Rows that depend on facts of the kinds in `reads` alone; while there is none of a kind in `about`, none.

    `names`: the clocks of its segments, the rules of its due rows; its violations are of all rules. `rows` may leave
    out what ends before the window. `thing`: the field that names what each is judged on its own.
    """

    names: frozenset[str]
    reads: Kinds
    about: Kinds
    rows: Callable[[Timeline, Period], Iterable[Dated]]
    thing: str | None = None


Window = tuple[list[Dated], frozenset[Looked]]  # the rows of a topic from a day on, what these were taken from


class Windows:
    """What was found of the days from one on, by the facts that count on it: in two readings of a case mostly the same.

    `own`, `office`: the facts of the case and of the office's settings as nothing has changed them, by reference; both
    readings have them from here, so that facts are told apart by what they are and not by what they say.
    """

    def __init__(self) -> None:
        self.own: dict[str, Known] = {}
        self.office: dict[str, Known] = {}
        self._found: dict[Hashable, tuple[Window, list[Known]]] = {}

    def found(self, topic: Topic, day: dt.date, state: State, find: Callable[[], Window]) -> Window:
        """The rows of a topic from a day on, found anew if other facts count."""
        counting, facts = state.counting(day)
        key = (topic.names, state.shared.about, day, counting)
        if key not in self._found:
            self._found[key] = find(), facts  # which are kept, so that no other one comes to their place
        return self._found[key][0]


class State(NamedTuple):
    """What is known at a moment, and what was not known so just before: from which day on facts of a kind differ."""

    moment: dt.datetime
    facts: Facts
    things: Mapping[str, Things]
    shared: Shared
    changed: Mapping[Looked, dt.date]
    latest: dt.date  # from which day on all facts count
    seen: dict[dt.date, Seen]  # what of them counts on the days that were asked about
    windows: Windows | None
    counted: dict[dt.date, tuple[frozenset[int], list[Known]]]  # the same in one list
    said: dict[dt.date, dict[Hashable, Any]]  # the lanes of each of those days

    def on(self, day: dt.date) -> Facts:
        """The facts that count on a day."""
        if day >= self.latest:
            return self.facts
        if day not in self.seen:
            self.seen[day] = Seen(self.facts, day)
        return self.seen[day]

    def lanes(self, day: dt.date) -> dict[Hashable, Any]:
        """The lanes that were computed of the facts that count on a day."""
        return self.said.setdefault(min(day, self.latest), {})

    def counting(self, day: dt.date) -> tuple[frozenset[int], list[Known]]:
        """The facts that count on a day, told apart by what they are, and themselves."""
        if day not in self.counted:
            facts = visible((one for some in self.facts.values() for one in some), day)
            self.counted[day] = frozenset(map(id, facts)), facts
        return self.counted[day]

    def since(self, kinds: Kinds) -> dt.date | None:
        """The first day on which facts of these kinds count differently now; nothing if none does."""
        return min((day for key, day in self.changed.items() if key in kinds), default=None)

    def about(self, field: str) -> list[str]:
        """The things named by a field about which something counts differently."""
        return [key[1] for key in self.changed if isinstance(key, tuple) and key[0] == field]


class Things:
    """The facts about each thing that a field names, while they change."""

    def __init__(self, field: str, kinds: Kinds, facts: Facts) -> None:
        self.field = field
        self.kinds = kinds
        self.facts: dict[str, dict[type[Fact], list[Known]]] = {}
        for kind in kinds:
            for fact in facts.get(kind, ()):
                self._of(fact).append(fact)

    def change(self, change: Change) -> set[str]:
        """Takes a fact out, or in, or both; returns what it is about."""
        if change.before is not None:
            facts = self._of(change.before)
            del facts[bisect_left(facts, order(change.before), key=order)]
        if change.now is not None:
            insort(self._of(change.now), change.now, key=order)
        return {self._name(one) for one in change.versions}

    def _of(self, fact: Known) -> list[Known]:
        return self.facts.setdefault(self._name(fact), {}).setdefault(type(fact.fact), [])

    def _put(self, fact: Known, facts: list[Known]) -> None:
        self.facts[self._name(fact)][type(fact.fact)] = facts

    def _name(self, fact: Known) -> str:
        name: str = getattr(fact.fact, self.field)
        return name


class Seen(Mapping[type[Fact], Sequence[Known]]):
    """The facts that count on a day, of each kind when it is asked for."""

    def __init__(self, facts: Facts, day: dt.date) -> None:
        self._facts = facts
        self._day = day
        self._seen: dict[type[Fact], Sequence[Known]] = {}

    def __getitem__(self, kind: type[Fact]) -> Sequence[Known]:
        if kind not in self._seen:
            facts = self._facts.get(kind, ())
            ahead = facts[bisect_right(facts, self._day, key=_on) :]
            hidden = any(counts_from(fact) > self._day for fact in ahead)
            self._seen[kind] = [*facts[: -len(ahead)], *visible(ahead, self._day)] if hidden else facts
        return self._seen[kind]

    def get(self, kind: type[Fact], default: Any = ()) -> Any:
        """The same; of a kind of which there is none, nothing."""
        return (self[kind] or default) if kind in self._facts else default

    def __iter__(self) -> Iterator[type[Fact]]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)


class Book:
    """Rows with the moment since when each is known; those that ended with their end."""

    def __init__(self) -> None:
        self._since: dict[Row, dt.datetime] = {}
        self._ended: list[Lasting] = []

    def take_up(self, row: Row, since: dt.datetime) -> None:
        """Goes on from a row that is known since a moment."""
        self._since[row] = since

    def replace(self, before: Collection[Row], now: Iterable[Row], moment: dt.datetime) -> None:
        """From a moment on these rows are known in the place of those."""
        for row in now:
            self._since.setdefault(row, moment)
        for row in set(before).difference(now):
            self._ended.append(Lasting(row, self._since.pop(row), moment))

    def all(self) -> list[Lasting]:
        """Every row that there was, and those that are."""
        return self._ended + [Lasting(row, since, None) for row, since in self._since.items()]


class Sheet(Book):
    """The rows of a topic, about the whole case or about one thing.

    It keeps in mind what the rows of which days were taken from, so that only what is concerned is computed anew.
    """

    def __init__(self, topic: Topic, looked: Kinds) -> None:
        """`looked`: what the rows known so far, if any, were taken from."""
        super().__init__()
        self.topic = topic
        self._rows: list[Dated] = []  # those known, by their last days
        self._looked: list[tuple[dt.date, frozenset[Looked]]] = [(dt.date.min, frozenset(looked))]

    def take_up(self, row: Row, since: dt.datetime) -> None:
        """Goes on from a row that is known since a moment."""
        assert isinstance(row, Dated)
        super().take_up(row, since)
        insort(self._rows, row, key=last)

    def redraw(self, state: State) -> None:
        """Goes on to the next moment."""
        changed_from = self._concerned(state.changed)
        if changed_from is None:
            return
        reached = bisect_left(self._rows, changed_from - DAY, key=last)
        before = self._rows[reached:]
        now = sorted(self._redrawn(before, state, changed_from), key=last)
        self._rows[reached:] = now
        self.replace(before, now, state.moment)

    def until(self, kind: Looked) -> dt.date:
        """The last day of which the rows were taken from facts of this kind; the earliest of all if none were."""
        until = OPEN
        for begun, looked in reversed(self._looked):
            if kind in looked:
                return until
            until = max(begun, dt.date.min + DAY) - DAY
        return dt.date.min

    def _concerned(self, changed: Mapping[Looked, dt.date]) -> dt.date | None:
        """The first day of which the rows may differ."""
        found: dt.date | None = None
        until, earliest = OPEN, min(changed.values())
        for begun, looked in reversed(self._looked):
            for key in looked & changed.keys():
                if changed[key] <= until:
                    found = min(found or OPEN, max(changed[key], begun))
            if begun <= earliest:
                break
            until = begun - DAY
        return found

    def _redrawn(self, rows: Iterable[Dated], state: State, changed_from: dt.date) -> Iterable[Dated]:
        """The rows of the days before `changed_from`, and from there on what the facts give now."""
        joined = _Joined()
        for row in rows:
            if first(row) < changed_from:
                joined.keep(row if last(row) < changed_from else _with_days(row, first(row), changed_from - DAY))
        while self._looked and self._looked[-1][0] >= changed_from:
            self._looked.pop()
        day: dt.date | None = changed_from
        while day is not None:
            found, looked = self._seen_from(day, state)
            following = _following(day, looked, state)
            until = following - DAY if following else OPEN
            for row in found:
                if first(row) <= until:
                    joined.add(row if last(row) <= until else _with_days(row, first(row), until))
            if not self._looked or self._looked[-1][1] != looked:
                self._looked.append((day, looked))
            day = following
        return joined.rows()

    def _seen_from(self, day: dt.date, state: State) -> tuple[list[Dated], frozenset[Looked]]:
        """The rows from a day on, from what counts on it, and what they were taken from."""
        _, reads, about, rows, _ = self.topic

        def find() -> Window:
            timeline = Timeline(state.on(day), day, reads, state.shared, state.lanes(day))
            found = list(rows(timeline, Period(day, OPEN))) if timeline.says(about) else []
            return found, frozenset(timeline.looked)

        return find() if state.windows is None else state.windows.found(self.topic, day, state, find)


class Parts(Book):
    """The rows of a topic that judges each thing on its own."""

    def __init__(self, topic: Topic, looked: Kinds) -> None:
        super().__init__()
        self.topic = topic
        self._begun_with = looked
        self._sheets: dict[str, Sheet] = {}
        self._until: dict[Looked, dict[str, dt.date]] = {}  # up to which day other facts than its own matter to a thing

    def take_up(self, row: Row, since: dt.datetime) -> None:
        """Goes on from a row that is known since a moment."""
        assert isinstance(row, DueRow)
        self._of(str(dict(row.reason)[str(self.topic.thing)])).take_up(row, since)

    def redraw(self, state: State) -> None:
        """Goes on to the next moment."""
        things = state.things[str(self.topic.thing)]
        named = self._concerned(things, state)
        of_case = {kind: facts for kind, facts in state.facts.items() if kind not in things.kinds} if named else {}
        for thing in named:
            facts = {**of_case, **things.facts[thing]}
            shared = Shared(of_case=state.shared, about=(things.field, thing))
            sheet = self._of(thing)
            sheet.redraw(state._replace(facts=facts, shared=shared, seen={}, counted={}, said={}))
            for kind in self.topic.reads - things.kinds:
                self._until.setdefault(kind, {})[thing] = sheet.until(kind)

    def _concerned(self, things: Things, state: State) -> set[str]:
        """The things whose rows may differ: they changed, or other facts did on a day that matters to them."""
        named = set(state.about(things.field))
        for kind in (self.topic.reads - things.kinds) & state.changed.keys():
            until = self._until.get(kind, {})
            if len(until) < len(things.facts):  # some were there before the rows were carried on
                named |= things.facts.keys() - until.keys()
            named.update(thing for thing, day in until.items() if day >= state.changed[kind])
        return named

    def all(self) -> list[Lasting]:
        """Every row that there was, and those that are."""
        return [row for sheet in self._sheets.values() for row in sheet.all()]

    def _of(self, thing: str) -> Sheet:
        if thing not in self._sheets:
            self._sheets[thing] = Sheet(self.topic, self._begun_with)
        return self._sheets[thing]


def _following(day: dt.date, looked: Iterable[Looked], state: State) -> dt.date | None:
    """The next day on which something of what was looked at counts that did not before."""
    found: list[dt.date] = []
    for key in looked if day < state.latest else ():
        for facts in _facts_of(key, state):
            later = facts[bisect_right(facts, day, key=_on) :]
            found += [fact.visible_from for fact in later if fact.visible_from > day]
    return min(found, default=None)


def _facts_of(key: Looked, state: State) -> Collection[Sequence[Known]]:
    if isinstance(key, tuple):
        field, name = key
        return state.things[field].facts[name].values()
    return (state.facts.get(key, ()),)


class _Joined:
    """Rows that say the same on neighbouring days become one row."""

    def __init__(self) -> None:
        self._kept: list[Dated] = []
        self._latest: dict[tuple[Any, ...], int] = {}

    def keep(self, row: Dated) -> None:
        """Takes a row of the days before, which is joined already."""
        said = _said(row)
        at = self._latest.get(said)
        if at is None or last(self._kept[at]) < first(row):
            self._latest[said] = len(self._kept)
        self._kept.append(row)

    def add(self, row: Dated) -> None:
        """Takes a row of the next days; it is joined to the one that says the same and ends on the day before."""
        said = _said(row)
        at = self._latest.get(said)
        if at is not None and last(self._kept[at]) + DAY == first(row):
            self._kept[at] = _with_days(row, first(self._kept[at]), last(row))
        else:
            self._latest[said] = len(self._kept)
            self._kept.append(row)

    def rows(self) -> list[Dated]:
        """The rows as they are now, none twice."""
        return list(dict.fromkeys(self._kept))


_on = attrgetter("on")
_DAYS: dict[type[Dated], int] = {  # where in a row its first day stands; its last day follows
    kind: kind._fields.index("listed_from" if kind is DueRow else "first") for kind in (Segment, DueRow, Violation)
}


def _said(row: Dated) -> tuple[Any, ...]:
    """The row without its days."""
    at = _DAYS[type(row)]
    return (at, *row[:at], *row[at + 2 :])


def _with_days(row: Dated, first: dt.date, last: dt.date) -> Dated:
    if isinstance(row, DueRow):
        return row._replace(listed_from=first, listed_to=last)
    return row._replace(first=first, last=last)


def first(row: Dated | Span) -> dt.date:
    """The first day of a row."""
    return row.listed_from if isinstance(row, DueRow) else row.first


def last(row: Dated | Span) -> dt.date:
    """The last day of a row."""
    return row.listed_to if isinstance(row, DueRow) else row.last
