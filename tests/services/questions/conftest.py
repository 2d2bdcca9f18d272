"""An office with lives of cases, for every question."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.exchange.importing import import_file
from services.office.office import Office
from tests.golden import Line
from tests.services.commandline import as_bytes
from tests.services.questions.lives import LIVES


@pytest.fixture
def lived(any_office: Office, tmp_path: Path) -> Office:
    """The lives, imported on both databases."""
    path = tmp_path / "lives.jsonl"
    path.write_bytes(b"\n".join(as_bytes(_said(one)) for lines in LIVES.values() for one in lines))
    assert import_file(any_office, path).rejected == []
    return any_office


def _said(one: Line) -> Line:
    unknown = one.get("recorded_unknown", False)
    plain = {key: value for key, value in one.items() if key != "recorded_unknown"}
    return plain | ({"recorded_at": None} if unknown else {})
