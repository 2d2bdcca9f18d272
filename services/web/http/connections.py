"""How long a connection may stay without getting on: until its request has come, and until its answer is taken."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol


class Connection(H11Protocol):
    """A connection that ends when the other side keeps it waiting; how slowly a body may come says `BodyLimit`.

    uvicorn by itself ends only one that is silent after an answer, and is appeased by any byte.
    """

    idle = 75  # seconds without a byte after an answer: longer than a browser, program or proxy (60) keeps one, or
    # a request is sent into a connection that is being ended, and its sender hears of a reset
    head = 15.0  # seconds until the head of a request is whole, from the connection or its first byte on
    taking = 30.0  # seconds until some of an answer is taken

    _waits = ""  # what the other side is to do: send a head, take an answer, or nothing now
    _end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.timeout_keep_alive = self.idle
        self._look()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._look()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._wait("", 0.0)

    def _look(self) -> None:
        if self.flow.write_paused:
            self._wait("taking", self.taking)
        elif self.cycle is not None and not (self.cycle.response_complete and self.conn.trailing_data[0]):
            self._wait("", 0.0)  # an answer is being made, or uvicorn waits for the next request
        else:
            self._wait("head", self.head)

    def _wait(self, what: str, seconds: float) -> None:
        if what == self._waits:
            return  # a byte now and then gives no more time
        if self._end is not None:
            self._end.cancel()
        self._waits, self._end = what, self.loop.call_later(seconds, self.transport.abort) if what else None
