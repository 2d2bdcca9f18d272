"""What is sent twice at the same moment stands once: a double click, two tabs, a program that tries again."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

import httpx
import pytest
from sqlalchemy import func, select

from domain.facts import Stream
from services.office.office import Office
from services.people import saved_filters as filters
from services.records.tables import draft_answers, drafts, records, saved_filters
from tests.conftest import on_both_databases
from tests.served import Visit
from tests.services.web.conftest import VisitAs
from tests.services.web.test_appointments import DAY, NAMED, planned
from tests.services.web.test_intake import at_once

Send = Callable[[], httpx.Response]
NUMBER = re.compile(r'name="number" value="(\d+)"')
TABLES = (records, saved_filters, drafts, draft_answers)


def entry(person: Visit) -> Send:
    number = NUMBER.findall(person.get("/eintrag/C-2001", art="contact-held").text)[0]
    call = {"art": "contact-held", "on": "19.11.2026", "channel": "phone", "direction": "out", "number": number}
    return lambda: person.post("/eintrag/C-2001", {**call, "step": "save"})


def saved_filter(person: Visit) -> Send:
    return lambda: person.post("/faelle/filter", {"name": "lange", "dauer": "6"})


def outcome(person: Visit) -> Send:
    named = NAMED.findall(person.get(DAY).text)[0]
    return lambda: person.post("/termine", {"woche": "2026-11-16", "einzeln": f"missed-open|{named}"})


def line(person: Visit) -> Send:
    return lambda: person.post("/befehl", {"text": "telefonat heute", "fall": "C-2001"})


@on_both_databases
@pytest.mark.parametrize(
    ("ready", "grown"),
    [(entry, {"records": 1}), (saved_filter, {"saved_filters": 1}), (outcome, {"records": 1}), (line, {"drafts": 1})],
)
def test_two_posts_at_once_leave_one(
    visit: VisitAs, town: Office, ready: Callable[[Visit], Send], grown: dict[str, int]
) -> None:
    planned(town, "B-1", "08:30")
    person = visit("fm-1")
    send, before = ready(person), counted(town)
    codes = [answer.status_code for answer in at_once(send)]
    assert 200 in codes
    assert set(codes) <= {200, 409, 422}
    after = counted(town)
    looked_at = {"records", *grown}
    assert {name: after[name] - before[name] for name in looked_at} == {"records": 0, **grown}


@on_both_databases
def test_who_saves_a_filter_waits_for_who_saves_the_same(visit: VisitAs, town: Office) -> None:
    visit("fm-1").get("/faelle")
    with town.read() as tx:
        key = tx.store.key(tx.conn, Stream.PERSON, "fm-1")
    assert key is not None

    def save() -> None:
        with town.write() as tx:
            filters.save(tx, key.hex, "lange", {"dauer": "6"})

    with ThreadPoolExecutor(1) as pool:
        with town.write() as tx:
            filters.save(tx, key.hex, "lange", {"dauer": "12"})
            second = pool.submit(save)
            wait([second], timeout=0.5)
        second.result(10)
    assert counted(town)["saved_filters"] == 1


def counted(office: Office) -> dict[str, int]:
    """The rows of each table."""
    with office.read() as tx:
        return {one.name: tx.conn.scalar(select(func.count()).select_from(one)) or 0 for one in TABLES}
