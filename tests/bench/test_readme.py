"""The README holds what `make bench` has written, and where it writes it."""

from __future__ import annotations

import pytest

from services.commands.side_by_side import HEADS
from services.commands.side_by_side.row import Row, faster, within
from tests.bench import readme
from tests.bench.__main__ import README
from tests.bench.found import Found
from tests.postgresql import Missing

SLOW = Row("eine Liste", within(2), ours=30.0, theirs=10.0, answers=3, why="sie ist lang")
FAST = Row("eine Seite", faster(20), ours=2.0, theirs=1980.4, answers=3)


TINY = Row("ein Import", within(50), ours=20_000.0, theirs=82.0, answers=3, why="er prüft alles")


def failing() -> list[Row]:
    """A part that finds nothing."""
    raise RuntimeError("no server")


def test_the_readme_has_the_marks_and_the_columns() -> None:
    text = README.read_text(encoding="utf-8")
    block = text.partition(readme.BEGIN)[2].partition(readme.END)[0]
    assert f"| {' | '.join(HEADS.values())} |" in block.splitlines()
    met = [line.split(" | ")[-1].removesuffix(" |") for line in block.splitlines() if line.startswith("| die ")]
    assert met
    assert all(one == "ja" or one.startswith("nein: ") for one in met)


def test_what_was_found_replaces_what_stood_between_the_marks() -> None:
    text = f"vorher\n{readme.BEGIN}\nalt\n{readme.END}\nnachher\n"
    assert readme.written(text, "neu\n") == f"vorher\n{readme.BEGIN}\nneu\n{readme.END}\nnachher\n"
    with pytest.raises(ValueError, match="fehlt"):
        readme.written("ohne", "neu")


def test_a_row_says_whether_its_goal_is_met() -> None:
    table = readme.table(HEADS, [SLOW.shown(), FAST.shown(), TINY.shown()]).splitlines()
    assert table[2] == "| eine Liste | höchstens 2-mal so lange | 30 | 10 | 0,33 | nein: sie ist lang |"
    assert table[3] == "| eine Seite | mindestens 20-mal so schnell | 2,0 | 1.980 | 990 | ja |"
    assert table[4] == "| ein Import | höchstens 50-mal so lange | 20.000 | 82 | 0,0041 | nein: er prüft alles |"


def without_a_server() -> list[Row]:
    """A part for which something is missing."""
    raise Missing("PostgreSQL fehlt.")


def test_what_cannot_be_measured_here_is_said() -> None:
    found = Found()
    found.measure(lambda: [FAST])
    found.measure(without_a_server)
    assert found.failed == []
    assert found.block().endswith("\n\nPostgreSQL fehlt.")


def test_what_one_part_found_outlives_the_failure_of_another() -> None:
    found = Found()
    found.measure(failing)
    found.measure(lambda: [FAST])
    assert found.rows == [FAST]
    assert found.block().endswith("Nicht zu Ende gemessen: failing.")
