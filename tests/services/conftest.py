"""What tests of the services share: commands over a data directory of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services.commandline import Commands


@pytest.fixture
def move(
    kind_of_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Callable[[str], None]:
    """Lets all that follows run over another data directory, empty, with a database of its own."""

    def to(folder: str) -> None:
        monkeypatch.setenv("FALLVERLAUF_DATA", str(tmp_path / folder))
        if kind_of_database == "postgresql":
            copied: Callable[[str], str] = request.getfixturevalue("copied_database")
            monkeypatch.setenv("FALLVERLAUF_DATABASE", copied(request.getfixturevalue("_with_tables")))

    return to


@pytest.fixture
def commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, move: Callable[[str], None]
) -> Commands:
    """The commands over an empty data directory, with a folder for files; see `on_both_databases`."""
    move("data")
    monkeypatch.delenv("FALLVERLAUF_NOW", raising=False)
    monkeypatch.chdir(tmp_path)
    return Commands(tmp_path, capsys)
