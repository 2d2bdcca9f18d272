"""Files of lists: one list at a time is read and one file at a time written, so that pages go on answering."""

from __future__ import annotations

import asyncio
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import IO, NamedTuple

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from services.interpreter import found_here
from services.web.http import errors
from services.web.http.visitor import NotThere
from services.web.sheets.sheet import Sheet, as_csv

MANY = 2_000  # rows from which on it is worth starting another process
PART = 500  # rows handed over at once: more of them would hold up everybody else
PATIENCE = 300.0  # seconds somebody waits until a list is read; browsers wait no longer
CROWDED = (
    "Gerade werden viele Listen als Datei geschrieben, und Sie kamen nicht an die Reihe. "
    "Bitte versuchen Sie es in einer Minute noch einmal."
)


class File(NamedTuple):
    """A list that was read, and how it becomes a file."""

    sheet: Sheet
    write: Callable[[Sheet], bytes]
    media: str
    headers: Mapping[str, str]


def check(kind: str) -> None:
    """Raises NotThere for a kind of file that there is not."""
    if kind not in KINDS:
        raise NotThere("Diese Liste gibt es als CSV und als XLSX.")


def file(sheet: Sheet, kind: str, name: str) -> File:
    """The table as a file of this kind; `name` is that of the file, without a sign that is none in one."""
    write, media = KINDS[kind]
    return File(sheet, write, media, {"Content-Disposition": f'attachment; filename="{name}.{kind}"'})


async def answer(request: Request, read: Callable[[], Response | File]) -> Response:
    """What is read as a file, in turn."""
    of_app: Scribe = request.app.state.scribe
    return await of_app.answer(request, read)


class Scribe:
    """Lets one list be read and one file be written at a time; the others wait in the order they came.

    Like `WritersInLine` they wait without a thread. While a file is written the next list is read, and no further one.
    """

    def __init__(self) -> None:
        self._reading, self._writing = asyncio.Semaphore(1), asyncio.Semaphore(1)

    async def answer(self, request: Request, read: Callable[[], Response | File]) -> Response:
        """The file of what is read, or the answer that is given instead; 503 for whoever has waited too long.

        Raises ClientDisconnect without reading if nobody waits for it any more.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                await self._reading.acquire()
        except TimeoutError:
            return errors.later(request, CROWDED)
        try:
            if await request.is_disconnected():
                raise ClientDisconnect
            found = await run_in_threadpool(read)
            if isinstance(found, Response):
                return found
            await self._writing.acquire()
        finally:
            self._reading.release()
        try:
            content = await run_in_threadpool(found.write, found.sheet)
        finally:
            self._writing.release()
        return Response(content, media_type=found.media, headers=found.headers)


def as_xlsx(sheet: Sheet) -> bytes:
    """The table on one sheet, where it comes from on the other; with many rows another process writes it and ends.

    Writing takes longer than reading the list; there it holds up nobody here, and its memory is given back.
    """
    if len(sheet.rows) < MANY:
        from services.web.sheets import workbook  # loads slowly and is needed rarely

        return workbook.book(sheet, sheet.rows)
    words = [sys.executable, "-m", "services.web.sheets.workbook"]
    with subprocess.Popen(words, env=found_here(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writing:
        assert writing.stdin is not None
        assert writing.stdout is not None
        with suppress(BrokenPipeError), writing.stdin as told:  # if it has ended, its status says so
            _hand_over(sheet, told)
        content = writing.stdout.read()
    if writing.returncode:
        raise subprocess.CalledProcessError(writing.returncode, words)
    return content


def _hand_over(sheet: Sheet, told: IO[bytes]) -> None:
    """As `workbook` expects it: the sheet without its rows, then these in parts."""
    pickle.dump(sheet._replace(rows=()), told)
    for at in range(0, len(sheet.rows), PART):
        pickle.dump(sheet.rows[at : at + PART], told)


KINDS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
