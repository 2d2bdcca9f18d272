"""The Regelblatt: what holds for each rule on a day, shipped or set by the office; source, validity, by whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from domain import settings, words
from domain.facts.office import OfficeSet, RuleSet, TextSet, ThresholdSet
from domain.knowledge import Known, known
from domain.office.setting import Setting, Value, name_of, value
from domain.periods import DAY
from domain.proposals import place
from domain.rules import RULES, Rule
from domain.rules.states import Standing
from domain.rules.thresholds import Number
from notifications import wording
from services.records import rulebook

if TYPE_CHECKING:
    from services.office.office import Transaction

STATE = ""  # the stage of a line that says how the whole rule stands


Said = Standing | Number | Value | str | None


class Line(NamedTuple):
    """The state of a rule, or the number of one of its stages, in a unit (None: everywhere else); or a text of the
    office (no rule, its name in place of the stage; "" as shipped); or a further setting (likewise; its value is None
    where it is no longer offered).

    `since` to `until`, both inclusive; None: as shipped, with no end. Persons are directory keys, "" for none.
    """

    rule: str
    stage: str
    unit: str | None
    value: Said
    since: dt.date | None = None
    until: dt.date | None = None
    source: str = ""
    by: str = ""
    approved_by: str = ""

    def holds(self, day: dt.date) -> bool:
        """Whether it is what holds on the day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    @property
    def key(self) -> str:
        """Its name among all that can be set: "R-04", "R-04/check", "rules/R-04", "checkbox/other"."""
        return "/".join(filter(None, (self.rule, self.stage)))

    @property
    def place(self) -> tuple[str, str, str | None]:
        """What it is about."""
        return self.rule, self.stage, self.unit


class Sheet(NamedTuple):
    """All lines in the order of rules and stages, with what contradicts itself on the day, a sentence each."""

    lines: list[Line]
    odd: list[str]


def of_day(tx: Transaction, day: dt.date) -> Sheet:
    """As known now; lines of before and after the day are among them."""
    facts = known(rulebook.settings(tx.conn), None)
    lines = [line for rule in RULES.values() for line in _of_rule(rule, facts)]
    return Sheet(lines, [*_doubled(facts), *(one.sentence for one in settings.contradictions(facts, day))])


def texts(tx: Transaction) -> list[Line]:
    """The wordings that can be the office's own, in their order: each as shipped, then those it has set."""
    facts = known(rulebook.settings(tx.conn), None)
    return [line for text in wording.NAMES for line in _stretched(Line("", text, None, ""), facts)]


def further(tx: Transaction) -> list[Line]:
    """What else the office sets, in the order of its declarations: each as shipped, then as the office says."""
    facts = known(rulebook.settings(tx.conn), None)
    return [line for row in settings.SETTINGS.values() for line in _of_setting(row, facts)]


def _of_setting(row: Setting, facts: Sequence[Known]) -> Iterator[Line]:
    said = [one for one in facts if row.says(one)]
    own = {one.fact.item: None for one in said if isinstance(one.fact, OfficeSet) and one.fact.item}
    for item in (*row.shipped, *(item for item in own if item not in row.shipped)):
        shipped = Line("", name_of(row.name, item), None, row.shipped.get(item), source=row.source)
        lines = _stretched(shipped, said)
        yield from (line for line in lines if line.since or item in row.shipped)


def _of_rule(rule: Rule, facts: Sequence[Known]) -> Iterator[Line]:
    yield from _stretched(Line(rule.id, STATE, None, Standing(rule.state), source=rule.source), facts)
    for stage, number in rule.numbers.items():
        yield from _stretched(Line(rule.id, stage, None, number, source=rule.source), facts)


def _stretched(shipped: Line, facts: Sequence[Known]) -> Iterator[Line]:
    """The shipped line and those of the office, each until the next of its unit begins."""
    said = sorted(
        (line for one in facts if (line := _line(one, shipped)) is not None),
        key=lambda line: (line.unit or "", line.since),
    )
    whole = [line for line in said if line.unit is None]
    yield _until(shipped, whole)
    for _, some in groupby(said, key=lambda line: line.unit):
        of_unit = list(some)
        for number, line in enumerate(of_unit):
            ahead = [one for one in of_unit[number + 1 :] if one.since != line.since]
            if not any(one.since == line.since for one in of_unit[number + 1 :]):  # the last said of one day counts
                yield _until(line, ahead)


def _until(line: Line, ahead: Sequence[Line]) -> Line:
    following = ahead[0].since if ahead else None
    return line._replace(until=following - DAY if following else None)


def _line(one: Known, shipped: Line) -> Line | None:
    """What a setting says about the rule or stage of the shipped line; nothing if about another."""
    fact = one.fact
    if isinstance(fact, RuleSet) and (fact.rule, STATE) == shipped.place[:2]:
        said: Said = Standing(fact.state, fact.applies_from)
    elif isinstance(fact, ThresholdSet) and (fact.rule, fact.stage) == shipped.place[:2]:
        named = fact.months is not None or fact.days is not None
        said = Number(fact.months or 0, fact.days or 0) if named else shipped.value
    elif isinstance(fact, TextSet) and ("", fact.text) == shipped.place[:2]:
        return shipped._replace(
            value=fact.body or "", since=one.on, source=fact.source, by=one.by, approved_by=fact.approved_by or ""
        )
    elif isinstance(fact, OfficeSet) and name_of(fact.setting, fact.item) == shipped.stage:
        said = value(settings.SETTINGS[fact.setting], fact)
        return Line("", shipped.stage, fact.unit, said, one.on, None, fact.source, one.by, fact.approved_by)
    else:
        return None
    return Line(fact.rule, shipped.stage, fact.unit, said, one.on, None, fact.source, one.by, fact.approved_by)


# --- what contradicts itself ---


def _doubled(facts: Sequence[Known]) -> Iterator[str]:
    """Two values for one day: the last recorded counts."""
    kept: dict[tuple[object, ...], Known] = {}
    for one in sorted(facts, key=lambda one: (one.on, one.recorded_at)):
        if isinstance(one.fact, RuleSet | ThresholdSet | OfficeSet):
            key = (*place(one.fact), one.on)
            if key in kept and kept[key].fact != one.fact and (name := _name(one.fact)):
                on = words.day(one.on)
                yield f"{name}: Für den {on} ist zweierlei festgelegt; es gilt, was zuletzt erfasst wurde."
            kept[key] = one


def _name(fact: RuleSet | ThresholdSet | OfficeSet) -> str:
    """What is set, in words; "" if it is not known here."""
    if isinstance(fact, OfficeSet):
        row = settings.SETTINGS.get(fact.setting)
        return " ".join(filter(None, (row.german, fact.item))) if row else ""
    return RULES[fact.rule].name if fact.rule in RULES else ""
