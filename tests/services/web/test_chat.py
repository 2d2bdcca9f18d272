"""The typed line of Heute without scripts: it names the case, opens what is meant, and does nothing unsure."""

from __future__ import annotations

import datetime as dt
import html
import re

import httpx
import pytest
from sqlalchemy import func, select

from domain.facts import Stream
from domain.facts.contact import AppointmentPlanned
from services.office.office import Office
from services.operations import erasure
from services.people import kept_forms as kept_forms_of
from services.records import rows
from services.records.tables import kept_forms, views
from services.web.today.answers import IDLE, Answers, answers
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_search import rename
from tests.services.web.test_today import facts, reply
from tests.services.web.town import CASES, NOW, entry

PICK = re.compile(r'name="satz" value="([^"]*)"')


def say(person: Visit, text: str, case: str = "") -> httpx.Response:
    return person.post("/befehl", {"text": text, "fall": case})


def picks(page: httpx.Response) -> list[str]:
    return [html.unescape(one) for one in PICK.findall(page.text)]


@on_both_databases
def test_a_dialogue_opens_with_what_was_typed_and_names_its_case(visit: VisitAs) -> None:
    page = say(visit("fm-1"), "verlängern bis 30.06.", "C-2001")
    assert page.url.path.startswith("/dialog/")
    said = words(page)
    assert "Verlängerung beantragen Meier, Jana · C-2001" in said
    assert "Weshalb soll verlängert werden?" in said


def test_the_echo_names_day_and_case(visit: VisitAs) -> None:
    person = visit("fm-1")
    page = person.post("/befehl", {"text": "verlängern bis 30.06.", "fall": "C-2001"}, hx_request="true")
    said = words(page)
    assert "Verstanden: Verlängerung beantragen bis Mittwoch, 30.06.2027 (Meier, Jana · C-2001)." in said
    page = person.post("/befehl", {"text": "verlängrn bis 30.06.", "fall": "C-2001"}, hx_request="true")
    assert "Gelesen als: Verlängerung beantragen bis Mittwoch, 30.06.2027 (Meier, Jana · C-2001)." in words(page)
    assert "Verstanden" not in words(page)


def test_a_case_opens_by_its_number_or_by_a_name(visit: VisitAs) -> None:
    person = visit("fm-1")
    for text in ("C-2001", "c-2001", "öffne C-2001", "Meier", "Mei", "meier, jana", "Frau Meier", "zeig mir Meier"):
        assert say(person, text).url.path == "/fall/C-2001", text


@pytest.mark.parametrize("text", ["{}", "öffne {}", "Fall {}", "status {}", "verlängern {} bis 30.06."])
def test_a_case_that_is_hidden_is_answered_like_one_that_is_not_there(visit: VisitAs, text: str) -> None:
    person = visit("fm-1")
    hidden, absent = (say(person, text.format(number)) for number in ("C/3.001", "C-9999"))
    assert (hidden.status_code, hidden.url.path) == (absent.status_code, absent.url.path) == (422, "/befehl")
    assert hidden.headers["cache-control"] == "no-store"
    assert "Unter dieser Nummer gibt es keinen Fall, den Sie sehen dürfen." in words(hidden)
    for page, number in ((hidden, "C/3.001"), (absent, "C-9999")):
        assert f'value="{text.format(number)}"' in page.text  # it stands in the line still


def test_a_name_stands_for_the_case_of_a_command(visit: VisitAs) -> None:
    page = say(visit("fm-1"), "verlängern Meier bis 30.06.", "C-2002")
    assert "Verlängerung beantragen Meier, Jana · C-2001" in words(page)
    page = say(visit("fm-1"), "verlängern Fuchs bis 30.06.", "C-2002")  # of somebody else
    assert "Keinen Fall mit dem Namen „Fuchs“ gefunden, den Sie sehen dürfen. Nichts ist getan." in words(page)


def test_a_name_with_a_typing_error_is_nobodys(visit: VisitAs) -> None:
    page = say(visit("fm-1"), "verlängern Meirer bis 30.06.")
    assert "Niemand heißt „Meirer“, ein Name ist ähnlich. Nichts ist getan. Wer ist gemeint?" in words(page)
    assert picks(page) == ["verlängern C-2001 bis 30.06."]


