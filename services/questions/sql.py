"""Days and months in SQL, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, extract, literal, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement

Day = ColumnElement[dt.date]


class DaysBetween(FunctionElement[int]):
    """The days from the first day to the second; less than 0 if it lies before."""

    type = Integer()
    inherit_cache = True
    name = "days_between"


class DaysAfter(FunctionElement[dt.date]):
    """The day so many days after the first."""

    type = Date()
    inherit_cache = True
    name = "days_after"


class Latest(FunctionElement[dt.date]):
    """The later of two days; that which is there, if one is missing."""

    type = Date()
    inherit_cache = True
    name = "latest"


class ByCode(FunctionElement[str]):
    """A text that is compared and sorted by its bytes, as the program does, and not by the rules of a language."""

    inherit_cache = True
    name = "by_code"


def months_full(start: Day, months: int, day: Day) -> ColumnElement[bool]:
    """Whether `start` + `months` <= `day`, the sum clamped to the end of its month (Fachkonzept 2.0)."""
    reached = _month(start) + months
    last_of_month = extract("day", DaysAfter(day, 1)) == 1
    in_month = or_(extract("day", start) <= extract("day", day), last_of_month)
    return or_(reached < _month(day), and_(reached == _month(day), in_month))


def day(value: dt.date) -> Day:
    """A day as a parameter that keeps its type."""
    return literal(value, Date())


def _month(day: Day) -> ColumnElement[int]:
    return extract("year", day) * 12 + extract("month", day)


@compiles(DaysBetween, "sqlite")
def _(element: DaysBetween, compiler: SQLCompiler, **kw: Any) -> str:
    first, second = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST(julianday({second}) - julianday({first}) AS INTEGER)"


@compiles(DaysBetween, "postgresql")
def _(element: DaysBetween, compiler: SQLCompiler, **kw: Any) -> str:
    first, second = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(CAST({second} AS DATE) - CAST({first} AS DATE))"


@compiles(DaysAfter, "sqlite")
def _(element: DaysAfter, compiler: SQLCompiler, **kw: Any) -> str:
    first, count = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"date({first}, ({count}) || ' days')"


@compiles(DaysAfter, "postgresql")
def _(element: DaysAfter, compiler: SQLCompiler, **kw: Any) -> str:
    first, count = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(CAST({first} AS DATE) + CAST({count} AS INTEGER))"


@compiles(Latest, "sqlite")
def _(element: Latest, compiler: SQLCompiler, **kw: Any) -> str:
    first, second = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"NULLIF(MAX(COALESCE({first}, ''), COALESCE({second}, '')), '')"


@compiles(Latest, "postgresql")
def _(element: Latest, compiler: SQLCompiler, **kw: Any) -> str:
    return f"GREATEST({compiler.process(element.clauses, **kw)})"


@compiles(ByCode, "sqlite")
def _(element: ByCode, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


@compiles(ByCode, "postgresql")
def _(element: ByCode, compiler: SQLCompiler, **kw: Any) -> str:
    return f'({compiler.process(element.clauses, **kw)}) COLLATE "C"'
