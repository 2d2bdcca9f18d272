"""The facts of measures, duties, wishes and needs: each about what is there, none against what was decided."""

from __future__ import annotations

from typing import Any

import pytest

from domain import clocks
from domain.decisions import possible
from domain.decisions.decide import decide
from domain.decisions.possible import is_taken
from domain.decisions.refusal import Refused
from domain.decisions.wishes import RecordFact
from domain.facts import FACTS, Stream, declared, stream_of
from domain.facts import needs as n
from domain.facts import referrals as r
from domain.facts.base import Fact
from domain.facts.contact import AppointmentHeld, AppointmentMissed, AppointmentPlanned
from domain.facts.documentation import DecisionFiled
from domain.facts.duties import SanctionConsidered, SanctionWaived
from domain.facts.measures import MeasureBrokenOff, MeasurePlanned
from domain.facts.strategy import StrategyBarSet
from domain.facts.support import EmploymentStarted, EmploymentStatisticsEntered, MeasureEnded, MeasureStarted
from domain.facts.wish import CooperationPlanEnded, SupportStrategyAgreed
from tests.spec import TODAY, WORKER, Given, day

Before = list[tuple[str, Fact]]

PLAN = ("01.12.", MeasurePlanned(measure="M-1", type="fbw", legal_basis="FbW"))
MEASURE = ("01.11.", MeasureStarted(measure="M-1"))
JOB = ("02.11.", EmploymentStarted(employment="J-1", kind="sv-pflichtig"))
MISSED = [
    ("10.11.", AppointmentPlanned(appointment="T-1")),
    ("10.11.", AppointmentMissed(appointment="T-1", good_cause="no")),
]
AGREED = ("02.11.", SupportStrategyAgreed(goals=["Stelle finden"]))
BAR = ("02.11.", StrategyBarSet(strategy="integration"))
NEED = ("02.11.", n.NeedIdentified(need="B-1", type="debt"))
SENT = ("05.11.", r.ReferralIssued(referral="Z-1", need="B-1", provider="Beratung Nord", mode="voucher"))
BEGUN = ("10.11.", r.ProviderStartReported(referral="Z-1"))


def consent(scope: Any = "next-steps", until: str = "31.12.", **more: Any) -> tuple[str, Fact]:
    given = n.ConsentGiven(consent="E-1", scope=scope, valid_until=day(until), form="written", informed=True, **more)
    return "03.11.", given


def record(name: str, on: str = "20.11.", /, **data: Any) -> RecordFact:
    return RecordFact(name=name, on=day(on), data=data)


