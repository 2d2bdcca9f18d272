"""The entries of a case: an appointment in one row, what was changed stays readable, what can be entered."""

from __future__ import annotations

import re

import httpx
import pytest

from services.office.office import Office
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_case import enter, kinds, number, ref
from tests.services.web.test_today import facts

OPTION = re.compile(r'<option value="([^"]*)"( selected)?>([^<]*)</option>')
OPEN_YEAR = re.compile(r'<details class="year" open>\s*<summary class="card__head">(\d{4})')


def chosen(page: httpx.Response, field: str) -> list[tuple[str, str, str]]:
    """The choices of a field: value, whether it is chosen, what it says."""
    return OPTION.findall(page.text.partition(f'id="f-{field}"')[2].partition("</select>")[0])


def take_back(person: Visit, what: str, why: str) -> httpx.Response:
    path = f"/zuruecknehmen/{ref(person, 'zuruecknehmen', what)}/C-1001"
    form = person.get(path).text
    return person.post(path, {"number": number(form), "step": "save", "warum": why})


def test_the_steps_of_an_appointment_are_one_row_that_unfolds(visit: VisitAs) -> None:
    page = visit("fm-1").get("/fall/C-1001")
    said = words(page)
    assert "Termin: erschienen Weg: persönlich 2 Schritte" in said
    assert "Termin: ungeklärt" in said
    assert re.search(r"26.11.2026 02.11.2026 Termin: geplant Weg: persönlich 2 Schritte Termin geplant", said)
    assert len(re.findall(r'<li id="e-[^"]+"', page.text)) == 6
    assert page.text.count("nacherfasst") == 2


def test_entries_are_chosen_by_their_heading(visit: VisitAs) -> None:
    person = visit("fm-1")
    said = words(person.get("/fall/C-1001", nur="Leistung und ALG I", datenstand="heute"))
    entries = said.partition("Einträge neueste zuerst")[2]
    assert "alle (16) Kontakt (4) Strategie (2) Leistung und ALG I (3)" in entries
    assert "ALG I bis" in entries
    assert "Termin: erschienen" not in entries
    assert "Termin: erschienen" in words(person.get("/fall/C-1001", nur="<b>"))


@on_both_databases
def test_what_was_withdrawn_is_read_on_demand(visit: VisitAs) -> None:
    person = visit("fm-1")
    take_back(person, "Termin: nicht erschienen", "Falscher Fall.")
    assert "auch Zurückgenommenes (1)" in words(person.get("/fall/C-1001"))
    assert "Termin: nicht erschienen zurückgenommen" not in words(person.get("/fall/C-1001"))
    said = words(person.get("/fall/C-1001", zurueckgenommen="ja"))
    assert "Termin: nicht erschienen zurückgenommen" in said
    assert "zurückgenommen am 20.11.2026, 09:00 von Brandt, Anna. Grund: Falscher Fall." in said
    assert "ohne Zurückgenommenes" in said
    qs = words(visit("qs-1").get("/fall/C-1001", zurueckgenommen="ja"))
    assert "Termin: nicht erschienen zurückgenommen" in qs
    assert "von fm-1. Grund: (nicht für Sie sichtbar)" in qs
    assert "Falscher Fall" not in qs


def test_a_correction_names_old_and_new_before_and_after_it_is_saved(visit: VisitAs) -> None:
    person = visit("fm-1")
    path = f"/berichtigen/{ref(person, 'berichtigen', 'Maßnahme begonnen')}/C-1001"
    form = person.get(path)
    assert ("FbW", " selected", "FbW, § 81 SGB III") in chosen(form, "type")
    data = {"on": "2026-05-04", "type": "coaching", "warum": "Verwechselt", "number": number(form.text)}
    shown = words(person.post(path, data))
    assert "Berichtigt wird: Maßnahme begonnen, 01.05.2026 · Tag: 01.05.2026 → wird zu 04.05.2026" in shown
    assert "Art der Maßnahme: FbW, § 81 SGB III → wird zu Coaching durch FM" in shown
    assert "Grund: Verwechselt" in shown
    said = words(person.post(path, {**data, "step": "save"}))
    assert "berichtigt am 20.11.2026, 09:00 von Brandt, Anna: Tag: 01.05.2026 → jetzt 04.05.2026" in said
    assert "Grund: Verwechselt" in said
    qs = words(visit("qs-1").get("/fall/C-1001"))
    assert "Coaching durch FM" in qs
    assert "Verwechselt" not in qs


