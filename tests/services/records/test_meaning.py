"""Rows follow their meaning: what a program computes otherwise is computed anew, and meanwhile lists wait."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, select, update

from domain.facts import Stream
from domain.facts.office import RuleSet, ThresholdSet
from domain.records import Entry
from domain.rules import RULES
from services.exchange.importing import import_file
from services.office.office import NotMigrated, Office, open_office
from services.operations import erasure
from services.questions import due, recipe, stays
from services.records import comparison, database, meaning, pace, rebuild, rows, sources
from services.records.tables import due_rows, marks, meanings, segments, violations
from services.records.vault import open_vault
from services.settings import Settings
from tests.conftest import NOW, MakeOffice
from tests.golden import GOLDEN
from tests.services.dying import dies_at

ROOT = Path(meaning.__file__).parents[2]
LINES = [line for golden in GOLDEN for line in golden.lines if line["recorded_at"] < NOW.isoformat()]
IN_BARS = {  # the rules about bars, and those that ask them
    rule.id for rule in RULES.values() if "domain.rules.bars" in sources.closure([meaning.declared_in(rule.due)])
}
Change = tuple[str, str, str]  # file, text, text in its place


class Program:
    """A copy of the program in which some texts are others."""

    def __init__(self, folder: Path, *changes: Change) -> None:
        self.folder = folder
        for package in ("domain", "notifications", "services", "workers"):
            shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "fallverlauf.py", folder)
        for file, before, after in changes:
            text = (folder / file).read_text(encoding="utf-8")
            assert before in text, before
            (folder / file).write_text(text.replace(before, after), encoding="utf-8")

    def topics(self) -> dict[str, str]:
        """The digest of each of its topics."""
        asked = "import json; from services.records import meaning; print(json.dumps(meaning.topics()))"
        return dict(json.loads(self._run({}, "-c", asked)))

    def __call__(self, settings: Settings, *command: object) -> str:
        """Runs a command over a database."""
        given = {
            "FALLVERLAUF_DATA": str(settings.data),
            "FALLVERLAUF_DATABASE": settings.database,
            "FALLVERLAUF_NOW": NOW.isoformat(),
        }
        return self._run(given, "fallverlauf.py", *map(str, command))

    def _run(self, given: Mapping[str, str], *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder, env=os.environ | given, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def settings(make_office: MakeOffice, database_url: str) -> Settings:
    """Those of an empty office, once on SQLite and once on PostgreSQL, that nobody has open."""
    office = make_office(database=database_url)
    office.close()
    return office.settings


@pytest.fixture
def filled(settings: Settings, tmp_path: Path) -> Settings:
    """The same with the golden timelines."""
    with open_office(settings) as office:
        assert import_file(office, lines(tmp_path)).rejected == []
    return settings


def lines(folder: Path) -> Path:
    file = folder / "facts.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in LINES), encoding="utf-8")
    return file


def opened(settings: Settings) -> Office:
    """The office after `migrate`, which is part of opening an embedded one."""
    engine = database.connect(settings.database)
    rebuild.catch_up(engine, open_vault(engine, settings.master_key_file), wait=True)
    engine.dispose()
    return open_office(settings)


def differing(office: Office) -> list[dict[str, Any]]:
    with office.read() as tx:
        return list(comparison.compare(tx.conn, office.vault)["different"])


def numbers(conn: Connection, without: str) -> set[int]:
    """The identity of every due row, but for those of a rule."""
    return set(conn.scalars(select(due_rows.c.id).where(due_rows.c.rule != without)))


# --- what counts for which topic ---


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ([("domain/clocks.py", '"""The days inside `window`', '# so\n    """All days inside `window`')], set()),
        ([("domain/rules/bars.py", "LONGEST_CARE = 120", "LONGEST_CARE = 126")], IN_BARS),
        ([("domain/violations.py", 'Violation("R-19"', 'Violation("R-20"')], {"violations"}),
        ([("services/records/columns.py", '"shift": row.shift', '"shift": row.shift + 0')], {*meaning.ROOTS, *RULES}),
    ],
)
def test_a_topic_changes_with_what_it_imports_and_with_nothing_else(
    changes: list[Change], changed: set[str], tmp_path: Path
) -> None:
    found = Program(tmp_path / "program", *changes).topics()
    assert {topic for topic, digest in meaning.topics().items() if found[topic] != digest} == changed