def test_a_name_that_is_not_the_cases_is_no_reason_to_act(visit: VisitAs, town: Office) -> None:
    person, before = visit("fm-1"), facts(town)
    page = say(person, "verlängern Aksoy C-2001")
    assert page.status_code == 422
    assert "„Aksoy“ ist nicht der Name zu C-2001." in words(page)
    assert facts(town) == before


def test_without_a_case_it_asks_which(visit: VisitAs) -> None:
    assert "Für welchen Fall? Bitte Nummer oder Name dazuschreiben." in words(say(visit("fm-1"), "verlängern"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("verlängern bis Montag, den 5.12.", "Der 05.12.2026 ist ein Samstag, kein Montag."),
        ("verlängern bis 30.06.2040", "Das Jahr 2040 geht hier nicht; möglich sind 1900 bis 2036."),
        ("termin 3.12. 24:00", "„24:00“ ist keine Uhrzeit."),
        ("verlängern bis 30.6. um 10:00", "Eine Uhrzeit (10:00) gehört nur zu einem Termin"),
        ("verlängern bis <b>bald</b>", "„bis <b>bald</b>“ habe ich nicht verstanden"),
        ("umstellen auf Irgendwas", "„Irgendwas“ ist keine Handlungsstrategie."),
        ("später bis gestern", "Der Tag muss nach heute liegen."),
        ("beenden Entwicklung zum 15.11.", "Entwicklung ist nicht offen; offen ist Integration seit 20.05.2026."),
        ("Entwicklung verlängern bis 30.06.", "Entwicklung ist nicht offen; offen ist Integration seit 20.05.2026."),
        ("Entwicklung weiterhin richtig", "Entwicklung ist nicht offen; offen ist Integration seit 20.05.2026."),
        ("umstellen auf Integration", "Integration ist schon offen, seit 20.05.2026."),
        ("umstellen von Entwicklung auf Integration", "Entwicklung ist nicht offen; offen ist Integration"),
        ("Termin KW 50", "„KW 50“ ist kein einzelner Tag. Bitte den Tag nennen, z. B. Fr., 11.12.2026"),
        ("ALG I bis 30.06.", "Hier fehlt der erste Tag."),
    ],
)
def test_what_cannot_be_meant_is_refused_where_it_is_typed(
    visit: VisitAs, town: Office, text: str, sentence: str
) -> None:
    person = visit("fm-1")
    page = say(person, text, "C-2001")
    assert page.status_code == 422
    assert sentence in words(page)
    assert "noch nichts getan" in words(page)
    assert "<b>bald" not in page.text
    with town.read() as tx:
        assert tx.conn.exec_driver_sql("SELECT count(*) FROM drafts").scalar_one() == 0


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("beendn zum 15.11.", "beenden zum 15.11."),
        ("nicht verlängern", "später"),
        ("erschienen und verlängern", "verlängern"),
        ("<script>alert(1)</script>", "hilfe"),
        ("", "hilfe"),
        ("x" * 500, "hilfe"),
    ],
)
def test_what_is_not_sure_is_offered_and_not_done(visit: VisitAs, town: Office, text: str, offered: str) -> None:
    page = say(visit("fm-1"), text, "C-2001")
    assert page.status_code == 422
    assert html.escape(text[:400]) in page.text  # what was typed stands there again
    assert "Nichts ist getan" in words(page) or "ist nichts getan" in words(page)
    assert "Verstanden" not in words(page)
    assert offered in picks(page)
    assert "<script>alert" not in page.text
    with town.read() as tx:
        assert tx.conn.exec_driver_sql("SELECT count(*) FROM drafts").scalar_one() == 0


def test_help_and_what_is_due(visit: VisitAs) -> None:
    person = visit("fm-1")
    assert "verlängern" in picks(say(person, "hilfe"))
    assert "Heute, Freitag, 20.11.2026:" in words(say(person, "was ist heute dran"))
    assert "unter „Diese Woche“" in words(say(person, "diese Woche"))