CONSENT = {"consent": "E-1", "scope": "status", "valid_until": "2027-11-20", "form": "written", "informed": True}
RECORDED: list[tuple[Before, RecordFact]] = [
    ([], record("measure-planned", "10.12.", measure="M-1", stage="offered", planned_end="2027-03-01")),
    ([PLAN], record("measure-started", measure="M-1")),
    ([MEASURE], record("measure-broken-off", measure="M-1", reason="Umzug in eine andere Stadt")),
    ([MEASURE, ("10.11.", MeasureEnded(measure="M-1"))], record("measure-fit-assessed", measure="M-1", fit=True)),
    ([], record("support-granted", support="F-1", type="fbw", amount_cents=12345, until="2026-12-31")),
    ([PLAN], record("agency-answered", measure="M-1", granted=False)),
    ([], record("agency-referral-made")),
    ([PLAN], record("agency-referral-made", measure="M-1")),
    ([JOB], record("employment-statistics-entered", employment="J-1", origin="self-found")),
    ([], record("independence-reached")),
    ([], record("client-attributes-recorded", age_group="u25")),
    ([], record("strategy-assessment-recorded", rater="clerk", conforming="no", reasons=["rooms", "alg1"])),
    ([], record("prognosis-recorded", probable=True, months_min=3, months_max=6)),
    ([], record("appointment-necessity-decided", needed=False, valid_until="2026-12-20")),
    ([], record("contact-interval-set", days=28, reason="Enger Kontakt vereinbart")),
    ([], record("external-evidence-noted", source="Jobportal", kind="application", count=3)),
    (MISSED, record("sanction-considered", appointment="T-1", step="hearing")),
    ([*MISSED, ("12.11.", SanctionConsidered(appointment="T-1"))], record("sanction-imposed", appointment="T-1")),
    (MISSED, record("sanction-waived", appointment="T-1", reason="Nachweis kam")),
    ([], record("obligation-issued", until="2027-05-20")),
    ([], record("first-talk-exception", reason="Kein Fahrdienst")),
    ([], record("unreachable-determined")),
    ([], record("process-step-documented", step="review", facts="a", next_on="2026-12-01")),
    ([], record("situation-changed", category="study")),
    ([], record("reprofiled", profile="Lager")),
    ([BAR], record("decision-filed", target="id-1", how="copied")),
    ([], record("wish-to-work-asked")),
    ([], record("wish-to-work-expressed", clear=True, hours=20.5)),
    ([], record("support-strategy-agreed", goals=["Deutsch B2", "Stelle"], form="kooperationsplan")),
    ([], record("cooperation-plan-failed")),
    ([AGREED], record("cooperation-plan-ended", "30.11.")),
    ([], record("resource-recorded", resource="Führerschein", status="present", category="other")),
    ([], record("qualification-advice-given")),
    ([], record("need-indicator-observed", indicator="arrears", strength="hard")),
    ([], record("need-identified", need="B-1", type="addiction", rank=1)),
    ([], record("need-dismissed", indicator="arrears")),
    ([NEED], record("need-agreed-with-client", need="B-1", **{"in": "hilfeplan"})),
    ([NEED], record("need-ranked", need="B-1", rank=2)),
    ([NEED], record("need-declined", need="B-1")),
    ([NEED], record("need-closed", need="B-1", goal_reached="part")),
    ([], record("consent-given", **CONSENT)),
    ([consent()], record("consent-withdrawn", consent="E-1")),
    ([], record("case-conference-held", kind="conference", participants=["client", "ifk"])),
    ([NEED], record("referral-issued", referral="Z-1", need="B-1", provider="Beratung Nord", mode="slip")),
    ([NEED, consent()], record("referral-issued", referral="Z-1", need="B-1", provider="X", mode="form")),
    ([NEED, SENT], record("referral-withdrawn", referral="Z-1", by_whom="client")),
    ([NEED, SENT], record("waiting-list-entered", referral="Z-1", expected_on="2027-01-10")),
    ([NEED, SENT], record("client-feedback-recorded", referral="Z-1", rating="helpful")),
    ([NEED, SENT, consent("dates-only")], record("provider-intake-reported", referral="Z-1")),
    ([NEED, SENT, consent("dates-only")], record("provider-start-reported", referral="Z-1")),
    ([NEED, SENT, BEGUN, consent("dates-only")], record("provider-end-reported", referral="Z-1", end_kind="regular")),
    ([NEED, SENT, consent("status")], record("provider-attendance-reported", referral="Z-1", attended=True)),
    ([NEED, SENT, consent("results")], record("provider-result-reported", referral="Z-1", cluster="unchanged")),
]
"""Every fact of this kind as it is recorded, after what it needs."""


@pytest.mark.parametrize(("before", "wish"), RECORDED, ids=[wish.name for _, wish in RECORDED])
def test_what_fits_is_offered_and_is_one_fact(before: Before, wish: RecordFact) -> None:
    given = Given(*before)
    assert is_taken(wish.name, given.view().timeline)
    given.when(wish)
    assert [(type(one.fact), one.on) for one in given.entries] == [(FACTS[wish.name], wish.on)]


def test_every_fact_that_says_something_of_these_topics_is_among_them() -> None:
    topics = {FACTS[name].__module__ for name in FACTS if name in {wish.name for _, wish in RECORDED}}
    whole = topics - {"domain.facts.support", "domain.facts.contact"}
    there = {name for name in FACTS if FACTS[name].__module__ in whole}
    assert there <= {wish.name for _, wish in RECORDED}


def test_what_is_not_offered_would_be_refused_and_what_it_can_be_about_would_not() -> None:
    refused = 0
    for before, _ in RECORDED:
        given = Given(*before)
        for _, wish in RECORDED:
            if not is_taken(wish.name, given.view().timeline):
                with pytest.raises(Refused):
                    decide(wish, given.view(), WORKER, TODAY)
                refused += 1
    assert refused > 800


