"""The whole service as real processes: one command, restarts, one serve a data directory, a clean end."""

from __future__ import annotations

import http.client
import os
import re
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.failures import LOG
from services.office.office import open_office
from services.people.way_in import NO_PROVIDER
from services.records.tables import heartbeats
from services.settings import Settings
from tests.mailserver import free_port
from tests.served import Service
from tests.workers.conftest import NOW
from workers.valkey import Embedded, end_orphan, prepared

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 40.0


@pytest.fixture
def start(data: Path) -> Iterator[Callable[..., Service]]:
    """Starts services that are gone after the test."""
    services: list[Service] = []

    def started(*arguments: str, folder: Path = data) -> Service:
        services.append(Service(folder, *arguments, now=NOW.isoformat()))
        return services[-1]

    yield started
    for service in services:
        service.process.kill()
        with service.process:
            pass


def pulses(data: Path) -> dict[str, Any]:
    """The heartbeats by name."""
    with open_office(Settings(data=data)) as office, office.read() as tx:
        return {row.name: row for row in tx.conn.execute(select(heartbeats))}


def valkey_pid(data: Path) -> int:
    """The process id of the embedded Valkey."""
    return int((data / "valkey" / "valkey.pid").read_text())


def wait_for(what: Callable[[], bool]) -> None:
    """Waits until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def answers(port: int) -> bool:
    """Whether a page answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def alive(pid: int) -> bool:
    """Whether the process runs."""
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


def test_one_command_starts_keeps_alive_and_ends_everything(start: Callable[..., Service], data: Path) -> None:
    port = free_port()
    service = start("--port", str(port))
    assert service.first_line() == f"Fallverlauf läuft: http://127.0.0.1:{port}"
    wait_for(lambda: {"worker", "scheduler", "queue"} <= pulses(data).keys())
    assert {row.state for row in pulses(data).values()} == {"running"}

    second = start("--port", str(port))
    _, said = second.process.communicate(timeout=PATIENCE)
    assert second.process.returncode == 1
    assert said.strip() == (
        f"In {data} läuft Fallverlauf schon: bitte dort beenden oder FALLVERLAUF_DATA anders setzen."
    )

    killed = {name: pulses(data)[name].pid for name in ("worker", "scheduler")}
    for pid in (*killed.values(), valkey_pid(data)):
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: all(pulses(data)[name].pid != pid for name, pid in killed.items()))
    wait_for(lambda: pulses(data)["queue"].state == "running")
    assert answers(port)

    pids = [valkey_pid(data), *(row.pid for row in pulses(data).values())]
    status, said, seconds = service.end()
    assert status == 0
    assert said.splitlines()[-1] == "Fallverlauf ist beendet."
    assert seconds < 10
    assert not [pid for pid in pids if alive(pid)]
    assert not answers(port)


@pytest.mark.parametrize("seconds", [0.0, 0.4, 0.8, 1.6])
def test_told_to_end_while_it_prepares_or_goes_on_as_the_keeper_it_ends_as_always(
    start: Callable[..., Service], data: Path, seconds: float
) -> None:
    service = start("--port", "0")
    wait_for((data / LOG).exists)  # it has been listening to signals for a while
    time.sleep(seconds)
    status, said, _ = service.end(signal.SIGTERM)
    assert (status, said.splitlines()[-1]) == (0, "Fallverlauf ist beendet.")


def test_a_taken_port_is_said_and_the_next_one_used(start: Callable[..., Service]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        service = start("--port", str(port))
        address = service.first_line()
        status, said, _ = service.end(signal.SIGTERM)
    used = int(address.rpartition(":")[2])
    assert used > port
    assert f"Port {port} ist belegt, Fallverlauf nimmt {used}." in said
    assert status == 0


def test_make_run_takes_the_port_the_readme_names() -> None:
    named = re.search(r"`make (run PORT=([0-9]+))`", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert named is not None
    for words, port in ((named[1], ["--port", named[2]]), ("run", [])):
        make = ["make", "--dry-run", "--no-print-directory", *words.split()]
        said = subprocess.run(make, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        assert shlex.split(said.splitlines()[-1])[1:] == ["serve", "--demo", *port]


def test_what_a_killed_serve_leaves_behind_ends_and_the_next_one_starts(
    start: Callable[..., Service], data: Path
) -> None:
    service = start("--port", "0")
    service.first_line()
    wait_for(lambda: {"worker", "scheduler"} <= pulses(data).keys())
    children = [row.pid for row in pulses(data).values()]
    valkey = valkey_pid(data)
    service.process.kill()
    service.process.communicate()
    wait_for(lambda: not [pid for pid in children if alive(pid)])
    assert alive(valkey)
    again = start("--port", "0")
    assert again.first_line().startswith("Fallverlauf läuft")
    assert not alive(valkey)
    assert again.end()[0] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--host", "0.0.0.0", "--demo"], "Auf 0.0.0.0 wird nicht gestartet"),
        (["--host", "203.0.113.9"], "Auf 203.0.113.9 wird nicht gestartet"),
    ],
)
def test_it_refuses_with_one_sentence_and_builds_nothing(
    start: Callable[..., Service], tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    service = start(*arguments, folder=tmp_path / "other")
    _, said = service.process.communicate(timeout=PATIENCE)
    assert service.process.returncode == 1
    assert said.startswith(sentence)
    assert len(said.strip().splitlines()) == 1
    assert not (tmp_path / "other").exists()


def test_an_empty_folder_is_served_on_this_machine_and_says_how_to_come_in(
    start: Callable[..., Service], tmp_path: Path
) -> None:
    service = start("--port", "0", folder=tmp_path / "other")
    assert service.process.stdout is not None
    lines = [service.process.stdout.readline().strip() for _ in range(4)]
    assert lines[0].startswith("Fallverlauf läuft: http://127.0.0.1:")
    assert lines[1].startswith(NO_PROVIDER)
    assert "invite KENNUNG --first" in lines[2]
    assert service.end()[0] == 0


def test_valkey_keeps_its_socket_to_itself_and_ends_only_its_own_orphan(tmp_path: Path) -> None:
    folder = tmp_path / ("long-" * 20) / "valkey"
    server = Embedded(prepared(folder))
    server.start()
    try:
        assert server.running
        assert len(server.url) < 110
        stranger = tmp_path / "stranger"
        stranger.mkdir()
        (stranger / "valkey.pid").write_text(str(os.getpid()))
        assert not end_orphan(stranger / "valkey.pid", stranger)
    finally:
        server.stop()
    assert not server.running


def test_only_a_named_proxy_says_where_somebody_comes_from(
    start: Callable[..., Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FALLVERLAUF_TRUSTED_PROXIES", "192.0.2.1")  # somewhere else
    monkeypatch.setenv("FALLVERLAUF_METRICS_TOKEN", "wort")
    port = free_port()
    service = start("web", "--port", str(port))
    until = time.monotonic() + PATIENCE
    while (answer := status(port, "/healthz", "198.51.100.1")) != 200:
        assert (answer, service.process.poll()) == (None, None)
        assert time.monotonic() < until
        time.sleep(0.2)
    answers = [status(port, "/metrics", f"198.51.100.{at}") for at in range(21)]
    assert answers == [403] * 20 + [429]


def status(port: int, path: str, forwarded_for: str) -> int | None:
    """How an address answers to somebody who says to come from there; nothing while nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={"X-Forwarded-For": forwarded_for})
        return connection.getresponse().status
    except ConnectionRefusedError:
        return None
    finally:
        connection.close()
