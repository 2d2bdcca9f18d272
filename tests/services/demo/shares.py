"""What the facts of the demo office add up to, beside what the reports print (Fachkonzept 4.1 to 4.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from domain.facts import Fact
from domain.facts.strategy import StrategyBarSet
from domain.facts.support import EmploymentStarted
from domain.knowledge import known
from domain.periods import BERLIN, Period, add_months, end_of_day
from domain.rules import RULES, due_rows
from domain.shares import percent
from domain.stretches import at
from domain.timeline import PLACEMENT, Timeline, build
from services.demo.building import cases
from services.demo.causes import MINOR
from services.demo.frame import DAY_OF_LIST, lives
from services.demo.unsteered import YEAR
from services.demo.writing import Calendar, Written, records
from workers.serve import CASES

TOLD_ON = dt.datetime(2026, 11, 23, 8, tzinfo=BERLIN)
DAY_OF_DEVELOPMENT = dt.date(2020, 2, 9)
FRAME, DEVELOPED, STARTED = 275, 3_687, 2_150


class Row(NamedTuple):
    """One share: of what, printed as (part, whole) where it is, and found in the demo."""

    name: str
    printed: tuple[int, int] | None
    part: int
    whole: int


class Stay(NamedTuple):
    """A case of the frame on the Stichtag."""

    timeline: Timeline
    area: str
    since: dt.date
    steered: dt.date

    @property
    def late(self) -> bool:
        """Steered more than three months after the bar."""
        return self.steered > add_months(self.since, 3)

    @property
    def jobs(self) -> list[Any]:
        """The jobs under the bar."""
        return [one for one in self.timeline.employment if one.last >= self.since and one.first < DAY_OF_LIST]

    def at_work(self) -> bool:
        """On the Stichtag."""
        return any(one.last >= DAY_OF_LIST for one in self.jobs)

    def lost(self) -> bool:
        """A job that was over by then."""
        return any(one.last < DAY_OF_LIST for one in self.jobs)

    def minor(self) -> bool:
        """At work on the Stichtag, in a Minijob."""
        return any(one.start.fact.kind == "geringfuegig" for one in self.jobs if one.last >= DAY_OF_LIST)

    def supported(self) -> bool:
        """A measure or other support runs."""
        return any(one.first <= DAY_OF_LIST <= one.last for one in self.timeline.measures)

    def roll_out(self) -> bool:
        """The bar is from the first quarter of 2018."""
        return dt.date(2018, 1, 1) <= self.since <= dt.date(2018, 3, 31)

    def alg1(self) -> bool:
        """ALG I under the bar, before the placement area."""
        return any(self.since <= one.first < self.steered for one in self.timeline.alg1)

    def reasoned(self) -> bool:
        """Job, lost job or support: what made a stay conform to the report's reviewers."""
        return self.at_work() or self.lost() or self.supported()


@cache
def rows() -> tuple[Row, ...]:
    """All shares, in the order of the reports."""
    calendar = Calendar(TOLD_ON.date(), TOLD_ON)
    told = cases(calendar)
    everybody: list[Written] = [*told, *lives(calendar, told, CASES)]
    return (*_long_stays(list(_stays(everybody))), *_developed(everybody), *_started(everybody))


def _timelines(
    everybody: Iterable[Written], of: type[Fact], day: dt.date, *, then: bool = True, **said: str
) -> Iterator[Timeline]:
    """Of those with a fact of a kind that says so by the day: as known then, or as known now."""
    for case in everybody:
        facts = (entry.fact for entry in case.entries if isinstance(entry.fact, of) and entry.on <= day)
        if any(getattr(fact, name) == value for fact in facts for name, value in said.items()):
            found = records(case.entries)
            yield build(known(found, end_of_day(day)) if then else known(found), day)


def _stays(everybody: Iterable[Written]) -> Iterator[Stay]:
    for timeline in _timelines(everybody, StrategyBarSet, DAY_OF_LIST, strategy="integration"):
        spell, care = at(timeline.spells, DAY_OF_LIST), at(timeline.care, DAY_OF_LIST)
        if spell and care and spell.strategy == "integration" and care.area in PLACEMENT:
            there = min(one.first for one in timeline.care if one.area in PLACEMENT and one.last >= spell.first)
            if (DAY_OF_LIST - spell.first).days > 365:
                yield Stay(timeline, care.area, spell.first, there)


