"""What the rules rest on, as pages ask for it: directives, local orders and the cases they cover, words, agreements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from sqlalchemy import Connection, func, select, union_all

from domain import evaluations, grounds
from domain.evaluations import REGISTER, Evaluation
from domain.facts.grounds import DirectivePublished, LocalOrderSet
from domain.knowledge import Known, known
from domain.law import Lexicon
from domain.permissions import Action
from services.questions import answers, library
from services.questions.due import DUE
from services.questions.question import Asked
from services.records import rulebook
from services.records.meaning import Waiting

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
    """A local order, and how many cases of a list it covers: where it holds and something of its rule is due; None
    while the list is computed anew.
    """

    order: Known
    cases: int | None

    @property
    def fact(self) -> LocalOrderSet:
        """What it says."""
        return cast(LocalOrderSet, self.order.fact)


def orders(tx: Transaction, organisation: Organisation, day: dt.date) -> list[Order]:
    """The local orders of the day, those to come and what was last where none is left, by rule and unit, each with the
    cases that it covers on the day.
    """
    found = settings(tx.conn)
    try:
        cases = {one.order.ref: one.cases for one in covering(tx, organisation, _due(tx, day))}
    except Waiting:
        cases = {one.ref: None for one in grounds.orders(found, day)}
    last = {one.ref for one in grounds.orders(found)}
    ahead = {one.ref for one in found if isinstance(one.fact, LocalOrderSet) and one.on > day}
    shown = [one for one in found if one.ref in cases or one.ref in last | ahead]
    return sorted(
        (Order(one, cases.get(one.ref, 0)) for one in shown), key=lambda one: (one.fact.rule, one.fact.unit or "")
    )


def _due(tx: Transaction, day: dt.date) -> Asked:
    return Asked(DUE, answers.defaulted(DUE, tx.today, as_of=day, known_at=None))


def covering(tx: Transaction, organisation: Organisation, asked: Asked) -> list[Order]:
    """The local orders in force at the Stichtag, as known at the Datenstand, with the cases of the list each covers.

    Those of a unit stand in place of those of the whole office. Nothing where a list does not name rules. Raises
    Waiting.
    """
    if "rule" not in asked.question.key:
        return []
    found = grounds.orders(known(rulebook.settings(tx.conn), asked.known_at), asked.as_of)
    facts = [cast(LocalOrderSet, one.fact) for one in found]
    counted = _counted(tx, organisation, asked, {fact.rule for fact in facts}) if found else {}
    return [Order(one, _covered(counted, fact, facts)) for one, fact in zip(found, facts, strict=True)]


def _covered(counted: dict[tuple[str, str], int], order: LocalOrderSet, every: Sequence[LocalOrderSet]) -> int:
    own = {one.unit for one in every if one.rule == order.rule and one.unit}
    units = {order.unit} if order.unit else {unit for rule, unit in counted if rule == order.rule} - own
    return sum(counted.get((order.rule, unit), 0) for unit in units if unit)


def _counted(
    tx: Transaction, organisation: Organisation, asked: Asked, rules: Collection[str]
) -> dict[tuple[str, str], int]:
    """The cases of a list by rule and unit of its day, of these rules."""
    parts = []
    for part in answers.frames(tx, asked):
        one = part.base.selected_columns
        chosen = part.base.where(part.found, one.rule.in_(rules))
        parts.append(chosen.with_only_columns(one.case_key, one.rule, one.unit))
    rows = union_all(*parts).subquery()
    counts = select(rows.c.rule, rows.c.unit, func.count(rows.c.case_key.distinct())).group_by(rows.c.rule, rows.c.unit)
    counted: dict[tuple[str, str], int] = {}
    for rule, unit, count in tx.conn.execute(counts):
        key = rule, organisation.current(unit, asked.as_of) or unit
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
