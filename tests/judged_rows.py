"""The judge of spans and entries: what each lane says on one day and what each fact says in clear, from plain facts.

How the Fachkonzept is read where it leaves room, beside the readings of `tests/oracle.py`:
22. A lane has on a day what the facts seen on that day say; its codes and facts are those of the whole span.
23. Before anything about benefit is seen it is assumed while the case is open, from an opening to a closing.
24. A case is closed from the day after a closing to the day before the next opening, with or without one before.
25. A request has the status recorded last (3.1 no. 4: the latest decision); at one moment that of the latest day, on
    one day: requested, returned, withdrawn, rejected, approved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from tests.oracle import offered
from tests.plain import FAR, STEPS, Line, Plain, Run, lane, plain, recorded, said_last, seen

THINGS = (
    "appointment",
    "request",
    "employment",
    "measure",
    "other_case",
    "follow_up",
    "support",
    "consent",
    "referral",
    "need",
)
CODES = {  # what each fact says in clear, beside what it is about (Fachkonzept 8 no. 13)
    "case-opened": ("unit", "new_client", "gender", "birth_year"),
    "new-client-registered": ("kind",),
    "responsibility-assigned": ("worker", "unit", "area", "team", "briefing_done"),
    "handover-initiated": ("to_worker", "to_unit", "to_area", "intended_strategy"),
    "handover-accepted": ("strategy",),
    "case-statement-given": ("survey", "rule"),
    "explanation-accepted": ("rule", "until"),
    "legacy-closed": ("rule", "stage", "due"),
    "appointment-planned": ("channel", "kind", "with", "time"),
    "appointment-invited": ("legal_notice",),
    "appointment-held": ("channel",),
    "appointment-missed": ("good_cause",),
    "appointment-cancelled": ("by_whom",),
    "appointment-rescheduled": ("by_whom",),
    "contact-held": ("channel", "direction", "outcome"),
    "extension-requested": ("options", "until"),
    "extension-approved": ("until", "by_lead", "trial"),
    "extension-rejected": ("instruct",),
    "strategy-bar-set": ("strategy", "migrated", "planned_end", "prognosis_months"),
    "strategy-bar-ended": ("reason",),
    "strategy-field-changed": ("strategy", "old"),
    "non-strategy-bar-set": ("kind",),
    "non-strategy-bar-ended": ("kind",),
    "strategy-reviewed": ("outcome",),
    "own-follow-up-set": ("due_on",),
    "measure-started": ("type", "planned_end", "full_time"),
    "employment-started": ("kind", "level", "benefit_ends", "extent", "hours_per_week"),
    "alg1-started": ("top_up", "planned_end"),
    "alg1-ended": ("top_up",),
    "client-attributes-recorded": ("age_group", "qualification"),
    "strategy-assessment-recorded": ("rater", "conforming", "reasons", "survey"),
    "prognosis-recorded": ("probable", "months_min", "months_max"),
    "appointment-necessity-decided": ("needed", "valid_until"),
    "contact-interval-set": ("days", "until"),
    "external-evidence-noted": ("kind", "count", "until"),
    "process-step-documented": ("step", "next_on"),
    "decision-filed": ("target", "how"),
    "sanction-considered": ("step",),
    "obligation-issued": ("until",),
    "employment-statistics-entered": ("origin",),
    "measure-planned": ("type", "planned_end", "stage"),
    "measure-fit-assessed": ("fit",),
    "support-granted": ("type", "amount_cents", "binding", "until"),
    "agency-answered": ("granted",),
    "wish-to-work-expressed": ("clear", "level", "hours", "helper_job_wanted"),
    "support-strategy-agreed": ("form", "until"),
    "fact-corrected": ("target", "on"),
    "fact-withdrawn": ("target",),
    "same-thing-noted": ("thing", "other", "counts", "differs", "leads"),
}


class Said(NamedTuple):
    """What a lane says on a day; `facts`: the ids behind it that are seen then."""

    lane: str
    value: str
    thing: str | None
    day: dt.date | None
    facts: tuple[str, ...]


def spans(lines: Sequence[Line], as_of: dt.date, known_at: dt.datetime, own_day: bool = False) -> list[Said]:
    """What every lane says on a day."""
    case = plain(lines, as_of, known_at, own_day)
    found = [*_bars(case), *_periods(case), *_things(case), *_benefit(case)]
    if offered(lines, as_of, known_at, own_day):
        last = max(case.of("handover-initiated"), key=lambda line: (line["on"] <= as_of, line["on"], *recorded(line)))
        found.append(Said("handover", "waiting", None, None, (last["id"],)))
    return sorted(found, key=lambda one: (one.lane, one.value, one.thing or "", one.facts))


def codes(line: Line) -> dict[str, Any]:
    """What a fact says in clear."""
    return {
        key: tuple(value) if isinstance(value, list) else value
        for key in CODES.get(line["fact"], ())
        if (value := line["data"].get(key)) is not None
    }


def said(span: Any, lines: Sequence[Line], known_at: dt.datetime, own_day: bool = False) -> dict[str, Any]:
    """What the facts behind a span say in clear, the later ones after the earlier."""
    known = {line["id"]: line for line in seen(lines, FAR, known_at, own_day)}
    behind = [known[ref] for ref in span.facts]
    found = {key: value for line in behind for key, value in codes(line).items()}
    if span.lane == "strategy":
        last = behind[-1]
        return {key: value for key, value in found.items() if key == "reason" and last["fact"] == "strategy-bar-ended"}
    if span.value in ("assumed", "closed"):
        return {}
    if span.lane == "handover":
        return codes(behind[0])
    if span.lane == "appointment":
        return _timed(found, behind)
    return found


def _timed(found: dict[str, Any], behind: Sequence[Line]) -> dict[str, Any]:
    """Put on another day, an appointment has the time that is said with that, or none."""
    dating = [one for one in behind if one["fact"] in ("appointment-planned", "appointment-rescheduled")]
    time = codes(dating[-1]).get("time") if dating else None
    return {key: value for key, value in found.items() if key != "time"} | ({"time": time} if time else {})


def entries(lines: Sequence[Line], known_at: dt.datetime, own_day: bool = False) -> list[tuple[Any, ...]]:
    """Every fact as it is known: name, day, thing, codes, id, recorder, whether it is corrected."""
    found = []
    for line in seen(lines, FAR, known_at, own_day):
        thing = next((line["data"][key] for key in THINGS if key in line["data"]), None)
        corrected = not any(line is one for one in lines)
        found.append((line["fact"], line["on"], thing, codes(line), line["id"], line["by"], corrected))
    return sorted(found, key=lambda one: one[4])


def responsible(
    lines: Sequence[Line], day: dt.date, known_at: dt.datetime, own_day: bool = False
) -> tuple[str | None, str | None]:
    """Unit and area that are responsible on a day."""
    found = plain(lines, day, known_at, own_day).responsible(day)
    return (found["data"]["unit"], found["data"]["area"]) if found else (None, None)


def _said(case: Plain, name: str, value: str, run: Run, thing: str | None = None) -> Said:
    """An end that lies ahead may yet turn out to be none."""
    behind = (one["id"] for one in (run.start, run.end) if one and one["on"] <= case.a)
    return Said(name, value, thing, None, tuple(behind))


def _bars(case: Plain) -> Iterator[Said]:
    if case.spell:
        yield Said("strategy", case.spell.strategy, None, None, ())
    for run in lane(case.of("strategy-bar-set"), case.of("strategy-bar-ended")):
        if run.covers(case.a) and run.start:
            yield _said(case, "bar", run.start["data"]["strategy"], run)
    for kind in {line["data"]["kind"] for line in case.of("non-strategy-bar-set")}:
        names = ("non-strategy-bar-set", "non-strategy-bar-ended")
        for run in lane(*(case.about(name, "kind", kind) for name in names)):
            if run.covers(case.a):
                yield _said(case, "other-bar", kind, run)


def _periods(case: Plain) -> Iterator[Said]:
    for name, value, starts, ends in (
        ("field", "strategy", "strategy-field-changed", ""),
        ("care", "area", "responsibility-assigned", ""),
        ("alg1", None, "alg1-started", "alg1-ended"),
        ("pause", None, "clock-pause-started", "clock-pause-ended"),
    ):
        for run in lane(case.of(starts), case.of(ends)):
            if run.covers(case.a) and run.start:
                yield _said(case, name, run.start["data"][value] if value else "running", run)
    for run in lane(case.of("case-opened"), case.of("case-closed")):
        if run.covers(case.a):
            yield _said(case, "case", "open", run)
    if any(covers(case.a) for covers in case.reasons["closed"]):
        yield Said("case", "closed", None, None, ())


def _benefit(case: Plain) -> Iterator[Said]:
    closed = any(covers(case.a) for covers in case.reasons["closed"])  # then nobody is in benefit (Fachkonzept 13)
    for run in lane(case.of("benefit-started"), case.of("benefit-ended")):
        if run.covers(case.a) and not closed:
            yield _said(case, "benefit", "running", run)
    if not case.of("benefit-started", "benefit-ended"):
        for run in lane(case.of("case-opened"), case.of("case-closed")):
            if run.covers(case.a):
                yield _said(case, "benefit", "assumed", run)


def _things(case: Plain) -> Iterator[Said]:
    for name, key in (("job", "employment"), ("measure", "measure")):
        for thing in {line["data"][key] for line in case.of(f"{key}-started")}:
            ends = [one for step in ("ended", "broken-off") for one in case.about(f"{key}-{step}", key, thing)]
            for run in lane(case.about(f"{key}-started", key, thing), ends):
                if run.covers(case.a) and run.start:
                    yield _said(case, name, run.start["data"]["kind"] if name == "job" else "running", run, thing)
    for thing, (status, day, line) in case.appointments().items():
        yield Said("appointment", status, thing, day, (line["id"],))
    for thing, (status, day, line) in case.own_follow_ups().items():
        yield Said("own-follow-up", status, thing, day, (line["id"],))
    requests: dict[str, list[Line]] = {}
    for line in case.of(*(f"extension-{step}" for step in STEPS)):
        requests.setdefault(line["data"]["request"], []).append(line)
    for thing, lines in requests.items():
        last = max(lines, key=said_last)
        yield Said("extension", last["fact"][10:], thing, None, (last["id"],))
