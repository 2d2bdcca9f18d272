"""A row and a profile give facts in the fact format, or every reason why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from services.exchange.profiles.cells import Misread, Reading, is_list, kind_of
from services.exchange.profiles.profile import Given, Profile, Told, columns, filled, holes, needed
from services.exchange.profiles.readers.opening import Table
from services.exchange.profiles.readers.table import Cell, Row, places
from services.records.reasons import Reason, Refused, field_types, nearest, shown

Document = dict[str, Any]


class Rows:
    """Rows of one file by one profile. Raises Missing before a row is read."""

    def __init__(self, profile: Profile, table: Table, now: dt.datetime) -> None:
        self._profile = profile
        self._at = places(needed(profile), table.head, table.path.name)
        self._reading = Reading(profile.file, now, since_1904=getattr(table, "since_1904", False))
        self._read = [partial(self._fact, one, [*self._fields(one)]) for one in profile.fact]

    def documents(self, row: Row) -> list[Document]:
        """The facts of a row, in the order of the profile. Raises Refused with every reason, each naming its column."""
        if row.fault:
            raise Refused([Reason("", row.fault)])
        reasons: list[Reason] = []
        found = [one for read in self._read if (one := read(row.cells, reasons))]
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

    def _fields(self, one: Given) -> Sequence[tuple[str, Told, Callable[[Cell], Any]]]:
        types = field_types(one.fact)
        return [(name, told, self._value(told, types[name].type)) for name, told in one.told()]

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

    def _cell(self, cells: Sequence[Cell], column: str) -> Cell:
        at = self._at[column]
        return cells[at] if at < len(cells) else None

    def _said(self, cells: Sequence[Cell], said: str) -> Cell:
        """What a column or template gives; a template with a column where nothing stands gives nothing."""
        inner = holes(said)
        if not inner:
            return self._cell(cells, said)
        texts = {column: self._reading.text(self._cell(cells, column)) for column in inner}
        return filled(said, texts.get) if all(texts.values()) else ""

    def _matches(self, one: Given, cells: Sequence[Cell]) -> bool:
        for column, wanted in one.when.items():
            text = self._reading.text(self._cell(cells, column))
            words = [wanted] if isinstance(wanted, str) else wanted
            if not any(text != "" if word == "*" else text == word for word in words):
                return False
        return True

    def _fact(
        self,
        one: Given,
        fields: Sequence[tuple[str, Told, Callable[[Cell], Any]]],
        cells: Sequence[Cell],
        reasons: list[Reason],
    ) -> Document | None:
        if not self._matches(one, cells):
            return None
        stream, whose = one.about
        document: Document = {"fact": one.fact}
        reading = self._reading
        read: list[tuple[str, str | None, Callable[[Cell], Any], bool]] = [
            (stream.value, whose, reading.text, True),
            ("on", one.on, reading.day, True),
            ("id", one.id, reading.text, True),
            ("recorded_at", one.recorded_at, reading.moment, False),
            ("by", one.by, reading.text, False),
        ]
        for key, said, take, must in read:
            if said is not None:
                _take(document, key, said, self._said(cells, said), take, reasons, empty=reading.text, must=must)
        if "id" in document:
            document["id"] = f"{self._profile.system}:{document['id']}"
        data: Document = {}
        for name, told, take in fields:
            if told.column is None:
                data[name] = told.value
                continue
            cell = self._said(cells, told.column)
            _take(data, name, told.column, cell, take, reasons, empty=reading.text, must=False, translated=told.values)
            if name not in data and told.default is not None:
                data[name] = told.default
        return document | ({"data": data} if data else {})


def _take(
    target: Document,
    key: str,
    said: str,
    cell: Cell,
    take: Callable[[Cell], Any],
    reasons: list[Reason],
    *,
    empty: Callable[[Cell], str],
    must: bool,
    translated: dict[str, Any] | None = None,
) -> None:
    """Puts what a cell says under a key; an empty one is left out, or refused if it must say something."""
    if empty(cell) == "" and "" not in (translated or {}):
        if must:
            reasons.append(Reason(_column(said), "Hier steht nichts."))
        return
    try:
        target[key] = take(cell)
    except Misread as error:
        reasons.append(Reason(_column(said), str(error)))


def _column(said: str) -> str:
    """The columns as a reason names them; put together only where there is one."""
    return f"Spalte {', '.join(map(shown, columns(said)))}"
