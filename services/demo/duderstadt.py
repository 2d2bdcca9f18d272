"""The cases of FD 56.4 Duderstadt: every stage of the Jobakademie, ALG I in three states, a bar from the roll-out."""

from __future__ import annotations

import datetime as dt

from domain.periods import DAY
from services.demo import words
from services.demo.story import Case, Unit
from services.demo.writing import Calendar

CODE = "56.4"


def cases(calendar: Calendar) -> list[Case]:
    """All cases of the unit."""
    unit = Unit(calendar, CODE)
    for tell in (_brandt, _wiese, _lindner, _kern):
        tell(unit, calendar)
    return unit.cases


def _brandt(unit: Unit, on: Calendar) -> None:
    """Fallmanagement (fm-1)."""
    ago, full = on.ago, on.full
    unit.case("C-2001", "Aksoy", "Deniz", 1988).opened("fm-1", ago(420), "entwicklung").talks_since(ago(380))
    unit.case("C-2002", "Brink", "Manuela", 1966).opened("fm-1", ago(900), "grundbetreuung-passiv").every(
        170, ago(860), ago(400)
    ).excuseless(ago(40)).in_care_of("fm-2", "fallmanagement", ago(20))  # taken over without a handover
    # left on geplant
    unit.case("C-2003", "Czerny", "Pawel", 1979).opened("fm-1", ago(260), "entwicklung").every(
        40, ago(220), ago(50)
    ).forgot(ago(1), ago(6))
    # a bar, and no appointment yet
    unit.case("C-2004", "Dreyer", "Nina", 1997).opened("fm-1", ago(25), "entwicklung")
    # Integration outside the placement area
    since = full(2, 0)
    unit.case("C-2005", "Ebert", "Silke", 1990).developed("fm-1", since).in_strategy("integration", since).talks_since(
        since
    ).excuseless(ago(45), "waived")
    since = full(3, 5)
    unit.case("C-2006", "Farahani", "Reza", 1984).developed("fm-1", since).in_strategy(
        "integration", since
    ).talks_since(since)
    # ALG I that reached the case late: the bar is still open
    unit.case("C-2007", "Gerlach", "Ute", 1969).opened("fm-1", ago(500), "entwicklung").every(
        56, ago(450), ago(60)
    ).on_alg1(ago(26), ago(-150), late=19)
    # a handover that waits for the Jobakademie
    unit.case("C-2008", "Hagedorn", "Timo", 1995).developed("fm-1", ago(0)).handover_open("ja-1", "jobakademie", ago(5))


def _wiese(unit: Unit, on: Calendar) -> None:
    """Fallmanagement (fm-2)."""
    ago = on.ago
    unit.case("C-2010", "Jung", "Beate", 1963).opened("fm-2", ago(1200), "grundbetreuung-aktivierbar").every(
        90, ago(1150), ago(40)
    ).excuseless(ago(200), "imposed").field("entwicklung", ago(15)).meets(ago(-40))  # the field alone was changed
    unit.case("C-2011", "Koch", "Oliver", 1977).opened("fm-2", ago(330), "entwicklung").talks_since(ago(300)).trains(
        "sprachkurs", ago(70), ago(-110)
    ).told_otherwise(2, "import:traeger")
    unit.case("C-2012", "Lewandowski", "Iga", 1992).opened("fm-2", ago(240), "entwicklung").every(
        45, ago(200), ago(60)
    ).forgot(ago(1)).trains("aktivzentrum", ago(50), ago(-60))
    # ALG I in time: the rule wrote the bars; it ends soon, and no appointment is planned after it
    unit.case("C-2013", "Möller", "Sven", 1985).developed("fm-2", ago(150)).on_alg1(ago(150), ago(-28))
    # ALG I is over, no strategy chosen yet
    over = ago(1)
    unit.case("C-2014", "Nowak", "Magdalena", 1989).developed("fm-2", ago(190)).on_alg1(ago(190)).alg1_over(over)
    # over half a year in Integration, never steered; a job ended and left its days
    since = on.full(6, 20)
    unit.case("C-2015", "Ostermann", "Kai", 1981).developed("fm-2", since).in_strategy("integration", since).works(
        "geringfuegig", since + 40 * DAY
    ).talks_since(since)
    unit.case("C-2016", "Peters", "Renate", 1958).opened("fm-2", ago(2100), "grundbetreuung-passiv").every(
        180, ago(2000), ago(300)
    ).ended(ago(60), "benefit-end").set_aside("abschlussarbeiten", ago(59))


