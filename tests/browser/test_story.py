"""The main job from a recorded fact to an approved extension, played on real processes in a real browser."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from domain.rules import RULES
from tests import mailserver
from tests.browser.story import Service, Someone, eventually

SECOND_LEAD = [
    {"person": "tl-2", "fact": "person-added", "data": {"name": "Anke Voss", "mail": "tl-2@jobcenter.example"}},
    {"person": "tl-2", "fact": "role-assigned", "data": {"role": "team_lead", "unit": "56.4"}},
]
ASKED, SHORTENED = "20.02.2027", "31.01.2027"
Enter = Callable[..., Someone]
Note = Callable[[str, object], None]


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
        assert one.mishaps == []


def lines(folder: Path, facts: list[dict[str, Any]]) -> str:
    """A file with these facts, true since 2020."""
    path = folder / "facts.jsonl"
    path.write_text("\n".join(json.dumps({"on": "2020-01-01", **fact}) for fact in facts), encoding="utf-8")
    return str(path)


def due(service: Service, case: str) -> set[tuple[str, str]]:
    """The rules and stages that are due in a case and told singly, as shipped."""
    rows = service.says("due", "--case", case)["rows"]
    return {(row["rule"], row["stage"]) for row in rows if RULES[row["rule"]].state == "on"}


def extensions(service: Service, case: str) -> list[list[str]]:
    """From when to when the case is extended."""
    return [[one["from"], one["to"]] for one in service.says("timeline", case)["lanes"]["extensions"]]


def letters(mail: mailserver.MailServer, case: str, count: int) -> list[EmailMessage]:
    """The single mails about a case, once there are so many."""

    def arrived() -> list[EmailMessage]:
        found = [letter for letter in mail.mails if letter["Subject"].startswith(f"Fall {case}:")]
        return found if len(found) >= count else []

    return eventually(arrived)


# --- the chapters ---


def asks(worker: Someone, client: str, meanwhile: Callable[[], None] = lambda: None) -> None:
    """A worker answers the message about a client with a request; `meanwhile` happens between two answers."""
    worker.unfolds(client, "Überprüfung")
    worker.clicks = 0
    worker.click("Verlängerung beantragen", worker.task(client, "Überprüfung"))
    worker.ticks("sonstiges")
    worker.answers("Was ist mit „sonstiges“ gemeint?", "Qualifizierung läuft noch")
    worker.is_asked("Kurze Erläuterung vom Sachverhalt?")
    meanwhile()
    worker.writes("Kurze Erläuterung vom Sachverhalt?", "Der Lehrgang endet im Februar, eine Stelle ist zugesagt.")
    worker.writes("Begründung der Entscheidung?", "Mit dem Abschluss gelingt die Aufnahme der Arbeit.")
    worker.is_asked("Handlungsstrategie verlängert bis?")
    worker.click(f"3 Monate: {ASKED}")
    worker.sees("Der Antrag geht zur Entscheidung an", "Das ändert sich")
    worker.click("Verlängerung beantragen", worker.dialogue)
    worker.sees(f"Verlängerung beantragt bis {ASKED}")


def shortens_and_approves(lead: Someone, client: str) -> None:
    """A lead on the page Team reads the text module and the clocks, and approves for a shorter time."""
    lead.clicks = 0
    request = lead.task(client)
    for words in (f"Handlungsstrategie verlängert bis: {ASKED}", "eine Stelle ist zugesagt", "Laut Balken"):
        expect(request).to_contain_text(words)
    lead.click("Kürzer…", request)
    lead.answers("Zustimmen bis wann?", "31.1.")
    lead.sees("Das ändert sich")
    lead.click("Zustimmen", request)
    lead.sees(f"Verlängerung zugestimmt bis {SHORTENED}")


def reads_the_decision(worker: Someone) -> None:
    """The worker opens the case from the answer and copies the text block; what was known before can still be seen."""
    worker.click("Fall öffnen", worker.task("Antwort", "Meier, Jana"))
    worker.sees(f"bis {SHORTENED}", "durch Sabine Rust")
    worker.click("Textbaustein")
    worker.click("Text kopieren")
    worker.sees("Kopiert")
    assert "zugestimmt durch die Führungskraft: Sabine Rust, 20.11.2026" in worker.clipboard()
    worker.opens("/fall/C-2017?datenstand=2026-11-19")
    worker.sees("am Ende des 19.11.2026")
    worker.sees_no(SHORTENED)


# --- the stories ---


def test_from_the_message_to_the_approved_extension(
    enter: Enter, service: Service, mail: mailserver.MailServer, record_property: Note
) -> None:
    client = "Meier, Jana"
    before = due(service, "C-2017")
    worker, lead, other_lead = enter("Meike Lindner"), enter("Sabine Rust"), enter("Anke Voss")
    first = worker.page.locator("li.task").first  # the most urgent one is unfolded and offers what the README says
    expect(first.locator(".task__body").get_by_role("button", name="Verlängerung beantragen")).to_be_visible()
    worker.unfolds(client, "Überprüfung")
    expect(worker.task(client)).to_contain_text("Seit 6 Monaten in der Jobakademie. Die Regelzeit endete am 19.11.2026")
    expect(worker.task(client)).to_contain_text("R-02 Förderzeit Jobakademie")

    def the_service_dies() -> None:
        service.end(signal.SIGKILL)
        service.now = "2026-11-20T08:10:00+01:00"
        service.start()
        worker.opens("/")  # as on another device
        worker.sees("Schritt 2 von 2", "Qualifizierung läuft noch")

    asks(worker, client, meanwhile=the_service_dies)
    record_property("clicks from message to request", worker.clicks)
    assert worker.clicks == 5

    for one in (lead, other_lead):  # whoever leads the unit today decides, also what was asked before she came
        expect(one.task(client)).to_contain_text("Zustimmen")  # on Team, by itself, live
    sent = letters(mail, "C-2017", 2)
    assert sorted(letter["To"] for letter in sent) == ["fdl-1@jobcenter.example", "tl-2@jobcenter.example"]
    assert {letter["Subject"] for letter in sent} == {"Fall C-2017: Verlängerung zur Entscheidung"}
    assert len({letter["Message-ID"] for letter in sent}) == 2
    assert not [letter for letter in sent if "Meier" in str(letter) or "Lehrgang" in str(letter)]

    other_lead.click(f"Zustimmen bis {ASKED}", other_lead.task(client))
    other_lead.sees("Das ändert sich")
    shortens_and_approves(lead, client)
    record_property("clicks from request to approval", lead.clicks)
    assert lead.clicks == 3
    other_lead.click("Zustimmen", other_lead.task(client))
    other_lead.sees("Sabine Rust", "20.11.2026 um 08:10 Uhr")

    worker.sees(f"Sabine Rust hat der Verlängerung zugestimmt, bis {SHORTENED}.")
    assert letters(mail, "C-2017", 3)[-1]["To"] == "ja-1@jobcenter.example"
    assert not due(service, "C-2017") & before
    assert extensions(service, "C-2017") == [["2026-11-20", "2027-01-31"]]
    reads_the_decision(worker)

    lead.click("Rückgängig")
    lead.opens("/team")
    expect(lead.task(client)).to_contain_text(f"bis Sa., {ASKED}")
    assert due(service, "C-2017") == before
    worker.opens("/fall/C-2017")
    worker.reads_no(SHORTENED)
    worker.click("2 Berichtigungen und Rücknahmen")  # what was taken back stays readable: who, when, why
    expect(worker.page.locator("details[open]").filter(has_text="Verlängerung: zugestimmt")).to_contain_text(
        f"Bis: {SHORTENED}, Führungskraft: Sabine Rust · Grund: Rückgängig gemacht"
    )


def test_a_case_as_it_stood_on_a_day_long_past(enter: Enter) -> None:
    worker = enter("Tobias Kern")
    worker.searches("C-1001")
    worker.page.get_by_role("textbox", name="Stichtag").fill("10.03.2020")
    worker.click("Anzeigen")
    worker.sees("laut Balken 2 Jahre, 1 Monat (768 Tage)", "= bereinigt 585 Tage")


def test_request_and_approval_without_scripts(enter: Enter, service: Service) -> None:
    worker, lead = enter("Ines Hartung", scripts=False), enter("Stefan Ludwig", scripts=False)
    asks(worker, "Nguyen, Thi Lan")
    lead.opens("/team")
    shortens_and_approves(lead, "Nguyen, Thi Lan")
    worker.opens("/")
    worker.sees(f"Stefan Ludwig hat der Verlängerung zugestimmt, bis {SHORTENED}.")
    assert ("R-03", "limit") not in due(service, "C-4014")
    lead.click("Rückgängig")
    lead.sees("zurückgenommen")
    lead.opens("/team")
    lead.sees("Nguyen, Thi Lan")


def test_an_appointment_left_on_planned_is_closed_with_one_tap(enter: Enter, service: Service) -> None:
    worker = enter("Anna Brandt")
    worker.unfolds("noch auf „geplant“")
    assert ("R-14", "status") in due(service, "C-2003")
    for what, said in (("erschienen", ": erschienen"), ("abgesagt", ": abgesagt")):
        worker.click(what, worker.page.locator("li.appointment", has_text="Czerny, Pawel").first)
        worker.sees(said)
    assert due(service, "C-2003") == set()


def test_alg_1_recorded_by_intake_ends_the_bar_and_tells_the_case_manager(enter: Enter, service: Service) -> None:
    worker, intake = enter("Anna Brandt"), enter("Petra Hoffmeister")
    intake.searches("C-2001")
    intake.click("ALG I")
    intake.click("Weiter: was ändert sich?")
    intake.sees("Das wird eingetragen", "Das ändert sich")
    intake.click("Speichern")
    intake.sees("Eingetragen: ALG I")
    worker.sees("ALG I ab dem 20.11.2026: Der Balken „keine Handlungsstrategie ALG I“ ist gesetzt.")  # by itself, live
    worker.click("Fall öffnen", worker.task("Hinweis", "C-2001"))
    ended = worker.page.get_by_role("row", name="Balken beendet").first
    expect(ended).to_contain_text("19.11.2026")
    expect(ended).to_contain_text("automatisch (ALG I)")
    assert service.says("timeline", "C-2001")["lanes"]["strategy"][-1]["to"] == "2026-11-19"


def test_the_record_proves_itself_and_a_rebuild_changes_and_sends_nothing(
    service: Service, mail: mailserver.MailServer
) -> None:
    proven = service.says("verify")
    assert proven["ok"] is True
    service.has_looked()
    before, told, posted = answers(service), service.told(), len(mail.mails)
    assert service.says("rebuild")["cases"] == proven["cases"]
    service.end()
    service.start()
    service.has_looked()
    assert (answers(service), service.told(), len(mail.mails)) == (before, told, posted)


def answers(service: Service) -> list[Any]:
    """What the read model says."""
    return [service.says("due")["rows"], service.says("stays", "--strategy", "integration")["rows"]]
