"""Tells open pages that something new has come: one look into the database a second for all of them together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sse_starlette import EventSourceResponse, ServerSentEvent

from domain.permissions import Action
from services.office.office import Office
from services.records.tables import messages
from services.web.http.visitor import Needs, Visitor

EVERY = 1.0  # seconds
LONGEST = 900.0  # seconds until a page has to ask, and prove its log-in, again

router = APIRouter(include_in_schema=False)


class Poller:
    """Wakes the pages of those who got a new message. Looks only while somebody listens."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._listening: dict[asyncio.Queue[int], str] = {}
        self._last = 0

    async def run(self) -> None:
        """Looks once a second until it is cancelled; a database that does not answer is asked again."""
        while True:
            await asyncio.sleep(EVERY)
            if not self._listening:
                continue
            try:
                fresh = await run_sync(self._fresh)
            except SQLAlchemyError:
                continue
            for queue, person in self._listening.items():
                if count := fresh.get(person, 0):
                    queue.put_nowait(count)

    @asynccontextmanager
    async def listening(self, person: str) -> AsyncIterator[asyncio.Queue[int]]:
        """A queue that gets the number of new messages of a person (directory key)."""
        if not self._listening:
            self._last = await run_sync(self._newest)
        queue: asyncio.Queue[int] = asyncio.Queue()
        self._listening[queue] = person
        try:
            yield queue
        finally:
            del self._listening[queue]

    def _newest(self) -> int:
        with self._office.read() as tx:
            newest: int = tx.conn.execute(select(func.coalesce(func.max(messages.c.id), 0))).scalar_one()
            return newest

    def _fresh(self) -> dict[str, int]:
        """New messages since the last look, by recipient."""
        with self._office.read() as tx:
            new = select(messages.c.recipient, messages.c.id).where(messages.c.id > self._last)
            rows = tx.conn.execute(new).all()
        self._last = max([self._last, *(row.id for row in rows)])
        found: dict[str, int] = {}
        for row in rows:
            found[row.recipient] = found.get(row.recipient, 0) + 1
        return found


@router.get("/live")
async def live(request: Request, visitor: Annotated[Visitor, Depends(Needs(Action.SEE_TODAY))]) -> EventSourceResponse:
    """A stream that says how many new messages there are, never what they are about."""
    poller: Poller = request.app.state.poller
    return EventSourceResponse(_events(poller, visitor.person), ping=15)


async def _events(poller: Poller, person: str) -> AsyncIterator[ServerSentEvent]:
    end = asyncio.get_running_loop().time() + LONGEST
    async with poller.listening(person) as queue:
        while (left := end - asyncio.get_running_loop().time()) > 0:
            try:
                count = await asyncio.wait_for(queue.get(), left)
            except TimeoutError:
                return
            yield ServerSentEvent("Eine neue Aufgabe." if count == 1 else f"{count} neue Aufgaben.", event="aufgaben")
