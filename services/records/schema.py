"""What the schema of the database may hold: tables and their indexes, and nothing that acts on rows by itself.

Whoever owns the database could else let a log-out, an erasure or an entry of the access log do nothing.
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, text

from services.failures import Said
from services.records.tables import metadata

STRANGE = "In der Datenbank steht {} „{}“ (an {}); das hat Fallverlauf nicht angelegt."
ALTERED = "Die Tabelle {} lässt Zeilen weg, statt einen Fehler zu melden; so hat Fallverlauf sie nicht angelegt."
_WORDS = {
    "trigger": "ein Auslöser (Trigger)",
    "view": "eine Sicht (View)",
    "rule": "eine Regel (Rule)",
    "policy": "eine Zeilenregel (Policy)",
    "index": "ein eindeutiges Verzeichnis (Index)",
}


class StrangeSchema(Said):
    """The database holds something that Fallverlauf has not made; the text is one German sentence."""


def first_strange(conn: Connection) -> str | None:
    """What stands in the schema and is not ours, in one sentence; the reading is quick."""
    if conn.dialect.name == "postgresql":
        found = conn.execute(_postgresql, {"tables": _TABLES, "indexes": _INDEXES}).first()
    else:
        found = conn.execute(_sqlite, {"indexes": _INDEXES}).first()
    if found is None:
        return None
    kind, name, table = found
    return ALTERED.format(table) if kind == "table" else STRANGE.format(_WORDS[kind], name, table)


def check(conn: Connection) -> None:
    """Refuses such a database. Raises StrangeSchema."""
    if (why := first_strange(conn)) is not None:
        raise StrangeSchema(f"{why} Solange das dort steht, arbeitet Fallverlauf nicht mit ihr.")


_TABLES = sorted(metadata.tables)
_INDEXES = sorted(str(index.name) for table in metadata.tables.values() for index in table.indexes)
# A table or index with its own answer to a conflict leaves a row away where ours would raise.
_sqlite = text("""
    SELECT type, name, tbl_name FROM sqlite_master
    WHERE type IN ('trigger', 'view')
        OR type = 'table' AND sql LIKE '%ON CONFLICT%'
        OR type = 'index' AND sql LIKE 'CREATE UNIQUE%' AND name NOT IN :indexes
    ORDER BY type, name
""").bindparams(bindparam("indexes", expanding=True))
# Of the whole search path, where each of our names could be taken before it reaches our table. Views that an extension
# brought do nothing.
_postgresql = text("""
    WITH here AS (
        SELECT c.oid, c.relname, c.relkind, c.relrowsecurity FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false))
    )
    SELECT kind, name, at FROM (
        SELECT 'trigger' AS kind, t.tgname::text AS name, here.relname::text AS at
            FROM pg_trigger t JOIN here ON here.oid = t.tgrelid WHERE NOT t.tgisinternal
        UNION ALL SELECT 'view', here.relname, here.relname FROM here
            WHERE here.relkind IN ('v', 'm', 'f') AND (here.relname = ANY (:tables) OR NOT EXISTS (
                SELECT 1 FROM pg_depend d WHERE d.objid = here.oid AND d.deptype = 'e'))
        UNION ALL SELECT 'rule', r.rulename, here.relname
            FROM pg_rewrite r JOIN here ON here.oid = r.ev_class WHERE r.rulename <> '_RETURN'
        UNION ALL SELECT 'policy', p.polname, here.relname FROM pg_policy p JOIN here ON here.oid = p.polrelid
        UNION ALL SELECT 'policy', 'row level security', here.relname FROM here WHERE here.relrowsecurity
        UNION ALL SELECT 'index', o.relname, here.relname
            FROM pg_index i JOIN here ON here.oid = i.indrelid JOIN pg_class o ON o.oid = i.indexrelid
            WHERE i.indisunique AND here.relname = ANY (:tables) AND NOT o.relname = ANY (:indexes)
            AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
    ) AS strange ORDER BY kind, name
""")
