"""What a dialogue is told of the case: two bars at once can be ended as it offers, and nothing else is offered."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.dialogues import DIALOGUES, Context, why_not, wish_of
from domain.facts.base import Fact
from domain.facts.documentation import ProcessStepDocumented
from domain.facts.strategy import StrategyBarEnded, StrategyBarSet
from services.dialogues import subjects
from tests.spec import Given

ONE_DAY = (("01.06.", StrategyBarSet(strategy="integration")), ("01.06.", StrategyBarSet(strategy="entwicklung")))
LATE_END = (
    ("01.03.", StrategyBarSet(strategy="integration")),
    ("01.06.", StrategyBarSet(strategy="entwicklung")),
    ("20.06.", StrategyBarEnded(reason="new-strategy")),
)


def context(given: Given) -> Context:
    return subjects.of_case(given.view().timeline)


@pytest.mark.parametrize(
    ("facts", "said", "bars"),
    [
        (ONE_DAY, "Es gilt Integration", ["integration 01.06.–"]),
        (ONE_DAY, "Es gilt Entwicklung", ["entwicklung 01.06.–"]),
        (LATE_END, "Beide: Integration bis 31.05.2026", ["integration 01.03.–31.05.", "entwicklung 01.06.–"]),
        (LATE_END, "Es gilt Integration", ["integration 01.03.–20.06."]),
    ],
)
def test_two_bars_at_once_are_set_right(facts: tuple[tuple[str, Fact], ...], said: str, bars: list[str]) -> None:
    given = Given(*facts)
    offered = {label: value for value, label in context(given).overlap}
    value = next(value for label, value in offered.items() if label.startswith(said))
    given.when(wish_of(DIALOGUES["two-bars"], {"right": value}, context(given)))
    timeline = given.view().timeline
    assert [
        f"{spell.strategy} {spell.first:%d.%m.}–{f'{spell.last:%d.%m.}' if spell.last.year < 3000 else ''}"
        for spell in timeline.spells
    ] == bars
    assert why_not(DIALOGUES["two-bars"], context(given)) == "Es laufen keine zwei Balken zugleich."


def test_bars_one_after_the_other_are_no_question() -> None:
    bars = (("01.03.", StrategyBarSet(strategy="integration")), ("31.05.", StrategyBarEnded(reason="new-strategy")))
    given = Given(*bars, ("01.06.", StrategyBarSet(strategy="entwicklung")))
    assert not context(given).overlap


def test_a_process_step_is_asked_for_what_it_does_not_say_yet() -> None:
    told = ProcessStepDocumented(step="review", facts="Praktikum läuft.")
    whole = ProcessStepDocumented(step="close", facts="A", considerations="B", agreement="C", next_step="D")
    given = Given(("05.11.", replace(told, step="employment")), ("06.11.", told), ("20.11.", whole))
    assert context(given).steps == {"review": {"facts": "Praktikum läuft."}}


def test_what_is_taken_over_is_offered_no_more() -> None:
    given = Given(*ONE_DAY, ("24.12.", StrategyBarEnded()))  # decided today, ahead of its day
    offered = [value for value, _ in context(given).unfiled]
    assert len(offered) == 3
    given.when(wish_of(DIALOGUES["filed"], {"decisions": offered}, context(given)))
    assert why_not(DIALOGUES["filed"], context(given)) == "Alle Entscheidungen stehen schon in der führenden Akte."
