"""The main job from a recorded fact to an approved extension, played by real people's clicks on real processes."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests import mailserver
from tests.browser.story import Service, Someone, eventually

SECOND_LEAD = [
    {"person": "tl-2", "fact": "person-added", "data": {"name": "Anke Voss", "mail": "tl-2@jobcenter.example"}},
    {"person": "tl-2", "fact": "role-assigned", "data": {"role": "team_lead", "unit": "56.4"}},
]
Enter = Callable[..., Someone]


@pytest.fixture(scope="module")
def mail() -> Iterator[mailserver.MailServer]:
    """A real SMTP server that keeps what it gets."""
    with mailserver.running() as server:
        yield server


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, mail: mailserver.MailServer) -> Iterator[Service]:
    """The service with the demo, in which unit 56.4 has a second lead."""
    folder = tmp_path_factory.mktemp("story")
    service = Service(folder / "data", mailserver.free_port(), mail.url)
    service.start()
    service.says("import", lines(folder, SECOND_LEAD))
    yield service
    service.end()


@pytest.fixture
def enter(browser: Browser, service: Service) -> Iterator[Enter]:
    """Lets somebody log in: `enter("Meike Lindner")`, also `scripts=False`."""
    people: list[Someone] = []

    def entered(name: str, *, scripts: bool = True) -> Someone:
        people.append(Someone(browser, service, name, scripts=scripts))
        return people[-1]

    yield entered
    for one in people:
        one.context.close()


def lines(folder: Path, facts: list[dict[str, Any]]) -> str:
    """A file with these facts, known since 2020."""
    path = folder / "facts.jsonl"
    path.write_text("\n".join(json.dumps({"on": "2020-01-01", **fact}) for fact in facts), encoding="utf-8")
    return str(path)


def about(mail: mailserver.MailServer, case: str, count: int) -> list[EmailMessage]:
    """The single mails about a case, once there are so many."""
    found = [letter for letter in mail.mails if letter["Subject"].startswith(f"Fall {case}:")]
    return found if len(found) >= count else []


def stages(service: Service, case: str) -> set[tuple[str, str]]:
    """What is due of a case."""
    return {(row["rule"], row["stage"]) for row in service.says("due", "--case", case)["rows"]}


def test_from_the_message_to_the_approved_extension(
    enter: Enter, service: Service, mail: mailserver.MailServer, record_property: Callable[[str, object], None]
) -> None:
    lead, other_lead = enter("Sabine Rust"), enter("Anke Voss")
    lead.sees("2 Anträge warten auf Ihre Entscheidung")
    before = stages(service, "C-2017")
    assert ("R-02", "limit") in before

    worker = enter("Meike Lindner")
    message = worker.task("Meier, Jana", "Überprüfung")
    expect(message).to_contain_text("Seit 6 Monaten in der Jobakademie. Die Regelzeit endete am 19.11.2026.")
    expect(message).to_contain_text("Warum? R-02")

    # she asks for an extension; in the middle the service is killed
    worker.begins_to_count()
    worker.click("Verlängerung beantragen", message)
    worker.ticks("sonstiges")
    worker.click("Weiter")
    worker.answers("Was ist mit „sonstiges“ gemeint?", "Qualifizierung läuft noch")
    worker.is_asked("Kurze Erläuterung vom Sachverhalt?")
    service.end(signal.SIGKILL)
    service.now = "2026-11-20T08:10:00+01:00"
    service.start()
    worker.answers("Kurze Erläuterung vom Sachverhalt?", "Der Lehrgang endet im Februar, eine Stelle ist zugesagt.")
    worker.answers("Begründung der Entscheidung?", "Mit dem Abschluss gelingt die Aufnahme der Arbeit.")
    worker.is_asked("Handlungsstrategie verlängert bis?")
    worker.opens("/")  # as on another device
    worker.sees("Schritt 5 von 5", "Qualifizierung läuft noch", "Der Lehrgang endet im Februar")
    worker.click("3 Monate: 20.02.2027")
    worker.sees("Das ändert sich")
    worker.click("Verlängerung beantragen", worker.page.locator(".talk"))
    worker.sees("Verlängerung beantragt bis 20.02.2027")
    record_property("clicks from message to request", worker.clicks)
    assert worker.clicks == 8

    # the leads get a message and one mail each, without a name
    for one, told in ((lead, "3 Anträge warten"), (other_lead, "Ein Antrag wartet")):
        one.opens("/")
        one.sees(f"{told} auf Ihre Entscheidung")
    letters = eventually(lambda: about(mail, "C-2017", 2))
    assert {letter["To"] for letter in letters} == {"fdl-1@jobcenter.example", "tl-2@jobcenter.example"}
    assert {letter["Subject"] for letter in letters} == {"Fall C-2017: Verlängerung zur Entscheidung"}
    assert len({letter["Message-ID"] for letter in letters}) == 2
    assert not [letter for letter in letters if "Meier" in letter.as_string() or "Lehrgang" in letter.as_string()]

    # both have the page open; one shortens and approves, the other reads who and when
    request = "Meier, Jana"
    for one in (lead, other_lead):
        one.opens("/team")
    lead.begins_to_count()
    waiting = lead.task(request)
    expect(waiting).to_contain_text("Handlungsstrategie verlängert bis: 20.02.2027")
    expect(waiting).to_contain_text("184 Tage")
    other_lead.click("Zustimmen bis 20.02.2027", other_lead.task(request))
    other_lead.sees("Das ändert sich")
    lead.click("Kürzer…", waiting)
    lead.answers("Zustimmen bis wann?", "31.1.")
    lead.sees("entfällt: Förderzeit Jobakademie (R-02)")
    lead.click("Zustimmen", waiting)
    lead.sees("Verlängerung zugestimmt bis 31.01.2027")
    record_property("clicks from request to approval", lead.clicks)
    assert lead.clicks == 3
    other_lead.click("Zustimmen", other_lead.task(request))
    other_lead.sees("Sabine Rust", "20.11.2026 um 08:10 Uhr")

    # the worker is told without loading the page again; the case has followed
    worker.sees("Sabine Rust hat der Verlängerung zugestimmt, bis 31.01.2027.")
    assert not stages(service, "C-2017") & before
    worker.click("Fall öffnen", worker.task("Antwort", "Meier, Jana"))
    worker.sees("bis 31.01.2027", "durch Sabine Rust")
    worker.click("Textbaustein")
    worker.click("Text kopieren")
    worker.sees("Kopiert")
    assert "zugestimmt durch die Führungskraft: Sabine Rust, 20.11.2026" in worker.clipboard()
    worker.opens("/fall/C-2017?datenstand=2026-11-19")
    worker.sees("was am 19.11.2026")
    worker.sees_no("31.01.2027")

    # a mis-click costs nothing
    lead.click("Rückgängig")
    lead.opens("/team")
    expect(lead.task(request)).to_contain_text("Beantragt bis")
    assert stages(service, "C-2017") == before
    worker.opens("/fall/C-2017")
    worker.sees_no("31.01.2027")
