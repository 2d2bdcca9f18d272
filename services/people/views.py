"""The access log `record-viewed`: who of QS and leads read which case or list why; keys and codes, never a name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, func, select

from domain.purposes import PURPOSES
from services.records import access_log
from services.records.database import insert_once
from services.records.seals import of_purpose
from services.records.tables import purposes, views
from services.records.vault import Vault

LISTS = {
    "cases": "Fälle der Einheit",
    "cases-file": "Fälle der Einheit, als Datei",
    "search": "Suche",
    "same-person": "Fälle, die dieselbe Person betreffen können",
    "team": "Team",
    "team-file": "Überfälliges, als Datei",
    "stays": "Verweildauern im Team",
    "stays-file": "Verweildauern im Team, als Datei",
    "rules": "Regeln",
    "legacy": "Altfälle im Team",
    "legacy-file": "Altfälle im Team, als Datei",
    "proposals": "Vorschläge zu Regeln",
    "reconciliation": "Abgleich",
    "reconciliation-file": "Abgleich, als Datei",
    "grounds": "Grundlagen der Regeln",
    "introduction": "Einführungsplan der Regeln",
    "unattended": "Zuweisen im Team",
    "directory": "Verzeichnis",
    "directory-proposals": "Vorschläge zum Verzeichnis",
    "sight": "Was eine Person sieht",
    "qs": "QS",
    "qs-file": "QS, als Datei",
    "api-stays": "Verweildauern über die Schnittstelle",
    "api-due": "Wiedervorlagen über die Schnittstelle",
    "api-proposals": "Vorschläge zu Regeln über die Schnittstelle",
    "api-ask": "Frage über die Schnittstelle",
    "log": "Einsichten",
    "log-file": "Einsichten, als Datei",
}
"""The code of a list that is logged -> its German words."""
Row = Mapping[str, Any]
_NOTHING: dict[str, Any] = dict.fromkeys(("case_key", "survey", "list", "asked", "rows"))  # of a list and of a case
ASKED = 400
KEPT = dt.timedelta(days=365)  # 12 months (Fachkonzept 8 no. 4)


def say(conn: Connection, vault: Vault, session: str, case_key: UUID, purpose: str) -> None:
    """Remembers why a session reads a case. Raises `ValueError` for what is not in the list."""
    if purpose not in PURPOSES:
        raise ValueError(purpose)
    if said(conn, vault, session, case_key) is None:
        conn.execute(delete(purposes).where(*_of(session, case_key)))  # one that somebody planted
        row = {"session": session, "case_key": case_key, "purpose": purpose}
        seal = of_purpose(vault, session, case_key, purpose)
        conn.execute(insert_once(conn.dialect, purposes).values(**row, seal=seal))


def said(conn: Connection, vault: Vault, session: str, case_key: UUID) -> str | None:
    """What the session said for the case, or nothing yet. What somebody else put into the database was not said."""
    return said_for(conn, vault, session, [case_key]).get(case_key)


def said_for(conn: Connection, vault: Vault, session: str, cases: Collection[UUID]) -> dict[UUID, str]:
    """The same for several cases, those of which something was said."""
    one = purposes.c
    rows = conn.execute(select(purposes).where(one.session == session, one.case_key.in_(cases)))
    return {row.case_key: row.purpose for row in rows if row.seal == of_purpose(vault, *row[:3])}


def _of(session: str, case_key: UUID) -> tuple[ColumnElement[bool], ...]:
    return purposes.c.session == session, purposes.c.case_key == case_key


def of_case(person: str, case_key: UUID, purpose: str, now: dt.datetime, survey: str | None = None) -> Row:
    """One view of a case, as it is logged; `person` is a directory key."""
    return _NOTHING | {"person": person, "case_key": case_key, "purpose": purpose, "survey": survey, "at": now}


def of_list(person: str, name: str, asked: str, rows: int, purpose: str, now: dt.datetime) -> Row:
    """One view of a list of `LISTS`: asked how, in words or codes without a name or number, and its rows.

    Raises KeyError for another list: its name could not be told.
    """
    LISTS[name]
    told = {"person": person, "list": name, "asked": asked[:ASKED], "rows": rows, "purpose": purpose, "at": now}
    return _NOTHING | told


def note(conn: Connection, vault: Vault, rows: Sequence[Row]) -> None:
    """Logs these views, at least one. Commit it before the answer leaves."""
    access_log.add(conn, vault, rows)


class View(NamedTuple):
    """One entry of the log: a case or a list was read. Persons and cases are keys."""

    at: dt.datetime
    person: str
    purpose: str
    case_key: UUID | None
    list: str | None
    asked: str | None
    rows: int | None


def counted(conn: Connection, wanted: ColumnElement[bool]) -> int:
    """How many entries of the log are wanted."""
    return conn.scalar(select(func.count()).select_from(views).where(wanted)) or 0


def logged(conn: Connection, wanted: ColumnElement[bool], limit: int, offset: int) -> list[View]:
    """Wanted entries of the log, the latest first."""
    columns = [views.c[name] for name in View._fields]
    found = select(*columns).where(wanted).order_by(views.c.at.desc(), views.c.id.desc()).limit(limit).offset(offset)
    return [View(*row) for row in conn.execute(found)]


def forget(conn: Connection, vault: Vault, now: dt.datetime) -> int:
    """Deletes what is older than 12 months and says how many rows that were."""
    return access_log.forget(conn, vault, now - KEPT)
