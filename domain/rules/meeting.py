"""Rules about contact: a missed appointment, a long silence, the density of contact: R-21, R-23, R-23b, R-47."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import pairwise
from types import MappingProxyType
from typing import cast

from domain import talks
from domain.facts.case import CaseOpened, CaseStatementGiven
from domain.facts.contact import AppointmentHeld, AppointmentMissed, ContactHeld, ContactIntervalSet
from domain.facts.duties import SanctionConsidered, SanctionImposed, SanctionWaived
from domain.facts.measures import SupportGranted
from domain.facts.strategy import StrategyBarSet
from domain.periods import DAY, OPEN, Period, cut
from domain.rules.aims import stated
from domain.rules.rule import BOTH, WORKER, Cause, Due, Kind, Rule, Stage, reason
from domain.rules.suspensions import ALG1, NOT_NEEDED
from domain.rules.themes import CONTACT
from domain.rules.thresholds import Number, Numbers, Thresholds
from domain.stretches import reaching
from domain.talks import Met
from domain.things import APPOINTMENTS
from domain.timeline import BARS, Timeline

COUNTED_FROM = dt.date(2026, 7, 1)  # misses before it do not count (Fachkonzept 3.2, R-47)
SECOND = 2
DENSITY: Mapping[str, Number] = MappingProxyType(  # beside Integration, whose number is that of the stage
    {"grundbetreuung-aktivierbar": Number(months=6), "grundbetreuung-passiv": Number(months=12)}
)


def _missed(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-21: the cause of a missed appointment, then what follows from it; never automatic (QS 1/2020, 3.2.3)."""
    decided = [(one.on, _about(one.fact)) for one in timeline.facts(SanctionImposed, SanctionWaived)]
    for one in timeline.appointments:
        cause = one.good_cause if one.status == "missed" else None
        if cause not in ("open", "no"):
            continue
        stage = "cause" if cause == "open" else "decision"
        answers = [day for day, about in decided if about == one.appointment and stage == "decision"]
        last = min(answers, default=OPEN)
        if last > one.on:
            days = Period(one.on, last - DAY if last < OPEN else OPEN)
            said = reason(day=one.on, appointment=one.appointment, **_considered(timeline, one.appointment))
            yield Due(stage, Cause.of(one.last), thresholds.after(stage, one.on), [days], said)


def _considered(timeline: Timeline, appointment: str) -> dict[str, dt.date | int]:
    """The last day on which it was considered what follows, and whether that was the hearing."""
    about = (one for one in timeline.facts(SanctionConsidered) if _about(one.fact) == appointment)
    last = max(about, key=lambda one: one.on, default=None)
    if last is None:
        return {}
    hearing = cast(SanctionConsidered, last.fact).step == "hearing"
    return {"considered": last.on, **({"hearing": 1} if hearing else {})}


def _about(fact: object) -> str:
    return cast(SanctionImposed | SanctionConsidered, fact).appointment


