"""In which order the lines of a file are taken: stream by stream, corrections and withdrawals last.

A file of many cases often comes sorted by day. Taken so, nearly every batch touches nearly every case, and the rows of
each are computed again with each batch; taken stream by stream they are computed once.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from services.exchange import targets
from services.exchange.source import Raw, Source

Batch = tuple[list[Raw], float]  # some lines, and the share of the file (0 to 1) that is done with them

WINDOW_LINES = 1_000_000  # put in order at once: the place of each is held, not its content
BATCH_LINES = 2_500  # then a batch ends where the next stream begins, or when it has twice as many
BATCH_BYTES = 8 * 1024 * 1024
MODIFIERS_AT_ONCE = 1_000
_MODIFIERS = (b"fact-corrected", b"fact-withdrawn")


class _Whose(Struct):
    case: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    person: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    unit: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_decoder = msgspec.json.Decoder(_Whose)


class _Places:
    """Where lines stand in the file; those of one stream stand together when they are read again."""

    def __init__(self) -> None:
        self._numbers, self._offsets, self._sizes, self._ranks = array("Q"), array("Q"), array("Q"), array("L")
        self._first: dict[bytes, int] = {}
        self._too_long: set[int] = set()

    def __len__(self) -> int:
        return len(self._ranks)

    @property
    def end(self) -> int:
        """Where the last of them ends in the file."""
        return self._offsets[-1] + self._sizes[-1]

    def add(self, line: Raw) -> None:
        """Keeps the place of a line."""
        if line.content is None:
            self._too_long.add(line.number)
        self._ranks.append(self._first.setdefault(_whose(line.content), len(self._ranks)))
        self._numbers.append(line.number)
        self._offsets.append(line.offset)
        self._sizes.append(line.size)

    def lines(self, source: Source) -> Iterator[tuple[int, Raw]]:
        """The lines, stream by stream as they first come, each with its stream's place, and of each as they stand."""
        self._first.clear()
        for at in sorted(range(len(self._ranks)), key=self._ranks.__getitem__):
            line = Raw(self._numbers[at], self._offsets[at], self._sizes[at], None)
            yield self._ranks[at], line if line.number in self._too_long else source.again(line)


def batches(source: Source) -> Iterator[Batch]:
    """All lines, in parts that fit into memory, corrections and withdrawals when their targets are there."""
    later: list[Raw] = []
    named: list[targets.Named] = []
    lines, share = source.lines(), 0.0
    while places := _window(lines, later, named):
        begun, share = share, places.end / max(source.size, 1)
        count = 0
        for batch in _cut(places.lines(source)):
            count += len(batch)
            yield batch, begun + (share - begun) * count / len(places)
    order = targets.before_what_is_about_them(named)
    for at in range(0, len(order), MODIFIERS_AT_ONCE):
        yield [source.again(later[index]) for index in order[at : at + MODIFIERS_AT_ONCE]], 1.0


def _window(lines: Iterator[Raw], later: list[Raw], named: list[targets.Named]) -> _Places:
    """The places of the next lines; those of corrections and withdrawals go to `later`, their ids to `named`."""
    places = _Places()
    for line in lines:
        if line.content and any(name in line.content for name in _MODIFIERS):
            later.append(line._replace(content=None))
            named.append(targets.named(line.content))
        else:
            places.add(line)
            if len(places) == WINDOW_LINES:
                break
    return places


def _cut(lines: Iterable[tuple[int, Raw]]) -> Iterator[list[Raw]]:
    batch: list[Raw] = []
    held, before = 0, 0
    for rank, line in lines:
        full = len(batch) >= (2 * BATCH_LINES if rank == before else BATCH_LINES)
        if batch and (full or held >= BATCH_BYTES):
            yield batch
            batch, held = [], 0
        batch.append(line)
        held += len(line.content or b"")
        before = rank
    if batch:
        yield batch


def _whose(content: bytes | None) -> bytes:
    """Which stream a line names, as it stands there; nothing if it names none, or is no line."""
    try:
        line = _decoder.decode(content or b"{}")
        return b"|".join(map(_plain, (line.case, line.person, line.unit)))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return b""


def _plain(said: msgspec.Raw | msgspec.UnsetType) -> bytes:
    """A value as it stands there; one that is written with escapes as it would stand without."""
    found = b"" if said is msgspec.UNSET else bytes(said)
    return msgspec.json.encode(msgspec.json.decode(found)) if b"\\" in found else found
