"""The Textbaustein as it is copied, and the line that says who decided (Fachkonzept 5.1)."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec import structs

from domain.periods import BERLIN
from notifications.text_module import TextModule, decided, text_module

FILLED = TextModule(
    options=["other"],
    other_text="Qualifizierung <Pflege> & Praktikum",
    facts_text="Kurs läuft bis 28.02.",
    justification="Stelle zugesagt.",
    until=dt.date(2027, 2, 28),
    worker="Sabine Meier",
    approved_by="Jens Kern",
    approved_on=dt.date(2026, 11, 20),
)


def test_the_block_has_the_fields_of_the_report_in_their_order() -> None:
    assert text_module(FILLED).splitlines() == [
        "Überprüfung der Handlungsstrategie Integration",
        "",
        "[ ] Verlängerung des Betreuungszeitraumes für Kunden mit einer Beschäftigung",
        "[x] sonstiges: Qualifizierung <Pflege> & Praktikum",
        "kurze Erläuterung vom Sachverhalt: Kurs läuft bis 28.02.",
        "Begründung der Entscheidung: Stelle zugesagt.",
        "Handlungsstrategie verlängert bis: 28.02.2027",
        "zugestimmt durch die Führungskraft: Jens Kern, 20.11.2026",
        "Name Mitarbeiter Vermittlungsbereich: Sabine Meier",
    ]


def test_before_consent_the_line_of_the_lead_is_empty() -> None:
    asked = TextModule(
        options=["employment"], facts_text="a", justification="b", until=dt.date(2027, 2, 28), worker="S. Meier"
    )
    lines = text_module(asked).splitlines()
    assert lines[2].startswith("[x] Verlängerung")
    assert lines[3] == "[ ] sonstiges:"
    assert lines[7] == "zugestimmt durch die Führungskraft:"
    assert lines[8] == "Name Mitarbeiter Vermittlungsbereich: S. Meier"


def test_the_block_has_the_checkboxes_of_its_day() -> None:
    boxes = {"study": "Kunden in einer Ausbildung", "other": "Sonstiges"}
    lines = text_module(structs.replace(FILLED, options=["study"], boxes=boxes)).splitlines()
    assert lines[2:4] == ["[x] Kunden in einer Ausbildung", "[ ] Sonstiges: Qualifizierung <Pflege> & Praktikum"]


@pytest.mark.parametrize(
    ("what", "until", "said"),
    [
        ("extension-approved", dt.date(2027, 4, 30), "der Verlängerung zugestimmt (bis 30.04.2027)."),
        ("extension-returned", None, "eine Rückfrage gestellt."),
        ("extension-rejected", None, "die Verlängerung abgelehnt."),
        ("extension-withdrawn", None, "den Antrag zurückgezogen."),
        ("contact-held", None, "einen neuen Eintrag erfasst."),
    ],
)
def test_who_was_first(what: str, until: dt.date | None, said: str) -> None:
    when = dt.datetime(2026, 7, 20, 10, 12, tzinfo=BERLIN).astimezone(dt.UTC)
    assert decided(what, "Jens Kern", when, until) == f"Jens Kern hat am 20.07.2026 um 10:12 Uhr {said}"
