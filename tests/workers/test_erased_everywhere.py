"""After an erasure in a running service no file of it holds name, number or text of the erased case."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from domain.facts import Stream
from services.office.office import open_office
from services.operations import checkpoints, erasure
from services.settings import Settings
from tests.conftest import NOW
from tests.mailserver import free_port
from tests.served import Visit
from tests.services import keeping
from tests.services.keeping import CASE, SECRETS, WORKER
from workers.scheduler import Scheduler

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with a case that tells who somebody is."""
    folder = tmp_path / "data"
    with open_office(Settings(data=folder, fixed_now=NOW)) as office:
        keeping.fill(office)
    return folder


@pytest.fixture
def service(data: Path) -> Iterator[str]:
    """The address of the whole service, running on this data directory."""
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "fallverlauf", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment(data),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline().strip() == f"Fallverlauf läuft: http://127.0.0.1:{port}"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.communicate(timeout=40)


def environment(data: Path) -> dict[str, str]:
    return {**os.environ, "FALLVERLAUF_DATA": str(data), "FALLVERLAUF_NOW": NOW.isoformat()}


def command(data: Path, *arguments: str) -> str:
    """What a command prints."""
    words = [sys.executable, "-m", "fallverlauf", *arguments]
    return subprocess.run(words, cwd=ROOT, env=environment(data), check=True, capture_output=True, text=True).stdout


def held(data: Path) -> dict[str, list[str]]:
    """The files of the data directory that hold one of the secrets, and which."""
    contents = {path: path.read_bytes().lower() for path in data.rglob("*") if path.is_file()}
    assert any(path.name.endswith("-wal") for path in contents)
    found = {path.name: [one for one in SECRETS if one.lower().encode() in whole] for path, whole in contents.items()}
    return {name: secrets for name, secrets in found.items() if secrets}


def test_no_file_of_a_running_service_holds_who_was_erased(service: str, data: Path) -> None:
    visit = Visit(service)
    visit.login(WORKER)
    assert "Ostermann" in visit.get(f"/fall/{CASE}").text
    visit.get("/faelle", suche="Ostermann")
    assert {CASE} <= {secret for secrets in held(data).values() for secret in secrets}
    code = json.loads(command(data, "erase", CASE, "--format", "json"))["replaced_by"]
    for kind in ((), ("--with-text",)):
        command(data, "export", "--as", "jsonl", str(data / f"export{len(kind)}.jsonl"), *kind)
    assert code in (data / "export1.jsonl").read_text(encoding="utf-8")
    assert visit.get(f"/fall/{CASE}").status_code == 403
    assert code in visit.get(f"/fall/{code}").text
    assert visit.get("/").status_code == 200
    visit.close()
    assert held(data) == {}


def test_the_scheduler_clears_what_an_interrupted_erasure_left_in_the_files(data: Path, redis: Redis) -> None:
    with open_office(Settings(data=data, fixed_now=NOW)) as office:
        with office.write() as tx:
            key = office.store.keys(tx.conn, Stream.CASE, [CASE])[CASE]
            erasure.erase_in(tx, key, CASE, office.now())
        assert held(data) != {}
        Scheduler(office, redis).look(office.now())
        assert held(data) == {}


def test_the_scheduler_bears_witness_once_a_day(data: Path, redis: Redis) -> None:
    with open_office(Settings(data=data, fixed_now=NOW)) as office:
        scheduler = Scheduler(office, redis)
        for _ in range(2):
            scheduler.look(office.now())
        assert len(office.settings.checkpoints.read_bytes().splitlines()) == 1
        assert checkpoints.verify(office, office.settings.checkpoints)["ok"] is True
        office.settings.checkpoints.write_bytes(b"x\n")
    with open_office(Settings(data=data, fixed_now=NOW.replace(day=11))) as office:
        Scheduler(office, redis).look(office.now())  # a damaged file keeps nothing else from being done
