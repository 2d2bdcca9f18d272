"""Both axes at once: what held on each day, as known at each moment, as rows that exist before anybody asks.

For one moment of knowledge, facts start to count on certain days; between two such days the same facts count, so lanes,
clocks and rules give rows for the whole window at once. A later moment changes only the windows from the first day on
which something counts differently, and only the rows that depend on facts of that kind and reach that day. What a lane
says of a day follows from what counts on it, so spans need no windows. A row lives through all moments at which it is
among the rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import get_args

from domain import clocks, handovers, violations
from domain.clocks import Segment, segments
from domain.entries import EntryRow
from domain.facts.base import Fact, Lane
from domain.facts.case import ResponsibilityAssigned
from domain.facts.strategy import StrategyBarSet
from domain.knowledge import Change, Facts, Ledger, Modifier, Reading, counts_from, heard_at
from domain.lane_sheets import EntrySheet, SpanSheet
from domain.periods import DAY, Period, cut
from domain.records import Record
from domain.rules import RULES, DueRow, Rule, due_rows
from domain.sheets import Book, Lasting, Parts, Row, Sheet, State, Things, Topic, Windows, last
from domain.spans import TRACKS, Span
from domain.things import APPOINTMENTS, Appointments
from domain.timeline import CARE, Kinds, Looked, Shared, Timeline
from domain.violations import Violation

VIOLATIONS = "violations"  # what all of them are called, of whichever rule
SPANS = "spans"  # of whichever lane
ENTRIES = "entries"
Batch = tuple[dt.datetime, list[Record], list[Record]]  # a moment, records of the case and of the office's settings
Step = tuple[dt.datetime, Facts, list[Change], list[Change]]  # the same, heard: what counts now, what has changed


def sweep(
    records: Sequence[Record],
    reading: Reading = Reading.ARRIVAL,
    settings: Sequence[Record] = (),
    names: Collection[str] | None = None,
    windows: Windows | None = None,
) -> list[Lasting]:
    """All rows of a case over both axes, in one reading. The order of the records does not matter.

    `settings`: the office's thresholds, which change from their own days and moments on what is due. `names`: of these
    topics alone. `windows`: what was found of the same records and settings in another reading, and is once more.
    """
    ledgers = (Ledger(), Ledger()) if windows is None else (Ledger((), windows.own), Ledger((), windows.office))
    sheets = _Sheets({}, names, windows)
    for step in _steps(ledgers, records, settings, reading):
        sheets.redraw(*step)
    return [one for one in sheets.all() if names is None or name_of_topic(one.row) in names]


def sweep_both(
    records: Sequence[Record], settings: Sequence[Record] = (), names: Collection[str] | None = None
) -> dict[Reading, list[Lasting]]:
    """The rows in both readings.

    From the last arrival on they say the same; so if all records arrived at one moment, and no setting later, the rows
    by arrival are what is known by their own days in the end.
    """
    moments = {record.recorded_at for record in records}
    arrived = max(moments) if len(moments) == 1 and all(one.recorded_at <= max(moments) for one in settings) else None
    windows = Windows() if arrived is None else None
    by_day = sweep(records, Reading.EFFECTIVE_DAY, settings, names, windows)
    if arrived is None:
        by_arrival = sweep(records, Reading.ARRIVAL, settings, names, windows)
    else:
        by_arrival = [Lasting(one.row, arrived, None) for one in by_day if one.known_to is None]
    return {Reading.ARRIVAL: by_arrival, Reading.EFFECTIVE_DAY: by_day}


def needed(added: Iterable[Record]) -> Kinds | None:
    """The kinds of facts that rows which change with these records can be taken from; nothing where that may be all."""
    kinds = frozenset(type(record.fact) for record in added)
    if not kinds.isdisjoint((*CARE, *MODIFIERS)):
        return None
    readers = (*(one.reads for one in TOPICS), *(track.reads | CARE for track in TRACKS))
    # Of the corrections and withdrawals there are, any may be about what is added.
    return MODIFIERS.union(*(reads for reads in readers if not kinds.isdisjoint(reads)))


class Growth:
    """A case that grows: which of its rows change with the records added, and what becomes of them.

    Every record of `added` must be heard later than all of `before`, of which those of the kinds `needed` will do; the
    rows must be in line with the settings.
    """

    def __init__(
        self,
        before: Sequence[Record],
        added: Sequence[Record],
        reading: Reading = Reading.ARRIVAL,
        settings: Sequence[Record] = (),
    ) -> None:
        ledgers = Ledger(before), Ledger(settings)
        self._before: Facts = {**ledgers[0].facts, **ledgers[1].facts}
        self._steps = list(_steps(ledgers, added, (), reading))
        changes = [change for _, _, own, _ in self._steps for change in own]
        kinds = {change.kind for change in changes}
        self.since = min((counts_from(one) for change in changes for one in change.versions), default=dt.date.max)
        self.names = frozenset[str]().union(*(one.names for one in TOPICS if not kinds.isdisjoint(one.reads)))
        self.lanes = _lanes(kinds, changes)
        self.refs = frozenset(change.before.ref for change in changes if change.before)

    def wants(self, row: Row) -> bool:
        """Whether a row that is known before must be given to `rows`."""
        if isinstance(row, EntryRow):
            return row.ref in self.refs
        if last(row) < self.since - DAY:
            return False
        if isinstance(row, Span):
            things = self.lanes.get(row.lane, frozenset())
            return things is None or row.thing in things
        return name_of_topic(row) in self.names

    def rows(self, still: Mapping[Row, dt.datetime]) -> list[Lasting]:
        """The rows that are wanted, each from its moment in `still` on, some with their end now, and the new ones."""
        sheets = _Sheets(self._before)
        for row, known_from in still.items():
            sheets.of(row).take_up(row, known_from)
        for step in self._steps:
            sheets.redraw(*step)
        return sheets.all()


class _Sheets:
    """All rows of a case."""

    def __init__(self, facts: Facts, names: Collection[str] | None = None, windows: Windows | None = None) -> None:
        self._windows = windows
        self._appointments = Appointments(fact for kind in APPOINTMENTS for fact in facts.get(kind, ()))
        self._shared = Shared(self._appointments)
        self._latest = max((one.visible_from for some in facts.values() for one in some), default=dt.date.min)
        self._things = {field: Things(field, kinds, facts) for field, kinds in THINGS.items()}
        topics = [topic for topic in TOPICS if names is None or not topic.names.isdisjoint(names)]
        # Nobody has noted what the rows of before were taken from.
        self._topics = [(Parts if one.thing else Sheet)(one, one.reads if facts else one.about) for one in topics]
        lanes = TRACKS if names is None or SPANS in names else ()
        self._lanes = {track.lane: SpanSheet(track) for track in lanes}
        self._entries = EntrySheet()

    def of(self, row: Row) -> Book:
        """Where a row stands."""
        if isinstance(row, EntryRow):
            return self._entries
        if isinstance(row, Span):
            return self._lanes[row.lane]
        return next(sheet for sheet in self._topics if name_of_topic(row) in sheet.topic.names)

    def redraw(self, moment: dt.datetime, facts: Facts, own: Sequence[Change], settings: Sequence[Change]) -> None:
        """Goes on to the next moment."""
        for change in own:
            self._appointments.change(*change)
        changed = self._changed((*own, *settings))
        counting = (one.visible_from for change in (*own, *settings) for one in change.versions)
        self._latest = max(self._latest, max(counting, default=self._latest))
        state = State(moment, facts, self._things, self._shared, changed, self._latest, {}, self._windows, {}, {})
        care_from = state.since(CARE)
        care = Timeline(facts, dt.date.max, None, self._shared, state.lanes(dt.date.max)).care
        for lane in self._lanes.values():
            if care_from is not None or not lane.track.reads.isdisjoint(changed):
                lane.redraw(state, care, care_from)
        for sheet in self._topics:
            if not sheet.topic.reads.isdisjoint(changed):
                sheet.redraw(state)
        self._entries.redraw(moment, own)

    def _changed(self, changes: Iterable[Change]) -> dict[Looked, dt.date]:
        """From which day on facts of which kinds, and about which things, count differently."""
        found: dict[Looked, dt.date] = {}
        for change in changes:
            if issubclass(change.kind, Modifier):  # nothing is taken from it but its entry
                continue
            day = min(map(counts_from, change.versions))
            keys: list[Looked] = [change.kind]
            for field, things in self._things.items():
                if change.kind in things.kinds:
                    keys += [(field, name) for name in things.change(change)]
            for key in keys:
                found[key] = min(found.get(key, day), day)
        return found

    def all(self) -> list[Lasting]:
        """Every row that there was, and those that are."""
        return [row for book in (*self._topics, *self._lanes.values(), self._entries) for row in book.all()]


def _steps(
    ledgers: tuple[Ledger, Ledger], records: Iterable[Record], settings: Iterable[Record], reading: Reading
) -> Iterator[Step]:
    case, office = ledgers
    for moment, own, others in _batches(records, settings, reading):
        changes, settled = case.hear(own), office.hear(others)
        yield moment, {**case.facts, **office.facts}, changes, settled


def _batches(records: Iterable[Record], settings: Iterable[Record], reading: Reading) -> Iterator[Batch]:
    moment_of = itemgetter(0)
    timed = [
        (heard_at(record, reading), place, record) for place, some in enumerate((records, settings)) for record in some
    ]
    for moment, group in groupby(sorted(timed, key=moment_of), key=moment_of):
        heard: tuple[list[Record], list[Record]] = ([], [])
        for _, place, record in group:
            heard[place].append(record)
        yield moment, *heard


# --- what depends on what ---


def _lanes(kinds: Iterable[type[Fact]], changes: Iterable[Change]) -> dict[Lane, frozenset[str] | None]:
    """The lanes of which spans can change, each with the things these are about; nothing where any may change."""
    found: dict[Lane, frozenset[str] | None] = {}
    for track in TRACKS:
        if not CARE.isdisjoint(kinds):  # who is responsible stands in all of them
            found[track.lane] = None
        elif not track.reads.isdisjoint(kinds):
            found[track.lane] = None if track.thing is None else track.about(changes)
    return found


def name_of_topic(row: Row) -> str:
    """What the topic of the row is called."""
    if isinstance(row, Segment):
        return row.clock
    if isinstance(row, DueRow):
        return row.rule
    if isinstance(row, Span):
        return SPANS
    return ENTRIES if isinstance(row, EntryRow) else VIOLATIONS


MODIFIERS: Kinds = frozenset(get_args(Modifier))


def _violations(timeline: Timeline, window: Period) -> Iterator[Violation]:
    for one in violations.violations(timeline, window.first):
        if inside := cut(Period(one.first, one.last), window):
            yield one._replace(first=inside.first, last=inside.last)


def _topics() -> Iterator[Topic]:
    """Rules about the same facts share a timeline; bars are read once for segments, once for the rules about them."""
    yield Topic(frozenset({"care", "net"}), clocks.READS, frozenset({StrategyBarSet, ResponsibilityAssigned}), segments)
    yield Topic(frozenset({handovers.CLOCK}), handovers.READS, handovers.ABOUT, handovers.segments)
    yield Topic(frozenset({VIOLATIONS}), violations.READS, violations.ABOUT, _violations)
    by_about: dict[tuple[Kinds, str | None], list[Rule]] = {}
    for rule in RULES.values():
        by_about.setdefault((rule.about, rule.thing), []).append(rule)
    for (about, thing), rules in by_about.items():
        reads = frozenset[type[Fact]]().union(*(rule.depends_on for rule in rules))
        yield Topic(frozenset(rule.id for rule in rules), reads, about, _listing(tuple(rules)), thing)


def _listing(rules: tuple[Rule, ...]) -> Callable[[Timeline, Period], Iterator[DueRow]]:
    return lambda timeline, window: due_rows(timeline, window, rules)


TOPICS = tuple(_topics())
THINGS = {  # the kinds of facts about each thing that one of these fields names
    track.thing: frozenset[type[Fact]]().union(*(one.reads for one in TRACKS if one.thing == track.thing))
    for track in TRACKS
    if track.thing is not None
}
