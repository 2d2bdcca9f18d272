"""Open pages hear of new messages: how many, never what about."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import insert, select
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from domain.facts import Stream
from services.messages.inbox import Kind
from services.office.office import Office
from services.records.tables import actions, messages
from services.web.http import errors, live
from tests.conftest import on_both_databases
from tests.logged import logged
from tests.served import Visit
from tests.services.web.conftest import VisitAs
from tests.services.web.test_deputies import decide
from tests.services.web.test_today import request_extension


def _tell(office: Office, recipient: str, **given: int) -> None:
    row = {"kind": "follow-up", "case_key": uuid4(), "data": {}, "created_at": office.now(), **given}
    with office.write() as tx:
        tx.conn.execute(insert(messages).values(unique_key=uuid4().hex, recipient=recipient, **row))


def _key(office: Office, person: str) -> str:
    with office.read() as tx:
        key = office.store.key(tx.conn, Stream.PERSON, person)
    assert key is not None
    return key.hex


def _heard(person: Visit, *, last: str = "", told: tuple[str, ...] = ("event:", "data:")) -> Generator[str, None, None]:
    again = {"Last-Event-ID": last} if last else {}
    with person.client.stream("GET", "/live", headers=again, timeout=httpx.Timeout(60)) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        yield ""
        yield from (line for line in stream.iter_lines() if line.startswith(told))


@on_both_databases
def test_new_messages_are_heard_by_their_reader(visit: VisitAs, town: Office) -> None:
    with closing(_heard(visit("fm-1"))) as lines:
        next(lines)
        _tell(town, _key(town, "fm-2"))
        _tell(town, _key(town, "fm-1"))
        assert next(lines) == "event: aufgaben"
        assert next(lines) == "data: Eine neue Aufgabe."


@on_both_databases
def test_what_is_kept_late_is_heard_though_its_number_is_lower(visit: VisitAs, town: Office) -> None:
    with closing(_heard(visit("fm-1"))) as lines:
        next(lines)
        for number in (9_002, 9_001):
            _tell(town, _key(town, "fm-1"), id=number)
            assert [next(lines), next(lines)] == ["event: aufgaben", "data: Eine neue Aufgabe."]


@on_both_databases
def test_what_came_while_a_page_was_cut_off_is_heard_when_it_comes_back(visit: VisitAs, town: Office) -> None:
    with closing(_heard(visit("fm-1"), told=("id:",))) as lines:
        next(lines)
        last = next(lines).removeprefix("id: ")
    for person in ("fm-2", "fm-1", "fm-1"):
        _tell(town, _key(town, person))
    with closing(_heard(visit("fm-1"), last=last)) as lines:
        next(lines)
        assert [next(lines), next(lines)] == ["event: aufgaben", "data: 2 neue Aufgaben."]


@on_both_databases
def test_what_another_settles_is_heard_by_who_may_and_not_by_who_did(visit: VisitAs, town: Office) -> None:
    lead = visit("tl-1")
    request_extension(visit("fm-1"))
    with closing(_heard(visit("tl-2"))) as other, closing(_heard(visit("tl-1"))) as own:
        next(other)
        next(own)
        decide(lead, "approve")
        assert [next(other), next(other)] == ["event: aufgaben", "data: Ein erledigter Antrag."]
        with town.read() as tx:
            done = tx.conn.scalars(select(actions.c.correlation_id).order_by(actions.c.at.desc())).first()
        lead.post("/rueckgaengig/C-2001", {"getan": done, "woher": "team"})
        assert [next(other), next(other)] == ["event: aufgaben", "data: Ein wieder offener Antrag."]
        _tell(town, _key(town, "tl-1"))
        assert [next(own), next(own)] == ["event: aufgaben", "data: Eine neue Aufgabe."]


@pytest.mark.parametrize(
    ("came", "sentence"),
    [
        ({"follow-up": 1}, "Eine neue Aufgabe."),
        ({"follow-up": 1, "overdue": 1}, "2 neue Aufgaben."),
        ({"answer": 1}, "Eine neue Antwort."),
        ({"info": 2}, "2 neue Nachrichten."),
        ({"decision-request": 1}, "Ein neuer Antrag."),
        ({"request-settled": 2, "answer": 1}, "Eine neue Antwort und 2 erledigte Anträge."),
        ({"offer-settled": 1, "dispute-open-again": 1}, "Eine erledigte Übergabe und eine wieder offene Rückmeldung."),
        (
            {"info": 1, "decision-request": 1, "follow-up": 1200},
            "1.200 neue Aufgaben, ein neuer Antrag und eine neue Nachricht.",
        ),
    ],
)
def test_what_came_is_called_what_it_is(came: dict[str, int], sentence: str) -> None:
    assert live.said(came) == sentence


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_its_word(kind: Kind) -> None:
    assert live.said({kind: 1}).startswith(("Eine ", "Ein "))


@pytest.mark.parametrize("last", ["x", "-1", "1e9", "9" * 40, "1 OR 1=1"])
def test_a_number_nobody_gave_is_not_looked_for(visit: VisitAs, town: Office, last: str) -> None:
    _tell(town, _key(town, "fm-1"))
    with closing(_heard(visit("fm-1"), last=last)) as lines:
        next(lines)
        _tell(town, _key(town, "fm-1"))
        assert [next(lines), next(lines)] == ["event: aufgaben", "data: Eine neue Aufgabe."]


def test_who_goes_away_while_sending_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "http", "method": "POST", "headers": []}
    with ThreadPoolExecutor(1) as pool:  # a browser's loop may run in this thread
        pool.submit(lambda: asyncio.run(errors.Failures(app)(scope, gone, send))).result()
    assert (sent, logged(caplog)) == ([], [])


def test_nobody_listens_without_log_in(visit: VisitAs) -> None:
    assert visit("").client.get("/live", follow_redirects=False).status_code == 303


def test_the_factory_says_one_sentence_where_it_must_not_serve(town: Office) -> None:
    empty = {"FALLVERLAUF_DATA": str(town.settings.data.parent / "empty")}
    environment = os.environ | empty | {"FALLVERLAUF_DATABASE": "oracle://amt"}
    code = (
        "from services.web.app import create_app\ntry:\n    create_app()\nexcept Exception as error:\n    print(error)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert "FALLVERLAUF_DATABASE lässt sich nicht verwenden" in done.stdout
