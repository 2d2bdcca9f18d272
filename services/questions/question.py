"""What a question is: one row with its blanks, its one statement, what its rows say, who may ask it (Fachkonzept 6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Row, Select, Table, and_, select, true

from domain.knowledge import Reading
from domain.permissions import Action
from domain.purposes import QUALITY
from domain.rules import RULES
from services.questions.parameters import COMMON, RULE, Parameter
from services.records import undated as undated_facts
from services.records.current import Place
from services.records.tables import END_OF_TIME, known_still, overtaken, segments, undated

if TYPE_CHECKING:
    from services.office.office import Transaction


class Shown(StrEnum):
    """How a column is shown to people."""

    DAY = "day"
    DAYS = "days"
    CODE = "code"
    TEXT = "text"
    YES = "yes"
    MOMENT = "moment"
    DEDUCTIONS = "deductions"
    RULE = "rule"  # its name for people, its number for programs
    STAGE = "stage"  # of a rule
    RECIPIENT = "recipient"  # whom a follow-up is for
    THING = "thing"  # the id of what the row is about: for programs, not for people


class Column(NamedTuple):
    """A column of the rows: its key in JSON, its German head, how it is shown.

    `of` gives its value from a row of the statement; without it, it is the column of that name.
    """

    name: str
    head: str
    shown: Shown
    of: Callable[[Row[Any], Asked], Any] | None = None

    def value(self, row: Row[Any], asked: Asked) -> Any:
        """The value in an answer: days and moments as they are, else what JSON has."""
        return getattr(row, self.name) if self.of is None else self.of(row, asked)


Behind = Callable[["Transaction", "Asked", Sequence[Row[Any]]], Sequence[Sequence[str]]]
"""The references of the facts behind each of some rows; what a statement calls `facts`, unless it is said otherwise."""


class Frame(NamedTuple):
    """Everything a question is about (the n), and which of it is found (the k): these are its rows.

    `everything` selects plain rows of `source`, one each and not grouped, with `case_key`, `unit`, `area`, `worker` (of
    the day that counts), the `key` of its question and what its columns read. `known` is for who asks: which rows of
    the source are known at the Datenstand. `parts`: rows that an index finds apart, none of them twice.
    """

    source: FromClause
    everything: Select[Any]
    found: ColumnElement[bool] = true()
    known: ColumnElement[bool] = true()
    parts: tuple[ColumnElement[bool], ...] = (true(),)

    def apart(self, known: ColumnElement[bool]) -> list[Frame]:
        """The frame of each part, of what is known."""
        return [self._replace(known=and_(known, part)) for part in self.parts]

    @property
    def base(self) -> Select[Any]:
        """The rows of the n."""
        return self.everything.where(self.known)


def _facts(tx: Transaction, asked: Asked, rows: Sequence[Row[Any]]) -> list[Sequence[str]]:
    return [row.facts for row in rows]


class Question(NamedTuple):
    """A question of the library. `number` is that of Fachkonzept 6.

    `sentence` asks, with a blank in braces for each parameter that the form shows; `result` says what was found
    (`share`: "80 % (8 von 10)", `k`, `n`, and every parameter in words); `base` says what n is, `of` the same in few
    words in the genitive, `rows` what one row is and what several are; `nothing` what to try when nothing is found of
    some (`n`; `oldest`: the first `since`, `age` at the Stichtag), `none` that there is nothing to ask about. `file`:
    the name of its files.
    `key` tells the rows of one case apart and sorts them; `behind` gives the facts behind each row. `topics` are the
    kinds of rows the statement reads. `action` is what the page needs, `purpose` what views of QS are logged for,
    `personal` whether it is about members of staff (Fachkonzept 8 no. 7). `as_printed`: its page counts what is found
    in the areas asked for out of all areas, as the reports do (Fachkonzept 4.1). `command`: its own command, whose
    options are named like its parameters.
    """

    id: str
    number: int | None
    title: str
    sentence: str
    result: str
    base: str
    of: str
    rows: tuple[str, str]
    file: str
    parameters: tuple[Parameter, ...]
    statement: Callable[[Transaction, Asked], Frame]
    columns: tuple[Column, ...]
    topics: frozenset[str]
    key: tuple[str, ...] = ()
    behind: Behind = _facts
    nothing: str = "Nichts gefunden."
    none: str = "Am {as_of} gab es nach Datenstand {known_at} nichts, wonach gefragt ist."
    action: Action = Action.SEE_QS
    purpose: str = QUALITY
    personal: bool = False
    as_printed: bool = False
    command: str | None = None

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns that people see."""
        return tuple(one for one in self.columns if one.shown is not Shown.THING)

    @property
    def told_apart(self) -> tuple[Column, ...]:
        """The columns that people tell the rows of one case apart by."""
        return tuple(one for one in self.shown if one.name in self.key)

    @property
    def blanks(self) -> tuple[Parameter, ...]:
        """Everything that can be filled in, what all questions have in common at the end."""
        return (*self.parameters, *COMMON)


