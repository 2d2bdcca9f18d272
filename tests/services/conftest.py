"""What tests of the services share: commands over a data directory of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.commands import Commands


@pytest.fixture
def commands(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Commands:
    """The commands over an empty data directory, with a folder for files."""
    monkeypatch.setenv("FALLVERLAUF_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("FALLVERLAUF_NOW", raising=False)
    monkeypatch.chdir(tmp_path)
    return Commands(tmp_path, capsys)


@pytest.fixture
def any_commands(commands: Commands, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """The same, once on SQLite and once on PostgreSQL."""
    monkeypatch.setenv("FALLVERLAUF_DATABASE", database_url)
    assert commands("migrate").status == 0
    return commands
