"""Whoever can write to the database and has no master key: every way to forge is found by `verify` and named."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Table, delete, func, select, update

from domain.facts import Stream
from services.followups import lifecycle
from services.office.office import Office
from services.operations import checkpoints, erasure
from services.people import sessions, views
from services.records import access_log, bindings, remembered, seals, verification, witnesses
from services.records import erasures as erasure_list
from services.records.checkpoints import BackInTime
from services.records.recorder import START, chained, without_key
from services.records.tables import (
    blind_index,
    due_rows,
    erasures,
    fact_ids,
    followups,
    heads,
    marks,
    messages,
    numbers,
    records,
    segments,
    spans,
    streams,
    text_keys,
    vault,
)
from services.records.tables import sessions as sessions_table
from services.records.tables import views as views_table
from services.records.vault import PERSON_ID
from tests.services import keeping
from tests.services.commandline import fact
from tests.services.keeping import CASE, OTHER
from tests.services.records.given import Cases, entry

Forgery = Callable[[Connection, UUID], object]


def fill_and_erase(office: Office) -> None:
    """Two cases with follow-ups, and one that was erased."""
    keeping.fill(office)
    Cases(office).store("G-9", entry(), entry())
    lifecycle.issue_due(office, office.today(), office.now())
    erasure.erase(office, "G-9")


@pytest.fixture
def filled(any_office: Office) -> Office:
    """Two cases, follow-ups, an erased one, a log-in, an access log; and a checkpoint over all that."""
    fill_and_erase(any_office)
    with any_office.write() as tx:
        sessions.start(tx.conn, tx.office.vault, "a" * 32, tx.now)
        for _ in range(3):
            seen = views.of_case("a" * 32, _key(tx.conn, any_office), "quality", tx.now)
            views.note(tx.conn, tx.office.vault, [seen])
    checkpoints.checkpoint(any_office)
    return any_office


def _key(conn: Connection, office: Office) -> UUID:
    return office.store.keys(conn, Stream.CASE, [CASE])[CASE]


def of(key: UUID, number: int) -> Any:
    return (records.c.key == key) & (records.c.number == number)


def again(conn: Connection, key: UUID) -> None:
    """Computes the chain of a stream anew with the hash that needs no key, and its head."""
    hash, number = START, 0
    rows = conn.execute(select(records).where(records.c.key == key).order_by(records.c.number)).all()
    conn.execute(delete(records).where(records.c.key == key))
    for number, row in enumerate(rows, start=1):
        hash = chained(without_key, hash, key, number, row.name, row.state)
        conn.execute(records.insert().values(key=key, number=number, name=row.name, state=row.state, hash=hash))
    conn.execute(update(heads).where(heads.c.key == key).values(number=number, hash=hash))


def change(conn: Connection, key: UUID) -> None:
    state = conn.scalar(select(records.c.state).where(of(key, 2)))
    assert state is not None
    conn.execute(update(records).where(of(key, 2)).values(state=state.replace(b"2026", b"2025")))


def swap(conn: Connection, key: UUID) -> None:
    for before, after in ((2, 900), (3, 2), (900, 3)):
        conn.execute(update(records).where(of(key, before)).values(number=after))


def reorder_and_hash(conn: Connection, key: UUID) -> None:
    swap(conn, key)
    again(conn, key)


def cut(conn: Connection, key: UUID) -> None:
    """Takes the last fact away and turns the head back to what the fact before it shows."""
    last = conn.scalar(select(func.max(records.c.number)).where(records.c.key == key)) or 0
    conn.execute(delete(records).where(of(key, last)))
    conn.execute(delete(fact_ids).where(fact_ids.c.key == key, fact_ids.c.number == last))
    hash = conn.scalar(select(records.c.hash).where(of(key, last - 1)))
    conn.execute(update(heads).where(heads.c.key == key).values(number=last - 1, hash=hash))


def _append(conn: Connection, key: UUID, name: str, state: bytes) -> None:
    head = conn.execute(select(heads.c.number, heads.c.hash).where(heads.c.key == key)).one()
    hash = chained(without_key, head.hash, key, head.number + 1, name, state)
    conn.execute(records.insert().values(key=key, number=head.number + 1, name=name, state=state, hash=hash))
    conn.execute(update(heads).where(heads.c.key == key).values(number=head.number + 1, hash=hash))


def append(conn: Connection, key: UUID) -> None:
    """A bar in somebody's name, as like a genuine one as can be."""
    row = conn.execute(select(records.c.name, records.c.state).where(of(key, 2))).one()
    _append(conn, key, row.name, row.state)


