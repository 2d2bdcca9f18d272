"""Bars: set, end, change, confirm (Fachkonzept 2.2, 3.3)."""

from __future__ import annotations

from domain.decisions.wishes import ChangeStrategy, ConfirmStrategy, EndStrategy, SetOtherBar, SetStrategy
from domain.facts.case import CaseClosed, CaseOpened
from domain.facts.strategy import StrategyBarEnded, StrategyBarSet, StrategyFieldChanged
from tests.spec import TODAY, Given, day

INTEGRATION = ("20.05.", StrategyBarSet(strategy="integration"))


def test_changing_sets_the_new_bar_and_the_field() -> None:
    given = Given(INTEGRATION, ("20.05.", StrategyFieldChanged(strategy="integration")))
    given.when(ChangeStrategy(strategy="entwicklung", on=TODAY)).then(
        ("strategy-bar-set", "20.11."), ("strategy-field-changed", "20.11.")
    )


def test_a_field_that_is_right_already_is_left_alone() -> None:
    given = Given(INTEGRATION, ("20.05.", StrategyFieldChanged(strategy="entwicklung")))
    given.when(ChangeStrategy(strategy="entwicklung", on=TODAY)).then(("strategy-bar-set", "20.11."))


def test_what_cannot_be_changed() -> None:
    given = Given(INTEGRATION)
    given.refused(
        ChangeStrategy(strategy="integration", on=TODAY), "schon offen, seit dem 20.05.2026", field="strategy"
    )
    given.refused(ChangeStrategy(strategy="entwicklung", on=day("21.11.")), "in der Zukunft", field="on")
    given.refused(
        ChangeStrategy(strategy="entwicklung", on=day("20.05."), late_reason="x" * 10), "nach dem 20.05.2026 beginnen"
    )
    Given().refused(ChangeStrategy(strategy="entwicklung", on=TODAY), "keine Handlungsstrategie offen")


def test_ending_with_and_without_the_closing_bar() -> None:
    Given(INTEGRATION).when(EndStrategy(on=day("19.11."), reason="employment")).then(
        ("strategy-reviewed", "20.11."), ("strategy-bar-ended", "19.11.")
    )
    given = Given(INTEGRATION).when(EndStrategy(on=day("19.11."), reason="employment", closing_bar=True))
    given.then(("strategy-reviewed", "20.11."), ("strategy-bar-ended", "19.11."), ("non-strategy-bar-set", "20.11."))
    assert given.fact(0).outcome == "end"
    assert given.fact(1).reason == "employment"
    assert given.fact(2).kind == "abschlussarbeiten"


def test_a_known_end_may_lie_ahead() -> None:
    Given(INTEGRATION).when(EndStrategy(on=day("30.11."))).then(
        ("strategy-reviewed", "20.11."), ("strategy-bar-ended", "30.11.")
    )


def test_no_end_without_a_bar_and_no_second_end() -> None:
    Given().refused(EndStrategy(on=TODAY), "keine Handlungsstrategie offen", field="on")
    Given(INTEGRATION).refused(EndStrategy(on=day("19.05."), late_reason="x"), "keine Handlungsstrategie offen")
    ended = Given(INTEGRATION, ("30.11.", StrategyBarEnded()))
    ended.refused(EndStrategy(on=TODAY), r"schon eingetragen \(30.11.2026\)")


def test_two_weeks_back_need_a_reason_and_the_api_gives_none() -> None:
    Given(INTEGRATION).when(EndStrategy(on=day("06.11.")))
    late = EndStrategy(on=day("05.11."))
    Given(INTEGRATION).refused(late, "mehr als 14 Tage", field="late_reason")
    Given(INTEGRATION).when(late, ask_late_reason=False)
    given = Given(INTEGRATION).when(EndStrategy(on=day("05.11."), late_reason="Bescheid kam später"))
    assert given.fact(1).late_reason == "Bescheid kam später"


def test_days_out_of_range() -> None:
    far = TODAY.replace(year=2036, day=21)
    Given(INTEGRATION).refused(EndStrategy(on=far), "zwischen dem 01.01.1900 und dem 20.11.2036", field="on")
    Given(INTEGRATION).refused(EndStrategy(on=TODAY.replace(year=1899)), "zwischen dem", field="on")


def test_a_first_bar() -> None:
    Given().when(SetStrategy(strategy="integration", on=TODAY)).then(
        ("strategy-bar-set", "20.11."), ("strategy-field-changed", "20.11.")
    )
    early = SetStrategy(strategy="entwicklung", on=day("01.05."), late_reason="vergessen")
    Given(INTEGRATION).refused(early, "Danach steht schon der Balken Integration")


def test_another_bar_ends_the_strategy_the_day_before() -> None:
    given = Given(INTEGRATION).when(SetOtherBar(kind="keine-hs-alg1", on=day("15.11.")))
    given.then(("strategy-bar-ended", "14.11."), ("non-strategy-bar-set", "15.11."))
    assert given.fact(0).reason == "alg1"
    given.refused(SetOtherBar(kind="keine-hs-alg1", on=TODAY), "schon offen, seit dem 15.11.2026")
    Given().when(SetOtherBar(kind="abschlussarbeiten", on=TODAY)).then(("non-strategy-bar-set", "20.11."))
    first_day = SetOtherBar(kind="keine-hs-alg1", on=day("20.05."), late_reason="spät")
    Given(INTEGRATION).refused(first_day, "beginnt der Balken Integration")


def test_still_right() -> None:
    given = Given(INTEGRATION).when(ConfirmStrategy(text="Praktikum läuft"))
    given.then(("strategy-reviewed", "20.11."))
    assert (given.fact().outcome, given.fact().text) == ("continue", "Praktikum läuft")
    Given().refused(ConfirmStrategy(), "keine Handlungsstrategie offen")


def test_a_closed_case_takes_nothing_new() -> None:
    closed = Given(("01.01.", CaseOpened()), INTEGRATION, ("30.06.", StrategyBarEnded()), ("30.06.", CaseClosed()))
    for wish in (
        ChangeStrategy(strategy="entwicklung", on=TODAY),
        EndStrategy(on=TODAY),
        SetStrategy(strategy="integration", on=TODAY),
        ConfirmStrategy(),
        SetOtherBar(kind="abschlussarbeiten", on=TODAY),
    ):
        closed.refused(wish, r"abgeschlossen \(letzter Tag 30.06.2026\)")
