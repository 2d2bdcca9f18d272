"""The page of a case: numbers opened into entries, two dates, forms with a preview, correcting and withdrawing."""

from __future__ import annotations

import re

import pytest

from services.office.office import Office
from services.operations import erasure
from services.questions import caselist
from services.web.case import entries
from services.web.words import dates
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_today import facts, open_dialogue, reply, request_extension

REF = r'href="/{}/([^/]+)/C-1001" aria-label="{}'


def ref(person: Visit, verb: str, what: str) -> str:
    found = re.search(REF.format(verb, what), person.get("/fall/C-1001").text)
    assert found is not None
    return found[1]


def number(page: str) -> str:
    found = re.search(r'name="number" value="(\d+)"', page)
    assert found is not None
    return found[1]


@on_both_databases
def test_every_clock_opens_into_its_entries(visit: VisitAs) -> None:
    page = visit("fm-1").get("/fall/C-1001")
    said = words(page)
    assert "laut Balken 537 Tage" in said
    assert "− ALG I 88 Tage 05.11.2025 – 31.01.2026" in said
    assert "= bereinigt 449 Tage" in said
    assert "Abweichung" in said
    for target in re.findall(r'href="#(e-[^"]+)"', page.text):
        assert f'id="{target}"' in page.text


def test_the_picture_and_the_table_say_the_same(visit: VisitAs) -> None:
    page = visit("fm-1").get("/fall/C-1001").text
    drawn = set(re.findall(r"<title>([^<]*), [^<,]* bis", page))
    table = page[page.index("Verlauf als Tabelle") :]
    assert drawn
    assert all(text in table for text in drawn)


def test_late_entries_are_marked_by_a_word(visit: VisitAs) -> None:
    assert visit("fm-1").get("/fall/C-1001").text.count("nacherfasst") == 2


def test_a_datenstand_to_come_is_refused(visit: VisitAs) -> None:
    answer = visit("fm-1").get("/fall/C-1001", datenstand="2026-11-21")
    assert answer.status_code == 422
    assert "weiß heute noch niemand" in words(answer)


@on_both_databases
def test_a_former_datenstand_shows_what_was_known(visit: VisitAs) -> None:
    said = words(visit("fm-1").get("/fall/C-1001", stichtag="2026-02-01", datenstand="2026-02-01"))
    assert "noch nicht erfasst" in said
    assert "ALG I" not in said.split("Einträge")[0].split("Verlauf")[0].replace("Eintrag", "")
    assert "berichtigen" not in said


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"stichtag": "30.02.2026"}, "„30.02.2026“ ist kein Tag. Bitte als TT.MM.JJJJ angeben"),
        ({"datenstand": "<b>"}, "„<b>“ ist kein Tag"),
        ({"datenstand": "9999-12-31T23:59:59-12:00"}, "Diesen Zeitpunkt gibt es nicht"),
        ({"stichtag": "9999-12-31"}, "Das Jahr 9999 geht hier nicht"),
        ({"stichtag": "20.11.2040"}, "Das Jahr 2040 geht hier nicht"),
    ],
)
def test_a_day_that_is_none_is_named_at_its_field(visit: VisitAs, query: dict[str, str], sentence: str) -> None:
    answer = visit("fm-1").get("/fall/C-1001", **query)
    assert answer.status_code == 422
    assert sentence in words(answer)
    [(field, typed)] = query.items()
    assert f'aria-describedby="{field}-falsch" aria-invalid="true"' in answer.text
    assert f'name="{field}" value="{dates.typed(typed).replace("<b>", "&lt;b&gt;")}"' in answer.text


def test_days_are_written_as_germans_write_them(visit: VisitAs) -> None:
    person = visit("fm-1")
    page = person.get("/fall/C-1001", stichtag="1.2.2026", datenstand="heute")
    assert 'name="stichtag" value="01.02.2026"' in page.text
    assert 'name="datenstand" value="heute"' in page.text
    assert 'type="date"' not in page.text
    form = person.get("/eintrag/C-2002", art="measure-started").text
    assert 'name="on" value="20.11.2026"' in form
    data = {"art": "measure-started", "measure": "m" * 32, "on": "gestern", "planned_end": "Ende Februar"}
    shown = person.post("/eintrag/C-2002", {**data, "number": number(form)})
    assert "gültig ab 19.11.2026" in words(shown)
    assert "28.02.2027" in words(shown)
    assert 'name="planned_end" value="2027-02-28"' in shown.text
    wrong = person.post("/eintrag/C-2002", {**data, "planned_end": "31.02.", "number": number(form)})
    assert wrong.status_code == 422
    assert "„31.02.“ ist kein Tag" in words(wrong)
    assert 'value="31.02."' in wrong.text


