"""A line of Heute as an entry of a calendar: all day, on the last day on which an answer is in time."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from domain.rules.themes import Theme
from notifications.calendar_entry import Event
from services.dialogues.several import versions
from services.messages import mail
from services.questions import today as waiting
from services.web.appointments.calendar import answer, case_link
from services.web.http.visitor import NotThere
from services.web.today.page import ReadsToday
from services.web.today.tasks import anchor

router = APIRouter(include_in_schema=False)


@router.get("/aufgabe.ics")
def download(door: ReadsToday, zeile: str = "") -> Response:
    """The entry of the line with this anchor; what is late already stands on today."""
    with door.open() as visit:
        tx, today = visit.tx, visit.visitor.today
        found = waiting.inbox(tx, visit.visitor.workers, today)
        every = [*found.now, *found.week, *found.put_off]
        one = next((one for one in every if anchor(one.theme, one.case_key) == zeile), None)
        if one is None or one.case_key is None:
            raise NotThere("Diese Aufgabe gibt es nicht (mehr).")
        first = one.stages[0]
        return answer(
            tx,
            [
                Event(
                    ref=tx.office.vault.ref(f"calendar/{one.case_key}/{one.theme.key}"),
                    summary=f"{_name(one.theme)} {first.number}",
                    on=max(today, min(stage.put_off or waiting.in_time(one) for stage in one.stages)),
                    time="",
                    link=case_link(mail.served_at(tx.conn), first.number),
                    sequence=versions(tx, [one.case_key])[one.case_key],
                )
            ],
            f"aufgabe-{today.isoformat()}",
        )


def _name(theme: Theme) -> str:
    return "Wiedervorlage" if theme.private else theme.name
