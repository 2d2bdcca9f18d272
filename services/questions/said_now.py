"""What facts of some kinds say now, texts in clear: one statement, however many cases they are of."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, get_args
from uuid import UUID

from domain.facts.base import Fact
from domain.knowledge import Modifier, known

if TYPE_CHECKING:
    from services.office.office import Transaction


def facts(tx: Transaction, cases: Collection[UUID], kinds: Collection[type[Fact]]) -> dict[str, Fact]:
    """The facts of these kinds in these cases by reference, with every correction and withdrawal resolved."""
    if not cases:
        return {}
    records = tx.store.of_kinds(tx.conn, cases, {*kinds, *get_args(Modifier)})
    return {one.ref: one.fact for one in known(records)}
