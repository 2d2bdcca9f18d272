"""A correction corrected or withdrawn, a withdrawal withdrawn: what that comes to (Vertrag 2, Fachkonzept 2.0)."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from domain.decisions.wishes import (
    ApproveExtension,
    ChangeStrategy,
    CorrectFact,
    RecordFact,
    ReturnExtension,
    Undo,
    WithdrawFact,
    WithdrawRequest,
)
from domain.facts.case import ResponsibilityAssigned
from domain.facts.contact import AppointmentPlanned
from domain.periods import DAY, OPEN
from tests.domain.decisions.test_correction import BAR, REQUEST
from tests.spec import LEAD, TODAY, WORKER, Given, day

WHY = "Zahlendreher"


def corrected(given: Given, by: Any = WORKER, **said: Any) -> str:
    """Corrects the last bar and gives the id of the correction."""
    given.when(CorrectFact(target=given.id_of("strategy-bar-set"), reason=WHY, **said), by)
    return given.id_of("fact-corrected")


def bars(given: Given) -> list[tuple[str, Any]]:
    facts: list[Any] = [one.start.fact for one in given.view().timeline.bars]
    return [(fact.strategy, one.first) for fact, one in zip(facts, given.view().timeline.bars, strict=True)]


def test_a_correction_is_corrected() -> None:
    given = Given(BAR)
    first = corrected(given, on=day("15.05."), data={"strategy": "entwicklung"})
    given.when(CorrectFact(target=first, reason=WHY, data={"data": {"strategy": "grundbetreuung-passiv"}}))
    given.then(("fact-corrected", "20.11."))
    assert (given.fact().target, given.fact().data) == (first, {"data": {"strategy": "grundbetreuung-passiv"}})
    assert bars(given) == [("grundbetreuung-passiv", day("15.05."))]
    given.when(CorrectFact(target=first, reason=WHY, data={"on": "2026-05-18"}))
    assert bars(given) == [("grundbetreuung-passiv", day("18.05."))]
    given.when(CorrectFact(target=first, reason=WHY, data={"data": None}))
    assert bars(given) == [("integration", day("18.05."))]


def test_a_correction_is_withdrawn_and_the_withdrawal_too() -> None:
    given = Given(BAR)
    first = corrected(given, data={"strategy": "entwicklung"})
    given.when(WithdrawFact(target=first, reason=WHY)).then(("fact-withdrawn", "20.11."))
    assert bars(given) == [("integration", day("20.05."))]
    given.refused(WithdrawFact(target=first, reason=WHY), "schon zurückgenommen", field="target")
    given.refused(CorrectFact(target=first, reason=WHY, data={"on": None}), "schon zurückgenommen", field="target")
    given.when(WithdrawFact(target=given.id_of("fact-withdrawn"), reason=WHY))
    assert bars(given) == [("entwicklung", day("20.05."))]


def test_a_fact_returns_when_its_withdrawal_is_withdrawn() -> None:
    given = Given(BAR)
    given.when(WithdrawFact(target=given.id_of("strategy-bar-set"), reason="Falscher Fall"))
    gone = given.id_of("fact-withdrawn")
    assert bars(given) == []
    given.when(CorrectFact(target=gone, reason=WHY, data={"reason": "Doppelt erfasst"}))
    assert bars(given) == []
    given.when(WithdrawFact(target=gone, reason="War doch richtig"))
    assert bars(given) == [("integration", day("20.05."))]
    given.when(WithdrawFact(target=given.id_of("fact-withdrawn"), reason="Nein, doch nicht"))
    assert bars(given) == []


def test_what_has_taken_its_place_keeps_a_fact_away() -> None:
    given = Given(BAR)
    given.when(WithdrawFact(target=given.id_of("strategy-bar-set"), reason="Falscher Fall"))
    gone = given.id_of("fact-withdrawn")
    given.when(
        RecordFact(name="strategy-bar-set", on=day("20.05."), data={"strategy": "integration"}), ask_late_reason=False
    )
    given.refused(WithdrawFact(target=gone, reason="War doch richtig"), "schon|Balken")


def test_undoing_a_withdrawal_brings_back_what_could_be_recorded_now() -> None:
    given = Given(BAR)
    withdrawal = WithdrawFact(target=given.id_of("strategy-bar-set"), reason="Falscher Fall")
    given.when(withdrawal).when(Undo(correlation_id=given.last_decision()))
    assert bars(given) == [("integration", day("20.05."))]
    given.when(withdrawal)
    undoing = Undo(correlation_id=given.last_decision())
    again = RecordFact(name="strategy-bar-set", on=day("20.05."), data={"strategy": "integration"})
    given.when(again, ask_late_reason=False)
    given.refused(undoing, "schon|Balken")


def test_what_was_withdrawn_in_one_returns_in_one() -> None:
    given = Given(BAR)
    given.when(ChangeStrategy(strategy="entwicklung", on=TODAY))
    given.when(WithdrawFact(target=given.id_of("strategy-bar-set"), reason="Zu früh"))
    assert len(given.entries) == 2
    given.when(WithdrawFact(target=given.id_of("fact-withdrawn"), reason="Doch richtig"))
    given.then(("fact-withdrawn", "20.11."), ("fact-withdrawn", "20.11."))
    assert bars(given) == [("integration", day("20.05.")), ("entwicklung", TODAY)]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"data": {"strategy": "entwicklung"}}, "passen nicht"),
        ({"data": {"data": {"no such": 1}}}, "passen nicht"),
        ({"data": {"data": {"strategy": "no such"}}}, "passen nicht"),
        ({"data": {"data": {"data": {"strategy": "integration"}}}}, "passen nicht"),
        ({"data": {"reason": None}}, "passen nicht"),
        ({"data": {"target": "id-9"}}, "lässt sich nicht berichtigen"),
        ({"data": {"data": {"strategy": "entwicklung"}}}, "nichts geändert"),
        ({}, "nichts geändert"),
        ({"on": TODAY, "data": {"on": "2026-05-18"}}, "Wann berichtigt wurde"),
        ({"data": {"on": "2026-11-21"}}, "in der Zukunft"),
        ({"data": {"on": "2026-05-18"}, "reason": " "}, "mindestens 3 Zeichen"),
    ],
)
def test_what_is_no_correction_of_a_correction(wish: dict[str, Any], said: str) -> None:
    given = Given(BAR)
    first = corrected(given, data={"strategy": "entwicklung"})
    given.refused(CorrectFact(**{"target": first, "reason": WHY, **wish}), said)


def test_deeper_nothing_is_corrected() -> None:
    given = Given(BAR)
    first = corrected(given, data={"strategy": "entwicklung"})
    given.when(CorrectFact(target=first, reason=WHY, data={"data": {"strategy": "grundbetreuung-passiv"}}))
    second = given.id_of("fact-corrected")
    for data in ({"reason": "anders"}, {"data": {"data": {"strategy": "integration"}}}):
        given.refused(CorrectFact(target=second, reason=WHY, data=data), "So tief lässt sich nichts", field="target")
    given.when(WithdrawFact(target=second, reason=WHY))
    assert bars(given) == [("entwicklung", day("20.05."))]


def test_the_appointment_a_fact_is_about_stays() -> None:
    given = Given(("16.11.", AppointmentPlanned(appointment="T-1")))
    given.when(CorrectFact(target=given.id_of("appointment-planned"), on=day("18.11."), reason=WHY))
    wish = CorrectFact(target=given.id_of("fact-corrected"), reason=WHY, data={"data": {"appointment": "T-2"}})
    given.refused(wish, "lässt sich nicht berichtigen", field="appointment")


def test_a_correction_of_what_a_lead_decided_is_a_lead_s() -> None:
    given = Given(BAR).when(REQUEST).when(ReturnExtension(request="R-1", reason="Seit wann läuft das?"), LEAD)
    given.when(
        CorrectFact(target=given.id_of("extension-returned"), data={"reason": "Wie lange noch?"}, reason=WHY), LEAD
    )
    first = given.id_of("fact-corrected")
    again = CorrectFact(target=first, reason=WHY, data={"data": {"reason": "Egal"}})
    for wish in (again, WithdrawFact(target=first, reason=WHY)):
        given.refused(wish, "nur die Führungskraft")
    given.when(WithdrawFact(target=first, reason=WHY), LEAD)


def test_who_moved_a_case_by_a_correction_does_not_move_it_back_alone() -> None:
    care = ResponsibilityAssigned(worker="fm-7", unit="56.4", area="fallmanagement")
    given = Given(("20.05.", care), by="tl-1")
    given.when(CorrectFact(target=given.id_of("responsibility-assigned"), data={"worker": "fm-8"}, reason=WHY), LEAD)
    first = given.id_of("fact-corrected")
    for wish in (
        WithdrawFact(target=first, reason=WHY),
        CorrectFact(target=first, reason=WHY, data={"data": {"worker": "fm-7"}}),
    ):
        given.refused(wish, "wechselt durch eine Übergabe")
    given.when(WithdrawFact(target=first, reason=WHY), LEAD)
    assert [one.worker for one in given.view().timeline.care] == ["fm-7"]


def test_requests_do_not_return() -> None:
    given = Given(BAR).when(REQUEST).when(WithdrawRequest(request="R-1"))
    given.when(WithdrawFact(target=given.id_of("extension-withdrawn"), reason=WHY))
    gone = WithdrawFact(target=given.id_of("fact-withdrawn"), reason=WHY)
    given.refused(gone, "lässt sich nicht wiederherstellen", field="target")
    given.when(ApproveExtension(request="R-1"), LEAD)


def running(given: Given) -> list[tuple[str, Any]]:
    """The bars that run today, with their first days."""
    timeline = given.view().timeline
    found = [one for one in (*timeline.bars, *timeline.non_strategy) if one.last == OPEN]
    facts: list[Any] = [one.start.fact for one in found]
    return [(getattr(fact, "strategy", None) or fact.kind, one.first) for fact, one in zip(facts, found, strict=True)]


def test_the_bars_of_alg1_follow_a_correction_that_is_corrected_or_withdrawn() -> None:
    given = Given(BAR).when(RecordFact(name="alg1-started", on=TODAY - 3 * DAY))
    target = given.id_of("alg1-started")
    given.when(CorrectFact(target=target, on=TODAY - 5 * DAY, reason=WHY))
    first = given.id_of("fact-corrected")
    assert running(given) == [("keine-hs-alg1", TODAY - 5 * DAY)]
    given.when(CorrectFact(target=first, reason=WHY, data={"on": (TODAY - 7 * DAY).isoformat()}))
    assert running(given) == [("keine-hs-alg1", TODAY - 7 * DAY)]
    given.when(WithdrawFact(target=first, reason=WHY))
    assert running(given) == [("keine-hs-alg1", TODAY - 3 * DAY)]
    for first_day in (TODAY - 7 * DAY, TODAY - 3 * DAY):  # the withdrawal withdrawn, and that again
        given.when(WithdrawFact(target=given.records[-len(given.entries)].id, reason=WHY))
        assert running(given) == [("keine-hs-alg1", first_day)]
        assert len(given.view().timeline.non_strategy) == 1
    given.when(WithdrawFact(target=target, reason=WHY))
    assert running(given) == [("integration", day("20.05."))]
    withdrawal = next(one.id for one in given.records if getattr(one.fact, "target", "") == target and one.number > 9)
    given.when(WithdrawFact(target=withdrawal, reason=WHY))
    assert running(given) == [("keine-hs-alg1", TODAY - 3 * DAY)]


def test_two_that_name_each_other_are_about_nothing() -> None:
    given = Given(BAR)
    first = corrected(given, data={"strategy": "entwicklung"})
    given.records[-1] = structs.replace(given.records[-1], fact=structs.replace(given.records[-1].fact, target=first))
    given.refused(CorrectFact(target=first, reason=WHY, data={"on": "2026-05-18"}), "gibt es in diesem Fall nicht")