def test_how_a_case_stands(visit: VisitAs) -> None:
    said = words(say(visit("fm-1"), "status C-2001"))
    assert "Meier, Jana · C-2001: Integration seit 20.05.2026, laut Balken 184 Tage" in said
    assert "Unter dieser Nummer gibt es keinen Fall, den Sie sehen dürfen." in words(
        say(visit("fm-1"), "status C-9999")
    )


def test_what_a_lead_is_told_of_a_case_is_logged(visit: VisitAs, town: Office) -> None:
    def seen() -> int:
        with town.read() as tx:
            return tx.conn.execute(select(func.count()).select_from(views)).scalar_one()

    lead = visit("tl-1")
    before = seen()
    assert "Meier, Jana · C-2001" in words(say(lead, "status C-2001"))
    assert seen() == before + 1
    say(lead, "status Meier")  # the search, and the case
    assert seen() == before + 3
    say(visit("fm-1"), "status C-2001")  # whose case it is
    assert seen() == before + 3


@on_both_databases
def test_later_puts_a_message_off(visit: VisitAs) -> None:
    person = visit("fm-1")
    page = say(person, "später bis Montag C-2002")
    page = reply(person, page, wert="documents-missing")  # nothing is written, so nothing has to be seen before
    assert "Zurückgestellt 1 Aksoy, Deniz C-2002 Überprüfung bis Mo., 23.11." in words(person.get("/"))


def test_an_appointment_gets_its_outcome(visit: VisitAs, town: Office) -> None:
    person, before = visit("fm-1"), facts(town)
    page = say(person, "erschienen C-1001")
    assert facts(town) == before  # it is only said what would be written
    assert "erschienen" in words(page)
    reply(person, page, tun="finish")
    assert facts(town) == before + 1
    assert "Kein Termin wartet auf ein Ergebnis (Sander, Ole · C-1001)." in words(say(person, "erschienen C-1001"))


def _planned(office: Office, number: str, *times: tuple[str, str | None]) -> None:
    with office.write() as tx:
        [key] = tx.store.keys(tx.conn, Stream.CASE, [number]).values()
        for at, (day, time) in enumerate(times):
            planned = AppointmentPlanned(appointment=f"Z-{at}", time=time)
            tx.store.append(tx.conn, key, [entry(day, planned, recorded="2026-11-02")], NOW)
        rows.refresh(tx.conn, key, office.store.records(tx.conn, key))


@on_both_databases
@pytest.mark.parametrize("command", ["erschienen", "nicht erschienen", "abgesagt"])
def test_an_appointment_is_chosen_by_its_time(visit: VisitAs, town: Office, command: str) -> None:
    _planned(town, "C-2002", ("2026-11-18", "09:00"), ("2026-11-18", "10:00"), ("2026-11-19", "10:00"))
    person, before = visit("fm-1"), facts(town)
    page = say(person, f"{command} C-2002 09:00")
    assert page.url.path.startswith("/dialog/")
    assert str(page.url.path) != str(say(person, f"{command} C-2002 18.11. um 10 Uhr").url.path)
    page = say(person, f"{command} C-2002 10:00")  # on two days
    assert "Mehrere Termine sind noch offen (Aksoy, Deniz · C-2002). Welcher ist gemeint?" in words(page)
    assert ": 18.11.2026, 10:00 Uhr" in words(page)
    assert ": 18.11.2026, 09:00 Uhr" not in words(page)
    for typed, sentence in (
        ("11:00", "Um 11:00 Uhr steht kein offener Termin; offen: Mi., 18.11.2026 09:00 Uhr, Mi., 18.11.2026 10:00"),
        ("19.11. 09:00", "Am Donnerstag, 19.11.2026 um 09:00 Uhr steht kein offener Termin; offen:"),
    ):
        page = say(person, f"{command} C-2002 {typed}")
        assert page.status_code == 422
        assert sentence in words(page)
    assert facts(town) == before


def test_one_of_several_appointments_opens_with_what_was_said_of_it(visit: VisitAs, town: Office) -> None:
    _planned(town, "C-2002", ("2026-11-18", "09:00"), ("2026-11-18", None))
    person = visit("fm-1")
    page = say(person, "erschienen C-2002")
    assert "Erschienen: 18.11.2026, ohne Uhrzeit" in words(page)
    assert "Z-" not in page.text
    answer = page.text[page.text.index('class="answer') :]
    [subject, _] = re.findall(r'name="subject" value="([^"]*)"', answer)
    opened = {"fall": "C-2002", "dialog": "appointment-status", "subject": subject, "status": "held", "woher": "heute"}
    assert "Was wurde aus dem Termin? Sie: erschienen" in words(person.post("/dialog", opened))


