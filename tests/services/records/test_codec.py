"""Every fact of the catalogue comes back as it was written, and its stored bytes hold nothing that its marks forbid."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from msgspec import inspect, structs

from domain.facts import FACTS, Mark, marks, name_of, schema_version, stream_of
from domain.facts.base import in_rows
from domain.facts.case import CaseOpened
from domain.facts.correction import FactCorrected
from domain.records import Record
from services.records.codec import Codec
from services.records.vault import Cipher

DAY = dt.date(2026, 3, 2)
MOMENT = dt.datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=dt.UTC)
KEY = uuid4()
PERSON = uuid4().hex
WORDS = {mark: mark.value.upper() for mark in Mark if mark is not Mark.CODE}


def ref(text: str) -> str:
    return "r" + format(sum(text.encode()), "032x")


def filled(kind: inspect.Type) -> Any:
    """Some value of a type."""
    match kind:
        case inspect.UnionType():
            return filled(kind.types[0])
        case inspect.Metadata():
            return filled(kind.type)
        case inspect.LiteralType():
            return kind.values[0]
        case inspect.ListType():
            return [filled(kind.item_type)]
        case inspect.DictType():
            return {"grund": "TEXT in einer Berichtigung", "worker": "PERSON"}
        case inspect.IntType():
            return kind.ge or 1
    return {inspect.BoolType: True, inspect.FloatType: 1.5, inspect.DateType: DAY, inspect.StrType: "code"}[type(kind)]


def record(name: str, *, full: bool) -> Record:
    """A record of a fact with all its fields, or with those it must have; marked fields say how they are marked."""
    info = inspect.type_info(FACTS[name])
    assert isinstance(info, inspect.StructType)
    values: dict[str, Any] = {f.name: filled(f.type) for f in info.fields if full or f.required}
    marked = {field: WORDS[mark] for field, mark in marks(name).items() if field in values and mark in WORDS}
    values |= {field: [word] if isinstance(values[field], list) else word for field, word in marked.items()}
    return Record(
        ref=ref("ID"),
        id="ID",
        number=3,
        on=DAY,
        recorded_at=MOMENT,
        stored_at=MOMENT,
        by="PERSON",
        correlation_id="c",
        fact=FACTS[name](**values),
        schema_version=schema_version(name),
        recorded_unknown=full,
    )


def codec(name: str, *, with_text: bool = True) -> Codec:
    return Codec(
        ref,
        {KEY: Cipher(bytes(32))},
        kinds={KEY: stream_of(name)},
        people={"PERSON": PERSON},
        persons={PERSON: "PERSON"},
        with_text=with_text,
    )


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("name", FACTS)
def test_a_fact_comes_back_as_it_was_written(name: str, full: bool) -> None:
    written = record(name, full=full)
    state = codec(name).encode(KEY, written)
    assert codec(name).decode(KEY, 3, name, state) == written


@pytest.mark.parametrize("name", FACTS)
def test_the_bytes_hold_nothing_that_is_marked(name: str) -> None:
    state = codec(name).encode(KEY, record(name, full=True))
    structure = msgspec.json.decode(state)
    del structure["sealed"]
    clear = str(structure)
    assert [word for word in [*WORDS.values(), "'ID'"] if word in clear] == []


@pytest.mark.parametrize("name", FACTS)
def test_the_structure_is_a_fact_of_its_own(name: str) -> None:
    state = codec(name).encode(KEY, record(name, full=True))
    plain = Codec(ref, {}, with_text=False).decode(KEY, 3, name, state)
    assert type(plain.fact) is FACTS[name]
    assert (plain.ref, plain.id, plain.by, plain.on) == (ref("ID"), ref("ID"), PERSON, DAY)
    assert Codec(ref, {}, persons={}).decode(KEY, 3, name, state) == plain


@pytest.mark.parametrize("name", FACTS)
def test_without_texts_the_key_adds_what_rows_may_hold_and_no_more(name: str) -> None:
    state = codec(name).encode(KEY, record(name, full=True))
    plain = Codec(ref, {}, with_text=False).decode(KEY, 3, name, state)
    read = codec(name, with_text=False).decode(KEY, 3, name, state)
    assert structs.replace(read, fact=plain.fact) == plain
    added = {field for field in plain.fact.__struct_fields__ if getattr(read.fact, field) != getattr(plain.fact, field)}
    assert added <= (in_rows(name) | {"data"} if name == "fact-corrected" else in_rows(name))


def test_a_trait_that_was_stored_in_clear_is_read_with_the_key_alone() -> None:
    """Records of before decision 0007 hold it in clear, in the fact and in corrections."""
    changed = {"gender": "m", "data": {"birth_year": 1988}}
    for fact, held, left in (
        (CaseOpened(unit="56.4"), {"gender": "w", "birth_year": 1987}, CaseOpened(unit="56.4")),
        (FactCorrected(target=ref("T"), reason="", data={}), {"data": changed}, {"data": {}}),
    ):
        name = name_of(fact)
        written = structs.replace(record(name, full=False), fact=fact)
        state = msgspec.json.decode(codec(name).encode(KEY, written))
        state["data"] |= held
        old = msgspec.json.encode(state)
        assert structs.replace(fact, **held) == codec(name).decode(KEY, 3, name, old).fact
        bare = left if isinstance(left, CaseOpened) else structs.replace(fact, data=left)
        assert codec(name, with_text=False).decode(KEY, 3, name, old).fact == structs.replace(fact, **held)
        assert Codec(ref, {}, with_text=False).decode(KEY, 3, name, old).fact == bare
        assert Codec(ref, {}).decode(KEY, 3, name, old).fact == bare


def test_a_sealed_text_opens_at_its_own_place_only() -> None:
    state = codec("case-closed").encode(KEY, record("case-closed", full=True))
    moved = codec("case-closed").decode(KEY, 4, "case-closed", state)
    assert moved.id == ref("ID")
