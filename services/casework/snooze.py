"""Später: puts follow-ups off until a day, and takes that back (Fachkonzept 3.1 no. 9)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from domain import words
from domain.decisions.refusal import Refused
from domain.decisions.wishes import Snooze
from domain.followups import SNOOZE_DAYS, SNOOZES, State, may_snooze
from services.followups.lifecycle import Listed, reopen, stages
from services.records.tables import followups, messages


def defer(conn: Connection, case_key: UUID, wish: Snooze, now: dt.datetime, today: dt.date) -> None:
    """Puts off each of the follow-ups; all or none. Raises `Refused`."""
    listed = {one.id: one for one in stages(conn, case_key, today)}
    wanted = {UUID(hex=text) for text in wish.followups if _is_hex(text)}
    if not wanted or not wanted <= listed.keys():
        raise Refused([("", "Diese Aufgabe ist nicht mehr offen.")])
    for one in sorted(wanted):
        _defer(conn, listed[one], wish, now, today)


def _defer(conn: Connection, one: Listed, wish: Snooze, now: dt.datetime, today: dt.date) -> None:
    before = conn.execute(select(followups.c.snoozes).where(followups.c.id == one.id)).scalar()
    _check(before or 0, wish.until, today)
    put_off = {"state": State.SNOOZED, "snoozed_until": wish.until, "snoozes": (before or 0) + 1}
    if before is None:
        row = {"id": one.id, "case_key": one.case_key, "rule": one.rule, "stage": one.stage, "cause": one.cause}
        issued = {"due": one.due, "issued_at": now, "late": False, "reminded": 0}
        conn.execute(insert(followups).values(**row, **issued, **put_off))
    else:
        conn.execute(update(followups).where(followups.c.id == one.id).values(put_off))
    shown = (messages.c.followup == one.id, messages.c.done_at.is_(None))
    conn.execute(update(messages).where(*shown).values(done_at=now))


def _check(snoozes: int, until: dt.date, today: dt.date) -> None:
    if snoozes >= SNOOZES:
        raise Refused([("", "Diese Aufgabe wurde schon zweimal zurückgestellt; jetzt ist eine Entscheidung nötig.")])
    if not may_snooze(snoozes, until, today):
        last = words.day(today + dt.timedelta(days=SNOOZE_DAYS))
        raise Refused([("until", f"Zurückstellen geht von morgen an für höchstens {SNOOZE_DAYS} Tage, bis {last}.")])


def call_back(conn: Connection, data: dict[str, Any]) -> None:
    """Undoes a deferral: its follow-ups are open again, and it does not count."""
    for text in data["followups"]:
        one = UUID(hex=text)
        held = conn.execute(select(followups.c.state, followups.c.snoozes).where(followups.c.id == one)).first()
        if held is None or held.state != State.SNOOZED:
            raise Refused([("", "Diese Aufgabe ist nicht mehr zurückgestellt.")])
        reopen(conn, one)
        conn.execute(update(followups).where(followups.c.id == one).values(snoozes=held.snoozes - 1))


def _is_hex(text: str) -> bool:
    try:
        UUID(hex=text)
    except ValueError:
        return False
    return True