def _long_stays(stays: Sequence[Stay]) -> Iterator[Row]:
    """QS 2/2020; of the 88 of its sample, here of the whole frame."""

    def row(name: str, printed: tuple[int, int] | None, counted: Callable[[Stay], bool], of: Sequence[Stay]) -> Row:
        return Row(name, printed, sum(map(counted, of)), len(of))

    ja, av = ([one for one in stays if one.area == area] for area in PLACEMENT)
    reasoned, late = [one for one in stays if one.reasoned()], [one for one in stays if one.late]
    late_ja, late_av = ([one for one in late if one.area == area] for area in PLACEMENT)
    yield row(
        "mit Arbeit, verlorener Arbeit oder Unterstützung (Bericht: i.S.d. Konzeptes)", (50, 88), Stay.reasoned, stays
    )
    yield row("davon AV/AGS", (44, 75), Stay.reasoned, av)
    yield row("davon Jobakademie", (6, 13), Stay.reasoned, ja)
    yield row("von diesen: am Stichtag in Arbeit", (19, 50), Stay.at_work, reasoned)
    yield row("von diesen: Arbeit verloren", (17, 50), Stay.lost, reasoned)
    yield row("von diesen: in Maßnahme oder Unterstützung", (27, 50), Stay.supported, reasoned)
    yield row("von denen in Arbeit: Minijob", MINOR, Stay.minor, [one for one in stays if one.at_work()])
    yield row("erst nach über drei Monaten übergeben", (32, 88), lambda one: one.late, stays)
    yield row("davon AV/AGS", (22, 75), lambda one: one.late, av)
    yield row("davon Jobakademie", (10, 13), lambda one: one.late, ja)
    yield row("von den spät Übergebenen, Jobakademie: vorher ALG I", (3, 10), Stay.alg1, late_ja)
    yield row("von den spät Übergebenen, AV/AGS: vorher ALG I", None, Stay.alg1, late_av)
    yield row("von den spät Übergebenen, AV/AGS: Balken aus dem 1. Quartal 2018", (12, 22), Stay.roll_out, late_av)
    yield row("von den spät Übergebenen, Jobakademie: Balken aus dem 1. Quartal 2018", (4, 10), Stay.roll_out, late_ja)
    yield row("zwischen Jobakademie und AV/AGS gewechselt", None, _switched, stays)


def _switched(stay: Stay) -> bool:
    return len({one.area for one in stay.timeline.care if one.area in PLACEMENT and one.last >= stay.since}) > 1


def _developed(everybody: Iterable[Written]) -> Iterator[Row]:
    """QS 1/2020."""
    found = [
        timeline
        for timeline in _timelines(everybody, StrategyBarSet, DAY_OF_DEVELOPMENT, strategy="entwicklung")
        if (spell := at(timeline.spells, DAY_OF_DEVELOPMENT)) and spell.strategy == "entwicklung"
    ]
    day = Period(DAY_OF_DEVELOPMENT, DAY_OF_DEVELOPMENT)
    without = [one for one in found if next(due_rows(one, day, [RULES["R-12"]]), None)]
    yield Row("in Entwicklung am 09.02.2020, ohne Termin seit sechs Monaten", None, len(without), len(found))
    yield Row("von diesen: in einer Maßnahme", None, sum(map(_in_measure, without)), len(without))
    yield Row("von diesen: Termin steht noch auf „geplant“", None, sum(map(_left_planned, without)), len(without))


def _in_measure(timeline: Timeline) -> bool:
    return any(one.first <= DAY_OF_DEVELOPMENT <= one.last for one in timeline.measures)


def _left_planned(timeline: Timeline) -> bool:
    return any(one.status == "planned" and one.on < DAY_OF_DEVELOPMENT for one in timeline.appointments)


def _started(everybody: Iterable[Written]) -> Iterator[Row]:
    """QS 4/2020."""
    starts = [
        (timeline, job.first)
        for timeline in _timelines(everybody, EmploymentStarted, YEAR[1], then=False, kind="sv-pflichtig")
        for job in timeline.employment
        if YEAR[0] <= job.first <= YEAR[1] and job.start.fact.kind == "sv-pflichtig"
    ]
    outside = sum(not _steered(timeline, on) for timeline, on in starts)
    yield Row(
        "sv-pflichtige Aufnahmen 01.06.2019–31.05.2020: weder im Vermittlungsbereich noch in Integration",
        (1_120, STARTED),
        outside,
        len(starts),
    )


def _steered(timeline: Timeline, on: dt.date) -> bool:
    """In the placement area or in Integration when the job began, or up to the day before."""
    day = on - dt.timedelta(1)
    spell, care = at(timeline.spells, day), at(timeline.care, day)
    return bool((spell and spell.strategy == "integration") or (care and care.area in PLACEMENT))


def share(part: int, whole: int) -> str:
    """As the reports print it."""
    return f"{percent(part, whole)} % ({_number(part)} von {_number(whole)})"


def page() -> tuple[str, tuple[str, ...], list[tuple[str, ...]]]:
    """The page of the docs: what stands above the table, its head, its lines."""
    found = rows()
    developed, started = found[-4].whole, found[-1].whole
    about = (
        f"`fallverlauf serve --demo` baut ein erfundenes Jobcenter mit rund {_number(CASES)} Fällen. Die Liste vom "
        f"10.03.2020 hat genau die Zahlen von QS 2/2020 ({FRAME} von 1.333); deren Ursachen, an 88 Fällen geprüft, "
        f"tragen hier alle {FRAME} in denselben Anteilen. Kleiner als im Bericht ist das Demo-Amt bei Entwicklung am "
        f"09.02.2020 ({_number(developed)} statt {_number(DEVELOPED)}) und bei den sozialversicherungspflichtigen "
        f"Aufnahmen ({_number(started)} statt {_number(STARTED)}): dort stimmen die Anteile, nicht die Zahlen. Wo "
        "[Fachkonzept](fachkonzept.md) 4.1 bis 4.3 keine Zahl nennt, steht „nicht überliefert“. Urteile der Prüfenden "
        "(Einigkeit, Dokumentation) sind keine Einträge eines Falls und hier nicht nachgebildet. "
        f"Gezählt für eine Demo vom {TOLD_ON:%d.%m.%Y}."
    )
    lines = [
        (row.name, share(*row.printed) if row.printed else "nicht überliefert", share(row.part, row.whole))
        for row in found
    ]
    return about, ("Anteil", "Bericht", "Demo-Amt"), lines


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
