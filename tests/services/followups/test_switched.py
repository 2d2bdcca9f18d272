"""A rule is switched while the scheduler works through its cases: whatever it has told is settled, nothing is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import select

from domain.facts import Stream
from domain.facts.directory import PersonAdded, RoleAssigned
from domain.facts.office import RuleState, SettingProposed
from domain.followups import LIVE, State
from domain.knowledge import known
from domain.proposals import proposals
from domain.records import Entry
from services.casework import proposals as desk
from services.followups import batches, lifecycle
from services.office.office import Office, Transaction
from services.people import directory
from services.records import rulebook
from services.records.tables import followups, messages
from tests.services.web import town as towns

TODAY = towns.NOW.date()


@pytest.fixture
def town(make_office: Any, database_url: str) -> Office:
    """The town, once on SQLite and once on PostgreSQL."""
    office: Office = make_office(now=towns.NOW, database=database_url)
    towns.build(office.settings)
    return office


def switched(office: Office, state: RuleState) -> None:
    """One person proposes that R-04 stands so from today on, another one confirms it."""
    with office.write() as tx:
        for person in ("edv-2", "edv-3"):
            towns.append(tx, Stream.PERSON, person, _edv())
    with office.read() as tx:
        first, second = (directory.person_key(tx, person) or "" for person in ("edv-2", "edv-3"))
    fact = SettingProposed(becomes="rule-set", source="Verfügung 7/2026", rule="R-04", state=state)
    desk.propose(office, fact, TODAY, first)
    with office.read() as tx:
        [newest, *_] = proposals(known(rulebook.settings(tx.conn), None))
    desk.decide(office, newest.made.ref, True, "", second)


def _edv() -> list[Entry]:
    added = PersonAdded(name="Dahl, Jo")
    return [towns.entry("2019-01-01", fact) for fact in (added, RoleAssigned(role="edv", unit="56.3"))]


def between(office: Office, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], None]) -> None:
    """Lets something happen after the first case that the scheduler works on, each in a transaction of its own."""
    write, begun = office.write, []

    def counted(**how: object) -> AbstractContextManager[Transaction]:
        begun.append(1)
        if len(begun) == 2:
            meanwhile()
        return write(**how)  # type: ignore[arg-type]

    monkeypatch.setattr(batches, "BATCH", 1)
    monkeypatch.setattr(office, "write", counted)


def states(office: Office) -> list[str]:
    with office.read() as tx:
        return sorted(tx.conn.execute(select(followups.c.state).where(followups.c.rule == "R-04")).scalars())


def told(office: Office) -> int:
    """How many messages about it are open."""
    with office.read() as tx:
        rows = tx.conn.execute(select(messages.c.data).where(messages.c.done_at.is_(None))).scalars()
        return sum(data.get("rule") == "R-04" for data in rows)


def issue(office: Office, at: dt.datetime = towns.NOW) -> None:
    lifecycle.issue_due(office, TODAY, at)


def test_switched_off_meanwhile_it_is_told_no_further_and_what_was_told_expires(
    town: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_r04(town)
    with monkeypatch.context() as patch:
        between(town, patch, lambda: switched(town, "off"))
        issue(town)
    assert len(states(town)) <= 1  # the first case at most
    issue(town)
    assert not set(states(town)) & set(LIVE)
    assert set(states(town)) <= {State.EXPIRED}
    assert told(town) == 0


def test_switched_on_meanwhile_every_case_is_told_once(town: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    switched(town, "list")
    with monkeypatch.context() as patch:
        between(town, patch, lambda: switched(town, "on"))
        issue(town)
    issue(town)
    there = states(town)
    assert there == [State.OPEN] * len(there)
    assert there
    before = told(town)
    issue(town)
    assert (states(town), told(town)) == (there, before)


def only_r04(town: Office) -> None:
    """At least two cases are to be told of it."""
    with town.read() as tx:
        found = [one for key in tx.store.streams(tx.conn, Stream.CASE) for one in lifecycle.stages(tx.conn, key, TODAY)]
    assert len({one.case_key for one in found if one.rule == "R-04"}) >= 2
