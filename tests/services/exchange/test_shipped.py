"""The profiles that come along: each takes its example, and what its rows mean stands in the case (Vertrag 4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.exchange.importing import import_file
from services.exchange.profiles import at_hand, profile
from services.exchange.profiles.readers.table import Missing, Unreadable
from services.office.office import Office
from tests.services.exchange.test_snapshot import counting
from tests.services.exchange.test_tables import Import, read, stored, take

__all__ = ["take"]

EXAMPLES = at_hand.SHIPPED / "beispiele"
MEANT = {
    *(
        "abwesenheiten",
        "alg1",
        "arbeit",
        "aufgaben",
        "balken",
        "bi",
        "einheiten",
        "klienten",
        "leistungsbezug",
        "massnahmen",
        "personal",
    ),
    *("nachweise", "prozessschritte", "spells", "termine", "xsozial", "zustaendigkeiten"),
}
XSOZIAL = (at_hand.SHIPPED / "xsozial.toml").read_text(encoding="utf-8")
HEAD = "Fallnummer;Modul;Satz;Feld;Wert\n"


def test_every_source_that_is_meant_has_a_profile_with_an_example() -> None:
    assert set(at_hand.files(None)) == MEANT
    assert {one.stem for one in EXAMPLES.iterdir()} == MEANT


@pytest.mark.parametrize("name", sorted(MEANT))
def test_each_shipped_profile_takes_its_example_twice(office: Office, name: str) -> None:
    said = at_hand.named(name, None)
    if name == "abwesenheiten":
        import_file(office, EXAMPLES / "personal.csv", profile=at_hand.named("personal", None))
    first, second = (import_file(office, EXAMPLES / f"{name}.csv", profile=said) for _ in range(2))
    assert (first.rejected, first.problems, second.rejected) == ([], [], [])
    assert first.added > 0
    assert (second.added, second.changed, second.known) == (0, 0, first.added + first.known)


def test_who_is_in_a_strategy_since_when_counts_once_beside_the_bars(office: Office) -> None:
    import_file(office, EXAMPLES / "balken.csv", profile=at_hand.named("balken", None))
    report = import_file(office, EXAMPLES / "bi.csv", profile=at_hand.named("bi", None))
    assert (report.read, report.added, report.matched) == (3, 1, 1)
    assert stored(office, "C-9002")[-1] == ("C-9002", "strategy-bar-set", "2026-01-15")


def test_evidence_and_tasks_stand_in_the_case(office: Office) -> None:
    for name in ("nachweise", "aufgaben", "prozessschritte"):
        import_file(office, EXAMPLES / f"{name}.csv", profile=at_hand.named(name, None))
    assert stored(office, "C-9001", "C-9002") == [
        ("C-9001", "external-evidence-noted", "2025-11-03"),
        ("C-9001", "external-evidence-noted", "2025-11-01"),
        ("C-9001", "own-follow-up-set", "2025-03-10"),
        ("C-9001", "own-follow-up-done", "2025-03-21"),
        ("C-9001", "process-step-documented", "2025-02-03"),
        ("C-9001", "process-step-documented", "2025-09-01"),
        ("C-9002", "external-evidence-noted", "2026-01-12"),
        ("C-9002", "own-follow-up-set", "2025-11-20"),
        ("C-9002", "process-step-documented", "2026-01-14"),
    ]


def test_spells_give_each_notice_once_both_days_included(office: Office) -> None:
    report = import_file(office, EXAMPLES / "spells.csv", profile=at_hand.named("spells", None))
    assert (report.read, report.added, report.known) == (7, 9, 4)
    assert stored(office, "C-9001", "C-9002") == [
        ("C-9001", "benefit-started", "2025-01-01"),
        ("C-9001", "benefit-ended", "2025-06-30"),
        ("C-9001", "employment-started", "2025-05-01"),
        ("C-9001", "employment-ended", "2025-08-31"),
        ("C-9002", "alg1-started", "2025-02-01"),
        ("C-9002", "alg1-ended", "2025-07-31"),
        ("C-9002", "measure-started", "2025-03-03"),
        ("C-9002", "measure-ended", "2025-05-30"),
        ("C-9002", "employment-started", "2025-08-01"),
    ]


def test_a_spell_with_an_unknown_group_is_refused_by_name(take: Import) -> None:
    said = (at_hand.SHIPPED / "spells.toml").read_text(encoding="utf-8")
    head = "persnr;spell;begorig;endorig;begepi;endepi;quelle;erwstat\n"
    report = take(head + "C-1;1;2025-01-01;.;2025-01-01;.;BeH;999\nC-1;2;2025-01-01;.;2025-01-01;.;ASU;1\n", said)
    assert [number for number, _ in report.rejected] == [2]
    assert "Spalte „erwstat“: „999“ ist im Profil nicht übersetzt." in report.rejected[0][1]
    assert (report.read, report.added) == (2, 0)


def test_fields_of_a_record_become_one_fact(office: Office) -> None:
    report = import_file(office, EXAMPLES / "xsozial.csv", profile=at_hand.named("xsozial", None))
    assert (report.read, report.added) == (5, 6)
    assert stored(office, "C-9001", "C-9002") == [
        ("C-9001", "benefit-started", "2025-01-01"),
        ("C-9001", "benefit-ended", "2025-12-31"),
        ("C-9001", "appointment-missed", "2025-05-12"),
        ("C-9001", "measure-started", "2025-10-01"),
        ("C-9002", "benefit-started", "2025-10-01"),
        ("C-9002", "employment-started", "2026-01-15"),
    ]


@pytest.mark.parametrize(
    ("rows", "line", "why"),
    [
        ("C-1;2;1;902;2025-12-31\n", 2, "Spalte „Beginn“: Hier steht nichts."),
        ("C-1;2;1;901;31.02.2025\n", 2, "Spalte „Beginn“: „31.02.2025“ ist kein Tag"),
        ("C-1;2;1;901;2025-01-01\nC-1;2;1;901;2025-01-02\n", 2, "Das Feld „2.901“ steht in diesem Satz mehrmals."),
        (
            "C-1;2;1;901;2025-01-01\nC-2;2;1;901;2025-01-01\nC-1;2;1;902;2025-12-31\n",
            4,
            "Die Zeilen dieses Satzes stehen nicht untereinander.",
        ),
        ("C-1;2;1;901;2025-01-01;zuviel\n", 2, "Die Zeile hat 6 Felder, die Kopfzeile 5."),
        (";2;1;901;2025-01-01\n", 2, "Spalte „Fallnummer“: Hier steht nichts."),
    ],
)
def test_a_record_is_refused_whole(take: Import, rows: str, line: int, why: str) -> None:
    report = take(HEAD + rows, XSOZIAL)
    assert [number for number, _ in report.rejected] == [line]
    assert why in report.rejected[0][1]


def test_all_rows_of_a_refused_record_come_back_and_are_taken_when_mended(
    office: Office, take: Import, tmp_path: Path
) -> None:
    rows = "C-1;2;1;901;31.02.2025\nC-1;2;1;902;2025-12-31\nC-2;2;1;901;2025-03-01\n"
    report = take(HEAD + rows, XSOZIAL)
    assert (report.read, report.added, len(report.rejected)) == (2, 1, 1)
    text = (tmp_path / "balken.csv.rejected.csv").read_text(encoding="utf-8")
    assert [line.split(";")[:5] for line in text.splitlines()[1:]] == [
        ["C-1", "2", "1", "901", "31.02.2025"],
        ["C-1", "2", "1", "902", "2025-12-31"],
    ]
    mended = take(text.replace("31.02.", "03.02."), XSOZIAL, "mended.csv")
    assert (mended.rejected, mended.added) == ([], 2)
    assert [day for _, day in counting(office, "C-1")["C-1"]] == ["2025-02-03", "2025-12-31"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (HEAD + "C-1;2;1;1;2025-01-01\n", "keines der Felder vor, die das Profil benennt, zum Beispiel „2.901“"),
        (HEAD.replace("Feld;", "") + "C-1;2;1;2025-01-01\n", "fehlt die Spalte „Feld“"),
    ],
)
def test_a_delivery_without_the_fields_that_are_meant_is_refused(take: Import, content: str, why: str) -> None:
    with pytest.raises((Unreadable, Missing), match=why):
        take(content, XSOZIAL)


@pytest.mark.parametrize(
    ("written", "instead", "why"),
    [
        ('"13.903" = "Maßnahmeart"', '"13.903" = "Art"', "file.fields gibt keine Spalte „Maßnahmeart“."),
        ("field = ", "feld = ", "file.fields: Den Schlüssel „feld“ kennt ein Profil nicht."),
        ('record = ["Fallnummer", "Modul", "Satz"]', "record = []", "mindestens einen Eintrag"),
    ],
)
def test_what_is_wrong_in_the_table_of_fields_is_named(tmp_path: Path, written: str, instead: str, why: str) -> None:
    with pytest.raises(profile.Unfit, match=why):
        read(tmp_path, XSOZIAL.replace(written, instead))
