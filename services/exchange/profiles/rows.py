"""A row and a profile give facts in the fact format, or every reason why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, NamedTuple

from services.exchange.profiles.cells import Misread, Reading, is_list, kind_of
from services.exchange.profiles.profile import Given, Profile, Told, columns, filled, holes, needed
from services.exchange.profiles.readers.opening import Table
from services.exchange.profiles.readers.table import Cell, Row, places
from services.records.reasons import Reason, Refused, field_types, nearest, shown

Document = dict[str, Any]
Cells = Sequence[Cell]


class Part(NamedTuple):
    """A key of a fact: where its cell is, under which column or template, and how it is taken."""

    key: str
    said: str
    cell: Callable[[Cells], Cell]
    take: Callable[[Cell], Any]
    must: bool = False
    translated: bool = False  # an empty cell, too, has a word
    default: Any = None


class Plan(NamedTuple):
    """How a row becomes a fact: what must stand in it, its keys, its data, and the constants among these."""

    fact: str
    when: Sequence[tuple[Callable[[Cells], Cell], Collection[str]]]
    keys: Sequence[Part]
    data: Sequence[Part]
    constants: Document


class Rows:
    """Rows of one file by one profile. Raises Missing before a row is read."""

    def __init__(self, profile: Profile, table: Table, now: dt.datetime) -> None:
        self._profile = profile
        self._at = places(needed(profile), table.head, table.path.name)
        self._reading = Reading(profile.file, now, since_1904=getattr(table, "since_1904", False))
        self._plans = [self._plan(one) for one in profile.fact]

    def documents(self, row: Row) -> list[Document]:
        """The facts of a row, in the order of the profile. Raises Refused with every reason, each naming its column."""
        if row.fault:
            raise Refused([Reason("", row.fault)])
        reasons: list[Reason] = []
        found = [self._fact(plan, row.cells, reasons) for plan in self._plans if self._matches(plan, row.cells)]
        if reasons:
            raise Refused(list(dict.fromkeys(reasons)))
        return found

    def column(self, fact: str, key: str) -> str:
        """The column from which a key of a fact comes, as it is named to people; nothing if it comes from none."""
        for one in self._profile.fact:
            if one.fact == fact:
                said = (
                    dict(one.told()).get(key.removeprefix("data."), Told()).column if key.startswith("data.") else None
                )
                said = said or (getattr(one, key, None) if key in Given.__struct_fields__ else None)
                if isinstance(said, str):
                    return ", ".join(columns(said))
        return ""

    def _plan(self, one: Given) -> Plan:
        types, told, reading = field_types(one.fact), dict(one.told()), self._reading
        keys: list[tuple[str, str | None, Callable[[Cell], Any], bool]] = [
            (one.about[0].value, one.about[1], reading.text, True),
            ("on", one.on, reading.day, True),
            ("id", one.id, reading.text, True),
            ("recorded_at", one.recorded_at, reading.moment, False),
            ("by", one.by, reading.text, False),
        ]
        when = [
            (self._cell(column), {words} if isinstance(words, str) else words) for column, words in one.when.items()
        ]
        return Plan(
            one.fact,
            when,
            [Part(key, said, self._said(said), take, must) for key, said, take, must in keys if said is not None],
            [self._field(name, said, types[name].type) for name, said in told.items() if said.column is not None],
            {name: said.value for name, said in told.items() if said.column is None},
        )

    def _field(self, name: str, told: Told, kind: Any) -> Part:
        said = str(told.column)
        translated = "" in (told.values or {})
        take = self._value(told, kind)
        return Part(name, said, self._said(said), take, translated=translated, default=told.default)

    def _value(self, told: Told, kind: Any) -> Callable[[Cell], Any]:
        """How the cell of a field becomes its value."""
        single = partial(self._single, told, told.type or kind_of(kind))
        if not is_list(kind):
            return single
        return lambda cell: [single(part) for part in self._parts(told, cell)]

    def _parts(self, told: Told, cell: Cell) -> list[str]:
        text = self._reading.text(cell)
        parts = text.split(told.split) if told.split else [text]
        return [part for one in parts if (part := self._reading.text(one))]

    def _single(self, told: Told, kind: Any, cell: Cell) -> Any:
        if told.values is None:
            return self._reading.as_kind(kind, cell)
        text = self._reading.text(cell)
        if text not in told.values:
            raise Misread(f"{shown(text)} ist im Profil nicht übersetzt.{nearest(text, told.values)}")
        return told.values[text]

    def _cell(self, column: str) -> Callable[[Cells], Cell]:
        at = self._at[column]
        return lambda cells: cells[at] if at < len(cells) else None

    def _said(self, said: str) -> Callable[[Cells], Cell]:
        """What a column or template gives; a template with a column where nothing stands gives nothing."""
        inner = {column: self._cell(column) for column in holes(said)}
        if not inner:
            return self._cell(said)
        text = self._reading.text

        def put_together(cells: Cells) -> Cell:
            texts = {column: text(cell(cells)) for column, cell in inner.items()}
            return filled(said, texts.get) if all(texts.values()) else ""

        return put_together

    def _matches(self, plan: Plan, cells: Cells) -> bool:
        for cell, words in plan.when:
            text = self._reading.text(cell(cells))
            if text not in words and not (text and "*" in words):
                return False
        return True

    def _fact(self, plan: Plan, cells: Cells, reasons: list[Reason]) -> Document:
        document: Document = {"fact": plan.fact}
        for part in plan.keys:
            self._take(document, part, cells, reasons)
        if "id" in document:
            document["id"] = f"{self._profile.system}:{document['id']}"
        data: Document = {**plan.constants}
        for part in plan.data:
            self._take(data, part, cells, reasons)
        return document | ({"data": data} if data else {})

    def _take(self, target: Document, part: Part, cells: Cells, reasons: list[Reason]) -> None:
        """Puts what a cell says under a key; an empty one is left out, or refused if it must say something."""
        cell = part.cell(cells)
        if not part.translated and self._reading.text(cell) == "":
            if part.must:
                reasons.append(Reason(_column(part.said), "Hier steht nichts."))
        else:
            try:
                target[part.key] = part.take(cell)
            except Misread as error:
                reasons.append(Reason(_column(part.said), str(error)))
        if part.default is not None:
            target.setdefault(part.key, part.default)


def _column(said: str) -> str:
    """The columns as a reason names them; put together only where there is one."""
    return f"Spalte {', '.join(map(shown, columns(said)))}"
