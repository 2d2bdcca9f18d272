"""A data directory, a real Valkey and a real mail server for the tests of the workers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from services.office.office import mark_test_data, open_office
from services.settings import Settings
from tests import mailserver
from workers.dispatcher import connect
from workers.valkey import Embedded, prepared

NOW = dt.datetime.fromisoformat("2026-11-20T08:00:00+01:00")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory whose database is marked as test data."""
    folder = tmp_path / "data"
    with open_office(Settings(data=folder, fixed_now=NOW)) as office, office.write() as tx:
        mark_test_data(tx)
    return folder


@pytest.fixture
def mail_server() -> Iterator[mailserver.MailServer]:
    """A real SMTP server of the test's own."""
    with mailserver.running() as server:
        yield server


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """The embedded Valkey."""
    server = Embedded(prepared(tmp_path_factory.mktemp("valkey") / "valkey"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis(valkey: Embedded) -> Iterator[Redis]:
    """A connection to an empty Valkey."""
    connection = connect(valkey.url)
    connection.flushall()
    yield connection
    connection.close()
