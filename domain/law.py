"""Law and words by date: what a thing is called on a day, as shipped and as the office has set it (Fachkonzept 12)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from domain.facts import Fact, Lane, declared, name_of
from domain.facts.grounds import WordSet
from domain.knowledge import Known
from domain.periods import DAY
from domain.timeline import Timeline

_CITIZEN = "Bürgergeld-Gesetz vom 16.12.2022 (BGBl. 2022 I S. 2328)"
_THIRTEENTH = "13. SGB II-ÄndG (BGBl. 2026 I Nr. 107)"
BRACES = re.compile(r"\{([a-z0-9-]+)\}")


class Matter(NamedTuple):
    """Something the law calls differently, or settles differently, from a day on; a `word` stands in sentences."""

    about: str
    title: str
    word: bool


MATTERS: Mapping[str, Matter] = {
    one.about: one
    for one in (
        Matter("benefit", "Leistung zum Lebensunterhalt", True),
        Matter("reduction", "Folge einer Pflichtverletzung oder eines Meldeversäumnisses", True),
        Matter("plan", "Vereinbarung über die Eingliederung", True),
        Matter("mediation", "Wenn kein Plan zustande kommt (§ 15a SGB II)", False),
        Matter("coaching", "Ganzheitliche Betreuung (§ 16k SGB II)", False),
        Matter("alg1-placement", "Vermittlung von Aufstockern mit ALG I", False),
        Matter("training", "Entscheidung und Zahlung bei FbW und Reha", False),
        Matter("first-talk", "Erstes Gespräch", False),
        Matter("plan-notice", "Rechtsfolgenbelehrung im Plan", False),
        Matter("second-miss", "Zweites Meldeversäumnis (§ 32 SGB II)", False),
        Matter("third-miss", "Drei Meldeversäumnisse in Folge (§ 7b SGB II)", False),
        Matter("refusal", "Verweigerung einer Arbeit", False),
    )
}


class Word(NamedTuple):
    """What counts about a matter from `since` (none: always before) to `until`, both inclusive.

    `unchecked`: shipped, and nobody of the office has compared it with the law. Persons are directory keys.
    """

    about: str
    said: str
    since: dt.date | None
    source: str
    until: dt.date | None = None
    unchecked: bool = True
    by: str = ""
    approved_by: str = ""

    def holds(self, day: dt.date) -> bool:
        """Whether it is what counts on the day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def _rows(about: str, first: str, *later: tuple[str, str, str]) -> list[Word]:
    """A word since ever and those that followed: (day, word, source)."""
    rows = [Word(about, said, dt.date.fromisoformat(day), source) for day, said, source in later]
    return [Word(about, first, None, "früheres Recht"), *rows]


SHIPPED: Sequence[Word] = [
    *_rows(
        "benefit", "ALG II", ("2023-01-01", "Bürgergeld", _CITIZEN), ("2026-07-01", "Grundsicherungsgeld", _THIRTEENTH)
    ),
    *_rows("reduction", "Sanktion", ("2023-01-01", "Leistungsminderung", f"{_CITIZEN}; §§ 31–32 SGB II")),
    *_rows("plan", "Eingliederungsvereinbarung", ("2023-07-01", "Kooperationsplan", f"{_CITIZEN}; § 15 SGB II")),
    *_rows(
        "mediation",
        "nicht geregelt",
        ("2023-07-01", "Schlichtung", f"{_CITIZEN}; § 15a SGB II"),
        ("2026-07-01", "Verpflichtung durch Verwaltungsakt, keine Schlichtung", f"{_THIRTEENTH}; § 15a SGB II"),
    ),
    *_rows("coaching", "nicht geregelt", ("2023-07-01", "Coaching", f"{_CITIZEN}; § 16k SGB II")),
    *_rows("alg1-placement", "Jobcenter", ("2017-01-01", "Agentur für Arbeit", "9. SGB II-ÄndG")),
    *_rows("training", "Jobcenter", ("2025-01-01", "Agentur für Arbeit", "Haushaltsfinanzierungsgesetz 2024")),
    *_rows("first-talk", "frühere Regelung", ("2026-07-01", "persönlich", _THIRTEENTH)),
    *_rows("plan-notice", "frühere Regelung", ("2026-07-01", "ohne Rechtsfolgenbelehrung", _THIRTEENTH)),
    *_rows("second-miss", "frühere Regelung", ("2026-07-01", "30 % für einen Monat", f"{_THIRTEENTH}; § 32 SGB II")),
    *_rows("third-miss", "nicht geregelt", ("2026-07-01", "nicht erreichbar", f"{_THIRTEENTH}; § 7b SGB II")),
    *_rows("refusal", "frühere Regelung", ("2026-04-23", "verschärfte Folgen nach neuem Recht", _THIRTEENTH)),
]


