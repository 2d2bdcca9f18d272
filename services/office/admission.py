"""Over which data a moment may stand for now: FALLVERLAUF_NOW is for demo and test data only (contract.md 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from services.records import values
from services.records.tables import records

if TYPE_CHECKING:
    from services.office.office import Office
    from services.settings import Settings

INVENTED = ("demo", "test")
KIND = "data"


class NotAdmitted(Exception):
    """These settings do not fit the data; the text is one German sentence."""


def check(office: Office) -> None:
    """Refuses `FALLVERLAUF_NOW` over data that nobody has marked as invented. Raises NotAdmitted."""
    if office.settings.fixed_now is None:
        return
    with office.read() as conn:
        if conn.scalar(select(records.c.number).limit(1)) is not None:
            check_kind(office.settings, values.value(conn, KIND))


def check_kind(settings: Settings, kind: str | None) -> None:
    """The same for data of this kind (the mark `KIND`). Raises NotAdmitted."""
    if settings.fixed_now is not None and kind not in INVENTED:
        raise NotAdmitted("FALLVERLAUF_NOW gilt nur für Demo- und Testdaten; diese Datenbank enthält andere.")


def mark_test_data(office: Office, conn: Connection) -> None:
    """Marks what is about to be stored under `FALLVERLAUF_NOW` as test data; data marked before keep their mark."""
    if office.settings.fixed_now is not None:
        values.put_once(conn, KIND, "test")
