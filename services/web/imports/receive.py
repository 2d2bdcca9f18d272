"""A file that is handed in is taken piece by piece and sealed at once: never whole in memory, nor readable on disk."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from anyio import CancelScope
from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import ClientDisconnect

from services.exchange.uploads import shelf
from services.exchange.uploads.sealed import PIECE, Sealer
from services.exchange.uploads.shelf import Hidden
from services.failures import FULL
from services.office.office import Office
from services.records.vault import Cipher, fresh_key
from services.web.http.door import Door
from services.web.http.limits import HEARD_FOR, HEARD_OUT
from services.web.http.visitor import Expired, NotLoggedIn, Visitor

FILE, TOKEN = "datei", "csrf"
LARGEST = 512 * 1024 * 1024  # bytes
HEARD = 8 * 1024 * 1024 * 1024  # bytes of who is let in that are heard out, so that a browser hears the answer
SILENCE = 30.0  # seconds without a byte
SHORT = 4096  # characters of a field beside the file
ROOM = 256 * 1024 * 1024  # bytes that stay free on the disk
KINDS = (".csv", ".xlsx", ".jsonl")
NO_FILE = "Bitte eine Datei wählen."
EMPTY = "Die Datei ist leer."
OTHER_KIND = "Eingelesen werden CSV-, XLSX- und JSONL-Dateien; diese ist keine davon."
NO_TABLE = "Das ist keine Tabelle, sondern eine Datei anderer Art, z. B. ein Bild oder ein PDF."
TOO_LARGE = f"Die Datei ist größer als {LARGEST // 1024 // 1024} MB; bitte auf mehrere Dateien verteilen."
NO_ROOM = "Auf dem Datenträger ist für diese Datei nicht genug Platz."
SLOW = "Die Datei kam nicht vollständig an. Bitte laden Sie sie noch einmal hoch."
ONE = "Bitte nur eine Datei auf einmal hochladen."
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"BM")
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # begin UTF-16


class Rejected(Exception):
    """A file that is not taken: the status, and one German sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


_coming: list[int] = []  # how long the files are that are just coming in


class Event(NamedTuple):
    """What comes of a form: a field begins (its name, and that of a file), goes on with some bytes, or ends."""

    name: str = ""
    file: str | None = None
    part: bytes | None = None


class Taken(NamedTuple):
    """A file that lies sealed in its place."""

    visitor: Visitor
    id: UUID
    key: bytes
    name: str
    size: int
    digest: str


async def take(request: Request, office: Office, door: Door) -> Taken:
    """Lets in whoever sends a file, and takes it. Raises Rejected, and what the door raises, once all is heard."""
    stream, entered = _heard(request), False
    try:
        form = _events(request, stream)
        async with asyncio.timeout(HEARD_FOR):
            token = await _token(form)
        visitor = await run_in_threadpool(_let_in, door, token)
        entered = True
        length = _length(request)
        await run_in_threadpool(_check_room, office, length)
        with _coming_in(length):
            return await _file(office, visitor, form)
    except (ClientDisconnect, GeneratorExit):
        raise
    except TimeoutError:
        raise Rejected(408, SLOW) from None
    except MultipartParseError:
        raise Rejected(400, SLOW) from None
    except OSError as error:
        if error.errno in FULL:
            raise Rejected(503, NO_ROOM) from None
        raise
    finally:
        await _hear_out(stream, *((HEARD, None) if entered else (HEARD_OUT, HEARD_FOR)))


def _let_in(door: Door, token: str) -> Visitor:
    form = FormData([(TOKEN, token)])
    try:
        with door._replace(form=form).open() as visit:
            return visit.visitor
    except Expired:  # what was sent is a file, which is not kept
        raise NotLoggedIn from None


def _length(request: Request) -> int:
    """How long the file may be by what the request says. Raises Rejected."""
    said = request.headers.get("content-length", "")
    length = int(said) if said.isdecimal() else LARGEST
    if length > LARGEST + PIECE:
        raise Rejected(413, TOO_LARGE)
    return length


def _check_room(office: Office, length: int) -> None:
    """Refuses what would leave too little room beside what is just coming in, before a byte is kept."""
    if shutil.disk_usage(shelf.folder(office.settings.data)).free < 3 * (length + sum(_coming)) + ROOM:
        raise Rejected(503, NO_ROOM)


@contextmanager
def _coming_in(length: int) -> Iterator[None]:
    _coming.append(length)
    try:
        yield
    finally:
        _coming.remove(length)


async def _heard(request: Request) -> AsyncIterator[bytes]:
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(SILENCE):
                piece = await anext(stream)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise Rejected(408, SLOW) from None
        yield piece


async def _hear_out(stream: AsyncIterator[bytes], most: int, seconds: float | None) -> None:
    seen = 0
    with suppress(Rejected, ClientDisconnect, TimeoutError):
        async with asyncio.timeout(seconds):
            async for piece in stream:
                seen += len(piece)
                if seen > most:
                    return


