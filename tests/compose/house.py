"""The service as docker-compose.yml describes it, started with podman-compose: its containers, people and mails."""

from __future__ import annotations

import json
import mailbox
import ssl
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
import trustme

from tests.chaos.servers import wait_for
from tests.compose.podman import HERE, ROOT, Podman
from tests.mailserver import free_port

PROJECT = "fallverlauf-probe"
LOGIN = "login.localhost"  # browsers hold every name under localhost for this machine
OURS = ("web", "worker", "scheduler")
SERVICES = (*OURS, "postgres", "valkey")
PATIENCE = 120.0


class House:
    """Everything of one run, in containers; passwords and certificates are made for it alone."""

    def __init__(self, folder: Path, podman: Podman) -> None:
        self.folder = folder
        self.podman = podman
        self.port, self.provider_port = free_port(), free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.secrets = {
            name: token_hex(16) for name in ("POSTGRES_PASSWORD", "VALKEY_PASSWORD", "FALLVERLAUF_OIDC_CLIENT_SECRET")
        }
        self.settings = self.secrets | {
            "WEB_PORT": str(self.port),
            "FALLVERLAUF_PUBLIC_ADDRESS": self.address,
            "FALLVERLAUF_SMTP": "smtp://mail:2525",
            "FALLVERLAUF_OIDC_ISSUER": f"https://{LOGIN}:{self.provider_port}",
            "FALLVERLAUF_OIDC_CLIENT_ID": "fallverlauf",
            "FALLVERLAUF_OIDC_ROLE_CLAIM": "realm_access.roles",
            "FALLVERLAUF_OIDC_ROLES": "/amt/56.4/leitung=unit_lead@56.4,/amt/56.4/ja=job_academy@56.4",
            "PROVIDER_PORT": str(self.provider_port),
            "RUN_FOLDER": str(folder),
        }
        self._prepare()

    def _prepare(self) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.folder / "house.pem")
        found = authority.issue_cert(LOGIN, "127.0.0.1")
        found.private_key_and_cert_chain_pem.write_to_path(self.folder / "provider.pem")
        for name in ("house.pem", "provider.pem"):
            (self.folder / name).chmod(0o644)  # whoever runs in the containers reads them
        (self.folder / "mails").mkdir(mode=0o777)
        (self.folder / "mails").chmod(0o777)
        lines = [f"{name}={value}\n" for name, value in self.settings.items()]
        self._env_file.touch(mode=0o600)
        self._env_file.write_text("".join(lines), encoding="utf-8")

    @property
    def _env_file(self) -> Path:
        return self.folder / "env"

    # --- the whole ---

    def compose(self, *words: str) -> str:
        """One command of podman-compose over both files."""
        files = ["--file", str(ROOT / "docker-compose.yml"), "--file", str(HERE / "docker-compose.yml")]
        command = [sys.executable, "-m", "podman_compose", "--project-name", PROJECT, "--env-file", str(self._env_file)]
        done = subprocess.run(
            [*command, *files, *words],
            cwd=ROOT, env=self.podman.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def fallverlauf(self, *words: str) -> str:
        """One command of the service, beside its pages."""
        return self.podman.run("exec", name("web"), "fallverlauf", *words)

    def says(self, *words: str) -> Any:
        """The same, and its answer."""
        return json.loads(self.fallverlauf(*words, "--format", "json"))

    def imports(self, facts: Iterable[Mapping[str, Any]]) -> Any:
        """Takes these facts in, through a file that is copied into the container."""
        path = self.folder / "facts.jsonl"
        path.write_text("\n".join(json.dumps(one) for one in facts), encoding="utf-8")
        command = ["podman", "exec", "--interactive", name("web"), "sh", "-c", "cat > /data/facts.jsonl"]
        with path.open("rb") as given:
            subprocess.run(command, stdin=given, env=self.podman.environment, check=True)
        return self.says("import", "/data/facts.jsonl")

    def healthz(self) -> tuple[int, dict[str, Any]]:
        """Status and answer of `/healthz`; (0, {}) when nobody answers."""
        try:
            answer = httpx.get(f"{self.address}/healthz", timeout=10)
            return answer.status_code, answer.json()
        except (httpx.HTTPError, ValueError):
            return 0, {}

    def part(self, which: str, state: str) -> dict[str, Any]:
        """Waits until `/healthz` says so of a part, with 200, and gives what it says."""

        def found() -> dict[str, Any]:
            status, answer = self.healthz()
            told: dict[str, Any] = answer.get(which, {})
            return told if status == 200 and told.get("state") == state else {}

        return dict(wait_for(found, f"{which} {state}", PATIENCE))

    def well(self) -> None:
        """Waits until everything works."""
        for which in ("worker", "scheduler", "queue"):
            self.part(which, "running")

    # --- one container ---

    def stop(self, service: str) -> float:
        """Stops a container; in how many seconds."""
        begun = time.monotonic()
        self.podman.run("stop", "--time", "30", name(service))
        return time.monotonic() - begun

    def start(self, service: str) -> None:
        """Starts it again."""
        self.podman.run("start", name(service))

    def said(self, service: str) -> str:
        """What a container has written."""
        done = subprocess.run(
            ["podman", "logs", name(service)], env=self.podman.environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    # --- people ---

    def person(self, user: str, *groups: str) -> None:
        """Makes somebody known to the provider."""
        claims = {"preferred_username": user, "roles_of_access_token": list(groups)}
        address = f"https://127.0.0.1:{self.provider_port}/users/{user}"
        trusted = ssl.create_default_context(cafile=str(self.folder / "house.pem"))
        httpx.put(address, json=claims, verify=trusted).raise_for_status()

    def letters(self, to: str) -> list[str]:
        """The subjects of the mails that somebody has got."""
        box = mailbox.Maildir(self.folder / "mails" / "box")
        return [str(one["Subject"]) for one in box if one["To"] == to]


def name(service: str) -> str:
    """The container of a service."""
    return f"{PROJECT}_{service}_1"
