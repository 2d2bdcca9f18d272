"""One fact by its name: nothing twice, no end without a beginning, nothing around a rule (Vertrag 3, POST facts)."""

from __future__ import annotations

from typing import Any

import pytest

from domain.decisions.decide import decide
from domain.decisions.possible import is_taken
from domain.decisions.recording import CHECKS, OWN_WISHES
from domain.decisions.refusal import Refused
from domain.decisions.view import Actor
from domain.decisions.wishes import RecordFact
from domain.facts import FACTS, Stream, declared, stream_of
from domain.facts.base import Fact
from domain.facts.case import CaseClosed, CaseOpened, HandoverAccepted, HandoverInitiated, ResponsibilityAssigned
from domain.facts.strategy import (
    ClockPauseStarted,
    NonStrategyBarSet,
    StrategyBarEnded,
    StrategyBarSet,
    StrategyFieldChanged,
)
from domain.facts.support import (
    Alg1Ended,
    Alg1Started,
    BenefitEnded,
    BenefitStarted,
    EmploymentEnded,
    EmploymentStarted,
    MeasureStarted,
)
from tests.spec import LEAD, TODAY, Given, day

OPENED = ("01.01.", CaseOpened())
BAR = ("20.05.", StrategyBarSet(strategy="integration"))
CARE = ("20.05.", ResponsibilityAssigned(worker="fm-7", unit="56.4", area="jobakademie"))
JOB = ("01.09.", EmploymentStarted(employment="J-1", kind="geringfuegig"))
MEASURE = ("01.09.", MeasureStarted(measure="M-1"))
HANDOVER = HandoverInitiated(to_worker="fm-8", to_unit="56.4", to_area="av-ags", intended_strategy="integration")


def record(name: str, on: str = "20.11.", /, **data: Any) -> RecordFact:
    return RecordFact(name=name, on=day(on), data=data)


RECORDED: list[tuple[list[tuple[str, Fact]], RecordFact]] = [
    ([], record("case-opened", unit="56.4")),
    ([OPENED, ("30.06.", CaseClosed())], record("case-opened")),
    ([OPENED], record("case-closed")),
    ([CARE], record("responsibility-assigned", worker="fm-7", unit="56.4", area="av-ags")),
    (
        [CARE],
        record("handover-initiated", to_worker="x", to_unit="1", to_area="av-ags", intended_strategy="integration"),
    ),
    ([("19.11.", HANDOVER)], record("handover-accepted", strategy="integration")),
    ([], record("strategy-bar-set", strategy="integration")),
    ([BAR], record("strategy-bar-ended", "30.11.", reason="employment")),
    ([BAR], record("non-strategy-bar-set", kind="abschlussarbeiten")),
    (
        [("01.11.", NonStrategyBarSet(kind="abschlussarbeiten"))],
        record("non-strategy-bar-ended", kind="abschlussarbeiten"),
    ),
    ([BAR], record("strategy-field-changed", strategy="integration")),
    ([BAR], record("strategy-reviewed", outcome="continue")),
    ([BAR], record("clock-pause-started", reason="Elternzeit")),
    ([BAR, ("01.11.", ClockPauseStarted(reason="x"))], record("clock-pause-ended")),
    ([], record("benefit-started")),
    ([OPENED], record("benefit-ended", "31.12.")),
    ([], record("benefit-reapplied")),
    ([("10.11.", Alg1Started())], record("alg1-ended", "31.12.")),
    ([], record("employment-started", employment="J-1", kind="sv-pflichtig", hours_per_week=20)),
    ([JOB], record("employment-ended", employment="J-1")),
    ([], record("employment-started", "01.12.", employment="J-1", kind="ausbildung")),
    ([], record("alg1-started", "01.12.")),
    ([], record("measure-started", "01.12.", measure="M-1", planned_end="2027-02-28")),
    ([MEASURE], record("measure-ended", "30.11.", measure="M-1")),
    ([], record("case-statement-given", category="other", rule="R-07")),
]


