"""The cases of FD 56.5 Göttingen: an absent worker with a deputy, corrected, withdrawn and late entries, deductions."""

from __future__ import annotations

import datetime as dt

from domain.facts.support import BenefitStarted
from domain.periods import DAY
from services.demo import words
from services.demo.story import Case, Unit
from services.demo.writing import Calendar

CODE = "56.5"


def cases(calendar: Calendar) -> list[Case]:
    """All cases of the unit."""
    unit = Unit(calendar, CODE)
    for tell in (_aydin, _oppermann, _nolte, _weber, _thiele):
        tell(unit, calendar)
    return unit.cases


def _aydin(unit: Unit, on: Calendar) -> None:
    """Fallmanagement (fm-3)."""
    ago, full = on.ago, on.full
    unit.case("C-3001", "Arnold", "Gesa", 1980).opened("fm-3", ago(300), "entwicklung").talks_since(ago(260)).reminded(
        words.CERTIFICATE, ago(0), ago(9)
    ).wishes(ago(35), helper=True).handover_open("ja-2", "jobakademie", ago(18))  # nobody has answered it
    # planned, not held, twice; the second one is still open
    unit.case("C-3003", "Çelik", "Aylin", 1998).opened("fm-3", ago(210), "entwicklung").missed(ago(40)).forgot(
        ago(1)
    ).meets(ago(-5))
    since = full(2, 6)
    unit.case("C-3004", "Drechsler", "Mark", 1983).developed("fm-3", since).in_strategy("integration", since).cancelled(
        ago(20)
    ).meets(ago(-6)).promises(ago(10)).wishes(ago(60)).agrees(ago(50))
    # a bar recorded on the wrong day and corrected, an appointment that was none and withdrawn
    mistyped = unit.case("C-3005", "Evers", "Nadja", 1990).opened("fm-3", ago(200), "entwicklung")
    mistyped.corrected(mistyped.entries[2].id or "", ago(120), words.MISTYPED, day=ago(196))
    mistyped.talked(ago(90)).withdrew(mistyped.last, ago(80), words.DOUBLE).talks_since(ago(75))
    unit.case("C-3006", "Fischer", "Hanno", 1976).opened("fm-3", ago(480), "entwicklung").every(
        50, ago(440), ago(70)
    ).on_alg1(ago(33), late=21)


def _oppermann(unit: Unit, on: Calendar) -> None:
    """Spezial-Fallmanagement (sfm-1)."""
    ago, full = on.ago, on.full

    def case(number: str, last_name: str, first_name: str, born: int, days: int) -> Case:
        return unit.case(number, last_name, first_name, born).opened("sfm-1", ago(days), "entwicklung", "spezial-fm")

    case("C-3007", "Gäbel", "Rico", 1992, 340).talks_since(ago(300)).documented(ago(90)).documented(
        ago(12), filed=False
    )
    case("C-3008", "Hoppe", "Daria", 1987, 410).every(60, ago(370), ago(60)).forgot(ago(7), ago(21))
    since = full(3, 0)
    case("C-3009", "Iwanow", "Sergej", 1979, 500).in_strategy("integration", since).talks_since(since).trained(
        "heranfuehrung", ago(110), ago(30)
    )
    case("C-3010", "Jacobs", "Ellen", 1970, 700).every(70, ago(650), ago(240)).on_alg1(ago(220)).alg1_over(ago(20))
    # closed, and opened again: the days between do not count
    case("C-3011", "Kühn", "Matthias", 1984, 800).closed(ago(420)).opened(
        "sfm-1", ago(160), "entwicklung", "spezial-fm"
    ).talks_since(ago(120))


