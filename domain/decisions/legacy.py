"""Closing an Altfall: what came due before its rule began for the office, with a reason (Fachkonzept 3.1 no. 11)."""

from __future__ import annotations

import datetime as dt

from domain.decisions.matter import Matter, check_text, refuse
from domain.decisions.refusal import Refused
from domain.decisions.wishes import CloseLegacy
from domain.facts.case import LegacyClosed
from domain.records import Entry


def close(wish: CloseLegacy, matter: Matter) -> list[Entry]:
    """One fact. Whether there is such an Altfall, only the settings of the office say: the desk looks."""
    fact = LegacyClosed(rule=wish.rule, stage=wish.stage, due=wish.due, reason=wish.reason.strip())
    check(fact, matter.today, matter)
    return [matter.entry(matter.today, fact)]


def check(fact: LegacyClosed, on: dt.date, matter: Matter) -> None:
    """In an open case, with a reason, on a day on which it is due."""
    matter.check_open()
    if wrong := check_text("reason", fact.reason):
        raise Refused([wrong])
    if fact.due > on:
        refuse("due", "Schließen lässt sich nur, was schon fällig ist.")