def test_a_withdrawal_names_what_goes(visit: VisitAs) -> None:
    person = visit("fm-1")
    path = f"/zuruecknehmen/{ref(person, 'zuruecknehmen', 'Maßnahme beendet')}/C-1001"
    form = person.get(path).text
    said = words(person.post(path, {"number": number(form), "warum": "Läuft noch"}))
    assert "Zurückgenommen wird: Maßnahme beendet, 31.07.2026" in said


def test_what_cannot_be_undone_says_whose_entry_stands_above_it(visit: VisitAs, town: Office) -> None:
    person, lead = visit("fm-1"), visit("tl-1")
    form = person.get("/eintrag/C-2002", art="measure-started").text
    measure = re.search(r'name="measure" value="([0-9a-f]+)"', form)
    assert measure is not None
    data = {"art": "measure-started", "measure": measure[1], "on": "2026-11-18", "number": number(form), "step": "save"}
    done = person.post("/eintrag/C-2002", data).url.params["getan"]
    lead.get("/fall/C-2002")
    ending = lead.get("/eintrag/C-2002", art="measure-ended")
    data = {"art": "measure-ended", "on": "2026-11-19", "measure": measure[1], "step": "save"}
    assert "Eingetragen" in words(lead.post("/eintrag/C-2002", {**data, "number": number(ending.text)}))
    before = facts(town)
    answer = person.post("/rueckgaengig/C-2002", {"getan": done, "woher": "fall"})
    assert answer.status_code == 422
    assert "Maßnahme beendet, 19.11.2026, eingetragen am 20.11.2026 von Kern, Beate" in words(answer)
    link = re.search(r'href="/fall/C-2002#(e-[^"]+)"', answer.text)
    assert link is not None
    assert f'id="{link[1]}"' in person.get("/fall/C-2002").text
    assert facts(town) == before


@pytest.mark.parametrize(
    ("datenstand", "said", "alg1"),
    [
        ("20.02.2026 08:14", "am 20.02.2026 08:14 Uhr bekannt war", False),
        ("20.02.2026, 08:15 Uhr", "am 20.02.2026 08:15 Uhr bekannt war", True),
        ("20.02.2026 um 8:15", "am 20.02.2026 08:15 Uhr bekannt war", True),
        ("20.02.2026", "am Ende des 20.02.2026 bekannt war", True),
        ("19.02.2026", "am Ende des 19.02.2026 bekannt war", False),
        ("20.11.2026 09:00", "am 20.11.2026 09:00 Uhr bekannt war", True),
        ("jetzt", "laut Balken 537 Tage", True),
    ],
)
def test_a_datenstand_takes_a_time_and_says_which_it_used(
    visit: VisitAs, datenstand: str, said: str, alg1: bool
) -> None:
    page = visit("fm-1").get("/fall/C-1001", datenstand=datenstand)
    assert page.status_code == 200
    assert said in words(page)
    assert ("− ALG I" in words(page)) is alg1


@pytest.mark.parametrize(
    ("datenstand", "sentence"),
    [
        ("20.02.2026 24:00", "24:00 Uhr gibt es nicht"),
        ("20.02.2026 10:61", "10:61 Uhr gibt es nicht"),
        ("20.11.2026 09:01", "weiß heute noch niemand"),
        ("31.02.2026 10:00", "„31.02.2026“ ist kein Tag"),
        ("<b> 10:00", "„<b>“ ist kein Tag"),
    ],
)
def test_a_time_that_is_none_is_refused_at_its_field(visit: VisitAs, datenstand: str, sentence: str) -> None:
    page = visit("fm-1").get("/fall/C-1001", datenstand=datenstand)
    assert page.status_code == 422
    assert sentence in words(page)
    assert "<b>" not in page.text


def test_a_past_stichtag_opens_its_year_and_says_why_nothing_can_be_entered(visit: VisitAs) -> None:
    person = visit("fm-1")
    page = person.get("/fall/C-1001", stichtag="10.03.2019")
    assert OPEN_YEAR.findall(page.text) == ["2018"]
    assert "lässt sich nur im heutigen Stand, nicht an einem anderen Stichtag" in words(page)
    assert "Eintrag erfassen" not in words(page)
    assert OPEN_YEAR.findall(person.get("/fall/C-1001", stichtag="01.12.2025").text) == ["2025"]
    then = person.get("/fall/C-1001", datenstand="01.03.2026")
    assert "nicht zu einem früheren Datenstand" in words(then)
    assert "nur im heutigen Stand" not in words(person.get("/fall/C-1001"))
    assert "nur im heutigen Stand" not in words(visit("qs-1").get("/fall/C-1001", stichtag="10.03.2019"))


