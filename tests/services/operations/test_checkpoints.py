"""A checkpoints file finds what the heads alone cannot: a chain that somebody computed anew, or cut off."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, select, update

from domain.facts import Stream
from services.office.office import Office
from services.operations import checkpoints
from services.records import verification
from services.records.checkpoints import DamagedCheckpoints
from services.records.recorder import START, Link, chained
from services.records.tables import fact_ids, heads, numbers, records, streams, text_keys
from services.records.vault import Vault
from tests.conftest import on_both_databases
from tests.services.commandline import Commands, fact
from tests.services.records.given import Cases, entry

Manipulation = Callable[[Connection, UUID, Link], object]


def again(conn: Connection, key: UUID, link: Link) -> None:
    """Whoever owns the database and has the link can compute the whole chain anew, and its head."""
    rows = conn.execute(select(records).where(records.c.key == key).order_by(records.c.number)).all()
    conn.execute(delete(records).where(records.c.key == key))
    hash = START
    for number, row in enumerate(rows, start=1):
        hash = chained(link, hash, key, number, row.name, row.state)
        conn.execute(records.insert().values(key=key, number=number, name=row.name, state=row.state, hash=hash))
    conn.execute(update(heads).where(heads.c.key == key).values(number=len(rows), hash=hash))


def of(key: UUID, number: int) -> Any:
    return (records.c.key == key) & (records.c.number == number)


def change(conn: Connection, key: UUID, link: Link) -> None:
    state = conn.scalar(select(records.c.state).where(of(key, 2)))
    assert state is not None
    conn.execute(update(records).where(of(key, 2)).values(state=state.replace(b"2026", b"2025")))
    again(conn, key, link)


def remove_last(conn: Connection, key: UUID, link: Link) -> None:
    conn.execute(delete(records).where(of(key, 3)))
    again(conn, key, link)


def remove_middle(conn: Connection, key: UUID, link: Link) -> None:
    conn.execute(delete(records).where(of(key, 2)))
    again(conn, key, link)


def swap(conn: Connection, key: UUID, link: Link) -> None:
    for before, after in ((1, 900), (2, 1), (900, 2)):
        conn.execute(update(records).where(of(key, before)).values(number=after))
    again(conn, key, link)


def insert(conn: Connection, key: UUID, link: Link) -> None:
    first = conn.execute(select(records).where(of(key, 1))).one()
    conn.execute(records.insert().values(key=key, number=0, name=first.name, state=first.state, hash=START))
    again(conn, key, link)


def remove_case(conn: Connection, key: UUID, link: Link) -> None:
    for table in (records, fact_ids, heads, numbers, text_keys):
        conn.execute(delete(table).where(table.c.key == key))
    conn.execute(delete(streams).where(streams.c.key == key))


def empty_case(conn: Connection, key: UUID, link: Link) -> None:
    conn.execute(delete(records).where(records.c.key == key))
    conn.execute(update(heads).where(heads.c.key == key).values(number=0, hash=START))


MANIPULATIONS: list[tuple[Manipulation, int, str]] = [
    (change, 2, verification.OTHER_THAN_WITNESSED),
    (swap, 2, verification.OTHER_THAN_WITNESSED),
    (insert, 2, verification.OTHER_THAN_WITNESSED),
    (remove_middle, 2, verification.OTHER_THAN_WITNESSED),
    (remove_last, 3, verification.WITNESSED_GONE),
    (remove_case, 1, verification.WITNESSED_GONE),
    (empty_case, 1, verification.WITNESSED_GONE),
]


@pytest.fixture
def witnessed(any_office: Office) -> UUID:
    """A case with two facts, a checkpoint, a third fact, another checkpoint; and a later case."""
    cases = Cases(any_office)
    cases.store("C-1", entry(), entry(by="fm-8"))
    checkpoints.checkpoint(any_office)
    cases.store("C-1", entry(by="fm-9"))
    assert checkpoints.checkpoint(any_office)["facts"] == 3
    cases.store("C-2", entry())
    with any_office.read() as tx:
        key = any_office.store.key(tx.conn, Stream.CASE, "C-1")
    assert key is not None
    return key


@pytest.mark.parametrize(("manipulation", "number", "why"), MANIPULATIONS)
def test_what_the_heads_no_longer_show_is_found(
    any_office: Office, witnessed: UUID, manipulation: Manipulation, number: int, why: str
) -> None:
    with any_office.write() as tx:
        manipulation(tx.conn, witnessed, any_office.vault.link)  # somebody who has the master key, too
    found = checkpoints.verify(any_office, any_office.settings.checkpoints)
    assert checkpoints.verify(any_office, None)["first_break"] == found["first_break"]
    case = witnessed.hex if manipulation is remove_case else "C-1"
    assert found["ok"] is False
    assert found["first_break"] == {"case": case, "number": number, "why": why}


def test_an_untouched_store_holds_against_the_checkpoints_and_what_came_later(
    any_office: Office, witnessed: UUID
) -> None:
    found = checkpoints.verify(any_office, any_office.settings.checkpoints)
    assert (found["ok"], found["facts"], found["checkpoint"]["facts"]) == (True, 4, 3)


def damaged(lines: list[bytes]) -> list[tuple[bytes, str]]:
    first, second = lines
    forged = first.replace(b'"facts":2', b'"facts":3')
    return [
        (first + b"\n" + second, "unvollständig"),
        (b"{}\n", r"beschädigt \(Zeile 1\)"),
        (b"\xff\xfe\n", "beschädigt"),
        (b"[" * 100_000 + b"\n", "beschädigt"),
        (forged + b"\n", "Unterschrift stimmt nicht"),
        (second + b"\n", "entfernt oder umgestellt"),
        (first + b"\n" + first + b"\n", "entfernt oder umgestellt"),
        (b"", "keinen Prüfpunkt"),
        (json.dumps(json.loads(first)).encode() + b"\n", "entfernt oder umgestellt"),
    ]


@pytest.mark.parametrize("number", range(9))
def test_a_damaged_or_forged_file_is_one_sentence(office: Office, tmp_path: Path, number: int) -> None:
    Cases(office).store("C-1", entry(), entry())
    for _ in range(2):
        checkpoints.checkpoint(office)
    content, said = damaged(office.settings.checkpoints.read_bytes().splitlines())[number]
    (tmp_path / "x.jsonl").write_bytes(content)
    with pytest.raises(DamagedCheckpoints, match=said):
        checkpoints.verify(office, tmp_path / "x.jsonl")


def test_a_file_signed_with_another_key_proves_nothing(office: Office, tmp_path: Path) -> None:
    checkpoints.checkpoint(office)
    stranger = Office(office.settings, office.engine, Vault(tmp_path / "other.key"))
    with pytest.raises(DamagedCheckpoints, match="anderen Schlüssel"):
        checkpoints.verify(stranger, office.settings.checkpoints)
    with pytest.raises(DamagedCheckpoints, match="anderen Schlüssel"):
        checkpoints.checkpoint(stranger)


def test_what_a_crash_left_of_a_line_is_cut_off_by_the_next(office: Office) -> None:
    checkpoints.checkpoint(office)
    with office.settings.checkpoints.open("ab") as file:
        file.write(b'{"kind":"checkpo')
    checkpoints.checkpoint(office)
    assert checkpoints.verify(office, office.settings.checkpoints)["ok"] is True
    assert office.settings.checkpoints.stat().st_mode & 0o777 == 0o600


def test_there_is_one_checkpoint_a_day(any_office: Office) -> None:
    assert [checkpoints.checkpoint_of_day(any_office) for _ in range(3)] == [True, False, False]
    assert len(any_office.settings.checkpoints.read_bytes().splitlines()) == 1


@on_both_databases
def test_the_commands_write_and_hold_against_checkpoints(commands: Commands) -> None:
    file = commands.folder / "data" / "checkpoints.jsonl"
    assert commands("verify", file).status == 1
    assert commands("verify", file).err == f"{file} gibt es nicht.\n"
    commands.imports(fact("case-opened", "2020-01-02", data={"unit": "56.4"}))
    after_import = commands.json("verify", file)
    assert after_import["checkpoint"]["facts"] == 1
    assert "keinen Prüfpunkt" not in commands("verify", file).err
    answer = commands.json("checkpoint")
    assert {"at", "facts", "root"} <= answer.keys()
    assert commands.json("verify", file)["checkpoint"] == {key: answer[key] for key in ("at", "facts", "root")}
    file.write_bytes(b"x\n")
    said = commands("verify", file, "--format", "json")
    assert (said.status, said.out, said.err.count("\n")) == (1, "", 1)
    again = commands.imports(fact("case-closed", "2020-01-05"))
    assert (again.status, again.json["added"]) == (1, 1)
    assert "ohne Prüfpunkt" in again.err
