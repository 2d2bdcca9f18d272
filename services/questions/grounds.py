"""What the rules rest on, as pages ask for it: directives, local orders and the cases they cover, words, agreements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from sqlalchemy import Connection, func, select

from domain import evaluations, grounds
from domain.evaluations import REGISTER, Evaluation
from domain.facts.grounds import DirectivePublished, LocalOrderSet
from domain.knowledge import Known, known
from domain.law import Lexicon
from domain.permissions import Action
from services.questions import library
from services.records import rulebook
from services.records.current import cared_for, listed
from services.records.tables import due_rows, segments

if TYPE_CHECKING:
    from domain.organisation import Organisation
    from services.office.office import Transaction


def settings(conn: Connection) -> list[Known]:
    """All that is known now of the office, in the order in which it counts."""
    return known(rulebook.settings(conn), None)


def lexicon(conn: Connection, at: dt.datetime | None = None) -> Lexicon:
    """The words of the law, with those that the office has set, as known at a moment (None: now)."""
    return Lexicon(known(rulebook.settings(conn), at))


def agreed(conn: Connection, day: dt.date) -> frozenset[str]:
    """The evaluations of persons of staff that a Dienstvereinbarung allows on the day."""
    return evaluations.agreed(settings(conn), day)


def directives(
    conn: Connection, rules: Collection[str], day: dt.date, at: dt.datetime | None = None
) -> dict[str, list[DirectivePublished]]:
    """The directives valid on a day and known at a moment (None: now) that these rules rest on, the latest first; of
    rules without any nothing.
    """
    valid = grounds.directives(known(rulebook.settings(conn), at), day)
    found = {rule: grounds.of_rule(valid, rule) for rule in rules} if valid else {}
    return {rule: some for rule, some in found.items() if some}


class Order(NamedTuple):
    """A local order, and of how many cases something is due today by its rule where it holds."""

    order: Known
    cases: int

    @property
    def fact(self) -> LocalOrderSet:
        """What it says."""
        return cast(LocalOrderSet, self.order.fact)


def orders(tx: Transaction, organisation: Organisation, day: dt.date) -> list[Order]:
    """The local orders known, by rule and unit, each with the cases that it covers on the day."""
    found = grounds.orders(settings(tx.conn))
    facts = [cast(LocalOrderSet, one.fact) for one in found]
    counted = _counted(tx, organisation, {fact.rule for fact in facts}, day) if found else {}
    holding = {one.ref for one in grounds.orders(settings(tx.conn), day)}
    return [
        Order(one, _covered(counted, fact, facts) if one.ref in holding else 0)
        for one, fact in zip(found, facts, strict=True)
    ]


def _covered(counted: dict[tuple[str, str], int], order: LocalOrderSet, every: Sequence[LocalOrderSet]) -> int:
    """An order of a unit stands in place of that of the whole office."""
    own = {one.unit for one in every if one.rule == order.rule and one.unit}
    units = {order.unit} if order.unit else {unit for rule, unit in counted if rule == order.rule} - own
    return sum(counted.get((order.rule, unit), 0) for unit in units if unit)


def _counted(
    tx: Transaction, organisation: Organisation, rules: Collection[str], day: dt.date
) -> dict[tuple[str, str], int]:
    """Cases by rule and unit of the day for which something of the rule is listed."""
    joined = due_rows.join(segments, cared_for(segments, due_rows.c.case_key, day))
    found = select(due_rows.c.rule, segments.c.unit, func.count(due_rows.c.case_key.distinct()))
    chosen = found.select_from(joined).where(listed(day), due_rows.c.due <= day, due_rows.c.rule.in_(rules))
    counted: dict[tuple[str, str], int] = {}
    for rule, unit, count in tx.conn.execute(chosen.group_by(due_rows.c.rule, segments.c.unit)):
        key = rule, organisation.current(unit, day) or unit
        counted[key] = counted.get(key, 0) + count
    return counted


def register() -> list[Evaluation]:
    """The Auswertungsregister: what is declared, and every question there is."""
    asked = [
        Evaluation(
            *(one.id, one.title, "Qualitätssicherung", "§ 67c Abs. 3 SGB X (Aufsicht und Qualitätssicherung)"),
            *(Action.SEE_QS, one.personal),
        )
        for one in library.QUESTIONS.values()
        if one.id not in REGISTER
    ]
    return [*REGISTER.values(), *asked]