class Lexicon:
    """What counts about each matter, day by day; the office's own row of a day stands in place of the shipped one."""

    def __init__(self, settings: Iterable[Known] = ()) -> None:
        """`settings`: the office's, in the order in which they count; of two of one day the last recorded counts."""
        rows = {(one.about, one.since): one for one in SHIPPED}
        for one in settings:
            if isinstance(one.fact, WordSet):
                rows[one.fact.about, one.on] = _own(one, one.fact)
        self.rows = [
            row for about in MATTERS for row in _stretched([one for one in rows.values() if one.about == about])
        ]

    def on(self, about: str, day: dt.date) -> str:
        """The word of a day. KeyError for a matter that there is not."""
        return self.over(about, day, day)[0]

    def over(self, about: str, first: dt.date, last: dt.date | None) -> list[str]:
        """The words of the days from `first` to `last` (inclusive; none: without end), each once, in their order."""
        if about not in MATTERS:
            raise KeyError(about)
        there = (one for one in self.rows if one.about == about)
        said = [one.said for one in there if _meets(one, first, last)]
        return list(dict.fromkeys(said))

    def sentence(self, text: str, first: dt.date, last: dt.date | None = None) -> str:
        """A text with names of matters in braces as the law words it on a day, or all words of a period."""
        end = first if last is None else last
        return BRACES.sub(lambda found: "/".join(self.over(found[1], first, end)), text)


# --- facts in the words of their day ---


def named(fact: Fact, on: dt.date, lexicon: Lexicon, missed: Mapping[str, dt.date] = MappingProxyType({})) -> str:
    """The German name of a fact of a case by the law that counts for it (Fachkonzept 12, § 65a SGB II).

    `missed`: the days of appointments by id. What follows a miss is called as on the day of the miss, the benefit as on
    its first day, all else as on the day of the fact.
    """
    about = declared(name_of(fact))
    day = missed.get(getattr(fact, "appointment", ""), on) if about.lane is Lane.DUTY else on
    return lexicon.sentence(about.by_law, day) if about.by_law else about.german


def misses(timeline: Timeline) -> dict[str, dt.date]:
    """The days of all appointments of a case, by id."""
    return {one.appointment: one.on for one in timeline.appointments}


def _own(one: Known, fact: WordSet) -> Word:
    said = Word(fact.about, fact.word, one.on, fact.source, unchecked=False)
    return said._replace(by=one.by, approved_by=fact.approved_by)


def _stretched(rows: Sequence[Word]) -> list[Word]:
    """Each until the next begins."""
    ordered = sorted(rows, key=lambda one: one.since or dt.date.min)
    nexts = [*(one.since for one in ordered[1:]), None]
    return [one._replace(until=after - DAY if after else None) for one, after in zip(ordered, nexts, strict=True)]


def _meets(one: Word, first: dt.date, last: dt.date | None) -> bool:
    return (one.until is None or one.until >= first) and (last is None or one.since is None or one.since <= last)


AS_SHIPPED = Lexicon()
