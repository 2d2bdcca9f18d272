"""The decisions taken at the desk: what "Rückgängig" takes back. A row holds codes and days, never prose."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection, insert, select, update

from domain import own
from domain.decisions import wishes
from domain.decisions.refusal import Refused
from domain.timeline import Timeline
from services.records.tables import actions

_SAFE = frozenset(
    {
        "on",
        "until",
        "due_on",
        "strategy",
        "kind",
        "status",
        "good_cause",
        "instruct",
        "channel",
        "closing_bar",
        "name",
        "to_area",
        "counts",
    }
)


class Taken(NamedTuple):
    """A decision: who took it (directory key), its wish by name, codes and days."""

    by: str
    wish: str
    data: dict[str, Any]


def note(
    conn: Connection,
    case_key: UUID,
    by: str,
    wish: wishes.Wish,
    correlation_id: str,
    now: dt.datetime,
    before: Timeline,
) -> None:
    """Keeps a decision under its correlation id; `before`: the case as the decision found it."""
    row = {"correlation_id": correlation_id, "case_key": case_key, "by": by, "at": now}
    conn.execute(_note, {**row, "wish": wishes.wish_name(wish), "data": _data(wish) | _of(wish, before)})


_note = insert(actions)  # built once: putting a statement together takes longer than running it


def _data(wish: wishes.Wish) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(wish)
    if isinstance(wish, wishes.Snooze | wishes.Undo):
        return fields
    if isinstance(wish, wishes.RecordFacts):
        names = (one.name if isinstance(one, wishes.RecordFact) else wishes.wish_name(one) for one in wish.facts)
        return {"names": list(dict.fromkeys(names)), "on": fields["facts"][0].get("on")}
    kept = _SAFE | ({"reason"} if isinstance(wish, wishes.EndStrategy) else frozenset())
    return {field: value for field, value in fields.items() if field in kept and value is not None}


def _of(wish: wishes.Wish, before: Timeline) -> dict[str, str]:
    """The day of the appointment or own follow-up decided about: without it two decisions of a case read alike."""
    match wish:
        case wishes.SetAppointmentStatus(appointment=named):
            days = [one.on for one in before.appointments if one.appointment == named]
        case wishes.FinishOwn(follow_ups=several):
            days = [one.due_on for one in own.standing(before) if one.follow_up in several]
        case _:
            days = []
    return {"of": days[0].isoformat()} if len(days) == 1 else {}


def take_back(conn: Connection, case_key: UUID, correlation_id: str, now: dt.datetime) -> Taken | None:
    """Marks a decision as undone and returns it; None for facts that did not come over the desk.

    Raises `Refused` if it was undone before or is itself an undoing.
    """
    row = conn.execute(
        select(actions).where(actions.c.correlation_id == correlation_id, actions.c.case_key == case_key)
    ).first()
    if row is None:
        return None
    if row.undone_at is not None:
        raise Refused([("", "Das ist schon rückgängig gemacht.")])
    if row.wish == "undo":
        raise Refused([("", "Ein „Rückgängig“ lässt sich nicht selbst rückgängig machen.")])
    conn.execute(update(actions).where(actions.c.correlation_id == correlation_id).values(undone_at=now))
    return Taken(row.by, row.wish, row.data)
