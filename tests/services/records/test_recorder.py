"""The event store library's own test case for recorders, against ours, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import AggregateRecorder, IntegrityError, StoredEvent
from eventsourcing.tests.persistence import AggregateRecorderTestCase
from sqlalchemy import Engine

from services.records import database
from services.records.recorder import START, FactRecorder, Head, without_key


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = database.connect(database_url)
    database.migrate(engine)
    yield engine
    engine.dispose()


class LibraryCase(AggregateRecorderTestCase):
    """The library's test case; each of its tests is called by one of ours, once a database."""

    __test__ = False
    engine: Engine

    def create_recorder(self) -> AggregateRecorder:
        return FactRecorder(self.engine)


@pytest.mark.parametrize("name", [name for name in dir(AggregateRecorderTestCase) if name.startswith("test_")])
def test_the_librarys_own_case(name: str, engine: Engine) -> None:
    case = LibraryCase(name)
    case.engine = engine
    case.debug()


def test_a_gap_is_refused(engine: Engine) -> None:
    key = uuid4()
    events = [StoredEvent(key, 2, "case-closed", b"{}")]
    with pytest.raises(IntegrityError):
        FactRecorder(engine, without_key).insert_events(events, heads={key: Head(0, START)})
    assert FactRecorder(engine).select_events(key) == []


def test_the_hash_depends_on_all_that_is_stored(engine: Engine) -> None:
    def stored(key: UUID, *events: tuple[str, bytes]) -> bytes:
        heads = {key: Head(0, START)}
        rows = [StoredEvent(key, number, name, state) for number, (name, state) in enumerate(events, 1)]
        FactRecorder(engine, without_key).insert_events(rows, heads=heads)
        return heads[key].hash

    one = stored(uuid4(), ("a", b"1"), ("b", b"2"))
    others = [stored(uuid4(), ("a", b"1"), ("b", b"2")), stored(uuid4(), ("a", b"1"), ("b", b"3"))]
    assert len({one, *others}) == 3