def foreign(conn: Connection, key: UUID) -> None:
    """Another case's ciphertext in the place of this case's."""
    other = conn.execute(select(records.c.name, records.c.state).where(records.c.key != key).limit(1)).one()
    conn.execute(update(records).where(of(key, 2)).values(name=other.name, state=other.state))
    again(conn, key)


def forged_role(conn: Connection, key: UUID) -> None:
    """The role QS for a person, written as the codec writes it, without the person's key."""
    person = conn.scalar(select(text_keys.c.key).where(text_keys.c.key != key).order_by(text_keys.c.key).limit(1))
    assert person is not None
    at = "2026-01-01T00:00:00Z"
    clear = {"ref": "r" + "0" * 32, "on": "2026-01-01", "recorded_at": at, "stored_at": at, "by": "admin"}
    clear |= {"correlation_id": "x", "data": {"role": "qs"}, "sealed": ""}
    _append(conn, person, "role-assigned", json.dumps(clear).encode())


def exchange_vault(conn: Connection, key: UUID) -> None:
    row = conn.execute(select(vault).where(vault.c.key == key).limit(1)).one()
    conn.execute(update(vault).where(vault.c.key == row.key, vault.c.field == row.field).values(ciphertext=b"x" * 40))


def another_person(conn: Connection, key: UUID) -> None:
    """Two persons, each under the other's reference."""
    (first, one), (second, two) = conn.execute(
        select(numbers.c.key, numbers.c.number).where(numbers.c.kind == Stream.PERSON).limit(2)
    ).all()
    for of, number in ((first, "-"), (second, one), (first, two)):
        conn.execute(update(numbers).where(numbers.c.key == of).values(number=number))


def person_in_clear(conn: Connection, key: UUID) -> None:
    """As an older version named people."""
    one = conn.scalar(select(numbers.c.key).where(numbers.c.kind == Stream.PERSON).limit(1))
    conn.execute(update(numbers).where(numbers.c.key == one).values(number="tl-1"))


def empty(table: Table) -> Forgery:
    return lambda conn, _: conn.execute(delete(table))


def insert_session(conn: Connection, key: UUID) -> None:
    at = dt.datetime.now(dt.UTC)
    given = {"token": "0" * 64, "person": "b" * 32, "csrf": "c", "started_at": at, "seen_at": at, "seal": b"x" * 16}
    conn.execute(sessions_table.insert().values(given))


def views_numbered(conn: Connection) -> list[int]:
    return list(conn.scalars(select(views_table.c.number).order_by(views_table.c.number)))


def cut_log(conn: Connection, key: UUID) -> None:
    conn.execute(delete(views_table).where(views_table.c.number == views_numbered(conn)[-1]))


def hole_in_log(conn: Connection, key: UUID) -> None:
    conn.execute(delete(views_table).where(views_table.c.number == views_numbered(conn)[1]))


def empty_log(conn: Connection, key: UUID) -> None:
    conn.execute(delete(views_table))
    conn.execute(delete(marks).where(marks.c.name == access_log.ANCHOR))


def move_beginning(conn: Connection, key: UUID) -> None:
    first = conn.execute(select(views_table.c.number, views_table.c.hash).order_by(views_table.c.number)).first()
    assert first is not None
    conn.execute(delete(views_table).where(views_table.c.number == first.number))
    anchor = f"{first.number}:{first.hash.hex()}:{'0' * 32}"
    conn.execute(update(marks).where(marks.c.name == access_log.ANCHOR).values(value=anchor))


def change_id(conn: Connection, key: UUID) -> None:
    conn.execute(update(fact_ids).where(fact_ids.c.key == key, fact_ids.c.number == 2).values(content=b"x" * 32))


def swap_ids(conn: Connection, key: UUID) -> None:
    for before, after in ((2, 900), (3, 2), (900, 3)):
        mine = (fact_ids.c.key == key) & (fact_ids.c.number == before)
        conn.execute(update(fact_ids).where(mine).values(number=after))


def forged_message(conn: Connection, key: UUID) -> None:
    one = conn.scalar(select(messages.c.id).limit(1))
    conn.execute(update(messages).where(messages.c.id == one).values(recipient="f" * 32))


def of_erased(conn: Connection) -> UUID:
    key = conn.scalar(select(streams.c.key).where(streams.c.erased_at.is_not(None)))
    assert key is not None
    return key


def put_back(table: Table, **row: object) -> Forgery:
    """A row about an erased person, as an older copy of the database holds it."""
    return lambda conn, _: conn.execute(table.insert().values(key=of_erased(conn), **row))


