"""Several cases chosen in the list: one answer, for each its own decision and its own way back, or for none."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from domain.facts import Stream
from domain.facts.contact import AppointmentInvited, AppointmentPlanned
from services.dialogues import several
from services.office.office import Office
from services.records import tables
from tests.conftest import on_both_databases
from tests.served import words
from tests.services.web.conftest import VisitAs

PLAN = {"tun": "plan", "channel": "personal", "invited": "yes", "on": "Do., 03.12.2026"}
UNDO = re.compile(r'action="(/rueckgaengig/[^"]+)">\s*<input[^>]*>\s*<input type="hidden" name="getan" value="(\w+)"')


def planned(office: Office, number: str) -> list[str]:
    """The days of the appointments of a case that were planned and invited to."""
    with office.read() as tx:
        key = tx.store.key(tx.conn, Stream.CASE, number)
        assert key is not None
        facts = [(one.on.isoformat(), one.fact) for one in tx.store.records(tx.conn, key)]
    days = [on for on, fact in facts if isinstance(fact, AppointmentPlanned)]
    return [*days, *("invited" for _, fact in facts if isinstance(fact, AppointmentInvited))]


@on_both_databases
def test_several_are_invited_and_each_can_be_taken_back(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    asked = person.client.get("/faelle/auswahl?tun=plan&fall=C-2001&fall=C-2002")
    assert "Meier, Jana · C-2001" in words(asked)
    assert "Aksoy, Deniz · C-2002" in words(asked)
    done = person.post("/faelle/auswahl", {**PLAN, "fall": ["C-2001", "C-2002"]})
    assert done.url.path == "/faelle"
    assert words(done).count("Termin geplant") == 2
    assert planned(town, "C-2002") == ["2026-12-03", "invited"]
    assert planned(town, "C-2001") == ["2026-10-20", "2026-12-03", "invited"]
    undo = dict(UNDO.findall(done.text))
    assert set(undo) == {"/rueckgaengig/C-2001", "/rueckgaengig/C-2002"}
    person.post("/rueckgaengig/C-2002", {"getan": undo["/rueckgaengig/C-2002"], "woher": "heute"})
    with town.read() as tx:
        undone = tx.conn.execute(select(tables.actions.c.undone_at).where(tables.actions.c.wish == "plan-appointment"))
        assert sorted(one is not None for one in undone.scalars()) == [False, True]


@on_both_databases
def test_what_one_case_refuses_is_stored_for_none(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    before = [planned(town, number) for number in ("C-2001", "C-2002")]
    answer = person.post("/faelle/auswahl", {**PLAN, "on": "01.12.2025", "fall": ["C-2001", "C-2002"]})
    assert answer.status_code == 422
    assert "darf nicht in der Vergangenheit liegen" in words(answer)
    assert 'value="01.12.2025"' in answer.text
    for day in ("", "32.13.", "x" * 5000, "<b>"):
        assert person.post("/faelle/auswahl", {**PLAN, "on": day, "fall": "C-2001"}).status_code == 422
    assert person.post("/faelle/auswahl", {**PLAN, "channel": "taube", "fall": "C-2001"}).status_code == 422
    hand = {"tun": "handover", "to": "56.5|av-ags|fm-9", "reason": "", "intended_strategy": "integration"}
    assert person.post("/faelle/auswahl", {**hand, "fall": "C-2001"}).url.path == "/faelle"
    answer = person.post("/faelle/auswahl", {**hand, "fall": ["C-2001", "C-2002"]})
    assert answer.status_code == 422
    assert "Bei einem Fall geht es so nicht" in words(answer)
    assert "Eine Übergabe wartet schon auf Annahme" in words(answer)
    assert answer.text.count('name="fall"') == 2
    assert re.search(r'value="C-2002" checked', answer.text)
    assert not re.search(r'value="C-2001" checked', answer.text)
    assert [planned(town, number) for number in ("C-2001", "C-2002")] == before


def test_who_is_to_have_them_is_typed(visit: VisitAs) -> None:
    person = visit("fm-1")
    hand = {"tun": "handover", "reason": "", "intended_strategy": "integration", "fall": ["C-2001", "C-2002"]}
    answer = person.post("/faelle/auswahl", {**hand, "to": "56.4"})
    assert answer.status_code == 422
    assert "passen 2 Personen" in words(answer)
    assert "Weber, Karl" in words(answer)
    assert "niemand zu finden" in words(person.post("/faelle/auswahl", {**hand, "to": "Niemand"}))
    done = person.post("/faelle/auswahl", {**hand, "to": "Weber"})
    assert done.url.path == "/faelle"
    assert words(done).count("Übergabe eingeleitet") == 2


def test_what_is_odd_about_the_appointments_is_said_once_before_they_are_planned(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    sent = {**PLAN, "on": "05.12.2026", "time": "22 Uhr", "fall": ["C-2001", "C-2002"]}
    asked = person.post("/faelle/auswahl", sent)
    assert asked.status_code == 422
    for sentence in (
        "Samstag, 05.12.2026 ist kein Arbeitstag.",
        "22:00 Uhr ist für einen Termin ungewöhnlich.",
        "Beide Termine beginnen um 22:00 Uhr.",
    ):
        assert sentence in words(asked)
    assert planned(town, "C-2002") == []
    seen = re.search(r'name="gesehen" value="([^"]+)"', asked.text)
    assert seen is not None
    other = person.post("/faelle/auswahl", {**sent, "on": "06.12.2026", "gesehen": seen[1]})
    assert "Sonntag, 06.12.2026 ist kein Arbeitstag." in words(other)  # another day is asked about anew
    assert person.post("/faelle/auswahl", {**sent, "gesehen": seen[1]}).url.path == "/faelle"
    assert planned(town, "C-2002") == ["2026-12-05", "invited"]


def test_the_day_is_asked_before_its_time(visit: VisitAs) -> None:
    asked = visit("fm-1").client.get("/faelle/auswahl?tun=plan&fall=C-2001").text
    assert asked.index('name="on"') < asked.index('name="time"') < asked.index('name="place"')


def test_several_get_a_wiedervorlage(visit: VisitAs) -> None:
    own = {"tun": "own", "subject": "Unterlagen prüfen", "due_on": "30.11.2026", "fall": ["C-2001", "C-2002"]}
    done = visit("fm-1").post("/faelle/auswahl", own)
    assert (done.url.path, len(UNDO.findall(done.text))) == ("/faelle", 2)


def test_only_cases_one_works_and_not_too_many(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    answer = person.post("/faelle/auswahl", {**PLAN, "fall": ["C-2003", "C/3.001", "X", "<b>"]})
    assert answer.status_code == 422
    assert "mindestens einen Fall auswählen" in words(answer)
    assert person.get("/faelle/auswahl", tun="plan").status_code == 422
    assert person.get("/faelle/auswahl", tun="end", fall="C-2001").status_code == 422
    assert "C-2003" not in person.client.get("/faelle/auswahl?tun=plan&fall=C-2001&fall=C-2003").text
    assert planned(town, "C-2003") == []


def test_what_is_offered_for_several() -> None:
    assert several.MOST == 100
    assert {one.name for one in several.offered()} <= set(several.OFFERED)
    assert {"plan", "own", "handover"} <= {one.name for one in several.offered()}


@on_both_databases
def test_what_is_sent_twice_at_once_is_decided_once(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    for tun, more in (("plan", PLAN), ("own", {"subject": "Zeugnis", "due_on": "03.12.2026"})):
        asked = person.get(f"/faelle/auswahl?tun={tun}&fall=C-2001&fall=C-2002")
        shown = dict(re.findall(r'name="(stand[^"]+)" value="(\d+)"', asked.text))
        sent = {**more, "tun": tun, "fall": ["C-2001", "C-2002"], **shown}
        with ThreadPoolExecutor(2) as both:
            answers = list(both.map(lambda _, sent=sent: person.post("/faelle/auswahl", sent), range(2)))
        assert sorted(one.status_code for one in answers) == [200, 422]
        assert re.search(r'value="C-2001"(?! checked)', next(one for one in answers if one.status_code == 422).text)
    assert planned(town, "C-2002") == ["2026-12-03", "invited"]
    with town.read() as tx:
        wishes = tx.conn.execute(select(tables.actions.c.wish)).scalars().all()
    assert sorted(wishes) == ["plan-appointment", "plan-appointment", "set-own", "set-own"]