def _nolte(unit: Unit, on: Calendar) -> None:
    """Jobakademie (ja-2)."""
    ago, full = on.ago, on.full

    def case(number: str, last_name: str, first_name: str, born: int, since: dt.date) -> Case:
        return unit.case(number, last_name, first_name, born).placed("fm-3", "ja-2", "jobakademie", since)

    case("C-3012", "Lorenz", "Britta", 1989, full(6, -28)).reviewed(ago(80))
    case("C-3013", "Mahmoud", "Samir", 1994, full(6, 18)).asked_until(ago(-60), ago(12), reason=2).taken_back(
        ago(9), "Die Zusage des Betriebs hat sich zerschlagen."
    )
    case("C-3014", "Neumann", "Jule", 2000, full(6, 60)).approved_until(ago(-7), ago(66))  # ends in a week
    case("C-3015", "Otto", "Dirk", 1973, full(6, 5)).asked_until(ago(-85), ago(3))
    case("C-3016", "Pohl", "Sandra", 1981, full(3, -4))
    # beyond 6+6 months the next level decides
    twelve = case("C-3017", "Richter", "Ahmet", 1988, full(12, 4)).approved_until(ago(6), ago(170), reason=3)
    twelve.asked_until(ago(-90), ago(5), reason=1)
    # away for seven weeks and back: the clock went on, the days outside are pauses
    since = full(3, 60)
    unit.case("C-3018", "Schulte", "Vera", 1991).placed("fm-3", "ja-2", "jobakademie", since).moved_to(
        "fm-3", "fallmanagement", since + 30 * DAY
    ).moved_to("ja-2", "jobakademie", since + 79 * DAY).forgot(ago(4))


def _weber(unit: Unit, on: Calendar) -> None:
    """AV/AGS (av-2), who is away; av-3 stands in."""
    ago, full = on.ago, on.full

    def case(number: str, last_name: str, first_name: str, born: int, since: dt.date) -> Case:
        return unit.case(number, last_name, first_name, born).placed("fm-3", "av-2", "av-ags", since)

    case("C-3019", "Thomsen", "Birgit", 1969, full(6, -24)).reviewed(ago(80))
    case("C-3020", "Ulrich", "Torben", 1986, full(6, 70)).approved_until(ago(5), ago(75), reason=3)
    # over a year and extended; a job that should have ended the strategy and was lost
    since = full(12, 10)
    lost = case("C-3021", "Voss", "Katja", 1982, since).works("sv-pflichtig", since + 150 * DAY, benefit_ends=True)
    lost.approved_until(since + 350 * DAY, since + 172 * DAY, option="employment")
    lost.lost_job(since + 190 * DAY).in_care_of("av-2", "av-ags", since + 205 * DAY)
    lost.write(BenefitStarted(), since + 191 * DAY, "es-2")
    case("C-3022", "Weiss", "Adrian", 1995, ago(50)).meets(ago(-3)).ended(ago(6), "new-strategy").in_strategy(
        "entwicklung", ago(5)
    )
    case("C-3023", "Zimmer", "Lea", 1997, full(3, 30)).reviewed(ago(28)).forgot(ago(5))


def _thiele(unit: Unit, on: Calendar) -> None:
    """AV/AGS (av-3)."""
    ago, full = on.ago, on.full

    def case(number: str, last_name: str, first_name: str, born: int, since: dt.date) -> Case:
        return unit.case(number, last_name, first_name, born).placed("fm-3", "av-3", "av-ags", since)

    case("C-3024", "Adler", "Gregor", 1974, full(3, 0))
    # looked at half a year ago, again now
    since = full(12, 20)
    case("C-3025", "Böhm", "Tanja", 1985, since).reviewed(full(6, 2))
    case("C-3026", "Conrad", "Felix", 1999, full(6, 7)).asked_until(ago(-100), ago(8), reason=1)
    case("C-3027", "Diallo", "Mariama", 1990, ago(64)).forgot(ago(8))
    # everything recorded weeks later
    late = unit.case("C-3028", "Ernst", "Peer", 1967).developed("fm-3", ago(80))
    late.in_care_of("av-3", "av-ags", ago(80), late=41).in_strategy("integration", ago(80), late=41).talks_since(
        ago(60)
    )
