"""The example of the page about import profiles: it says only what Vertrag 4 knows, of facts and fields that exist.

Whether a row becomes these facts is tested where profiles are read; here the catalogue is what the page is held to.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec.inspect as mi
import pytest

from domain.facts import FACTS

PAGE = Path(__file__).parent.parent / "docs" / "how-to" / "profile.md"
TOP = {"system", "file", "fact"}
FILE = {"sheet", "encoding", "delimiter", "header", "days", "moments", "empty"}
ABOUT = ("case", "person", "unit")
FACT = {"fact", "id", "on", "recorded_at", "by", "when", "data", *ABOUT}
FIELD = {"column", "values", "default", "split", "type", "value"}


def example() -> str:
    """The TOML block of the page."""
    (found,) = re.findall(r"(?ms)^```toml\n(.*?)^```", PAGE.read_text(encoding="utf-8"))
    return str(found)


def faults(profile: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a profile before a row is read."""
    yield from unknown(profile, TOP)
    yield from unknown(profile.get("file", {}), FILE)
    if not profile.get("system"):
        yield "no system"
    for one in profile["fact"]:
        yield from unknown(one, FACT)
        if sum(key in one for key in ABOUT) != 1 or "on" not in one:
            yield f"{one['fact']} needs on and one of {', '.join(ABOUT)}"
        kind = FACTS.get(one["fact"])
        if kind is None:
            yield f"unknown fact: {one['fact']}"
            continue
        info = mi.type_info(kind)
        assert isinstance(info, mi.StructType)
        yield from of_fields(one["fact"], one.get("data", {}), {field.encode_name: field for field in info.fields})


def of_fields(fact: str, data: dict[str, Any], known: dict[str, mi.Field]) -> Iterator[str]:
    yield from (f"{fact} needs {name}" for name, field in known.items() if field.required and name not in data)
    for name, given in data.items():
        if name not in known:
            yield f"{fact} has no field {name}"
            continue
        said = given if isinstance(given, dict) else {"column": given}
        yield from unknown(said, FIELD)
        closed = words(known[name].type)
        told = [*said.get("values", {}).values(), *(said[key] for key in ("value", "default") if key in said)]
        yield from (f"{fact}.{name} cannot be {word}" for word in told if closed and word not in closed)


def unknown(given: dict[str, Any], known: set[str]) -> Iterator[str]:
    yield from (f"unknown key: {key}" for key in given if key not in known)


def words(kind: mi.Type) -> set[object]:
    """The words of a closed list; empty for every other type."""
    match kind:
        case mi.LiteralType(values=values):
            return set(values)
        case mi.UnionType(types=types):
            return {word for one in types for word in words(one)}
        case mi.Metadata(type=inner):
            return words(inner)
    return set()


def test_the_example_names_only_facts_and_fields_that_exist() -> None:
    profile = tomllib.loads(example())
    assert list(faults(profile)) == []
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
