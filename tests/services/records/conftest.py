"""Cases to store facts in, for the tests of the records."""

from __future__ import annotations

import pytest

from services.office.office import Office
from tests.services.records.given import Cases


@pytest.fixture
def cases(office: Office) -> Cases:
    """On SQLite."""
    return Cases(office)


@pytest.fixture
def any_cases(any_office: Office) -> Cases:
    """Once on SQLite and once on PostgreSQL."""
    return Cases(any_office)