@on_both_databases
def test_an_entry_is_seen_before_it_is_saved(visit: VisitAs, town: Office) -> None:
    person, before = visit("fm-1"), facts(town)
    form = person.get("/eintrag/C-2002", art="benefit-ended").text
    data = {"art": "benefit-ended", "on": "2026-11-10", "number": number(form)}
    page = person.post("/eintrag/C-2002", data)
    assert facts(town) == before
    assert "Verweildauer bereinigt: 97 Tage" in words(page)
    page = person.post("/eintrag/C-2002", {**data, "step": "save"})
    assert facts(town) == before + 1
    assert "Eingetragen: Leistungsbezug bis 10.11.2026" in words(page)
    page = person.post("/rueckgaengig/C-2002", {"getan": page.url.params["getan"], "woher": "fall"})
    assert facts(town) == before + 2
    assert "1 Berichtigung oder Rücknahme" in words(page)


def test_a_case_offers_the_dialogues_that_can_be_opened(visit: VisitAs) -> None:
    person = visit("fm-1")
    assert offered(person) == ["extension", "change", "end", "plan", "call", "process-step", "own", "job", "handover"]
    enter(person, "strategy-bar-ended", "2026-11-18")
    assert offered(person) == ["set", "plan", "call", "process-step", "own", "job", "handover"]
    enter(person, "case-closed", "2026-11-19")
    assert offered(person) == []


def test_a_closed_case_takes_up_its_opening_and_nothing_else(visit: VisitAs) -> None:
    person = visit("fm-1")
    before = kinds(person, "C-2002")
    assert {"strategy-bar-ended", "strategy-bar-set"} <= set(before)
    assert "case-opened" not in before
    enter(person, "strategy-bar-ended", "2026-11-18")
    enter(person, "case-closed", "2026-11-19")
    assert kinds(person, "C-2002") == ["case-opened"]
    said = words(person.get("/fall/C-2002"))
    assert "abgeschlossen am 19.11.2026; möglich sind nur noch Berichtigung, Rücknahme und Neuaufnahme" in said
    assert "Termin planen" not in said
    enter(person, "case-opened", "2026-11-20")
    assert set(before) - set(kinds(person, "C-2002")) == {"strategy-bar-ended", "strategy-reviewed"}


def test_the_head_of_a_case_says_what_held_on_its_stichtag(visit: VisitAs) -> None:
    person = visit("fm-1")
    for stichtag, on in (("", "2026-11-26"), ("05.06.2026", "2026-06-10"), ("27.11.2026", None)):
        page = person.get("/fall/C-1001", stichtag=stichtag).text
        found = re.search(r'Nächster Termin</dt><dd><time datetime="([0-9-]+)"', page)
        assert (found and found[1]) == on, stichtag


def test_the_head_says_what_is_due_with_its_answers(visit: VisitAs) -> None:
    person = visit("fm-1")
    head = now(person, "C-2001")
    assert "laufend 56.4 Duderstadt · AV/AGS · Brandt, Anna" in head
    assert "Überprüfung 1 Tag überfällig" in head
    assert "Meier, Jana C-2001 Überprüfung 1 Tag überfällig" in words(person.get("/"))
    assert "Termin klären" in head
    assert "Nächster Termin keiner geplant" in head
    assert "Letzter Termin noch keiner gehalten" in head
    request_extension(person, "C-2001")
    assert "Antrag auf Verlängerung wartet seit 20.11.2026 auf die Entscheidung" in now(person, "C-2001")


def test_what_was_put_off_stands_in_the_head_until_its_day(visit: VisitAs) -> None:
    person = visit("fm-1")
    assert "Nächste Frist" in now(person, "C-2002")
    page = person.get("/fall/C-2002").text
    followups = re.search(r'name="subject" value="([0-9a-f,]+)">\s*<input[^>]*>\s*<button[^>]*value="later"', page)
    assert followups is not None
    shown = open_dialogue(person, "later", "C-2002", subject=followups[1], woher="fall")
    reply(person, shown, **{"wert.until": "2026-11-30", "wert.reason": "absence"}, woher="fall")
    head = now(person, "C-2002")
    assert "Strategie" in head  # R-08 is left, in its own theme
    assert "Zurückgestellt Überprüfung bis Mo., 30.11.2026" in head


