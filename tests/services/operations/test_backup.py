"""A backup taken at any moment comes back whole, from either database into either, and nobody is told twice."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, delete, func, select, update

from domain.facts import Stream
from services.failures import Said
from services.followups import lifecycle
from services.messages import mail
from services.office.office import Office, open_office
from services.operations import backup, checkpoints, erasure, restore, signature
from services.questions import casefile, due, stays
from services.records import arrivals, comparison, database, keyed, migrations, values, verification
from services.records import checkpoints as checkpoints_file
from services.records.checkpoints import Line, stored_heads
from services.records.recorder import START, Link, chained, without_key
from services.records.tables import followups as followups_table
from services.records.tables import heads, heartbeats, idempotency, messages, records, segments, sessions
from services.settings import Settings
from tests.conftest import NOW, MakeOffice, on_both_databases
from tests.services import keeping
from tests.services.commandline import Commands, fact
from tests.services.keeping import CASE, OTHER, SECRETS
from tests.services.records.given import Cases, entry

Place = Callable[..., Settings]
MIGRATIONS = Path(migrations.__path__[0])


@pytest.fixture
def filled(any_office: Office) -> Office:
    keeping.fill(any_office)
    lifecycle.issue_due(any_office, any_office.today(), any_office.now())
    checkpoints.checkpoint(any_office)
    return any_office


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Settings of an empty place with the master key; with `checkpoints` the file of the office that was lost."""

    def settings(office: Office, *, checkpoints: Path | None = None) -> Settings:
        folder = tmp_path / "new"
        folder.mkdir()
        shutil.copy(office.settings.master_key_file, folder / "master.key")
        if checkpoints is not None:
            shutil.copy(checkpoints, folder / "checkpoints.jsonl")
        address = {}
        if request.param == "postgresql":
            # A database of its own, beside the one the backup comes from.
            copied: Callable[[str], str] = request.getfixturevalue("copied_database")
            address["database"] = copied(request.getfixturevalue("_with_tables"))
        return Settings(data=folder, fixed_now=NOW, **address)

    return settings


def answers(office: Office) -> list[Any]:
    """What the office says."""
    with office.read() as tx:
        return [
            casefile.timeline(tx, CASE),
            casefile.clocks(tx, OTHER),
            stays.stays(tx, stays.Wanted("integration")),
            due.due(tx, due.Wanted()),
            office.vault.names(tx.conn, [office.store.keys(tx.conn, Stream.CASE, [CASE])[CASE]], "last_name"),
            office.store.verify(tx.conn),
        ]


def test_after_restoring_the_answers_are_the_same_and_nothing_is_sent_twice(
    filled: Office, place: Place, tmp_path: Path
) -> None:
    before, file = answers(filled), tmp_path / "copy"
    assert keeping.waiting(filled) > 0
    taken = backup.backup(filled, file)
    assert (taken, file.stat().st_mode & 0o777) == ({"facts": 11, "file": str(file)}, 0o600)
    settings = place(filled)
    answer = restore.restore(settings, file)
    assert (answer["facts"], answer["cases"], answer["erased"]) == (11, 2, 0)
    with open_office(settings) as office:
        assert answers(office) == before
        assert checkpoints.verify(office, settings.checkpoints)["ok"] is True
        assert keeping.waiting(office) == 0
        lifecycle.issue_due(office, office.today(), office.now())
        with office.write() as tx:
            assert mail.plan_digests(tx.conn, office.now()) == 0
        assert (keeping.waiting(office), told(office)) == (0, told(filled))
        Cases(office).store(OTHER, entry())  # the store goes on where it was
        checkpoints.checkpoint(office)
        assert checkpoints.verify(office, settings.checkpoints)["ok"] is True


def told(office: Office) -> tuple[int | None, ...]:
    with office.read() as tx:
        return tuple(tx.conn.scalar(select(func.count()).select_from(table)) for table in (messages, followups_table))


