"""Heute without scripts: what waits, answers in place, one tap for appointments, the typed line, undoing."""

from __future__ import annotations

import datetime as dt
import re

import httpx
from sqlalchemy import func, select

from domain.facts import Stream
from domain.facts.case import CaseOpened, ResponsibilityAssigned
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.facts.directory import PersonAdded, RoleAssigned
from domain.facts.strategy import StrategyBarSet
from domain.records import Entry
from services.office.office import Office
from services.records import rows
from services.records.tables import records, visits
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.town import append, entry

DRAFT = re.compile(r'action="/dialog/([0-9a-f-]{36})"')
VERSION = re.compile(r'name="version" value="(\d+)"')
STEP = re.compile(r'name="step" value="(\w+)"')
TERMIN = re.compile(r'name="fall" value="([^"]+)">\s*<input type="hidden" name="termin" value="([^"]+)"')


def facts(office: Office) -> int:
    with office.read() as tx:
        return tx.conn.execute(select(func.count()).select_from(records)).scalar_one()


def open_dialogue(person: Visit, dialogue: str, case: str, **more: str) -> httpx.Response:
    return person.post("/dialog", {"fall": case, "dialog": dialogue, "woher": "heute"} | more)


def reply(person: Visit, page: httpx.Response, **sent: object) -> httpx.Response:
    """Answers the open step of the dialogue on the page."""
    draft, version, step = DRAFT.search(page.text), VERSION.search(page.text), STEP.search(page.text)
    assert draft is not None
    assert version is not None
    data = {"version": version[1], "step": step[1] if step else "", "woher": "heute", **sent}
    return person.post(f"/dialog/{draft[1]}", data)


def in_hand(person: Visit, case: str, theme: str = "review") -> httpx.Response:
    """Heute with the message of a theme about a case unfolded, or the one about appointments."""
    page = person.get("/").text
    lines = re.findall(r'id="z-(m-[\w-]+)"(.*?)</a>', page, re.DOTALL)
    anchor = next(one for one, said in lines if one.startswith(f"m-{theme}") and case in said)
    return person.get("/", offen=anchor)


def request_extension(person: Visit, case: str = "C-2001", woher: str = "heute") -> httpx.Response:
    """The whole Textbaustein, on Heute or in the case."""
    page = open_dialogue(person, "extension", case, woher=woher)
    page = reply(person, page, wert="other", art="multiple", woher=woher)
    page = reply(person, page, wert="Weiterbildung läuft", woher=woher)
    page = reply(person, page, wert="Die Qualifizierung endet im Februar.", woher=woher)
    page = reply(person, page, wert="Danach ist eine Stelle zugesagt.", woher=woher)
    page = reply(person, page, wert="Ende Februar", woher=woher)
    assert "Sonntag, 28.02.2027" in words(page)
    return reply(person, page, tun="finish", woher=woher)


@on_both_databases
def test_what_waits_says_why(visit: VisitAs) -> None:
    person = visit("fm-1")
    page = words(in_hand(person, "C-2001"))
    assert "Meier, Jana C-2001 Überprüfung 1 Tag überfällig" in page
    assert "Seit 6 Monaten bei AV/AGS. Die Regelzeit endete am 19.11.2026." in page
    assert (
        "R-03 Förderzeit AV/AGS · Quelle: QS 2/2020, 1 · fällig seit 20.11.2026 · Eintrag, ab dem gezählt wird" in page
    )
    assert "2 Termine stehen noch auf „geplant“ 30 Tage überfällig" in page
    appointments = words(in_hand(person, "Termine", "appointment"))
    assert "R-14 Termin noch auf „geplant“ · Quelle: QS 1/2020, 3.1 · fällig seit 21.10.2026" in appointments
    assert "Brink" not in page
    assert "Fuchs" not in page


def test_weiterhin_richtig_is_not_offered_at_a_limit(visit: VisitAs) -> None:
    person, offered = visit("fm-1"), 'name="dialog" value="confirm"'
    assert offered not in in_hand(person, "C-2001").text
    assert offered in in_hand(person, "C-2002").text


