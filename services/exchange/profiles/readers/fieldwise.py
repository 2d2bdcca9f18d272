"""A table with one field a row, put together to one row a record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from services.exchange.profiles.profile import Fields, columns, filled, holes
from services.exchange.profiles.readers.csv import Csv
from services.exchange.profiles.readers.table import BLANKS, Cell, Row, Unreadable, places
from services.exchange.profiles.readers.xlsx import Xlsx
from services.records.reasons import shown

Plain = Csv | Xlsx


class Fieldwise:
    """Records of a table, whose rows stand one below the other; `head`: the columns of a record."""

    def __init__(self, source: Plain, fields: Fields) -> None:
        self.source, self._fields = source, fields
        self.path, self.encoding, self.delimiter = source.path, source.encoding, source.delimiter
        self.since_1904 = isinstance(source, Xlsx) and source.since_1904
        self.head = fields.head
        wanted = (*fields.record, *columns(fields.field), fields.value)
        self._at = places(wanted, source.head, source.path.name)

    def above(self) -> Iterator[Sequence[Cell]]:
        """The rows above the head, as they stand."""
        return iter(self.source.above())

    def rows(self) -> Iterator[Row]:
        """All records, each with the number of its first row. Raises Unreadable if none has a field with a name."""
        seen, any_named, count = set[int](), False, 0
        for names, group in groupby(self.source.rows(), key=self._record):
            parts = [*group]
            count += len(parts)
            found, fault = self._told(parts)
            if not found and fault is None:
                continue
            any_named = True
            place = hash(names)
            if place in seen:
                fault = "Die Zeilen dieses Satzes stehen nicht untereinander."
            seen.add(place)
            told = {**dict(zip(self._fields.record, names, strict=True)), **found}
            yield Row(parts[0].number, [told.get(column) for column in self.head], fault, parts)
        if count and not any_named:
            raise Unreadable(
                f"In {self.path.name} kommt keines der Felder vor, die das Profil benennt, zum Beispiel "
                f"{shown(next(iter(self._fields.names)))}."
            )

    def _told(self, parts: Sequence[Row]) -> tuple[dict[str, Cell], str | None]:
        """The named fields of a record by their names, and what is wrong with its rows."""
        found: dict[str, Cell] = {}
        fault = next((part.fault for part in parts if part.fault), None)
        for part in parts:
            field = self._field(part)
            if (name := self._fields.names.get(field)) is None:
                continue
            if name in found:
                fault = fault or f"Das Feld {shown(field)} steht in diesem Satz mehrmals."
            found[name] = self._cell(part, self._fields.value)
        return found, fault

    def _record(self, row: Row) -> tuple[str, ...]:
        return tuple(self._text(row, column) for column in self._fields.record)

    def _field(self, row: Row) -> str:
        said = self._fields.field
        return filled(said, lambda column: self._text(row, column)) if holes(said) else self._text(row, said)

    def _text(self, row: Row, column: str) -> str:
        cell = self._cell(row, column)
        return "" if cell is None else str(cell).strip(BLANKS)

    def _cell(self, row: Row, column: str) -> Cell:
        at = self._at[column]
        return row.cells[at] if at < len(row.cells) else None