def test_who_was_erased_since_the_backup_stays_erased(filled: Office, place: Place, tmp_path: Path) -> None:
    backup.backup(filled, tmp_path / "copy")
    code = erasure.erase(filled, CASE)["replaced_by"]
    settings = place(filled, checkpoints=filled.settings.checkpoints)
    assert restore.restore(settings, tmp_path / "copy")["erased"] == 1
    with open_office(settings) as office:
        with office.read() as tx:
            assert casefile.timeline(tx, code)["lanes"]["strategy"]
            with pytest.raises(casefile.UnknownCase):
                casefile.timeline(tx, CASE)
            assert office.vault.find(tx.conn, "Ostermann") == []
        assert len(keeping.imports(office, tmp_path, fact("case-closed", "2026-03-01", case=CASE)).rejected) == 1
        assert checkpoints.verify(office, settings.checkpoints)["ok"] is True
    if settings.embedded:
        whole = b"".join(path.read_bytes() for path in settings.data.glob("fallverlauf.db*")).lower()
        assert [secret for secret in SECRETS if secret.lower().encode() in whole] == []


def test_facts_lost_since_the_backup_are_on_record(filled: Office, place: Place, tmp_path: Path) -> None:
    backup.backup(filled, tmp_path / "copy")
    Cases(filled).store(OTHER, entry())
    Cases(filled).store("G-9", entry())
    checkpoints.checkpoint(filled)
    settings = place(filled, checkpoints=filled.settings.checkpoints)
    restore.restore(settings, tmp_path / "copy")
    with open_office(settings) as office:
        assert (
            checkpoints.verify(office, filled.settings.checkpoints)["ok"] is False
        )  # what was there before is missing
        Cases(office).store(OTHER, entry(by="fm-8"))
        checkpoints.checkpoint(office)
        assert checkpoints.verify(office, settings.checkpoints)["ok"] is True
    assert b'"kind":"restored"' in settings.checkpoints.read_bytes()


def test_the_backup_holds_neither_key_nor_session_nor_readable_name(filled: Office, tmp_path: Path) -> None:
    with filled.write() as tx:
        at = filled.now()
        given: dict[str, Any] = {"token": "geheim-1234", "person": "p", "csrf": "c", "started_at": at, "seen_at": at}
        known = {name: value for name, value in given.items() if name in sessions.c}
        tx.conn.execute(sessions.insert().values(known))
    backup.backup(filled, tmp_path / "copy")
    whole = (tmp_path / "copy").read_bytes()
    for secret in (filled.settings.master_key_file.read_bytes(), b"geheim-1234", b"Ostermann", b"Pflege der Mutter"):
        assert secret not in whole


def test_a_backup_is_of_one_moment_while_people_write(filled: Office, tmp_path: Path) -> None:
    def write(_: int) -> None:
        Cases(filled).store(OTHER, entry())

    taken = backup.backup(filled, tmp_path / "copy", write)
    assert taken["facts"] == 11
    assert checkpoints.verify(filled, None)["facts"] > 11


@on_both_databases
def test_the_commands_copy_and_bring_back(commands: Commands, move: Callable[[str], None]) -> None:
    commands.imports(fact("case-opened", "2020-01-02", case="Ä-1", data={"unit": "56.4"}))
    copy, before = commands.folder / "copy", commands.json("timeline", "Ä-1", "--known-at", "2026-01-01")
    assert commands.json("backup", copy)["facts"] == 1
    move("new")
    (commands.folder / "new").mkdir()
    shutil.copy(commands.folder / "data" / "master.key", commands.folder / "new" / "master.key")
    assert commands.json("restore", copy)["facts"] == 1
    assert commands.json("timeline", "Ä-1", "--known-at", "2026-01-01") == before
    assert commands.json("verify")["ok"] is True


