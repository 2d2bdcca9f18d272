"""Why a list as known then and the same list as known now differ: which cases, through which facts (domain.md 2.0)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, literal, select, union_all

from domain.clocks import clocks
from domain.facts.base import Fact
from domain.facts.case import CaseClosed, CaseOpened, ResponsibilityAssigned
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.facts.strategy import (
    ClockPauseEnded,
    ClockPauseStarted,
    NonStrategyBarEnded,
    NonStrategyBarSet,
    StrategyBarEnded,
    StrategyBarSet,
)
from domain.facts.support import (
    Alg1Ended,
    Alg1Started,
    BenefitEnded,
    BenefitStarted,
    EmploymentEnded,
    EmploymentStarted,
)
from domain.knowledge import heard_at, known
from domain.records import Record
from domain.timeline import at, build
from services.questions import over, sql
from services.questions.stays import TOPICS, Wanted, matching
from services.records import meaning
from services.records.tables import numbers

if TYPE_CHECKING:
    from services.office.office import Office, Transaction

MOVING: tuple[type[Fact], ...] = (
    StrategyBarSet, StrategyBarEnded, NonStrategyBarSet, NonStrategyBarEnded, ClockPauseStarted, ClockPauseEnded,
    ResponsibilityAssigned, Alg1Started, Alg1Ended, BenefitStarted, BenefitEnded, EmploymentStarted, EmploymentEnded,
    CaseOpened, CaseClosed, FactCorrected, FactWithdrawn,
)  # fmt: skip
"""The facts a list of stays depends on."""


class OnlyIn(NamedTuple):
    """A case that is in one of the two lists only; `then`: in the earlier one."""

    key: UUID
    number: str
    then: bool


class Difference(NamedTuple):
    """How many cases are only in the list as known then, how many only in the later one, and some of these cases."""

    only_then: int
    only_now: int
    rows: list[OnlyIn]


class Cause(NamedTuple):
    """A fact recorded between the two moments, why it tells, and the fact it corrects or withdraws, if any."""

    why: str  # late, corrected, withdrawn, import
    record: Record
    about: Record | None


def difference(tx: Transaction, then: Wanted, now: Wanted, *, limit: int | None = None, offset: int = 0) -> Difference:
    """Who is in one list only, sorted by case; `limit` and `offset` choose rows. One statement, however many cases.

    Raises Waiting.
    """
    meaning.digests(tx.conn, TOPICS)
    sides = union_all(_side(tx.office, then, 1), _side(tx.office, now, 0)).subquery()
    alone = select(sides.c.case_key, func.max(sides.c.then).label("then")).group_by(sides.c.case_key)
    one = alone.having(func.count() == 1).subquery()
    rows = select(one.c.case_key, numbers.c.number, one.c.then).join(numbers, numbers.c.key == one.c.case_key)
    found = tx.conn.execute(rows.order_by(sql.ByCode(numbers.c.number))).all()
    only_then = sum(row.then for row in found)
    chosen = found[offset:] if limit is None else found[offset : offset + limit]
    turned = [OnlyIn(key, number, bool(side)) for key, number, side in chosen]
    return Difference(only_then, len(found) - only_then, turned)


def causes(tx: Transaction, cases: Sequence[UUID], then: Wanted, now: Wanted) -> dict[UUID, list[Cause]]:
    """The facts recorded between the two moments that put each case on a list or took it off, the first first.

    Read without text. A fact tells if it alone turns the answer, added to what was known then or taken from what is
    known now; where only several together do, all that lists depend on are given.
    """
    found = tx.store.records_of(tx.conn, cases)
    return {key: _telling(tx.office, found[key], then, now) for key in cases}


def _telling(office: Office, records: Sequence[Record], then: Wanted, now: Wanted) -> list[Cause]:
    by_ref = {one.ref: one for one in records}
    records = [one for one in records if isinstance(one.fact, MOVING)]
    before = [one for one in records if heard_at(one, then.reading) <= _known(office, then)]
    after = [one for one in records if heard_at(one, now.reading) <= _known(office, now)]
    known_then = {one.ref for one in before}
    later = [one for one in after if one.ref not in known_then]
    was, is_now = _listed(office, before, then), _listed(office, after, now)
    telling = [
        one
        for one in later
        if _listed(office, [*before, one], then) != was
        or _listed(office, [x for x in after if x is not one], now) != is_now
    ]
    found = sorted(telling or later, key=lambda one: (one.recorded_at, one.number))
    return [Cause(_why(one), one, _root(one, by_ref)) for one in found]


def _side(office: Office, wanted: Wanted, then: int) -> Select[tuple[UUID, int]]:
    chosen = matching(office, wanted).subquery()
    return select(chosen.c.case_key, literal(then).label("then"))


def _known(office: Office, wanted: Wanted) -> dt.datetime:
    return wanted.known_at or office.latest()


def _listed(office: Office, records: Sequence[Record], wanted: Wanted) -> bool:
    """Whether a case with these records is on the list: what the statement asks of its segments."""
    as_of = wanted.as_of or office.today()
    timeline = build(known(records), as_of)
    spell, care = at(timeline.spells, as_of), at(timeline.care, as_of)
    if spell is None or spell.strategy != wanted.strategy:
        return False
    unit, area = (care.unit, care.area) if care else (None, None)
    if (wanted.units and unit not in wanted.units) or (wanted.areas and area not in wanted.areas):
        return False
    if wanted.over is None:
        return True
    counted = clocks(timeline, as_of).days["net"] if wanted.clock == "net" else None
    days = (as_of - spell.first).days if counted is None else counted
    return over.reached(wanted.over, spell.first, days)


def _why(record: Record) -> str:
    if record.recorded_unknown:
        return "import"
    return {FactCorrected: "corrected", FactWithdrawn: "withdrawn"}.get(type(record.fact), "late")


def _root(record: Record, by_ref: dict[str, Record]) -> Record | None:
    """What a correction or withdrawal is about in the end; it may be about another correction."""
    about, seen = record, {record.ref}
    while isinstance(about.fact, FactCorrected | FactWithdrawn):
        following = by_ref.get(about.fact.target)
        if following is None or following.ref in seen:
            return None
        seen.add(following.ref)
        about = following
    return about if about is not record else None
