"""Everything is killed again and again while people write: what was acknowledged is there, each thing once.

`FALLVERLAUF_TEST_KILLS` says how often something is killed (54 by default), `FALLVERLAUF_TEST_FIGURES` which file the
figures of the run go to.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections import Counter
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.facts import Stream, name_of
from domain.facts.contact import AppointmentPlanned
from services import failures
from services.followups import lifecycle as followups_of
from services.office.health import machine_time
from services.records import rows as case_rows
from services.records.tables import followups, messages, outbox
from tests.chaos.house import House
from tests.chaos.mailbox import GONE, HANGS, LATER, NEVER, TAKES
from tests.chaos.servers import wait_for
from tests.chaos.writing import Writers
from tests.services import bureau

KILLS = int(os.environ.get("FALLVERLAUF_TEST_KILLS", "54"))
VICTIMS = ("worker", "valkey", "writer", "web", "import", "valkey", "scheduler", "writer", "postgres")
MOODS = (TAKES, HANGS, TAKES, LATER, NEVER, TAKES, GONE)
BEGIN = dt.date(2026, 5, 20)
CASES = [f"C-{at}" for at in range(6)]
SHOWN = os.environ.get("FALLVERLAUF_TEST_FIGURES")


@pytest.fixture
def house(empty_house: House) -> House:
    """The service with some cases, all processes running."""
    assert empty_house.command("migrate").returncode == 0
    bureau.staff(empty_house.office)
    for case in CASES:
        bureau.jobakademie(empty_house.office, case, BEGIN)
    empty_house.keep()
    wait_for(lambda: empty_house.healthz()[0] == 200, "the pages")
    return empty_house


def test_what_was_acknowledged_is_there_once_whatever_dies(house: House) -> None:
    writers = Writers(house, CASES)
    writers.start()
    try:
        everything_dies(house, writers)
    finally:
        house.mailbox.turn(TAKES)
        house.keep()
        writers.stop()
    settle(house, writers)
    facts_are_there_once(house, writers)
    everything_is_told_once(house, writers)
    mails_say_who_they_are(house)
    nothing_was_changed_and_rebuilding_sends_nothing(house)
    nothing_is_said_in_the_words_of_a_failure(house)
    assert sum(house.kills.values()) >= KILLS
    assert max(house.takeovers, default=0) < 15
    tell(house, writers)


def everything_dies(house: House, writers: Writers) -> None:
    moods = cycle(MOODS)
    for at, victim in enumerate(islice(cycle(VICTIMS), KILLS)):
        before = writers.acknowledged
        if at % 4 == 0:
            turn(house, next(moods))
        if victim == "import":
            wait_for(writers.kill_import, "an import")
            house.kills["import"] += 1
        else:
            house.kill(victim)
        wait_for(lambda seen=before: (house.keep(), writers.acknowledged > seen)[1], "a write after the fault")


def turn(house: House, mood: str) -> None:
    """The mail server's next mood; who waits for its answer in vain is killed in the middle of it."""
    met = house.mailbox.moods[mood]
    house.mailbox.turn(mood)
    house.patiently(lambda: wake(house))
    if mood in (LATER, NEVER):
        wait_for(lambda: (house.keep(), house.mailbox.moods[mood] > met)[1], f"an answer {mood}")
    if mood == HANGS:
        wait_for(lambda: (house.keep(), house.mailbox.waiting)[1], "a mail under way")
        for worker in ("worker-1", "worker-2"):
            house.processes[worker].kill()
            house.kills["worker"] += 1


def wake(house: House) -> int:
    """As if a long time had passed for what waits to be sent; how much that is."""
    long_ago = machine_time() - dt.timedelta(hours=2)
    unfinished = outbox.c.state.in_(("waiting", "sending"))
    with house.office.write() as tx:
        return tx.conn.execute(update(outbox).where(unfinished).values(enqueued_at=long_ago)).rowcount


def settle(house: House, writers: Writers) -> None:
    """Everybody is back: all that is due is issued, all that waits is sent."""
    unasked = [*CASES, *(set(writers.imported) - set(writers.requested))]  # a request silences what it answers

    def issued() -> bool:
        house.keep()
        with house.office.read() as tx:
            known = set(tx.conn.execute(select(followups.c.id)).scalars())
            keys = house.office.store.keys(tx.conn, Stream.CASE, unasked)
            return all(
                one.id in known
                for key in keys.values()
                for one in followups_of.stages(tx.conn, key, house.office.today())
            )

    wait_for(lambda: house.patiently(issued), "what is due to be issued")
    wait_for(lambda: house.healthz()[1].get("ok") and not house.patiently(lambda: wake(house)), "mails to go out")
    for part in ("worker", "scheduler", "queue"):
        wait_for(lambda name=part: house.healthz()[1][name]["state"] == "running", part)


