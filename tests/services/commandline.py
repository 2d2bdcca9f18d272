"""Runs commands as the binary does, in this process, over a data directory of the test's own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from services.commands.cli import app
from services.commands.run import run

NOW = "2026-03-10T08:00:00+01:00"


class Said(NamedTuple):
    """What a command did: its exit status and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.out)


class Commands:
    """`commands("clocks", "C-1")`; `commands.json(...)` asks for JSON and expects success."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Said:
        self._capsys.readouterr()
        status = run(app, [str(argument) for argument in arguments])
        return Said(status, *self._capsys.readouterr())

    def json(self, *arguments: object) -> Any:
        """The answer of a command that is expected to succeed."""
        said = self(*arguments, "--format", "json")
        assert said.status == 0, said.err
        return said.json

    def file(self, name: str, lines: Iterable[Any]) -> Path:
        """A file of lines; what is no text or bytes is written as JSON."""
        path = self.folder / name
        path.write_bytes(b"".join(as_bytes(line) + b"\n" for line in lines))
        return path

    def imports(self, *lines: Any) -> Said:
        """Imports these lines from a file named facts.jsonl."""
        return self("import", self.file("facts.jsonl", lines), "--format", "json")


def as_bytes(line: Any) -> bytes:
    """One line of a file."""
    if isinstance(line, bytes):
        return line
    return (line if isinstance(line, str) else json.dumps(line)).encode()


def fact(name: str, on: str, *, case: str = "C-1", **more: Any) -> dict[str, Any]:
    """A line; `data` and other keys of the envelope as keyword arguments."""
    return {"case": case, "fact": name, "on": on, "recorded_at": f"{on}T09:00:00+01:00", "by": "fm-7", **more}
