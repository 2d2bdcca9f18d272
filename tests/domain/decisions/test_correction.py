"""Correct, withdraw, undo, and what R-18 writes and takes back with the ALG-I fact (Fachkonzept 2.0, 3.2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec import structs

from domain.decisions.view import Actor
from domain.decisions.wishes import (
    AcceptHandover,
    ApproveExtension,
    ChangeStrategy,
    CorrectFact,
    EndStrategy,
    HandOver,
    RecordFact,
    RequestExtension,
    SetAppointmentStatus,
    Undo,
    WithdrawFact,
)
from domain.facts.case import ResponsibilityAssigned
from domain.facts.contact import AppointmentPlanned
from domain.facts.strategy import NonStrategyBarSet, StrategyBarSet, StrategyFieldChanged
from domain.facts.support import Alg1Started
from domain.handovers import waiting
from domain.periods import OPEN
from tests.spec import LEAD, OTHER_LEAD, TODAY, WORKER, Given, day

BAR = ("20.05.", StrategyBarSet(strategy="integration"))
CARE = ("20.05.", ResponsibilityAssigned(worker="fm-7", unit="56.4", area="fallmanagement"))
RECEIVER = Actor(id="ja-1", key="8" * 32)
OFFER = HandOver(to_worker="ja-1", to_unit="56.4", to_area="jobakademie", intended_strategy="entwicklung")
FORTNIGHT = TODAY - dt.timedelta(days=14)
REQUEST = RequestExtension(
    request="R-1",
    options=["other"],
    other_text="Kurs",
    facts_text="Kurs bis Februar",
    justification="Stelle zugesagt",
    until=day("20.02.2027"),
)


def alg1(name: str = "alg1-started", on: dt.date = TODAY, **data: Any) -> RecordFact:
    return RecordFact(name=name, on=on, data=data)


def open_bars(given: Given) -> list[tuple[str, dt.date]]:
    """The bars that run today, with their first days."""
    timeline = given.view().timeline
    running = [one for one in (*timeline.bars, *timeline.non_strategy) if one.last == OPEN]
    facts: list[Any] = [one.start.fact for one in running]
    return [(getattr(fact, "strategy", None) or fact.kind, one.first) for fact, one in zip(facts, running, strict=True)]


def test_a_correction_names_only_what_is_different() -> None:
    given = Given(BAR)
    target = given.id_of("strategy-bar-set")
    given.when(CorrectFact(target=target, on=day("15.05."), data={"strategy": "entwicklung"}, reason="Zahlendreher"))
    given.then(("fact-corrected", "20.11."))
    assert open_bars(given) == [("entwicklung", day("15.05."))]


def test_a_second_correction_keeps_what_the_first_changed() -> None:
    given = Given(("20.05.", StrategyBarSet(strategy="integration", prognosis_months=4)))
    target = given.id_of("strategy-bar-set")
    given.when(CorrectFact(target=target, on=day("15.05."), data={"prognosis_months": None}, reason="Zahlendreher"))
    given.when(CorrectFact(target=target, on=None, data={"strategy": "entwicklung"}, reason="falsche Strategie"))
    assert open_bars(given) == [("entwicklung", day("15.05."))]
    assert (given.fact().on, given.fact().data) == (None, {"strategy": "entwicklung"})
    given.when(CorrectFact(target=target, on=day("20.05."), data=None, reason="doch richtig"))
    assert open_bars(given) == [("entwicklung", day("20.05."))]
    bar = given.view().timeline.bars[0].start.fact
    assert isinstance(bar, StrategyBarSet)
    assert bar.prognosis_months is None


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"target": "no such"}, "gibt es in diesem Fall nicht"),
        ({"reason": " "}, "mindestens 3 Zeichen"),
        ({}, "nichts geändert"),
        ({"on": day("20.05.")}, "nichts geändert"),
        ({"data": {"strategy": "integration"}}, "nichts geändert"),
        ({"data": {"strategy": "no such"}}, "passen nicht"),
        ({"data": {"no such": 1}}, "passen nicht"),
        ({"on": day("21.11.")}, "in der Zukunft"),
    ],
)
def test_what_is_no_correction(wish: dict[str, Any], said: str) -> None:
    given = Given(BAR)
    whole = {"target": given.id_of("strategy-bar-set"), "reason": "Zahlendreher", **wish}
    given.refused(CorrectFact(**whole), said)


def test_a_withdrawn_fact_is_not_there_any_more() -> None:
    given = Given(BAR)
    wish = WithdrawFact(target=given.id_of("strategy-bar-set"), reason="Falscher Fall")
    given.when(wish).then(("fact-withdrawn", "20.11."))
    assert open_bars(given) == []
    given.refused(wish, "schon zurückgenommen")


def test_what_something_later_builds_on_stays() -> None:
    given = Given(("16.11.", AppointmentPlanned(appointment="T-1")))
    given.when(SetAppointmentStatus(appointment="T-1", status="held"))
    planned = WithdrawFact(target=given.id_of("appointment-planned"), reason="Versehen")
    given.refused(planned, "späterer Eintrag vom 20.11.2026")
    given.when(Undo(correlation_id=given.last_decision())).when(planned)


def test_an_old_bar_that_never_was_can_be_withdrawn() -> None:
    given = Given(("01.02.", StrategyBarSet(strategy="entwicklung")), BAR)
    given.when(WithdrawFact(target="id-1", reason="Falscher Fall")).then(("fact-withdrawn", "20.11."))


def test_a_lead_s_decision_is_changed_by_leads_only() -> None:
    given = Given(BAR).when(REQUEST).when(ApproveExtension(request="R-1"), LEAD)
    approval, decision = given.id_of("extension-approved"), given.last_decision()
    longer = CorrectFact(target=approval, data={"until": "2027-12-31"}, reason="länger")
    given.refused(longer, "nur die Führungskraft")
    given.refused(longer, "mit „Rückgängig“", LEAD)
    given.refused(WithdrawFact(target=given.id_of("extension-requested"), reason="weg"), "schon entschieden")
    given.refused(Undo(correlation_id=decision), "nur, wer es entschieden hat")
    given.when(Undo(correlation_id=decision), OTHER_LEAD).then(
        ("fact-withdrawn", "20.11.", "tl-2"), ("fact-withdrawn", "20.11.", "tl-2")
    )


def test_the_review_of_a_consent_goes_with_it_and_only_by_leads() -> None:
    given = Given(BAR).when(REQUEST).when(ApproveExtension(request="R-1"), LEAD)
    review = given.id_of("strategy-reviewed")
    alone = WithdrawFact(target=review, reason="war nicht so")
    given.refused(alone, "nur die Führungskraft")
    given.refused(alone, "mit „Rückgängig“", LEAD)
    other = CorrectFact(target=review, data={"outcome": "continue"}, reason="war nicht so")
    given.refused(other, "nur die Führungskraft")
    given.refused(other, "mit „Rückgängig“", LEAD)


def test_a_change_of_strategy_is_withdrawn_with_its_field() -> None:
    given = Given(BAR, ("20.05.", StrategyFieldChanged(strategy="integration")))
    given.when(ChangeStrategy(strategy="entwicklung", on=day("18.11.")))
    given.when(WithdrawFact(target=given.id_of("strategy-field-changed"), reason="Falscher Fall"))
    assert [one.fact.target for one in given.entries] == ["id-3", "id-4"]
    assert open_bars(given) == [("integration", day("20.05."))]


def test_an_acceptance_is_withdrawn_whole_by_who_accepted_or_a_lead() -> None:
    taken = Given(BAR, CARE).when(OFFER).when(AcceptHandover(strategy="entwicklung", briefing_done=True), RECEIVER)
    assert len(taken.entries) == 5
    field = WithdrawFact(target=taken.id_of("strategy-field-changed"), reason="Falscher Fall")
    taken.refused(field, "durch eine Übergabe")
    for by in (LEAD, RECEIVER):
        again = Given(BAR, CARE).when(OFFER).when(AcceptHandover(strategy="entwicklung", briefing_done=True), RECEIVER)
        again.when(field, by)
        assert len(again.entries) == 5
        assert again.view().clocks.worker == "fm-7"
        assert waiting(again.view().known) is not None


def test_what_an_import_brought_together_is_withdrawn_alone() -> None:
    given = Given(BAR, ("20.05.", StrategyFieldChanged(strategy="integration")), by="import:alt")
    given.records = [structs.replace(one, correlation_id="import") for one in given.records]
    given.when(WithdrawFact(target="id-2", reason="Falscher Fall")).then(("fact-withdrawn", "20.11."))


@pytest.mark.parametrize(
    ("change", "by", "moves"),
    [
        ({"worker": "fm-8"}, WORKER, False),
        ({"worker": "fm-8"}, LEAD, True),
        ({"area": "av-ags"}, WORKER, False),
        (None, WORKER, False),
        (None, LEAD, True),
        ({"area": "av-ags"}, RECEIVER, True),  # who recorded it, still for themselves
        ({"worker": "fm-8"}, RECEIVER, False),
    ],
)
def test_a_change_of_an_assignment_moves_no_case_without_a_handover(
    change: dict[str, Any] | None, by: Actor, moves: bool
) -> None:
    mine = ResponsibilityAssigned(worker="ja-1", unit="56.4", area="jobakademie")
    given = Given(BAR, CARE, ("19.11.", mine))
    given.records[-1] = structs.replace(given.records[-1], by="ja-1")
    wish = (
        CorrectFact(target="id-3", data=change, reason="falsch")
        if change
        else WithdrawFact(target="id-3", reason="falsch")
    )
    if moves:
        assert len(given.when(wish, by).entries) == 1
    else:
        given.refused(wish, "durch eine Übergabe", by)


def test_undoing_a_decision_takes_all_of_it() -> None:
    given = Given(BAR).when(EndStrategy(on=TODAY, reason="employment", closing_bar=True))
    given.when(Undo(correlation_id=given.last_decision()))
    assert len(given.entries) == 3
    assert open_bars(given) == [("integration", day("20.05."))]
    given.refused(Undo(correlation_id=given.records[1].correlation_id), "schon zurückgenommen")
    given.refused(Undo(correlation_id="no such"), "gibt es in diesem Fall nicht")


def test_undo_waits_for_what_came_later() -> None:
    given = Given(BAR).when(ChangeStrategy(strategy="entwicklung", on=day("18.11.")))
    first = given.last_decision()
    given.when(EndStrategy(on=TODAY))
    given.refused(Undo(correlation_id=first), "späterer Eintrag")
    given.when(Undo(correlation_id=given.last_decision())).when(Undo(correlation_id=first))
    assert open_bars(given) == [("integration", day("20.05."))]


# --- all that the service writes by itself ---


@pytest.mark.parametrize("days", [0, 14])
def test_alg1_recorded_in_time_ends_the_bar_the_day_before(days: int) -> None:
    first = TODAY - dt.timedelta(days=days)
    given = Given(BAR).when(alg1(on=first))
    before = f"{first - dt.timedelta(days=1):%d.%m.%Y}"
    given.then(
        ("alg1-started", f"{first:%d.%m.%Y}", "fm-7"),
        ("strategy-bar-ended", before, "rule:alg1"),
        ("non-strategy-bar-set", f"{first:%d.%m.%Y}", "rule:alg1"),
    )
    assert given.fact(1).reason == "alg1"
    assert open_bars(given) == [("keine-hs-alg1", first)]


def test_alg1_recorded_ahead_ends_the_bar_at_once_with_the_days_to_come() -> None:
    given = Given(BAR).when(alg1(on=day("01.12.")))
    given.then(
        ("alg1-started", "01.12.", "fm-7"),
        ("strategy-bar-ended", "30.11.", "rule:alg1"),
        ("non-strategy-bar-set", "01.12.", "rule:alg1"),
    )
    assert open_bars(given) == [("keine-hs-alg1", day("01.12."))]


def test_alg1_recorded_on_the_fifteenth_day_writes_nothing() -> None:
    given = Given(BAR).when(alg1(on=FORTNIGHT - dt.timedelta(days=1)), ask_late_reason=False)
    assert len(given.entries) == 1


@pytest.mark.parametrize("begun", ["10.11.", "12.11."])
def test_a_bar_that_began_during_alg1_is_left_alone(begun: str) -> None:
    given = Given((begun, StrategyBarSet(strategy="integration"))).when(alg1(on=day("10.11.")))
    given.then(("alg1-started", "10.11."))


def test_without_a_strategy_only_the_bar_is_set() -> None:
    Given().when(alg1()).then(("alg1-started", "20.11."), ("non-strategy-bar-set", "20.11."))
    there = Given(("01.11.", NonStrategyBarSet(kind="keine-hs-alg1")))
    there.when(alg1()).then(("alg1-started", "20.11."))


def test_the_end_of_alg1_ends_its_bar_also_ahead() -> None:
    given = Given(BAR).when(alg1()).when(alg1("alg1-ended", day("31.12.")))
    given.then(("alg1-ended", "31.12.", "fm-7"), ("non-strategy-bar-ended", "31.12.", "rule:alg1"))
    given.when(CorrectFact(target=given.id_of("alg1-ended"), on=day("31.01.2027"), reason="Bescheid geändert"))
    assert given.view().timeline.non_strategy[-1].last == day("31.01.2027")
    given.when(WithdrawFact(target=given.id_of("alg1-ended"), reason="läuft weiter"))
    assert open_bars(given) == [("keine-hs-alg1", TODAY)]


def test_alg1_withdrawn_takes_the_bars_along() -> None:
    given = Given(BAR).when(alg1())
    given.when(WithdrawFact(target=given.id_of("alg1-started"), reason="Irrtum"))
    given.then(
        ("fact-withdrawn", "20.11.", "fm-7"),
        ("fact-withdrawn", "20.11.", "rule:alg1"),
        ("fact-withdrawn", "20.11.", "rule:alg1"),
    )
    assert open_bars(given) == [("integration", day("20.05."))]


@pytest.mark.parametrize(
    ("moved", "bar"), [(FORTNIGHT, "keine-hs-alg1"), (FORTNIGHT - dt.timedelta(days=1), "integration")]
)
def test_alg1_moved_writes_anew_within_two_weeks(moved: dt.date, bar: str) -> None:
    given = Given(BAR).when(alg1())
    given.when(CorrectFact(target=given.id_of("alg1-started"), on=moved, reason="Bescheid geändert"))
    assert open_bars(given) == [(bar, moved if bar == "keine-hs-alg1" else day("20.05."))]
    given.when(CorrectFact(target=given.id_of("alg1-started"), on=day("19.11."), reason="noch einmal"))
    assert open_bars(given) == [("keine-hs-alg1", day("19.11."))]


def test_a_field_of_alg1_corrected_moves_nothing() -> None:
    given = Given(BAR).when(alg1())
    given.when(CorrectFact(target=given.id_of("alg1-started"), data={"top_up": True}, reason="ergänzt"))
    given.then(("fact-corrected", "20.11."))


def test_imported_alg1_stays_without_a_bar_of_the_rule() -> None:
    imported = Given(BAR, ("19.11.", Alg1Started()), by="import:alt")
    imported.when(CorrectFact(target=imported.id_of("alg1-started"), on=day("18.11."), reason="geändert"))
    imported.then(("fact-corrected", "20.11."))
