"""What no linter says of the containers: who runs in them, what they may write, how their health is told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

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


def test_no_secret_has_a_value_here_and_none_can_get_into_the_image() -> None:
    for service in COMPOSE["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|DATABASE", name):
                assert re.search(r"\$\{\w+:\?", value), name
    assert not re.search(r"(?i)password|secret|token", IMAGE)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert next(line for line in ignored if not line.startswith("#")) == "*"