@on_both_databases
def test_an_extension_is_asked_for_step_by_step(visit: VisitAs, town: Office) -> None:
    person, before = visit("fm-1"), facts(town)
    page = request_extension(person)
    assert facts(town) == before + 1
    said = words(page)
    assert "Verlängerung beantragt bis 28.02.2027" in said
    assert "Rückgängig" in said
    assert "Meier, Jana C-2001 Überprüfung" not in said
    page = person.post("/rueckgaengig/C-2001", {"getan": page.url.params["getan"], "woher": "heute"})
    assert "Meier, Jana C-2001 Überprüfung" in words(page)
    assert "zurückgenommen" in words(page)


def test_a_wrong_answer_is_said_and_what_was_typed_stays(visit: VisitAs) -> None:
    person = visit("fm-1")
    page = open_dialogue(person, "extension", "C-2001")
    assert reply(person, page, art="multiple").status_code == 422
    page = reply(person, person.get("/"), wert="other", art="multiple")
    page = reply(person, page, wert="Weiterbildung <b>läuft</b>")
    assert "Weiterbildung &lt;b&gt;läuft" in page.text
    answer = reply(person, page, wert="kurz")
    assert answer.status_code == 422
    assert "Bitte mindestens 10 Zeichen schreiben." in words(answer)
    assert ">kurz</textarea>" in answer.text


@on_both_databases
def test_a_stale_button_is_told_how_things_stand(visit: VisitAs) -> None:
    person = visit("fm-1")
    page = open_dialogue(person, "extension", "C-2001")
    reply(person, page, wert="other", art="multiple")
    answer = reply(person, page, wert="other", art="multiple")
    assert answer.status_code == 409
    assert "Was ist mit „sonstiges“ gemeint?" in words(answer)


def test_a_dialogue_that_is_over_is_closed_and_never_called_cancelled(visit: VisitAs) -> None:
    person = visit("fm-1")
    draft = DRAFT.search(open_dialogue(person, "extension", "C-2001").text)
    assert draft is not None
    request_extension(person)
    late = person.post(f"/dialog/{draft[1]}", {"tun": "finish", "version": 1})
    assert late.status_code == 409
    assert "abgeschlossen. Schließen" in words(late)
    assert "bitte prüfen" not in words(late)
    closed = person.post(f"/dialog/{draft[1]}", {"tun": "cancel"}, HX_Request="true")
    assert words(closed) == "Der Dialog war schon beendet."


def test_somebody_elses_dialogue_stays_theirs(visit: VisitAs) -> None:
    page = open_dialogue(visit("fm-1"), "extension", "C-2001")
    draft = DRAFT.search(page.text)
    assert draft is not None
    other = visit("fm-2")
    assert other.get(f"/dialog/{draft[1]}").status_code == 403
    assert other.post(f"/dialog/{draft[1]}", {"tun": "cancel"}).status_code == 403
    assert other.post("/dialog", {"fall": "C-2001", "dialog": "extension"}).status_code == 403


def test_the_answers_wait_behind_an_open_dialogue_for_when_it_is_cancelled(visit: VisitAs) -> None:
    page = open_dialogue(visit("fm-1"), "extension", "C-2001").text
    task = page.partition("task--open")[2]
    assert "C-2001" in task.partition("</a>")[0]
    assert "data-dialogue" in task
    assert 'name="dialog" value="change"' in task


@on_both_databases
def test_an_appointment_is_closed_with_one_tap(visit: VisitAs, town: Office) -> None:
    person, before = visit("fm-1"), facts(town)
    appointments = dict(TERMIN.findall(person.get("/", offen="m-appointment").text))
    page = person.post("/termin", {"fall": "C-1001", "termin": appointments["C-1001"], "was": "missed-no"})
    assert facts(town) == before + 1
    assert re.search(r"Termin am [0-9.]{10}: nicht erschienen ohne wichtigen Grund", words(page))
    assert "Ein Termin steht noch auf „geplant“" in words(page)


def test_a_late_tap_is_asked_for_its_reason(visit: VisitAs, town: Office) -> None:
    person, before = visit("fm-1"), facts(town)
    appointments = dict(TERMIN.findall(person.get("/", offen="m-appointment").text))
    page = person.post("/termin", {"fall": "C-2001", "termin": appointments["C-2001"], "was": "held"})
    assert facts(town) == before
    assert "Warum wird das erst jetzt erfasst?" in words(page)
    page = reply(person, page, wert="Ich war in dieser Woche krank.")
    page = reply(person, page, tun="finish")
    assert facts(town) == before + 1


