"""Facts in few words, and days with what is listed on them, for tables about rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests import golden, oracle
from tests.golden import Line

S = "2024-01-15"
LATE = "2025-06-30"  # all of it became known at once
Days = dict[str, str]  # day -> what is listed on it: "stage due, stage due"
Rows = list[tuple[str, str, list[Line], Days]]  # rule, why, facts, days


def fact(name: str, on: str, /, recorded: str | None = None, **data: Any) -> Line:
    return golden.line("C-1", name, on, recorded, **data)


def bar(on: str = S, strategy: str = "integration") -> Line:
    return fact("strategy-bar-set", on, strategy=strategy)


def care(area: str, on: str = S, worker: str = "w-1") -> Line:
    return fact("responsibility-assigned", on, worker=worker, unit="56.4", area=area)


def ended(on: str, recorded: str | None = None, **data: Any) -> Line:
    return fact("strategy-bar-ended", on, recorded, **data)


def reviewed(on: str) -> Line:
    return fact("strategy-reviewed", on, outcome="continue")


def approved(on: str, until: str, recorded: str | None = None, request: str = "") -> Line:
    return fact("extension-approved", on, recorded, request=request or f"v-{on}", until=until, by_lead="fdl-1")


def refused(step: str, on: str, recorded: str | None = None) -> Line:
    return fact(f"extension-{step}", on, recorded, request="v-1", reason="x")


def explained(on: str, rule: str, until: str) -> Line:
    return fact("explanation-accepted", on, rule=rule, until=until, reason="x")


def first_approved() -> Line:
    return approved("2024-06-25", "2025-01-15", request="v-1")


def alg1(first: str, last: str | None = None, recorded: str | None = None, **data: Any) -> list[Line]:
    end = [fact("alg1-ended", last, recorded)] if last else []
    return [fact("alg1-started", first, **data), *end]


def planned(on: str, recorded: str = "2024-04-15", thing: str = "t-1") -> Line:
    return fact("appointment-planned", on, recorded, appointment=thing)


def about(name: str, on: str, recorded: str | None = None, **data: Any) -> Line:
    return fact(f"appointment-{name}", on, recorded, appointment="t-1", **data)


def own(on: str, due_on: str, recorded: str | None = None, thing: str = "w-1") -> Line:
    return fact("own-follow-up-set", on, recorded, follow_up=thing, due_on=due_on, subject="x")


def own_done(on: str, recorded: str | None = None) -> Line:
    return fact("own-follow-up-done", on, recorded, follow_up="w-1")


def appears(stage: str, due: str, beside: str = "") -> Days:
    """Nothing of it on the day before, the stage on its day and on the day after; `beside`: what is there before."""
    day = dt.date.fromisoformat(due)
    there = ", ".join(sorted(filter(None, [f"{stage} {due}", *beside.split(", ")])))
    days = (day - oracle.DAY, day, day + oracle.DAY)
    return dict(zip((one.isoformat() for one in days), (beside, there, there), strict=True))


def works(first: str, last: str | None = None, kind: str = "sv-pflichtig", thing: str = "j-1") -> list[Line]:
    end = [fact("employment-ended", last, employment=thing)] if last else []
    return [fact("employment-started", first, employment=thing, kind=kind), *end]


JA, AV, FM = [bar(), care("jobakademie")], [bar(), care("av-ags")], [bar(), care("fallmanagement")]
