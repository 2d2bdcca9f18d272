"""An office at work: people who open a page every second and a half, on the machine that serves them."""

from __future__ import annotations

import asyncio
import re
import signal
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple

import httpx

from services.commands.side_by_side.row import Differs, Row, within
from tests.served import TOKEN, Service

PEOPLE, EVERY, SECONDS, BEFORE = 50, 1.5, 60.0, 15.0  # how many; seconds: between pages, measured, unmeasured before
PATIENCE = 300.0  # seconds; a large office is read from the disk at first
PERSON = re.compile(r'name="person" value="([^"]+)"')
CASE = re.compile(r'href="(/fall/[^"]+)"')
HELP, CASES, OF_CASE = "Hilfe", "Meine Fälle", "Fall"
OPENED = ("Heute", "Team", "QS", OF_CASE, CASES)


class Desk(NamedTuple):
    """Who has it, by the beginnings of their ids; every so manieth of the people; what they open."""

    ids: tuple[str, ...]
    share: int
    pages: dict[str, str]


DESKS = (  # the first that fits
    Desk(("qs",), 8, {"QS": "/qs", HELP: "/hilfe"}),
    Desk(("fdl", "tl"), 6, {"Team": "/team", CASES: "/faelle", HELP: "/hilfe"}),
    Desk(("fm", "sfm", "ja", "av"), 1, {"Heute": "/", CASES: "/faelle", HELP: "/hilfe"}),
)
ENOUGH = 0.9  # of the pages that people want; who waits for more than a second and a half opens fewer
Times = dict[str, list[float]]


def clicking(folder: Path, people: int = PEOPLE, seconds: float = SECONDS, before: float = BEFORE) -> Iterator[Row]:
    """Serves the office in a folder, and says of each page what 95 in 100 people wait at most, beside the help page."""
    service = Service(folder, "--port", "0")
    try:
        address = service.first_line().rpartition(" ")[2]
        times = asyncio.run(_clicked(address, people, seconds, before))
    finally:
        service.end(signal.SIGTERM)
    yield from rows(times, people, people * seconds / EVERY)


def rows(times: Times, people: int, wanted: float) -> Iterator[Row]:
    """One of each page; no goal is met where the server is too slow for so many pages as people wanted to open."""
    opened = sum(map(len, times.values()))
    goal, why = within(3), ""
    if opened < ENOUGH * wanted:
        goal, why = goal._replace(most=0.0), f"der Server kommt nicht nach: {opened} von {wanted:.0f} Seiten"
    beside = f"neben der Hilfeseite (Median {median(times[HELP]):.0f} ms)"
    for page in OPENED:
        waited = f"{people} Leute klicken, jeder alle 1,5 s: {page} (Median {median(times[page]):.0f} ms)"
        question = f"{waited}, 95 von 100 Seiten, {beside}"
        yield Row(question, goal, slow(times[page]), slow(times[HELP]), len(times[page]), why)


def slow(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]


async def _clicked(address: str, people: int, seconds: float, before: float) -> Times:
    """The milliseconds of each page, from when all are logged in and the service has settled."""
    times: Times = defaultdict(list)
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE) as client, asyncio.TaskGroup() as group:
        ids = PERSON.findall((await _get(client, "/anmelden")).text)
        arrived = asyncio.Barrier(people)
        for number in range(people):
            desk = next(one for one in DESKS if number % one.share == 0)
            there = [id for id in ids if id.partition("-")[0] in desk.ids]
            one = _Person(address, there[number % len(there)], desk.pages, Random(number))
            group.create_task(one.works(arrived, before, seconds, times))
    return times


class _Person:
    """Somebody with a browser."""

    def __init__(self, address: str, id: str, pages: dict[str, str], chance: Random) -> None:
        self._client = httpx.AsyncClient(base_url=address, timeout=PATIENCE)
        self._id, self._pages, self._chance = id, dict(pages), chance

    async def works(self, arrived: asyncio.Barrier, before: float, seconds: float, times: Times) -> None:
        """Logs in and, when all are there, opens one page after another; what comes `before` is not noted."""
        async with self._client:
            await self._log_in()
            for page in list(self._pages):
                await self._open(page)
            await arrived.wait()
            begin = perf_counter() + before
            at = perf_counter() + self._chance.uniform(0, EVERY)
            for page in cycle(list(self._pages)):
                if at >= begin + seconds:
                    break
                await asyncio.sleep(max(0.0, at - perf_counter()))
                began = perf_counter()
                await self._open(page)
                if began >= begin:
                    times[page].append((perf_counter() - began) * 1000)
                at = max(at + EVERY, perf_counter())

    async def _open(self, page: str) -> None:
        """Opens a page; on the list of their own cases workers find the one they open next."""
        answer = await _get(self._client, self._pages[page])
        if page == CASES and "Heute" in self._pages and (found := CASE.findall(answer.text)):
            self._pages[OF_CASE] = self._chance.choice(found)

    async def _log_in(self) -> None:
        token = TOKEN.search((await _get(self._client, "/anmelden")).text)
        assert token is not None
        answer = await self._client.post("/anmelden", data={"token": token[1], "person": self._id})
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text


async def _get(client: httpx.AsyncClient, path: str) -> httpx.Response:
    answer = await client.get(path)
    if answer.status_code != httpx.codes.OK:
        raise Differs(f"Die Seite {path} antwortet mit {answer.status_code}.")
    return answer
