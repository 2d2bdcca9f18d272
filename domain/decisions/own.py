"""Own follow-ups: set, moved, done (Fachkonzept 2.4, R-43)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from domain import own, words
from domain.decisions.matter import Matter, last_day, refuse
from domain.decisions.wishes import FinishOwn, MoveOwn, SetOwn
from domain.facts.own import OwnFollowUpDone, OwnFollowUpSet
from domain.own import OwnFollowUp
from domain.records import Entry

LONGEST = 200  # characters of a subject; more is a note, and notes are not kept here (Fachkonzept 8 no. 2)


def set_one(wish: SetOwn, matter: Matter) -> list[Entry]:
    """A new one, set today."""
    matter.check_open()
    fact = OwnFollowUpSet(follow_up=wish.follow_up, due_on=wish.due_on, subject=wish.subject.strip())
    check_set(fact, matter)
    return [matter.entry(matter.today, fact)]


def move(wish: MoveOwn, matter: Matter) -> list[Entry]:
    """The same ones for another day: each is set anew with its subject."""
    matter.check_open()
    facts = [
        OwnFollowUpSet(follow_up=one.follow_up, due_on=wish.due_on, subject=one.subject)
        for one in _named(wish.follow_ups, matter)
        if one.due_on != wish.due_on
    ]
    if not facts:
        refuse("due_on", f"Die Wiedervorlage steht schon auf {words.weekday_and_day(wish.due_on)}.")
    for fact in facts:
        check_set(fact, matter)
    return [matter.entry(matter.today, fact) for fact in facts]


def finish(wish: FinishOwn, matter: Matter) -> list[Entry]:
    """Done today."""
    matter.check_open()
    return [
        matter.entry(matter.today, OwnFollowUpDone(follow_up=one.follow_up)) for one in _named(wish.follow_ups, matter)
    ]


def check_set(fact: OwnFollowUpSet, matter: Matter) -> None:
    """A day from today on, and what it is about in a few words."""
    latest = last_day(matter.today)
    if fact.due_on < matter.today:
        refuse("due_on", f"Der {words.day(fact.due_on)} ist vorbei; eine Wiedervorlage liegt heute oder später.")
    if fact.due_on > latest:
        refuse("due_on", f"Der Tag darf höchstens der {words.day(latest)} sein.")
    check_subject(fact.subject)


def check_subject(subject: str) -> None:
    """Refuses what says nothing, or is a note."""
    if not subject.strip():
        refuse("subject", "Bitte kurz sagen, worum es geht.")
    if (said := words.too_long(subject, LONGEST)) is not None:
        refuse("subject", said)


def find(follow_up: str, matter: Matter, day: dt.date) -> OwnFollowUp:
    """The open one of this id. Refuses if there is none, or it was set after a day."""
    one = next((one for one in own.of(matter.view.timeline) if one.follow_up == follow_up), None)
    if one is None:
        refuse("follow_up", "Diese Wiedervorlage gibt es in diesem Fall nicht.")
    if one.status == own.DONE:
        refuse("follow_up", "Diese Wiedervorlage ist schon erledigt.")
    if day < one.said.on:
        refuse("on", f"Gesetzt wurde sie erst am {words.day(one.said.on)}.")
    return one


def _named(follow_ups: Iterable[str], matter: Matter) -> list[OwnFollowUp]:
    found = [find(one, matter, matter.today) for one in dict.fromkeys(follow_ups)]
    return found or refuse("follow_ups", "Bitte mindestens eine Wiedervorlage wählen.")
