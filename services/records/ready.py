"""Computed rows as the driver of the database takes them: made where they are computed, not by the one who writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import JSON, Column, Connection, Date, Dialect, Table, Uuid, insert, make_url

from services.records.columns import Columns
from services.records.tables import metadata
from services.records.tables.base import Moment, as_json

OFTEN = 50_000  # values kept in mind for each column
Ready = dict[str, Sequence[Any]]
"""By the name of a table, what stands for each row in its INSERT: a tuple, or a dict where the driver names values."""


def ready(driver: str, wanted: Mapping[str, Sequence[Columns]]) -> Ready:
    """The rows for this driver, named as in the address of a database."""
    return {name: [_row(driver, name, columns) for columns in found] for name, found in wanted.items()}


def put(conn: Connection, table: Table, found: Sequence[Any]) -> None:
    """Stores rows that are ready."""
    if found:
        conn.exec_driver_sql(_insert(driver_of(conn), table.name), list(found))


def driver_of(conn: Connection) -> str:
    """The driver of a database, as `ready` names it."""
    return conn.engine.url.drivername


def _row(driver: str, table: str, columns: Columns) -> tuple[Any, ...] | dict[str, Any]:
    positional, processors = _plan(driver, table)
    values = [process(columns[name]) if process else columns[name] for name, process in processors]
    return tuple(values) if positional else dict(zip((name for name, _ in processors), values, strict=True))


@cache
def _plan(driver: str, table: str) -> tuple[bool, list[tuple[str, Any]]]:
    dialect = make_url(f"{driver}://").get_dialect()()
    columns = [column for column in metadata.tables[table].c if not column.primary_key]
    return dialect.positional, [(one.name, _processor(one, dialect)) for one in columns]


def _processor(column: Column[Any], dialect: Dialect) -> Any:
    """What makes a value ready, if anything has to; days, moments and keys are the same in many rows."""
    if isinstance(column.type, JSON) and dialect.name == "sqlite":
        return as_json
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    if process is None or not isinstance(column.type, (Date, Moment, Uuid)):
        return process
    return lru_cache(OFTEN)(process)


@cache
def _insert(driver: str, table: str) -> str:
    names = [name for name, _ in _plan(driver, table)[1]]
    dialect = make_url(f"{driver}://").get_dialect()()
    return str(insert(metadata.tables[table]).inline().compile(dialect=dialect, column_keys=names))
