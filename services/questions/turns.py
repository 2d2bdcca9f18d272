"""What the list of some cases was at every moment of knowledge at which it can have turned, asked at once."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Row, Select, Table, literal, select, true, union

from domain.knowledge import Reading
from domain.records import Record
from domain.sheets import Row as Kind
from services.questions import answers
from services.questions.question import Asked
from services.records.rows import KINDS, NAMED, TOPICS_OF
from services.records.tables import END_OF_TIME, Moment, streams
from services.records.vault import chunks

if TYPE_CHECKING:
    from services.office.office import Transaction

Identity = tuple[Any, ...]  # the key of a case, and the key of the question


class Turns(NamedTuple):
    """The moments of each case, sorted, and what was on the list at them; from one to the next it stays the same."""

    moments: dict[UUID, list[dt.datetime]]
    listed: set[tuple[Identity, dt.datetime]]

    def has(self, identity: Identity, at: dt.datetime) -> bool:
        """Whether a row was on the list as known at a moment, the Datenstand or a later one."""
        moments = self.moments[identity[0]]
        return (identity, moments[bisect_right(moments, at) - 1]) in self.listed


def turns(tx: Transaction, then: Asked, keys: Sequence[UUID], settings: Sequence[Record]) -> Turns:
    """The lists of these cases from the Datenstand on; `settings`: what the office has set, which changes them, too.

    A few statements, however many rows there are: what the office sets holds for all cases from one moment on.
    """
    since, found = then.known_at or tx.latest, Turns({key: [] for key in keys}, set())
    changes = sorted({one.recorded_at for one in settings if one.recorded_at > since})
    for some in chunks(keys):
        for first, end in pairwise((since, *changes, END_OF_TIME)):
            moments = _moments(then, some, first, end)
            for key, at in tx.conn.execute(select(moments).order_by(moments.c.at)):
                found.moments[key].append(at)
            asked = then.with_values(known_at=first)._replace(moments=moments)
            for chosen in identities(tx, asked, moments.c.at):
                found.listed.update((identity(row, then), row.at) for row in tx.conn.execute(chosen))
    return found


def identities(tx: Transaction, asked: Asked, *further: ColumnElement[Any]) -> Iterator[Select[Any]]:
    """What tells each row of a list apart, and further columns; a statement for each part of the rows."""
    for one in answers.frames(tx, asked):
        chosen = one.base.where(one.found)
        columns = chosen.selected_columns
        yield chosen.with_only_columns(*(columns[name] for name in ("case_key", *asked.question.key)), *further)


def identity(row: Row[Any], asked: Asked) -> Identity:
    """What tells a row of a list apart from all others."""
    return tuple(row._mapping[name] for name in ("case_key", *asked.question.key))


def _moments(asked: Asked, keys: Sequence[UUID], first: dt.datetime, end: dt.datetime) -> CTE:
    """The first moment, and until the end all at which a row came to be known, or no longer was; of each case."""
    cases = select(streams.c.key.label("case_key"), literal(first, Moment()).label("at")).where(streams.c.key.in_(keys))
    of_cases = cases.cte("cases")
    ends: list[Select[Any]] = [select(of_cases)]
    for reading in dict.fromkeys((Reading.ARRIVAL, asked.reading)):
        for kind, table in KINDS[reading].items():
            if (named := _of_topics(kind, table, asked.topics)) is not None:
                for at in (table.c.known_from, table.c.known_to):
                    among = table.c.case_key.in_(select(of_cases.c.case_key))
                    ends.append(select(table.c.case_key, at).where(among, named, at > first, at < end))
    return union(*ends).cte("moments")


def _of_topics(kind: type[Kind], table: Table, topics: Collection[str]) -> ColumnElement[bool] | None:
    """The rows of a table that are of these topics; None where it holds none of them."""
    named = NAMED[table]
    if isinstance(named, str):
        return true() if named in topics else None
    wanted = sorted(TOPICS_OF[kind].intersection(topics))
    return named.in_(wanted) if wanted else None
