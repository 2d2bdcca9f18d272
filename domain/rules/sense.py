"""Whether settings of rules make sense: each for itself, and beside the others (Fachkonzept 3.1 no. 11, 13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from domain import words
from domain.facts.office import RuleSet, ThresholdSet
from domain.knowledge import Known
from domain.periods import DAY
from domain.rules import RULES
from domain.rules.rule import Rule
from domain.rules.thresholds import Number, Numbers, on_day

LONGEST = 3_660  # days; no stage of a rule lies further off
Reasons = Iterator[tuple[str, str]]


class Contradiction(NamedTuple):
    """The settings that do not go together (their refs), and a sentence that names both sides."""

    refs: frozenset[str]
    sentence: str


# --- for itself ---


def reasons(fact: RuleSet | ThresholdSet) -> Reasons:
    """Why the setting makes no sense, as (field, sentence)."""
    rule = RULES.get(fact.rule)
    if rule is None:
        yield "rule", f"Eine Regel {fact.rule[:40]} gibt es nicht."
    elif isinstance(fact, RuleSet):
        yield from _of_state(fact)
    elif fact.stage not in rule.stages:
        yield "stage", f"{rule.name} hat keine Stufe „{fact.stage[:40]}“."
    else:
        yield from _of_number(rule, fact)


def _of_state(fact: RuleSet) -> Reasons:
    if fact.state == "off" and fact.applies_from is not None:
        yield "applies_from", "Eine Regel, die aus ist, meldet nichts; „gilt ab“ bleibt dann leer."


def _of_number(rule: Rule, fact: ThresholdSet) -> Reasons:
    if fact.months is None and fact.days is None:
        return  # back to the shipped number
    months, days = fact.months or 0, fact.days or 0
    name = f"{rule.name}, „{_stage(fact.stage)}“"
    ahead = min(rule.numbers[fact.stage]) < 0
    if abs(months * 30 + days) > LONGEST:
        yield "months", f"{name}: {words.length(months, days)} sind zu viel; möglich sind höchstens 10 Jahre."
    elif ahead and months and not rule.numbers[fact.stage].months:
        yield "months", f"{name} wird in Tagen angegeben."
    elif ahead and (max(months, days) > 0 or not (months or days)):
        yield "days", f"{name} ist eine Vorwarnung und braucht mindestens einen Tag vorher."
    elif not ahead and days < 0:
        yield "days", f"{name} zählt ab einem Tag und kann nicht davor liegen."
    elif not ahead and not (months or days) and any(rule.numbers[fact.stage]):
        yield "months", f"{name} braucht eine Zeit von mindestens einem Tag; mit 0 wäre es sofort fällig."


# --- beside the others ---


def contradictions(settings: Sequence[Known], day: dt.date | None = None) -> Iterator[Contradiction]:
    """What does not go together of all that is known of the settings, on a day (None: on any), each once."""
    said: set[str] = set()
    for one in (*_crossed(settings, day), *_never(settings)):
        if one.sentence not in said:
            said.add(one.sentence)
            yield one


def _crossed(settings: Sequence[Known], only: dt.date | None) -> Iterator[Contradiction]:
    """A stage that would not be due before the one it has to precede."""
    for rule in RULES.values():
        mine = [one for one in settings if isinstance(one.fact, ThresholdSet) and one.fact.rule == rule.id]
        for unit in {one.fact.unit for one in mine if isinstance(one.fact, ThresholdSet)}:
            for day in [only] if only else sorted({one.on for one in mine}):
                numbers = on_day(rule.id, rule.numbers, mine, unit, day)
                yield from _unordered(rule, numbers, mine, unit, day)


def _unordered(
    rule: Rule, numbers: Numbers, mine: Sequence[Known], unit: str | None, day: dt.date
) -> Iterator[Contradiction]:
    for first, stage in rule.stages.items():
        then = stage.before
        if then and _may_follow(numbers[first], numbers[then], day):
            of_both = frozenset(one.ref for one in mine if _is_of(one.fact, (first, then), unit) and one.on <= day)
            where = f" in {unit}" if unit else ""
            said = (
                f"{rule.name}: „{_stage(first)}“ ({_length(numbers[first])}) läge ab {words.day(day)}{where} nicht vor "
                f"„{_stage(then)}“ ({_length(numbers[then])})."
            )
            yield Contradiction(of_both, said)


def _may_follow(first: Number, then: Number, day: dt.date) -> bool:
    """Whether the first can be due on the day of the other or later, counted from a month's first day of a year on."""
    starts = [dt.date(day.year, month, 1) for month in range(1, 13)]
    return any(first.after(start) >= then.after(start) for start in starts)


def _is_of(fact: object, stages: Iterable[str], unit: str | None) -> bool:
    return isinstance(fact, ThresholdSet) and fact.stage in stages and fact.unit in (None, unit)


def _never(settings: Sequence[Known]) -> Iterator[Contradiction]:
    """A first day of causes that lies behind the last day of the state itself: nothing would ever be told."""
    states = [(one, one.fact) for one in settings if isinstance(one.fact, RuleSet) and one.fact.rule in RULES]
    for one, fact in states:
        later = [(other, what) for other, what in states if _follows(other, what, one, fact)]
        if fact.applies_from is None or not later:
            continue
        other, what = min(later, key=lambda pair: pair[0].on)
        if fact.applies_from >= other.on:
            said = (
                f"{RULES[fact.rule].name}: „gilt ab {words.day(fact.applies_from)}“ liegt hinter dem letzten Tag "
                f"({words.day(other.on - DAY)}), denn ab {words.day(other.on)} ist die Regel "
                f"„{words.STATES[what.state]}“."
            )
            yield Contradiction(frozenset({one.ref, other.ref}), said)


def _follows(other: Known, what: RuleSet, one: Known, fact: RuleSet) -> bool:
    return (what.rule, what.unit) == (fact.rule, fact.unit) and other.on > one.on


def _stage(stage: str) -> str:
    return words.STAGES.get(stage, stage)


def _length(number: Number) -> str:
    return words.length(number.months, number.days)