def test_what_cannot_be_copied_or_brought_back_is_one_sentence(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.imports(fact("case-opened", "2020-01-02", data={"unit": "56.4"}))
    data, copy = commands.folder / "data", commands.folder / "copy"
    assert commands.json("backup", copy) == {"facts": 1, "file": str(copy)}
    wrong = commands.folder / "wrong"
    wrong.write_bytes(b"nothing")
    cut = commands.folder / "cut"
    cut.write_bytes(copy.read_bytes()[:9000])
    shutil.copy(data / "fallverlauf.db", commands.folder / "plain.db")
    said = {
        ("backup", copy): "gibt es schon",
        ("backup", commands.folder / "no" / "copy"): "gibt es nicht",
        ("restore", copy): "Hier liegen schon Daten",
        ("restore", wrong): "keine Sicherung",
        ("restore", commands.folder / "plain.db"): "keine Sicherung",
        ("restore", cut): "beschädigt",
        ("restore", commands.folder): "ist ein Ordner",
        ("restore", commands.folder / "none"): "gibt es nicht",
    }
    check(commands, said)
    monkeypatch.setenv("FALLVERLAUF_DATA", str(commands.folder / "new"))
    check(commands, {("restore", copy): "fehlt; er wird getrennt"})
    assert not (commands.folder / "new").exists()
    (commands.folder / "new").mkdir()
    (commands.folder / "new" / "master.key").write_bytes(os.urandom(32))
    check(commands, {("restore", copy): "gehört nicht zu dieser Sicherung"})
    shutil.copy(data / "master.key", commands.folder / "new" / "master.key")
    (commands.folder / "new" / "checkpoints.jsonl").write_bytes(b"x\n")
    check(commands, {("restore", copy): "beschädigt"})
    (commands.folder / "new" / "checkpoints.jsonl").unlink()
    monkeypatch.setenv("FALLVERLAUF_NOW", "2026-03-10")
    check(commands, {("restore", copy): "nur für Demo- und Testdaten"})
    monkeypatch.delenv("FALLVERLAUF_NOW")
    assert commands.json("restore", copy)["facts"] == 1
    assert commands.json("timeline", "C-1")["case"] == "C-1"


def check(commands: Commands, said: dict[tuple[str, Path], str]) -> None:
    for arguments, sentence in said.items():
        found = commands(*arguments, "--format", "json")
        assert (found.status, found.out, found.err.count("\n")) == (1, "", 1), (arguments, found)
        assert sentence in found.err, (arguments, found.err)


CHANGES = (
    "DELETE FROM records WHERE number = 2",
    "UPDATE streams SET erased_at = 1",
    "UPDATE heads SET number = 1",
    "DELETE FROM vault",
    "DELETE FROM fact_ids",
    "INSERT INTO marks VALUES ('x', 'y')",
    "INSERT INTO checkpoint_lines VALUES (99, 'x')",
)


@pytest.mark.parametrize("statement", CHANGES)
def test_a_backup_somebody_has_changed_is_refused(office: Office, tmp_path: Path, statement: str) -> None:
    keeping.fill(office)
    backup.backup(office, tmp_path / "copy")
    whole = (tmp_path / "copy").read_bytes()
    with closing(sqlite3.connect(tmp_path / "copy")) as raw:
        raw.execute(statement)
        raw.commit()
    settings = empty_place(office, tmp_path)
    with pytest.raises(backup.NotPossible, match="wurde verändert: Die Unterschrift"):
        restore.restore(settings, tmp_path / "copy")
    assert nothing_but_the_key(settings)
    (tmp_path / "copy").write_bytes(whole)
    assert restore.restore(settings, tmp_path / "copy")["facts"] == 11


def empty_place(office: Office, folder: Path) -> Settings:
    (folder / "new").mkdir()
    shutil.copy(office.settings.master_key_file, folder / "new" / "master.key")
    return Settings(data=folder / "new", fixed_now=NOW)


def nothing_but_the_key(settings: Settings) -> bool:
    return [path.name for path in settings.data.iterdir()] == ["master.key"]


def flipped(whole: bytes, at: float) -> bytes:
    place = int((len(whole) - 1) * at)
    return whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    **{f"a bit at {at:.0%}": partial(flipped, at=at) for at in (0.001, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.9999, 1.0)},
    **{f"cut at {at:.0%}": lambda whole, at=at: whole[: int(len(whole) * at)] for at in (0.0, 0.1, 0.5, 0.9999)},
    "longer": lambda whole: whole + b"\0",
    "a page less": lambda whole: whole[:-5000] + whole[-signature.LENGTH :],
    "not signed": lambda whole: whole[: -signature.LENGTH],
    "zeros": lambda whole: whole[:8192] + bytes(4096) + whole[12288:],
    "signed by another": lambda whole: whole[: -signature.LENGTH] + whole[-signature.LENGTH : -96] + bytes(96),
}


