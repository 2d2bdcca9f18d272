"""The judge of contact: R-21, R-23, R-23b, from plain facts, day by day.

How the Fachkonzept is read where it leaves room, beside `tests/oracle.py`:
40. R-21: the status recorded last is "missed", its cause the one said with it; a reduction imposed or waived about that
    appointment answers the decision from its own day on.
41. R-23: without any contact or support until a day, the first opening of the case counts.
42. R-23b: the interval in force on the day counts, that of the case from its own day to its last, at most to the next
    one; the due day is never before S, nor, by an interval of the case, before that one's own day. Reached is who was
    met by any channel.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tests.judged_numbers import Numbers, Row, after, due_after, due_by
from tests.plain import FAR, Line, Plain

DENSITY = {"grundbetreuung-aktivierbar": (6, 0), "grundbetreuung-passiv": (12, 0)}


def rows(case: Plain) -> Iterator[Row]:
    for thing, (status, day, line) in case.appointments().items():
        cause = line["data"].get("good_cause") if status == "missed" else None
        if cause == "open":
            yield "R-21", "cause", due_after(case, "R-21", "cause", day)
        elif cause == "no" and not _decided(case, thing):
            yield "R-21", "decision", due_after(case, "R-21", "decision", day)
    met = [day for day in contacts(case) if day <= case.a]
    supported = [line["on"] for line in case.of("support-granted") if line["on"] <= case.a]
    opened = [line["on"] for line in case.of("case-opened")]
    last = max([*met, *supported], default=min(opened, default=FAR))
    if last <= case.a:
        yield "R-23", "no-contact", due_after(case, "R-23", "no-contact", last)
    if case.spell is not None and case.spell.strategy != "entwicklung":
        since, strategy = case.spell.first, case.spell.strategy
        single = _single(case)

        def following(numbers: Numbers) -> dt.date:
            number = single[1] if single else DENSITY.get(strategy, numbers["interval"])
            return max(since, single[0] if single else since, after(max(met, default=since), number))

        yield "R-23b", "interval", due_by(case, "R-23b", following)


def contacts(case: Plain) -> list[dt.date]:
    """The days on which the client was met or reached."""
    held = [day for status, day, _ in case.appointments().values() if status == "held"]
    return held + [line["on"] for line in case.of("contact-held") if line["data"].get("outcome") != "not-reached"]


def _decided(case: Plain, thing: str) -> bool:
    said = [line for name in ("imposed", "waived") for line in case.about(f"sanction-{name}", "appointment", thing)]
    return any(line["on"] <= case.a for line in said)


def _single(case: Plain) -> tuple[dt.date, tuple[int, int]] | None:
    said = [line for line in case.of("contact-interval-set") if line["on"] <= case.a]
    last = max(said, key=lambda line: (line["on"], line["recorded_at"], line["id"]), default=None)
    return (last["on"], (0, last["data"]["days"])) if last and case.a <= _until(last) else None


def _until(line: Line) -> dt.date:
    until = line["data"].get("until") or FAR
    return until if isinstance(until, dt.date) else dt.date.fromisoformat(until)