def test_a_tap_on_nothing(visit: VisitAs) -> None:
    person = visit("fm-1")
    assert person.post("/termin", {"fall": "C-1001", "termin": "r0", "was": "held"}).status_code == 404
    assert person.post("/termin", {"fall": "C-0", "termin": "r0", "was": "held"}).status_code == 404
    assert person.post("/termin", {}).status_code == 404


@on_both_databases
def test_an_empty_day_names_the_next_wiedervorlage(visit: VisitAs) -> None:
    said = words(visit("ja-1").get("/"))
    assert "Nichts fällig." in said
    assert "keine Wiedervorlage in Sicht" in said


def test_the_case_in_hand_stands_beside_it_and_in_the_line_that_is_typed_into(visit: VisitAs) -> None:
    page = words(in_hand(visit("fm-1"), "C-2001"))
    assert "Meier, Jana · C-2001 Integration seit 20.05.2026 · 184 Tage" in page
    assert "56.4 · AV/AGS Wiedervorlage" in page
    assert "Zu Meier, Jana · C-2001" in page
    assert "Kein Fall im Blick" in words(visit("fm-1").get("/", offen="keine"))


def test_the_preview_names_who_decides_past_the_nearest_lead(visit: VisitAs, town: Office) -> None:
    with town.write() as tx:
        lead = [
            entry("2019-01-01", PersonAdded(name="Oben, Vera")),
            entry("2019-01-01", RoleAssigned(role="area_lead")),
        ]
        append(tx, Stream.PERSON, "bl-1", lead)
        course = [
            entry("2026-05-20", StrategyBarSet(strategy="integration")),
            entry("2026-05-20", ResponsibilityAssigned(worker="ja-1", unit="56.4", area="jobakademie")),
        ]
        key = append(tx, Stream.CASE, "C-2004", [entry("2026-05-20", CaseOpened(unit="56.4")), *course])
        rows.refresh(tx.conn, key, town.store.records(tx.conn, key))
    person = visit("ja-1")
    page = open_dialogue(person, "extension", "C-2004", woher="fall")
    for answer in ({"wert": "other", "art": "multiple"}, {"wert": "Führerschein"}, {"wert": "Läuft bis Mai."}):
        page = reply(person, page, woher="fall", **answer)
    page = reply(person, page, woher="fall", wert="Danach ist eine Stelle zugesagt.")
    assert "Ende der 6+6 Monate: 19.05.2027" in words(page)
    far = words(reply(person, page, woher="fall", schnell="2027-05-20"))
    assert "geht zur Entscheidung an Oben, Vera: Länger als 6+6 Monate" in far
    page = reply(person, person.get("/fall/C-2004"), woher="fall", tun="back")
    assert "Läuft bis Mai." in page.text  # what was typed stands in its field again
    texts = {"wert.facts_text": "Läuft bis Mai.", "wert.justification": "Danach ist eine Stelle zugesagt."}
    near = words(reply(person, page, woher="fall", **texts, **{"schnell.until": "2027-05-19"}))
    assert "geht zur Entscheidung an Kern, Beate, Ohm, Peter." in near


def test_who_has_no_cases_reads_what_to_do_here(visit: VisitAs) -> None:
    assert "Neukunden, ALG I und Leistungsbezug erfassen Sie unter „Eingang“" in words(visit("es-1").get("/"))
    assert "Einführungsplan" in words(visit("edv-1").get("/"))  # the only page of theirs
    assert "Meine Fälle" in words(visit("fm-1").get("/"))
    assert visit("tl-1").get("/").url.path == "/team"
    assert "Meine Fälle" not in words(visit("tl-1").get("/"))


def test_later_is_the_last_choice(visit: VisitAs) -> None:
    page = words(visit("fm-2").get("/"))
    assert page.index("Stellungnahme") < page.index("Später…")


# --- several at once ---