def test_answers_are_offered_to_who_may_give_them_and_for_today_alone(visit: VisitAs) -> None:
    for person, stichtag, offered in (
        (visit("fm-1"), "", True),
        (visit("fm-1"), "21.11.2026", False),
        (visit("qs-1"), "", False),
    ):
        page = person.get("/fall/C-2002", stichtag=stichtag)
        assert ('value="confirm"' in page.text) is offered
        assert "Überprüfung" in words(page)


def test_a_closed_case_says_so_and_what_was_left_open(visit: VisitAs) -> None:
    person = visit("fm-1")
    enter(person, "strategy-bar-ended", "2026-11-18")
    enter(person, "case-closed", "2026-11-19")
    page = words(person.get("/fall/C-2002"))
    assert "C-2002 abgeschlossen am 19.11.2026" in page
    assert "Nichts fällig" not in page
    assert "AV/AGS · 56.4 · Brandt, Anna · offen geblieben" in page
    assert "offen geblieben" not in words(person.get("/fall/C-2002", stichtag="18.11.2026"))


def test_deadlines_stand_in_the_picture_and_in_its_table(visit: VisitAs) -> None:
    page = visit("fm-1").get("/fall/C-2002")
    assert "Fristen 20.02.2027 ◆ Förderzeit AV/AGS" in words(page)
    assert re.search(r">◆<title>20.02.2027: Förderzeit AV/AGS</title>", page.text)


def test_links_to_entries_are_named_by_their_fact(visit: VisitAs) -> None:
    page = visit("fm-1").get("/fall/C-1001").text
    said = re.findall(r'<a [^>]*href="#e-[^"]+"[^>]*>([^<]+)</a>', page)
    assert said
    assert all(re.fullmatch(r".+, \d\d\.\d\d\.\d{4}", one) for one in said), said


def now(person: Visit, case: str) -> str:
    """What the head of a case says."""
    return words(person.get(f"/fall/{case}")).partition("Verlauf Strategie")[0]


def kinds(person: Visit, case: str) -> list[str]:
    return re.findall(r'href="\?art=([a-z0-9-]+)"', person.get(f"/eintrag/{case}").text)


def test_only_who_decides_about_a_case_is_offered_to_pause_its_clock(visit: VisitAs) -> None:
    for person, allowed in ((visit("fm-1"), False), (visit("tl-1"), True)):
        assert ("art=clock-pause-started" in person.get("/eintrag/C-2002").text) is allowed


def offered(person: Visit) -> list[str]:
    page = person.get("/fall/C-2002").text
    return re.findall(r'name="dialog" value="([a-z0-9-]+)"', page.partition('aria-label="Im Fall handeln"')[2])


def enter(person: Visit, art: str, on: str) -> None:
    form = person.get("/eintrag/C-2002", art=art).text
    saved = person.post("/eintrag/C-2002", {"art": art, "on": on, "number": number(form), "step": "save"})
    assert "Eingetragen" in words(saved)