def _in_a_row(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-47: missed without good cause again and again, with none held between (§§ 7b, 32 SGB II since 01.07.2026)."""
    held = [one.on for one in timeline.appointments if one.status == "held"]
    misses = [one for one in timeline.appointments if one.status == "missed" and one.good_cause == "no"]
    decided = [(one.on, _about(one.fact)) for one in timeline.facts(SanctionImposed, SanctionWaived)]
    ended = [*held, *stated(timeline, "R-47")]
    in_a_row: list[dt.date] = []
    for miss in (one for one in misses if one.on >= COUNTED_FROM):
        in_a_row = [*(day for day in in_a_row if not any(day <= one < miss.on for one in held)), miss.on]
        answers = [day for day, about in decided if about == miss.appointment]
        last = min([*(day for day in ended if day >= miss.on), *answers], default=OPEN)
        if len(in_a_row) > 1 and last > miss.on:
            stage = "second" if len(in_a_row) == SECOND else "third"
            days = Period(miss.on, last - DAY if last < OPEN else OPEN)
            said = reason(day=miss.on, appointment=miss.appointment, misses=len(in_a_row))
            yield Due(stage, Cause.of(miss.last), thresholds.after(stage, miss.on), [days], said)


def _silence(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-23: no appointment, contact or support for 12 months, or since the case was opened (QS 4/2020, 2.4)."""
    granted = [Met(one.on, one) for one in timeline.facts(SupportGranted)]
    met = talks.in_order([*talks.contacts(timeline), *granted])
    opened = next(iter(timeline.facts(CaseOpened)), None)
    begin = min([*(one.on for one in met[:1]), *([opened.on] if opened else [])], default=None)
    if begin is None:
        return
    for one in talks.since_last(Period(begin, OPEN), met):
        fact = one.met.fact if one.met else opened
        if fact is not None and one.days.last >= timeline.as_of:
            on = one.met.on if one.met else fact.on
            due = thresholds.after("no-contact", on)
            said = reason(last=one.met and on, opened=on, **thresholds.said("no-contact"))
            yield Due("no-contact", Cause(fact.ref, on), due, [one.days], said)


def _density(timeline: Timeline, thresholds: Thresholds) -> Iterator[Due]:
    """R-23b: the interval of the strategy, or that of the case, since the last contact (QS 4/2020, 2.5)."""
    met = talks.contacts(timeline)
    single = _single(timeline)
    for spell in reaching(timeline.spells, timeline.as_of):
        if spell.strategy == "entwicklung":
            continue
        for one in talks.since_last(spell.period, met):
            base = one.met.on if one.met else spell.first
            cause = Cause(one.met.fact.ref, base) if one.met else Cause.of(spell.bars[0].start)
            for days, number in _by_interval(one.days, single):
                if days.last < timeline.as_of:
                    continue
                first = days.first if number else spell.first  # an interval asks for nothing before it was set
                due = thresholds.due(partial(_next_contact, base, first, number or DENSITY.get(spell.strategy)))
                assert due is not None
                said = reason(since=spell.first, last=one.met.on if one.met else None, strategy=spell.strategy)
                yield Due("interval", cause, due, [days], said)


def _next_contact(base: dt.date, first: dt.date, number: Number | None, numbers: Numbers) -> dt.date:
    return max(first, (number or numbers["interval"]).after(base))


def _single(timeline: Timeline) -> list[tuple[Period, Number]]:
    """The intervals set for the case: each to its last day, at most to the next one."""
    found = []
    for one, following in pairwise([*timeline.facts(ContactIntervalSet), None]):
        if one is not None:
            fact = cast(ContactIntervalSet, one.fact)
            last = min(fact.until or OPEN, following.on - DAY if following else OPEN)
            if one.on <= last:
                found.append((Period(one.on, last), Number(days=fact.days)))
    return found


def _by_interval(days: Period, single: list[tuple[Period, Number]]) -> Iterator[tuple[Period, Number | None]]:
    """The days in parts with one interval each; none where that of the strategy holds."""
    first = days.first
    for period, number in single:
        part = cut(period, days)
        if part is None:
            continue
        if first < part.first:
            yield Period(first, part.first - DAY), None
        yield part, number
        first = part.last + DAY if part.last < OPEN else OPEN
    if first <= days.last and not (single and first == OPEN):
        yield Period(first, days.last), None


_meeting = partial(Rule, theme=CONTACT, kind=Kind.FOLLOW_UP, state="list", suspended_by=(ALG1,))
RULES = (
    _meeting(
        id="R-21",
        name="Versäumter Termin",
        source="QS 1/2020, 3.2.3",
        stages={
            "cause": Stage(to=WORKER, strength=1, threshold=Number(days=14)),
            "decision": Stage(to=WORKER, strength=1, threshold=Number(days=14)),
        },
        options=("missed", "plan", "later"),
        suspended_by=(),
        reads=APPOINTMENTS | {SanctionConsidered, SanctionImposed, SanctionWaived},
        about=frozenset({AppointmentMissed}),
        due=_missed,
        each=True,
    ),
    _meeting(
        id="R-47",
        name="Meldeversäumnisse in Folge",
        source="§§ 7b, 32 SGB II seit 01.07.2026",
        state="off",
        stages={
            "second": Stage(to=WORKER, strength=2, threshold=Number()),
            "third": Stage(to=(*BOTH, "benefits"), strength=3, threshold=Number()),
        },
        options=("plan", "statement", "later"),
        suspended_by=(),
        reads=APPOINTMENTS | {SanctionImposed, SanctionWaived, CaseStatementGiven},
        about=frozenset({AppointmentMissed}),
        due=_in_a_row,
        each=True,
    ),
    _meeting(
        id="R-23",
        name="Zwölf Monate kein Kontakt",
        source="QS 4/2020, 2.4",
        kind=Kind.LIST,
        stages={"no-contact": Stage(to=BOTH, strength=2, threshold=Number(months=12))},
        options=("contact", "plan", "later"),
        reads=talks.CONTACTS | {CaseOpened, SupportGranted},
        about=frozenset({CaseOpened, AppointmentHeld, ContactHeld, SupportGranted}),
        due=_silence,
    ),
    _meeting(
        id="R-23b",
        name="Kontaktdichte",
        source="QS 4/2020, 2.5",
        stages={"interval": Stage(to=WORKER, strength=0, threshold=Number(days=28))},
        options=("contact", "plan", "urgency", "later"),
        suspended_by=(ALG1, NOT_NEEDED),
        reads=talks.CONTACTS | BARS | {ContactIntervalSet},
        about=frozenset({StrategyBarSet}),
        due=_density,
    ),
)