def anchors(person: Visit, theme: str = "review") -> dict[str, str]:
    """What can be chosen of a theme, by number of the case."""
    page = person.get("/", offen="m-appointment").text
    if theme == "appointment":
        rows = re.findall(r'id="w-(m-\w+)".*?\b(C-\d+)', page, re.DOTALL)
        return {number: one for one, number in rows if "-appointment" not in one and not one.startswith("m-review")}
    lines = re.findall(r'id="z-(m-[\w-]+)"(.*?)</a>', page, re.DOTALL)
    return {said.split('quiet">')[1].split("<")[0]: one for one, said in lines if one.startswith(f"m-{theme}-")}


def together(person: Visit, wanted: list[str], was: str, **more: str) -> httpx.Response:
    return person.post("/heute/mehrere", {"wahl": wanted, "was": was, **more})


PUT_OFF = {"bis": "Montag", "grund": "rooms"}


@on_both_databases
def test_several_are_put_off_each_with_its_own_undoing(visit: VisitAs) -> None:
    person = visit("fm-1")
    there = anchors(person)
    page = together(person, [there["C-2001"], there["C-2002"], there["C-2002"]], "later", **PUT_OFF)
    assert "Zurückgestellt 2" in words(page)
    decided = page.url.params["getan"].split(",")
    assert len(decided) == 2
    page = person.post("/rueckgaengig/C-2001", {"getan": decided[0], "woher": "heute"})
    assert "Zurückgestellt 1 Aksoy, Deniz C-2002" in words(page)
    assert "C-2001" in page.text.partition("task--open")[2].partition("</a>")[0]  # it is in hand again
    counted = words(visit("tl-1").get("/team/zurueckgestellt"))
    assert re.search(r"Räume kein Raum frei \S.* 0 0 0 0 0 unter 5", counted)
    assert "(kein Raum frei)" in words(person.get("/fall/C-2002"))


def test_what_does_not_fit_all_is_said_of_each_and_stays_chosen(visit: VisitAs) -> None:
    person = visit("fm-1")
    there = anchors(person)
    page = together(person, [there["C-2001"], there["C-2002"]], "confirm")
    assert page.status_code == 422
    assert "Meier, Jana · C-2001: Die Regelzeit ist abgelaufen" in words(page)
    assert "Aksoy, Deniz · C-2002 · Weiterhin richtig" in words(page)
    assert f'value="{there["C-2001"]}" id="w-{there["C-2001"]}"' in page.text
    assert page.text.count(" checked>") == 2  # and the switch of the keys
    again = together(person, [there["C-2002"]], "confirm")
    assert "Eine der gewählten Aufgaben ist inzwischen erledigt." in words(again)


@on_both_databases
def test_appointments_of_several_cases_were_held(visit: VisitAs, town: Office) -> None:
    person, before = visit("fm-1"), facts(town)
    there = anchors(person, "appointment")
    page = together(person, list(there.values()), "held")
    assert page.status_code == 422
    assert "Meier, Jana · C-2001: Es fehlt noch eine Antwort: Warum wird das erst jetzt erfasst?" in words(page)
    assert re.search(r"Sander, Ole · C-1001 · Termin am [0-9.]{10}: erschienen", words(page))
    assert facts(town) == before + 1


def test_bad_choices_are_refused_with_one_sentence_and_change_nothing(visit: VisitAs, town: Office) -> None:
    person, before = visit("fm-1"), facts(town)
    there, appointments = anchors(person), anchors(person, "appointment")
    one = there["C-2002"]
    for wanted, was, more, said in (
        ([], "later", PUT_OFF, "Bitte wählen Sie mindestens eine Aufgabe aus."),
        ([one], "x", {}, "Bitte wählen Sie eine Antwort."),
        ([one, *appointments.values()], "later", PUT_OFF, "nur Aufgaben eines Themas"),
        ([one], "later", PUT_OFF | {"bis": "gestern"}, "C-2002: Zurückstellen geht von morgen"),
        ([one], "later", PUT_OFF | {"bis": "31.02."}, "C-2002:"),
        ([one], "later", PUT_OFF | {"bis": "24:00<b>"}, "C-2002:"),
        ([one], "later", {"bis": "Montag", "grund": "<b>x"}, "C-2002:"),
        (["m-review-" + "0" * 32, "<b>"] * 90, "later", PUT_OFF, "der gewählten Aufgaben sind inzwischen erledigt."),
    ):
        page = together(person, wanted, was, **more)
        assert page.status_code == 422, (was, more)
        assert said in words(page)
        assert "<b>" not in page.text
    assert facts(town) == before
    assert "Zurückgestellt" not in words(person.get("/")).replace("Zurückstellen", "")