def test_a_damaged_backup_is_one_sentence_and_nothing_is_changed(office: Office, tmp_path: Path) -> None:
    keeping.fill(office)
    backup.backup(office, tmp_path / "copy")
    settings = empty_place(office, tmp_path)
    for name, damage in DAMAGES.items():
        (tmp_path / "damaged").write_bytes(damage((tmp_path / "copy").read_bytes()))
        with pytest.raises(Said, match=r"^[^\n]*(beschädigt|keine Sicherung|Hauptschlüssel gehört nicht)[^\n]*\.$"):
            restore.restore(settings, tmp_path / "damaged")
        assert nothing_but_the_key(settings), name


def test_rows_altered_before_a_backup_are_those_of_the_facts_after_it(office: Office, tmp_path: Path) -> None:
    keeping.fill(office)
    with office.write() as tx:
        tx.conn.execute(delete(segments))
    backup.backup(office, tmp_path / "copy")
    settings = empty_place(office, tmp_path)
    restore.restore(settings, tmp_path / "copy")
    with open_office(settings) as found:
        assert checkpoints.verify(found, None, lists=True)["ok"] is True


def test_an_old_database_is_carried_over_once_and_only_if_it_holds(office: Office, tmp_path: Path) -> None:
    keeping.fill(office)
    file = office.settings.database.removeprefix("sqlite:///")
    office.close()
    with closing(sqlite3.connect(file)) as raw:
        chain_without_key(raw)
        raw.execute("DELETE FROM marks WHERE name = 'chain'")
        raw.execute("UPDATE fact_ids SET seal = NULL")
        raw.execute("UPDATE records SET name = 'case-closed' WHERE number = 5")
        raw.commit()
    with pytest.raises(keyed.NotCarriedOver, match=r"Eintrag 5: Der Eintrag wurde nach dem Speichern verändert"):
        open_office(office.settings)
    with closing(sqlite3.connect(file)) as raw:
        chain_without_key(raw)  # what was forged before nobody can tell
        raw.commit()
    with open_office(office.settings) as found:
        assert checkpoints.verify(found, None)["ok"] is True
    with closing(sqlite3.connect(file)) as raw:  # once more, to have a forgery carried over
        chain_without_key(raw)
        raw.execute("DELETE FROM marks WHERE name = 'chain'")
        raw.commit()
    with pytest.raises(keyed.NotCarriedOver, match="Prüfpunktdatei es bezeugt"):
        open_office(office.settings)