def test_whatever_can_be_recorded_is_offered_and_what_is_not_would_be_refused() -> None:
    given = [Given(*before) for before, _ in RECORDED]
    for one, (_, wish) in zip(given, RECORDED, strict=True):
        assert is_taken(wish.name, one.view().timeline), wish
    refused = 0
    for one in given:
        timeline = one.view().timeline
        for _, wish in RECORDED:
            if not is_taken(wish.name, timeline):
                with pytest.raises(Refused):
                    decide(wish, one.view(), LEAD, TODAY)
                refused += 1
    assert refused > 100


@pytest.mark.parametrize(("facts", "wish"), RECORDED, ids=[wish.name for _, wish in RECORDED])
def test_what_fits_is_one_fact(facts: list[tuple[str, Fact]], wish: RecordFact) -> None:
    given = Given(*facts).when(wish)
    assert given.entries[0].on == wish.on
    assert given.entries[0].by == "fm-7"


REFUSED: list[tuple[list[tuple[str, Fact]], RecordFact, str]] = [
    ([OPENED], record("case-opened"), "schon offen"),
    ([OPENED, BAR], record("case-closed"), "Balken Integration ist noch offen"),
    (
        [CARE],
        record("responsibility-assigned", worker="fm-7", unit="56.4", area="jobakademie"),
        "schon seit dem 20.05.",
    ),
    ([CARE], record("responsibility-assigned", worker="fm-8", unit="56.4", area="jobakademie"), "durch eine Übergabe"),
    ([CARE], record("handover-accepted", strategy="integration"), "keine Übergabe offen"),
    (
        [("19.11.", HANDOVER)],
        record("handover-rejected", "18.11.", reason="Zu viele"),
        "erst am 19.11.2026 eingeleitet",
    ),
    ([("19.11.", HANDOVER)], record("handover-accepted", strategy="entwicklung"), "weicht von der vorgesehenen ab"),
    (
        [("18.11.", HANDOVER), ("19.11.", HandoverAccepted(strategy="integration"))],
        record("handover-accepted", strategy="integration"),
        "keine Übergabe offen",
    ),
    ([BAR], record("strategy-bar-set", strategy="integration"), "schon offen"),
    ([], record("strategy-bar-ended"), "keine Handlungsstrategie offen"),
    ([BAR, ("30.11.", StrategyBarEnded())], record("strategy-bar-ended"), "schon eingetragen"),
    (
        [("01.11.", NonStrategyBarSet(kind="abschlussarbeiten"))],
        record("non-strategy-bar-set", kind="abschlussarbeiten"),
        "schon offen",
    ),
    ([], record("non-strategy-bar-ended", kind="abschlussarbeiten"), "nichts offen"),
    (
        [("01.11.", StrategyFieldChanged(strategy="integration"))],
        record("strategy-field-changed", strategy="integration"),
        "steht schon",
    ),
    ([BAR], record("strategy-reviewed", outcome="extend"), "Zustimmung der Führungskraft"),
    ([], record("strategy-reviewed", outcome="continue"), "keine Handlungsstrategie offen"),
    ([BAR, ("01.11.", ClockPauseStarted(reason="x"))], record("clock-pause-started", reason="y"), "schon ausgesetzt"),
    ([BAR], record("clock-pause-ended"), "nichts offen"),
    ([("01.11.", BenefitStarted())], record("benefit-started"), "schon eingetragen"),
    ([("01.11.", BenefitStarted()), ("10.11.", BenefitEnded())], record("benefit-ended"), "nichts offen"),
    ([("10.11.", Alg1Started())], record("alg1-started"), "schon eingetragen, seit dem 10.11.2026"),
    ([("15.11.", Alg1Started())], record("alg1-started", "10.11."), "schon ab dem 15.11.2026"),
    ([], record("alg1-ended"), "nichts offen"),
    ([("10.11.", Alg1Started()), ("19.11.", Alg1Ended())], record("alg1-ended"), "nichts offen"),
    ([JOB], record("employment-started", employment="J-1", kind="ausbildung"), "schon eingetragen"),
    (
        [JOB, ("31.10.", EmploymentEnded(employment="J-1"))],
        record("employment-ended", employment="J-1"),
        "nichts offen",
    ),
    ([], record("employment-ended", employment="J-1"), "nichts offen"),
    ([MEASURE], record("measure-started", measure="M-1"), "schon eingetragen"),
    ([], record("measure-started", measure="M-2", planned_end="2026-11-19"), "liegt vor dem 20.11.2026"),
    ([], record("measure-ended", measure="M-1"), "nichts offen"),
    ([], record("benefit-started", "21.11."), "in der Zukunft"),
    ([], record("case-opened", "21.11."), "in der Zukunft"),
    ([("01.12.", Alg1Started())], record("alg1-started", "25.11."), "schon ab dem 01.12.2026"),
    ([], record("benefit-started", "05.11."), "mehr als 14 Tage"),
    ([], record("benefit-started", extra=1), "passen nicht"),
    ([], record("unit-opened", name="56.4"), "gibt es nicht"),
    ([], record("no-such-fact"), "gibt es nicht"),
    ([], record("same-thing-noted", thing="a", other="b"), "hält nur ein Import fest"),
    ([OPENED, ("30.06.", CaseClosed())], record("benefit-started"), "abgeschlossen"),
]


