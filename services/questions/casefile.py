"""One case in clear: its timeline and its clocks at a day, as known at a moment (Vertrag 3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from domain import clocks as counting
from domain.facts import Stream
from domain.facts.extension import ExtensionApproved, ExtensionRequested
from domain.facts.strategy import NonStrategyBarSet, StrategyBarSet
from domain.facts.support import Alg1Started, BenefitStarted, EmploymentStarted, MeasureStarted
from domain.knowledge import Known, Reading, known
from domain.periods import BERLIN, OPEN
from domain.records import Record
from domain.stretches import Stretch
from domain.things import Extension
from domain.timeline import Timeline, build
from domain.violations import violations
from services.failures import Said

if TYPE_CHECKING:
    from services.office.office import Transaction

Answer = dict[str, Any]


class UnknownCase(Said, LookupError):
    """There is no such case; the text is one German sentence."""

    def __init__(self, case: str) -> None:
        shown = "".join(char if char.isprintable() else "�" for char in case[:64])
        super().__init__(f"Den Fall „{shown}“ gibt es nicht.")


class _File(NamedTuple):
    """What is known of one case, and the head of every answer about it."""

    head: Answer
    timeline: Timeline
    ids: Mapping[str, str]
    as_of: dt.date


def timeline(
    tx: Transaction,
    case: str,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    reading: Reading = Reading.ARRIVAL,
) -> Answer:
    """The answer of `timeline`; days and moments as ISO text, `to` None while a row goes on. Raises UnknownCase."""
    from notifications import render  # Jinja2 loads slowly, and clocks need no sentences

    file = _file(tx, case, as_of, known_at, reading)
    lanes = _lanes(file.timeline)
    found = [
        {
            "rule": one.rule,
            "from": _day(one.first),
            "to": _day(one.last),
            "text": render.violation(one.rule, {"first": one.first, "last": None if one.last == OPEN else one.last}),
            "facts": _ids(one.facts, file),
        }
        for one in violations(file.timeline)
    ]
    for row in (row for lane in lanes.values() for row in lane):
        row["facts"] = _ids(row["facts"], file)
    return file.head | {"lanes": lanes, "violations": found}


def clocks(
    tx: Transaction,
    case: str,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    reading: Reading = Reading.ARRIVAL,
) -> Answer:
    """The answer of `clocks`; days as ISO text, what does not apply is None. Raises UnknownCase."""
    file = _file(tx, case, as_of, known_at, reading)
    found = counting.clocks(file.timeline, file.as_of)
    return file.head | {
        "strategy": found.strategy,
        "since": found.since and found.since.isoformat(),
        "unit": found.unit,
        "area": found.area,
        "worker": found.worker,
        "days": found.days,
        "deductions": [deduction(one.reason, one.first, one.last) for one in found.deductions],
    }


def deduction(reason: str, first: dt.date, last: dt.date) -> Answer:
    """One deduction, both days inclusive."""
    days = (last - first).days + 1
    return {"reason": reason, "from": first.isoformat(), "to": last.isoformat(), "days": days}


def moment(known_at: dt.datetime) -> str:
    """A moment as answers write it: ISO with the offset of Europe/Berlin."""
    return known_at.astimezone(BERLIN).isoformat()


def _file(
    tx: Transaction,
    case: str,
    as_of: dt.date | None,
    known_at: dt.datetime | None,
    reading: Reading,
) -> _File:
    as_of, shown, known_at = as_of or tx.today, known_at or tx.now, known_at or tx.latest
    key = tx.store.key(tx.conn, Stream.CASE, case)
    records = tx.store.records(tx.conn, key, with_text=True) if key else []
    if not records:
        raise UnknownCase(case)
    head: Answer = {"case": case, "as_of": as_of.isoformat(), "known_at": moment(shown)}
    head |= unsure(_unknown_until_later(records, known_at), reading)
    ids = {record.ref: record.id for record in records}
    return _File(head, build(known(records, known_at, reading), as_of), ids, as_of)


def unsure(facts: int, reading: Reading) -> Answer:
    """What the head of an answer says about facts without a moment of recording that arrived after its Datenstand."""
    counted: Answer = {"recorded_unknown": facts} if facts else {}
    return counted if reading is Reading.ARRIVAL else counted | {"reading": reading.value}


def _unknown_until_later(records: Sequence[Record], known_at: dt.datetime) -> int:
    return sum(record.recorded_unknown and record.recorded_at > known_at for record in records)


def _lanes(timeline: Timeline) -> dict[str, list[Answer]]:
    return {
        "strategy": [_row(one, cast(StrategyBarSet, one.start.fact).strategy) for one in timeline.bars],
        "non_strategy": [_row(one, cast(NonStrategyBarSet, one.start.fact).kind) for one in timeline.non_strategy],
        "responsibility": [
            _span(one.first, one.last, one.area, [one.fact.ref]) | {"worker": one.worker, "unit": one.unit}
            for one in timeline.care
        ],
        "benefit": [_row(one, cast(BenefitStarted, one.start.fact).benefit) for one in timeline.benefit],
        "alg1": [_row(one, _alg1(cast(Alg1Started, one.start.fact))) for one in timeline.alg1],
        "employment": [_job(one, cast(EmploymentStarted, one.start.fact)) for one in timeline.employment],
        "measures": [_measure(one, cast(MeasureStarted, one.start.fact)) for one in timeline.measures],
        "appointments": [
            {
                "on": one.on.isoformat(),
                "status": one.status,
                "appointment": one.appointment,
                "facts": [fact.ref for fact in one.facts],
            }
            for one in timeline.appointments
        ],
        "extensions": [_extension(one) for one in timeline.extensions],
    }


def _alg1(fact: Alg1Started) -> str:
    return "top-up" if fact.top_up else "alg1"


def _job(one: Stretch, fact: EmploymentStarted) -> Answer:
    return _row(one, fact.kind) | {"employment": fact.employment}


def _measure(one: Stretch, fact: MeasureStarted) -> Answer:
    return _row(one, fact.type) | {"measure": fact.measure}


def _extension(one: Extension) -> Answer:
    """A request runs from its day, an approval from the day of consent, to the day it names."""
    dated = [fact for fact in one.facts if isinstance(fact.fact, ExtensionApproved | ExtensionRequested)]
    telling: Known = one.decided if one.decided in dated and one.decided else (dated or list(one.facts))[-1]
    until: dt.date = getattr(telling.fact, "until", OPEN)
    return _span(telling.on, until, one.status, [fact.ref for fact in one.facts]) | {"request": one.request}


def _row(one: Stretch, value: str | None) -> Answer:
    return _span(one.first, one.last, value, one.refs)


def _span(first: dt.date, last: dt.date, value: str | None, facts: Iterable[str]) -> Answer:
    return {"from": first.isoformat(), "to": _day(last), "value": value, "facts": list(facts)}


def _day(day: dt.date) -> str | None:
    return None if day == OPEN else day.isoformat()


def _ids(facts: Iterable[str], file: _File) -> list[str]:
    return [file.ids.get(ref, ref) for ref in facts]