class Asked(NamedTuple):
    """A question with every blank filled: `values` by the name of its parameter.

    `codes`: the units asked for with those they carry on, none: all. `cases`: the only ones, as keys or a statement of
    keys; `places`: the only (unit, area) pairs of the rows. `of_all_areas`: areas narrow what is found, not the n.
    `apart`: only the cases that are read otherwise than others. `texts`: the office's wordings by name, of that day.
    `moments`: pairs of a case (`case_key`) and a moment (`at`), for the list of each case as known at each of these;
    between the first of them and the last the settings of the office do not change.
    """

    question: Question
    values: Mapping[str, Any]
    codes: Collection[str] = ()
    cases: Select[tuple[UUID]] | Sequence[UUID] | None = None
    places: Collection[Place] | None = None
    of_all_areas: bool = False
    apart: bool = False
    texts: Mapping[str, str] = MappingProxyType({})
    moments: FromClause | None = None

    @property
    def as_of(self) -> dt.date:
        """The Stichtag."""
        day: dt.date = self.values["as_of"]
        return day

    @property
    def known_at(self) -> dt.datetime | None:
        """The Datenstand; None: all that is known now."""
        moment: dt.datetime | None = self.values["known_at"]
        return moment

    @property
    def reading(self) -> Reading:
        """How facts without a moment of recording are read."""
        return Reading(self.values["reading"])

    @property
    def topics(self) -> frozenset[str]:
        """The kinds of rows it reads; of rules only the one that is named."""
        named = {self.values[one.name] for one in self.question.blanks if one.kind is RULE} - {None}
        return frozenset(one for one in self.question.topics if not named or one not in RULES or one in named)

    def with_values(self, **changed: Any) -> Asked:
        """The same question with some blanks filled otherwise."""
        return self._replace(values={**self.values, **changed})

    @property
    def parts(self) -> tuple[Asked, ...]:
        """The same of cases that are read alike: by their own day only cases with undated facts have rows apart."""
        return (self,) if self.reading is Reading.ARRIVAL else (self, self._replace(apart=True))

    @property
    def left_out(self) -> Select[tuple[UUID]] | None:
        """The cases of another part."""
        return None if self.reading is Reading.ARRIVAL or self.apart else select(undated.c.case_key)

    def rows(self, table: Table) -> Table:
        """The rows of a table in the reading of the question, of cases that are read alike."""
        return undated_facts.by_day(table) if self.apart else table

    def known(self, tx: Transaction, source: FromClause) -> ColumnElement[bool]:
        """The rows that are known at the Datenstand, or at each of the moments."""
        if self.moments is not None:
            one, at = source.c, self.moments.c.at
            return and_(one.case_key == self.moments.c.case_key, one.known_from <= at, one.known_to > at)
        one, known_at = source.c, self.known_at or tx.latest
        lasting = one.known_to == END_OF_TIME if self._is_now(tx) else one.known_to > known_at
        return and_(one.known_from <= known_at, lasting)

    def known_parts(self, tx: Transaction, source: FromClause) -> list[ColumnElement[bool]]:
        """The same in parts that have no row in common: what is known still, and what was overtaken since.

        Of what is known still an index by its last day finds what holds on a day; together they would take it all.
        """
        if self.moments is not None:
            return [self.known(tx, source)]
        one, known_at = source.c, self.known_at or tx.latest
        still = and_(one.known_from <= known_at, known_still(source))
        since = and_(one.known_from <= known_at, one.known_to > known_at, overtaken(source))
        return [still] if self._is_now(tx) else [still, since]

    def _is_now(self, tx: Transaction) -> bool:
        """As known now nothing is overtaken; but a moment that only stands for now may lie before what overtook it."""
        return self.known_at is None and tx.office.settings.fixed_now is None

    def placed(
        self, tx: Transaction, chosen: Select[Any], source: FromClause, day: ColumnElement[dt.date] | dt.date
    ) -> Select[Any]:
        """The rows of `source` with `unit`, `area` and `worker` of a day, as far as somebody is responsible on it."""
        care = self.rows(segments).alias("care")
        one = care.c
        there = and_(one.case_key == source.c.case_key, one.clock == "care", one.from_day <= day, one.to_day >= day)
        rows = (
            source if self.moments is None else source.join(self.moments, self.moments.c.case_key == source.c.case_key)
        )
        joined = rows.outerjoin(care, and_(there, self.known(tx, care)))
        return chosen.select_from(joined).add_columns(one.unit, one.area, one.worker)
