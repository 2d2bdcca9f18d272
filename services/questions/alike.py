"""Which cases seem to be about one person: the whole name and the birth date are the same (Fachkonzept 2.0)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from domain.clients import SAME
from services.questions import cases
from services.records.tables import END_OF_TIME, entries
from services.records.words import words_of

if TYPE_CHECKING:
    from services.office.office import Transaction

Person = tuple[frozenset[str], frozenset[str], str]


def cases_of(tx: Transaction, names: Mapping[str, str]) -> list[UUID]:
    """The cases of everybody of this name and birth date, whoever may see them; none unless all three are known."""
    person = _person(names)
    found = cases.found_by_name(tx, f"{names['last_name']} {names['first_name']}") if person else []
    return [key for key, one in _persons(tx, found).items() if one == person]


def among(tx: Transaction, keys: Collection[UUID]) -> list[list[UUID]]:
    """Of these cases those that seem to be about one person, together; without those that are noted as such."""
    together: dict[Person, list[UUID]] = {}
    for key, person in _persons(tx, keys).items():
        together.setdefault(person, []).append(key)
    found = [some for some in together.values() if len(some) > 1]
    noted = noted_in(tx, [key for some in found for key in some])
    refs = {key: tx.office.vault.ref(number) for key, number in tx.store.numbers(tx.conn, noted).items()}
    return [some for some in found if not _is_noted(some, noted, refs)]


def noted_in(tx: Transaction, keys: Collection[UUID]) -> dict[UUID, set[str]]:
    """The other cases (as references of their numbers) that are noted in each of these as the same person's."""
    one = entries.c
    wanted = select(one.case_key, one.thing).where(
        one.case_key.in_(keys), one.name == SAME, one.known_to == END_OF_TIME
    )
    found: dict[UUID, set[str]] = {key: set() for key in keys}
    for key, ref in tx.conn.execute(wanted):
        found[key].add(ref)
    return found


def _is_noted(some: list[UUID], noted: Mapping[UUID, set[str]], refs: Mapping[UUID, str]) -> bool:
    """Whether each of these cases is tied to all others, by what is noted in it or in another."""
    tied = {some[0]}
    grows = True
    while grows:
        more = {key for key in some if any(refs[one] in noted[key] or refs[key] in noted[one] for one in tied)}
        grows = not more <= tied
        tied |= more
    return tied == set(some)


def _persons(tx: Transaction, keys: Collection[UUID]) -> dict[UUID, Person]:
    known = tx.office.vault.fields(tx.conn, keys, ("last_name", "first_name", "birth_date"))
    return {key: person for key, names in known.items() if (person := _person(names))}


def _person(names: Mapping[str, str]) -> Person | None:
    last, first = (frozenset(words_of(names.get(field, ""))) for field in ("last_name", "first_name"))
    born = names.get("birth_date", "")
    return (last, first, born) if last and first and born else None