FORGERIES: dict[str, tuple[Forgery, str]] = {
    "change": (change, verification.CHANGED),
    "change and hash": (lambda conn, key: (change(conn, key), again(conn, key)), verification.CHANGED),
    "hash alone": (again, verification.CHANGED),
    "swap": (swap, verification.CHANGED),
    "reorder and hash": (reorder_and_hash, verification.CHANGED),
    "remove": (lambda conn, key: conn.execute(delete(records).where(of(key, 2))), verification.GAP),
    "cut": (cut, verification.WITNESSED_GONE),
    "append": (append, verification.CHANGED),
    "foreign ciphertext": (foreign, verification.CHANGED),
    "forged role": (forged_role, verification.CHANGED),
    "vault emptied": (empty(vault), seals.NAMES_CHANGED),
    "vault exchanged": (exchange_vault, seals.NAMES_CHANGED),
    "another person": (another_person, bindings.OTHER_NUMBER),
    "a person in clear": (person_in_clear, bindings.OTHER_NUMBER),
    "ids of persons gone": (
        lambda conn, _: conn.execute(delete(vault).where(vault.c.field == PERSON_ID)),
        seals.NAMES_CHANGED,
    ),
    "keys emptied": (empty(text_keys), bindings.NO_KEY),
    "blind index emptied": (empty(blind_index), seals.INDEX_CHANGED),
    "log cut": (cut_log, access_log.CUT),
    "log with a hole": (hole_in_log, access_log.GAP),
    "log emptied": (empty_log, access_log.CUT),
    "log begins later": (move_beginning, access_log.ANCHOR_CHANGED),
    "log changed": (lambda conn, _: conn.execute(update(views_table).values(person="c" * 32)), access_log.CHANGED),
    "follow-ups deleted": (empty(followups), witnesses.ROW_GONE),
    "messages deleted": (empty(messages), witnesses.ROW_GONE),
    "message to another": (forged_message, witnesses.ROW_GONE),
    "erasures deleted": (empty(erasures), witnesses.ERASURE_GONE),
    "erasure of long ago": (
        lambda conn, _: conn.execute(update(erasures).values(at=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))),
        erasure_list.ALTERED,
    ),
    "erasure inserted": (
        lambda conn, _: conn.execute(
            erasures.insert().values(number="f" * 64, at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        ),
        erasure_list.ALTERED,
    ),
    "erasure of long ago, seal gone": (
        lambda conn, _: (
            conn.execute(update(erasures).values(at=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))),
            conn.execute(delete(marks).where(marks.c.name == erasure_list.MARK)),
        ),
        erasure_list.ALTERED,
    ),
    "file forgotten": (
        lambda conn, _: conn.execute(delete(marks).where(marks.c.name == remembered.MARK)),
        remembered.FORGOTTEN,
    ),
    "file remembered otherwise": (
        lambda conn, _: conn.execute(update(marks).where(marks.c.name == remembered.MARK).values(value="1:a:b")),
        remembered.FORGOTTEN,
    ),
    "session inserted": (insert_session, seals.SESSION_FORGED),
    "session of another": (
        lambda conn, _: conn.execute(update(sessions_table).values(person="b" * 32)),
        seals.SESSION_FORGED,
    ),
    "key put back": (put_back(text_keys, wrapped=b"x" * 60), seals.PUT_BACK),
    "name put back": (put_back(vault, field="last_name", ciphertext=b"x" * 40), seals.PUT_BACK),
    "word put back": (put_back(blind_index, word="x"), seals.PUT_BACK),
    "id changed": (change_id, seals.ID_CHANGED),
    "ids swapped": (swap_ids, seals.ID_CHANGED),
    "id gone": (
        lambda conn, key: conn.execute(delete(fact_ids).where(fact_ids.c.key == key, fact_ids.c.number == 2)),
        seals.ID_GONE,
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_found_and_named(filled: Office, name: str) -> None:
    forge, why = FORGERIES[name]
    assert checkpoints.verify(filled, None)["first_break"] is None
    with filled.write() as tx:
        forge(tx.conn, _key(tx.conn, filled))
    found = checkpoints.verify(filled, None)
    assert (found["ok"], found["first_break"]["why"]) == (False, why)


@pytest.mark.parametrize("name", ["change and hash", "append", "forged role", "foreign ciphertext", "cut"])
def test_no_checkpoint_bears_witness_of_a_forgery(filled: Office, name: str) -> None:
    before = filled.settings.checkpoints.read_bytes()
    with filled.write() as tx:
        FORGERIES[name][0](tx.conn, _key(tx.conn, filled))
    with pytest.raises(checkpoints.NotWitnessed, match=r"Kein Prüfpunkt: Der Bestand wurde verändert: .*Eintrag \d+"):
        checkpoints.checkpoint(filled)
    assert filled.settings.checkpoints.read_bytes() == before


@pytest.mark.parametrize("table", [segments, due_rows, spans], ids=lambda table: str(table.name))
def test_lists_that_were_altered_are_found_by_their_rebuild(filled: Office, table: Table) -> None:
    with filled.write() as tx:
        tx.conn.execute(delete(table).where(table.c.id == select(func.min(table.c.id)).scalar_subquery()))
    found = checkpoints.verify(filled, None, lists=True)
    assert (found["ok"], [one["table"] for one in found["lists"]["different"]]) == (False, [table.name])


def test_what_goes_on_rightly_breaks_nothing(filled: Office, tmp_path: Path) -> None:
    Cases(filled).store(OTHER, entry())
    with filled.write() as tx:
        views.note(tx.conn, tx.office.vault, [views.of_case("a" * 32, _key(tx.conn, filled), "quality", tx.now)])
        assert views.forget(tx.conn, tx.office.vault, tx.now + views.KEPT + dt.timedelta(days=1)) == 4
        views.note(tx.conn, tx.office.vault, [views.of_list("a" * 32, "team", "", 3, "quality", tx.now)])
    older = tmp_path / "older.jsonl"
    older.write_bytes(filled.settings.checkpoints.read_bytes())
    erasure.erase(filled, CASE)
    assert checkpoints.verify(filled, older)["first_break"] is None
    assert checkpoints.verify(filled, None)["first_break"] is None
    checkpoints.checkpoint(filled)
    assert checkpoints.verify(filled, None)["first_break"] is None


def test_a_session_somebody_else_has_put_there_opens_nothing(filled: Office) -> None:
    with filled.write() as tx:
        token = sessions.start(tx.conn, tx.office.vault, "a" * 32, tx.now)
        tx.conn.execute(update(sessions_table).values(person="b" * 32))
        assert sessions.find(tx.conn, tx.office.vault, token, tx.now) is None


def test_an_older_checkpoints_file_in_the_place_of_the_last_is_noticed(filled: Office) -> None:
    older = filled.settings.checkpoints.read_bytes()
    Cases(filled).store(OTHER, entry())
    checkpoints.checkpoint(filled)
    newer = filled.settings.checkpoints.read_bytes()
    filled.settings.checkpoints.write_bytes(older)
    assert checkpoints.verify(filled, None)["first_break"]["why"] == remembered.OLDER_FILE
    filled.settings.checkpoints.write_bytes(newer)
    assert checkpoints.verify(filled, None)["ok"] is True


def test_a_shortened_file_and_its_forgotten_mark_are_noticed(filled: Office) -> None:
    lines = filled.settings.checkpoints.read_bytes().splitlines(keepends=True)
    assert len(lines) > 1
    with filled.write() as tx:
        tx.conn.execute(delete(marks).where(marks.c.name == remembered.MARK))
    filled.settings.checkpoints.write_bytes(lines[0])
    assert checkpoints.verify(filled, None)["first_break"]["why"] == remembered.FORGOTTEN


def test_no_number_is_taken_while_the_list_of_erasures_is_another(filled: Office, tmp_path: Path) -> None:
    with filled.write() as tx:
        FORGERIES["erasure of long ago"][0](tx.conn, _key(tx.conn, filled))
    before = filled.settings.checkpoints.read_bytes()
    with pytest.raises(erasure_list.Altered, match="Die Liste der gelöschten Fallnummern wurde verändert"):
        keeping.imports(filled, tmp_path, fact("case-opened", "2026-02-01", case="G-9", id="other:1"))
    with pytest.raises(checkpoints.NotWitnessed, match="Kein Prüfpunkt: Die Liste der gelöschten"):
        checkpoints.checkpoint(filled)
    assert filled.settings.checkpoints.read_bytes() == before


def test_no_checkpoint_is_earlier_than_the_last(filled: Office, make_office: Callable[..., Office]) -> None:
    early = make_office(now=filled.now() - dt.timedelta(days=1), database=filled.settings.database)
    with pytest.raises(BackInTime, match=r"Der letzte ist vom 10\.03\.2026 08:00, die Uhr zeigt aber erst 09\.03\."):
        checkpoints.checkpoint(early)
