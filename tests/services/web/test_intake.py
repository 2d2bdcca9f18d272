"""Eingang: a new client, ALG I and benefit; who is asked about, what is refused, what nobody else learns."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import func, select

from domain.facts import Stream
from domain.facts.case import CaseOpened, ResponsibilityAssigned
from domain.facts.directory import RoleAssigned, RoleEnded
from services.office.office import Office
from services.operations import erasure
from services.records import rows
from services.records.tables import kept_forms, numbers
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_api import send as send_fact
from tests.services.web.town import append, entry

NEW = {
    "last_name": "Özdemir",
    "first_name": "Ayşe",
    "birth_date": "12.05.1987",
    "on": "18.11.2026",
    "kind": "new",
    "to": "Brandt",
}


HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def post(clerk: Visit, path: str, status: int = 200, **fields: str) -> httpx.Response:
    answer = clerk.post(path, fields)
    assert answer.status_code == status, words(answer)
    return answer


def send(clerk: Visit, page: httpx.Response, path: str, status: int = 200, **more: str) -> httpx.Response:
    """Sends what the page holds, as its button does."""
    return post(clerk, path, status, **{key: unescape(value) for key, value in HIDDEN.findall(page.text)} | more)


def opened(clerk: Visit, **more: str) -> str:
    """What the page says after a case was opened as the preview showed it."""
    return words(post(clerk, "/eingang/neukunde", **NEW, **more, step="save"))


def names(town: Office, number: str) -> dict[str, str]:
    with town.read() as tx:
        key = town.store.key(tx.conn, Stream.CASE, number)
        assert key is not None, number
        return town.vault.fields(tx.conn, [key], ("last_name", "first_name", "birth_date"))[key]


@on_both_databases
def test_a_new_client_is_seen_before_and_found_after(visit: VisitAs, town: Office) -> None:
    clerk = visit("es-1")
    page = words(post(clerk, "/eingang/neukunde", **NEW, step="preview"))
    assert "Neukunde: das wird eingetragen" in page
    assert "Fall N-2026-0001 (die Nummer wird beim Speichern vergeben)" in page
    assert "Nachname: Özdemir · Vorname: Ayşe · Geburtsdatum: 12.05.1987" in page
    assert "Fachkraft: Brandt, Anna · Fachdienst: 56.4 · Bereich: AV/AGS" in page
    said = opened(clerk)
    assert "Fall N-2026-0001 öffnen" in said
    assert names(town, "N-2026-0001") == {"last_name": "Özdemir", "first_name": "Ayşe", "birth_date": "1987-05-12"}
    assert "Özdemir, Ayşe" in words(clerk.get("/fall/N-2026-0001"))
    assert "Özdemir, Ayşe" in words(visit("fm-1").get("/faelle"))
    assert "Fall N-2026-0002" in words(
        post(clerk, "/eingang/neukunde", **NEW | {"first_name": "Fatma"}, step="preview")
    )


def test_a_given_number_is_kept_and_never_given_twice(visit: VisitAs) -> None:
    clerk = visit("es-1")
    assert "Fall K/7 öffnen" in opened(clerk, number=" K/7 ")
    again = post(clerk, "/eingang/neukunde", 422, **NEW | {"first_name": "Fatma"}, number="K/7", step="save")
    assert "Diese Nummer ist schon vergeben." in words(again)
    assert 'value="Fatma"' in again.text


def test_opening_is_undone_with_all_it_wrote(visit: VisitAs) -> None:
    clerk = visit("es-1")
    page = post(clerk, "/eingang/neukunde", **NEW, step="save")
    back = send(clerk, page, "/rueckgaengig/N-2026-0001")
    assert "zurückgenommen" in words(back)
    assert "Özdemir" not in words(visit("fm-1").get("/faelle"))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"last_name": " "}, "Bitte den Nachnamen angeben."),
        ({"first_name": ""}, "Bitte den Vornamen angeben."),
        ({"birth_date": ""}, "Bitte einen Tag angeben"),
        ({"birth_date": "31.02.1987"}, "ist kein Tag"),
        ({"birth_date": "12.05.2027"}, "Ein Geburtsdatum liegt vor heute."),
        ({"birth_date": "01.01.1850"}, "möglich sind 1900 bis 2036"),
        ({"birth_date": "29.02.1987"}, "ist kein Tag"),
        ({"first_name": "x" * 10_000}, "höchstens 128"),
        ({"first_name": "Ay\u200fşe"}, "unsichtbares Zeichen"),
        ({"number": "N\u202e1"}, "Eine Fallnummer hat 1 bis 64"),
        ({"birth_date": "1.1.80"}, "Das Jahr 2080 geht hier nicht"),
        ({"on": "25.11.2026"}, "liegt in der Zukunft"),
        ({"on": "01.09.2026"}, "Bitte sagen, warum das erst jetzt kommt."),
        ({"to": ""}, "Bitte einen Namen eingeben"),
        ({"to": "Niemand"}, "ist niemand zu finden"),
        ({"to": "56.4"}, "passen 3 Personen"),
        ({"kind": "alt"}, "ob die Person neu ist"),
        ({"last_name": "x" * 199}, "höchstens 128"),
        ({"last_name": "Öz\u202edemir"}, "unsichtbares Zeichen"),
        ({"number": "N 1"}, "Eine Fallnummer hat 1 bis 64 Buchstaben"),
        ({"number": "../x"}, "Eine Fallnummer hat"),
        ({"same_person": "C/3.001"}, "den Sie sehen dürfen"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_lost(
    visit: VisitAs, fields: dict[str, str], sentence: str
) -> None:
    page = post(visit("es-1"), "/eingang/neukunde", 422, **NEW | fields, client_number="K 99", step="save")
    assert sentence in words(page)
    assert 'value="K 99"' in page.text


def test_all_that_does_not_fit_is_said_at_once_and_the_first_has_the_focus(visit: VisitAs) -> None:
    wrong = {"first_name": "x" * 129, "birth_date": "12.05.2027", "number": "N 1", "to": "Niemand", "kind": ""}
    page = post(visit("es-1"), "/eingang/neukunde", 422, **NEW | wrong, step="preview")
    assert page.text.count('class="wrong" id=') == 5
    assert page.headers["cache-control"] == "no-store"
    assert re.findall(r'id="([^"]*)"[^>]*data-focus', page.text) == ["f-first_name"]


@pytest.mark.parametrize(
    ("last_name", "first_name", "number", "born"),
    [
        ('"><script>alert(1)</script>', "<img src=x onerror=alert(1)>", "", "29.02.1988"),
        ("{{ 7*7 }}", "${7*7}", "ÄÖÜ-ß/1", "01.01.1930"),
        ("O’Brien-Łukasz", "🦊", "Ü-9", "31.12.1999"),
        ("עברי", "أحمد", "", "01.01.1980"),
    ],
)
def test_any_name_is_a_name_and_comes_back_as_it_was_typed(
    visit: VisitAs, town: Office, last_name: str, first_name: str, number: str, born: str
) -> None:
    clerk = visit("es-1")
    given = NEW | {"last_name": last_name, "first_name": first_name, "number": number, "birth_date": born}
    page = post(clerk, "/eingang/neukunde", **given, step="preview")
    assert f"Nachname: {last_name} · Vorname: {first_name}" in unescape(words(page))
    done = send(clerk, page, "/eingang/neukunde", step="save")
    number = number or "N-2026-0001"
    assert f"Fall {number} öffnen" in words(done)
    assert "<script>alert" not in page.text + clerk.get(f"/fall/{quote(number)}").text
    found = names(town, number)
    assert (found["last_name"], found["first_name"]) == (last_name, first_name)


def test_markup_in_a_name_is_a_name(visit: VisitAs) -> None:
    clerk = visit("es-1")
    page = post(clerk, "/eingang/neukunde", **NEW | {"last_name": "<b>Ö</b>"}, step="save")
    assert "<b>Ö</b>" not in clerk.get("/fall/N-2026-0001").text + page.text


def test_a_person_who_is_there_is_asked_about_and_linked(visit: VisitAs) -> None:
    clerk = visit("es-1")
    opened(clerk)
    twin = NEW | {"last_name": "OEZDEMIR", "first_name": "ayse"}
    page = post(clerk, "/eingang/neukunde", **twin, step="preview")
    assert "Ja, dieselbe wie Özdemir, Ayşe · N-2026-0001 · 56.4 AV/AGS" in words(page)
    unsaid = post(clerk, "/eingang/neukunde", 422, **twin, step="save")
    assert "Bitte sagen, ob es dieselbe Person ist." in words(unsaid)
    assert 'href="/fall/N-2026-0001">stattdessen Fall N-2026-0001 öffnen' in page.text
    assert "N-2026-0002" in words(post(clerk, "/eingang/neukunde", **twin, same_person="nein", step="save"))
    assert "N-2026-0002" not in words(clerk.get("/eingang/doppelte"))
    linked = post(clerk, "/eingang/neukunde", **twin, same_person="N-2026-0001", step="save")
    assert "Fall N-2026-0003 öffnen · Dieselbe Person: Fall N-2026-0001" in words(linked)
    assert "Dieselbe Person: Fall N-2026-0001" in words(clerk.get("/fall/N-2026-0003"))
    assert "Dieselbe Person: Fall N-2026-0003" in words(clerk.get("/fall/N-2026-0001"))
    assert "Dieselbe Person: Fall" not in words(visit("qs-1").get("/fall/N-2026-0001"))
    assert "N-2026-0003" not in words(clerk.get("/eingang/doppelte"))


def rename(town: Office, *numbers: str) -> None:
    """Gives these cases the name and birth date of NEW."""
    with town.write() as tx:
        for number in numbers:
            key = town.store.key(tx.conn, Stream.CASE, number)
            assert key is not None
            person = {"last_name": "Özdemir", "first_name": "Ayşe", "birth_date": "1987-05-12"}
            town.vault.put_names(tx.conn, key, person)


def test_a_number_that_was_erased_and_given_anew_is_no_case_of_the_same_person(visit: VisitAs, town: Office) -> None:
    clerk = visit("es-1")
    opened(clerk, number="N-1")
    opened(clerk, number="N-2", same_person="N-1")
    assert "Dieselbe Person: Fall N-1" in words(clerk.get("/fall/N-2"))
    erasure.erase(town, "N-1")
    assert "N-1" not in words(clerk.get("/fall/N-2"))
    with town.write() as tx:
        someone = town.store.open_stream(tx.conn, Stream.CASE, "N-1")
        append(tx, Stream.CASE, "N-1", [entry("2026-11-20", CaseOpened(unit="56.4"))])
        given = ResponsibilityAssigned(worker="fm-1", unit="56.4", area="av-ags")
        append(tx, Stream.CASE, "N-1", [entry("2026-11-20", given)])
        rows.refresh(tx.conn, someone, tx.store.records(tx.conn, someone))
    assert clerk.get("/fall/N-1").status_code == 200
    assert "N-1" not in words(clerk.get("/fall/N-2"))


def test_an_erased_number_is_refused_as_any_that_is_taken(visit: VisitAs, town: Office) -> None:
    """Whether there is somebody under it or was, Eingang does not say."""
    clerk = visit("es-1")
    opened(clerk, number="N-1")
    erasure.erase(town, "N-1")
    for number in ("N-1", "C-2001"):
        again = post(clerk, "/eingang/neukunde", 422, **NEW, number=number, step="save")
        assert "Diese Nummer ist schon vergeben." in words(again)
        assert 'value="Özdemir"' in again.text
        assert again.headers["cache-control"] == "no-store"


@on_both_databases
def test_cases_of_one_name_are_listed_until_it_is_said_whose_they_are(visit: VisitAs, town: Office) -> None:
    clerk = visit("es-1")
    rename(town, "C-1001", "C-2001", "C-2002")
    listed = words(clerk.get("/eingang/doppelte"))
    assert listed.count("Dieselbe Person wie") == 2
    first = listed.split("Dieselbe Person wie ")[1].split()[0]
    others = [number for number in ("C-1001", "C-2001", "C-2002") if number != first]
    other = post(clerk, "/eingang/doppelte", fall=first, anderer=others[0], antwort="nein")
    assert f"{first}: Andere Person vermerkt." in words(other)
    assert f"Andere Person als {first}" in words(other)  # the third is still open
    again = post(clerk, "/eingang/doppelte", 422, fall=first, anderer=others[0], antwort="nein")
    assert "Das ist schon vermerkt." in words(again)
    same = post(clerk, "/eingang/doppelte", fall=first, anderer=others[1])
    assert "keine zwei Fälle" in words(same)
    assert words(send(clerk, same, f"/rueckgaengig/{first}")).count("Dieselbe Person wie") == 1


@pytest.mark.parametrize(
    ("erased", "status", "said"),
    [
        ("C-2001", 403, "Unter dieser Nummer gibt es keinen Fall, den Sie sehen dürfen."),  # as of one that never was
        ("C-2002", 200, "C-2001: Andere Person vermerkt – zurückgenommen."),
    ],
)
def test_an_answer_is_undone_as_long_as_its_own_case_is_there(
    visit: VisitAs, town: Office, erased: str, status: int, said: str
) -> None:
    clerk = visit("es-1")
    rename(town, "C-2001", "C-2002")
    page = post(clerk, "/eingang/doppelte", fall="C-2001", anderer="C-2002", antwort="nein")
    erasure.erase(town, erased)
    assert said in words(send(clerk, page, "/rueckgaengig/C-2001", status))


@on_both_databases
def test_two_posts_of_one_preview_open_one_case(visit: VisitAs, town: Office) -> None:
    clerk = visit("es-1")
    page = post(clerk, "/eingang/neukunde", **NEW, step="preview")
    answers = at_once(lambda: send(clerk, page, "/eingang/neukunde", step="save"))
    assert all("Fall N-2026-0001 öffnen" in words(answer) for answer in answers)
    assert opened_cases(town) == ["N-2026-0001"]
    late = send(clerk, page, "/eingang/neukunde", step="save", same_person="nein")
    assert "Fall N-2026-0001 öffnen" in words(late)
    assert opened_cases(town) == ["N-2026-0001"]


def test_the_benefits_department_records_periods_and_opens_no_case(visit: VisitAs, town: Office) -> None:
    with town.write() as tx:
        append(tx, Stream.PERSON, "es-1", [entry("2026-11-01", RoleEnded(role="intake", unit="56.4"))])
        append(tx, Stream.PERSON, "es-1", [entry("2026-11-01", RoleAssigned(role="benefits", unit="56.4"))])
    clerk = visit("es-1")
    assert 'id="neukunde"' not in clerk.get("/eingang").text
    post(clerk, "/eingang/neukunde", 403, **NEW, step="save")
    given = {"kind": "alg1", "case": "C-2002", "first": "01.12.2026", "last": "31.05.2027"}
    page = post(clerk, "/eingang/zeitraum", **given, step="preview")
    assert "Zeitraum eingetragen" in words(send(clerk, page, "/eingang/zeitraum", step="save"))


@on_both_databases
def test_two_desks_at_once_are_asked_about_each_others_case(visit: VisitAs, town: Office) -> None:
    clerk = visit("es-1")
    answers = at_once(lambda: clerk.post("/eingang/neukunde", NEW | {"step": "save"}))
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    assert opened_cases(town) == ["N-2026-0001"]


def at_once(send: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """The answers to two posts that are sent at the same moment."""
    ready = Barrier(2)

    def one(_: int) -> httpx.Response:
        ready.wait(10)
        return send()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, range(2)))


def opened_cases(town: Office) -> list[str]:
    """The numbers given by the pattern of the office."""
    with town.read() as tx:
        return sorted(tx.conn.scalars(select(numbers.c.number).where(numbers.c.number.startswith("N-2026-"))))


@pytest.mark.parametrize(
    ("born", "is_near"),
    [("12.05.1978", True), ("21.05.1987", True), ("05.12.1987", True), ("13.05.1987", True), ("13.06.1987", False)],
)
def test_a_slip_in_the_birth_date_is_a_hint_and_no_question(
    visit: VisitAs, town: Office, born: str, is_near: bool
) -> None:
    rename(town, "C-2001", "C/3.001")
    page = words(post(visit("es-1"), "/eingang/neukunde", **NEW | {"birth_date": born}, step="preview"))
    assert ("anderes Geburtsdatum: Zahlendreher?" in page) == is_near
    assert ("Özdemir, Ayşe · C-2001" in page) == is_near
    assert "C/3.001" not in page
    assert "Ist es dieselbe Person?" not in page


def test_a_refused_form_keeps_one_place_however_often_it_is_sent(visit: VisitAs, town: Office) -> None:
    clerk, page = visit("es-1"), None
    for _ in range(3):
        path = re.search(r'action="(/eingang/neukunde[^"]*)"', page.text)[1] if page else "/eingang/neukunde"
        page = post(clerk, unescape(path), 422, **NEW | {"first_name": ""}, step="preview")
    with town.read() as tx:
        assert tx.conn.scalar(select(func.count()).select_from(kept_forms)) == 1


def test_of_a_person_in_another_unit_nobody_learns(visit: VisitAs, town: Office) -> None:
    rename(town, "C/3.001")
    page = words(post(visit("es-1"), "/eingang/neukunde", **NEW, step="preview"))
    assert "dieselbe" not in page
    assert "C/3.001" not in page


def test_alg1_ahead_writes_its_bars_with_it(visit: VisitAs) -> None:
    clerk = visit("es-1")
    ahead = {"kind": "alg1", "case": "c-2002", "first": "01.12.2026", "last": "31.05.2027"}
    page = post(clerk, "/eingang/zeitraum", **ahead, step="preview")
    assert "ALG I: das wird eingetragen Aksoy, Deniz · Fall C-2002" in words(page)
    assert words(page).count("schreibt der Dienst selbst") == 3
    assert "Letzter Tag: Mo., 30.11.2026" in words(page)
    assert "Zeitraum eingetragen" in words(send(clerk, page, "/eingang/zeitraum", step="save"))
    shown = words(clerk.get("/fall/C-2002"))
    assert "keine Handlungsstrategie ALG I" in shown
    again = post(clerk, "/eingang/zeitraum", 422, **ahead, step="preview")
    assert "ALG I ist schon eingetragen" in words(again)


def test_the_end_alone_ends_what_runs(visit: VisitAs) -> None:
    clerk = visit("es-1")
    ended = {"kind": "benefit", "case": "C-2001", "last": "18.11.2026"}
    assert "Zeitraum eingetragen" in words(
        send(clerk, post(clerk, "/eingang/zeitraum", **ended, step="preview"), "/eingang/zeitraum", step="save")
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"case": ""}, "Bitte eine Fallnummer angeben."),
        ({"case": "C/3.001"}, "keinen Fall, den Sie sehen dürfen"),
        ({"first": "", "last": ""}, "Bitte den ersten oder den letzten Tag angeben."),
        ({"first": "02.12.2026", "last": "01.12.2026"}, "Der letzte Tag liegt vor dem ersten."),
        ({"first": "24:00"}, "ist kein Tag"),
        ({"first": "01.12.2050"}, "2036"),
        ({"kind": "sonst"}, "Diese Art von Zeitraum gibt es nicht."),
        ({"kind": "benefit", "first": "01.12.2026"}, "liegt in der Zukunft"),
    ],
)
def test_a_period_that_cannot_be_is_refused_at_its_field(visit: VisitAs, fields: dict[str, str], sentence: str) -> None:
    given = {"kind": "alg1", "case": "C-2002", "first": "01.12.2026", "last": ""} | fields
    assert sentence in words(post(visit("es-1"), "/eingang/zeitraum", 422, **given, step="preview"))


def test_two_at_once_are_told_what_the_other_did(visit: VisitAs) -> None:
    clerk = visit("es-1")
    given = {"kind": "alg1", "case": "C-2002", "first": "01.12.2026", "last": ""}
    page = post(clerk, "/eingang/zeitraum", **given, step="preview")
    send(clerk, page, "/eingang/zeitraum", step="save")
    late = send(clerk, page, "/eingang/zeitraum", step="save", status=409)
    assert "Engel, Ute" in words(late)


def test_who_may_not_see_names_reads_none_in_the_entries(visit: VisitAs) -> None:
    opened(visit("es-1"))
    page = words(visit("qs-1").get("/fall/N-2026-0001"))
    assert "Person des Falls" in page
    assert not {"Özdemir", "Ayşe", "12.05.1987"} & {word.strip(",") for word in page.split()}


def test_the_interface_names_and_renames_a_client(visit: VisitAs, town: Office) -> None:
    worker = visit("fm-1")
    married = {"fact": "client-identified", "on": "2026-11-18", "data": {"last_name": "Meier-Kurz"}}
    assert send_fact(worker, married).status_code == 201
    assert "Meier-Kurz · C-2001" in words(worker.get("/fall/C-2001"))
    assert "Meier-Kurz" in words(worker.post("/suche", {"suche": "kurz"}))
    wrong = {**married, "data": {"last_name": "Meier", "birth_date": "30.02.1987"}}
    refused = send_fact(worker, wrong)
    assert refused.status_code == 422
    assert "kein Kalendertag" in refused.text


@pytest.mark.parametrize(("person", "status"), [("fm-1", 403), ("tl-1", 403), ("qs-1", 403), ("edv-1", 403)])
def test_only_desks_come_in(visit: VisitAs, person: str, status: int) -> None:
    somebody = visit(person)
    assert somebody.get("/eingang").status_code == status
    post(somebody, "/eingang/neukunde", status, **NEW, step="save")
    assert 'href="/eingang"' not in somebody.get("/hilfe").text
