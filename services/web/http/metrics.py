"""Counts what the web process does and what waits in the database, for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.office.office import Office
from services.records import arrivals
from services.records.tables import followups, outbox


class Waiting(Collector):
    """How many facts there are, and follow-ups and outbox rows by state."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One query a family; a database that does not answer gives no numbers."""
        facts = GaugeMetricFamily("fallverlauf_facts", "Stored facts")
        open_ones = GaugeMetricFamily("fallverlauf_followups", "Follow-ups by state", labels=["state"])
        sending = GaugeMetricFamily("fallverlauf_outbox", "Outbox rows by state", labels=["state"])
        try:
            with self._office.read() as tx:
                facts.add_metric([], arrivals.count(tx.conn))
                for family, table in ((open_ones, followups), (sending, outbox)):
                    counted = select(table.c.state, func.count()).group_by(table.c.state)
                    for state, count in tx.conn.execute(counted).all():
                        family.add_metric([state], count)
        except SQLAlchemyError:
            return
        yield from (facts, open_ones, sending)


class Counting:
    """Counts answers by method and status and measures how long they took; addresses are left out."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self.app = app
        self._answers = Counter(
            "fallverlauf_answers", "Answers by method and status", ["method", "status"], registry=registry
        )
        self._seconds = Histogram("fallverlauf_answer_seconds", "Time until an answer begins", registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                method = scope["method"] if scope["method"] in ("GET", "POST", "HEAD") else "other"
                self._answers.labels(method, str(message["status"])).inc()
                self._seconds.observe(time.perf_counter() - started)
            await send(message)

        await self.app(scope, receive, counted)


def registry(office: Office) -> CollectorRegistry:
    """A register of its own for each application."""
    found = CollectorRegistry()
    found.register(Waiting(office))
    return found
