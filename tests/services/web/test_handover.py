"""Handing a case over on the pages, and saying that a reminder is wrong."""

from __future__ import annotations

import re

from sqlalchemy import select

from services.office.office import Office
from services.records.tables import actions, messages, views
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_api import send
from tests.services.web.test_today import facts, open_dialogue, reply

TO = "56.4|jobakademie|ja-1"
TASK = "Aksoy, Deniz C-2002 Überprüfung"


def hand_over(worker: Visit, reason: str = "") -> str:
    page = open_dialogue(worker, "handover", "C-2002")
    given = {"wert.to": TO, "wert.reason": reason, "wert.intended_strategy": "entwicklung"}
    page = reply(worker, page, **given)
    assert "kommt hinzu" in words(page) or "ändert sich" in words(page)
    return words(reply(worker, page, tun="finish"))


@on_both_databases
def test_an_open_handover_silences_the_giver_and_stands_with_the_receiver(visit: VisitAs, town: Office) -> None:
    giver, receiver, lead = visit("fm-1"), visit("ja-1"), visit("tl-1")
    assert TASK in words(giver.get("/"))
    said = hand_over(giver, "Die Unterlagen liegen in der Akte.")
    assert TASK not in said
    assert "Vertretung für" not in said  # the names of an offer are no names of somebody stood in for
    assert "Übergabe an Yilmaz, Deniz" in words(giver.get("/fall/C-2002"))
    assert "Übergabe an Yilmaz, Deniz" not in words(giver.get("/fall/C-2002", stichtag="19.11.2026"))
    assert "Aksoy, Deniz C-2002 an Yilmaz, Deniz, seit 20.11.2026 Zurücknehmen" in said
    offered = words(receiver.get("/"))
    assert "Aksoy, Deniz C-2002 Übergabe an Sie wartet seit Fr., 20.11." in offered
    assert "Brandt, Anna übergibt Ihnen den Fall (56.4, Jobakademie); vorgesehen ist Entwicklung." in offered
    assert "Die Unterlagen liegen in der Akte." in offered
    assert "0 überfällig · 1 heute" in offered
    assert "Aksoy, Deniz · C-2002 20.11.2026 Brandt, Anna Yilmaz, Deniz · 56.4 · Jobakademie" in words(
        lead.get("/team")
    )
    assert re.search(r'<a href="/fall/C-2002">Aksoy, Deniz', lead.get("/team").text)  # the lead has the case, too
    before = facts(town)
    page = open_dialogue(receiver, "accept-handover", "C-2002")
    assert 'value="entwicklung" id=' in page.text
    page = reply(receiver, page, **{"wert.strategy": "entwicklung", "wert.briefing_done": "no"})
    assert "Übergabe angenommen: Entwicklung" in words(reply(receiver, page, tun="finish"))
    assert facts(town) == before + 5
    told = words(giver.get("/"))
    assert "C-2002 · Antwort Yilmaz, Deniz hat den Fall übernommen. Gelesen" in told
    assert "Aksoy, Deniz · C-2002" not in told  # it is not the giver's case any more
    assert "an Yilmaz, Deniz, seit" not in words(giver.get("/"))


def test_the_receiver_is_found_by_typing(visit: VisitAs) -> None:
    giver = visit("fm-1")
    page = open_dialogue(giver, "handover", "C-2002")
    assert "Weber, Karl · 56.4 · Fallmanagement" in words(page)
    none = reply(giver, page, wert="Yilmas")
    assert none.status_code == 422
    assert "Zu „Yilmas“ ist niemand zu finden" in words(none)
    several = words(reply(giver, page, wert="56.4"))
    assert "Zu „56.4“ passen 2 Personen. Bitte eine wählen." in several
    assert "Fremd, Ines" not in several
    page = reply(giver, page, wert="yil")
    assert "Yilmaz, Deniz · 56.4 · Jobakademie" in words(page)
    assert "Welche Handlungsstrategie ist vorgesehen?" in words(page)


def test_a_rejected_handover_comes_back_with_its_reason(visit: VisitAs) -> None:
    giver, receiver = visit("fm-1"), visit("ja-1")
    hand_over(giver)
    page = open_dialogue(receiver, "reject-handover", "C-2002")
    page = reply(receiver, page, wert="In der Jobakademie ist kein Platz frei.")
    reply(receiver, page, tun="finish")
    said = words(giver.get("/"))
    assert TASK in said
    assert "Yilmaz, Deniz übernimmt den Fall nicht. In der Jobakademie ist kein Platz frei." in said
    assert "Nichts fällig" in words(receiver.get("/"))


