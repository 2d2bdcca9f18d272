"""What a database is asked, statement by statement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from services.office.office import Office


@contextmanager
def statements(office: Office) -> Iterator[list[str]]:
    """What the database is asked meanwhile, without the values."""
    found: list[str] = []

    def heard(conn: object, cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    event.listen(office.engine, "before_cursor_execute", heard)
    yield found
    event.remove(office.engine, "before_cursor_execute", heard)