def test_checkpoints_from_before_keys_still_bear_witness(office: Office, tmp_path: Path) -> None:
    keeping.fill(office)
    file = office.settings.database.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as raw:
        chain_without_key(raw)
        raw.execute("DELETE FROM marks WHERE name = 'chain'")
        raw.commit()
    with checkpoints_file.writer(office.settings.checkpoints, office.vault) as writer, office.read() as tx:
        found = {key.hex: (head.number, head.hash.hex()) for key, head in stored_heads(tx.conn).items()}
        writer._add(Line(kind="checkpoint", at=office.now(), facts=11, heads=found))  # as an older version wrote it
    old = tmp_path / "old.jsonl"
    shutil.copy(office.settings.checkpoints, old)
    office.close()
    with open_office(office.settings) as again:
        Cases(again).store(OTHER, entry())
        assert checkpoints.verify(again, old)["checkpoint"]["facts"] == 11
        assert checkpoints.verify(again, old)["ok"] is checkpoints.verify(again, None)["ok"] is True
        assert [one.count(b'"chain":2') for one in office.settings.checkpoints.read_bytes().splitlines()] == [0, 1]
        with again.write() as tx:
            key = again.store.keys(tx.conn, Stream.CASE, [CASE])[CASE]
            second = (records.c.key == key) & (records.c.number == 2)
            tx.conn.execute(update(records).where(second).values(name="case-closed"))
            reorder(tx.conn, key, again.vault.link)
        assert checkpoints.verify(again, old)["first_break"]["why"] == verification.OTHER_THAN_WITNESSED


def reorder(conn: Connection, key: UUID, link: Link) -> None:
    """Whoever has the master key computes the chain anew, after a fact was taken out."""
    rows = conn.execute(select(records).where(records.c.key == key).order_by(records.c.number)).all()
    conn.execute(delete(records).where(records.c.key == key))
    hash, number = START, 0
    for number, row in enumerate(rows, start=1):
        hash = chained(link, hash, key, number, row.name, row.state)
        conn.execute(records.insert().values(key=key, number=number, name=row.name, state=row.state, hash=hash))
    conn.execute(update(heads).where(heads.c.key == key).values(number=number, hash=hash))


def test_a_backup_of_an_older_version_comes_back_with_the_tables_of_today(
    office: Office, place: Place, tmp_path: Path
) -> None:
    keeping.fill(office)
    before = answers(office)
    backup.backup(office, tmp_path / "copy")
    as_of_version(tmp_path / "copy", tmp_path / "older", "0002")
    settings = place(office)
    with pytest.raises(backup.NotPossible, match="Die Unterschrift fehlt"):
        restore.restore(settings, tmp_path / "older")
    assert restore.restore(settings, tmp_path / "older", unsigned=True)["facts"] == 11
    with open_office(settings) as found:
        assert answers(found) == before
        with found.read() as tx:
            assert values.value(tx.conn, backup.FORMAT) is None
            assert comparison.compare(tx.conn, found.vault)["different"] == []
            assert keyed.is_keyed(tx.conn)


def test_an_older_backup_somebody_has_changed_is_refused(office: Office, place: Place, tmp_path: Path) -> None:
    keeping.fill(office)
    backup.backup(office, tmp_path / "copy")
    as_of_version(tmp_path / "copy", tmp_path / "older", "0002")
    settings = place(office)
    for statement, said in (
        ("UPDATE records SET name = 'case-closed' WHERE number = 2", "wurde nach dem Speichern verändert"),
        ("UPDATE streams SET kind = 'unheard'", "wurde verändert"),
        ("DROP TABLE numbers", "ist beschädigt"),
        ("UPDATE marks SET value = '0009' WHERE name = 'backup'", "Unterschrift, die fehlt"),
    ):
        shutil.copy(tmp_path / "older", tmp_path / "changed")
        with closing(sqlite3.connect(tmp_path / "changed")) as raw:
            raw.execute(statement)
            raw.commit()
        with pytest.raises(backup.NotPossible, match=said):
            restore.restore(settings, tmp_path / "changed", unsigned=True)
    assert restore.restore(settings, tmp_path / "older", unsigned=True)["facts"] == 11


