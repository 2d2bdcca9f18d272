"""Termine: day and week, what became of appointments, own follow-ups, the calendar file and the letter."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import httpx
import pytest
from icalendar import Calendar

from domain.decisions.wishes import CorrectFact
from domain.facts import Stream, name_of
from domain.facts.contact import AppointmentPlanned
from domain.facts.own import OwnFollowUpSet
from domain.records import Entry
from services.casework import desk
from services.office.office import Office
from services.questions.due import Wanted, due
from services.records import rows
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_today import in_hand, open_dialogue, reply
from tests.services.web.town import append, entry

NAMED = re.compile(r'name="einzeln" value="held\|([^"]+)"')
VERSION = re.compile(r'name="stand" value="(\d+)"')
LETTER = re.compile(r'<pre id="brief">(.*?)</pre>', re.DOTALL)


OWN = re.compile(r"m-own-[0-9a-f]{32}")
DAY = "/termine?tag=2026-11-19"


def planned(
    office: Office,
    thing: str,
    time: str | None = None,
    place: str | None = None,
    day: str = "2026-11-19",
    recorded: str = "2026-11-02",
) -> None:
    fact = AppointmentPlanned(appointment=thing, time=time, place=place)
    add(office, "C-2001", entry(day, fact, recorded))


def add(office: Office, case: str, *entries: Entry) -> None:
    with office.write() as tx:
        key = append(tx, Stream.CASE, case, entries)
        rows.refresh(tx.conn, key, tx.store.records(tx.conn, key))


def recorded(office: Office, case: str) -> list[tuple[str, str, object]]:
    """The last facts of a case: name, day, fact."""
    with office.read() as tx:
        key = tx.store.key(tx.conn, Stream.CASE, case)
        assert key is not None
        return [(name_of(one.fact), str(one.on), one.fact) for one in tx.store.records(tx.conn, key, with_text=True)]


def found(pattern: re.Pattern[str], page: httpx.Response) -> str:
    match = pattern.search(page.text)
    assert match is not None
    return match[0]


def own(person: Visit, case: str, subject: str, due_on: str) -> httpx.Response:
    return reply(person, open_dialogue(person, "own", case), **{"wert.subject": subject, "wert.due_on": due_on})


@on_both_databases
def test_the_week_shows_times_places_and_who(visit: VisitAs, town: Office) -> None:
    planned(town, "B-2", "14:00", "Raum <2>")
    planned(town, "B-1", "08:30")
    page = visit("fm-1").get("/termine")
    said = words(page)
    assert "16.11.2026 bis 22.11.2026" in said
    assert said.index("08:30") < said.index("14:00 Meier, Jana C-2001 Raum <2>")
    assert "Raum &lt;2&gt;" in page.text
    assert "Meier" not in page.text.split("</title>")[0]
    assert "08:30" not in words(visit("fm-1").get("/termine?tag=2026-11-18"))
    assert "08:30" in words(visit("fm-1").get("/termine?tag=2026-11-19"))
    assert "08:30" not in words(visit("fm-2").get("/termine"))


def test_one_tap_says_what_became_of_it_and_is_taken_back(visit: VisitAs, town: Office) -> None:
    planned(town, "B-1", "08:30")
    person = visit("fm-1")
    named = NAMED.findall(person.get(DAY).text)[0]
    page = person.post("/termine", {"woche": "2026-11-16", "einzeln": f"missed-open|{named}"})
    assert "Meier, Jana · C-2001: Termin am 19.11.2026: nicht erschienen, Grund noch offen." in words(page)
    assert recorded(town, "C-2001")[-1][:2] == ("appointment-missed", "2026-11-19")
    again = person.post("/termine", {"woche": "2026-11-16", "einzeln": f"missed-open|{named}"})
    assert again.status_code == 422
    assert "schon auf „nicht erschienen“" in words(again)
    undone = person.post("/rueckgaengig/C-2001", {"getan": page.url.params["getan"], "woher": "termine"})
    assert undone.url.path == "/termine"
    assert recorded(town, "C-2001")[-1][0] == "fact-withdrawn"


def test_several_at_once_are_decisions_of_their_own(visit: VisitAs, town: Office) -> None:
    for thing in ("B-1", "B-2"):
        planned(town, thing)
    person = visit("fm-1")
    named = NAMED.findall(person.get(DAY).text)
    page = person.post("/termine", {"woche": "2026-11-16", "was": "held", "termin": [*named, named[0]]})
    assert len(page.url.params["getan"].split(",")) == 2
    assert page.text.count("Rückgängig") == 2
    assert [name for name, *_ in recorded(town, "C-2001")[-2:]] == ["appointment-held", "appointment-held"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"was": "held"}, "mindestens einen Termin"),
        ({"was": "x", "termin": "a|C-2001"}, "was aus dem Termin wurde"),
        ({"einzeln": "held|nichts|C-2001"}, "Diesen Termin gibt es nicht (mehr)."),
        ({"einzeln": "held|nichts|C-9999"}, "Diesen Termin gibt es nicht (mehr)."),
        ({"was": "held", "termin": [f"{one}|C-2001" for one in range(51)]}, "höchstens 50"),
    ],
)
def test_what_does_not_fit_is_said(visit: VisitAs, sent: dict[str, object], said: str) -> None:
    answer = visit("fm-1").post("/termine", {"woche": "2026-11-16", **sent})
    assert answer.status_code == 422
    assert said in words(answer)


def test_no_day_is_refused(visit: VisitAs) -> None:
    assert visit("fm-1").get("/termine?tag=31.02.2026").status_code == 422
    assert visit("fm-1").get("/termine.ics?woche=x").status_code == 422


@on_both_databases
def test_an_own_follow_up_is_set_moved_and_done(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    page = own(person, "C-2001", "Zeugnis <b>nachfragen</b>", "20.11.")
    assert "Wiedervorlage gesetzt, fällig 20.11.2026" in words(page)
    ((_, _, fact),) = [one for one in recorded(town, "C-2001") if one[0] == "own-follow-up-set"]
    assert isinstance(fact, OwnFollowUpSet)
    assert (fact.subject, fact.due_on) == ("Zeugnis <b>nachfragen</b>", dt.date(2026, 11, 20))
    assert "Eigene: Zeugnis <b>nachfragen</b>" in words(person.get("/"))
    task = person.get("/", offen=found(OWN, person.get("/")))
    assert "Wiedervorlage für Freitag, 20.11.2026: Zeugnis <b>nachfragen</b>" in words(task)
    assert "Zeugnis &lt;b&gt;nachfragen" in task.text
    listed = person.get("/termine")
    assert "Zeugnis &lt;b&gt;nachfragen" in listed.text
    assert "WV Meier, Jana C-2001 Zeugnis <b>nachfragen</b>" in words(listed)
    moved = person.post("/dialog", {"fall": "C-2001", "dialog": "own-move", "woher": "termine"})
    page = reply(person, moved, **{"wert.due_on": "27.11.", "woher": "termine"})
    assert page.url.path == "/termine"
    assert "Zeugnis" not in words(page)
    assert "Zeugnis" in words(person.get("/termine?tag=2026-11-27"))
    done = person.post("/dialog", {"fall": "C-2001", "dialog": "own-done", "woher": "termine"})
    assert "Meier, Jana · C-2001: Wiedervorlage erledigt, fällig war sie am 27.11.2026." in words(done)
    assert "Zeugnis" not in words(person.get("/termine?tag=2026-11-27"))
    again = person.post("/dialog", {"fall": "C-2001", "dialog": "own-done", "woher": "termine"})
    assert again.status_code == 422
    assert "keine eigene Wiedervorlage offen" in words(again)


def test_the_chat_sets_one_with_day_and_subject(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    page = person.post("/befehl", {"text": "wv 27.11. Zeugnis nachfragen", "fall": "C-2001"})
    assert "Freitag, 27.11.2026" in words(page)
    assert "Zeugnis nachfragen" in words(page)
    reply(person, page, tun="finish")
    fact = recorded(town, "C-2001")[-1][2]
    assert isinstance(fact, OwnFollowUpSet)
    assert (fact.subject, fact.due_on) == ("Zeugnis nachfragen", dt.date(2026, 11, 27))


def test_an_own_follow_up_in_the_past_or_about_nothing_is_refused(visit: VisitAs) -> None:
    person = visit("fm-1")
    page = open_dialogue(person, "own", "C-2001")
    answer = reply(person, page, **{"wert.subject": "x" * 201, "wert.due_on": "19.11.2026"})
    assert answer.status_code == 422
    assert "ist vorbei" in words(answer)
    assert "höchstens 200 Zeichen" in words(answer)
    assert "x" * 201 in answer.text


def test_what_was_corrected_is_shown_as_it_is_now(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    own(person, "C-2001", "Zeugnis", "20.11.")
    with town.read() as tx:
        case, worker = tx.store.key(tx.conn, Stream.CASE, "C-2001"), tx.store.key(tx.conn, Stream.PERSON, "fm-1")
        assert case is not None
        assert worker is not None
        target = tx.store.records(tx.conn, case, with_text=True)[-1].id
    wish = CorrectFact(target=target, reason="Schreibfehler", data={"subject": "Arbeitszeugnis"})
    desk.handle(town, case, wish, worker.hex)
    assert "Arbeitszeugnis" in words(person.get("/termine"))


def test_what_a_lead_sets_goes_to_that_lead_alone(visit: VisitAs, town: Office) -> None:
    fact = OwnFollowUpSet(follow_up="W-1", due_on=dt.date(2026, 11, 20), subject="Nachfrage")
    add(town, "C-2001", Entry(on=dt.date(2026, 11, 20), fact=fact, by="tl-1"))
    assert "Nachfrage" not in words(visit("fm-1").get("/termine"))
    assert "Eigene" not in words(visit("fm-1").get("/"))
    assert "C-2001 Nachfrage" in words(visit("tl-1").get("/termine"))
    with town.read() as tx:
        (row,) = due(tx, Wanted(rule="R-43"))["rows"]
    assert row["to"] == ["lead"]


def test_the_calendar_file_names_cases_by_number_alone(visit: VisitAs, town: Office) -> None:
    planned(town, "B-1", "08:30", "Raum 2")
    person = visit("fm-1")
    own(person, "C-2001", "Zeugnis", "20.11.")
    answer = person.get("/termine.ics?woche=2026-11-16")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="termine-2026-11-16.ics"'
    lines = answer.text.split("\r\n")
    assert "SUMMARY:Termin C-2001" in lines
    assert "SUMMARY:Wiedervorlage C-2001" in lines
    assert "DTSTART:20261119T073000Z" in lines
    assert "DTSTART;VALUE=DATE:20261120" in lines
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") >= 2
    assert all(len(line.encode()) <= 75 for line in lines)
    for told in ("Meier", "Jana", "Raum", "Zeugnis"):
        assert told not in answer.text


def test_one_entry_or_task_goes_into_the_calendar_by_itself(visit: VisitAs, town: Office) -> None:
    planned(town, "B-1", "08:30", "Raum 2", "2026-11-24")
    person = visit("fm-1")
    own(person, "C-2001", "Zeugnis", "25.11.")
    page = person.get("/termine?woche=2026-11-23")
    links = [unescape(one) for one in re.findall(r'"(/termine\.ics\?[^"]*nur=[^"]+)"', page.text)]
    found = {entry_of(person.get(link)): link for link in links}
    appointment = found["Termin C-2001", "2026-11-24 07:30:00+00:00"]
    assert set(found) >= {("Wiedervorlage C-2001", "2026-11-25"), ("Termin C-1001", "2026-11-26")}
    assert person.get(f"{appointment}x").status_code == 404
    before = sequence(person.get(appointment))
    planned(town, "B-1", "09:30", "Raum 3", "2026-11-24", recorded="2026-11-03")
    assert sequence(person.get(appointment)) > before
    assert entry_of(person.get(appointment)) == ("Termin C-2001", "2026-11-24 08:30:00+00:00")
    tasks = set(re.findall(r'"(/aufgabe\.ics[^"]+)"', person.get("/", thema="review").text))
    said, day = entry_of(person.get(tasks.pop()))
    assert said.startswith("Überprüfung C-")
    assert day >= "2026-11-20"
    for wrong in ("/aufgabe.ics", "/aufgabe.ics?zeile=m-appointment", "/aufgabe.ics?zeile=%0d<b>"):
        assert person.get(wrong).status_code == 404


def entry_of(answer: httpx.Response) -> tuple[str, str]:
    """Words and begin of the only entry."""
    (event,) = Calendar.from_ical(answer.text).walk("VEVENT")
    return str(event["SUMMARY"]), str(event.decoded("DTSTART"))


def sequence(answer: httpx.Response) -> int:
    """How often it was changed, as a calendar counts it."""
    (event,) = Calendar.from_ical(answer.text).walk("VEVENT")
    return int(event["SEQUENCE"])


def version(page: httpx.Response) -> dict[str, str]:
    """The field that says how the case stood when the page was shown."""
    return {"stand": VERSION.findall(page.text)[0]}


def plan(person: Visit, **given: str) -> httpx.Response:
    """Planned in the case, checked and decided."""
    page = open_dialogue(person, "plan", "C-2001", woher="fall")
    fields = {"time": "10.30 Uhr", "place": "Raum 2.14", "channel": "personal", "invited": "letter", "on": "26.11."}
    sent = {f"wert.{key}": value for key, value in {**fields, **given}.items()}
    page = reply(person, page, **sent, woher="fall")
    return reply(person, page, tun="finish", woher="fall") if page.status_code == 200 else page


def test_an_appointment_with_its_invitation_takes_four_clicks(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    page = plan(person)  # open, Weiter, Termin planen
    assert page.url.path == "/einladung/C-2001"
    text = LETTER.search(page.text)
    assert text is not None
    assert "Guten Tag Jana Meier" in text[1]
    assert "Donnerstag, 26.11.2026, 10:30 Uhr\nRaum 2.14" in text[1]
    assert "Rechtsfolgen" not in text[1]
    ref = page.url.params["termin"]
    with_notice = person.get(f"/einladung/C-2001?termin={ref}&belehrung=1")
    assert "§ 32 SGB II" in with_notice.text
    sent = person.post("/einladung/C-2001", {"termin": ref, "belehrung": "1", "on": "20.11.", **version(page)})
    assert sent.url.path == "/fall/C-2001"
    name, on, fact = recorded(town, "C-2001")[-1]
    assert (name, on, getattr(fact, "legal_notice", None)) == ("appointment-invited", "2026-11-20", True)
    ((_, day, said),) = [one for one in recorded(town, "C-2001") if one[0] == "appointment-planned"][-1:]
    assert isinstance(said, AppointmentPlanned)
    assert (day, said.time, said.place, said.channel) == ("2026-11-26", "10:30", "Raum 2.14", "personal")


@pytest.mark.parametrize("time", ["24:00", "10:60", "zehn", "10:00 und 11:00", "<b>", "x" * 100])
def test_what_is_no_time_is_refused_and_nothing_is_lost(visit: VisitAs, time: str) -> None:
    answer = plan(visit("fm-1"), time=time)
    assert answer.status_code == 422
    assert "ist keine Uhrzeit. Bitte als HH:MM angeben" in words(answer)
    assert "Raum 2.14" in answer.text


@pytest.mark.parametrize(("typed", "kept"), [("10", "10:00"), ("10h", "10:00"), ("um 9.05 Uhr", "09:05"), ("", None)])
def test_times_as_people_write_them(visit: VisitAs, town: Office, typed: str, kept: str | None) -> None:
    plan(visit("fm-1"), time=typed, invited="no")
    fact = recorded(town, "C-2001")[-1][2]
    assert isinstance(fact, AppointmentPlanned)
    assert fact.time == kept


@pytest.mark.parametrize(("on", "said"), [("21.11.2026", "liegt in der Zukunft"), ("gestern abend", "ist kein Tag")])
def test_the_day_an_invitation_left_is_checked(visit: VisitAs, on: str, said: str) -> None:
    person = visit("fm-1")
    page = plan(person)
    ref = page.url.params["termin"]
    answer = person.post("/einladung/C-2001", {"termin": ref, "on": on, **version(page)})
    assert answer.status_code == 422
    assert said in words(answer)
    assert person.post("/einladung/C-2001", {"termin": "x", "on": "20.11."}).status_code == 404
    assert visit("fm-2").get(f"/einladung/C-2001?termin={ref}").status_code == 403


def test_a_call_is_one_click_and_one_choice(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    page = open_dialogue(person, "call", "C-2001", woher="fall")
    answer = reply(person, page, **{"wert.on": "20.11.2026", "wert.call": "not-reached", "woher": "fall"})
    assert "Kontakt eingetragen" in words(answer)
    name, on, fact = recorded(town, "C-2001")[-1]
    assert (name, on) == ("contact-held", "2026-11-20")
    said = (getattr(fact, "channel", ""), getattr(fact, "direction", ""), getattr(fact, "outcome", ""))
    assert said == ("phone", "out", "not-reached")


def test_the_letter_says_that_the_appointment_is_saved_and_takes_it_back(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    page = plan(person)
    assert "Meier, Jana · C-2001: Termin geplant, 26.11.2026." in words(page)
    undone = person.post("/rueckgaengig/C-2001", {"getan": page.url.params["getan"], "woher": "fall"})
    assert undone.url.path == "/fall/C-2001"
    assert recorded(town, "C-2001")[-1][0] == "fact-withdrawn"
    other = person.get(f"/einladung/C-2001?termin={page.url.params['termin']}&getan={page.url.params['getan']}")
    assert other.status_code == 404


def test_an_invitation_is_out_once_however_often_it_is_sent(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    page = plan(person)
    sent = {"termin": page.url.params["termin"], "on": "20.11.", **version(page)}
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda _: person.post("/einladung/C-2001", sent).status_code, range(2)))
    assert sorted(answers) == [200, 409]
    assert [one[0] for one in recorded(town, "C-2001")].count("appointment-invited") == 1


def test_a_name_with_a_comma_is_one_name(visit: VisitAs, town: Office) -> None:
    with town.write() as tx:
        key = tx.store.key(tx.conn, Stream.CASE, "C-2001")
        assert key is not None
        town.vault.put_names(tx.conn, key, {"last_name": "Meier, geb. Frei", "first_name": "Jana"})
    text = LETTER.search(plan(visit("fm-1")).text)
    assert text is not None
    assert "Guten Tag Jana Meier, geb. Frei" in text[1]


def test_two_appointments_of_one_case_are_told_apart(visit: VisitAs, town: Office) -> None:
    for thing, time in (("B-1", "08:30"), ("B-2", "09:00")):
        planned(town, thing, time)
    person = visit("fm-1")
    page = person.get(DAY)
    labels = re.findall(r'aria-label="([^"]+: [^"]+)"', page.text)
    assert len(labels) == len(set(labels))
    assert "erschienen: Meier, Jana · C-2001, 19.11.2026, 08:30 Uhr" in labels
    assert page.text.count(">Heute<") == 1


def test_what_is_odd_about_an_appointment_is_said_before_it_is_saved(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    plan(person, on="05.12.2026", invited="no")
    for case, said in (("C-2001", "schon ein anderer Termin in diesem Fall."), ("C-2002", "Termin zu C-2001.")):
        page = open_dialogue(person, "plan", case, woher="fall")
        sent = {"time": "10:30", "place": "", "channel": "personal", "invited": "no", "on": "05.12.2026"}
        page = reply(person, page, **{f"wert.{key}": value for key, value in sent.items()}, woher="fall")
        assert "Samstag, 05.12.2026 ist kein Arbeitstag." in words(page)
        assert said in words(page)
        reply(person, page, tun="cancel", woher="fall")


def test_an_appointment_stands_with_its_time_wherever_it_is_told(visit: VisitAs, town: Office) -> None:
    planned(town, "B-1", "08:30")
    person = visit("fm-1")
    case = person.get("/fall/C-2001")
    assert "<title>19.11.2026, 08:30: ungeklärt</title>" in case.text
    assert ", 08:30</td>" in case.text  # the table has it, too
    assert "Termin am Donnerstag, 19.11.2026, 08:30 Uhr: Der Status steht noch auf „geplant“." in words(case)
    planned(town, "B-2", "11:15", day="2026-11-30")
    assert re.search(r"Nächster Termin Mo\., 30\.11\.2026 ?, 11:15 Uhr", words(person.get("/fall/C-2001")))
    assert re.search(r"Do\., 19\.11\.(2026)? ?, 08:30 Uhr", words(in_hand(person, "Termine", "appointment")))


def test_what_is_odd_is_said_before_an_appointment_is_entered_by_form(visit: VisitAs) -> None:
    person = visit("fm-1")
    form = person.get("/eintrag/C-2001", art="appointment-planned")
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.text))
    sent = {**hidden, "on": "15.11.2026", "time": "06:30", "channel": "personal", "step": "preview"}
    page = person.post("/eintrag/C-2001", sent)
    for sentence in (
        "Sonntag, 15.11.2026 liegt in der Vergangenheit.",
        "Sonntag, 15.11.2026 ist kein Arbeitstag.",
        "06:30 Uhr ist für einen Termin ungewöhnlich.",
    ):
        assert sentence in words(page)


def test_of_two_on_one_day_the_typed_time_says_which(visit: VisitAs, town: Office) -> None:
    for thing, time in (("B-1", "08:30"), ("B-2", "09:00")):
        planned(town, thing, time)
    person = visit("fm-1")
    page = person.post("/befehl", {"text": "erschienen 19.11. 9 Uhr", "fall": "C-2001"})
    reply(person, page, tun="finish")
    name, _, held = recorded(town, "C-2001")[-1]
    assert (name, getattr(held, "appointment", "")) == ("appointment-held", "B-2")
