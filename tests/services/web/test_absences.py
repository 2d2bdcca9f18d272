"""Absences by page: a person and a lead plan, change, end and take back; what is wrong is said in one sentence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from html import unescape

import httpx
import pytest

from domain.absences import Plan, names_themselves
from domain.decisions.refusal import Refused
from domain.facts import Stream
from domain.facts.correction import FactWithdrawn
from domain.facts.directory import AbsenceRecorded, DeputyAppointed, PersonAdded, PersonLeft, RoleAssigned
from services.office.office import Office, Transaction
from services.people import directory
from services.people.absences import Desk
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web import town as towns
from tests.services.web.conftest import VisitAs
from tests.services.web.test_deputies import tell
from tests.services.web.test_today import open_dialogue, reply, request_extension
from tests.services.web.town import NOW, entry

PLAN = re.compile(r'name="plan" value="([^"]+)"')
FIELD = {name: re.compile(f'name="{name}" value="([^"]+)"') for name in ("fall", "subject", "until")}
TODAY = NOW.date()


def key(office: Office, person: str) -> str:
    with office.read() as tx:
        return key_in(tx, person)


def absent(office: Office, person: str, day: dt.date = TODAY) -> bool:
    with office.read() as tx:
        return directory.organisation(tx).absent(key_in(tx, person), day)


def key_in(tx: Transaction, person: str) -> str:
    found = directory.person_key(tx, person)
    assert found is not None
    return found


def acting(office: Office, person: str, day: dt.date = TODAY) -> str:
    with office.read() as tx:
        found = directory.organisation(tx).acting(key_in(tx, person), day).person
        return tx.store.number(tx.conn, next(iter(directory.keys([found]).values())))


def plans(page: httpx.Response) -> list[str]:
    return [unescape(one) for one in dict.fromkeys(PLAN.findall(page.text))]


def save(person: Visit, form: Mapping[str, str]) -> httpx.Response:
    """Sends the form, sees what it brings, saves it."""
    shown = person.post("/abwesenheiten", form)
    assert "Das wird eingetragen" in words(shown), words(shown)
    return person.post(f"{shown.url.path}?{shown.url.query.decode()}", {**form, "step": "save"})


@on_both_databases
def test_an_own_absence_planned_seen_and_taken_back(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    form = {"first": "01.12.2026", "last": "04.12.2026", "deputy": key(town, "fm-2")}
    shown = person.post("/abwesenheiten", form)
    assert "Sie : abwesend Di., 01.12.2026 bis Fr., 04.12.2026" in words(shown)
    assert "Di., 01.12.2026 bis Fr., 04.12.2026 : Weber, Karl" in words(shown)
    assert not absent(town, "fm-1", dt.date(2026, 12, 1))
    page = person.post(f"{shown.url.path}?{shown.url.query.decode()}", form | {"step": "save"})
    assert page.url.path == "/abwesenheiten"
    assert "Eingetragen: Abwesenheit, 01.12.2026 bis 04.12.2026. Rückgängig" in words(page)
    days = [dt.date(2026, 11, 30), dt.date(2026, 12, 1), dt.date(2026, 12, 4), dt.date(2026, 12, 5)]
    assert [acting(town, "fm-1", day) for day in days] == ["fm-1", "fm-2", "fm-2", "fm-1"]
    page = person.post("/abwesenheiten/zurueck", {"plan": plans(page)[0], "tun": "back"})
    assert "Zurückgenommen: Abwesenheit" in words(page)
    assert not absent(town, "fm-1", days[1])
    assert plans(page) == []


def test_a_single_day_in_words(visit: VisitAs, town: Office) -> None:
    page = save(visit("fm-1"), {"first": "morgen", "last": ""})
    assert "Sa., 21.11.2026" in words(page)
    assert "niemand" in words(page)
    assert [absent(town, "fm-1", TODAY + dt.timedelta(days=n)) for n in (0, 1, 2)] == [False, True, False]


@on_both_databases
def test_changed_and_ended(visit: VisitAs, town: Office) -> None:
    tell(town, "fm-1", "2026-11-16", AbsenceRecorded(until=dt.date(2026, 11, 27)))
    tell(town, "fm-1", "2026-11-16", DeputyAppointed(deputy="fm-2", until=dt.date(2026, 11, 27)))
    lead = visit("tl-1")
    plan = plans(lead.get("/abwesenheiten"))[0]
    page = lead.get("/abwesenheiten", aendern=plan)
    assert "Abwesenheit ändern" in words(page)
    assert 'value="16.11.2026"' in page.text
    longer = {"statt": plan, "person": key(town, "fm-1"), "first": "16.11.2026", "last": "01.12.2026"}
    assert "Geändert" in words(save(lead, longer | {"deputy": key(town, "ja-1")}))
    said = [dt.date(2026, 11, 16), dt.date(2026, 11, 19), TODAY, dt.date(2026, 12, 1), dt.date(2026, 12, 2)]
    assert [acting(town, "fm-1", day) for day in said] == ["fm-2", "fm-2", "ja-1", "ja-1", "fm-1"]
    page = lead.get("/abwesenheiten")
    assert len(plans(page)) == 1
    page = lead.post("/abwesenheiten/zurueck", {"plan": plans(page)[0], "tun": "end"})
    assert "Beendet" in words(page)
    assert [acting(town, "fm-1", day) for day in said] == ["fm-2", "fm-2", "fm-1", "fm-1", "fm-1"]
    assert absent(town, "fm-1", dt.date(2026, 11, 19))
    assert not absent(town, "fm-1")
    again = lead.post("/abwesenheiten/zurueck", {"plan": plan, "tun": "end"})
    assert again.status_code == 422
    assert "steht so nicht mehr da" in words(again)


def test_what_has_passed_of_an_absence_stays_when_it_is_taken_back(visit: VisitAs, town: Office) -> None:
    tell(town, "fm-1", "2026-11-16", AbsenceRecorded(until=dt.date(2026, 11, 27)))
    lead = visit("tl-1")
    page = lead.get("/abwesenheiten")
    assert "Ab heute wieder da" in words(page)
    assert "Zurücknehmen" not in words(page)
    lead.post("/abwesenheiten/zurueck", {"plan": plans(page)[0], "tun": "back"})
    assert [absent(town, "fm-1", dt.date(2026, 11, day)) for day in (16, 19, 20, 27)] == [True, True, False, False]


def test_a_standing_deputy_stands_in_and_is_ended(visit: VisitAs, town: Office) -> None:
    lead, person = visit("tl-1"), key(town, "fm-1")
    page = save(lead, {"was": "deputy", "person": person, "deputy": key(town, "fm-2")})
    assert "Fr., 20.11.2026 , bis auf Weiteres Weber, Karl" in words(page)
    assert "Weber, Karl" in words(save(lead, {"person": person, "first": "heute"}))
    assert acting(town, "fm-1") == "fm-2"
    assert "Sie vertreten Brandt, Anna bis Fr., 20.11.2026 ." in words(visit("fm-2").get("/abwesenheiten"))


WRONG = {
    "ends before it begins": ({"first": "04.12.2026", "last": "01.12.2026"}, "Der letzte Tag liegt vor dem ersten"),
    "no day": ({"first": ""}, "Bitte den ersten Tag angeben"),
    "no such day": ({"first": "31.02.2026"}, "31.02.2026"),
    "markup": ({"first": "<b>x</b>"}, "ist kein Tag"),
    "long ago": ({"first": "01.12.2006"}, "Bitte das Jahr prüfen"),
    "far ahead": ({"first": "01.12.2026", "last": "01.12.2036"}, "Bitte das Jahr prüfen"),
    "oneself": ({"first": "heute", "deputy": "{fm-1}"}, "Niemand vertritt sich selbst"),
    "from elsewhere": ({"first": "heute", "deputy": "{fm-9}"}, "Vertreten kann nur, wer in derselben Einheit"),
    "no case work": ({"first": "heute", "deputy": "{es-1}"}, "Vertreten kann nur, wer in derselben Einheit"),
    "nobody": ({"first": "heute", "deputy": "x" * 32}, "Bitte eine Person aus der Liste wählen"),
    "somebody else": ({"first": "heute", "person": "{tl-1}"}, "Bitte eine Person aus der Liste wählen"),
    "past days": ({"first": "02.11.2026", "deputy": "{fm-2}"}, "Diese Tage sind vorbei"),
    "away then": ({"first": "24.11.2026", "last": "25.11.2026", "deputy": "{ja-1}"}, "ja am 25.11.2026"),
    "no deputy": ({"was": "deputy", "first": "heute"}, "Bitte sagen, wer vertritt"),
    "twice": ({"first": "30.11.2026", "last": "02.12.2026"}, "Schon eingetragen ist eine Abwesenheit am 01.12.2026"),
    "gone": ({"first": "heute", "statt": "x"}, ""),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_and_nothing_lost(visit: VisitAs, town: Office, case: str) -> None:
    tell(town, "ja-1", "2026-11-25", AbsenceRecorded(until=dt.date(2026, 11, 27)))
    tell(town, "fm-1", "2026-12-01", AbsenceRecorded(until=dt.date(2026, 12, 1)))
    given, sentence = WRONG[case]
    keys = {person: key(town, person) for person in towns.PEOPLE}
    form = {field: keys.get(value.strip("{}"), value) for field, value in given.items()}
    person = visit("fm-1")
    before = facts(town)
    if case == "gone":  # a name of a plan that is none: a new one
        assert "Das wird eingetragen" in words(person.post("/abwesenheiten", form))
        return
    page = person.post("/abwesenheiten", form | {"step": "save"})
    assert page.status_code == 422
    assert sentence.replace("ja am", "Diese Vertretung ist am") in words(page)
    assert facts(town) == before
    if given.get("first", "").startswith("0"):
        assert f'value="{given["first"]}"' in page.text
    assert "<b>x</b>" not in page.text


def facts(office: Office) -> int:
    with office.read() as tx:
        return len(tx.store.records(tx.conn, next(iter(directory.keys([key_in(tx, "fm-1")]).values()))))


def test_a_deputy_away_on_every_day_is_not_taken_even_with_a_deputy_of_their_own(visit: VisitAs, town: Office) -> None:
    tell(town, "ja-1", "2026-11-25", AbsenceRecorded(until=dt.date(2026, 11, 27)))
    tell(town, "ja-1", "2026-11-25", DeputyAppointed(deputy="fm-2"))
    person, deputy = visit("fm-1"), key(town, "ja-1")
    page = person.post("/abwesenheiten", {"first": "25.11.2026", "last": "26.11.2026", "deputy": deputy})
    assert "an allen diesen Tagen selbst nicht da" in words(page)
    shown = words(person.post("/abwesenheiten", {"first": "24.11.2026", "last": "26.11.2026", "deputy": deputy}))
    assert "Di., 24.11.2026 : Yilmaz, Deniz Mi., 25.11.2026 bis Do., 26.11.2026 : Weber, Karl" in shown


def test_a_circle_of_ten_is_refused_where_nobody_is_left(visit: VisitAs, town: Office) -> None:
    ring = [f"r-{number}" for number in range(10)]
    with town.write() as tx:
        for number, person in enumerate(ring):
            held = entry("2019-01-01", RoleAssigned(role="placement", unit="56.4", area="av-ags"))
            towns.append(tx, Stream.PERSON, person, [entry("2019-01-01", PersonAdded(name=f"Ring, {number}")), held])
    until = dt.date(2026, 12, 4)
    for number, person in enumerate(ring[:9]):
        tell(town, person, "2026-11-20", AbsenceRecorded(until=until))
        tell(town, person, "2026-11-20", DeputyAppointed(deputy=ring[number + 1], until=until))
    assert acting(town, "r-0") == "r-9"
    last = visit("r-9")
    page = last.post("/abwesenheiten", {"first": "heute", "last": "04.12.2026", "deputy": key(town, "r-0")})
    assert page.status_code == 422
    assert "und niemand sonst vertritt" in words(page)
    ill = words(last.post("/abwesenheiten", {"first": "heute"}))
    assert "niemand . Aufgaben bleiben liegen." in ill
    assert ill.count("Ring, ") >= 9  # all those have nobody any more
    assert "Dann fehlt anderen die Vertretung" in ill


def test_a_lead_plans_for_the_own_people_and_edv_for_everybody(visit: VisitAs, town: Office) -> None:
    for lead, allowed in (("tl-1", {"fm-1", "es-1"}), ("edv-1", {"fm-1", "fm-9", "tl-1"})):
        page = visit(lead).get("/abwesenheiten")
        offered = {one for one in towns.PEOPLE if f'<option value="{key(town, one)}"' in page.text}
        assert allowed <= offered
    other = visit("tl-1").post("/abwesenheiten", {"person": key(town, "fm-9"), "first": "heute"})
    assert other.status_code == 422


def test_who_has_left_is_not_planned_for(visit: VisitAs, town: Office) -> None:
    tell(town, "fm-1", "2026-11-30", PersonLeft())
    page = visit("tl-1").post("/abwesenheiten", {"person": key(town, "fm-1"), "first": "heute", "last": "02.12.2026"})
    assert "Diese Person arbeitet am 02.12.2026 nach dem Verzeichnis nicht hier." in words(page)


def test_one_absence_from_two_desks_is_recorded_once(visit: VisitAs, town: Office) -> None:
    form = {"first": "01.12.2026"}
    person, lead = visit("fm-1"), visit("tl-1")
    own, theirs = person.post("/abwesenheiten", form), lead.post("/abwesenheiten", form | {"person": key(town, "fm-1")})
    assert own.status_code == theirs.status_code == 200
    assert person.post(f"{own.url.path}?{own.url.query.decode()}", form | {"step": "save"}).status_code == 200
    second = form | {"person": key(town, "fm-1"), "step": "save"}
    page = lead.post(f"{theirs.url.path}?{theirs.url.query.decode()}", second)
    assert page.status_code == 422
    assert "Schon eingetragen" in words(page)


def approve(person: Visit) -> None:
    """Approves the first request on Team."""
    asked = {name: FIELD[name].search(person.get("/team").text) for name in FIELD}
    found = {name: match[1] for name, match in asked.items() if match}
    open_dialogue(person, "approve", found.pop("fall"), woher="team", **found)
    assert "Verlängerung zugestimmt" in words(reply(person, person.get("/team"), tun="finish", woher="team"))


@on_both_databases
def test_the_only_lead_falls_ill_today_and_the_deputy_decides_every_request(visit: VisitAs, town: Office) -> None:
    with town.write() as tx:  # tl-2 leads nothing any more, and somebody leads above
        second = tx.store.key(tx.conn, Stream.PERSON, "tl-2")
        assert second is not None
        role = town.store.records(tx.conn, second)[1]
        town.store.append(tx.conn, second, [entry("2026-11-20", FactWithdrawn(target=role.id, reason="x"))], NOW)
        above = entry("2019-01-01", RoleAssigned(role="area_lead"))
        towns.append(tx, Stream.PERSON, "bl-1", [entry("2019-01-01", PersonAdded(name="Berg, Lu")), above])
    worker = visit("fm-1")
    for case in ("C-2001", "C-1001", "C-2002"):
        request_extension(worker, case)
    assert words(visit("tl-1").get("/team")).count("Zustimmen bis") == 3
    form = {"person": key(town, "tl-1"), "first": "heute", "last": "27.11.2026", "deputy": key(town, "fm-2")}
    save(visit("bl-1"), form)
    deputy = visit("fm-2")
    page = words(deputy.get("/team"))
    assert page.count("in Vertretung für Kern, Beate") == 3
    for _ in range(3):
        approve(deputy)
    assert "Kein Antrag wartet auf Ihre Entscheidung" in words(deputy.get("/team"))
    for case in ("C-2001", "C-1001", "C-2002"):
        assert "Weber, Karl i. V. für Kern, Beate" in words(worker.get(f"/fall/{case}"))


def test_nobody_makes_themselves_the_deputy_of_whom_they_do_not_lead(visit: VisitAs, town: Office) -> None:
    with town.write() as tx:
        edv, worker = directory.person_key(tx, "edv-1"), directory.person_key(tx, "fm-1")
        assert edv
        assert worker
        plan = Plan(worker, tx.today, tx.today, edv, away=True)
        assert names_themselves(directory.organisation(tx), edv, plan, tx.today)
        with pytest.raises(Refused, match="wer die Person leitet"):
            Desk(tx, edv, worker, edv).save(plan)
