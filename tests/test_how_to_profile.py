"""The page about import profiles: its example can be used, and its table names faults as the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from services.exchange.profiles.profile import faults

PAGE = Path(__file__).parent.parent / "docs" / "how-to" / "profile.md"


def example() -> str:
    """The TOML block of the page."""
    (found,) = re.findall(r"(?ms)^```toml\n(.*?)^```", PAGE.read_text(encoding="utf-8"))
    return str(found)


def test_the_example_names_only_facts_and_fields_that_exist() -> None:
    profile = tomllib.loads(example())
    assert faults(profile) == []
    assert [one["fact"] for one in profile["fact"]] == ["measure-started", "measure-ended"]


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('fact = "measure-started"', 'fact = "measure-begun"'),
        ("data.type = ", "data.kind = "),
        ('when = { Ende = "*" }\ndata.measure = "{Nr}"', 'when = { Ende = "*" }'),
        ('data.type = "Art"', 'data.type = "Art"\ndata.late_reason = { column = "Art", else = "x" }'),
        ("header = 1\n", 'header = 1\ncolour = "red"\n'),
        ('system = "massnahmen"', 'system = ""'),
        ('on = "Ende"\n', ""),
    ],
)
def test_what_is_forgotten_or_misspelt_is_named(written: str, instead: str) -> None:
    assert example().count(written) >= 1
    (named,) = faults(tomllib.loads(example().replace(written, instead, 1)))
    assert f"`{named}`" in PAGE.read_text(encoding="utf-8")


def test_a_word_outside_a_closed_list_is_named() -> None:
    bar = {"fact": "strategy-bar-set", "case": "Nr", "on": "Beginn"}
    told = bar | {"data": {"strategy": {"column": "Art", "values": {"I": "integration", "F": "fortbildung"}}}}
    (named,) = faults({"system": "x", "fact": [told]})
    assert f"`{named}`" in PAGE.read_text(encoding="utf-8")