LINES = (
    "erschienen C-2002",
    "status C-2001",
    "alg1 ab 1.12. C-2001",
    "diese Woche",
    "hilfe",
    "zurück",
    "Me",
    "status e",
)


@pytest.mark.parametrize("text", LINES)
def test_what_is_kept_of_an_answer_goes_with_the_case_it_names(visit: VisitAs, town: Office, text: str) -> None:
    _planned(town, "C-2002", ("2026-11-18", "09:00"), ("2026-11-19", "10:00"))
    person = visit("fm-1")
    reply(person, say(person, "erschienen C-1001"), tun="finish")  # what can be taken back
    say(person, text)
    with town.read() as tx:
        names = {number: (number, last) for number, (last, *_) in CASES.items()}
        keys = tx.store.keys(tx.conn, Stream.CASE, list(CASES))
        for row in tx.conn.execute(select(kept_forms)).all():
            kept = kept_forms_of.find(tx, row.person, row.id)
            assert kept is not None
            held = dict(kept.fields)["antwort"]
            named = {number for number, said in names.items() if any(one in held for one in said)}
            assert {keys[number] for number in named} <= set(kept.keys)


def test_an_answer_that_asks_for_one_of_several_cases_is_kept_nowhere(visit: VisitAs, town: Office) -> None:
    rename(town, "C-2002", last_name="Meierling", first_name="Deniz")
    page = say(visit("fm-1"), "status mei")
    assert page.status_code == 422
    assert "„mei“ passt zu 2 Fällen. Welcher ist gemeint?" in words(page)
    assert picks(page) == ["status C-2001", "status C-2002"]
    with town.read() as tx:
        assert tx.conn.execute(select(func.count()).select_from(kept_forms)).scalar_one() == 0


