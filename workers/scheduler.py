"""What time alone brings: on a new day or fact it issues what is due, reminds, plans mails and rings the queue."""

from __future__ import annotations

import datetime as dt
import logging
import time
from functools import partial
from uuid import uuid4

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Connection, update
from sqlalchemy.exc import DBAPIError, OperationalError

from services import failures
from services.casework import calendar_mail
from services.followups import lifecycle, reassignment, reminders
from services.followups.batches import Before, nothing
from services.messages import directives, entries, mail
from services.office.health import beat, machine_time
from services.office.office import Office
from services.people import invites, kept_forms, views
from services.records import arrivals, rebuild, traces
from services.records.database import insert_once
from services.records.meaning import Replaced, Waiting
from services.records.tables import leases
from workers.deliveries import Deliveries
from workers.dispatcher import dispatch
from workers.stopping import Stop
from workers.uploads import Uploads
from workers.witness import Witness

TICK = 2.0  # seconds
LEASE = dt.timedelta(seconds=6)
LOOK_ANYWAY = 60.0  # seconds; what no new fact announces (a deputy, a snooze) is found then
NAME = "scheduler"

log = logging.getLogger(failures.LOGGER)


class Lost(Exception):
    """Another scheduler has taken over: this one had not renewed its lease in time."""


class Scheduler:
    """One of any number of schedulers; the one that holds the lease works, another takes over when it falls silent."""

    def __init__(self, office: Office, redis: Redis) -> None:
        self._office = office
        self._redis = redis
        self._holder = uuid4().hex
        self._seen: tuple[dt.date, int] | None = None
        self._looked = 0.0
        self._queue = "running"
        self._witness = Witness(office, self._hold)
        self._deliveries = Deliveries(office)
        self._uploads = Uploads(office)

    def run(self, stop: Stop) -> None:
        """Ticks until told to stop; whatever fails is logged without its words, and the next tick tries again."""
        while not stop.is_set():
            try:
                self.tick()
            except OperationalError as error:  # busy or away, as databases are at times
                log.warning("database", extra={"kind": type(error.orig).__name__})
            except Exception as error:
                failures.unexpected(error, self._office.settings.data)
            stop.wait(TICK)
        self._deliveries.end()
        self._uploads.end()
        self._let_go()

    def tick(self) -> bool:
        """One look at the clock and the facts; False if another scheduler works."""
        if not self._hold():
            return False
        self._ring()  # first, so that no failure of a look keeps mails back
        self._uploads.look()  # somebody waits for it
        seen = self._glance()
        if seen != self._seen or time.monotonic() - self._looked > LOOK_ANYWAY:
            try:
                self.look(self._office.now(), self._renew)
            except Lost:
                log.warning("lease lost")
                return False
            self._seen, self._looked = seen, time.monotonic()
            self._ring()
        return True

    def look(self, now: dt.datetime, before: Before = nothing) -> None:
        """Issues, reminds and plans; as often as one likes. `before` is done first in each transaction."""
        day = self._office.today()
        try:
            self._compute(before)
            self._follow_up(day, now, before)
        except (Waiting, Replaced) as sentence:
            _note("waiting", str(sentence))
        self._witness.bear()
        self._deliveries.look()
        self._clear_traces()

    def _compute(self, before: Before) -> None:
        """Goes on with lists that nobody computes any more: who began was stopped. Does nothing while somebody does."""
        rebuild.go_on(self._office.engine, self._office.vault, partial(_note, "computing"), before)

    def _follow_up(self, day: dt.date, now: dt.datetime, before: Before) -> None:
        issued = lifecycle.issue_due(self._office, day, now, before)
        reassignment.move_all(self._office, day, now, before)
        reminders.remind_all(self._office, day, now, before)
        with self._office.write() as tx:
            before(tx.conn)
            arrivals.fold(tx.conn)
            views.forget(tx.conn, self._office.vault, now)
            invites.forget(tx.conn, now)
            kept_forms.clear_away(tx.conn, now)
            directives.announce(tx, day, now)
            planned = mail.plan_digests(tx.conn, now) if self._office.settings.smtp else 0
            entries.forget_before(tx.conn, day)
        planned += calendar_mail.plan(self._office, before) if self._office.settings.smtp else 0
        if issued or planned:
            log.info("issued", extra={"follow_ups": issued, "mails": planned, "day": day.isoformat()})

    def _clear_traces(self) -> None:
        """Ends what was interrupted while it cleared the files, or found the database busy."""
        try:
            traces.clear(self._office.engine)
        except DBAPIError as error:
            log.error("traces not cleared", extra={"kind": type(error).__name__})

    def _hold(self) -> bool:
        with self._office.write() as tx:
            return self._is_held(tx.conn)

    def _renew(self, conn: Connection) -> None:
        if not self._is_held(conn):
            raise Lost

    def _is_held(self, conn: Connection) -> bool:
        """Takes or renews the lease and gives a sign of life; False while another scheduler has it."""
        at = machine_time()
        mine = (leases.c.name == NAME) & ((leases.c.holder == self._holder) | (leases.c.until < at))
        held = {"holder": self._holder, "until": at + LEASE}
        conn.execute(insert_once(conn.dialect, leases).values(name=NAME, **held))
        if not conn.execute(update(leases).where(mine).values(held)).rowcount:
            return False
        beat(conn, NAME)
        return True

    def _let_go(self) -> None:
        with self._office.write() as tx:
            own = (leases.c.name == NAME) & (leases.c.holder == self._holder)
            if tx.conn.execute(update(leases).where(own).values(until=machine_time())).rowcount:
                beat(tx.conn, NAME, "down")

    def _glance(self) -> tuple[dt.date, int]:
        """The day and how many facts there are: while both stay, nothing new is due."""
        with self._office.read() as tx:
            return self._office.today(), arrivals.count(tx.conn)

    def _ring(self) -> None:
        try:
            dispatch(self._office, self._redis, self._office.latest())
            state = "running"
        except RedisError:
            state = "down"
        if state != self._queue:
            log.warning("queue", extra={"state": state})
            self._queue = state
        with self._office.write() as tx:
            beat(tx.conn, "queue", state)


def _note(event: str, sentence: str) -> None:
    log.info(event, extra={"sentence": sentence})