def test_a_database_of_an_older_version_answers_as_today_once_it_is_opened(office: Office, tmp_path: Path) -> None:
    keeping.fill(office)
    before = answers(office)
    backup.backup(office, tmp_path / "copy")
    as_of_version(tmp_path / "copy", tmp_path / "older", "0002")
    with closing(sqlite3.connect(tmp_path / "older")) as raw:
        raw.execute("INSERT INTO idempotency VALUES ('p', 'k', x'00', '{\"facts\": [\"Pflege der Mutter\"]}', 1)")
        raw.commit()
    engine = database.connect(f"sqlite:///{tmp_path / 'older'}")
    database.upgrade_from(engine, "0002")
    engine.dispose()
    address = {"database": f"sqlite:///{tmp_path / 'older'}", "master_key_file": office.settings.master_key_file}
    with open_office(Settings(data=tmp_path, fixed_now=NOW, **address)) as found:
        assert answers(found) == before
        with found.read() as tx, office.read() as today:
            assert arrivals.arrived(tx.conn) == arrivals.arrived(today.conn)
            assert tx.conn.execute(idempotency.select()).all() == []  # an answer from before they were sealed


def as_of_version(copy: Path, older: Path, version: str) -> None:
    """Writes a backup as the programme of an older version would have written it, which computed no row of today."""
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(older))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, version)
    engine.dispose()
    with closing(sqlite3.connect(older)) as raw:
        raw.execute("ATTACH ? AS copy", (str(copy),))
        raw.execute("DROP TABLE alembic_version")
        for (table,) in raw.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
            columns = ", ".join(row[1] for row in raw.execute(f"PRAGMA main.table_info({table})").fetchall())
            raw.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM copy.{table}")
        raw.execute("CREATE TABLE checkpoint_lines AS SELECT * FROM copy.checkpoint_lines")
        raw.execute("UPDATE main.marks SET value = ? WHERE name = 'backup'", (version,))
        for table in ("segments", "due_rows"):
            raw.execute(f"DELETE FROM main.{table}")
        raw.execute("DELETE FROM main.marks WHERE name = 'chain'")
        raw.execute("DELETE FROM main.checkpoint_lines")
        chain_without_key(raw)
        raw.commit()


def chain_without_key(raw: sqlite3.Connection) -> None:
    """The hashes as the programmes of those versions computed them."""
    hash, before = START, b""
    rows = raw.execute("SELECT key, number, name, state FROM main.records ORDER BY key, number").fetchall()
    for key, number, name, state in rows:
        hash = chained(without_key, hash if key == before else START, UUID(hex=key), number, name, state)
        before = key
        raw.execute("UPDATE main.records SET hash = ? WHERE key = ? AND number = ?", (hash, key, number))
        raw.execute("UPDATE main.heads SET hash = ? WHERE key = ?", (hash, key))


def test_a_backup_of_a_newer_version_says_what_to_do(office: Office, place: Place, tmp_path: Path) -> None:
    backup.backup(office, tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy")) as raw:
        raw.execute("UPDATE marks SET value = '0999' WHERE name = 'backup'")
        raw.commit()
    sign_anew(tmp_path / "copy", office)
    with pytest.raises(backup.NotPossible, match=r"neueren Fassung .* den Stand 0999, .* aktualisieren"):
        restore.restore(place(office), tmp_path / "copy")


def sign_anew(copy: Path, office: Office) -> None:
    copy.write_bytes(copy.read_bytes()[: -signature.LENGTH])
    signature.add(copy, office.vault)


def test_nothing_is_brought_back_under_a_running_service(
    office: Office, make_office: MakeOffice, tmp_path: Path
) -> None:
    from services.office.health import beat

    keeping.fill(office)
    backup.backup(office, tmp_path / "copy")
    settings = Settings(data=tmp_path / "new", fixed_now=NOW, master_key_file=office.settings.master_key_file)
    with open_office(settings) as empty, empty.write() as tx:
        beat(tx.conn, "scheduler")
    with pytest.raises(backup.NotPossible, match="läuft noch"):
        restore.restore(settings, tmp_path / "copy")
    with open_office(settings) as empty, empty.write() as tx:
        tx.conn.execute(delete(heartbeats))
    assert restore.restore(settings, tmp_path / "copy")["facts"] == 11
