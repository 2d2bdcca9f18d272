"""The chain of an extension: its checks, who decides, and who was first (Fachkonzept 5.1, 5.2)."""

from __future__ import annotations

from typing import Any

from domain.decisions.wishes import (
    ApproveExtension,
    RejectExtension,
    RequestExtension,
    ReturnExtension,
    Undo,
    WithdrawRequest,
)
from domain.facts.case import ResponsibilityAssigned
from domain.facts.strategy import StrategyBarSet
from domain.facts.support import EmploymentEnded, EmploymentStarted
from tests.spec import LEAD, NEXT_LEVEL, OTHER_LEAD, TODAY, WORKER, Given, day

BAR = ("20.05.", StrategyBarSet(strategy="integration"))
JOB = ("01.09.", EmploymentStarted(employment="J-1", kind="geringfuegig"))


def wish(**more: Any) -> RequestExtension:
    given: dict[str, Any] = {
        "request": "R-1",
        "options": ["other"],
        "other_text": "Qualifizierung",
        "facts_text": "Läuft bis Februar.",
        "justification": "Stelle zugesagt.",
        "until": day("20.02.2027"),
        **more,
    }
    return RequestExtension(**given)


def requested(**more: Any) -> Given:
    return Given(BAR).when(wish(**more))


def test_a_request_is_one_fact() -> None:
    requested().then(("extension-requested", "20.11.", "fm-7"))


def test_all_that_is_missing_is_said_at_once() -> None:
    empty = wish(options=[], other_text=None, facts_text="kurz", justification=" " * 20, until=TODAY)
    for field in ("options", "facts_text", "justification", "until"):
        Given(BAR).refused(empty, "Kästchen", field=field)


def test_a_job_must_run_for_the_option_employment() -> None:
    job = wish(options=["employment"], other_text=None)
    Given(BAR).refused(job, "keine laufende Beschäftigung", field="options")
    Given(BAR, JOB).when(job).then(("extension-requested", "20.11."))
    ended = Given(BAR, JOB, ("30.10.", EmploymentEnded(employment="J-1")))
    ended.refused(job, "keine laufende Beschäftigung", field="options")


def test_other_needs_text_and_unknown_options_are_refused() -> None:
    Given(BAR).refused(wish(other_text=" "), "gemeint", field="other_text")
    Given(BAR).refused(wish(options=["no such"]), "nicht zur Wahl", field="options")


def test_six_months_ahead_and_further_only_with_a_reason() -> None:
    requested(until=day("20.05.2027"))
    far = day("21.05.2027")
    Given(BAR).refused(wish(until=far), "nur mit Grund", field="long_reason")
    given = Given(BAR).when(wish(until=far, long_reason="Ausbildung endet dann"))
    assert "weil: Ausbildung endet dann" in given.fact().justification


def test_only_in_integration_and_one_at_a_time() -> None:
    Given().refused(wish(), "nur bei offener Handlungsstrategie Integration")
    other = Given(("20.05.", StrategyBarSet(strategy="entwicklung")))
    other.refused(wish(), "nur bei offener Handlungsstrategie Integration")
    requested().refused(wish(request="R-2"), "Antrag vom 20.11.2026 ist noch nicht entschieden")


def test_approval_is_consent_and_review_in_one() -> None:
    given = requested().when(ApproveExtension(request="R-1"), LEAD)
    given.then(("extension-approved", "20.11.", "tl-1"), ("strategy-reviewed", "20.11.", "tl-1"))
    assert given.fact(0).until == day("20.02.2027")
    assert given.fact(0).by_lead == "tl-1"
    assert given.fact(1).outcome == "extend"


def test_the_lead_may_shorten_never_lengthen() -> None:
    given = requested().when(ApproveExtension(request="R-1", until=day("31.12.")), LEAD)
    assert given.fact().until == day("31.12.")
    longer = ApproveExtension(request="R-1", until=day("21.02.2027"))
    requested().refused(longer, "Beantragt ist bis 20.02.2027", LEAD, field="until")
    requested().refused(ApproveExtension(request="R-1", until=TODAY), "nach dem heutigen Tag", LEAD, field="until")