REFUSED: list[tuple[Before, RecordFact, str, str]] = [
    ([PLAN], record("measure-planned", measure="M-1"), "measure", "schon eingetragen"),
    ([MEASURE], record("measure-planned", measure="M-1"), "measure", "Maßnahme begonnen, 01.11.2026"),
    ([], record("measure-planned", measure="M-1", planned_end="2026-11-01"), "planned_end", "liegt vor dem 20.11.2026"),
    ([PLAN], record("measure-broken-off", measure="M-1"), "on", "nichts offen"),
    ([MEASURE, ("10.11.", MeasureBrokenOff(measure="M-1"))], record("measure-ended", measure="M-1"), "on", "nichts"),
    ([], record("measure-fit-assessed", measure="M-1", fit=True), "measure", "gibt es in diesem Fall nicht"),
    ([], record("support-granted", support="F", type="fbw", until="2026-11-19"), "until", "liegt vor"),
    ([], record("agency-answered", measure="M-1", granted=True), "measure", "gibt es in diesem Fall nicht"),
    ([], record("agency-referral-made", measure="M-9"), "measure", "gibt es in diesem Fall nicht"),
    ([JOB], record("employment-statistics-entered", employment="J-1", origin="unknown"), "reason", "warum"),
    (
        [JOB, ("05.11.", EmploymentStatisticsEntered(employment="J-1", origin="placed"))],
        record("employment-statistics-entered", employment="J-1", origin="placed"),
        "employment",
        "berichtigen",
    ),
    ([], record("prognosis-recorded", probable=True, months_min=6, months_max=3), "months_max", "weniger als"),
    ([], record("appointment-necessity-decided", needed=True, valid_until="2026-11-01"), "valid_until", "liegt vor"),
    ([], record("process-step-documented", step="review", next_on="2026-11-01"), "next_on", "liegt vor"),
    ([], record("sanction-considered", appointment="T-1"), "appointment", "gibt es in diesem Fall nicht"),
    (
        [*MISSED, ("11.11.", AppointmentHeld(appointment="T-1"))],
        record("sanction-imposed", appointment="T-1"),
        "appointment",
        "nicht auf „nicht erschienen“",
    ),
    (
        [*MISSED, ("12.11.", SanctionWaived(appointment="T-1", reason="Krank"))],
        record("sanction-imposed", appointment="T-1"),
        "appointment",
        "schon entschieden",
    ),
    (MISSED, record("sanction-considered", "09.11.", appointment="T-1"), "on", "erst am 10.11.2026"),
    ([], record("support-strategy-agreed", goals=["  "]), "goals", "mindestens ein Ziel"),
    ([], record("support-strategy-agreed", goals=[]), "goals", "mindestens ein Ziel"),
    ([], record("cooperation-plan-ended"), "on", "keine Vereinbarung offen"),
    (
        [AGREED, ("10.11.", CooperationPlanEnded())],
        record("cooperation-plan-ended"),
        "on",
        "keine Vereinbarung offen",
    ),
    (
        [("02.11.", SupportStrategyAgreed(goals=["a"], until=day("10.11.")))],
        record("cooperation-plan-ended"),
        "on",
        "keine Vereinbarung offen",
    ),
    ([BAR], record("decision-filed", target="id-9", how="copied"), "target", "gibt es in diesem Fall nicht"),
    (
        [BAR, ("03.11.", DecisionFiled(target="id-1", how="copied"))],
        record("decision-filed", target="id-1", how="copied"),
        "target",
        "steht schon in der Akte",
    ),
    ([NEED], record("need-identified", need="B-1", type="debt"), "need", "schon eingetragen"),
    ([], record("need-ranked", need="B-1", rank=1), "need", "gibt es in diesem Fall nicht"),
    (
        [NEED],
        record("need-ranked", "01.11.", need="B-1", rank=1, late_reason="x"),
        "on",
        "vor dem 02.11.2026 .Bedarf festgestellt",
    ),
    (
        [NEED, ("10.11.", n.NeedClosed(need="B-1", goal_reached="full"))],
        record("need-closed", need="B-1", goal_reached="no"),
        "need",
        "schon zu Ende",
    ),
    (
        [NEED, ("10.11.", n.NeedClosed(need="B-1", goal_reached="full"))],
        record("referral-issued", referral="Z-1", need="B-1", provider="X", mode="slip"),
        "need",
        "seit dem 10.11.2026 beendet",
    ),
    ([NEED], record("referral-issued", referral="Z-1", need="B-1", provider="X", mode="form"), "on", "fehlt eine"),
    ([], record("consent-given", **{**CONSENT, "valid_until": "2026-11-19"}), "valid_until", "liegt vor"),
    (
        [consent(), ("10.11.", n.ConsentWithdrawn(consent="E-1"))],
        record("consent-withdrawn", consent="E-1"),
        "consent",
        "schon zu Ende",
    ),
    ([NEED, SENT], record("provider-start-reported", referral="Z-1"), "on", "fehlt eine gültige Einwilligung"),
    (
        [NEED, SENT, consent(), ("20.11.", n.ConsentWithdrawn(consent="E-1"))],
        record("provider-start-reported", referral="Z-1"),
        "on",
        "fehlt eine gültige Einwilligung",
    ),
    ([NEED, SENT, consent(until="19.11.")], record("provider-start-reported", referral="Z-1"), "on", "fehlt eine"),
    ([NEED, SENT, consent(provider="Anderer")], record("provider-start-reported", referral="Z-1"), "on", "fehlt eine"),
    (
        [NEED, SENT, consent("dates-only")],
        record("provider-attendance-reported", referral="Z-1", attended=True),
        "on",
        "auch den Stand",
    ),
    (
        [NEED, SENT, consent("results")],
        record("provider-result-reported", referral="Z-1", cluster="x", next_step="Noch ein Termin"),
        "on",
        "auch weitere Schritte",
    ),
    (
        [NEED, SENT, consent()],
        record("provider-end-reported", referral="Z-1", end_kind="regular"),
        "end_kind",
        "Beginn",
    ),
    (
        [NEED, SENT, BEGUN, consent()],
        record("provider-end-reported", referral="Z-1", end_kind="no-show"),
        "end_kind",
        "passt nicht dazu",
    ),
    (
        [NEED, SENT, BEGUN, consent()],
        record("provider-end-reported", "09.11.", referral="Z-1", end_kind="broken-off"),
        "on",
        "erst am 10.11.2026",
    ),
    (
        [NEED, SENT, BEGUN, consent()],
        record("provider-start-reported", referral="Z-1"),
        "referral",
        "schon eingetragen",
    ),
    (
        [NEED, SENT, ("15.11.", r.ReferralWithdrawn(referral="Z-1"))],
        record("waiting-list-entered", referral="Z-1"),
        "referral",
        "schon zu Ende",
    ),
    ([], record("need-identified", need="B-1"), "data", "passen nicht"),
]


