"""Tells open pages that something new has come or was settled: one look into the database a second for all together."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Set
from contextlib import asynccontextmanager
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Header, Request
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from domain.periods import local_day
from domain.permissions import Action
from notifications import render
from services.messages import waiting
from services.messages.inbox import Kind
from services.office.office import Office, Transaction
from services.records.tables import messages
from services.web.http.door import Needs
from services.web.http.visitor import Visitor

EVERY = 1.0  # seconds
AGAIN = 500  # messages looked at in each look, whether new or not
MOST = 10  # pages of one person that hear of something new
LONGEST = 900.0  # seconds until a page has to ask, and prove its log-in, again
NUMBER = re.compile(r"[0-9]{1,18}")  # of a message

_AS = {  # what is no task for its reader
    Kind.REMINDER: "reminder",
    Kind.REQUEST: "request",
    Kind.REQUEST_REMINDER: "reminder",
    Kind.ANSWER: "answer",
    Kind.INFO: "info",
    Kind.ASSIGNED: "info",
    Kind.BOUNCED: "info",
    Kind.DIRECTIVE: "info",
    Kind.OFFER: "offer",
    Kind.DISPUTE: "dispute",
}
SETTLED, AGAIN_OPEN = "settled", "open-again"  # what became of something that waits
_ORDER = (
    *("task", "request", "offer", "answer", "dispute", "info", "reminder"),
    *(f"{what}-{turn}" for turn in (SETTLED, AGAIN_OPEN) for what in ("request", "offer", "dispute")),
)

router = APIRouter(include_in_schema=False)


class Poller:
    """Wakes the pages of those who got a new message, or with whom stands what another settled or opened again.

    Looks only while somebody listens.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._listening: dict[asyncio.Queue[Counter[str]], str] = {}
        self._last: int | None = None  # nobody has listened yet
        self._seen: set[int] = set()
        self._waiting: set[int] | None = None  # what waits for one of several

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
                if came := fresh.get(person):
                    queue.put_nowait(came)

    def hears(self, person: str) -> int:
        """How many pages of a person listen."""
        return list(self._listening.values()).count(person)

    async def ready(self) -> None:
        """What comes from now on is new; called before a page is told that it is listened to."""
        if not self._listening:
            await run_sync(self._fresh)

    @asynccontextmanager
    async def listening(self, person: str) -> AsyncIterator[asyncio.Queue[Counter[str]]]:
        """A queue that gets how much came for a person (directory key), by kind of message or, settled, its name."""
        queue: asyncio.Queue[Counter[str]] = asyncio.Queue()
        self._listening[queue] = person
        try:
            yield queue
        finally:
            del self._listening[queue]

    @property
    def last(self) -> str:
        """The number of the newest message looked at; a browser that comes back says it again."""
        return str(self._last or 0)

    def missed(self, person: str, last: int) -> Counter[str]:
        """How many messages of each kind a person got since that number: those that came while a page was cut off."""
        one = messages.c
        with self._office.read() as tx:
            since = select(one.kind, func.count().label("number")).where(one.recipient == person, one.id > last)
            return Counter({row.kind: row.number for row in tx.conn.execute(since.group_by(one.kind))})

    def _fresh(self) -> dict[str, Counter[str]]:
        """New messages since the last look, by recipient and kind.

        Who got an id early may be kept late, after others with higher ones: so some are looked at again.
        """
        with self._office.read() as tx:
            one = messages.c
            looked_at = [select(one.recipient, one.kind, one.id).order_by(one.id.desc()).limit(AGAIN)]
            if self._last is not None:
                looked_at.append(select(one.recipient, one.kind, one.id).where(one.id > self._last))
            found = {row.id: row for some in looked_at for row in tx.conn.execute(some)}
            came = found.keys() - self._seen
            turned = self._turned(tx, came)
        fresh: dict[str, Counter[str]] = {}
        for person, what in [*((found[one].recipient, found[one].kind) for one in came), *turned]:
            fresh.setdefault(person, Counter())[what] += 1
        self._seen, self._last = set(found), max([self._last or 0, *found])
        return fresh

    def _turned(self, tx: Transaction, came: Set[int]) -> list[tuple[str, str]]:
        """Whom what concerns that was settled, or is open again and did not just come, since the last look."""
        before, now = self._waiting, waiting.still(tx.conn)
        self._waiting = now
        if before is None or before == now:
            return []
        turns = ((SETTLED, before - now), (AGAIN_OPEN, now - before - came))
        return [
            (person, f"{_AS[kind]}-{turn}")
            for turn, ids in turns
            if ids
            for kind, people in waiting.by_whom(tx, ids, local_day(tx.now))
            for person in people
        ]


@router.get("/live")
async def live(
    request: Request,
    visitor: Annotated[Visitor, Depends(Needs(Action.SEE_TODAY))],
    last_event_id: Annotated[str, Header()] = "",
) -> Response:
    """A stream that says how many new messages of which kind there are, never what they are about."""
    poller: Poller = request.app.state.poller
    if poller.hears(visitor.person) >= MOST:
        return Response(status_code=204)  # by which a browser knows not to ask again
    await poller.ready()
    return EventSourceResponse(_events(poller, visitor.person, last_event_id), ping=15)


async def _events(poller: Poller, person: str, last: str) -> AsyncIterator[ServerSentEvent]:
    end = asyncio.get_running_loop().time() + LONGEST
    async with poller.listening(person) as queue:
        yield ServerSentEvent(id=poller.last)  # kept by the browser, told to nobody
        if NUMBER.fullmatch(last) and (missed := await run_sync(poller.missed, person, int(last))):
            queue.put_nowait(missed)
        while (left := end - asyncio.get_running_loop().time()) > 0:
            try:
                came = await asyncio.wait_for(queue.get(), left)
            except TimeoutError:
                return
            yield ServerSentEvent(said(came), event="aufgaben", id=poller.last)


def said(came: Mapping[str, int]) -> str:
    """How many of what came, in one sentence; what is one thing for the reader is counted together."""
    counts: Counter[str] = Counter()
    for kind, count in came.items():
        counts[kind if kind in _ORDER else _AS.get(Kind(kind), "task")] += count
    return render.sentence("chat/came.txt.j2", {"counts": [(what, counts[what]) for what in _ORDER if counts[what]]})
