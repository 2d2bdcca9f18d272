"""What intake writes: a new client's case, and periods of ALG I and of benefit (Fachkonzept 1.2, 2.1, 2.5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from domain.decisions import recording
from domain.decisions.matter import Matter, refuse
from domain.decisions.refusal import Refused
from domain.decisions.wishes import OpenCase, RecordFact, RecordPeriod
from domain.facts.case import (
    CaseOpened,
    ClientIdentified,
    NewClientRegistered,
    OtherPersonNoted,
    ResponsibilityAssigned,
    SamePersonNoted,
)
from domain.records import Entry

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "alg1": ("alg1-started", "alg1-ended"),
    "benefit": ("benefit-started", "benefit-ended"),
}
"""What a period is of -> the facts of its first and of its last day."""


def open_case(wish: OpenCase, matter: Matter) -> list[Entry]:
    """The first entries of a case: opened, whose it is, who is responsible, and the other case of the same person."""
    if matter.view.records:
        refuse("number", "Diese Nummer ist schon vergeben.")
    matter.check_day(wish.on, late_reason=wish.late_reason)
    person = ClientIdentified(
        last_name=wish.last_name,
        first_name=wish.first_name,
        birth_date=wish.birth_date,
        client_number=wish.client_number,
    )
    recording.check(person, wish.on, matter)
    entries = [
        matter.entry(
            wish.on, CaseOpened(unit=wish.unit, new_client=wish.kind == "new", late_reason=wish.late_reason or None)
        ),
        matter.entry(wish.on, NewClientRegistered(kind=wish.kind)),
        matter.entry(wish.on, person),
        matter.entry(wish.on, ResponsibilityAssigned(worker=wish.worker, unit=wish.unit, area=wish.area)),
    ]
    if wish.same_person is not None:
        entries += noted(SamePersonNoted(other_case=wish.same_person), matter)
    return entries + [
        entry for number in wish.other_persons for entry in noted(OtherPersonNoted(other_case=number), matter)
    ]


def noted(fact: SamePersonNoted | OtherPersonNoted, matter: Matter) -> list[Entry]:
    """The note whether another case is about the same person; a closed case takes it, too."""
    if any(one.fact == fact for one in matter.view.known):
        refuse("other_case", "Das ist schon vermerkt.")
    recording.check(fact, matter.today, matter)
    return [matter.entry(matter.today, fact)]


def period(wish: RecordPeriod, matter: Matter) -> list[Entry]:
    """The first day, the last, or both, and for ALG I what the rule writes with each (R-18)."""
    started, ended = KINDS[wish.kind]
    if wish.first is None and wish.last is None:
        refuse("first", "Bitte den ersten oder den letzten Tag angeben.")
    if wish.first is not None and wish.last is not None and wish.last < wish.first:
        refuse("last", "Der letzte Tag liegt vor dem ersten.")
    entries: list[Entry] = []
    if wish.first is not None:
        entries = _day("first", started, wish.first, wish, matter)
    if wish.last is not None:
        entries += _day("last", ended, wish.last, wish, matter.grown(entries))
    return entries


def _day(field: str, name: str, on: dt.date, wish: RecordPeriod, matter: Matter) -> list[Entry]:
    """One day of it; what is refused about the day names its field."""
    data = {"late_reason": wish.late_reason} if wish.late_reason else {}
    try:
        return recording.record(RecordFact(name=name, on=on, data=data), matter)
    except Refused as error:
        raise Refused([(field if at == "on" else at, sentence) for at, sentence in error.reasons]) from None
