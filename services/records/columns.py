"""A row of the domain as the columns of its table, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from domain.clocks import Segment
from domain.entries import Codes, EntryRow
from domain.facts import Lane
from domain.rules import DueRow
from domain.sheets import Lasting, Row
from domain.spans import Span
from domain.violations import Violation
from services.records.tables import END_OF_TIME

Columns = dict[str, Any]


def columns(lasting: Lasting) -> Columns:
    """The columns of a row but its case and identity."""
    known = {"known_from": lasting.known_from.astimezone(dt.UTC), "known_to": lasting.known_to or END_OF_TIME}
    return _columns(lasting.row) | known


def _columns(row: Row) -> Columns:
    if isinstance(row, Segment):
        return _segment(row)
    if isinstance(row, DueRow):
        return _due(row)
    if isinstance(row, Span):
        return _span(row)
    if isinstance(row, EntryRow):
        return _entry(row)
    return {"rule": row.rule, "from_day": row.first, "to_day": row.last, "facts": list(row.facts)}


def _segment(row: Segment) -> Columns:
    return {
        "clock": row.clock,
        "strategy": row.strategy,
        "spell": row.spell,
        "origin": row.origin,
        "shift": row.shift,
        "stopped_days": row.stopped,
        "from_day": row.first,
        "to_day": row.last,
        "unit": row.unit,
        "area": row.area,
        "worker": row.worker,
        "team": row.team,
        "deductions": [[why, first.isoformat(), last and last.isoformat()] for why, first, last in row.deductions],
    }


def _due(row: DueRow) -> Columns:
    return {
        "rule": row.rule,
        "stage": row.stage,
        "cause": row.cause,
        "caused_on": row.caused_on,
        "due": row.due,
        "listed_from": row.listed_from,
        "listed_to": row.listed_to,
        "recipients": ",".join(row.recipients),
        "reason": dict(row.reason),
    }


def _span(row: Span) -> Columns:
    return {
        "lane": row.lane,
        "value": row.value,
        "thing": row.thing,
        "from_day": row.first,
        "to_day": row.last,
        "day": row.day,
        "unit": row.unit,
        "area": row.area,
        "codes": dict(row.codes),
        "facts": list(row.facts),
    }


def _entry(row: EntryRow) -> Columns:
    return {
        "name": row.name,
        "day": row.on,
        "thing": row.thing,
        "codes": dict(row.codes),
        "ref": row.ref,
        "recorded_at": row.recorded_at,
        "recorded_by": row.by,
        "corrected": row.corrected,
    }


def _segment_of(one: Any) -> Segment:
    day = dt.date.fromisoformat
    taken = tuple((why, day(first), day(last) if last else None) for why, first, last in one.deductions)
    clock = (one.clock, one.strategy, one.spell, one.origin, one.shift, one.stopped_days)
    return Segment(*clock, one.from_day, one.to_day, one.unit, one.area, one.worker, taken, one.team)


def _due_of(one: Any) -> DueRow:
    stage = (one.rule, one.stage, one.cause, one.caused_on, one.due, one.listed_from, one.listed_to)
    return DueRow(*stage, tuple(one.recipients.split(",")), tuple(one.reason.items()))


def _violation_of(one: Any) -> Violation:
    return Violation(one.rule, one.from_day, one.to_day, tuple(one.facts))


def _span_of(one: Any) -> Span:
    said = (Lane(one.lane), one.value, one.thing, one.from_day, one.to_day, one.day, one.unit, one.area)
    return Span(*said, _codes(one.codes), tuple(one.facts))


def _entry_of(one: Any) -> EntryRow:
    said = (one.name, one.day, one.thing, _codes(one.codes))
    return EntryRow(*said, one.ref, one.recorded_at, one.recorded_by, one.corrected)


def _codes(kept: dict[str, Any]) -> Codes:
    return tuple((name, tuple(code) if isinstance(code, list) else code) for name, code in kept.items())


READ_BACK: dict[type[Row], Callable[[Any], Row]] = {
    Segment: _segment_of,
    DueRow: _due_of,
    Violation: _violation_of,
    Span: _span_of,
    EntryRow: _entry_of,
}
"""The row that a stored one stands for, by its kind."""
