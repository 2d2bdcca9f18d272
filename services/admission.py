"""Whether these settings fit this database: its master key, and FALLVERLAUF_NOW over invented data only."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from services.records.streams import insert_once
from services.records.tables import marks, records

if TYPE_CHECKING:
    from services.office import Office

INVENTED = ("demo", "test")
_KIND, _KEY = "data", "master-key"


class NotAdmitted(Exception):
    """These settings do not fit the database; the text is one German sentence."""


def check(office: Office) -> None:
    """Refuses another master key than the first one, and `FALLVERLAUF_NOW` over data nobody has marked as invented.

    The first use of an empty database with `FALLVERLAUF_NOW` marks its data as test data. Raises NotAdmitted.
    """
    fingerprint = office.vault.content(b"master key").hex()
    with office.read() as conn:
        known = _value(conn, _KEY)
        kind = _value(conn, _KIND)
        empty = conn.scalar(select(records.c.number).limit(1)) is None
    if known is not None and not hmac.compare_digest(known, fingerprint):
        raise NotAdmitted(f"Der Hauptschlüssel {office.settings.master_key_file} gehört nicht zu dieser Datenbank.")
    standing = office.settings.fixed_now is not None
    if standing and kind not in INVENTED and not empty:
        raise NotAdmitted("FALLVERLAUF_NOW gilt nur für Demo- und Testdaten; diese Datenbank enthält andere.")
    missing = {_KEY: fingerprint} if known is None else {}
    missing |= {_KIND: "test"} if standing and kind is None else {}
    if missing:
        with office.write() as conn:
            for name, value in missing.items():
                conn.execute(insert_once(conn.dialect, marks).values(name=name, value=value))


def _value(conn: Connection, name: str) -> str | None:
    return conn.scalar(select(marks.c.value).where(marks.c.name == name))