def test_what_is_entered_most_stands_first_and_the_rest_is_found(visit: VisitAs) -> None:
    person = visit("fm-1")
    assert kinds(person, "C-1001")[:4] == [
        "contact-held", "appointment-held", "appointment-missed", "appointment-planned",
    ]  # fmt: skip
    searched = {"telefonat": "contact-held", "massname": "measure-started", "übergabe ein": "handover-initiated"}
    for typed, name in searched.items():
        page = person.get("/eintrag/C-1001", suche=typed).text
        assert f'href="?art={name}"' in page.partition('id="gefunden"')[2].partition("</section>")[0]
    nothing = person.get("/eintrag/C-1001", suche='"><b>xyz')
    assert "keine Art von Eintrag" in words(nothing)
    assert "<b>" not in nothing.text


def test_what_cannot_succeed_is_not_offered(visit: VisitAs) -> None:
    person = visit("fm-1")
    offered = kinds(person, "C-2002")
    assert {"alg1-ended", "measure-ended", "employment-ended", "appointment-held"}.isdisjoint(offered)
    assert {"clock-pause-ended", "case-closed"}.isdisjoint(offered)
    page = person.get("/eintrag/C-2002", art="measure-ended")
    assert page.status_code == 422
    assert "„Maßnahme beendet“ lässt sich in diesem Fall gerade nicht eintragen" in words(page)
    enter(person, "strategy-bar-ended", "2026-11-18")
    assert "case-closed" in kinds(person, "C-2002")
    assert "strategy-reviewed" not in kinds(person, "C-2002")


@on_both_databases
def test_an_appointment_is_chosen_and_brings_its_day(visit: VisitAs) -> None:
    person = visit("fm-1")
    form = person.get("/eintrag/C-1001", art="appointment-held")
    choices = [(said, bool(selected)) for value, selected, said in chosen(form, "appointment") if value]
    assert choices == [("Mo., 16.11.2026 – geplant", True), ("Mi., 10.06.2026 – nicht erschienen", False)]
    assert "Ohne Angabe gilt der Tag des Termins." in words(form)
    assert form.text.index('id="f-appointment"') < form.text.index('id="f-on"')
    assert form.text.count('id="f-appointment"') == 1
    appointment = next(value for value, selected, _ in chosen(form, "appointment") if selected)
    data = {"art": "appointment-held", "appointment": appointment, "on": "", "number": number(form.text)}
    assert "Termin: erschienen , gültig ab 16.11.2026" in words(person.post("/eintrag/C-1001", data))
    assert "Eingetragen: Termin: erschienen" in words(person.post("/eintrag/C-1001", {**data, "step": "save"}))
    again = person.post("/eintrag/C-1001", {**data, "number": str(int(data["number"]) + 1), "step": "save"})
    assert again.status_code == 422
    assert "Der Termin steht schon auf „erschienen“." in words(again)
    assert re.search(r'id="f-appointment"[^>]*aria-invalid="true"[^>]*data-focus', again.text)
    nobody = person.post("/eintrag/C-1001", {**data, "appointment": "x", "number": "1"})
    assert nobody.status_code == 422
    assert "Bitte einen Tag angeben" in words(nobody)


@pytest.mark.parametrize(
    ("art", "more"), [("alg1-started", {}), ("employment-started", {"employment": "b" * 32, "kind": "sv-pflichtig"})]
)
def test_alg1_and_a_job_may_be_entered_ahead(visit: VisitAs, art: str, more: dict[str, str]) -> None:
    person = visit("fm-1")
    form = person.get("/eintrag/C-2002", art=art).text
    data = {"art": art, "on": "1.2.2027", "number": number(form), "step": "save", **more}
    page = person.post("/eintrag/C-2002", data)
    assert page.status_code == 200
    assert re.search(r"Eingetragen: [^.]+01\.02\.2027", words(page))


