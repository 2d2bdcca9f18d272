"""A real Valkey and a real mail server for the tests of the workers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from tests import mailserver
from workers.dispatcher import connect
from workers.valkey import Embedded, prepared


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
