"""Words by date: each on the day before, on its day, and in a list over both (Fachkonzept 12)."""

from __future__ import annotations

import datetime as dt

import pytest

from domain import law
from domain.facts import FACTS, Fact, Stream, declared, stream_of
from domain.facts.duties import SanctionImposed
from domain.facts.grounds import WordSet
from domain.facts.support import BenefitStarted
from domain.facts.wish import CooperationPlanFailed
from domain.knowledge import Known
from domain.law import AS_SHIPPED, BRACES, MATTERS, SHIPPED, Lexicon
from domain.periods import DAY

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
CHANGES = [
    ("benefit", "2023-01-01", "ALG II", "Bürgergeld"),
    ("benefit", "2026-07-01", "Bürgergeld", "Grundsicherungsgeld"),
    ("reduction", "2023-01-01", "Sanktion", "Leistungsminderung"),
    ("plan", "2023-07-01", "Eingliederungsvereinbarung", "Kooperationsplan"),
    ("mediation", "2023-07-01", "nicht geregelt", "Schlichtung"),
    ("mediation", "2026-07-01", "Schlichtung", "Verpflichtung durch Verwaltungsakt, keine Schlichtung"),
    ("coaching", "2023-07-01", "nicht geregelt", "Coaching"),
    ("alg1-placement", "2017-01-01", "Jobcenter", "Agentur für Arbeit"),
    ("training", "2025-01-01", "Jobcenter", "Agentur für Arbeit"),
    ("first-talk", "2026-07-01", "frühere Regelung", "persönlich"),
    ("plan-notice", "2026-07-01", "frühere Regelung", "ohne Rechtsfolgenbelehrung"),
    ("second-miss", "2026-07-01", "frühere Regelung", "30 % für einen Monat"),
    ("third-miss", "2026-07-01", "nicht geregelt", "nicht erreichbar"),
    ("refusal", "2026-04-23", "frühere Regelung", "verschärfte Folgen nach neuem Recht"),
]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def word(about: str, said: str, on: str, hour: int = 0) -> Known:
    fact = WordSet(about=about, word=said, source="Schreiben vom 01.11.2026", approved_by="bl-1")
    at = NOW + dt.timedelta(hours=hour)
    return Known(f"{about}{on}{hour}", "", day(on), day(on), at, "edv-1", fact, 0, "")


@pytest.mark.parametrize(("about", "on", "before", "after"), CHANGES)
def test_a_word_follows_the_day_and_a_list_over_both_names_both(about: str, on: str, before: str, after: str) -> None:
    assert AS_SHIPPED.on(about, day(on) - DAY) == before
    assert AS_SHIPPED.on(about, day(on)) == after
    assert AS_SHIPPED.over(about, day(on) - DAY, day(on)) == [before, after]
    assert AS_SHIPPED.sentence(f"{{{about}}} ab", day(on) - DAY, day(on)) == f"{before}/{after} ab"


def test_every_change_stands_in_the_table_and_is_to_be_checked() -> None:
    later = [one for one in SHIPPED if one.since]
    assert {(one.about, str(one.since)) for one in later} == {(about, on) for about, on, *_ in CHANGES}
    assert {one.about for one in SHIPPED} == MATTERS.keys()
    assert all(one.unchecked and one.source for one in later)


@pytest.mark.parametrize(
    ("fact", "on", "missed", "said"),
    [
        (SanctionImposed(appointment="T"), "2023-01-15", "2022-12-31", "Sanktion ausgesprochen"),  # § 65a: the miss
        (SanctionImposed(appointment="T"), "2023-01-15", "2023-01-01", "Leistungsminderung ausgesprochen"),
        (SanctionImposed(appointment="?"), "2022-12-31", "2023-01-01", "Sanktion ausgesprochen"),  # no such appointment
        (CooperationPlanFailed(), "2023-06-30", "2023-07-01", "Eingliederungsvereinbarung nicht zustande gekommen"),
        (CooperationPlanFailed(), "2023-07-01", "2023-06-30", "Kooperationsplan nicht zustande gekommen"),
        (BenefitStarted(), "2022-12-31", "2026-07-01", "Leistungsbezug (ALG II) ab"),  # § 65a: its begin
        (BenefitStarted(), "2023-01-01", "2026-07-01", "Leistungsbezug (Bürgergeld) ab"),
        (BenefitStarted(), "2026-07-01", "2022-12-31", "Leistungsbezug (Grundsicherungsgeld) ab"),
    ],
)
def test_a_fact_is_called_as_the_law_of_its_day_does(fact: Fact, on: str, missed: str, said: str) -> None:
    assert law.named(fact, day(on), AS_SHIPPED, {"T": day(missed)}) == said


def test_what_stands_in_braces_of_a_name_is_a_word_there_is() -> None:
    said = [declared(name).by_law for name in FACTS if stream_of(name) is Stream.CASE]
    asked = {about for text in said for about in BRACES.findall(text)}
    assert asked == {about for about, one in MATTERS.items() if one.word}


def test_the_office_checks_changes_and_adds_words_and_the_last_recorded_of_a_day_counts() -> None:
    checked = Lexicon([word("plan", "Kooperationsplan", "2023-07-01")])
    assert [one.unchecked for one in checked.rows if one.about == "plan" and one.since] == [False]
    later = Lexicon([word("benefit", "Erst", "2027-01-01"), word("benefit", "Doch", "2027-01-01", 1)])
    assert later.over("benefit", day("2026-12-31"), None) == ["Grundsicherungsgeld", "Doch"]
    assert later.on("benefit", day("2022-12-31")) == "ALG II"
    assert [str(one.until) for one in later.rows if one.about == "benefit"][-2:] == ["2026-12-31", "None"]
