"""What somebody who leaves leaves behind, and to whom it goes."""

from __future__ import annotations

import datetime as dt

from domain.directory import Dated, Said
from domain.facts.directory import PersonLeft
from domain.knowledge import known
from domain.periods import DAY
from services.messages import waiting
from services.people import directory
from services.questions import cases, unattended
from services.web.http.door import Visit
from services.web.words import dates


def sentences(visit: Visit, person: str, last: dt.date) -> list[str]:
    """One sentence each about cases and open requests; nothing about who leaves none."""
    tx, organisation = visit.tx, visit.visitor.organisation
    (key,) = directory.keys([person]).values()
    facts: list[Dated] = [*known(tx.store.records(tx.conn, key), None), Said(last, PersonLeft())]
    after, then = organisation.with_person(person, facts), last + DAY
    held = unattended.of_workers(tx, cases.places(tx.conn), [person], visit.visitor.today)
    left = waiting.passed_on(tx, person, visit.visitor.today, after, then)
    leads = {one for case in held for one in after.lead(case.unit, case.area, then)}
    names = directory.labels(tx, leads | left.to)
    said = []
    if held:
        lie = _counted(len(held), "laufender Fall bleibt", "laufende Fälle bleiben")
        there = f"ohne Zuständigkeit, unter „Zuweisen“ bei {_listed(leads, names)}"
        said.append(f"{lie} {there}.")
    if left.made + left.decided:
        open_ones = _counted(left.made + left.decided, "offener Antrag", "offene Anträge")
        said.append(f"{open_ones}: Danach entscheidet {_listed(left.to, names)}.")
    return said


def _listed(persons: set[str] | frozenset[str], names: dict[str, str]) -> str:
    return " oder ".join(sorted(names[one] for one in persons)) or "niemand; bitte zuerst eine Leitung einsetzen"


def _counted(count: int, one: str, several: str) -> str:
    return f"{dates.number(count)} {one if count == 1 else several}"
