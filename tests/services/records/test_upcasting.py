"""A record that was stored long ago reads as today's fact; its stored bytes are never touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec import Struct
from sqlalchemy import insert, update

from domain.facts import FACTS, Fact, Stream, base, upcast
from domain.facts.base import Fields, Text
from domain.facts.case import Strategy
from domain.facts.correction import FactCorrected
from domain.facts.strategy import StrategyBarSet
from domain.knowledge import known
from domain.records import Record
from services.records import codec as codecs
from services.records import plans
from services.records.codec import Codec
from services.records.identity import sealed_id
from services.records.recorder import START, chained
from services.records.tables import fact_ids, heads, records
from services.records.vault import Cipher
from tests.services.records.given import Cases, entry

FROZEN = Path(__file__).with_name("frozen.json")
NAME = "strategy-bar-set"


class Frozen(Struct):
    """A record as version 1 has stored it."""

    key: UUID
    number: int
    state: bytes

    def read(self, **more: Any) -> Record:
        ciphers = {self.key: Cipher(bytes(32))}
        return Codec(str, ciphers, persons={"7".zfill(32): "fm-7"}, **more).decode(
            self.key, self.number, NAME, self.state
        )


@pytest.fixture
def frozen() -> Frozen:
    found = json.loads(FROZEN.read_text(encoding="utf-8"))
    return Frozen(UUID(found["key"]), found["number"], json.dumps(found["state"]).encode())


class StrategyBarSetLater(Fact, frozen=True, kw_only=True):
    """What the fact might become: other names, and a field more."""

    goal: Strategy
    origin: str
    why: Text | None = None


@pytest.fixture
def version_three(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The programme after two changes of the fact's fields."""
    caches = (base.marks, base.marked_anywhere, plans.plan, codecs.decoder)
    monkeypatch.setitem(FACTS, NAME, StrategyBarSetLater)
    monkeypatch.setitem(base._NAMES, StrategyBarSetLater, NAME)
    monkeypatch.setitem(base._SCHEMA_VERSIONS, NAME, 3)
    monkeypatch.setattr(base, "_UPCASTS", {})

    @upcast(NAME, 1)
    def renamed(fields: Fields) -> Fields:
        rest = {field: value for field, value in fields.items() if field not in ("strategy", "rationale")}
        return {**rest, "goal": fields["strategy"], "why": fields.get("rationale")}

    @upcast(NAME, 2)
    def with_origin(fields: Fields) -> Fields:
        migrated = fields.get("migrated", False)
        rest = {field: value for field, value in fields.items() if field != "migrated"}
        return {**rest, "origin": "migration" if migrated else "desk"}

    for one in caches:
        one.cache_clear()
    yield
    monkeypatch.undo()
    for one in caches:
        one.cache_clear()


def test_version_one_reads_as_it_was_written(frozen: Frozen) -> None:
    found = frozen.read()
    assert (found.id, found.by, found.schema_version) == ("q:1", "fm-7", 1)
    assert found.fact == StrategyBarSet(strategy="integration", migrated=True, rationale="wegen der Stelle")


@pytest.mark.usefixtures("version_three")
def test_an_old_version_reads_as_the_new_one_through_every_step(frozen: Frozen) -> None:
    found = frozen.read()
    assert (found.id, found.by, found.schema_version) == ("q:1", "fm-7", 1)
    assert found.fact == StrategyBarSetLater(goal="integration", why="wegen der Stelle", origin="migration")


@pytest.mark.usefixtures("version_three")
def test_the_structure_in_clear_is_lifted_without_a_key(frozen: Frozen) -> None:
    found = frozen.read(with_text=False)
    assert found.fact == StrategyBarSetLater(goal="integration", why="", origin="migration")


@pytest.mark.usefixtures("version_three")
def test_it_lies_in_the_store_as_before_and_verifies(any_cases: Cases, frozen: Frozen) -> None:
    with any_cases.office.write() as tx:
        key = any_cases.office.store.open_stream(tx.conn, Stream.CASE, "C-1")
        hash = chained(any_cases.office.vault.link, START, key, 1, NAME, frozen.state)
        row = {"key": key, "number": 1, "name": NAME, "state": frozen.state, "hash": hash}
        tx.conn.execute(insert(records).values(row))
        ref = msgspec.json.decode(frozen.state)["ref"]
        tx.conn.execute(insert(fact_ids).values(sealed_id(any_cases.office.vault, ref, key, 1, bytes(32))))
        tx.conn.execute(update(heads).where(heads.c.key == key).values(number=1, hash=hash))
    (old,) = any_cases.read("C-1", with_text=False)
    assert old.fact == StrategyBarSetLater(goal="integration", why="", origin="migration")
    assert any_cases.verify()["ok"]


def test_corrections_count_in_the_names_of_their_time_and_of_today(
    any_cases: Cases, request: pytest.FixtureRequest
) -> None:
    def corrected(**data: Any) -> None:
        any_cases.store("C-1", entry(FactCorrected(target="q:1", reason="Tippfehler", data=data)))

    def counts(*, with_text: bool = True) -> Fact:
        (found,) = known(any_cases.read("C-1", with_text=with_text))
        return found.fact

    any_cases.store("C-1", entry(StrategyBarSet(strategy="integration", rationale="alt"), id="q:1"))
    corrected(strategy="entwicklung", rationale="neu", migrated=True)
    request.getfixturevalue("version_three")
    assert counts() == StrategyBarSetLater(goal="entwicklung", why="neu", origin="migration")
    assert counts(with_text=False) == StrategyBarSetLater(goal="entwicklung", why="", origin="migration")
    corrected(goal="grundbetreuung-passiv", why=None)
    assert counts() == StrategyBarSetLater(goal="grundbetreuung-passiv", origin="migration")
