"""A schema that holds more than Fallverlauf has made is named by `verify`, and nothing else works with it."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import text

from services.office.office import Office, open_office
from services.operations import checkpoints
from services.records import schema
from tests.services import keeping
from tests.services.commandline import Commands, fact

ON_SQLITE = {
    "access log off": (
        "CREATE TRIGGER evil BEFORE INSERT ON views BEGIN SELECT RAISE(IGNORE); END",
        "ein Auslöser (Trigger) „evil“ (an views)",
    ),
    "keys kept": (
        "CREATE TRIGGER evil BEFORE DELETE ON text_keys BEGIN SELECT RAISE(IGNORE); END",
        "ein Auslöser (Trigger) „evil“ (an text_keys)",
    ),
    "sessions kept": (
        "CREATE TRIGGER evil BEFORE DELETE ON sessions BEGIN SELECT RAISE(IGNORE); END",
        "ein Auslöser (Trigger) „evil“ (an sessions)",
    ),
    "a view": ("CREATE VIEW evil AS SELECT 1", "eine Sicht (View) „evil“ (an evil)"),
    "one row a person": (
        "CREATE UNIQUE INDEX evil ON views (purpose)",
        "ein eindeutiges Verzeichnis (Index) „evil“ (an views)",
    ),
}
_FUNCTION = "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; "
ON_POSTGRESQL = {
    "access log off": (
        _FUNCTION + "CREATE TRIGGER evil BEFORE INSERT ON views FOR EACH ROW EXECUTE FUNCTION nothing()",
        "ein Auslöser (Trigger) „evil“ (an views)",
    ),
    "a rule": (
        "CREATE RULE evil AS ON DELETE TO text_keys DO INSTEAD NOTHING",
        "eine Regel (Rule) „evil“ (an text_keys)",
    ),
    "a view": ("CREATE VIEW evil AS SELECT 1 AS one", "eine Sicht (View) „evil“ (an evil)"),
    "a policy": ("CREATE POLICY evil ON sessions USING (false)", "eine Zeilenregel (Policy) „evil“ (an sessions)"),
    "rows hidden": (
        "ALTER TABLE sessions ENABLE ROW LEVEL SECURITY",
        "eine Zeilenregel (Policy) „row level security“ (an sessions)",
    ),
}
EVERY = [
    *(pytest.param("sqlite", *one, id=f"sqlite: {name}") for name, one in ON_SQLITE.items()),
    *(pytest.param("postgresql", *one, id=f"postgresql: {name}") for name, one in ON_POSTGRESQL.items()),
]


@pytest.mark.parametrize(("database_url", "statement", "said"), EVERY, indirect=["database_url"])
def test_what_is_not_ours_is_named_and_nothing_works_with_it(any_office: Office, statement: str, said: str) -> None:
    keeping.fill(any_office)
    checkpoints.checkpoint(any_office)
    before = any_office.settings.checkpoints.read_bytes()
    with any_office.write() as tx:
        tx.conn.execute(text(statement))
    found = checkpoints.verify(any_office, None)
    assert (found["ok"], found["first_break"]["case"]) == (False, None)
    assert found["first_break"]["why"] == f"In der Datenbank steht {said}; das hat Fallverlauf nicht angelegt."
    with pytest.raises(checkpoints.NotWitnessed, match="Kein Prüfpunkt: In der Datenbank steht"):
        checkpoints.checkpoint(any_office)
    assert any_office.settings.checkpoints.read_bytes() == before
    with pytest.raises(schema.StrangeSchema, match="Solange das dort steht, arbeitet Fallverlauf nicht mit ihr"):
        open_office(any_office.settings)


def test_a_table_that_leaves_rows_away_is_named(office: Office) -> None:
    with office.write() as tx:
        tx.conn.execute(text("DROP TABLE purposes"))
        tx.conn.execute(
            text("CREATE TABLE purposes (session TEXT UNIQUE ON CONFLICT IGNORE, case_key TEXT, purpose TEXT)")
        )
    assert checkpoints.verify(office, None)["first_break"]["why"] == schema.ALTERED.format("purposes")


def test_commands_refuse_and_verify_names(commands: Commands) -> None:
    assert commands.imports(fact("strategy-bar-set", "2026-01-01", data={"strategy": "integration"})).status == 0
    with sqlite3.connect(commands.folder / "data" / "fallverlauf.db") as conn:
        conn.execute(ON_SQLITE["access log off"][0])
    conn.close()
    for command in (("checkpoint",), ("erase", "C-1"), ("timeline", "C-1")):
        refused = commands(*command)
        assert (refused.status, "Auslöser (Trigger) „evil“ (an views)" in refused.err) == (1, True), command
    named = commands("verify")
    assert (named.status, "Auslöser (Trigger) „evil“ (an views)" in named.err) == (1, True)