def facts_are_there_once(house: House, writers: Writers) -> None:
    with house.office.read() as tx:
        for case in CASES:
            key = house.office.store.key(tx.conn, Stream.CASE, case)
            stored = house.office.store.records(tx.conn, key, with_text=True)
            things = Counter(
                record.fact.appointment for record in stored if isinstance(record.fact, AppointmentPlanned)
            )
            assert things == Counter(writers.posted[case])
            assert [record.number for record in stored] == list(range(1, len(stored) + 1))
        for case in writers.imported:
            key = house.office.store.key(tx.conn, Stream.CASE, case)
            stored = house.office.store.records(tx.conn, key, with_text=True)
            asked = ["extension-requested"] if case in writers.requested else []
            assert [name_of(record.fact) for record in stored] == [
                "responsibility-assigned",
                "strategy-bar-set",
                *asked,
            ]


def everything_is_told_once(house: House, writers: Writers) -> None:
    office, day = house.office, house.office.today()
    with office.read() as tx:
        kept = tx.conn.execute(select(followups)).all()
        told = tx.conn.execute(select(messages)).all()
        keys = office.store.keys(tx.conn, Stream.CASE, [*CASES, *writers.imported])
        expected = {case: {one.id for one in followups_of.stages(tx.conn, key, day)} for case, key in keys.items()}
        leads = office.store.keys(tx.conn, Stream.PERSON, ["tl-1"])
    assert set(Counter((one.case_key, one.rule, one.stage, one.cause) for one in kept).values()) == {1}
    assert set(Counter((one.followup, one.kind, one.recipient) for one in told if one.followup).values()) == {1}
    for case in keys.keys() - set(writers.requested):
        assert {one.id for one in kept if one.case_key == keys[case]} == expected[case] != set()
        shown = Counter(one.kind for one in told if one.case_key == keys[case])
        assert shown == {"follow-up": 1}
    asked = [one for one in told if one.kind == "decision-request"]
    assert Counter(one.case_key for one in asked) == Counter(keys[case] for case in writers.requested)
    assert {one.recipient for one in asked} == {key.hex for key in leads.values()}


def mails_say_who_they_are(house: House) -> None:
    with house.office.read() as tx:
        rows = {f"<{one.id.hex}@127.0.0.1>": one for one in tx.conn.execute(select(outbox))}
    taken = house.mailbox.taken
    assert taken.keys() <= rows.keys()
    for id, one in rows.items():
        assert one.state in ("sent", "dropped") or (one.state == "failed" and id in house.mailbox.refused), one.error
        assert one.state != "sent" or taken[id]
        assert one.state != "failed" or one.error == NEVER.partition(" ")[0]
        assert len({(mail["To"], mail["Subject"]) for mail in taken.get(id, [])}) <= 1
    undelivered = sum(one.state == "failed" for one in rows.values())
    assert house.mailbox.refused
    assert house.healthz()[1]["outbox"] == {"waiting": 0, "failed": undelivered}


def nothing_was_changed_and_rebuilding_sends_nothing(house: House) -> None:
    verified = house.command("verify", "--format", "json")
    assert verified.returncode == 0, verified.stderr
    before, told, mails = rows_of(house), sent(house), len(house.mailbox.taken)
    assert house.command("rebuild").returncode == 0
    after = rows_of(house)
    assert (list((after - before).items())[:3], list((before - after).items())[:3]) == ([], [])
    assert sent(house) == told
    assert len(house.mailbox.taken) == mails


def nothing_is_said_in_the_words_of_a_failure(house: House) -> None:
    """They may hold what a case contains."""
    for written in (house.folder / "output", house.folder / "data" / failures.LOG):
        said = written.read_text(encoding="utf-8")
        assert said.partition("Traceback")[1:] == ("", ""), said.partition("Traceback")[2][:4000]
        assert "[SQL:" not in said


def rows_of(house: House) -> Counter[tuple[str, str]]:
    """Every row of the read model without its number."""
    with house.office.read() as tx:
        return Counter(
            (table.name, json.dumps({name: row[name] for name in row if name != "id"}, default=str, sort_keys=True))
            for table in case_rows.TABLES
            for row in tx.conn.execute(select(table)).mappings()
        )


def sent(house: House) -> list[Any]:
    """What was issued, told and mailed."""
    with house.office.read() as tx:
        return [sorted(tx.conn.execute(select(table.c.id)).scalars()) for table in (followups, messages, outbox)]


def tell(house: House, writers: Writers) -> None:
    """The figures of this run, into the file that `FALLVERLAUF_TEST_FIGURES` names."""
    mails = [len(copies) for copies in house.mailbox.taken.values()]
    with house.office.read() as tx:
        counts = {table.name: len(tx.conn.execute(select(table.c.id)).all()) for table in (followups, messages, outbox)}
    figures = {
        "kills": dict(house.kills),
        "acknowledged": writers.acknowledged,
        "posts tried": writers.tries,
        "mails": len(mails),
        "mails sent twice": sum(copies > 1 for copies in mails),
        "mails refused for good": len(house.mailbox.refused),
        "moods of the mail server": dict(house.mailbox.moods),
        "longest takeover": round(max(house.takeovers, default=0), 1),
        **counts,
    }
    if SHOWN:
        Path(SHOWN).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
