"""Every measure that docs/einfuehrung/datenschutz.md names has its test, and the first start names what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.exchange.profiles import at_hand
from services.web.setup.steps import STEPS

ROOT = Path(__file__).parents[1]
HEAD = "| Maßnahme | Prüfung |\n|---|---|\n"
ROWS = (ROOT / "docs/einfuehrung/datenschutz.md").read_text(encoding="utf-8").partition(HEAD)[2].strip().splitlines()
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@pytest.mark.parametrize("row", ROWS)
def test_every_measure_has_a_test_that_stands(row: str) -> None:
    named = TEST.findall(row)
    assert named
    for file, test in named:
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), (file, test)


def test_the_first_start_tells_every_step_and_examples_that_come_along() -> None:
    told = (ROOT / "docs/einfuehrung/erster-start.md").read_text(encoding="utf-8")
    assert [step.name for step in STEPS] == re.findall(r"^\| (?!Schritt)([A-ZÄÖÜ][\wäöü]+) \| ", told, re.M)
    named = set(re.findall(r"`(\w+)\.csv`", told))
    assert named
    assert named <= {one.stem for one in (at_hand.SHIPPED / "beispiele").iterdir()}