def test_a_further_rule_in_a_further_file_changes_no_other(tmp_path: Path) -> None:
    program = Program(
        tmp_path / "program",
        ("domain/rules/__init__.py", "    appointments,\n", "    appointments,\n    further,\n"),
        ("domain/rules/__init__.py", "_TOPICS = (", "_TOPICS = (further, "),
    )
    text = (ROOT / "domain/rules/appointments.py").read_text(encoding="utf-8")
    (program.folder / "domain/rules/further.py").write_text(text.replace("R-14", "R-99"), encoding="utf-8")
    found = program.topics()
    assert found.pop("R-99")
    assert found == meaning.topics()


def test_every_topic_the_domain_sweeps_has_a_meaning() -> None:
    from domain.history import TOPICS

    assert set().union(*(topic.names for topic in TOPICS)) <= meaning.topics().keys()


def test_every_rule_is_declared_in_a_file_of_its_topic() -> None:
    assert {meaning.declared_in(rule.due) for rule in RULES.values()} & {"domain.rules", "functools"} == set()


# --- a database of another program ---


def test_a_database_built_without_a_rule_equals_a_rebuild_once_it_is_opened_with_it(
    settings: Settings, tmp_path: Path
) -> None:
    rule = "R-18"
    before = Program(
        tmp_path / "program", ("domain/rules/__init__.py", "THEMES: dict", f'del RULES["{rule}"]\nTHEMES: dict')
    )
    before(settings, "migrate")
    before(settings, "import", lines(tmp_path))
    if not settings.embedded:
        with pytest.raises(NotMigrated, match="nach anderen Regeln"):
            open_office(settings)
    engine = database.connect(settings.database)
    with database.reading(engine) as conn:
        assert conn.scalars(select(due_rows.c.rule).distinct()).all() != []
        assert conn.scalar(select(due_rows.c.id).where(due_rows.c.rule == rule).limit(1)) is None
        there = numbers(conn, rule)
    engine.dispose()
    with opened(settings) as office:
        assert differing(office) == []
        with office.read() as tx:
            assert numbers(tx.conn, rule) == there  # of the others none was touched
            assert tx.conn.scalar(select(due_rows.c.id).where(due_rows.c.rule == rule).limit(1)) is not None
    before(settings, "migrate")
    with database.reading(engine := database.connect(settings.database)) as conn:
        assert conn.scalar(select(due_rows.c.id).where(due_rows.c.rule == rule).limit(1)) is None
        assert numbers(conn, rule) == there
    engine.dispose()


def test_a_comment_computes_nothing_anew(filled: Settings, tmp_path: Path) -> None:
    said = Program(tmp_path / "program", ("domain/clocks.py", "REASONS = (", "# one a row\nREASONS = ("))(
        filled, "migrate"
    )
    assert "neu berechnet" not in said
    with open_office(filled) as office, office.read() as tx:
        assert meaning.in_force(tx.conn)


def test_a_program_that_was_replaced_writes_no_rows_and_shows_no_lists(filled: Settings, tmp_path: Path) -> None:
    other = Program(tmp_path / "program", ("domain/rules/bars.py", "LONGEST_CARE = 120", "LONGEST_CARE = 126"))
    with open_office(filled) as office:
        other(filled, "migrate")
        with office.read() as tx:
            key = office.store.key(tx.conn, Stream.CASE, "G1")
            assert key is not None
            records = office.store.records(tx.conn, key)
            with pytest.raises(meaning.Replaced, match="bitte Fallverlauf neu starten"):
                stays.stays(tx, stays.Wanted("integration"))
        for write in writes(office, key, records):
            with pytest.raises(meaning.Replaced), office.write() as tx:
                write(tx.conn)
        path = tmp_path / "more.jsonl"
        path.write_text(json.dumps(LINES[0] | {"id": "another", "case": "N-1"}), encoding="utf-8")
        with pytest.raises(meaning.Replaced):
            import_file(office, path)
        with office.read() as tx:
            assert office.store.key(tx.conn, Stream.CASE, "N-1") is None


def writes(office: Office, key: UUID, records: list[Any]) -> list[Callable[[Connection], object]]:
    return [
        lambda conn: rows.refresh(conn, key, records),
        lambda conn: rows.refresh_many(conn, {key: records}),
        lambda conn: rebuild.Crew(office.vault).refresh(conn, [key]),
    ]


# --- while rows are computed anew ---


def spoil(settings: Settings, *topics: str) -> None:
    """As if another program had computed these topics, and computed them wrong."""
    engine = database.connect(settings.database)
    with database.writing(engine) as conn:
        conn.execute(update(marks).where(marks.c.name == meaning.PROGRAM).values(value="another"))
        conn.execute(update(meanings).where(meanings.c.topic.in_(topics)).values(digest="another"))
        conn.execute(update(segments).where(segments.c.clock.in_(topics)).values(shift=segments.c.shift + 1))
        conn.execute(update(due_rows).where(due_rows.c.rule.in_(topics)).values(stage="another"))
    engine.dispose()


