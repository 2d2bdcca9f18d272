"""Cases of a team are shared out: seen first, one message a person, undone as a whole, or nothing of it happens."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import httpx
import pytest
from sqlalchemy import select

from domain.facts import Stream
from domain.facts.case import ResponsibilityAssigned
from domain.facts.directory import RoleAssigned, UnitClosed, UnitOpened
from services.messages import mail
from services.messages.inbox import Kind
from services.office.office import Office, open_office
from services.people import directory
from services.records.tables import messages, outbox
from services.settings import Settings
from tests import mailserver
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web import town as towns
from tests.services.web.conftest import VisitAs
from tests.services.web.test_absences import key
from tests.services.web.test_deputies import tell
from tests.services.web.test_unattended import many
from tests.services.web.town import NOW, entry
from workers import jobs

__all__ = ["many"]

PATH = "/team/umverteilen"
ANNA, KARL, INES = "56.4|av-ags|fm-1", "56.4|fallmanagement|fm-2", "56.5|av-ags|fm-9"
DENIZ = "56.4|jobakademie|ja-1"
SELECTED = re.compile(r'<option value="([^"]+)" selected>')


def preview(lead: Visit, cases: list[str], to: list[str], **more: str) -> httpx.Response:
    return lead.client.get(PATH, params={"fall": cases, "an": to, "verteilt": "ja", **more})


def given(page: httpx.Response) -> list[str]:
    """What the form would send: each case with who is to get it."""
    return [unescape(one) for one in SELECTED.findall(page.text)]


def worker_of(office: Office, number: str) -> str:
    """Who is responsible for a case today, by id."""
    with office.read() as tx:
        case = tx.store.keys(tx.conn, Stream.CASE, [number])[number]
        about = directory.about(tx.conn, case, NOW.date())
        assert about.worker is not None
        return tx.store.numbers(tx.conn, list(directory.keys([about.worker]).values())).popitem()[1]


@on_both_databases
def test_eighty_cases_go_to_two_people_and_back(visit: VisitAs, many: Office) -> None:
    lead, anna = visit("tl-1"), visit("fm-1")
    cases = [f"V-{number:03}" for number in range(80)]
    asked = lead.client.get(PATH, params={"fall": cases})
    assert "Zuweisen: 80 Fälle" in words(asked)
    assert "So zuweisen" not in words(asked)
    seen = preview(lead, cases, [ANNA], weitere="Yilmaz")
    assert "Brandt, Anna · 56.4 · AV/AGS: 40 Fälle" in words(seen)
    assert "Yilmaz, Deniz · 56.4 · Jobakademie: 40 Fälle" in words(seen)
    assert "Viel0, Kim · V-000 Weber, Karl" in words(seen)
    assert worker_of(many, "V-000") == "fm-2"
    done = lead.post(PATH, {"zu": given(seen), "an": [ANNA, DENIZ], "on": "20.11.2026", "reason": ""})
    assert "80 Fälle neu zugewiesen." in words(done)
    assert [worker_of(many, number) for number in ("V-000", "V-001", "V-079")] == ["fm-1", "ja-1", "ja-1"]
    with many.read() as tx:
        told = tx.conn.execute(select(messages).where(messages.c.kind == Kind.ASSIGNED)).all()
    assert {one.recipient: len(one.data["cases"]) for one in told} == {key(many, "fm-1"): 40, key(many, "ja-1"): 40}
    assert "hat Ihnen 40 Fälle zugewiesen" in words(anna.get("/"))
    deeds = re.findall(r'name="getan" value="([^"]+)"', done.text)
    back = lead.post(f"{PATH}/zurueck", {"getan": deeds[0]})
    assert "80 Zuweisungen zurückgenommen." in words(back)
    assert {worker_of(many, number) for number in cases} == {"fm-2"}
    assert "zugewiesen" not in words(anna.get("/"))
    again = lead.post(f"{PATH}/zurueck", {"getan": deeds[0]})
    assert again.status_code == 422
    assert "schon zurückgenommen" in words(again)


def test_eighty_cases_are_one_mail(visit: VisitAs, many: Office) -> None:
    lead = visit("tl-1")
    with many.write() as tx:
        anna = tx.store.keys(tx.conn, Stream.PERSON, ["fm-1"])["fm-1"]
        many.vault.put_names(tx.conn, anna, {"mail": "fm-1@example.org"})
    seen = preview(lead, [f"V-{number:03}" for number in range(80)], [ANNA])
    lead.post(PATH, {"zu": given(seen), "an": ANNA, "on": "heute"})
    with mailserver.running() as server:
        settings = Settings(data=many.settings.data, database=many.settings.database, fixed_now=NOW, smtp=server.url)
        with open_office(settings) as office:
            with office.write() as tx:
                mail.plan_digests(tx.conn, NOW)
                row = tx.conn.execute(select(outbox)).one()
            jobs.work_in(office)
            jobs.deliver(row.id.hex)
        (arrived,) = server.mails
    assert server.recipients == ["fm-1@example.org"]
    body = arrived.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert text.count("Ihnen neu zugewiesen") == 1
    assert all(f"V-{number:03}" in text for number in range(80))
    assert "Viel" not in arrived.as_string()


def test_what_somebody_has_assigned_meanwhile_stops_it_all(visit: VisitAs, town: Office) -> None:
    lead, other = visit("tl-1"), visit("tl-2")
    seen = preview(lead, ["C-2001", "C-2002"], [KARL])
    stale = given(seen)
    answers = {"an": KARL, "on": "20.11.2026", "reason": "Team aufgelöst"}
    assert other.post(PATH, {"zu": given(preview(other, ["C-2002"], [KARL])), **answers}).status_code == 200
    refused = lead.post(PATH, {"zu": stale, **answers})
    assert refused.status_code == 422
    assert "Es ist noch nichts zugewiesen: Bei einem Fall geht es so nicht." in words(refused)
    (why,) = re.findall(r'id="zu-2-falsch">([^<]+)', refused.text)
    assert "Ohm, Peter" in unescape(why), why
    assert "Team aufgelöst" in refused.text
    assert worker_of(town, "C-2001") == "fm-1"
    kept = [one.replace(f"|{KARL}|C-2002", "||C-2002") for one in given(refused)]
    assert lead.post(PATH, {"zu": kept, **answers}).status_code == 200
    assert worker_of(town, "C-2001") == "fm-2"


def test_what_has_gone_to_another_unit_keeps_them_all(visit: VisitAs, town: Office) -> None:
    lead = visit("tl-1")
    seen = preview(lead, ["C-2001", "C-2002"], [KARL, INES])
    assert "Fremd, Ines · 56.5 · AV/AGS: ein Fall" in words(seen)
    done = lead.post(PATH, {"zu": given(seen), "an": [KARL, INES], "on": "20.11.2026"})
    (deeds,) = re.findall(r'name="getan" value="([^"]+,[^"]+)"', done.text)
    refused = lead.post(f"{PATH}/zurueck", {"getan": deeds})
    assert refused.status_code == 422
    assert "Es ist nichts zurückgenommen: In einem Fall geht es nicht mehr. C-2002:" in words(refused)
    assert [worker_of(town, number) for number in ("C-2001", "C-2002")] == ["fm-2", "fm-9"]
    assert visit("tl-2").post(f"{PATH}/zurueck", {"getan": deeds}).status_code == 422  # somebody else's


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"zu": f"x|{KARL}|C-2001"}, "Das Formular ist unvollständig"),
        ({"zu": "7"}, "Das Formular ist unvollständig"),
        ({"zu": [f"5|{KARL}|C-2001", f"5|{ANNA}|C-2001"]}, "steht doppelt"),
        ({"zu": f"5|{KARL}|C/3.001"}, "mindestens einen Fall auswählen"),
        ({"zu": [f"5|{KARL}|C-2001", f"5|{KARL}|C/3.001"]}, "gehört nicht mehr zu Ihrem Bereich"),
        ({"zu": "5||C-2001"}, "mindestens einen Fall jemandem geben"),
        ({"zu": "5|56.4|av-ags|<b>|C-2001"}, "geht es so nicht"),
        ({"zu": f"5|{KARL}|C-2001", "on": "31.02."}, ""),
        ({"zu": f"5|{KARL}|C-2001", "on": "24:00"}, ""),
        ({"zu": [f"5|{KARL}|V-{number}" for number in range(150)]}, "mindestens einen Fall auswählen"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(
    visit: VisitAs, town: Office, sent: dict[str, object], sentence: str
) -> None:
    answer = visit("tl-1").post(PATH, {"an": KARL, "on": "20.11.2026", **sent})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "<b>" not in answer.text.replace("&lt;b&gt;", "")
    assert worker_of(town, "C-2001") == "fm-1"


def test_who_is_chosen_must_be_somebody(visit: VisitAs, town: Office) -> None:
    lead = visit("tl-1")
    for to, typed, sentence in (
        ([], "", "Bitte mindestens eine Person wählen."),
        (["56.4|av-ags|niemand"], "", "kann hier niemand sein"),
        ([], "Niemand", "Zu „Niemand“ ist niemand zu finden"),
        ([], "56", "Bitte"),
    ):
        answer = preview(lead, ["C-2001"], to, weitere=typed)
        assert answer.status_code == 422
        assert sentence in words(answer)
    assert visit("fm-1").client.get(PATH, params={"fall": "C-2001"}).status_code == 403


def test_a_whole_team_is_chosen_and_a_renumbered_unit_goes_on(visit: VisitAs, town: Office) -> None:
    lead = visit("tl-1")
    for person in ("fm-1", "fm-2"):
        tell(town, person, "2026-11-01", RoleAssigned(role="case_manager", unit="56.4", team="Nord"))
    page = words(lead.get("/team/zuweisen", von="team:Nord"))
    assert "Team Nord 4 Fälle" in page
    with town.write() as tx:
        towns.append(tx, Stream.UNIT, "52.1", [entry("2026-11-10", UnitOpened(name="Duderstadt", previous="56.4"))])
        closed = tx.store.keys(tx.conn, Stream.UNIT, ["56.4"])["56.4"]
        tx.store.append(tx.conn, closed, [entry("2026-11-09", UnitClosed())], NOW)
    seen = preview(lead, ["C-2001", "C-2003"], ["52.1|jobakademie|ja-1"])
    assert "Yilmaz, Deniz · 52.1 · Jobakademie: 2 Fälle" in words(seen)
    done = lead.post(PATH, {"zu": given(seen), "an": "52.1|jobakademie|ja-1", "on": "20.11.2026"})
    assert done.status_code == 200
    with town.read() as tx:
        case = tx.store.keys(tx.conn, Stream.CASE, ["C-2003"])["C-2003"]
        last = [one.fact for one in tx.store.records(tx.conn, case) if isinstance(one.fact, ResponsibilityAssigned)][-1]
    assert (last.worker, last.unit) == (key(town, "ja-1"), "52.1")


def test_what_waits_in_them_is_counted(visit: VisitAs, town: Office) -> None:
    from services.followups import lifecycle
    from tests.services.web.test_today import request_extension

    request_extension(visit("fm-1"), "C-2001")
    lifecycle.issue_due(town, NOW.date(), NOW + dt.timedelta(minutes=1))
    seen = words(preview(visit("tl-1"), ["C-2001", "C-2002"], [KARL]))
    assert re.search(
        r"Weber, Karl · 56\.4 · Fallmanagement: 2 Fälle, (eine offene|\d+ offene) Wiedervorlagen?, ein offener Antrag",
        seen,
    )


def test_who_has_a_case_already_is_passed_over(visit: VisitAs, many: Office) -> None:
    """C-2001 and C-2002 are Anna's."""
    lead = visit("tl-1")
    seen = preview(lead, ["C-2001", "V-000", "C-2002"], [ANNA, DENIZ])
    assert seen.status_code == 200, words(seen)
    whom = {one.split("|")[-1]: one.split("|")[-2] for one in given(seen)}
    assert whom == {"C-2001": "ja-1", "V-000": "fm-1", "C-2002": "ja-1"}
    alone = preview(lead, ["C-2001", "V-000"], [ANNA])
    assert [one.split("|")[1] for one in given(alone)] == ["", "56.4"]
    done = lead.post(PATH, {"zu": given(alone), "an": [ANNA], "on": "20.11.2026", "reason": ""})
    assert (done.status_code, worker_of(many, "V-000"), worker_of(many, "C-2001")) == (200, "fm-1", "fm-1")
