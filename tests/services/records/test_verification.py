"""Every manipulation of stored facts is found and named, in the database file as an owner could do it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, Connection, delete, select, update

from domain.facts import Stream
from services.office.office import Office
from services.records import bindings, erasures, verification
from services.records.tables import fact_ids, heads, numbers, records, streams, text_keys
from tests.services.records.given import entry

Manipulation = Callable[[Connection, UUID, UUID], object]


def of(key: UUID, number: int) -> ColumnElement[bool]:
    return (records.c.key == key) & (records.c.number == number)


def swap(conn: Connection, key: UUID, other: UUID) -> None:
    for before, after in ((2, 900), (3, 2), (900, 3)):
        conn.execute(update(records).where(of(key, before)).values(number=after))


def change(conn: Connection, key: UUID, other: UUID) -> None:
    state = conn.scalar(select(records.c.state).where(of(key, 2)))
    assert state is not None
    conn.execute(update(records).where(of(key, 2)).values(state=state.replace(b"2026", b"2025")))


def rename(conn: Connection, key: UUID, other: UUID) -> None:
    conn.execute(update(records).where(of(key, 2)).values(name="appointment-held"))


def remove(conn: Connection, key: UUID, other: UUID) -> None:
    conn.execute(delete(records).where(of(key, 2)))


def remove_first(conn: Connection, key: UUID, other: UUID) -> None:
    conn.execute(delete(records).where(of(key, 1)))


def remove_last(conn: Connection, key: UUID, other: UUID) -> None:
    conn.execute(delete(records).where(of(key, 3)))


def remove_all(conn: Connection, key: UUID, other: UUID) -> None:
    conn.execute(delete(records).where(records.c.key == key))


def remove_last_and_turn_back_the_number(conn: Connection, key: UUID, other: UUID) -> None:
    remove_last(conn, key, other)
    conn.execute(update(heads).where(heads.c.key == key).values(number=2))


def move(conn: Connection, key: UUID, other: UUID) -> None:
    conn.execute(update(records).where(of(key, 3)).values(key=other, number=2))


def behead(conn: Connection, key: UUID, other: UUID) -> None:
    conn.execute(delete(heads).where(heads.c.key == key))


def behead_and_remove_all(conn: Connection, key: UUID, other: UUID) -> None:
    remove_all(conn, key, other)
    behead(conn, key, other)


def forge_head(conn: Connection, key: UUID, other: UUID) -> None:
    conn.execute(update(heads).where(heads.c.key == key).values(hash=bytes(32)))


CASES: list[tuple[Manipulation, int, str]] = [
    (change, 2, verification.CHANGED),
    (rename, 2, verification.CHANGED),
    (swap, 2, verification.CHANGED),
    (remove, 3, verification.GAP),
    (remove_first, 2, verification.GAP),
    (remove_last, 3, verification.LAST_GONE),
    (remove_all, 1, verification.LAST_GONE),
    (remove_last_and_turn_back_the_number, 2, verification.HEAD_CHANGED),
    (forge_head, 3, verification.HEAD_CHANGED),
    (behead, 1, verification.NO_HEAD),
    (behead_and_remove_all, 1, verification.NO_HEAD),
]


@pytest.fixture
def keys(any_office: Office) -> list[UUID]:
    """Two cases: C-1 with three facts, C-2 with one."""
    store = any_office.store
    with any_office.write() as tx:
        keys = store.open_streams(tx.conn, Stream.CASE, ["C-1", "C-2"])
        store.append(tx.conn, keys["C-1"], [entry(), entry(), entry()], any_office.now())
        store.append(tx.conn, keys["C-2"], [entry()], any_office.now())
    return [keys["C-1"], keys["C-2"]]


@pytest.mark.parametrize(("manipulation", "number", "why"), CASES)
def test_a_manipulation_is_found(
    any_office: Office, keys: list[UUID], manipulation: Manipulation, number: int, why: str
) -> None:
    with any_office.write() as tx:
        manipulation(tx.conn, *keys)
        found = any_office.store.verify(tx.conn)
    assert found["ok"] is False
    assert found["first_break"] == {"case": "C-1", "number": number, "why": why}


def test_a_record_moved_to_another_case_is_found(any_office: Office, keys: list[UUID]) -> None:
    with any_office.write() as tx:
        move(tx.conn, *keys)
        assert any_office.store.verify(tx.conn)["ok"] is False


def test_an_untouched_database_is_right(any_office: Office, keys: list[UUID]) -> None:
    with any_office.read() as tx:
        found = any_office.store.verify(tx.conn)
    assert found == {"ok": True, "facts": 4, "cases": 2, "checkpoint": None, "first_break": None}


def test_an_erased_case_breaks_nothing(any_office: Office, keys: list[UUID]) -> None:
    with any_office.write() as tx:
        erasures.erase(tx.conn, any_office.vault, keys[0], "C-1", any_office.now())
        assert any_office.store.verify(tx.conn)["ok"] is True


def exchange(conn: Connection, first: UUID, other: UUID) -> None:
    for key, number in ((first, "C-0"), (other, "C-1"), (first, "C-2")):
        rename(conn, key, number)


def rename(conn: Connection, key: UUID, number: str) -> None:
    conn.execute(update(numbers).where(numbers.c.key == key).values(number=number))


def give_key(conn: Connection, first: UUID, other: UUID) -> None:
    wrapped = conn.scalar(select(text_keys.c.wrapped).where(text_keys.c.key == other))
    conn.execute(update(text_keys).where(text_keys.c.key == first).values(wrapped=wrapped))


NUMBERS: list[tuple[Manipulation, str]] = [
    (exchange, bindings.OTHER_NUMBER),
    (lambda conn, key, _: rename(conn, key, "C-3"), bindings.OTHER_NUMBER),
    (lambda conn, key, _: conn.execute(delete(numbers).where(numbers.c.key == key)), bindings.NO_NUMBER),
    (lambda conn, key, _: conn.execute(delete(text_keys).where(text_keys.c.key == key)), bindings.NO_KEY),
    (give_key, bindings.NO_KEY),
    (lambda conn, key, _: conn.execute(delete(fact_ids).where(fact_ids.c.key == key)), bindings.OTHER_NUMBER),
    (lambda conn, key, _: conn.execute(update(streams).where(streams.c.key == key).values(kind="unit")),
     bindings.OTHER_NUMBER),
]  # fmt: skip


@pytest.mark.parametrize(("manipulation", "why"), NUMBERS)
def test_facts_under_another_number_are_found(
    any_office: Office, keys: list[UUID], manipulation: Manipulation, why: str
) -> None:
    with any_office.write() as tx:
        manipulation(tx.conn, *keys)
        assert any_office.store.verify(tx.conn)["first_break"]["why"] == why


def test_an_erased_case_under_another_code_is_found(any_office: Office, keys: list[UUID]) -> None:
    with any_office.write() as tx:
        erasures.erase(tx.conn, any_office.vault, keys[0], "C-1", any_office.now())
        rename(tx.conn, keys[0], "C-1")
        assert any_office.store.verify(tx.conn)["first_break"]["why"] == bindings.OTHER_NUMBER


def test_a_case_that_is_gone_with_its_stream_is_found_by_its_records(any_office: Office, keys: list[UUID]) -> None:
    with any_office.write() as tx:
        for table in (heads, numbers):
            tx.conn.execute(delete(table).where(table.c.key == keys[0]))
        any_office.vault.destroy(tx.conn, keys[0])
        tx.conn.execute(delete(streams).where(streams.c.key == keys[0]))
        found = any_office.store.verify(tx.conn)
    assert found["first_break"] == {"case": keys[0].hex, "number": 1, "why": verification.NO_STREAM}
