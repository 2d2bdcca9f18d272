"""A handover: offered without a bar, accepted as one set of facts, rejected or taken back (Fachkonzept 5.3)."""

from __future__ import annotations

import pytest

from domain.decisions.view import Actor
from domain.decisions.wishes import AcceptHandover, HandOver, RejectHandover, Undo, WithdrawHandover
from domain.facts.case import CaseClosed, CaseOpened, HandoverInitiated, HandoverRejected, ResponsibilityAssigned
from domain.facts.strategy import StrategyBarSet, StrategyFieldChanged
from domain.handovers import waiting
from tests.spec import LEAD, Given

RECEIVER = Actor(id="ja-1", key="8" * 32)
BAR = ("20.05.", StrategyBarSet(strategy="entwicklung"))
FIELD = ("20.05.", StrategyFieldChanged(strategy="entwicklung"))
CARE = ("20.05.", ResponsibilityAssigned(worker="fm-7", unit="56.4", area="fallmanagement"))
OFFER = HandOver(to_worker="ja-1", to_unit="56.4", to_area="jobakademie", intended_strategy="integration")
OFFERED = HandoverInitiated(to_worker="ja-1", to_unit="56.4", to_area="jobakademie", intended_strategy="integration")


def offered() -> Given:
    return Given(BAR, FIELD, CARE).when(OFFER).then(("handover-initiated", "20.11.", "fm-7"))


def test_an_offer_sets_no_bar_and_moves_nobody() -> None:
    case = offered()
    view = case.view()
    assert (view.clocks.strategy, view.clocks.worker) == ("entwicklung", "fm-7")
    assert waiting(view.known) == OFFERED


def test_acceptance_writes_the_whole_set_at_once() -> None:
    case = offered().when(AcceptHandover(strategy="integration", briefing_done=True), RECEIVER)
    case.then(
        ("handover-accepted", "20.11.", "ja-1"),
        ("strategy-bar-ended", "19.11."),
        ("strategy-bar-set", "20.11."),
        ("strategy-field-changed", "20.11."),
        ("responsibility-assigned", "20.11."),
    )
    view = case.view()
    assert (view.clocks.strategy, view.clocks.worker, view.clocks.area) == ("integration", "ja-1", "jobakademie")
    assert case.fact(4).briefing_done is True
    assert waiting(view.known) is None
    undone = case.when(Undo(correlation_id=case.last_decision()), RECEIVER).view()
    assert waiting(undone.known) == OFFERED
    assert undone.clocks.worker == "fm-7"


def test_the_same_strategy_goes_on_under_its_bar() -> None:
    case = Given(("20.05.", StrategyBarSet(strategy="integration")), CARE).when(OFFER)
    gross = case.view().clocks.days["gross"]
    case.when(AcceptHandover(strategy="integration"), RECEIVER)
    case.then(
        ("handover-accepted", "20.11."), ("strategy-field-changed", "20.11."), ("responsibility-assigned", "20.11.")
    )
    assert case.view().clocks.days["gross"] == gross


def test_another_strategy_than_intended_needs_a_reason() -> None:
    case = offered().refused(AcceptHandover(strategy="entwicklung"), "weicht von der vorgesehenen ab", field="reason")
    case.when(AcceptHandover(strategy="entwicklung", reason="Die Sprachprüfung steht noch aus."), RECEIVER)
    case.then(("handover-accepted", "20.11."), ("responsibility-assigned", "20.11."))


def test_rejected_or_taken_back_the_case_stays_and_can_be_offered_again() -> None:
    rejected = offered().refused(RejectHandover(reason="kurz"), "mindestens 10 Zeichen")
    rejected.when(RejectHandover(reason="Der Fall gehört nach Göttingen."), RECEIVER).then(
        ("handover-rejected", "20.11.")
    )
    rejected.when(OFFER).then(("handover-initiated", "20.11."))
    back = offered().when(WithdrawHandover(reason="War ein Versehen, anderer Fall."))
    back.then(("handover-withdrawn", "20.11.")).refused(
        RejectHandover(reason="Kommt zu spät an."), "keine Übergabe offen"
    )


def test_one_at_a_time_and_not_to_where_the_case_is() -> None:
    offered().refused(OFFER, "wartet schon auf Annahme")
    there = HandOver(to_worker="fm-7", to_unit="56.4", to_area="fallmanagement", intended_strategy="entwicklung")
    Given(BAR, CARE).refused(there, "liegt dort schon", field="to_worker")


@pytest.mark.parametrize("wish", [AcceptHandover(strategy="integration"), WithdrawHandover(reason="Das geht nicht.")])
def test_nothing_to_answer(wish: AcceptHandover | WithdrawHandover) -> None:
    Given(BAR, CARE, ("19.11.", OFFERED), ("19.11.", HandoverRejected(reason="Nein"))).refused(
        wish, "keine Übergabe offen"
    )


def test_of_a_closed_case_an_offer_can_only_be_answered_with_no() -> None:
    case = Given(("01.01.", CaseOpened()), CARE, ("01.11.", OFFERED), ("10.11.", CaseClosed()))
    case.refused(AcceptHandover(strategy="integration"), "abgeschlossen", LEAD)
    case.when(RejectHandover(reason="Der Fall ist abgeschlossen."), RECEIVER).then(("handover-rejected", "20.11."))
