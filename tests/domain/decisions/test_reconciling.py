"""Abgleich: which of two sources holds, or that they are two things; a pure decision (Fachkonzept 2.0)."""

from __future__ import annotations

from msgspec import structs

from domain.decisions.wishes import CorrectFact, Reconcile, Undo, WithdrawFact
from domain.facts.correction import FactCorrected, FactWithdrawn, SameThingNoted
from domain.facts.strategy import StrategyBarSet
from domain.facts.support import EmploymentEnded, EmploymentStarted
from domain.sameness import ASIDE, LINKED, pairs
from tests.spec import Given


def told_twice(*more: tuple[str, object]) -> Given:
    """A bar told for 3 and for 5 March: id-1 counts, id-2 is set aside, id-3 is the note."""
    note = SameThingNoted(thing="id-1", other="id-2", differs=["on"])
    bars = (("03.03.", StrategyBarSet(strategy="integration")), ("05.03.", StrategyBarSet(strategy="integration")))
    return Given(*bars, ("06.03.", note), ("06.03.", FactWithdrawn(target="id-2", reason=ASIDE)), *more)  # type: ignore[arg-type]


def bars(given: Given) -> list[tuple[str, str]]:
    return [(one.id, one.on.isoformat()) for one in given.view().known if isinstance(one.fact, StrategyBarSet)]


def test_what_is_known_holds() -> None:
    given = told_twice().when(Reconcile(note="id-3", counts="as-known")).then(("fact-corrected", "20.11."))
    assert given.fact().data == {"counts": "id-1"}
    assert bars(given) == [("id-1", "2026-03-03")]
    given.refused(Reconcile(note="id-3", counts="as-other"), "schon entschieden", field="note")


def test_the_other_day_holds_and_the_fact_stays_the_one_it_was() -> None:
    given = told_twice().when(Reconcile(note="id-3", counts="as-other"))
    given.then(("fact-corrected", "20.11."), ("fact-corrected", "20.11."))
    assert bars(given) == [("id-1", "2026-03-05")]
    given.when(Undo(correlation_id=given.last_decision()))
    assert bars(given) == [("id-1", "2026-03-03")]
    assert [one.is_asked for one in pairs(given.records)] == [True]


def test_two_things_count_both_and_can_be_taken_back() -> None:
    given = told_twice().when(Reconcile(note="id-3", counts="two-things"))
    given.then(("fact-withdrawn", "20.11."), ("fact-withdrawn", "20.11."))
    assert bars(given) == [("id-1", "2026-03-03"), ("id-2", "2026-03-05")]
    assert pairs(given.records) == []
    given.when(Undo(correlation_id=given.last_decision()))
    assert bars(given) == [("id-1", "2026-03-03")]
    assert len(pairs(given.records)) == 1


def test_whoever_withdraws_the_note_says_that_they_are_two_things() -> None:
    given = told_twice().when(WithdrawFact(target="id-3", reason="Zwei Balken."))
    assert bars(given) == [("id-1", "2026-03-03"), ("id-2", "2026-03-05")]


def test_what_is_about_a_thing_set_aside_goes_with_it() -> None:
    given = Given(
        ("03.03.", EmploymentStarted(employment="a", kind="sv-pflichtig")),
        ("31.08.", EmploymentEnded(employment="a")),
        ("05.03.", EmploymentStarted(employment="b", kind="sv-pflichtig")),
        ("31.08.", EmploymentEnded(employment="b")),
        ("30.09.", EmploymentEnded(employment="b")),
        ("01.10.", FactCorrected(target="id-5", reason=LINKED, data={"employment": "a"})),
        ("01.10.", SameThingNoted(thing="id-1", other="id-3", differs=["on"])),
        ("01.10.", FactWithdrawn(target="id-3", reason=ASIDE)),
        ("01.10.", SameThingNoted(thing="id-2", other="id-4")),
        ("01.10.", FactWithdrawn(target="id-4", reason=ASIDE)),
    ).when(Reconcile(note="id-7", counts="two-things"))
    jobs = [(one.id, one.fact.employment) for one in given.view().known if hasattr(one.fact, "employment")]
    assert sorted(jobs) == [("id-1", "a"), ("id-2", "a"), ("id-3", "b"), ("id-4", "b"), ("id-5", "b")]


def test_what_links_nothing_any_more_is_not_here() -> None:
    told_twice().refused(Reconcile(note="id-1", counts="as-known"), "gibt es in diesem Fall nicht", field="note")
    gone = told_twice(("07.03.", FactWithdrawn(target="id-1", reason="Nie vereinbart.")))
    gone.refused(Reconcile(note="id-3", counts="as-other"), "gibt es in diesem Fall nicht", field="note")


def test_a_note_itself_is_corrected_like_any_fact() -> None:
    given = told_twice().when(CorrectFact(target="id-3", reason="Doch gefragt.", data={"differs": ["on", "strategy"]}))
    assert structs.asdict(pairs(given.records)[0].said)["differs"] == ["on", "strategy"]
