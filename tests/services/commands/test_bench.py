"""`bench` answers each question in two ways and says how long both took."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

from services.commands import side_by_side
from services.commands.side_by_side import by_hand


def test_a_list_is_read_quicker_than_every_case_is_told_from_its_facts() -> None:
    with side_by_side.built(0, None) as (office, _):
        ratios = {row.question.split(":")[0]: row.ratio for row in side_by_side.beside_facts(office, 9)}
    assert ratios["stays"] > 1 < ratios["due"]


def test_both_ways_give_the_same_answers() -> None:
    found = side_by_side.bench(0, runs=1)
    assert found["cases"] > 50
    assert found["facts"] > 2_000
    questions = {row["question"].split(":")[0]: row for row in found["rows"]}
    assert questions["stays"]["answers"] >= 1
    assert questions["due"]["answers"] > 50
    assert all(row["ours"] > 0 < row["theirs"] for row in found["rows"])
    assert {row["met"].partition(":")[0] for row in found["rows"]} <= {"ja", "nein"}
    asked = " ".join(questions)
    assert all(what in asked for what in ("erste Seite", "Anzahl", "festhalten", "neu berechnen", "Import von 3."))


def test_duckdb_takes_in_rows_whose_first_quote_comes_late(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    with file.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines)
        writer.writerow(["key", "why"])
        writer.writerows([(number, "[]") for number in range(25_000)])
        writer.writerow((25_000, '[["alg1", "2019-01-10", null]]'))
    with duckdb.connect() as memory:
        by_hand.taken(memory, "rows", file, {"key": "INTEGER", "why": "VARCHAR"})
        assert memory.execute("SELECT count(*) FROM rows").fetchall() == [(25_001,)]
        assert memory.execute("SELECT why FROM rows WHERE key = 25000").fetchall() == [
            ('[["alg1", "2019-01-10", null]]',)
        ]