def test_each_form_of_the_core_facts_opens(visit: VisitAs) -> None:
    person = visit("tl-1")
    found = kinds(person, "C-1001")
    assert len(found) > 20
    for kind in found:
        assert person.get("/eintrag/C-1001", art=kind).status_code == 200, kind
    assert person.get("/eintrag/C-1001", art="extension-approved").status_code == 404
    assert person.get("/eintrag/C-1001", art="x").status_code == 404


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"on": "", "kind": "geringfuegig"}, "Bitte einen Tag angeben"),
        ({"on": "31.02.2026", "kind": "geringfuegig"}, "„31.02.2026“ ist kein Tag."),
        ({"on": "2026-11-19", "kind": "huge"}, "gibt es hier nicht"),
        ({"on": "2026-11-19", "kind": "geringfuegig", "hours_per_week": "viele"}, "eine Zahl stehen"),
        ({"on": "2026-11-19"}, "Diese Angabe fehlt."),
        ({"on": "2040-05-01", "kind": "geringfuegig"}, "Das Jahr 2040 geht hier nicht"),
        ({"on": "2026-09-01", "kind": "geringfuegig"}, "Warum wird das erst jetzt erfasst?"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_lost(
    visit: VisitAs, town: Office, sent: dict[str, str], sentence: str
) -> None:
    person, before = visit("fm-1"), facts(town)
    data = {"art": "employment-started", "employment": "b" * 32, "step": "save", **sent}
    answer = person.post("/eintrag/C-2002", data)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "b" * 32 in answer.text
    assert facts(town) == before


@on_both_databases
def test_a_correction_holds_only_what_is_different(visit: VisitAs) -> None:
    person = visit("fm-1")
    path = f"/berichtigen/{ref(person, 'berichtigen', 'Maßnahme begonnen')}/C-1001"
    form = person.get(path).text
    assert 'value="FbW"' in form
    data = {"on": "2026-05-01", "type": "FbW", "number": number(form), "step": "save"}
    assert "Es ist nichts anders als bisher." in words(person.post(path, {**data, "warum": "Tippfehler"}))
    assert person.post(path, {**data, "type": "AVGS"}).status_code == 422
    page = person.post(path, {**data, "type": "AVGS", "warum": "War eine andere Maßnahme."})
    assert "Art der Maßnahme: AVGS" in words(page)
    assert "berichtigt" in words(page)
    assert "War eine andere Maßnahme." in words(page)


def test_a_withdrawal_asks_why(visit: VisitAs) -> None:
    person = visit("fm-1")
    path = f"/zuruecknehmen/{ref(person, 'zuruecknehmen', 'Termin: nicht erschienen')}/C-1001"
    form = person.get(path).text
    assert person.post(path, {"number": number(form), "step": "save"}).status_code == 422
    page = person.post(path, {"number": number(form), "step": "save", "warum": "Falscher Fall."})
    assert "Termin: nicht erschienen vom" not in page.text
    assert person.get(path).status_code == 404


@on_both_databases
def test_who_was_quicker_is_named(visit: VisitAs) -> None:
    person, lead = visit("fm-1"), visit("tl-1")
    form = person.get("/eintrag/C-2002", art="contact-held").text
    data = {"art": "contact-held", "on": "2026-11-20", "channel": "phone", "direction": "out", "number": number(form)}
    assert lead.post("/eintrag/C-2002", {**data, "step": "save"}).status_code == 403  # nobody has said what for
    lead.get("/fall/C-2002")
    lead.post("/eintrag/C-2002", {**data, "step": "save"})
    answer = person.post("/eintrag/C-2002", {**data, "step": "save"})
    assert answer.status_code == 409
    assert "Kern, Beate" in words(answer)


@on_both_databases
def test_hostile_and_huge_input(visit: VisitAs, town: Office) -> None:
    person, before = visit("fm-1"), facts(town)
    data = {"art": "case-statement-given", "on": "2026-11-20", "category": "<img src=x onerror=alert(1)>"}
    page = person.post("/eintrag/C-2002", data)
    assert "<img" not in page.text
    assert person.post("/eintrag/C-2002", {**data, "text": "x" * 300_000}).status_code == 413
    assert person.post("/eintrag/C-2002", {**data, "text": "x" * 20_000, "step": "save"}).status_code == 422
    assert facts(town) == before


def test_a_form_without_its_number_is_not_saved(visit: VisitAs, town: Office) -> None:
    person, before = visit("fm-1"), facts(town)
    data = {"art": "contact-held", "on": "2026-11-20", "channel": "phone", "direction": "out", "step": "save"}
    for number in ({}, {"number": ""}, {"number": "x"}):
        answer = person.post("/eintrag/C-2002", {**data, **number})
        assert answer.status_code == 422
        assert "nicht vollständig angekommen" in words(answer)
    assert person.post("/eintrag/C-2002", {**data, "text": "\0"}).status_code == 422
    assert facts(town) == before


@on_both_databases
def test_a_case_number_may_hold_a_slash(visit: VisitAs) -> None:
    person = visit("fm-9")
    assert "Fuchs, Lea · C/3.001" in words(person.get("/fall/C/3.001"))
    assert person.get("/eintrag/C/3.001", art="contact-held").status_code == 200


@on_both_databases
def test_lists_and_search(visit: VisitAs) -> None:
    person = visit("fm-1")
    said = words(person.get("/faelle"))
    assert "Aksoy, Deniz · C-2002 Integration 15.08.2026 97 Tage 97 Tage" in said
    assert "Brink" not in said
    assert person.post("/suche", {"suche": " C-2001 "}).url.path == "/fall/C-2001"
    assert person.post("/suche", {"suche": "c-2001"}).url.path == "/fall/C-2001"
    assert person.post("/suche", {"suche": "C\u20112001"}).url.path == "/fall/C-2001"
    assert person.get("/fall/C–2001").status_code == 200
    assert person.post("/suche", {"suche": "sander"}).url.path == "/fall/C-1001"
    assert "kein Fall zu finden" in words(person.post("/suche", {"suche": "Fuchs"}))
    assert "kein Fall zu finden" in words(person.post("/suche", {"suche": "<i>"}))
    assert "Brink, Mara" in words(visit("tl-1").get("/faelle"))
    qs = visit("qs-1")
    assert "Fälle öffnen Sie über ihre Nummer" in words(qs.get("/faelle"))
    assert "kein Fall zu finden" in words(qs.post("/suche", {"suche": "Sander"}))
    assert qs.post("/suche", {"suche": "C-1001"}).url.path == "/fall/C-1001"
    assert visit("edv-1").post("/suche", {"suche": "C-1001"}).status_code == 403


def test_a_lead_goes_through_the_unit_page_by_page(
    visit: VisitAs, town: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caselist, "UNIT", 3)
    lead = visit("tl-1")
    first, second = (words(lead.get("/faelle", seite=page)) for page in ("1", "2"))
    assert "Fälle der Einheit 4, neueste Zuständigkeit zuerst" in first
    assert "Seite 1 von 2 Weiter" in first
    assert first.index("C-2002") < first.index("C-2003") < first.index("C-2001")
    assert "C-1001" in second
    assert "C-2001" not in second
    unknown = lead.get("/faelle", einheit="56.4 Müller")
    assert (unknown.status_code, "Diese Einheit steht in Ihren Listen nicht zur Wahl." in words(unknown)) == (422, True)
    assert "Müller" not in unknown.text
    assert lead.get("/faelle", seite="x").status_code == 422


@on_both_databases
def test_a_worker_goes_through_the_own_cases_page_by_page(visit: VisitAs, monkeypatch: pytest.MonkeyPatch) -> None:
    person = visit("fm-1")
    whole = person.get("/faelle")
    monkeypatch.setattr(caselist, "OWN", 2)
    first, second = (person.get("/faelle", seite=page) for page in ("1", "2"))
    assert "Seite 1 von 2 Weiter" in words(first)
    assert "Zurück Seite 2 von 2" in words(second)
    assert all("Meine Fälle 3 Fälle " in words(page) for page in (whole, first, second))
    assert whole.text.count(">Meine Fälle<") == 2  # the way there and the title, not a second title below it
    rows = [re.findall(r"<tr>\s*<td class=.pick.*?</tr>", page.text, re.S) for page in (whole, first, second)]
    assert [len(found) for found in rows] == [3, 2, 1]
    assert rows[1] + rows[2] == rows[0]
    assert "So viele Seiten hat die Liste nicht" in words(person.get("/faelle", seite="3"))


def test_a_long_case_stands_folded_by_year(visit: VisitAs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "OPEN_ENTRIES", 10)
    page = visit("fm-1").get("/fall/C-1001").text
    years = re.findall(r'<details class="year"( open)?>\s*<summary class="card__head">(\d+)', page)
    assert years == [(" open", "2026"), ("", "2025"), ("", "2018")]


def test_an_erased_case_can_be_read_and_offers_nothing(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    request_extension(person)
    code = erasure.erase(town, "C-2001")["replaced_by"]
    page = person.get(f"/fall/{code}")
    assert "Die Personendaten dieses Falls sind gelöscht." in words(page)
    assert "laut Balken" in words(page)
    offered = re.findall(r'name="dialog" value="([^"]+)"|href="/(eintrag|berichtigen|zuruecknehmen)/', page.text)
    assert offered == []
    assert code not in person.get("/").text


def test_of_several_open_dialogues_the_newest_is_unfolded(visit: VisitAs) -> None:
    person = visit("fm-1")
    for dialogue in ("own", "plan"):
        open_dialogue(person, dialogue, "C-2001", woher="fall")
    page = person.get("/fall/C-2001").text
    newest, _, others = page.partition('<details class="talks__other">')
    assert newest.count(">Abbrechen<") == 1
    assert others.count(">Abbrechen<") == 1
    assert "Noch offen: Eigene Wiedervorlage" in others
