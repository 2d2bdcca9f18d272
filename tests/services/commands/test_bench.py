"""`bench` answers each question in two ways and says how long both took."""

from __future__ import annotations

from services.commands import side_by_side


def test_both_ways_give_the_same_answers() -> None:
    found = side_by_side.bench(0, runs=1)
    assert found["cases"] > 50
    assert found["facts"] > 2_000
    questions = {row["question"].split(":")[0]: row for row in found["rows"]}
    assert questions["stays"]["answers"] >= 1
    assert questions["due"]["answers"] > 50
    assert questions["stays"]["ratio"] > 1 < questions["due"]["ratio"]
    assert all(row["ours"] > 0 < row["theirs"] for row in found["rows"])
    assert {row["met"].partition(":")[0] for row in found["rows"]} <= {"ja", "nein"}
    asked = " ".join(questions)
    assert all(what in asked for what in ("erste Seite", "Anzahl", "festhalten", "neu berechnen", "Import von 3."))
