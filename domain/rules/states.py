"""Whether a rule is off, list or on for a unit on a day, and which causes are Altfälle (Fachkonzept 3.1 no. 11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple, cast

from domain.facts.office import RuleSet, RuleState
from domain.knowledge import Known


class Standing(NamedTuple):
    """The state of a rule; causes before `applies_from` are Altfälle: listed, never delivered singly nor escalated."""

    state: RuleState
    applies_from: dt.date | None = None


class Standings:
    """The states of all rules on a day, in general and in the units that have their own."""

    def __init__(self, shipped: Mapping[str, RuleState], known: Iterable[Known], as_of: dt.date) -> None:
        """`shipped`: the state of each rule without any setting; `known`: the settings as known at a moment."""
        self._general = {rule: Standing(state) for rule, state in shipped.items()}
        self._of_units: dict[str, dict[str, Standing]] = {}
        valid = (one for one in known if isinstance(one.fact, RuleSet) and one.on <= as_of)
        for one in sorted(valid, key=lambda one: (one.on, one.recorded_at, one.ref)):
            fact = cast(RuleSet, one.fact)
            if fact.rule not in shipped:
                continue
            standing = Standing(fact.state, fact.applies_from)
            if fact.unit is None:
                self._general[fact.rule] = standing
            else:
                self._of_units.setdefault(fact.rule, {})[fact.unit] = standing

    def of(self, rule: str, unit: str | None) -> Standing:
        """How a rule stands for cases of a unit; one with a unit beats one without."""
        return self.units(rule).get(unit or "", self._general[rule])

    def units(self, rule: str) -> Mapping[str, Standing]:
        """The units that have a state of their own for the rule."""
        return self._of_units.get(rule, {})
