"""Types of measures and support: their aims, which announce a job, what fits a strategy (Fachkonzept 2.5, 3.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from domain import words
from domain.knowledge import Known
from domain.office.setting import Setting, Value, days, on_day
from domain.periods import DAY, OPEN, Period, merge

AIMS: Mapping[str, str] = {
    "personality": "Persönlichkeit",
    "language": "Sprache",
    "qualification": "Qualifizierung",
    "transition": "Übergang",
    "placement": "Vermittlung",
}
JOB = "coming-job"
_SHIPPED = {
    "personality": "lebe prozukunft werk-statt-schule jugendwerkstatt bic-care pace aktivzentrum ida",
    "language": "sprachkurs",
    "transition": "heranfuehrung jobakademie-2",
    "qualification": "fbw qualifikation fuehrerschein bae",
    "placement": "mag vermittlungsbudget mobilitaet einstiegsgeld",
    JOB: "vermittlungsbudget mobilitaet einstiegsgeld",
}
TYPES = Setting(
    name="measure-type",
    german="Art von Maßnahme oder Förderung",
    heading="Arten von Maßnahmen und Förderungen",
    source="Fachkonzept 2.5",
    about="Wie die Art heißt, welche Ziele sie hat und ob sie eine Arbeitsaufnahme ankündigt.",
    shipped={
        code: Value(label, tuple(aim for aim, types in _SHIPPED.items() if code in types.split()))
        for code, label in words.MEASURES.items()
    },
    choices={**AIMS, JOB: "kündigt eine Arbeitsaufnahme an"},
    grows=True,
    label="die Bezeichnung",
    chosen="Ziele",
    most=len(AIMS) + 1,
)
ALLOWED = Setting(
    name="aims-allowed",
    german="Zulässige Ziele von Maßnahmen",
    heading="Zulässige Ziele von Maßnahmen",
    source="Fachkonzept 3.2, R-45",
    about="Welche Ziele eine Maßnahme haben darf, solange diese Strategie läuft.",
    shipped={
        strategy: Value(codes=tuple(aim for aim in AIMS if (strategy, aim) != ("integration", "personality")))
        for strategy in words.STRATEGIES
    },
    items=words.STRATEGIES,
    choices=AIMS,
    chosen="Zulässige Ziele",
    most=len(AIMS),
)


def offered(settings: Iterable[Known], day: dt.date) -> Mapping[str, str]:
    """The types that can be chosen on a day, each with its words."""
    return {code: one.label for code, one in on_day(TYPES, settings, day).items()}


def named(settings: Iterable[Known], day: dt.date) -> Mapping[str, str]:
    """What the types are called on a day, offered or not."""
    return {code: one.label for code, one in on_day(TYPES, settings, day, gone=True).items()}


def aims(settings: Iterable[Known], code: str, day: dt.date) -> frozenset[str]:
    """The aims of a type on a day, offered or not; none of one that is not known."""
    found = on_day(TYPES, settings, day, gone=True).get(code)
    return frozenset(found.codes) & AIMS.keys() if found else frozenset()


def announces_job(settings: Iterable[Known], code: str, day: dt.date) -> bool:
    """Whether support of the type is the sign of a coming job on a day (R-46)."""
    found = on_day(TYPES, settings, day, gone=True).get(code)
    return found is not None and JOB in found.codes


def misfits(settings: Iterable[Known], code: str, strategy: str) -> list[Period]:
    """The days, both ends inclusive, on which an aim of the type is not allowed under a strategy (R-45)."""
    if strategy not in ALLOWED.shipped:
        return []
    said = [one for one in settings if TYPES.says(one) or ALLOWED.says(one)]
    firsts = [dt.date.min, *sorted({*days(TYPES, said), *days(ALLOWED, said)})]
    ends = [*(first - DAY for first in firsts[1:]), OPEN]
    return merge(
        Period(first, last)
        for first, last in zip(firsts, ends, strict=True)
        if aims(said, code, first) - set(on_day(ALLOWED, said, first)[strategy].codes)
    )