@pytest.mark.parametrize(
    ("before", "wish", "field", "said"), REFUSED, ids=[f"{one[1].name}: {one[3]}" for one in REFUSED]
)
def test_what_contradicts_is_refused_at_its_field(before: Before, wish: RecordFact, field: str, said: str) -> None:
    Given(*before).refused(wish, said, field=field)


def test_a_planned_measure_is_begun_under_its_id_as_it_was_planned() -> None:
    given = Given(PLAN)
    assert possible.about("measure-started", given.view().timeline) == ["M-1"]
    given.when(record("measure-started", measure="M-1")).then(("measure-started", "20.11."))
    assert (given.fact().type, given.fact().legal_basis) == ("fbw", "FbW")
    assert possible.about("measure-started", given.view().timeline) == []
    assert possible.about("measure-ended", given.view().timeline) == ["M-1"]
    other = Given(PLAN).when(record("measure-started", measure="M-1", type="coaching"))
    assert (other.fact().type, other.fact().legal_basis) == ("coaching", "FbW")


def test_a_plan_whose_end_is_past_leaves_it_open() -> None:
    plan = ("01.11.", MeasurePlanned(measure="M-1", planned_end=day("15.11.")))
    assert Given(plan).when(record("measure-started", measure="M-1")).fact().planned_end is None


def test_a_measure_that_is_broken_off_is_over() -> None:
    broken = Given(MEASURE, ("10.11.", MeasureBrokenOff(measure="M-1"))).view().timeline
    assert [(one.first, one.last) for one in broken.measures] == [(day("01.11."), day("10.11."))]


def test_open_things_come_first_and_what_is_over_only_where_it_can_be_meant() -> None:
    other = ("04.11.", n.NeedIdentified(need="B-2", type="addiction"))
    closed = ("10.11.", n.NeedClosed(need="B-2", goal_reached="no"))
    timeline = Given(NEED, other, SENT, ("12.11.", r.ReferralWithdrawn(referral="Z-1")), closed).view().timeline
    assert possible.about("need-ranked", timeline) == ["B-1"]
    assert possible.about("client-feedback-recorded", timeline) == ["Z-1"]
    assert possible.about("waiting-list-entered", timeline) == []


def test_late_days_of_what_is_over_can_still_be_entered() -> None:
    closed = ("15.11.", n.NeedClosed(need="B-1", goal_reached="no"))
    Given(NEED, closed).when(record("need-ranked", "10.11.", need="B-1", rank=1)).then(("need-ranked", "10.11."))


def test_a_clock_is_moved_by_none_of_them() -> None:
    touched = {FACTS[wish.name] for _, wish in RECORDED} - {MeasureStarted}
    assert touched.isdisjoint(clocks.READS)
    assert all(declared(name).lane for name in FACTS if stream_of(name) is Stream.CASE)