def test_no_field_asks_a_person_what_only_programs_know(visit: VisitAs) -> None:
    person = visit("tl-1")
    for kind in kinds(person, "C-1001"):
        form = person.get("/eintrag/C-1001", art=kind)
        assert not {"migrated", "survey", "rule", "old", "team"} & set(re.findall(r'id="f-([\w-]+)"', form.text)), kind
    form = person.get("/eintrag/C-1001", art="measure-started")
    assert ("coaching", "", "Coaching durch FM") in chosen(form, "type")
    assert ("other", "", "sonstiges") in chosen(person.get("/eintrag/C-1001", art="case-statement-given"), "category")


def test_a_statement_opened_from_a_task_carries_its_rule_and_text(visit: VisitAs) -> None:
    person = visit("fm-2")
    link = 'href="/eintrag/C-2003?art=case-statement-given&amp;regel=R-07"'
    assert link in person.get("/fall/C-2003").text
    assert link in person.get("/", fokus="C-2003").text + person.get("/").text
    form = person.get("/eintrag/C-2003", art="case-statement-given", regel="R-07")
    assert (
        "Stellungnahme zu: Handlungsstrategie Integration, aber seit 4 Monaten nicht im Vermittlungsbereich"
        in words(form)
    )
    assert 'type="hidden" name="rule" value="R-07"' in form.text
    data = {"art": "case-statement-given", "rule": "R-07", "on": "2026-11-20", "number": number(form.text)}
    wrong = person.post("/eintrag/C-2003", data)
    assert wrong.status_code == 422
    assert "Stellungnahme zu: Handlungsstrategie" in words(wrong)
    saved = person.post("/eintrag/C-2003", {**data, "category": "no-handover-in-time", "step": "save"})
    assert "Art: Übergabe war nicht rechtzeitig möglich · Regel: Integration außerhalb" in words(saved)
    for rule in ("R-99", "<b>"):
        page = person.get("/eintrag/C-2003", art="case-statement-given", regel=rule)
        assert 'name="rule"' not in page.text
        assert "<b>" not in page.text


@on_both_databases
def test_a_person_is_found_by_typing_and_brings_unit_and_area(visit: VisitAs) -> None:
    person = visit("fm-1")
    form = person.get("/eintrag/C-2001", art="handover-initiated")
    assert "<select" not in form.text.partition('id="f-to_worker"')[2].partition("</div>")[0]
    assert "Leer gelassen folgen Einheit und Bereich aus der Person." in words(form)
    sent = {"art": "handover-initiated", "number": number(form.text), "on": "20.11.2026", "step": "preview"}
    sent |= {"intended_strategy": "entwicklung"}
    nobody = person.post("/eintrag/C-2001", sent | {"to_worker": "Niemand <b>"})
    assert (nobody.status_code, "Zu „Niemand <b>“ ist niemand zu finden" in words(nobody)) == (422, True)
    assert 'value="Niemand &lt;b&gt;"' in nobody.text
    several = person.post("/eintrag/C-2001", sent | {"to_worker": "56.4"})
    assert several.status_code == 422
    few = re.findall(r'name="schnell.to_worker" value="([^"]+)"', several.text)
    assert 1 < len(few) <= 6
    assert all("56.4" in one for one in few)
    assert not any("Brandt" in one for one in few)  # who has the case
    there = person.post("/eintrag/C-2001", sent | {"to_worker": "Brandt"})
    assert (there.status_code, "Der Fall liegt dort schon, seit dem 20.05.2026." in words(there)) == (422, True)
    meant = person.post("/eintrag/C-2001", sent | {"to_worker": "56.4", "schnell.to_worker": few[1]})
    assert (meant.status_code, few[1].split(" · ")[0] in words(meant), "56.4" in words(meant)) == (200, True, True)


@on_both_databases
def test_a_provider_named_before_is_proposed_and_another_one_may_be_typed(visit: VisitAs) -> None:
    person = visit("fm-1")
    form = person.get("/eintrag/C-2002", art="measure-started").text
    assert "<datalist" not in form
    thing = re.search(r'name="measure" value="([0-9a-f]+)"', form)
    assert thing is not None
    data = {"art": "measure-started", "on": "18.11.2026", "number": number(form), "step": "save"}
    person.post("/eintrag/C-2002", {**data, "measure": thing[1], "provider": "Werk & <b>Stadt"})
    form = person.get("/eintrag/C-2001", art="measure-started").text
    assert '<option value="Werk &amp; &lt;b&gt;Stadt">' in form
    assert 'list="f-provider-bekannt"' in form
    assert "<datalist" not in visit("es-1").get("/eintrag/C-2001", art="measure-started").text