def test_the_last_decision_is_named_before_it_is_taken_back(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    assert "was sich zurücknehmen lässt" in words(say(person, "zurück"))
    reply(person, say(person, "erschienen C-1001"), tun="finish")
    after = facts(town)
    page = say(person, "rückgängig")
    assert "Ihre letzte Entscheidung heute: Termin am 16.11.2026: erschienen (C-1001)." in words(page)
    assert facts(town) == after
    assert 'action="/rueckgaengig/C-1001"' in page.text


def test_abbrechen_closes_the_dialogue_of_the_case_in_view(visit: VisitAs) -> None:
    person = visit("fm-1")
    assert "kein Dialog offen" in words(say(person, "abbrechen", "C-2001"))
    say(person, "verlängern", "C-2001")
    assert "Abgebrochen: Verlängerung beantragen (Meier, Jana · C-2001)." in words(say(person, "nein", "C-2001"))
    assert "kein Dialog offen" in words(say(person, "nein", "C-2001"))


def test_the_last_five_answers_stay_in_sight_until_log_out(visit: VisitAs) -> None:
    person = visit("fm-1")
    for text in ("eins", "zwei", "drei", "vier", "fünf", "sechs"):
        say(person, f"status {text}")
    said = words(person.get("/"))
    assert [text for text in ("eins", "zwei", "drei", "vier", "fünf", "sechs") if f"„{text}“" in said] == [
        "zwei", "drei", "vier", "fünf", "sechs",
    ]  # fmt: skip
    person.post("/abmelden")
    person.login("fm-1")
    assert "„sechs“" not in words(person.get("/"))


def test_days_ahead_go_to_the_form_of_the_entry(visit: VisitAs) -> None:
    page = say(visit("fm-1"), "alg1 ab 1.12.", "C-2001")
    assert "ALG I eintragen ab Dienstag, 01.12.2026 (Meier, Jana · C-2001)." in words(page)
    assert "/eintrag/C-2001?art=alg1-started&amp;am=2026-12-01" in page.text


def test_the_receiver_of_a_handover_is_named_and_never_guessed(visit: VisitAs) -> None:
    person = visit("fm-1")
    page = say(person, "übergeben an Webr", "C-2001")
    assert "Zu „Webr“ ist niemand zu finden, der den Fall übernehmen kann." in words(page)
    page = say(person, "übergeben an Frau Weber", "C-2001")
    assert "Übergeben Meier, Jana · C-2001" in words(page)
    assert "Wer soll den Fall übernehmen? Sie: Weber, Karl" in words(page)
    again = person.post("/befehl", {"text": "übergeben an Webr", "fall": "C-2001"}, **{"hx-request": "true"})
    said = words(again)  # the one chosen before is not whom this line names
    assert (again.status_code, "Zu „Webr“ ist niemand zu finden" in said) == (422, True)
    assert "Verstanden" not in said
    assert "Weber, Karl" not in said


def test_what_does_not_fit_the_dialogue_is_said(visit: VisitAs) -> None:
    person = visit("fm-1")
    page = person.post("/befehl", {"text": "später bis 5.2. nächstes Jahr", "fall": "C-2002"})
    assert "Zurückstellen geht von morgen bis höchstens 28 Tage, also bis 18.12.2026." in words(page)


def test_answers_that_nobody_has_added_to_for_long_are_gone(town: Office) -> None:
    said, now = Answers(), dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
    said.keep("a", "Meier, Jana · C-2001: laufend", now)
    said.keep("b", "Heute ist nichts fällig.", now + IDLE)
    late = now + IDLE + dt.timedelta(seconds=1)
    with town.read() as tx:
        assert said.of(tx, "a", now + IDLE) == ["Meier, Jana · C-2001: laufend"]
        assert said.of(tx, "a", late) == []
        said.tidy(tx, late)
    assert list(said._said) == ["b"]


@on_both_databases
def test_the_last_answers_go_with_the_case_they_name(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    say(person, "status C-2001")
    say(person, "status Meier")
    say(person, "status C-2002")
    say(person, "Termin am 24.12.2099 C-2001")
    assert len(next(iter(answers(town)._said.values()))) == 4
    erasure.erase(town, "C-2001")
    with town.read() as tx:
        answers(town).tidy(tx, town.now())
    (kept,) = answers(town)._said.values()
    assert ["C-2002" in one.said for one in kept] == [True]
    assert "Meier" not in words(person.get("/"))


def test_a_strategy_that_is_said_to_be_wrong_is_the_open_one(visit: VisitAs) -> None:
    page = say(visit("fm-1"), "Entwicklung stimmt nicht", "C-2001")
    assert "Entwicklung ist nicht offen; offen ist" in words(page)


def test_who_wants_to_end_alg1_gets_to_its_form_and_never_to_the_strategy(visit: VisitAs) -> None:
    person = visit("fm-1")
    for text, link in (
        ("ALG I beenden", "art=alg1-ended"),
        ("ALG I endet 30.6.", "art=alg1-ended&amp;am=2026-06-30"),
        ("ALG I bis 31.12.", "art=alg1-ended&amp;am=2026-12-31"),
    ):
        page = say(person, text, "C-2001")
        assert page.status_code == 422
        assert not {"beenden", "endet"} & set(picks(page))
        assert f'href="/eintrag/C-2001?{link}"' in page.text


def test_the_end_of_a_job_leads_to_its_dialogue_with_the_day_typed(visit: VisitAs) -> None:
    page = say(visit("fm-1"), "Arbeit beendet zum 15.11.", "C-2001")
    assert page.status_code == 422
    assert "employment-ended" not in page.text
    start = page.text.partition('value="job-ended"')[0].rpartition("<form")[2]
    assert 'name="on" value="2026-11-15"' in start
    assert "C-2001" in start


def test_a_text_that_is_too_long_is_refused_whole(visit: VisitAs) -> None:
    person = visit("fm-1")
    page = say(person, "stimmt nicht", "C-2001")
    assert page.text.count("<h1") == 1
    assert 'maxlength="4000"' not in page.text
    typed = "Die Frist ist falsch. " * 200

    refused = reply(person, page, **{"wert.reason": typed})
    assert refused.status_code == 422
    assert "Das sind 399 Zeichen zu viel, möglich sind höchstens 4.000 Zeichen." in words(refused)
    assert typed in refused.text
