"""A copy of the data directory that nobody may write answers and is verified; and nothing in it changes."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from services.office.office import Office
from services.operations import checkpoints
from tests.services import keeping
from tests.services.keeping import CASE

ROOT = Path(__file__).parents[3]
READING = (
    ("verify", "--lists"),
    ("timeline", CASE),
    ("stays", "--strategy", "integration"),
    ("due",),
)


@pytest.fixture
def put_away(office: Office) -> Iterator[Path]:
    """A copy of an office with two cases and a checkpoint, in a folder without the right to write."""
    keeping.fill(office)
    checkpoints.checkpoint(office)
    office.close()
    folder = Path(mkdtemp(prefix="fv-ro-"))
    shutil.copytree(office.settings.data, folder / "data")
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield folder / "data"
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755)
    shutil.rmtree(folder)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a command in a process that modes keep from writing, also where the tests are root."""
    given = {"FALLVERLAUF_DATA": str(folder), "FALLVERLAUF_NOW": "2026-03-10", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-B", "-m", "fallverlauf", *arguments, "--format", "json"]
    return subprocess.run(
        command, env={**os.environ, **given}, preexec_fn=bound_by_modes, capture_output=True, text=True, check=False
    )


def bound_by_modes() -> None:
    """Takes from root, and whom it starts, what lets it write everywhere (PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)."""
    if os.geteuid() == 0:
        assert ctypes.CDLL(None).prctl(24, 1, 0, 0, 0) == 0


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_only_reads_works_where_nothing_may_be_written(put_away: Path) -> None:
    before = content(put_away)
    for arguments in READING:
        said = run(put_away, *arguments)
        assert (said.returncode, said.stderr.strip()) == (0, ""), arguments
        assert json.loads(said.stdout).get("ok", True) is True
    assert content(put_away) == before


def test_what_writes_is_refused_in_one_sentence(put_away: Path) -> None:
    said = run(put_away, "erase", CASE)
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (1, "", 1)
    assert "nicht" in said.stderr


def test_facts_beside_the_file_are_not_passed_over(put_away: Path) -> None:
    put_away.chmod(0o755)
    (put_away / "fallverlauf.db-wal").write_bytes(b"x")
    put_away.chmod(0o555)
    said = run(put_away, "verify")
    assert (said.returncode, said.stderr.count("\n")) == (1, 1)
    assert "noch nicht in der Datei stehen (fallverlauf.db-wal)" in said.stderr
