"""Names in every list stand as in a German directory, who has none last."""

from __future__ import annotations

from services.records.words import alphabetical


def test_umlauts_stand_as_two_letters_marks_do_not_count_and_who_has_no_name_is_last() -> None:
    wanted = ["Abel", "Ägidi", "Afrim", "Łapa", "Lapp", "meier", "Müller, A", "Muff", "Öz", "Ohm", "Şen", "Zander", "–"]
    assert sorted(set(wanted), key=alphabetical) == wanted
