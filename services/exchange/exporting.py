"""Gives out every fact in the fact format (Vertrag 2), free texts and names only when they are asked for."""

from __future__ import annotations

import errno
import getpass
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, get_args
from uuid import UUID

import msgspec
from msgspec import Struct

from domain.facts import Fact, Stream, marks, name_of
from domain.facts.base import marked_anywhere
from domain.facts.correction import FactCorrected
from domain.facts.strategy import EndReason
from domain.periods import BERLIN
from domain.records import Record
from services import failures
from services.exchange.naming import Names, named, naming
from services.office.office import Office, Transaction
from services.records.fields import HIDDEN

END_REASONS = get_args(EndReason)
ORDER = (Stream.UNIT, Stream.PERSON, Stream.OFFICE, Stream.CASE)


class Export(Struct):
    """What was given out: the number of facts and the file."""

    facts: int
    file: str


def export_facts(office: Office, path: Path, *, with_text: bool = False) -> Export:
    """Writes all facts to a file of mode 0600, which appears whole or not at all. Raises OSError."""
    count = 0
    with office.read() as tx, whole_file(path) as file:
        for line in lines(tx, with_text):
            file.write(line)
            count += 1
        if with_text:
            failures.note(office.settings.data, "facts exported with text", who=_who(), facts=count)
    return Export(count, str(path))


def lines(tx: Transaction, with_text: bool) -> Iterator[bytes]:
    """Every fact as one line: units, persons, settings, cases, each by number, each fact in the order it was stored."""
    known_as = naming(tx.conn, tx.store, tx.office.vault, with_text=with_text)
    for stream in ORDER:
        numbers = tx.store.numbers(tx.conn, tx.store.streams(tx.conn, stream))
        for key, number in sorted(numbers.items(), key=lambda item: item[1]):
            for line in _of(tx, stream, key, number, known_as, with_text):
                yield _encoder.encode(line) + b"\n"


def of_case(tx: Transaction, key: UUID, number: str) -> Iterator[dict[str, Any]]:
    """Every fact of one case with its texts, as a line of the fact format."""
    known_as = naming(tx.conn, tx.store, tx.office.vault, with_text=True)
    return _of(tx, Stream.CASE, key, number, known_as, with_text=True)


def _of(
    tx: Transaction, stream: Stream, key: UUID, number: str, known_as: Names, with_text: bool
) -> Iterator[dict[str, Any]]:
    records = tx.store.records(tx.conn, key, with_text=True)
    facts = None if with_text else {record.id: name_of(record.fact) for record in records}
    return (_line(stream, number, record, known_as, facts) for record in records)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A new file, readable by its owner alone, that takes its place when everything is written."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if path.exists() and not path.is_file():  # a device or pipe would be replaced by a file
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), str(path))
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
    with failures.naming(path):
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}-", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        with failures.naming(path):
            fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _line(stream: Stream, number: str, record: Record, names: Names, facts: Mapping[str, str] | None) -> dict[str, Any]:
    """One line; without text if there are `facts`: the stored names by id, which say what a correction changes."""
    data = msgspec.to_builtins(record.fact) | named(record.fact, names)
    left_out = {*record.text_left_out, *(() if facts is None else _texts(record.fact, facts))}
    for key in left_out:
        _empty(data, key)
    line = {
        "id": record.id,
        stream.value: number,
        "fact": name_of(record.fact),
        "on": record.on,
        "recorded_at": record.recorded_at.astimezone(BERLIN),
        "by": names.person(record.by),
        "data": data,
    }
    return line | ({"text_left_out": sorted(left_out)} if left_out else {})


def _texts(fact: Fact, names: Mapping[str, str]) -> Iterable[str]:
    """The free texts and names a fact holds, as `text_left_out` names them."""
    for field, mark in marks(name_of(fact)).items():
        if mark in HIDDEN and getattr(fact, field) is not None:
            yield field
    if isinstance(fact, FactCorrected):
        yield from _changed_texts(fact.data or {}, names.get(fact.target), "data.")


def _changed_texts(changed: dict[str, Any], target: str | None, prefix: str) -> Iterable[str]:
    for field, value in changed.items():
        if isinstance(value, dict):
            yield from _changed_texts(value, None, f"{prefix}{field}.")
        elif isinstance(value, str) and _is_text(field, value, target):
            yield prefix + field


def _is_text(field: str, value: str, target: str | None) -> bool:
    """Whether a field of a correction holds a text. Of a target that is not there it may, except a known code."""
    if target is not None:
        return marks(target).get(field) in HIDDEN
    return any(field in marked_anywhere(mark) for mark in HIDDEN) and value not in END_REASONS


def _empty(data: dict[str, Any], key: str) -> None:
    field, _, inner = key.partition(".")
    if not inner:
        data[field] = None
    elif isinstance(data.get(field), dict):
        _empty(data[field], inner)


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


_encoder = msgspec.json.Encoder()
