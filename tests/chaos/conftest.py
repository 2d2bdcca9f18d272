"""The service in many processes, for the tests that kill them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.house import House


@pytest.fixture
def empty_house(tmp_path: Path, postgresql_server: object) -> Iterator[House]:
    """Its servers run and are empty; the tests' own PostgreSQL has brought the system user that ours runs as."""
    house = House(tmp_path)
    try:
        house.start_servers()
        yield house
    finally:
        house.close()
