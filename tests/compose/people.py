"""Who works and who is looked after in the run: the directory, two cases, and people who log in at a provider."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, expect

from domain.periods import BERLIN, latest_start
from tests.browser.story import Someone
from tests.compose.house import House

GROUPS = {"ja-1": "/amt/56.4/ja", "tl-1": "/amt/56.4/leitung"}
WORKER, LEAD = "ja-1", "tl-1"
NAMES = {WORKER: "Meike Lindner", LEAD: "Sabine Rust"}
CASES = ("C-1", "C-2")


def facts() -> Iterator[dict[str, Any]]:
    """The unit, two people with mail and role, and cases whose six months in the Jobakademie are full today."""
    since = latest_start(dt.datetime.now(BERLIN).date(), 6).isoformat()
    yield {"unit": "56.4", "fact": "unit-opened", "on": "2020-01-01", "data": {"name": "Duderstadt"}}
    for person, role in ((WORKER, "job_academy"), (LEAD, "unit_lead")):
        known = {"name": NAMES[person], "mail": f"{person}@jobcenter.example"}
        yield {"person": person, "fact": "person-added", "on": "2020-01-01", "data": known}
        yield {"person": person, "fact": "role-assigned", "on": "2020-01-01", "data": {"role": role, "unit": "56.4"}}
    for case in CASES:
        care = {"worker": WORKER, "unit": "56.4", "area": "jobakademie"}
        yield {"case": case, "fact": "case-opened", "on": since, "data": {"unit": "56.4"}}
        yield {"case": case, "fact": "responsibility-assigned", "on": since, "data": care}
        yield {"case": case, "fact": "strategy-bar-set", "on": since, "data": {"strategy": "integration"}}


class Member(Someone):
    """Somebody who logs in at the provider, whose certificate is signed by the house."""

    def __init__(self, browser: Browser, house: House, user: str) -> None:
        super().__init__(browser, house, user, ignore_https_errors=True)

    def enters(self, name: str) -> None:
        """There and back."""
        self.click("Über den Anmeldedienst anmelden")
        self.page.get_by_placeholder("sub").fill(name)
        self.page.get_by_role("button", name="Authorize").click()

    def asks_for_more_time(self, case: str) -> None:
        """Answers the message about a case with a request."""
        self.click("Verlängerung beantragen", self.task(case, "Überprüfung"))
        self.ticks("sonstiges")
        self.answers("Was ist mit „sonstiges“ gemeint?", "Qualifizierung läuft noch")
        self.writes("Kurze Erläuterung vom Sachverhalt?", "Der Lehrgang endet bald, eine Stelle ist zugesagt.")
        self.writes("Begründung der Entscheidung?", "Mit dem Abschluss gelingt die Aufnahme der Arbeit.")
        self.dialogue.get_by_role("button", name="3 Monate:").click()
        self.sees("Das ändert sich")
        self.click("Verlängerung beantragen", self.dialogue)
        expect(self.dialogue).to_have_count(0)  # saved; what other cases say stands on the page already
        self.sees("Verlängerung beantragt bis")

    def approves(self, case: str) -> None:
        """A lead says yes on the page Team."""
        self.opens("/team")
        expect(self.task(case)).to_contain_text("eine Stelle ist zugesagt")
        self.task(case).get_by_role("button", name="Zustimmen bis").click()
        self.sees("Das ändert sich")
        self.click("Zustimmen", self.task(case))
        expect(self.dialogue).to_have_count(0)
        self.sees("Verlängerung zugestimmt bis")
