"""The follow-up rules: one row a rule, with its source (Fachkonzept 3.2). What is due, to whom, from when to when?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.periods import Period
from domain.rules import (
    aims,
    appointments,
    bars,
    benefit,
    choice,
    development,
    documentation,
    endings,
    extension,
    listing,
    measures,
    meeting,
    own,
    steering,
)
from domain.rules.listing import DueRow
from domain.rules.rule import Kind, Rule, Stage
from domain.rules.themes import Theme
from domain.timeline import Timeline

__all__ = ["RULES", "THEMES", "DueRow", "Kind", "Rule", "Stage", "Theme", "due_rows"]

_TOPICS = (
    aims,
    appointments,
    bars,
    benefit,
    choice,
    documentation,
    endings,
    extension,
    measures,
    meeting,
    own,
    steering,
)
RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in sorted(
        (*(rule for topic in _TOPICS for rule in topic.RULES), *development.RULES.values()), key=lambda rule: rule.id
    )
}
THEMES: dict[str, Theme] = {rule.theme.key: rule.theme for rule in RULES.values()}


def due_rows(timeline: Timeline, window: Period, rules: Iterable[Rule] = tuple(RULES.values())) -> Iterator[DueRow]:
    """What is listed of these rules on a day of the window, through which the facts of the timeline stay the same."""
    return listing.due_rows(timeline, window, rules)
