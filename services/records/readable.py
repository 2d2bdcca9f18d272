"""What is the matter with values that cannot be read: in which table they stand, and of which case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Table, select, type_coerce
from sqlalchemy.types import NullType

from services import failures
from services.failures import Said
from services.records.tables import metadata

UNREADABLE = "In der Tabelle {} steht ein Wert, der sich nicht lesen lässt."
_EVERY = 10_000
Broken = tuple[UUID | None, int | None, str]
Step = tuple[str, Callable[[], Broken | None]]  # the table that is looked at above all, and how


class Unreadable(Said):
    """Something stored cannot be read; the text is one German sentence."""

    def __init__(self, broken: Broken) -> None:
        super().__init__(broken[2])
        self.broken = broken


def first_broken(conn: Connection, steps: Iterable[Step]) -> Broken | None:
    """What the first of these steps that finds something finds; that it met what cannot be read is such a thing."""
    for about, step in steps:
        try:
            found = step()
        except Exception as error:
            met = named(conn, error, about)
            if not isinstance(met, Unreadable):
                raise
            found = met.broken
        if found is not None:
            return found
    return None


def named(conn: Connection, error: Exception, about: str = "") -> Exception:
    """An error as what could not be read, with its table; or itself, where that is not why.

    `about`: the table that is named where each value can be read by itself, and nobody can make sense of them.
    """
    if failures.sentence(error) is not None:
        return error
    found = first_unreadable(conn) or ((None, None, UNREADABLE.format(about)) if about else None)
    return error if found is None else Unreadable(found)


def first_unreadable(conn: Connection) -> Broken | None:
    """The first value of another type than its column has; all rows are looked at, so only where something failed."""
    for table in metadata.sorted_tables:
        try:
            for column in table.c:
                if (key := _of_unreadable(conn, table, column)) is not None:
                    return _known(key), None, UNREADABLE.format(table.name)
        except Exception:  # the driver itself cannot read it
            return None, None, UNREADABLE.format(table.name)
    return None


def _of_unreadable(conn: Connection, table: Table, column: Column[Any]) -> tuple[object] | None:
    """The key of the stream of the first row whose value in this column cannot be read, as it lies there."""
    stream = table.c.get("key") if "key" in table.c else table.c.get("case_key")
    value_of, key_of = (type_coerce(one, NullType()) for one in (column, column if stream is None else stream))
    process = column.type.dialect_impl(conn.dialect).result_processor(conn.dialect, None)
    for value, key in conn.execute(select(value_of, key_of).execution_options(yield_per=_EVERY)):
        if value is not None and not _reads(column, process, value):
            return (None if stream is None else key,)
    return None


def _reads(column: Column[Any], process: Callable[[Any], Any] | None, value: Any) -> bool:
    try:
        read = value if process is None else process(value)
    except Exception:  # each type has its own way to fail
        return False
    return process is not None or isinstance(read, column.type.python_type)


def _known(key: tuple[object]) -> UUID | None:
    with suppress(ValueError):
        return UUID(str(key[0]))
    return None