@pytest.mark.parametrize(("facts", "wish", "said"), REFUSED, ids=[f"{one[1].name}: {one[2]}" for one in REFUSED])
def test_what_does_not_fit_is_refused(facts: list[tuple[str, Fact]], wish: RecordFact, said: str) -> None:
    Given(*facts).refused(wish, said)


def test_a_fact_with_a_wish_of_its_own_is_that_wish() -> None:
    data = {
        "request": "R-1",
        "options": ["other"],
        "other_text": "Kurs",
        "facts_text": "Kurs bis Februar",
        "justification": "Stelle zugesagt",
        "until": "2027-02-20",
    }
    given = Given(BAR).when(record("extension-requested", **data)).then(("extension-requested", "20.11."))
    approved = record("extension-approved", request="R-1", until="2027-02-20", by_lead="somebody")
    given.refused(approved, "Über den eigenen Antrag")
    given.when(approved, LEAD).then(("extension-approved", "20.11."), ("strategy-reviewed", "20.11."))
    assert given.fact().by_lead == "tl-1"
    Given(BAR).refused(record("extension-requested", request="R-1"), "passen nicht")


def test_leads_and_who_takes_over_assign_a_case() -> None:
    there = record("responsibility-assigned", worker="fm-8", unit="56.4", area="jobakademie")
    for by in (LEAD, Actor(id="fm-8", key="8" * 32)):
        Given(CARE).when(there, by).then(("responsibility-assigned", "20.11.", by.id))


ALONE = {  # each is one day of a case and says nothing about another
    *("client-attributes-recorded", "strategy-assessment-recorded", "external-evidence-noted"),
    *("appointment-necessity-decided", "contact-interval-set", "independence-reached"),
    *("process-step-documented", "situation-changed", "reprofiled"),
    *("wish-to-work-asked", "wish-to-work-expressed", "resource-recorded", "qualification-advice-given"),
    *("obligation-issued", "first-talk-exception", "unreachable-determined", "cooperation-plan-failed"),
    *("need-indicator-observed", "need-dismissed", "case-conference-held"),
}


def test_what_may_always_be_recorded_says_nothing_about_another_fact() -> None:
    said = {name: declared(name) for name in FACTS if stream_of(name) is Stream.CASE and FACTS[name] not in CHECKS}
    free = {name for name, one in said.items() if not (one.begins and one.thing)}
    assert all(
        not said[name].ends and not said[name].begins and not said[name].thing for name in free - OWN_WISHES.keys()
    )
    assert {name for name in free - OWN_WISHES.keys() if name not in ALONE} == {
        "new-client-registered",
        "case-statement-given",
        "contact-held",
        "benefit-reapplied",
    }


def test_nothing_is_asked_twice_of_the_api() -> None:
    Given().when(record("benefit-started", "05.11."), ask_late_reason=False).then(("benefit-started", "05.11."))
    Given().when(record("benefit-started", "05.11.", late_reason="Bescheid kam spät"))
    assert day("20.11.") == TODAY
