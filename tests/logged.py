"""What the service logs, as the lines of its file say it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services import failures
from workers.logs import Lines


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """Each event with what is said about it, in order; without its time."""
    own = [record for record in caplog.records if record.name == failures.LOGGER]
    found = [json.loads(Lines("test").format(record)) for record in own]
    return [{name: line[name] for name in line if name not in ("timestamp", "process")} for line in found]
