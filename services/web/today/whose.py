"""The case that a typed line is about: by its number, by a name, or the one in focus; named before anything acts."""

from __future__ import annotations

from typing import NamedTuple

from domain.permissions import Action
from services.dialogues.grammar import Understood
from services.dialogues.line import Known
from services.office.office import Transaction
from services.questions import cases
from services.questions.matching import Found
from services.web.cases import search
from services.web.http import templating
from services.web.http.visitor import AtCase, Visitor, seen_case

MOST, MOST_LOOKED_AT = 8, 100  # cases of one name that are offered, and among how many they are looked for


class Whose(NamedTuple):
    """The case with how it is called, or those that may be meant: (number, how it is called).

    `named`: how many cases have the name that was typed. `other`: the name and the number are of two cases.
    `alike`: nobody has the name, these have one much like it.
    """

    at: AtCase | None = None
    who: str = ""
    several: tuple[tuple[str, str], ...] = ()
    named: int | None = None
    other: bool = False
    alike: bool = False


def known(tx: Transaction, visitor: Visitor) -> Known:
    """A number as typed -> the number of a case this person may see."""

    def number(typed: str) -> str | None:
        return next((at.number for one in (typed, typed.upper()) if (at := seen_case(tx, visitor, one))), None)

    return number


def find(tx: Transaction, visitor: Visitor, heard: Understood, focus: str) -> Whose:
    """The case of a line: of its number, else of its name, else the one in focus.

    A name beside a number must be that case's; the name of a handover is not the client's.
    """
    if not heard.name or heard.command == "hand-over":
        number = heard.case or focus
        at = seen_case(tx, visitor, number) if number else None
        return Whose(at, _called(tx, at) if at else "")
    found, alike = _of_name(tx, visitor, heard.name)
    if heard.case:
        at = seen_case(tx, visitor, heard.case)
        fits = at is not None and at.number in found and not alike
        return Whose(at, found[heard.case]) if fits else Whose(other=True)
    if len(found) == 1 and not alike:
        (number,) = found
        return Whose(seen_case(tx, visitor, number), found[number], named=1)
    return Whose(None, "", tuple(found.items())[:MOST], len(found), alike=alike)


def _called(tx: Transaction, at: AtCase) -> str:
    name = cases.client_names(tx, [at.key]).get(at.key, "") if at.may(Action.SEE_NAMES) else ""
    return cases.called(name, at.number)


def _of_name(tx: Transaction, visitor: Visitor, name: str) -> tuple[dict[str, str], bool]:
    """The cases of that name by number, the likeliest first, and whether theirs is only much like it."""
    found = search.found_by(tx, visitor, name) if templating.may_search_names(visitor) else Found([])
    may = search.seen(tx, visitor, found.keys[:MOST_LOOKED_AT])
    numbers, names = tx.store.numbers(tx.conn, may), cases.client_names(tx, may)
    return {numbers[key]: cases.called(names.get(key, ""), numbers[key]) for key in may if key in numbers}, found.alike
