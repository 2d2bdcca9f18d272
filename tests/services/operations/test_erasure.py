"""Erasing a case: the person is gone everywhere, the course stays, and the number begins anew only with an opening."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text

from domain.facts import Stream
from services.casework import case
from services.dialogues import drafts
from services.followups import lifecycle
from services.office.office import Office
from services.operations import checkpoints, erasure
from services.questions import casefile, due, stays
from services.questions.casefile import UnknownCase
from services.records import database, rebuild, schema
from services.records.tables import draft_answers, due_rows, messages, metadata, outbox
from services.records.tables import drafts as drafts_table
from tests.conftest import MakeOffice, on_both_databases
from tests.services import keeping
from tests.services.commandline import NOW, Commands, fact
from tests.services.keeping import CASE, OTHER, SECRETS, WORKER

LATER = dt.timedelta(days=10)


@pytest.fixture
def filled(any_office: Office) -> Office:
    keeping.fill(any_office)
    checkpoints.checkpoint(any_office)
    return any_office


@pytest.fixture
def erased(filled: Office) -> tuple[Office, str]:
    """The office after the erasure, and the printed code."""
    answer = erasure.erase(filled, CASE)
    assert answer["case"] == CASE
    return filled, answer["replaced_by"]


def key_of(office: Office, number: str) -> UUID:
    with office.read() as tx:
        key = office.store.key(tx.conn, Stream.CASE, number)
    assert key is not None
    return key


def test_the_course_of_the_case_stays_under_the_printed_code(filled: Office) -> None:
    day = dt.date(2026, 3, 10)
    with filled.read() as tx:
        before = [casefile.timeline(tx, CASE, day), casefile.clocks(tx, CASE, day)]
    code = erasure.erase(filled, CASE)["replaced_by"]
    with filled.read() as tx:
        after = [casefile.timeline(tx, code, day), casefile.clocks(tx, code, day)]
        listed = stays.stays(tx, stays.Wanted("integration", as_of=dt.date(2026, 3, 1)))
        with pytest.raises(UnknownCase):
            casefile.timeline(tx, CASE)
    assert after[1]["days"] == before[1]["days"]
    assert {lane: len(rows) for lane, rows in after[0]["lanes"].items()} == {
        lane: len(rows) for lane, rows in before[0]["lanes"].items()
    }
    assert sorted(row["case"] for row in listed["rows"]) == sorted([code, OTHER])


def test_nothing_readable_is_left_in_any_table(erased: tuple[Office, str]) -> None:
    office, _ = erased
    with office.read() as tx:
        whole = [str(row).lower() for table in metadata.sorted_tables for row in tx.conn.execute(select(table))]
        for table in (drafts_table, draft_answers, messages, outbox):
            assert tx.conn.execute(select(table)).all() == [], table.name
        assert office.vault.find(tx.conn, "Ostermann") == []
    assert [secret for secret in SECRETS if any(secret.lower() in row for row in whole)] == []


def test_the_chain_holds_against_checkpoints_from_before_and_after(erased: tuple[Office, str]) -> None:
    office, _ = erased
    assert checkpoints.verify(office, office.settings.checkpoints)["ok"] is True
    checkpoints.checkpoint(office)
    assert checkpoints.verify(office, office.settings.checkpoints)["ok"] is True


def test_an_older_copy_of_the_checkpoints_learns_of_the_erasure(filled: Office) -> None:
    file = filled.settings.checkpoints
    older = file.read_bytes()
    erasure.erase(filled, CASE)
    file.write_bytes(older)
    for _ in range(2):
        checkpoints.checkpoint(filled)
    assert file.read_bytes().count(b'"kind":"erased"') == 1


def test_nothing_is_due_any_more_and_rebuilding_agrees(filled: Office) -> None:
    lifecycle.issue_due(filled, filled.today(), filled.now())
    with filled.read() as tx:
        assert CASE in {row["case"] for row in due.due(tx, due.Wanted())["rows"]}
    key, code = key_of(filled, CASE), erasure.erase(filled, CASE)["replaced_by"]
    assert lifecycle.issue_due(filled, filled.today() + dt.timedelta(days=400), filled.now()) == 0
    columns = [column for column in due_rows.c if column.name != "id"]
    stored = select(*columns).order_by(due_rows.c.rule, due_rows.c.stage, due_rows.c.listed_from)
    with filled.write() as tx:
        kept = tx.conn.execute(stored).all()
        cases = list(filled.store.streams(tx.conn, Stream.CASE))
        rebuild.rebuild(tx.conn, tx.office.vault, cases)
        assert tx.conn.execute(stored).all() == kept
        assert code not in {row["case"] for row in due.due(tx, due.Wanted())["rows"]}
        assert case.due(lifecycle.listing_of(tx.conn, key, filled.today()), filled.today()) == []


def test_nobody_can_record_anything_for_it_at_the_desk(erased: tuple[Office, str]) -> None:
    office, code = erased
    key = key_of(office, code)
    with office.write() as tx:
        worker = office.store.open_stream(tx.conn, Stream.PERSON, WORKER).hex
        desk = case.desk(tx, key, worker, office.today())
        with pytest.raises(case.Forbidden, match="gelöscht"):
            case.admit_dialogue(desk, "extension")
        draft = drafts.create(tx.conn, "extension", key, worker, office.now())
        with pytest.raises(LookupError):
            drafts.keep(tx, draft, key, "facts", "x", office.now())


def test_later_facts_are_refused_until_a_later_opening_makes_a_new_case(
    erased: tuple[Office, str], make_office: MakeOffice, tmp_path: Path
) -> None:
    office, code = erased
    url = office.engine.url.render_as_string(hide_password=False)
    later = make_office(now=office.now() + LATER, database=url)
    plain = {"case": CASE, "fact": "strategy-bar-set", "on": "2026-03-15", "data": {"strategy": "entwicklung"}}
    opening = {"case": CASE, "fact": "case-opened", "data": {"unit": "56.4"}}
    refused = keeping.imports(later, tmp_path, plain, {**opening, "on": "2026-03-01"})
    assert (refused.added, len(refused.rejected)) == (0, 2)
    assert "10.03.2026 gelöscht" in refused.rejected[0][1]
    accepted = keeping.imports(later, tmp_path, plain, {**opening, "on": "2026-03-14"})
    assert (accepted.added, accepted.rejected) == (2, [])
    old = {**plain, "recorded_at": "2026-03-09T09:00:00+01:00"}
    assert len(keeping.imports(later, tmp_path, old).rejected) == 1
    assert key_of(later, CASE) != key_of(later, code)
    second = erasure.erase(later, CASE)["replaced_by"]
    assert second != code
    assert len(keeping.imports(later, tmp_path, {**opening, "on": "2026-03-14", "recorded_at": NOW}).rejected) == 1


@on_both_databases
def test_what_is_no_case_or_erased_already_is_one_sentence(commands: Commands) -> None:
    commands.imports(fact("case-opened", "2020-01-02", data={"unit": "56.4"}))
    assert commands("erase", "C-9").err == "Den Fall „C-9“ gibt es nicht.\n"
    answer = commands.json("erase", "C-1")
    assert answer.keys() == {"case", "replaced_by"}
    assert commands.json("timeline", answer["replaced_by"])["case"] == answer["replaced_by"]
    for number in ("C-1", answer["replaced_by"]):
        said = commands("erase", number)
        assert said.status == 1
        assert "gelöscht" in said.err
        assert said.err.count("\n") == 1
    assert commands("erase").status == 2
    again = commands.imports(fact("case-opened", "2020-01-02", data={"unit": "56.4"}))
    assert (again.status, again.json["added"]) == (1, 0)


def test_a_checkpoints_file_that_cannot_be_written_keeps_the_case(commands: Commands) -> None:
    commands.imports(fact("case-opened", "2020-01-02", data={"unit": "56.4"}))
    (commands.folder / "data" / "checkpoints.jsonl").write_bytes(b"x\n")
    assert "beschädigt" in commands("erase", "C-1").err
    assert commands("timeline", "C-1").status == 0


def test_the_files_of_postgresql_hold_nothing_of_it(postgresql_url: str, make_office: MakeOffice) -> None:
    url = postgresql_url
    engine = database.connect(url)
    database.migrate(engine)
    office = make_office(database=url)
    keeping.fill(office)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        own = Path(conn.scalar(text("SHOW data_directory")) or "")
        own = own / "base" / str(conn.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()")))
        conn.execute(text("CHECKPOINT"))
        assert CASE in held(own)
        erasure.erase(office, CASE)
        conn.execute(text("CHECKPOINT"))
    engine.dispose()
    assert held(own) == []


def held(folder: Path) -> list[str]:
    """Which of the secrets stand in the files of a folder."""
    whole = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()).lower()
    return [secret for secret in SECRETS if secret.lower().encode() in whole]


KEEPS = {
    "text_keys": (
        "CREATE TRIGGER evil BEFORE DELETE ON text_keys BEGIN SELECT RAISE(IGNORE); END",
        "CREATE RULE evil AS ON DELETE TO text_keys DO INSTEAD NOTHING",
    ),
    "entries": (
        "CREATE TRIGGER evil BEFORE DELETE ON entries BEGIN SELECT RAISE(IGNORE); END",
        "CREATE RULE evil AS ON DELETE TO entries DO INSTEAD NOTHING",
    ),
}


@pytest.mark.parametrize("table", KEEPS)
def test_an_erasure_that_the_database_does_not_carry_out_is_none(filled: Office, table: str) -> None:
    key = key_of(filled, CASE)
    with filled.write() as tx:
        tx.conn.execute(text(KEEPS[table][tx.conn.dialect.name == "postgresql"]))
    with pytest.raises(schema.StrangeSchema):
        erasure.erase(filled, CASE)
    with (
        pytest.raises(erasure.NotErased, match=rf"Der Fall ist nicht gelöscht: .* \({table}\)"),
        filled.write() as tx,
    ):
        erasure.erase_in(tx, key, CASE, tx.now)
    assert key_of(filled, CASE) == key
    with filled.read() as tx:
        assert filled.vault.name(tx.conn, key, "last_name") == "Ostermann"
