"""An office with lives of cases, for every question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.periods import BERLIN
from services.demo import building as demo
from services.exchange.importing import import_file
from services.office.office import Office, open_office
from services.settings import Settings
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


@pytest.fixture(scope="session")
def demo_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The demo office, with the row tables filled; for all that only ask."""
    now = dt.datetime(2026, 11, 23, 8, tzinfo=BERLIN)
    with open_office(Settings(data=tmp_path_factory.mktemp("demo"), fixed_now=now)) as opened:
        demo.ensure(opened, 300)
        yield opened
