"""The spans of one lane, and the entries, and the moments of knowledge each of them lived through."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence

from domain.entries import entry
from domain.knowledge import Change, Facts
from domain.periods import DAY
from domain.sheets import Book, Row, State, last
from domain.spans import Span, Track
from domain.stretches import at
from domain.timeline import Care, Shared, Timeline


class SpanSheet(Book):
    """The spans of a lane."""

    def __init__(self, track: Track) -> None:
        super().__init__()
        self.track = track
        self._rows: dict[str | None, list[Span]] = {}  # by their last days
        self._shared: dict[str, Shared] = {}  # of each thing

    def take_up(self, row: Row, since: dt.datetime) -> None:
        """Goes on from a row that is known since a moment."""
        assert isinstance(row, Span)
        super().take_up(row, since)
        insort(self._rows.setdefault(self._place(row.thing), []), row, key=last)

    def redraw(self, state: State, care: Sequence[Care], care_from: dt.date | None) -> None:
        """Goes on to the next moment; `care`: who is responsible, other than before from `care_from` on."""
        changed_from, field = state.since(self.track.reads), self.track.thing
        concerned: frozenset[str | None] = frozenset()
        if changed_from is not None:
            concerned = frozenset({None} if field is None else state.about(field))
        for thing in concerned:
            assert changed_from is not None
            self._redraw(thing, state, changed_from, care)
        if care_from is not None:
            self._place_anew(state, care, care_from)

    def _redraw(self, thing: str | None, state: State, changed_from: dt.date, care: Sequence[Care]) -> None:
        facts: Facts = state.facts if thing is None else state.things[str(self.track.thing)].facts[thing]
        shared = state.shared if thing is None else self._shared.setdefault(thing, Shared())
        said = state.lanes(state.latest) if thing is None else None
        timeline = Timeline(facts, changed_from - DAY, self.track.reads, shared, said)
        now = [_placed(one, care) for one in self.track.spans(timeline) if one.last >= timeline.as_of]
        rows = self._rows.setdefault(thing, [])
        reached = bisect_left(rows, timeline.as_of, key=last)
        before, rows[reached:] = rows[reached:], sorted(now, key=last)
        self.replace(before, now, state.moment)

    def _place_anew(self, state: State, care: Sequence[Care], care_from: dt.date) -> None:
        for rows in self._rows.values():
            before = [row for row in rows if row.first >= care_from]
            if before:
                rows[:] = [_placed(row, care) if row.first >= care_from else row for row in rows]
                self.replace(before, [row for row in rows if row.first >= care_from], state.moment)

    def _place(self, thing: str | None) -> str | None:
        return thing if self.track.thing is not None else None


class EntrySheet(Book):
    """The entries of a case."""

    def redraw(self, moment: dt.datetime, changes: Iterable[Change]) -> None:
        """Goes on to the next moment."""
        for before, now in changes:
            self.replace([entry(before)] if before else [], [entry(now)] if now else [], moment)


def _placed(span: Span, care: Sequence[Care]) -> Span:
    """The span with who was responsible on its first day."""
    there: Care | None = at(care, span.first)
    return span._replace(unit=there.unit, area=there.area) if there else span._replace(unit=None, area=None)
