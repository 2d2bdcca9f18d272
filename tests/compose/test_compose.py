"""The whole service in its containers: started once, locked down, from the log-in to the answer, and through faults."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.chaos.servers import wait_for
from tests.compose.house import OURS, PROJECT, SERVICES, House, name
from tests.compose.people import CASES, GROUPS, LEAD, NAMES, WORKER, Member, facts

Figures = dict[str, float]
INSIDE = """
import json, os, pathlib
status = dict(line.split(":", 1) for line in pathlib.Path("/proc/1/status").read_text().splitlines())
def writes(place):
    try:
        pathlib.Path(place, "probe").write_text("x")
    except OSError as error:
        return error.strerror
    return "written"
print(json.dumps({
    "uid": sorted(set(status["Uid"].split())), "gid": sorted(set(status["Gid"].split())),
    "rights": status["CapEff"].strip(), "no_new": status["NoNewPrivs"].strip(),
    "places": {place: writes(place) for place in ("/", "/app", "/etc", "/usr/bin", "/var")},
}))
"""


@pytest.fixture(scope="module")
def town(house: House) -> House:
    """The service with its people, known to the provider, and its cases."""
    for user, group in GROUPS.items():
        house.person(user, group)
    told = list(facts())
    answer = house.imports(told)
    assert (answer["added"], answer["rejected"]) == (len(told), [])
    return house


@pytest.fixture
def enter(browser: Browser, town: House) -> Iterator[Callable[[str], Member]]:
    """Lets somebody log in."""
    people: list[Member] = []

    def entered(user: str) -> Member:
        people.append(Member(browser, town, user))
        return people[-1]

    yield entered
    for one in people:
        one.context.close()
        assert one.mishaps == []


def test_migrate_ran_once_while_the_others_waited_for_it(house: House) -> None:
    (found,) = json.loads(house.podman.run("inspect", name("migrate")))
    assert (found["State"]["Status"], found["State"]["ExitCode"], found["RestartCount"]) == ("exited", 0, 0)
    assert "Die Tabellen sind auf dem neuesten Stand." in house.said("migrate")
    for service in OURS:
        (found,) = json.loads(house.podman.run("inspect", name(service)))
        assert (found["State"]["Status"], found["RestartCount"]) == ("running", 0), house.said(service)


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_runs_without_rights_as_a_number_on_a_root_it_cannot_write(house: House, service: str) -> None:
    number = "10001" if service in OURS else "999"
    found = json.loads(house.podman.run("exec", name(service), "/app/bin/python", "-c", INSIDE))
    assert (found["uid"], found["gid"]) == ([number], [number])
    assert (int(found["rights"], 16), found["no_new"]) == (0, "1")
    assert set(found["places"].values()) == {"Read-only file system"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_tells_its_health(house: House, service: str) -> None:
    house.well()
    assert house.podman.status("healthcheck", "run", name(service)) == 0


def test_no_secret_is_in_an_image_or_in_what_was_said(house: House) -> None:
    told = house.podman.run("image", "inspect", "localhost/fallverlauf")
    told += house.podman.run("image", "history", "--no-trunc", "localhost/fallverlauf")
    told += "".join(house.said(service) for service in (*OURS, "migrate"))
    told += house.podman.run("exec", name("web"), "cat", "/data/fallverlauf.log")
    assert [key for key, secret in house.secrets.items() if secret in told] == []
    listed = house.podman.run("exec", name("web"), "stat", "--format", "%n %a %u", "/keys", "/keys/master.key")
    assert listed.splitlines() == ["/keys 700 10001", "/keys/master.key 600 10001"]


def test_from_the_log_in_to_the_approved_extension_and_its_mails(
    town: House, enter: Callable[[str], Member], figures: Figures
) -> None:
    case, begun = CASES[0], time.monotonic()
    worker = enter(WORKER)
    figures["log-in through the provider, in a browser"] = time.monotonic() - begun
    wait_for(lambda: due(town, case), "the six months to be due")
    worker.opens("/")
    worker.asks_for_more_time(case)
    lead = enter(LEAD)
    lead.approves(case)
    worker.opens("/")
    expect(worker.task(case)).to_contain_text(f"{NAMES[LEAD]} hat der Verlängerung zugestimmt")
    wait_for(lambda: mails(town, case) == {WORKER: 1, LEAD: 1}, "one mail to each")
    assert not due(town, case)
    figures["story: message, request, approval, mails"] = time.monotonic() - begun


def test_without_valkey_people_work_on_and_with_it_what_waited_is_done(
    town: House, enter: Callable[[str], Member], figures: Figures
) -> None:
    case = CASES[1]
    worker, lead = enter(WORKER), enter(LEAD)
    town.stop("valkey")
    begun = time.monotonic()
    down = town.part("queue", "down")
    figures["Valkey stopped, until /healthz says so"] = time.monotonic() - begun
    worker.asks_for_more_time(case)
    lead.approves(case)
    worker.opens("/")
    expect(worker.task(case)).to_contain_text(f"{NAMES[LEAD]} hat der Verlängerung zugestimmt")
    assert town.part("queue", "down")["since"] == down["since"]
    assert mails(town, case) == {WORKER: 0, LEAD: 0}
    assert town.healthz()[1]["outbox"]["waiting"] == 2
    town.start("valkey")
    begun = time.monotonic()
    town.well()
    wait_for(lambda: town.healthz()[1]["outbox"]["waiting"] == 0, "the outbox to be empty")
    wait_for(lambda: mails(town, case) == {WORKER: 1, LEAD: 0}, "the answer; a request that is decided needs no mail")
    figures["Valkey started, until what waited is mailed"] = time.monotonic() - begun


def test_without_postgresql_the_pages_say_so_and_come_back(town: House, figures: Figures) -> None:
    kept = json.loads(town.fallverlauf("verify", "--format", "json"))
    town.stop("postgres")
    status, answer = wait_for(lambda: (one := town.healthz())[0] == 503 and one, "the database to be missed")
    assert (status, answer["database"]) == (503, "down")
    assert town.podman.status("healthcheck", "run", name("web")) != 0
    town.start("postgres")
    begun = time.monotonic()
    town.well()
    figures["PostgreSQL started, until everything works"] = time.monotonic() - begun
    again = json.loads(town.fallverlauf("verify", "--format", "json"))
    assert (again["ok"], again["facts"]) == (True, kept["facts"])


def test_every_process_ends_when_told_and_comes_back(house: House, figures: Figures) -> None:
    house.well()
    for service in OURS:
        figures[f"stop {service}"] = seconds = house.stop(service)
        assert seconds < 8, service
        house.start(service)
    house.well()


def test_a_backup_comes_back_into_an_empty_database_as_the_docs_say(town: House, figures: Figures) -> None:
    town.well()
    facts, lanes = town.says("verify")["facts"], town.says("timeline", CASES[0])["lanes"]
    town.fallverlauf("backup", "/backups/probe")
    town.compose("down")
    town.podman.run("volume", "rm", f"{PROJECT}_postgres")
    begun = time.monotonic()
    town.compose("run", "--rm", "-T", "migrate")
    town.compose("run", "--rm", "-T", "migrate", "restore", "/backups/probe")
    found = json.loads(town.compose("run", "--rm", "-T", "migrate", "verify", "--format", "json"))
    assert (found["ok"], found["facts"]) == (True, facts)
    town.compose("up", "--detach", "--no-build")
    town.well()
    figures["from an empty database to restored and up"] = time.monotonic() - begun
    assert town.says("timeline", CASES[0])["lanes"] == lanes


def due(house: House, case: str) -> list[str]:
    """The stages that are due in a case."""
    return [f"{row['rule']} {row['stage']}" for row in house.says("due", "--case", case)["rows"]]


def mails(house: House, case: str) -> dict[str, int]:
    """How many single mails about a case each of the two has got."""
    return {
        person: sum(one.startswith(f"Fall {case}:") for one in house.letters(f"{person}@jobcenter.example"))
        for person in (WORKER, LEAD)
    }