def test_nobody_decides_the_own_request_and_no_worker_any() -> None:
    own = Given(BAR).when(wish(), LEAD)
    for decision in (
        ApproveExtension(request="R-1"),
        ReturnExtension(request="R-1", reason="Seit wann läuft das?"),
        RejectExtension(request="R-1", reason="Keine Bewegung", instruct="end"),
    ):
        own.refused(decision, "Über den eigenen Antrag", LEAD)
        own.refused(decision, "die zuständige Führungskraft", WORKER)
    own.when(ApproveExtension(request="R-1"), OTHER_LEAD)


def test_the_second_click_reads_who_was_first() -> None:
    given = requested().when(ApproveExtension(request="R-1"), LEAD)
    for late in (
        ApproveExtension(request="R-1"),
        ReturnExtension(request="R-1", reason="Seit wann läuft das?"),
        RejectExtension(request="R-1", reason="Keine Bewegung", instruct="end"),
    ):
        given.overtaken(late, OTHER_LEAD, "tl-1", "extension-approved")
    given.overtaken(WithdrawRequest(request="R-1"), WORKER, "tl-1", "extension-approved")


def test_a_request_taken_back_is_not_decided() -> None:
    given = requested().when(WithdrawRequest(request="R-1", reason="Hat sich erledigt"))
    given.then(("extension-withdrawn", "20.11."))
    given.overtaken(ApproveExtension(request="R-1"), LEAD, "fm-7", "extension-withdrawn")
    given.when(wish(request="R-2"))


def test_a_button_drawn_for_another_state() -> None:
    requested().when(ApproveExtension(request="R-1", version=2), LEAD)
    requested().overtaken(ApproveExtension(request="R-1", version=1), LEAD, "fm-7", "extension-requested")


def test_after_a_question_the_worker_asks_anew() -> None:
    given = requested().when(ReturnExtension(request="R-1", reason="Seit wann läuft das?"), LEAD)
    given.then(("extension-returned", "20.11.", "tl-1"))
    question = Undo(correlation_id=given.last_decision())
    given.when(wish(request="R-2"))
    given.refused(question, "Darauf baut schon ein späterer Eintrag", by=LEAD)
    given.when(ApproveExtension(request="R-2"), LEAD)
    given.refused(question, "Darauf baut schon ein späterer Eintrag", by=LEAD)


def test_a_rejection_says_why_and_what_instead() -> None:
    reject = RejectExtension(request="R-1", reason="Keine Bewegung erkennbar", instruct="handover")
    given = requested().when(reject, LEAD)
    given.then(("extension-rejected", "20.11.", "tl-1"))
    assert given.fact().instruct == "handover"
    for empty in (
        RejectExtension(request="R-1", reason="nein", instruct="end"),
        ReturnExtension(request="R-1", reason=""),
    ):
        requested().refused(empty, "mindestens 10 Zeichen", LEAD, field="reason")


def test_an_unknown_request() -> None:
    Given(BAR).refused(ApproveExtension(request="R-9"), "gibt es in diesem Fall nicht", LEAD, field="request")


def jobakademie(*more: Any) -> Given:
    """Ten months in the Jobakademie: month twelve is full on 20.01.2027."""
    care = ResponsibilityAssigned(worker="fm-7", unit="56.4", area="jobakademie")
    return Given(("20.01.", StrategyBarSet(strategy="integration")), ("20.01.", care), *more)


def test_beyond_month_twelve_the_next_level_decides() -> None:
    given = jobakademie().when(wish())
    given.refused(ApproveExtension(request="R-1"), "entscheidet darüber die nächste Ebene", LEAD)
    given.when(ApproveExtension(request="R-1"), NEXT_LEVEL)
    jobakademie().when(wish()).when(ApproveExtension(request="R-1", until=day("19.01.2027")), LEAD)
    last = ApproveExtension(request="R-1", until=day("20.01.2027"))
    jobakademie().when(wish()).refused(last, "nächste Ebene", LEAD)


def test_with_a_job_the_same_lead_decides_beyond_month_twelve() -> None:
    jobakademie(JOB).when(wish(options=["employment"])).when(ApproveExtension(request="R-1"), LEAD)
    jobakademie(JOB).when(wish()).refused(ApproveExtension(request="R-1"), "nächste Ebene", LEAD)
