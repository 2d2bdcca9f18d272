"""Many processes at once on an empty database, and what `/healthz` says while parts of the service are gone."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
from typing import Any

from services.messages import mail
from services.office import office as opened
from services.office.health import machine_time
from services.records import values
from tests.chaos.house import ROOT, House
from tests.chaos.servers import PATIENCE, wait_for
from tests.mailserver import free_port

CREW = ("web", "web", "worker", "worker", "worker", "worker", "scheduler", "scheduler", "scheduler", "scheduler")


def mark_as_test_data(house: House) -> None:
    with house.office.write() as tx:
        opened.mark_test_data(tx)


def test_ten_at_once_migrate_an_empty_database_and_ten_at_once_serve_it(empty_house: House) -> None:
    house = empty_house
    command = [sys.executable, "-m", "fallverlauf", "migrate"]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    migrating = [subprocess.Popen(command, cwd=ROOT, env=house.environment, text=True, **quiet) for _ in range(10)]
    said = [one.communicate(timeout=PATIENCE)[1] for one in migrating]
    assert [one.returncode for one in migrating] == [0] * 10, said
    mark_as_test_data(house)
    house.environment["FALLVERLAUF_PUBLIC_ADDRESS"] = "https://fallverlauf.amt.example"
    ports = [free_port() for _ in range(2)]
    house.processes = {f"{kind}-{at}": house.part(kind, *ports[at : at + 1]) for at, kind in enumerate(CREW)}
    crew = [(process, process.keep()) for process in house.processes.values()]
    for port in ports:
        wait_for(lambda port=port: house.healthz(port)[0] == 200, "the pages")
    for part in ("worker", "scheduler", "queue"):
        wait_for(lambda part=part: house.healthz(ports[0])[1][part]["state"] == "running", part)
    with house.office.read() as tx:
        assert (
            values.value(tx.conn, mail.ADDRESS) == "https://fallverlauf.amt.example"
        )  # what links in mails begin with
    assert [process.keep() for process, _ in crew] == [pid for _, pid in crew], "none of them ended"
    assert {process.end() for process, _ in crew} <= {0, -signal.SIGTERM}  # the web server ends by its signal


def test_healthz_tells_what_is_down_since_when_and_that_it_is_back(empty_house: House) -> None:
    house = empty_house
    assert house.command("migrate").returncode == 0
    mark_as_test_data(house)
    house.keep()
    wait_for(lambda: states(house) == {"running"}, "everything to run")

    def falls(part: str, state: str) -> dict[str, Any]:
        found: dict[str, Any] = wait_for(
            lambda: (one := house.healthz()[1].get(part, {})).get("state") == state and one, f"{part} {state}"
        )
        return found

    begun = machine_time()
    house.valkey.kill()
    down = falls("queue", "down")
    assert begun - dt.timedelta(seconds=5) < dt.datetime.fromisoformat(down["since"])
    assert falls("queue", "down")["since"] == down["since"]
    house.valkey.start(lasting=False)
    falls("queue", "running")

    house.postgres.kill()
    status, first = wait_for(lambda: (one := house.healthz())[0] == 503 and one, "the database to be missed")
    assert (status, first["database"]) == (503, "down")
    assert house.healthz()[1]["since"] == first["since"]
    house.postgres.start()
    wait_for(lambda: house.healthz()[0] == 200, "the database to be back")

    gone = [house.processes.pop(name) for name in ("worker-1", "worker-2")]
    for worker in gone:
        worker.kill()
    silent = falls("worker", "silent")
    assert silent["since"] == silent["at"]
    house.processes["worker-1"] = gone[0]
    house.keep()
    assert falls("worker", "running")["since"] > silent["since"]
    wait_for(lambda: states(house) == {"running"}, "everything to run again")


def states(house: House) -> set[str]:
    answer = house.healthz()[1]
    return {answer.get(part, {}).get("state", "") for part in ("worker", "scheduler", "queue")}
