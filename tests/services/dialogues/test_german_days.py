"""Days as people write them: read, or said to be none; never turned into another day."""

from __future__ import annotations

import datetime as dt

import pytest

from services.dialogues.german_days import Unfit, read_day

FRIDAY = dt.date(2026, 11, 20)

DAYS = {
    "30.06.": "2027-06-30",
    "bis zum 30.6.2027": "2027-06-30",
    "bis spätestens 1.2.27": "2027-02-01",
    "zum 31.12.": "2026-12-31",
    "05.03": "2027-03-05",
    "2027-02-28": "2027-02-28",
    "Mittwoch, den 30.06.2027": "2027-06-30",
    "Do., 26.11.": "2026-11-26",
    "am 3.": "2026-12-03",
    "am 30.": "2026-11-30",
    "29.2.": "2028-02-29",
    "heute": "2026-11-20",
    "übermorgen": "2026-11-22",
    "vorgestern": "2026-11-18",
    "Montag": "2026-11-23",
    "nächsten Montag": "2026-11-23",
    "kommenden Dienstag": "2026-11-24",
    "Freitag": "2026-11-27",
    "diesen Freitag": "2026-11-20",
    "letzten Mittwoch": "2026-11-18",
    "Montag in zwei Wochen": "2026-12-07",
    "Do in 3 Wochen": "2026-12-17",
    "Ende Februar": "2027-02-28",
    "bis Ende Februar 2028": "2028-02-29",
    "Mitte März": "2027-03-15",
    "Anfang Januar": "2027-01-01",
    "Ende November": "2026-11-30",
    "24. Dezember": "2026-12-24",
    "3. März 2027": "2027-03-03",
    "1. okt. 2027": "2027-10-01",
    "Monatsende": "2026-11-30",
    "Ende dieses Monats": "2026-11-30",
    "Ende nächsten Monats": "2026-12-31",
    "Mitte nächsten Monats": "2026-12-15",
    "nächsten Monat": "2026-12-20",
    "Jahresende": "2026-12-31",
    "Ende des nächsten Jahres": "2027-12-31",
    "Ende 2027": "2027-12-31",
    "Quartalsende": "2026-12-31",
    "Ende Q1": "2027-03-31",
    "2. Quartal 2027": "2027-06-30",
    "in drei Wochen": "2026-12-11",
    "in 10 Tagen": "2026-11-30",
    "um sechs Monate": "2027-05-20",
    "in einem Jahr": "2027-11-20",
    "ein halbes Jahr": "2027-05-20",
    "in einem Vierteljahr": "2027-02-20",
    "in eineinhalb Jahren": "2028-05-20",
    "in anderthalb Monaten": "2027-01-04",
    "KW 2": "2027-01-15",
    "KW 50": "2026-12-11",
    "nächste Woche": "2026-11-23",
    "Ende nächster Woche": "2026-11-27",
    "Mitte der Woche": "2026-11-18",
    "5.2. nächstes Jahr": "2027-02-05",
    "5. Februar nächsten Jahres": "2027-02-05",
    "Ende Februar nächstes Jahr": "2027-02-28",
    "30.12. dieses Jahres": "2026-12-30",
    "5.3. letzten Jahres": "2025-03-05",
    "1.12.+14 Tage": "2026-12-15",
    "1.12. + 2 Wochen": "2026-12-15",
    "1.12. plus drei Monate": "2027-03-01",
    "heute + 10 Tage": "2026-11-30",
    "+14 Tage": "2026-12-04",
    "Samstag, den 5.12.": "2026-12-05",
    "Sa. 05.12.2026": "2026-12-05",
    "31.12.2036": "2036-12-31",
}

NO_DAYS = [
    "",
    "irgendwann",
    "bald",
    "31.02.",
    "31.11.2026",
    "99.99.2027",
    "0.1.",
    "Juni",
    "KW 60",
    "2027",
    "12",
    "5.12. 3 Monate",
    "5.12. 27",
    "5.12. 10",
    "5.2.2027 nächstes Jahr",
    "in 3 Wochen und 2 Tagen",
    "10.00",
    "24.12.10:00",
    "1.12. - 14 Tage",
    "demnächst vielleicht",
    "<script>",
    "1" * 300,
    "ende " * 50,
]


@pytest.mark.parametrize(("phrase", "day"), DAYS.items())
def test_a_day_as_people_write_it(phrase: str, day: str) -> None:
    assert read_day(phrase, FRIDAY) == dt.date.fromisoformat(day)


@pytest.mark.parametrize("phrase", NO_DAYS)
def test_what_is_no_day_is_not_guessed(phrase: str) -> None:
    assert read_day(phrase, FRIDAY) is None


@pytest.mark.parametrize(
    ("phrase", "day"),
    [("15.11.", "2026-11-15"), ("31.10.", "2026-10-31"), ("am 15.", "2026-11-15"), ("2.1.", "2027-01-02")],
)
def test_a_day_that_may_lie_behind_is_the_nearest(phrase: str, day: str) -> None:
    assert read_day(phrase, FRIDAY, near=True) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("phrase", "sentence"),
    [
        ("Montag, den 5.12.", "Der 05.12.2026 ist ein Samstag, kein Montag. Bitte Tag oder Wochentag berichtigen."),
        ("Mo. 05.12.2026", "Der 05.12.2026 ist ein Samstag, kein Montag. Bitte Tag oder Wochentag berichtigen."),
        ("30.06.2037", "Das Jahr 2037 geht hier nicht; möglich sind 1900 bis 2036."),
        ("in 20 Jahren", "Das Jahr 2046 geht hier nicht; möglich sind 1900 bis 2036."),
        ("01.01.1899", "Das Jahr 1899 geht hier nicht; möglich sind 1900 bis 2036."),
    ],
)
def test_a_day_that_cannot_be_meant_is_refused_with_a_sentence(phrase: str, sentence: str) -> None:
    with pytest.raises(Unfit) as refused:
        read_day(phrase, FRIDAY)
    assert str(refused.value) == sentence
