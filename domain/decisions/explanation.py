"""What a lead accepts as an explanation: a rule asks nothing until a day (Fachkonzept 3.1 no. 12)."""

from __future__ import annotations

import datetime as dt

from domain import words
from domain.decisions.matter import Matter, check_text, refuse
from domain.decisions.refusal import Refused
from domain.decisions.wishes import AcceptExplanation
from domain.facts.case import ExplanationAccepted
from domain.periods import add_months
from domain.records import Entry
from domain.stretches import at
from domain.timeline import Care

LIMIT_MONTHS = 6
NOT_AHEAD = "Die Erläuterung muss über den heutigen Tag hinaus gelten."


def too_late(on: dt.date) -> str:
    """Why a day is too far ahead for an explanation accepted on a day."""
    return f"Eine Erläuterung gilt höchstens sechs Monate, also bis {words.day(add_months(on, LIMIT_MONTHS))}."


def accept(wish: AcceptExplanation, matter: Matter) -> list[Entry]:
    """One fact for each rule."""
    matter.check_open()
    if not wish.rules:
        refuse("rules", "Bitte mindestens eine Aufgabe ankreuzen.")
    found = [
        ExplanationAccepted(rule=rule, until=wish.until, reason=wish.reason.strip())
        for rule in dict.fromkeys(wish.rules)
    ]
    for fact in found:
        check(fact, matter.today, matter)
    return [matter.entry(matter.today, fact) for fact in found]


def check(fact: ExplanationAccepted, on: dt.date, matter: Matter) -> None:
    """After the day it is accepted on, at most six months ahead, with a reason; nobody accepts the own explanation."""
    care: Care | None = at(matter.view.timeline.care, matter.today)
    if care is not None and care.worker == matter.actor.id:
        refuse("", "Über die Erläuterung zu den eigenen Fällen entscheidet jemand anderes.")
    wrong = check_text("reason", fact.reason)
    if wrong:
        raise Refused([wrong])
    if fact.until <= on:
        refuse("until", NOT_AHEAD)
    if fact.until > add_months(on, LIMIT_MONTHS):
        refuse("until", too_late(on))
