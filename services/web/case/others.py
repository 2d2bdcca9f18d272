"""The other cases that are noted as the same person's, as far as one may see them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from domain.clients import SAME
from domain.facts import Fact
from domain.facts.case import SamePersonNoted
from domain.permissions import Action
from services.office.office import Transaction
from services.records import erasures
from services.records.tables import END_OF_TIME, entries
from services.web.http.visitor import AtCase, seen_case


def of_person(tx: Transaction, at: AtCase, facts: Iterable[Fact]) -> list[str]:
    """Their numbers, in whichever of the two cases it is noted; nothing for who may not see whose case it is.

    `facts`: those of this case, in clear.
    """
    if not at.may(Action.SEE_NAMES):
        return []
    named = {fact.other_case for fact in facts if isinstance(fact, SamePersonNoted)}
    if named:  # a number that was erased may be somebody else's by now
        named -= erasures.find(tx.conn, tx.office.vault, named).keys()
    ref, one = tx.office.vault.ref(at.number), entries.c
    wanted = select(one.case_key).where(one.name == SAME, one.thing == ref, one.known_to == END_OF_TIME)
    named |= set(tx.store.numbers(tx.conn, tx.conn.scalars(wanted)).values())
    seen = (seen_case(tx, at.visitor, number) for number in sorted(named))
    return [other.number for other in seen if other is not None and other.may(Action.SEE_NAMES)]