def test_who_was_interrupted_goes_on_and_shows_nothing_half_done(
    filled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FIRST", "MOST"):
        monkeypatch.setattr(pace, name, 2)
    topics = ("net", "R-05")
    spoil(filled, *topics)
    step, reached = 1, [meaning.NOBODY]
    while dies_at(step, lambda: opened(filled).close()):
        engine = database.connect(filled.database)
        with database.reading(engine) as conn:
            if meaning.in_force(conn) and meaning.unfinished(conn):
                for topic in topics:
                    with pytest.raises(meaning.Waiting):
                        meaning.digests(conn, [topic])
                assert set(meaning.digests(conn, ["handover"])) == {"handover"}
                reached.append(conn.scalars(select(meanings.c.reached).where(meanings.c.topic == "net")).one())
        engine.dispose()
        step += 9
    assert reached == sorted(reached)
    assert len(set(reached)) > 2
    with opened(filled) as office:
        assert differing(office) == []


def test_a_list_that_is_computed_anew_waits_and_a_case_answers(filled: Settings) -> None:
    with open_office(filled) as office:
        with office.write() as tx:
            tx.conn.execute(update(meanings).where(meanings.c.topic == "R-05").values(reached=meaning.NOBODY))
        with office.read() as tx:
            with pytest.raises(meaning.Waiting, match="wird gerade neu berechnet"):
                due.due(tx, due.Wanted())
            assert due.due(tx, due.Wanted(rule="R-04"))["rows"] is not None
            assert stays.stays(tx, stays.Wanted("integration"))["rows"] != []
        with office.write() as tx:  # a case that grows meanwhile is written whole, by the meaning of today
            key = office.store.key(tx.conn, Stream.CASE, "G2")
            assert key is not None
            tx.conn.execute(update(due_rows).where(due_rows.c.case_key == key).values(stage="another"))
            records = office.store.records(tx.conn, key)
            rows.refresh(tx.conn, key, records, after=len(records) - 1)
            assert "another" not in tx.conn.scalars(select(due_rows.c.stage)).all()


def test_an_embedded_office_that_another_process_computes_is_opened_at_once(
    make_office: MakeOffice, tmp_path: Path
) -> None:
    office = make_office()
    import_file(office, lines(tmp_path))
    spoil(office.settings, "net")
    with database.computing_lock(office.engine, wait=False) as mine:
        assert mine
        with open_office(office.settings) as second, second.read() as tx, pytest.raises(meaning.Replaced):
            stays.stays(tx, stays.Wanted("integration"))
    with open_office(office.settings) as second, second.read() as tx:
        assert stays.stays(tx, stays.Wanted("integration"))["rows"] != []


def test_one_process_at_a_time_computes(any_office: Office) -> None:
    lock = partial(database.computing_lock, any_office.engine, wait=False)
    with lock() as mine, lock() as second:
        assert (mine, second) == (True, False)
    with database.computing_lock(any_office.engine, wait=True) as mine:
        assert mine


# --- what the office has set ---


def test_a_number_of_the_office_changes_the_meaning_of_its_rule_alone(filled: Settings) -> None:
    number = ThresholdSet(rule="R-05", stage="check", months=10, source="Verfügung 3/2020", approved_by="fdl-1")
    state = RuleSet(rule="R-04", state="list", source="Verfügung 3/2020", approved_by="fdl-1")
    with open_office(filled) as office:
        before = kept(office)
        with office.write() as tx:
            key = office.store.open_stream(tx.conn, Stream.OFFICE, "rules")
            facts = [Entry(on=NOW.date(), fact=fact, by="fdl-1") for fact in (number, state)]
            office.store.append(tx.conn, key, facts, NOW)
            meaning.settings_changed(tx.conn)
        with office.read() as tx, pytest.raises(meaning.Waiting):
            due.due(tx, due.Wanted(rule="R-05"))
        rebuild.catch_up(office.engine, office.vault)
        after = kept(office)
        assert {topic for topic in before if before[topic] != after[topic]} == {"R-05"}
        assert differing(office) == []


def while_seen(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Something happens once, after the rows of cases were computed and before they are written."""
    see = rebuild.Crew.see

    def seen(self: rebuild.Crew, *given: Any) -> Iterator[rebuild.Seen]:
        found = list(see(self, *given))
        monkeypatch.setattr(rebuild.Crew, "see", see)
        happens()
        yield from found

    monkeypatch.setattr(rebuild.Crew, "see", seen)


def test_what_becomes_of_cases_while_their_rows_are_computed_counts(
    filled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_office(filled) as office:
        cases = sorted({line["case"] for line in LINES})

        def happens() -> None:
            path = tmp_path / "more.jsonl"
            closed = {"fact": "case-closed", "on": "2024-05-01", "recorded_at": "2024-05-01T09:00:00+02:00", "data": {}}
            more = [{**LINES[0], **closed, "id": "closed", "case": cases[0]}, {**LINES[0], "id": "n", "case": "N-1"}]
            path.write_text("".join(json.dumps(line) + "\n" for line in more), encoding="utf-8")
            report = import_file(office, path)
            assert (report.added, report.rejected) == (2, [])
            erasure.erase(office, cases[1])

        while_seen(monkeypatch, happens)
        assert rebuild.anew(office.engine, office.vault)[0] == len(cases)
        assert differing(office) == []


def test_what_the_office_sets_while_rows_are_computed_counts(filled: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    number = ThresholdSet(rule="R-05", stage="check", months=10, source="Verfügung 3/2020", approved_by="fdl-1")
    with open_office(filled) as office:
        spoil(filled, "net", "R-05")

        def happens() -> None:
            with office.write() as tx:
                key = office.store.open_stream(tx.conn, Stream.OFFICE, "rules")
                office.store.append(tx.conn, key, [Entry(on=NOW.date(), fact=number, by="fdl-1")], NOW)
                meaning.settings_changed(tx.conn)

        while_seen(monkeypatch, happens)
        rebuild.catch_up(office.engine, office.vault)
        assert differing(office) == []
        with office.read() as tx:
            assert not meaning.unfinished(tx.conn)


def kept(office: Office) -> dict[str, str]:
    with office.read() as tx:
        return meaning.digests(tx.conn, meaning.topics())


# --- rows that follow from nothing ---


def planted(conn: Connection) -> set[str]:
    """In each table of rows a copy of one of its rows, moved by a day; the tables that had one."""
    found = set()
    for table in rows.TABLES:
        row = conn.execute(select(table).limit(1)).mappings().first()
        if row is not None:
            day = next((name for name in ("from_day", "listed_from", "day") if name in row), None)
            moved = {day: row[day].replace(year=1999)} if day else {"facts": 99}
            conn.execute(table.insert().values({**row, **moved, "id": 999_999}))
            found.add(table.name)
    return found


def test_a_row_that_follows_from_nothing_is_named_and_gone_after_a_rebuild(filled: Settings, tmp_path: Path) -> None:
    undated = {key: value for key, value in (LINES[0] | {"id": "u", "case": "U-1"}).items() if key != "recorded_at"}
    path = tmp_path / "undated.jsonl"
    path.write_text("".join(json.dumps(undated | {"id": f"u{at}", "on": f"2018-0{at}-01"}) + "\n" for at in (1, 2)))
    with open_office(filled) as office:
        import_file(office, path)
        assert differing(office) == []
        with office.write() as tx:
            found = planted(tx.conn)
            assert found == {table.name for table in rows.TABLES}
            row = tx.conn.execute(select(violations).limit(1)).mappings().one()
            tx.conn.execute(violations.insert().values({**row, "id": 999_998, "case_key": UUID(int=5)}))
        named = differing(office)
        assert {one["table"] for one in named} == found
        assert {one["why"] for one in named} == {"1 Zeile folgt nicht aus den Einträgen.", comparison.NO_CASE}
        assert {one["case"] for one in named if one["why"] != comparison.NO_CASE} <= {
            *(line["case"] for line in LINES), "U-1",
        }  # fmt: skip
        cases = {line["case"] for line in LINES} | {"U-1"}
        assert rebuild.anew(office.engine, office.vault) == (len(cases), len(LINES) + 2)
        assert differing(office) == []


def test_a_row_that_is_missing_is_named_too(filled: Settings) -> None:
    with open_office(filled) as office:
        with office.write() as tx:
            tx.conn.execute(due_rows.delete().where(due_rows.c.rule == "R-07"))
        assert {(one["table"], one["why"][-7:]) for one in differing(office)} <= {
            ("due_rows", " fehlt."), ("due_rows", "fehlen."),
        }  # fmt: skip
        assert differing(office) != []


# --- the recipe ---


def test_the_recipe_names_the_meaning_of_the_rows_it_read(filled: Settings) -> None:
    with open_office(filled) as office, office.read() as tx:
        asked = stays.question(tx, stays.Wanted("integration"))
        read = meaning.digests(tx.conn, ["net", "spans"])
        said = dict(one.split() for one in recipe.counting(tx.conn, asked).split(", "))
        assert {topic: digest[:12] for topic, digest in read.items()} | {"Auswahl": said["Auswahl"]} == said
