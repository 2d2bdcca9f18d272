"""The core of the case in hand: how long, what comes next, what was last, and its bars as a small picture."""

from __future__ import annotations

from typing import Any

from domain.facts import FACTS
from domain.things import Appointment
from services.web.case import lanes
from services.web.case.view import CaseFile, Moment, read
from services.web.http.door import Visit
from services.web.http.visitor import NeedsPurpose, seen_case

DRAWN = ("strategy", "responsibility")
FORMS = (("own-follow-up-set", "Wiedervorlage"), ("appointment-planned", "Termin"))  # entries a task often leads to
DONE = ("held", "missed")


def shown(visit: Visit, number: str) -> dict[str, Any]:
    """What stands beside the list of a case that may be seen, its view logged.

    Nothing where nobody has said yet why: the page of the case asks.
    """
    at = seen_case(visit.tx, visit.visitor, number) if number else None
    if at is None:
        return {"file": None}
    try:
        visit.saw([at])
    except NeedsPurpose:
        return {"file": None}
    file = read(visit.tx, at, Moment(visit.visitor.today, None))
    drawn = [lane for lane in lanes.lanes(file.timeline, {}) if lane.key in DRAWN]
    return {
        "file": file,
        "bars": lanes.picture(drawn, visit.visitor.today, visit.visitor.today)
        if any(lane.spans for lane in drawn)
        else None,
        "last": _last(file),
        "core_forms": [form for form in FORMS if form[0] in FACTS],
    }


def _last(file: CaseFile) -> Appointment | None:
    """The latest appointment that has taken place, or was missed."""
    done = [one for one in file.timeline.appointments if one.status in DONE]
    return max(done, key=lambda one: one.on, default=None)
