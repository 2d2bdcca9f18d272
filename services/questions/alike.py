"""Which cases seem to be about one person: the whole name and the birth date are the same (Fachkonzept 2.0)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Select, func, select

from domain.clients import OTHER, SAME
from services.questions import cases
from services.records.tables import END_OF_TIME, blind_index, entries
from services.records.vault import WHOLE, chunks
from services.records.words import words_of

if TYPE_CHECKING:
    from services.office.office import Transaction
Said = dict[frozenset[UUID], bool]


def cases_of(tx: Transaction, names: Mapping[str, str]) -> list[UUID]:
    """The cases of everybody of this name and birth date, whoever may see them; none unless all three are known."""
    person, one = tx.office.vault.whole_person(names), blind_index.c
    return list(tx.conn.scalars(select(one.key).where(one.word == person))) if person else []


def nearly(tx: Transaction, names: Mapping[str, str]) -> list[UUID]:
    """The cases of everybody of this very name whose birth date differs by a digit or a swap, whoever may see them."""
    born = names["birth_date"]
    found = cases.found_by_name(tx, f"{names['last_name']} {names['first_name']}") if born else []
    known = tx.office.vault.fields(tx.conn, found, ("last_name", "first_name", "birth_date"))
    return [key for key, one in known.items() if _is_namesake(one, names) and mistyped(one["birth_date"], born)]


def _is_namesake(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    same = all(words_of(one.get(field, "")) == words_of(other[field]) for field in ("last_name", "first_name"))
    return same and "birth_date" in one


def mistyped(one: str, other: str) -> bool:
    """Whether two days (JJJJ-MM-TT) differ by one digit, by two that changed places, or by day and month swapped."""
    was, is_now = (day.replace("-", "") for day in (one, other))
    apart = [at for at, (a, b) in enumerate(zip(was, is_now, strict=False)) if a != b]
    swapped = len(apart) == 2 and [was[at] for at in apart] == [is_now[at] for at in reversed(apart)]
    turned = was[:4] == is_now[:4] and was[4:] == is_now[6:] + is_now[4:6]
    return len(apart) == 1 or swapped or (turned and bool(apart))


def among(tx: Transaction, keys: Select[tuple[UUID]]) -> list[list[UUID]]:
    """Of these cases those that seem to be about one person and of which nobody has said whether they are: in each list
    the first is to be compared with the others.
    """
    found = _together(tx, keys)
    said = _said(tx, [key for some in found for key in some])
    return [still for some in found if len(still := _unanswered(some, said)) > 1]


def _together(tx: Transaction, keys: Select[tuple[UUID]]) -> list[list[UUID]]:
    """The cases with one and the same keyed hash of name and birth date: one statement, and no name is opened."""
    one = blind_index.c
    whole = (one.word.startswith(WHOLE), one.key.in_(keys))
    shared = select(one.word).where(*whole).group_by(one.word).having(func.count() > 1)
    wanted = select(one.word, one.key).where(one.word.in_(shared), one.key.in_(keys)).order_by(one.word, one.key)
    return [[row.key for row in rows] for _, rows in groupby(tx.conn.execute(wanted), itemgetter(0))]


def _said(tx: Transaction, keys: Collection[UUID]) -> Said:
    """Which pairs of these cases are noted as the same person's (True) or as two persons' (False), in either case."""
    refs = {tx.office.vault.ref(number): key for key, number in tx.store.numbers(tx.conn, keys).items()}
    one, found = entries.c, Said({})
    for some in chunks(sorted(keys)):
        noted = (one.case_key.in_(some), one.name.in_((SAME, OTHER)), one.known_to == END_OF_TIME)
        for key, name, ref in tx.conn.execute(select(one.case_key, one.name, one.thing).where(*noted)):
            if ref in refs:
                found[frozenset((key, refs[ref]))] = name == SAME
    return found


def _unanswered(some: Sequence[UUID], said: Said) -> list[UUID]:
    """The first of these cases of which something is still to be said, and one case of each person it may be."""
    persons: list[set[UUID]] = []
    for key in some:
        same = [one for one in persons if any(said.get(frozenset((key, other))) for other in one)]
        persons = [one for one in persons if one not in same] + [{key}.union(*same)]
    for at, one in enumerate(persons):
        asked = [other for other in persons[at + 1 :] if not any(frozenset((a, b)) in said for a in one for b in other)]
        if asked:
            return [min(one), *(min(other) for other in asked)]
    return []
