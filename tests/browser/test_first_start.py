"""The first start as docs/einfuehrung/erster-start.md tells it: from an empty folder to the first extension."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, expect

from domain.periods import BERLIN
from services.exchange.profiles import at_hand
from tests.browser.story import PATIENCE, Someone
from tests.served import ROOT, Service

EXAMPLES = at_hand.SHIPPED / "beispiele"
FILES = ("einheiten", "personal", "klienten", "zustaendigkeiten", "balken")
CLIENT, CASE = "Musterfrau, Erika", "C-9001"
Invite = Callable[..., str]


class Address(NamedTuple):
    """Where the pages are."""

    address: str


class Invited(Someone):
    """Somebody who comes in by a one-time link."""

    def enters(self, name: str) -> None:
        """Opens the link; its token goes into the field, and the button sends it."""
        self.page.goto(name)
        self.page.get_by_role("button", name="Anmelden").click()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An empty folder."""
    return tmp_path / "var"


@pytest.fixture
def served(data: Path) -> Iterator[Address]:
    """`serve` on the empty folder, with the wall clock and without a provider."""
    service = Service(data, "--port", "0", said=subprocess.DEVNULL)
    try:
        yield Address(service.first_line().partition(": ")[2])
    finally:
        service.end()


@pytest.fixture
def invite(data: Path) -> Invite:
    """What the command prints for a person."""

    def invited(person: str, *options: str) -> str:
        command = [sys.executable, "-m", "fallverlauf", "invite", person, *options, "--format", "json"]
        environment = {**os.environ, "FALLVERLAUF_DATA": str(data), "FALLVERLAUF_NOW": ""}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        link: str = json.loads(done.stdout)["link"]
        return link

    return invited


def reads_in(edv: Someone, name: str) -> None:
    """EDV hands in an example file, has it checked, looks and imports it."""
    edv.opens("/einlesen")
    edv.page.get_by_label("CSV, XLSX oder JSONL").set_input_files(EXAMPLES / f"{name}.csv")
    edv.click("Hochladen")
    edv.page.locator(f"input[name=profil][value={name}]").check()
    edv.click("Prüfen")
    edv.sees("Das würde geschehen", "keine abgelehnt")
    edv.click("Einlesen", edv.page.locator("section", has_text="Das würde geschehen"))
    expect(edv.page.get_by_role("heading", name="Eingelesen", exact=True)).to_be_visible(timeout=PATIENCE * 1000)


def requests(worker: Someone) -> None:
    """A worker asks for an extension at the case."""
    worker.opens(f"/fall/{CASE}")
    worker.sees(CLIENT)
    worker.click("Verlängerung beantragen")
    worker.ticks("sonstiges")
    worker.answers("Was ist mit „sonstiges“ gemeint?", "Qualifizierung läuft noch")
    worker.writes("Kurze Erläuterung vom Sachverhalt?", "Der Lehrgang endet bald, eine Stelle ist zugesagt.")
    worker.writes("Begründung der Entscheidung?", "Mit dem Abschluss gelingt die Aufnahme der Arbeit.")
    worker.page.locator("button", has_text="3 Monate: ").click()
    worker.sees("Der Antrag geht zur Entscheidung an")
    worker.click("Verlängerung beantragen", worker.dialogue)
    worker.sees("Verlängerung beantragt bis ")


def test_from_the_empty_folder_to_the_first_approved_extension(
    browser: Browser, served: Address, invite: Invite
) -> None:
    with ExitStack() as stack:

        def enters(person: str, *options: str) -> Someone:
            someone = Invited(browser, served, invite(person, *options))
            stack.callback(someone.context.close)
            return someone

        edv = enters("edv-1", "--first")
        edv.opens("/")
        edv.sees("Was noch fehlt", "Noch ist keine Einheit angelegt.")
        expect(edv.page.get_by_text("Probebetrieb ohne Anmeldedienst")).to_be_visible()
        for name in FILES:
            reads_in(edv, name)
        edv.opens("/einrichten")
        edv.sees("1 Einheit, jede mit einer Leitung.", "3 von 7 Schritten erledigt")
        requests(worker := enters("muster-1"))
        lead = enters("muster-3")
        lead.opens("/team")
        lead.task(CLIENT).get_by_role("button", name="Zustimmen bis").click()
        lead.sees("Das ändert sich")
        lead.click("Zustimmen", lead.task(CLIENT))
        lead.sees("Verlängerung zugestimmt bis ")
        worker.opens(f"/fall/{CASE}")
        worker.sees("durch Muster, Ines (Probebetrieb)", f"{dt.datetime.now(BERLIN):%d.%m.%Y}")
        for one in (edv, worker, lead):
            assert one.mishaps == []
