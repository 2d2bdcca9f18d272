"""How the columns of a question look: on a page and in a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, assert_never

from domain import words
from domain.periods import local_day
from notifications import render
from services.questions.question import Column, Shown
from services.web.sheets.sheet import Cell
from services.web.words import dates, labels

NUMERIC = (Shown.DAYS,)


def head(column: Column) -> str:
    """Its head in a file, where a number has no unit."""
    return f"{column.head} (Tage)" if column.shown is Shown.DAYS else column.head


def on_page(column: Column, value: Any) -> str:
    """A value as people read it; nothing as a dash."""
    if value is None or value == []:
        return "–"
    match column.shown:
        case Shown.DAY:
            return dates.day(value)
        case Shown.DAYS:
            return dates.days(value)
        case Shown.MOMENT:
            return dates.moment(value)
        case Shown.RULE:
            return render.rule_name(value)
        case Shown.CODE | Shown.TEXT | Shown.YES | Shown.DEDUCTIONS | Shown.THING | Shown.STAGE | Shown.RECIPIENT:
            return str(in_file(column, value))
        case _:
            assert_never(column.shown)


def in_file(column: Column, value: Any) -> Cell:
    """A value as a spreadsheet takes it: days as days, numbers as numbers."""
    if value is None:
        return None
    match column.shown:
        case Shown.DAY | Shown.DAYS:
            cell: Cell = value
            return cell
        case Shown.MOMENT:
            return local_day(value)
        case Shown.CODE:
            return ", ".join(labels.code(one) for one in _several(value))
        case Shown.STAGE:
            return words.STAGES.get(str(value), str(value))
        case Shown.RECIPIENT:
            return ", ".join(words.RECIPIENTS.get(one, one) for one in _several(value))
        case Shown.TEXT | Shown.THING | Shown.RULE:
            return ", ".join(map(str, _several(value)))
        case Shown.YES:
            return "ja" if value else "nein"
        case Shown.DEDUCTIONS:
            return why(value)
        case _:
            assert_never(column.shown)


def why(deductions: Sequence[dict[str, Any]]) -> str:
    """Deductions in words: what makes the two clocks differ."""
    return "; ".join(
        f"− {labels.code(one['reason'])} {dates.days(one['days'])} ({_day(one['from'])}–{_day(one['to'])})"
        for one in deductions
    )


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _day(text: str) -> str:
    return dates.plain(dt.date.fromisoformat(text))
