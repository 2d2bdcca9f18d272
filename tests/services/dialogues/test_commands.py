"""Typed German: days in many phrases, commands with typing errors, and an echo of all that was read."""

from __future__ import annotations

import datetime as dt

import pytest

from services.dialogues.commands import read_day, understand

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


COMMANDS = [
    ("verlängern bis 30.06.", "extension", {"until": "2027-06-30"}, "Verlängerung bis Mittwoch, 30.06.2027."),
    ("Verlängern bis Ende Februar", "extension", {"until": "2027-02-28"}, "Verlängerung bis Sonntag, 28.02.2027."),
    ("bitte um drei Monate verlängern!", "extension", {"until": "2027-02-20"}, "Verlängerung bis Samstag, 20.02.2027."),
    ("verlaengern bis Monatsende", "extension", {"until": "2026-11-30"}, "Verlängerung bis Montag, 30.11.2026."),
    ("verlängrung bis 30.6", "extension", {"until": "2027-06-30"}, "Verlängerung bis Mittwoch, 30.06.2027."),
    ("Verlängerung beantragen", "extension", {}, "Verlängerung."),
    ("beenden", "end", {}, "Handlungsstrategie beenden."),
    (
        "Strategie beenden zum 15.11.",
        "end",
        {"on": "2026-11-15"},
        "Handlungsstrategie beenden zum Sonntag, 15.11.2026.",
    ),
    (
        "umstellen auf Entwicklung",
        "change",
        {"strategy": "entwicklung"},
        "Handlungsstrategie umstellen auf Entwicklung.",
    ),
    (
        "ab heute auf grundbetreuung passiv umstellen",
        "change",
        {"strategy": "grundbetreuung-passiv", "on": "2026-11-20"},
        "Handlungsstrategie umstellen auf Grundbetreuung passiv ab Freitag, 20.11.2026.",
    ),
    ("umstelen auf Entwiklung", "change", {"strategy": "entwicklung"}, "Handlungsstrategie umstellen auf Entwicklung."),
    ("später bis Montag", "later", {"until": "2026-11-23"}, "Zurückstellen bis Montag, 23.11.2026."),
    ("später", "later", {}, "Zurückstellen."),
    ("weiterhin richtig", "confirm", {}, "Handlungsstrategie weiterhin richtig."),
    ("Termin planen am 3.12.", "plan", {"on": "2026-12-03"}, "Termin planen am Donnerstag, 03.12.2026."),
]


@pytest.mark.parametrize(("text", "dialogue", "prefill", "echo"), COMMANDS, ids=[one[0] for one in COMMANDS])
def test_a_command_is_understood_and_echoed(text: str, dialogue: str, prefill: dict[str, str], echo: str) -> None:
    heard = understand(text, FRIDAY)
    assert (heard.kind, heard.dialogue, heard.prefill) == ("dialogue", dialogue, prefill)
    assert heard.echo == f"Verstanden: {echo}"


def test_a_day_that_was_not_read_is_said() -> None:
    heard = understand("verlängern bis irgendwann", FRIDAY)
    assert heard.prefill == {}
    assert heard.echo == "Verstanden: Verlängerung. Das Datum „bis irgendwann“ habe ich nicht erkannt."


@pytest.mark.parametrize(
    ("text", "case"), [("C-1001", "C-1001"), ("Fall C-1001", "C-1001"), ("fall 4711", "4711"), ("10023", "10023")]
)
def test_a_case_number_opens_the_case(text: str, case: str) -> None:
    heard = understand(text, FRIDAY)
    assert (heard.kind, heard.case) == ("case", case)


def test_a_command_may_name_its_case() -> None:
    heard = understand("Fall C-2001 verlängern bis Mitte März", FRIDAY)
    assert (heard.dialogue, heard.case, heard.prefill) == ("extension", "C-2001", {"until": "2027-03-15"})
    assert heard.echo == "Verstanden: Verlängerung bis Montag, 15.03.2027 (Fall C-2001)."


def test_help_shows_what_can_be_typed() -> None:
    heard = understand("Hilfe!", FRIDAY)
    assert heard.kind == "help"
    assert "verlängern bis 30.06." in [option.text for option in heard.options]
    assert all(understand(option.text, FRIDAY).kind in ("dialogue", "help") for option in heard.options)


def test_between_sure_and_unsure_it_asks() -> None:
    heard = understand("verlegen bis Montag", FRIDAY)
    assert heard.kind == "ask"
    assert heard.options[0].text == "verlängern bis montag"
    assert understand(heard.options[0].text, FRIDAY).kind == "dialogue"


@pytest.mark.parametrize(
    "text", ["", "   ", "was ist der stand", "xyz " * 400, "30.06.", "<script>alert(1)</script>", "\0"]
)
def test_everything_else_gets_buttons(text: str) -> None:
    heard = understand(text, FRIDAY)
    assert heard.kind == "unknown"
    assert heard.options


@pytest.mark.parametrize("dash", ["\u2011", "–", "\u2212"])
def test_a_case_number_is_read_whatever_dash_it_was_pasted_with(dash: str) -> None:
    assert understand(f"C{dash}1001", FRIDAY).case == "C-1001"
