"""The cases of FD 52.1 Stadt Göttingen, before 2019 FD 50.5: gaps in benefit, a pause, bars that count as one."""

from __future__ import annotations

import datetime as dt

from domain.facts.strategy import ClockPauseEnded, ClockPauseStarted
from domain.facts.support import BenefitEnded, BenefitStarted
from domain.periods import DAY, add_months
from services.demo.story import LEADS, Case, Unit
from services.demo.writing import Calendar

CODE = "52.1"


def cases(calendar: Calendar) -> list[Case]:
    """All cases of the unit."""
    unit = Unit(calendar, CODE)
    for tell in (_marx, _sievers, _hartung):
        tell(unit, calendar)
    return unit.cases


def _marx(unit: Unit, on: Calendar) -> None:
    """Fallmanagement (fm-4)."""
    ago, full = on.ago, on.full
    unit.case("C-4001", "Abel", "Yvonne", 1978).opened("fm-4", ago(520), "entwicklung").talks_since(ago(480)).trains(
        "fbw", ago(300), add_months(on.today, 3)
    )
    unit.case("C-4002", "Bergmann", "Klaas", 1993).opened("fm-4", ago(190), "entwicklung").every(
        40, ago(150), ago(60)
    ).forgot(ago(1), ago(4)).meets(ago(-11)).granted("vermittlungsbudget", ago(12))
    since = full(2, 1)
    unit.case("C-4003", "Claussen", "Imke", 1986).developed("fm-4", since).in_strategy(
        "integration", since
    ).talks_since(since)
    unit.case("C-4004", "Dogan", "Hakan", 1980).developed("fm-4", ago(170)).on_alg1(ago(170), ago(-12))
    # six weeks without benefit under one bar
    gap = unit.case("C-4006", "Fuchs", "Robin", 1996).opened("fm-4", ago(360), "entwicklung")
    gap.write(BenefitEnded(), ago(140), "es-3")
    gap.write(BenefitStarted(), ago(97), "es-3")
    gap.talks_since(ago(90)).wrote(ago(2))


def _sievers(unit: Unit, on: Calendar) -> None:
    """Jobakademie (ja-3)."""
    ago, full = on.ago, on.full

    def case(number: str, last_name: str, first_name: str, born: int, since: dt.date) -> Case:
        return unit.case(number, last_name, first_name, born).placed("fm-4", "ja-3", "jobakademie", since)

    case("C-4007", "Gruber", "Lisa", 1998, full(3, 0))
    case("C-4008", "Hansen", "Malte", 1987, full(6, 13)).trains("ida", ago(30), ago(-40))
    case("C-4009", "Imhoff", "Carla", 1983, full(6, 80)).approved_until(ago(-25), ago(84), reason=1)
    case("C-4010", "Jahnke", "Mirko", 1991, full(6, 4)).asked_until(ago(-75), ago(1), reason=0)
    case("C-4011", "Krasniqi", "Arta", 1994, ago(18))
    # two bars with a day between them count as one
    since = full(3, 40)
    merged = unit.case("C-4012", "Lange", "Olaf", 1970).placed("fm-4", "ja-3", "jobakademie", since).reviewed(ago(35))
    merged.ended(since + 20 * DAY, "error").in_strategy("integration", since + 22 * DAY)
    case("C-4013", "Mertens", "Julia", 1989, ago(75)).trains("heranfuehrung", ago(45), ago(-20)).told_otherwise(
        -1, "import:traeger"
    ).forgot(ago(1))


def _hartung(unit: Unit, on: Calendar) -> None:
    """AV/AGS (av-4)."""
    ago, full = on.ago, on.full

    def case(number: str, last_name: str, first_name: str, born: int, since: dt.date) -> Case:
        return unit.case(number, last_name, first_name, born).placed("fm-4", "av-4", "av-ags", since)

    case("C-4014", "Nguyen", "Thi Lan", 1992, full(6, 1))
    case("C-4015", "Oltmanns", "Rieke", 1985, full(12, 30)).approved_until(ago(2), ago(180))
    case("C-4016", "Petrov", "Ivo", 1977, full(6, 9)).asked_until(ago(-120), ago(9), reason=3)
    # a pause set by the lead: its days do not count, the limit moved
    paused = case("C-4018", "Schöne", "Marius", 1995, full(6, 10)).reviewed(full(3, -5))
    lead = LEADS[CODE]
    paused.write(ClockPauseStarted(reason="Pflege einer Angehörigen, mit der Kundin abgestimmt"), ago(90), lead)
    paused.write(ClockPauseEnded(), ago(46), lead)
    case("C-4019", "Tamm", "Wiebke", 1981, full(3, 25)).reviewed(ago(22)).forgot(ago(2))
    # from the roll-out of 2018, in the unit that was 50.5 then
    start = dt.date(2018, 3, 1)
    old = unit.case("C-1002", "Urban", "Jens", 1965).opened("fm-4", dt.date(2017, 1, 9), "entwicklung")
    old.in_strategy("integration", start, migrated=True).moved_to("av-4", "av-ags", dt.date(2020, 7, 1))
    old.every(110, dt.date(2019, 2, 1), ago(20)).meets(ago(-15)).reviewed(full(6, 40)).approved_until(ago(-50), ago(38))
