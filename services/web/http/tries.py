"""How often an address may try in vain to come in: counted in this process, for some minutes, in a bounded table.

No library counts so: those that limit requests count every one, and an office behind one address logs in all at once.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock
from typing import NamedTuple

from fastapi import Request

from services.failures import Said
from services.office.health import machine_time

WINDOW = dt.timedelta(minutes=10)
FEEDS = "Abrufe eines Kalenders"
ADDRESSES = 10_000  # beyond, the one that began first is forgotten


class TooMany(Said):
    """An address has tried too often; the text is one German sentence. `wait`: until it may try again."""

    def __init__(self, wait: dt.timedelta, what: str) -> None:
        self.wait = wait
        minutes = -(-wait // dt.timedelta(minutes=1))
        when = "einer Minute" if minutes <= 1 else f"{minutes} Minuten"
        super().__init__(f"Von Ihrer Adresse kamen zu viele {what}; bitte versuchen Sie es in {when} noch einmal.")


class Tries:
    """The tries in vain of each address, counted for `WINDOW` from the first of them; `what` they are in words."""

    def __init__(self, most: int, what: str = "vergebliche Anmeldungen") -> None:
        self._most = most
        self._what = what
        self._counted: OrderedDict[str, tuple[dt.datetime, int]] = OrderedDict()  # by the beginning, the first first
        self._lock = Lock()

    @contextmanager
    def of(self, request: Request, *in_vain: type[Exception]) -> Iterator[None]:
        """Counts a try that ends with one of these exceptions. Raises TooMany instead of beginning one more."""
        self.check(request)
        try:
            yield
        except in_vain:
            self.count(request)
            raise

    def check(self, request: Request | str) -> None:
        """Raises TooMany if the address of a request, or what is named, may not try again yet."""
        now = machine_time()
        with self._lock:
            began, count = self._counted.get(_address(request), (now, 0))
        if count >= self._most and (wait := began + WINDOW - now) > dt.timedelta():
            raise TooMany(wait, self._what)

    def count(self, request: Request | str) -> None:
        """Notes a try."""
        now, address = machine_time(), _address(request)
        with self._lock:
            began, count = self._counted.get(address, (now, 0))
            if now - began >= WINDOW:
                del self._counted[address]
                began, count = now, 0
            self._counted[address] = (began, count + 1)
            if len(self._counted) > ADDRESSES:
                self._counted.popitem(last=False)

    def forgive(self, request: Request) -> None:
        """Takes one back: it was not in vain."""
        with self._lock:
            if (found := self._counted.get(_address(request))) is not None:
                self._counted[_address(request)] = (found[0], max(found[1] - 1, 0))


class Doors(NamedTuple):
    """What is counted, each with as many tries as are in vain when nothing is wrong, several times over."""

    begun: Tries  # log-ins that were begun and have not led in
    log_ins: Tries  # log-ins that were refused
    tokens: Tries  # tokens of programs that do not hold
    words: Tries  # wrong words for the counters
    no_calendars: Tries  # calendar addresses that do not hold
    calendars: Tries  # how often one that holds is asked


def doors() -> Doors:
    """The doors of one application; an office of some hundred people behind one address meets none closed."""
    return Doors(Tries(500), Tries(200), Tries(100), Tries(20), Tries(50, FEEDS), Tries(30, FEEDS))


def doors_of(request: Request) -> Doors:
    """The doors of the application that was asked."""
    found: Doors = request.app.state.doors
    return found


def _address(request: Request | str) -> str:
    """Whose tries are counted together: an address; of IPv6 the net, as everybody there has as many as they like."""
    if isinstance(request, str):
        return request
    host = request.client.host if request.client else ""
    try:
        found = ip_address(host)
    except ValueError:
        return host
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found.packed, 64), strict=False))
    return host