def _lindner(unit: Unit, on: Calendar) -> None:
    """Jobakademie (ja-1)."""
    ago, full = on.ago, on.full

    def case(number: str, last_name: str, first_name: str, born: int, since: dt.date) -> Case:
        return unit.case(number, last_name, first_name, born).placed("fm-1", "ja-1", "jobakademie", since)

    case("C-2017", "Meier", "Jana", 1993, full(6, 0))  # the limit is reached today
    case("C-2018", "Quast", "Fabian", 1997, full(3, 1))  # the interim check
    case("C-2019", "Rahimi", "Leila", 1986, full(6, -20)).reviewed(ago(75))  # the warning
    case("C-2020", "Schrader", "Nils", 1991, full(3, -3))  # the interim check comes this week
    case("C-2021", "Tietz", "Corinna", 1978, full(3, 15)).reviewed(ago(12))
    # 6+6 months, the extension ran out
    since = full(12, 6)
    case("C-2022", "Uslu", "Emre", 1983, since).approved_until(
        ago(9), full(6, -9), reason=1, option="employment"
    ).works("geringfuegig", since + 100 * DAY)
    case("C-2023", "Vollmer", "Anke", 1975, full(6, 40)).approved_until(ago(-70), ago(44))  # an extension that runs
    case("C-2024", "Wagner", "Piet", 1999, full(6, 8)).asked_until(ago(-80), ago(2), reason=3)  # to be decided
    case("C-2025", "Yilmaz", "Selin", 1994, ago(70)).forgot(ago(1))


def _kern(unit: Unit, on: Calendar) -> None:
    """AV/AGS (av-1)."""
    ago, full = on.ago, on.full

    def case(number: str, last_name: str, first_name: str, born: int, since: dt.date) -> Case:
        return unit.case(number, last_name, first_name, born).placed("fm-2", "av-1", "av-ags", since)

    case("C-2026", "Zander", "Ralf", 1972, full(3, 0))
    case("C-2028", "Behrens", "Jonas", 1996, full(6, 95)).approved_until(ago(-28), ago(91), reason=2)
    case("C-2029", "Cordes", "Ingrid", 1968, full(6, 3)).works("geringfuegig", full(3, 2)).asked_until(
        ago(-60), ago(1), reason=1
    )
    case("C-2030", "Demir", "Burak", 1990, full(6, 14)).asked_until(ago(-90), ago(6), reason=2).returned(
        ago(1), words.QUESTION
    )
    # the job began a month ago, the bar is still open
    case("C-2031", "Engel", "Svenja", 1985, full(3, 50)).reviewed(ago(45)).works("sv-pflichtig", ago(30))
    # from the roll-out of 2018: Fallmanagement, Jobakademie, AV/AGS; looked at every year; ALG I recorded long after it
    start = dt.date(2018, 2, 1)
    old = unit.case("C-1001", "Sander", "Ole", 1970).opened("fm-1", dt.date(2016, 5, 2), "entwicklung")
    old.in_strategy("integration", start, migrated=True).moved_to("ja-1", "jobakademie", dt.date(2018, 6, 1))
    old.moved_to("av-1", "av-ags", dt.date(2018, 12, 1)).every(84, dt.date(2019, 10, 7), ago(12)).meets(ago(-8))
    old.on_alg1(dt.date(2019, 4, 1), late=190).alg1_over(dt.date(2019, 9, 30))
    for months in range(12, 600, 12):
        if (day := start + months * 30 * DAY) < full(6, 25):
            old.reviewed(day)
    old.reviewed(full(6, 25))
