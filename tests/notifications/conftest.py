"""A real mail server for the tests of the channels."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import mailserver


@pytest.fixture
def mail_server() -> Iterator[mailserver.MailServer]:
    """A real SMTP server of the test's own."""
    with mailserver.running() as server:
        yield server