def test_the_newest_dialogue_is_in_hand_and_the_others_are_one_line(visit: VisitAs) -> None:
    person = visit("fm-1")
    open_dialogue(person, "end", "C-2002")
    open_dialogue(person, "change", "C-2002")
    page = person.get("/")
    task = page.text.partition("task--open")[2]
    assert "C-2002" in task.partition("</a>")[0]
    titles = {"Handlungsstrategie umstellen", "Handlungsstrategie beenden"}
    (unfolded,) = (one for one in titles if f'aria-label="{one}"' in task)
    (left,) = titles - {unfolded}
    assert f"Angefangen: {left}, C-2002" in words(page)
    assert "Überprüfung angefangen" in words(in_hand(person, "C-2001"))


def test_one_theme_and_its_way_back(visit: VisitAs) -> None:
    page = words(visit("fm-1").get("/", thema="appointment"))
    assert "2 Termine stehen noch auf „geplant“" in page
    assert "Aksoy, Deniz C-2002 Überprüfung" not in page
    assert "Zu diesem Thema wartet nichts." in words(visit("fm-1").get("/", thema="<b>x"))


# --- what has come since ---


def was_here(office: Office, person: str, at: str) -> None:
    """Says when somebody logged in last."""
    with office.write() as tx:
        key = office.store.key(tx.conn, Stream.PERSON, person)
        assert key is not None
        tx.conn.execute(visits.insert().values(person=key.hex, at=dt.datetime.fromisoformat(at)))


@on_both_databases
def test_after_days_away_a_line_says_what_others_have_recorded(visit: VisitAs, town: Office) -> None:
    was_here(town, "fm-1", "2026-10-25T08:00:00+01:00")
    person = visit("fm-1")
    page = person.get("/")
    assert "Seit Ihrem letzten Besuch am So., 25.10.2026 : 3 Einträge von anderen in einem Fall, " in words(page)
    assert "Sander, Ole · C-1001 · Termin geplant, gültig am 16.11.2026 , erfasst am 01.11.2026" in words(page)
    open_dialogue(person, "confirm", "C-2002")
    page = reply(person, person.get("/"), wert="")
    reply(person, page, tun="finish")
    assert "3 Einträge von anderen" in words(visit("fm-1").get("/"))  # own ones are known; the day is the same
    assert "Seit Ihrem letzten Besuch" not in words(visit("fm-2").get("/"))  # the first visit


@on_both_databases
def test_what_was_corrected_or_withdrawn_since_is_told_once(visit: VisitAs, town: Office) -> None:
    was_here(town, "fm-1", "2026-10-25T08:00:00+01:00")
    with town.write() as tx:
        [key] = tx.store.keys(tx.conn, Stream.CASE, ["C-1001"]).values()
        found = [one for one in tx.store.records(tx.conn, key, with_text=True) if one.on >= dt.date(2026, 11, 1)]
        first, second = found[0], found[1]
        changed = FactCorrected(target=first.id, reason="Versehen.", on=first.on + dt.timedelta(days=1))
        gone = FactWithdrawn(target=second.id, reason="Versehen.")
        by = [Entry(on=tx.today, fact=fact, by="tl-1") for fact in (changed, gone)]
        tx.store.append(tx.conn, key, by, tx.now)
        rows.refresh_many(tx.conn, {key: tx.store.records(tx.conn, key)})
    page = words(visit("fm-1").get("/"))
    assert "4 Einträge von anderen in einem Fall" in page  # the three of before and the withdrawal
    assert page.count("berichtigt , gültig am") == 1
    assert page.count("zurückgenommen , gültig am") == 1


def test_the_bar_of_an_alg1_that_has_ended_is_not_offered(visit: VisitAs) -> None:
    person = visit("fm-1")
    shown = words(person.get("/fall/C-1001"))
    assert "ALG I seit dem 05.11.2025 bis 31.01.2026" in shown
    assert "Balken ALG I setzen" not in shown
    lines = re.findall(r'data-line href="(/\?[^"#]*)', person.get("/").text)
    assert lines
    assert all("Balken ALG I setzen" not in person.client.get(one.replace("&amp;", "&")).text for one in lines)