async def _events(request: Request, stream: AsyncIterator[bytes]) -> AsyncIterator[Event]:
    """The form as it comes; nothing of what is no form in parts."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        return
    parts = _Parts()
    parser = MultipartParser(options[b"boundary"], parts.callbacks())
    async for piece in stream:
        parser.write(piece)
        for event in parts.given():
            yield event


class _Parts:
    """What the parser has found since it was last asked."""

    def __init__(self) -> None:
        self._found: list[Event] = []
        self._header, self._value = b"", b""
        self._named: dict[bytes, bytes] = {}

    def callbacks(self) -> Any:
        """By the names the parser knows."""
        return {
            "on_header_field": lambda data, start, end: setattr(self, "_header", self._header + data[start:end]),
            "on_header_value": lambda data, start, end: setattr(self, "_value", self._value + data[start:end]),
            "on_header_end": self._header_ends,
            "on_headers_finished": self._begins,
            "on_part_data": lambda data, start, end: self._found.append(Event(part=data[start:end])),
            "on_part_end": lambda: self._found.append(Event()),
        }

    def given(self) -> Iterator[Event]:
        """What was found, once."""
        found, self._found = self._found, []
        return iter(found)

    def _header_ends(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._named = parse_options_header(self._value)[1]
        self._header, self._value = b"", b""

    def _begins(self) -> None:
        name, file = (self._named.get(key) for key in (b"name", b"filename"))
        said = (one if one is None else one.decode("utf-8", "replace") for one in (name, file))
        self._found.append(Event(next(said) or "?", next(said)))
        self._named = {}


async def _token(form: AsyncIterator[Event]) -> str:
    """The token of the session, which the page puts before the file; "" if something else comes first."""
    said = ""
    async for event in form:
        if event.name and event.name != TOKEN:
            return ""
        if event.part is None and not event.name:
            return said
        said = (said + (event.part or b"").decode("utf-8", "replace"))[:SHORT]
    return ""


async def _file(office: Office, visitor: Visitor, form: AsyncIterator[Event]) -> Taken:
    name = None
    async for event in form:
        if event.name == FILE:
            name = event.file
            break
    if not name:
        raise Rejected(422, NO_FILE)
    async with _writing(office, visitor, _safe(name)) as writer:
        waits = bytearray()
        async for event in form:
            if event.part is None:
                break
            waits += event.part
            if len(waits) >= PIECE:
                await run_in_threadpool(writer.write, bytes(waits))
                waits.clear()
        else:
            raise Rejected(400, SLOW)
        await run_in_threadpool(writer.write, bytes(waits))
        async for event in form:
            if event.name == FILE and event.file:
                raise Rejected(422, ONE)
        return await run_in_threadpool(writer.end)


@asynccontextmanager
async def _writing(office: Office, visitor: Visitor, name: str) -> AsyncIterator[_Writer]:
    """A writer, opened and let go of beside the pages; what it has not ended is gone."""
    writer = await run_in_threadpool(_Writer, office.settings.data, visitor, name)
    try:
        yield writer
    finally:
        with CancelScope(shield=True):
            await run_in_threadpool(writer.close)


def _safe(name: str) -> str:
    """The name of a file as it may stand in a folder of ours. Raises Rejected for another kind of file."""
    path = PurePath(name.replace("\\", "/").replace("\0", ""))
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise Rejected(422, OTHER_KIND)
    stem = "".join(char for char in path.stem if char.isprintable() and char != "/").strip(". ")[:60]
    return f"{stem or 'Datei'}{kind}"


class _Writer:
    """Seals what comes; what is not ended is gone."""

    def __init__(self, data: Path, visitor: Visitor, name: str) -> None:
        self._visitor, self._name = visitor, name
        self._id, self._key = uuid4(), fresh_key()
        shelf.folder(data)
        self._path = shelf.place(data, self._id)
        self._begun = self._path.with_suffix(shelf.BEGUN)
        self._sealer = Sealer(self._begun, Cipher(self._key))
        self._size, self._digest = 0, sha256()

    def close(self) -> None:
        """Lets go of the file, ended or not."""
        self._sealer.close()
        with suppress(FileNotFoundError):
            self._begun.unlink()

    def write(self, clear: bytes) -> None:
        """Raises Rejected for what is too large or no table, OSError."""
        if not self._size:
            _check_begin(clear, self._name)
        self._size += len(clear)
        if self._size > LARGEST:
            raise Rejected(413, TOO_LARGE)
        self._digest.update(clear)
        self._sealer.write(clear)

    def end(self) -> Taken:
        """Puts the file in its place. Raises Rejected for an empty one, OSError."""
        if not self._size:
            raise Rejected(422, EMPTY)
        self._sealer.end()
        os.replace(self._begun, self._path)
        return Taken(self._visitor, self._id, self._key, self._name, self._size, self._digest.hexdigest())


def _check_begin(clear: bytes, name: str) -> None:
    if name.endswith(".xlsx"):
        return
    begin = clear[:65536]
    if clear.startswith(_OTHERS) or (b"\0" in begin and not begin.startswith(_WIDE)):
        raise Rejected(422, NO_TABLE)


def look_at(office: Office, taken: Taken) -> Hidden:
    """What the file is; it is gone if it cannot be read. Raises Unreadable, OSError."""
    from services.exchange.uploads import sealed, seen  # what reads tables is loaded where one is read

    path = shelf.place(office.settings.data, taken.id)
    if taken.name.endswith(".jsonl"):
        return Hidden(taken.name)
    try:
        with sealed.laid_open(path, Cipher(taken.key), taken.name) as clear:
            found = seen.top(clear)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Hidden(taken.name, found.encoding, found.delimiter, found.tops)