def test_who_may_hand_over_and_who_may_take(visit: VisitAs) -> None:
    giver, other, receiver = visit("fm-1"), visit("fm-2"), visit("ja-1")
    assert other.post("/dialog", {"fall": "C-2002", "dialog": "handover"}).status_code == 403
    assert receiver.post("/dialog", {"fall": "C-2002", "dialog": "accept-handover"}).status_code == 403
    hand_over(giver)
    assert giver.post("/dialog", {"fall": "C-2002", "dialog": "accept-handover"}).status_code == 403
    assert receiver.post("/dialog", {"fall": "C-2002", "dialog": "withdraw-handover"}).status_code == 403
    page = open_dialogue(giver, "withdraw-handover", "C-2002")
    page = reply(giver, page, wert="Das war der falsche Fall.")
    assert TASK in words(reply(giver, page, tun="finish"))


@on_both_databases
def test_what_is_wrong_is_told_to_leads_and_qs_and_the_task_stays(visit: VisitAs, town: Office) -> None:
    worker, lead, qs = visit("fm-1"), visit("tl-1"), visit("qs-1")
    before = facts(town)
    page = open_dialogue(worker, "dispute", "C-2002")
    assert "mindestens 10 Zeichen" in words(reply(worker, page, wert="falsch"))
    said = words(reply(worker, worker.get("/"), wert="Die Kundin ist seit Oktober <b>umgezogen</b>."))
    assert "Als falsch gemeldet" in said
    assert f"{TASK} als falsch gemeldet" in said
    assert facts(town) == before
    with town.read() as tx:
        assert "umgezogen" not in str(tx.conn.execute(select(messages.c.data)).all())
    assert "Eine Rückmeldung „Das stimmt nicht“ lesen" in words(qs.get("/qs"))
    with town.read() as tx:  # opened without a question the page shows no case, so nothing is logged
        assert not tx.conn.execute(select(views.c.person)).all()
    for reader, path in ((lead, "/team"), (qs, "/qs/rueckmeldungen")):
        page = reader.get(path)
        assert "Förderzeit AV/AGS, fällig 20.11.2026" in words(page)
        assert "<b>umgezogen" not in page.text
        assert "umgezogen" in page.text
    assert "gemeldet von" not in words(qs.get("/qs/rueckmeldungen"))  # no name for who may not see names
    with town.read() as tx:
        logged = tx.conn.execute(select(views.c.person, views.c.purpose).where(views.c.case_key.is_not(None))).all()
        assert {purpose for _, purpose in logged} == {"supervision", "quality"}
    note = page.text.split('action="/rueckmeldung/')[1].split('"')[0]
    assert "umgezogen" not in qs.post(f"/rueckmeldung/{note}", {}).text
    assert "umgezogen" in lead.get("/team").text
    opened = open_dialogue(worker, "dispute", "C-2002").text  # no button offers that any more
    again = worker.get("/dialog/" + opened.split('action="/dialog/')[1].split('"')[0])
    assert "schon gemeldet" in words(reply(worker, again, wert="Noch einmal dasselbe."))
    worker.post("/rueckgaengig/C-2002", {"getan": done(town), "woher": "heute"})
    assert "umgezogen" not in lead.get("/team").text


def test_what_was_said_of_a_case_stays_behind_when_it_goes_to_another_unit(visit: VisitAs) -> None:
    worker, lead = visit("fm-1"), visit("tl-1")
    reply(worker, open_dialogue(worker, "dispute", "C-2002"), wert="Die Kundin ist umgezogen.")
    assert "umgezogen" in lead.get("/team").text
    there = {"worker": "fm-9", "unit": "56.5", "area": "av-ags"}
    assigned = {"fact": "responsibility-assigned", "on": "2026-11-20", "data": there}
    said = "Die Zuständigkeit wechselt durch eine Übergabe; direkt zuweisen kann nur die Führungskraft."
    answer = send(worker, assigned, "C-2002")
    assert (answer.status_code, answer.json()["detail"]) == (422, [{"field": "worker", "reason": said}])
    assert send(lead, assigned, "C-2002").status_code == 201
    assert "umgezogen" not in lead.get("/team").text


def done(town: Office) -> str:
    """The last decision."""
    with town.read() as tx:
        found: str = (
            tx.conn.execute(select(actions.c.correlation_id).order_by(actions.c.at.desc())).scalars().first() or ""
        )
    return found
