"""What a decision changes, said before it is saved: clocks before and after, follow-ups that go and come."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from domain.rules import RULES
from services.casework.case import Due
from services.casework.desk import Changes
from services.web.case.view import differing
from services.web.words import dates, labels


class Change(NamedTuple):
    """A clock before and after, in words."""

    name: str
    before: str
    after: str


class FollowUp(NamedTuple):
    """A follow-up that goes or comes: rule, its name, its day, and how many of the same rule follow later."""

    rule: str
    name: str
    due: dt.date
    later: int = 0


class Preview(NamedTuple):
    """Everything that changes; all empty means the entry changes no clock and no follow-up."""

    clocks: list[Change]
    gone: list[FollowUp]
    come: list[FollowUp]

    @property
    def nothing(self) -> bool:
        """Whether no clock and no follow-up changes."""
        return not (self.clocks or self.gone or self.come)


def spoken(changes: Changes) -> Preview:
    """The changes in words; a follow-up whose day stays is no change."""
    gone = [_followup(one) for one in changes.gone]
    come = [_followup(one) for one in changes.come]
    return Preview(
        [
            Change(labels.CLOCK[key], _word(before), _word(after))
            for key, before, after in differing(changes.before, changes.after)
            if before or after  # a clock that begins at 0 days says nothing yet
        ],
        _once([one for one in gone if one not in come]),
        _once([one for one in come if one not in gone]),
    )


def _once(found: list[FollowUp]) -> list[FollowUp]:
    """Each rule with its next day: some repeat for years."""
    rules = {one.rule: [other for other in found if other.rule == one.rule] for one in found}
    return [min(of_rule, key=lambda one: one.due)._replace(later=len(of_rule) - 1) for of_rule in rules.values()]


def _followup(due: Due) -> FollowUp:
    return FollowUp(due.rule, RULES[due.rule].name, due.due)


def _word(value: Any) -> str:
    if isinstance(value, dt.date):
        return dates.plain(value)
    if isinstance(value, int):
        return dates.stay(value)
    return labels.code(value) if value is not None else "–"
