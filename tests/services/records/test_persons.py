"""Whoever is named in `by`, `worker` and the like is taken, whatever the text, and is never in clear (Vertrag 2)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, select, text, update

from domain.facts import Stream
from domain.facts.directory import PersonAdded
from services.exchange.exporting import lines
from services.office.office import NotMigrated, Office, mark_test_data, open_office
from services.operations import backup, checkpoints, erasure, restore
from services.questions import casefile, stays
from services.records import keyed, persons, seals, values
from services.records.tables import marks, metadata, numbers
from services.records.tables import vault as names_table
from services.records.values import PERSONS, SEALED
from services.records.vault import PERSON_ID
from services.settings import Settings
from tests.services import keeping
from tests.services.keeping import WORKER
from tests.services.records.given import Cases, entry

Older = Callable[[Connection, Office], object]

BY = "Frau Erika Mustermann, Tel. 0551 123"
WORDS = (
    "mustermann",
    "0551 123",
    "zweitkraft",
    "drittkraft",
    "viertkraft",
    "fünftkraft",
    "sechstkraft",
    "siebtkraft",
    "achtkraft",
)
LINES: list[dict[str, Any]] = [
    {"id": "a:1", "case": "C-1", "fact": "case-opened", "on": "2025-01-01", "by": BY, "data": {"unit": "56.4"}},
    {
        "id": "a:2",
        "case": "C-1",
        "fact": "responsibility-assigned",
        "on": "2025-01-01",
        "by": "import:Herr Zweitkraft (Büro)",
        "data": {"worker": BY, "unit": "56.4", "area": "fallmanagement"},
    },
    {
        "id": "a:3",
        "case": "C-1",
        "fact": "handover-initiated",
        "on": "2025-02-01",
        "by": "rule:Frau Drittkraft sagt es",
        "data": {
            "to_worker": "Herr Viertkraft",
            "to_unit": "56.4",
            "to_area": "fallmanagement",
            "intended_strategy": "integration",
        },
    },
    {
        "id": "a:4",
        "case": "C-1",
        "fact": "fact-corrected",
        "on": "2025-03-01",
        "by": "ja-1",
        "data": {"target": "a:3", "reason": "Tippfehler", "data": {"to_worker": "Frau Fünftkraft"}},
    },
    {
        "id": "a:5",
        "case": "C-1",
        "fact": "fact-corrected",
        "on": "2025-03-02",
        "by": "ja-1",
        "data": {"target": "a:4", "reason": "doch", "data": {"data": {"to_worker": "Herr Sechstkraft"}}},
    },
    {
        "id": "a:6",
        "person": "ja-1",
        "fact": "deputy-appointed",
        "on": "2025-01-01",
        "by": "import:personal",
        "data": {"deputy": "Frau Siebtkraft, Zimmer 3"},
    },
    {
        "id": "a:7",
        "office": "rules",
        "fact": "rule-set",
        "on": "2025-01-01",
        "by": "edv-1",
        "data": {"rule": "R-04", "state": "list", "source": "Vermerk 12", "approved_by": "Frau Achtkraft (Leitung)"},
    },
    {
        "id": "a:8",
        "case": "C-1",
        "fact": "strategy-bar-set",
        "on": "2025-01-01",
        "by": "import:compass",
        "data": {"strategy": "integration"},
    },
]


@pytest.fixture
def imported(any_office: Office, tmp_path: Path) -> Office:
    """These lines, all of them taken."""
    report = keeping.imports(any_office, tmp_path, *LINES)
    assert (report.added, report.rejected, report.waiting) == (len(LINES), [], 0)
    return any_office


def everything(office: Office) -> str:
    """All that lies in the database: the bytes of the files, or of PostgreSQL every table as text and what the planner
    keeps."""
    if office.settings.embedded:
        file = Path(office.settings.database.removeprefix("sqlite:///"))
        found = sorted(file.parent.glob(f"{file.name}*"))
        return "".join(path.read_bytes().decode("latin1") for path in found).lower()
    with office.read() as tx:
        tables = [*(table.name for table in metadata.sorted_tables), "pg_stats"]
        rows = [tx.conn.scalars(text(f"SELECT one::text FROM {table} one")).all() for table in tables]
    return "\n".join(row for some in rows for row in some).lower()


def in_clear(office: Office) -> list[str]:
    """Which of the words can be read, as UTF-8 or escaped."""
    whole = everything(office)
    spelled = {word: {word, word.encode().decode("latin1").lower(), json.dumps(word)[1:-1]} for word in WORDS}
    return [word for word, ways in spelled.items() if any(way in whole for way in ways)]


def test_no_text_that_names_a_person_can_be_read(imported: Office) -> None:
    assert in_clear(imported) == []
    assert "c-1" in everything(imported)  # so that a search would find what stands there


def test_what_is_given_out_is_what_was_given(imported: Office, tmp_path: Path) -> None:
    with imported.read() as tx:
        given = {line["id"]: line for line in map(json.loads, lines(tx, with_text=True))}
    for line in LINES:
        assert {key: given[line["id"]][key] for key in line} == line
    assert keeping.imports(imported, tmp_path, *given.values()).known == len(LINES)


def test_cases_and_lists_name_the_worker(imported: Office) -> None:
    with imported.read() as tx:
        timeline = casefile.timeline(tx, "C-1")
        assert [row["worker"] for row in timeline["lanes"]["responsibility"]] == [BY]
        assert casefile.clocks(tx, "C-1")["worker"] == BY
        rows = stays.stays(tx, stays.Wanted("integration"))["rows"]
        assert [(row["case"], row["worker"]) for row in rows] == [("C-1", BY)]
        assert tx.store.key(tx.conn, Stream.PERSON, BY) is not None
        assert tx.store.key(tx.conn, Stream.PERSON, BY.lower()) is None


def test_after_an_erasure_the_worker_stays_and_stays_sealed(imported: Office) -> None:
    code = erasure.erase(imported, "C-1")["replaced_by"]
    assert in_clear(imported) == []
    with imported.read() as tx:
        assert casefile.clocks(tx, code)["worker"] == BY
    assert checkpoints.verify(imported, None)["ok"] is True


def test_who_recorded_it_is_a_rule_of_the_program_or_a_reference(any_cases: Cases) -> None:
    given = (
        *("rule:alg1", "rule:R-03"),
        *("import:compass", "import:Liste von Frau Meier.xlsx", "import:Klargeheim-Anna-0171.jsonl"),
        *("rule:R-03 (neu)", "rule:R-99", "rule:Klargeheim-0171-555-Meyer", "import:" + "x" * 33),
    )
    any_cases.store("C-1", *(entry(by=by) for by in given))
    ref = any_cases.office.vault.ref
    bare = [record.by for record in any_cases.read("C-1", with_text=False)]
    assert bare[:2] == list(given[:2])
    assert bare[2:] == [f"{by.partition(':')[0]}:{ref(by.partition(':')[2])}" for by in given[2:]]
    assert [record.by for record in any_cases.read("C-1")] == list(given)
    assert any_cases.verify()["ok"] is True
    with any_cases.office.read() as tx:
        assert list(tx.store.streams(tx.conn, Stream.PERSON)) == []
    erasure.erase(any_cases.office, "C-1")
    with any_cases.office.read() as tx:
        (key,) = tx.store.streams(tx.conn, Stream.CASE)
        assert [record.by for record in tx.store.records(tx.conn, key, with_text=True)] == bare


# --- databases from before ---


def as_before(office: Office) -> None:
    """Turns the database into what an older version has written: the ids of staff in clear, and no mark."""
    with office.write() as tx:
        keys = list(tx.store.streams(tx.conn, Stream.PERSON))
        for key, id in tx.store.numbers(tx.conn, keys).items():
            tx.conn.execute(update(numbers).where(numbers.c.key == key).values(number=id))
        tx.conn.execute(delete(names_table).where(names_table.c.field == PERSON_ID))
        office.vault.seal_names(tx.conn, keys)
        tx.conn.execute(delete(marks).where(marks.c.name == PERSONS))


def test_an_older_database_is_carried_over_when_it_is_opened(imported: Office) -> None:
    keeping.fill(imported)
    with imported.read() as tx:
        before, keys = list(lines(tx, with_text=True)), tx.store.keys(tx.conn, Stream.PERSON, [BY, WORKER, "ja-1"])
    as_before(imported)
    assert in_clear(imported) == [
        "mustermann",
        "0551 123",
        *WORDS[4:],
    ]  # behind a colon nothing ever stood in this table
    said: list[str] = []
    with open_office(imported.settings, said.append) as again:
        assert said == ["Die Kennungen der Beschäftigten liegen jetzt verschlüsselt in der Datenbank."]
        assert in_clear(again) == []
        with again.read() as tx:
            assert tx.store.keys(tx.conn, Stream.PERSON, [BY, WORKER, "ja-1"]) == keys
            assert list(lines(tx, with_text=True)) == before
        assert checkpoints.verify(again, None)["ok"] is True
    with open_office(imported.settings, said.append):
        assert len(said) == 1


def take_a_name(conn: Connection, office: Office) -> None:
    conn.execute(delete(names_table).where(names_table.c.field == "name"))


def exchange_a_name(conn: Connection, office: Office) -> None:
    key = conn.scalar(select(names_table.c.key).where(names_table.c.field == "mail"))
    assert key is not None
    sealed = office.vault.encrypt(conn, key, b"Lehmann", b"other")
    conn.execute(update(names_table).where(names_table.c.field == "name").values(ciphertext=sealed))


@pytest.mark.parametrize("change", [take_a_name, exchange_a_name])
def test_an_older_database_somebody_has_changed_is_not_carried_over(any_office: Office, change: Older) -> None:
    keeping.fill(any_office)
    as_before(any_office)
    with any_office.write() as tx:
        change(tx.conn, any_office)
    with pytest.raises(keyed.NotCarriedOver, match=seals.NAMES_CHANGED):
        open_office(any_office.settings)


def test_whoever_takes_the_mark_away_gains_nothing(imported: Office) -> None:
    key = _key(imported, BY)
    with imported.write() as tx:
        tx.conn.execute(delete(marks).where(marks.c.name == PERSONS))
        tx.conn.execute(delete(names_table).where(names_table.c.key == key))
        tx.conn.execute(update(numbers).where(numbers.c.key == key).values(number="tl-1"))
    with pytest.raises(keyed.NotCarriedOver, match=seals.NAMES_CHANGED):
        open_office(imported.settings)


def _key(office: Office, person: str) -> UUID:
    with office.read() as tx:
        key = tx.store.key(tx.conn, Stream.PERSON, person)
    assert key is not None
    return key


def test_an_older_database_that_may_not_be_written_is_not_opened(office: Office) -> None:
    Cases(office).store("fm-7", entry(PersonAdded(name="Brandtner")), kind=Stream.PERSON)
    as_before(office)
    office.close()
    file = Path(office.settings.database.removeprefix("sqlite:///"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.records.database.os.access", lambda path, mode: Path(path) not in (file, file.parent))
        with pytest.raises(NotMigrated):
            open_office(office.settings)


def test_of_two_processes_one_carries_over(any_office: Office) -> None:
    Cases(any_office).store("C-1", entry(by=BY))
    as_before(any_office)
    with any_office.write() as tx:
        assert persons.carry_over(tx.conn, any_office.vault) is True
    with any_office.write() as tx:
        assert persons.carry_over(tx.conn, any_office.vault) is False
        assert values.value(tx.conn, PERSONS) == SEALED


def test_an_older_backup_comes_back_sealed(office: Office, tmp_path: Path) -> None:
    with office.write() as tx:
        mark_test_data(tx)
    Cases(office).store("C-1", entry(by=BY))
    as_before(office)
    backup.backup(office, tmp_path / "copy")
    (tmp_path / "new").mkdir()
    key = tmp_path / "new" / "master.key"
    key.write_bytes(office.settings.master_key_file.read_bytes())
    settings = Settings(data=tmp_path / "new", fixed_now=office.now())
    assert restore.restore(settings, tmp_path / "copy")["facts"] == 1
    with open_office(settings) as found:
        assert [record.by for record in Cases(found).read("C-1")] == [BY]
        assert in_clear(found) == []
        assert checkpoints.verify(found, None)["ok"] is True
