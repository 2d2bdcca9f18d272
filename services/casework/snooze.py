"""Später: puts follow-ups off until a day, and takes that back (Fachkonzept 3.1 no. 9)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from msgspec import structs
from sqlalchemy import Connection, select, update

from domain import words
from domain.decisions.refusal import Refused
from domain.decisions.wishes import Snooze, Wish
from domain.followups import SNOOZE_DAYS, SNOOZES, State, latest, may_snooze
from domain.office import deferrals
from domain.rules import RULES
from services.followups.lifecycle import Listed, add, named, reopen, stages
from services.records import rulebook
from services.records.tables import followups, messages


def whole(conn: Connection, case_key: UUID, wish: Wish, today: dt.date) -> Wish:
    """A deferral with every stage listed today of the rules it names, any other wish as it is. Raises `Refused`.

    An earlier stage would else take the place of the one put off. An appointment stands for itself.
    """
    if not isinstance(wish, Snooze):
        return wish
    listed = {one.id.hex: one for one in stages(conn, case_key, today)}
    wanted = named(list(listed.values()), wish.followups)
    rules = {one.rule for one in wanted if not RULES[one.rule].theme.daily}
    return structs.replace(
        wish, followups=sorted(key for key, one in listed.items() if one in wanted or one.rule in rules)
    )


def defer(conn: Connection, case_key: UUID, wish: Snooze, now: dt.datetime, today: dt.date) -> None:
    """Puts off each of the follow-ups, all or none; only of the latest stage of a rule it counts. Raises `Refused`."""
    if wish.reason not in deferrals.offered(rulebook.standing(conn), today):
        raise Refused([("reason", "Dieser Grund steht nicht zur Wahl.")])
    wanted = [one for one in stages(conn, case_key, today) if one.id.hex in wish.followups]
    shown = latest(wanted)
    for one in wanted:
        snoozes = _held(conn, one, now)
        if one in shown:
            _check(snoozes, wish.until, today)
        put_off = {
            "state": State.SNOOZED,
            "snoozed_until": wish.until,
            "snoozed_for": wish.reason,
            "snoozes": snoozes + 1,
        }
        conn.execute(update(followups).where(followups.c.id == one.id).values(put_off))
        told = (messages.c.followup == one.id, messages.c.done_at.is_(None))
        conn.execute(update(messages).where(*told).values(done_at=now))


def _held(conn: Connection, one: Listed, now: dt.datetime) -> int:
    """How often it was put off before; issued here if nobody has, and held, since the scheduler may be at it."""
    add(conn, one, now, late=False)
    snoozes: int = conn.scalars(select(followups.c.snoozes).where(followups.c.id == one.id).with_for_update()).one()
    return snoozes


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
        conn.execute(update(followups).where(followups.c.id == one).values(snoozes=held.snoozes - 1, snoozed_for=None))
