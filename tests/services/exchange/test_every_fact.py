"""Every fact with all that it can say goes in, out and in again, and takes nothing with it (Vertrag 2)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from domain.facts import FACTS, Stream, stream_of
from tests.conftest import on_both_databases
from tests.samples import MODIFIERS, START, all_fields, values
from tests.services.commandline import NOW, Commands

Line = dict[str, Any]
WHOSE = {Stream.CASE: "C-1", Stream.PERSON: "fm-7", Stream.UNIT: "56.4", Stream.OFFICE: "rules"}
PLAIN = [name for name in FACTS if name not in MODIFIERS]


@pytest.fixture(autouse=True)
def _now(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FALLVERLAUF_NOW", NOW)


def line(name: str, id: str, data: Line, stream: Stream | None = None) -> Line:
    stream = stream or stream_of(name)
    envelope = {"id": id, stream.value: WHOSE[stream], "fact": name, "on": START.isoformat()}
    return envelope | {"recorded_at": "2024-01-15T09:00:00+01:00", "by": "fm-7", "data": data}


def whole(name: str) -> Line:
    """The data of a fact in which every field says something."""
    return {field.name: values(field, START)[-1] for field in all_fields(name)}


def one_by_one() -> Iterator[Line]:
    """Every fact bare, with all of its fields, and with each of its optional ones alone."""
    for name in PLAIN:
        full = whole(name)
        bare = {field.name: full[field.name] for field in all_fields(name) if field.required}
        yield line(name, f"{name}:bare", bare)
        yield line(name, f"{name}:whole", full)
        for field in full.keys() - bare.keys():
            yield line(name, f"{name}:{field}", bare | {field: full[field]})


def corrections() -> Iterator[Line]:
    """A correction of each fact that changes each of its fields, a correction of that, and a withdrawal."""
    for name in PLAIN:
        stream = stream_of(name)
        changed = {field.name: values(field, START)[0] for field in all_fields(name)}
        first = {"target": f"{name}:whole", "reason": "Versehen.", "on": "2024-01-14", "data": changed}
        yield line("fact-corrected", f"{name}:1", first, stream)
        again = {"target": f"{name}:1", "reason": "Doch.", "data": {"reason": "Anders.", "data": changed}}
        yield line("fact-corrected", f"{name}:2", again, stream)
        yield line("fact-withdrawn", f"{name}:3", {"target": f"{name}:bare", "reason": "Nie."}, stream)


def exported(commands: Commands, *options: str) -> dict[str, Line]:
    commands.json("export", "--as", "jsonl", commands.folder / "out.jsonl", *options)
    lines = map(json.loads, (commands.folder / "out.jsonl").read_text(encoding="utf-8").splitlines())
    return {line["id"]: line for line in lines}


@on_both_databases
@pytest.mark.parametrize("options", [("--with-text",), ()])
def test_every_field_of_every_fact_goes_in_out_and_in_again(
    commands: Commands, move: Callable[[str], None], options: tuple[str, ...]
) -> None:
    lines = [*one_by_one(), *corrections()]
    assert commands.imports(*lines).json["rejected"] == []
    first = exported(commands, *options)
    if options:
        assert {id: line["data"] for id, line in first.items()} == {line["id"]: line["data"] for line in lines}
    move("other")
    taken = commands.json("import", commands.folder / "out.jsonl")
    assert (taken["added"], taken["rejected"], taken["waiting"]) == (len(lines), [], 0)
    assert exported(commands, *options) == first
    assert commands.json("import", commands.folder / "out.jsonl")["known"] == len(lines)
