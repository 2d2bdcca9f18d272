"""Every route, every role, every relation to a case: what is answered is what the table of permissions says."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, get_args
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

import pytest
from fastapi.routing import APIRoute

from domain.facts import Fact
from domain.facts.base import Stream
from domain.facts.case import CaseOpened, HandoverInitiated, ResponsibilityAssigned
from domain.facts.directory import AbsenceRecorded, DeputyAppointed, PersonAdded, Role, RoleAssigned, UnitOpened
from domain.facts.strategy import StrategyBarSet
from domain.permissions import LEADS, Action, Relation, may
from domain.purposes import must_name
from services.office.office import Office, mark_test_data, open_office
from services.people import directory, sessions, views
from services.records import rows
from services.records.tables import sessions as session_table
from services.settings import Settings
from services.web.app import create_app
from tests.served import serving
from tests.services.web.town import NOW, entry

ROLES = get_args(Role)
AREA = "av-ags"
UNTIL = NOW.date() + dt.timedelta(days=30)
Form = Mapping[str, str]


class Entry(NamedTuple):
    """What a route needs: one of these actions; without one a log-in is enough, `open` needs nothing."""

    actions: tuple[Action, ...] = ()
    form: Form = MappingProxyType({})
    open: bool = False


A = Action
DIALOGUES = {
    "extension": A.REQUEST,
    "plan": A.RECORD,
    "own": A.RECORD,
    "call": A.RECORD,
    "later": A.SNOOZE,
    "dispute": A.SNOOZE,
    "approve": A.DECIDE,
    "accept-explanation": A.DECIDE,
    "take-over": A.DECIDE,
    "assign": A.DECIDE,
    "handover": A.HAND_OVER,
    "accept-handover": A.RECEIVE,
}
TABLE: dict[tuple[str, str], list[Entry]] = {
    ("GET", "/anmelden"): [Entry(open=True)],
    ("POST", "/anmelden"): [Entry(open=True)],
    ("GET", "/anmelden/weiter"): [Entry(open=True)],
    ("GET", "/anmelden/zurueck"): [Entry(open=True)],
    ("GET", "/hilfe"): [Entry(open=True)],
    ("GET", "/barrierefreiheit"): [Entry(open=True)],
    ("GET", "/healthz"): [Entry(open=True)],
    ("GET", "/metrics"): [Entry(open=True)],
    ("GET", "/"): [Entry()],
    ("POST", "/abmelden"): [Entry()],
    ("GET", "/live"): [Entry((A.SEE_TODAY,))],
    ("GET", "/heute/liste"): [Entry((A.SEE_TODAY,))],
    ("POST", "/heute/mehrere"): [Entry((A.SEE_TODAY,), {"wahl": "m-appointment", "was": "held"})],
    ("POST", "/termin"): [Entry((A.SEE_TODAY,), {"fall": "{case}", "termin": "r0", "was": "held"})],
    ("GET", "/termine"): [Entry((A.ANSWER,))],
    ("GET", "/termine.ics"): [Entry((A.ANSWER,))],
    ("GET", "/team/umverteilen"): [Entry((A.SEE_TEAM,))],
    ("POST", "/team/umverteilen"): [Entry((A.SEE_TEAM,))],
    ("POST", "/team/umverteilen/zurueck"): [Entry((A.SEE_TEAM,))],
    ("POST", "/abwesenheiten/mail"): [Entry(form={"person": ""})],
    ("GET", "/aufgabe.ics"): [Entry((A.SEE_TODAY,))],
    ("GET", "/kalender/{token}.ics"): [Entry(open=True)],
    ("POST", "/abwesenheiten/kalender"): [Entry(form={"tun": "weg"})],
    ("POST", "/termine"): [Entry((A.ANSWER,), {"einzeln": "held|r0|{case}"})],
    ("GET", "/einladung/{case:path}"): [Entry((A.RECORD,))],
    ("POST", "/einladung/{case:path}"): [Entry((A.RECORD,), {"termin": "r0"})],
    ("POST", "/gelesen/{note}"): [Entry((A.SEE_TODAY,))],
    ("POST", "/rueckmeldung/{note}"): [Entry((A.SEE_QS,))],
    ("POST", "/befehl"): [Entry((A.SEE_TODAY,), {"text": "{case}"})],
    ("GET", "/befehl/antwort"): [Entry((A.SEE_TODAY,))],
    ("GET", "/aufgehoben/{id}"): [Entry()],
    ("POST", "/aufgehoben/{id}"): [Entry()],
    ("GET", "/faelle"): [Entry((A.SEE_CASES,))],
    ("GET", "/faelle/liste.{kind}"): [Entry((A.SEE_CASES,))],
    ("GET", "/termine/liste.{kind}"): [Entry((A.ANSWER,))],
    ("GET", "/team/ueberfaellig.{kind}"): [Entry((A.SEE_TEAM,))],
    ("GET", "/team/verweildauer/liste.{kind}"): [Entry((A.SEE_TEAM,))],
    ("GET", "/faelle/auswahl"): [Entry((A.SEE_CASES,))],
    ("POST", "/faelle/auswahl"): [Entry((A.SEE_CASES,), {"tun": "plan", "fall": "{case}"})],
    ("POST", "/faelle/filter"): [Entry((A.SEE_CASES,), {"name": "x"})],
    ("POST", "/faelle/filter/{saved}/weg"): [Entry((A.SEE_CASES,))],
    ("GET", "/suche"): [Entry((A.SEARCH,))],
    ("POST", "/faelle"): [Entry((A.SEE_CASES,), {"suche": "{name}"})],
    ("POST", "/suche"): [Entry((A.SEARCH,), {"suche": "{name}"})],
    ("POST", "/suche/vorschlag"): [Entry((A.SEARCH,), {"suche": "{name}"})],
    ("GET", "/eingang"): [Entry((A.SEE_INTAKE,))],
    ("GET", "/eingang/neukunde"): [Entry((A.OPEN_CASE,))],
    ("GET", "/eingang/zeitraum"): [Entry((A.SEE_INTAKE,))],
    ("POST", "/eingang/neukunde"): [Entry((A.OPEN_CASE,))],
    ("POST", "/eingang/zeitraum"): [Entry((A.SEE_INTAKE,), {"kind": "benefit", "case": "{case}"})],
    ("GET", "/eingang/doppelte"): [Entry((A.SEE_INTAKE,))],
    ("POST", "/eingang/doppelte"): [Entry((A.SEE_INTAKE,), {"fall": "{case}", "anderer": "{case}"})],
    ("GET", "/team"): [Entry((A.SEE_TEAM,))],
    ("GET", "/team/liste"): [Entry((A.SEE_TEAM,))],
    ("GET", "/team/verweildauer"): [Entry((A.SEE_TEAM,))],
    ("GET", "/team/zurueckgestellt"): [Entry((A.SEE_TEAM,))],
    ("GET", "/regeln"): [Entry((A.SEE_RULES,))],
    ("GET", "/regeln/regelblatt.{kind}"): [Entry((A.SEE_RULES,))],
    ("GET", "/regeln/texte"): [Entry((A.SEE_RULES,))],
    ("GET", "/regeln/einfuehrung"): [Entry((A.SEE_RULES,))],
    ("GET", "/einrichten"): [Entry((A.SEE_SETUP,))],
    ("GET", "/einlesen"): [Entry((A.IMPORT,))],
    ("POST", "/einlesen"): [Entry((A.IMPORT,), {"datei": ""})],
    ("GET", "/einlesen/profile"): [Entry((A.IMPORT,))],
    ("POST", "/einlesen/profile"): [Entry((A.IMPORT,), {"profil": "x"})],
    ("GET", "/einlesen/{id}"): [Entry((A.IMPORT,))],
    ("POST", "/einlesen/{id}"): [Entry((A.IMPORT,), {"tun": "loeschen"})],
    ("GET", "/einlesen/{id}/abgelehnt"): [Entry((A.IMPORT,))],
    ("GET", "/verzeichnis"): [Entry((A.SEE_DIRECTORY,))],
    ("GET", "/verzeichnis/sicht"): [Entry((A.SEE_DIRECTORY,))],
    ("GET", "/verzeichnis/aendern"): [Entry((A.PROPOSE_DIRECTORY,))],
    ("POST", "/verzeichnis/aendern"): [Entry((A.PROPOSE_DIRECTORY,), {"was": "unit-opened"})],
    ("GET", "/verzeichnis/vorschlaege"): [Entry((A.SEE_DIRECTORY,))],
    ("POST", "/verzeichnis/vorschlaege"): [Entry((A.CONFIRM_DIRECTORY,), {"vorschlag": "x"})],
    ("GET", "/regeln/aendern"): [Entry((A.PROPOSE_SETTINGS,))],
    ("POST", "/regeln/aendern"): [Entry((A.PROPOSE_SETTINGS,), {"was": "R-04/check"})],
    ("GET", "/regeln/vorschlaege"): [Entry((A.SEE_RULES,))],
    ("POST", "/regeln/vorschlaege"): [Entry((A.CONFIRM_SETTINGS,), {"vorschlag": "x"})],
    ("GET", "/regeln/grundlagen"): [Entry((A.SEE_RULES,))],
    ("GET", "/regeln/grundlage"): [Entry((A.PROPOSE_SETTINGS,))],
    ("POST", "/regeln/grundlage"): [Entry((A.PROPOSE_SETTINGS,), {"art": "word-set"})],
    ("GET", "/vorgaben"): [Entry((A.SEE_DIRECTIVES,))],
    ("POST", "/vorgaben"): [Entry((A.SEE_DIRECTIVES,), {"vorgabe": "x"})],
    ("GET", "/auswertungen"): [Entry((A.SEE_REGISTER,))],
    ("GET", "/einlesen/{id}/spalten"): [Entry((A.IMPORT,))],
    ("POST", "/einlesen/{id}/spalten"): [Entry((A.IMPORT,), {"eintrag": "x"})],
    ("POST", "/team/erinnern"): [Entry((A.SEE_TEAM,), {"wahl": "x"})],
    ("GET", "/team/zuweisen"): [Entry((A.SEE_TEAM,))],
    ("GET", "/team/altfaelle"): [Entry((A.SEE_TEAM,))],
    ("POST", "/team/altfaelle"): [Entry((A.SEE_TEAM,), {"wahl": "R-04|check|2026-01-01|{case}"})],
    ("GET", "/team/altfaelle/liste.{kind}"): [Entry((A.SEE_TEAM,))],
    ("GET", "/abwesenheiten"): [Entry()],
    ("POST", "/abwesenheiten"): [Entry((), {"first": "heute"})],
    ("POST", "/abwesenheiten/nachrichten"): [Entry((), {"mail": "ja"})],
    ("POST", "/abwesenheiten/zurueck"): [Entry((), {"plan": "x"})],
    ("GET", "/abgleich"): [Entry((A.ANSWER,))],
    ("POST", "/abgleich"): [Entry((A.ANSWER,), {"eine": "two-things|r0"})],
    ("GET", "/abgleich/liste.{kind}"): [Entry((A.ANSWER,))],
    ("GET", "/einsicht"): [Entry((A.SEE_VIEWS,))],
    ("GET", "/einsichten.{kind}"): [Entry((A.SEE_VIEWS,))],
    ("GET", "/einsicht/{case:path}"): [Entry((A.SEE_CASE_VIEWS,))],
    ("GET", "/qs"): [Entry((A.SEE_QS,))],
    ("GET", "/qs/liste.{kind}"): [Entry((A.SEE_QS,))],
    ("GET", "/qs/fragen"): [Entry((A.SEE_QS,))],
    ("GET", "/qs/rueckmeldungen"): [Entry((A.SEE_QS,))],
    ("GET", "/qs/fragen/{name}"): [Entry((A.SEE_QS,))],
    ("GET", "/qs/fragen/{name}/liste.{kind}"): [Entry((A.SEE_QS,))],
    ("GET", "/api/v1/stays"): [Entry((A.ASK_LISTS,))],
    ("GET", "/api/v1/due"): [Entry((A.ASK_LISTS,))],
    ("GET", "/api/v1/questions"): [Entry((A.ASK_LISTS,))],
    ("GET", "/api/v1/questions/{question}"): [Entry((A.ASK_LISTS,))],
    ("GET", "/api/v1/proposals"): [Entry((A.SEE_RULES,))],
    ("POST", "/api/v1/proposals"): [Entry((A.PROPOSE_SETTINGS,))],
    ("POST", "/api/v1/proposals/{proposal}/decision"): [Entry((A.CONFIRM_SETTINGS,))],
    ("GET", "/dialog/{draft}"): [Entry((A.ANSWER,))],
    ("POST", "/dialog/{draft}"): [Entry((A.ANSWER,))],
    ("POST", "/dialog"): [Entry((one,), {"fall": "{case}", "dialog": name}) for name, one in DIALOGUES.items()],
    ("GET", "/fall/{case:path}"): [Entry((A.SEE_CASE,))],
    ("GET", "/akte/{case:path}"): [Entry((A.GIVE_OUT,))],
    ("GET", "/auskunft/{case:path}"): [Entry((A.GIVE_OUT,))],
    ("GET", "/vermerk/{ref}/{case:path}"): [Entry((A.GIVE_OUT,))],
    ("GET", "/nachtrag/{case:path}"): [Entry((A.GIVE_OUT,))],
    ("POST", "/nachtrag/{case:path}"): [Entry((A.RECORD,))],
    ("GET", "/zweck/{case:path}"): [Entry((A.SEE_CASE,))],
    ("POST", "/zweck/{case:path}"): [Entry((A.SEE_CASE,), {"zweck": "enquiry", "next": "/hilfe"})],
    ("POST", "/rueckgaengig/{case:path}"): [Entry((A.SEE_CASE,))],
    ("GET", "/eintrag/{case:path}"): [Entry((A.RECORD, A.RECORD_INTAKE))],
    ("POST", "/eintrag/{case:path}"): [Entry((A.RECORD, A.RECORD_INTAKE))],
    ("GET", "/berichtigen/{ref}/{case:path}"): [Entry((A.CORRECT, A.RECORD_INTAKE))],
    ("POST", "/berichtigen/{ref}/{case:path}"): [Entry((A.CORRECT, A.RECORD_INTAKE))],
    ("GET", "/zuruecknehmen/{ref}/{case:path}"): [Entry((A.CORRECT, A.RECORD_INTAKE))],
    ("POST", "/zuruecknehmen/{ref}/{case:path}"): [Entry((A.CORRECT, A.RECORD_INTAKE))],
    ("GET", "/api/v1/cases/{case:path}/timeline"): [Entry((A.SEE_CASE,))],
    ("GET", "/api/v1/cases/{case:path}/clocks"): [Entry((A.SEE_CASE,))],
    ("POST", "/api/v1/cases/{case:path}/facts"): [Entry((A.RECORD, A.RECORD_INTAKE))],
}


class Somebody(NamedTuple):
    """A person with a role, made to stand so to a case of their own; `relations` is what the house says of it."""

    role: str
    relation: Relation
    case: str
    name: str
    key: UUID
    person: str
    roles: frozenset[str]
    relations: frozenset[Relation]
    cookie: str
    csrf: str

    def may(self, actions: tuple[Action, ...]) -> bool:
        return not actions or any(may(action, self.roles, self.relations) for action in actions)


class House:
    """Builds people and cases."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def build(self) -> list[Somebody]:
        with self.office.write() as tx:
            self.tx = tx
            mark_test_data(tx)
            self.unit("Z")
            self.person("worker", "placement", "Z")
            made = [self.pair(role, relation) for role in ROLES for relation in Relation]
        with self.office.read() as tx:
            self.tx = tx
            found = [self.standing(*one) for one in made]
        return [self.logged_in(one) for one in found]

    def pair(self, role: str, relation: Relation) -> tuple[str, Relation, str, UUID]:
        name = f"{role}-{relation}"
        here = f"U-{name}"
        self.unit(here)
        own = relation is Relation.UNIT or (relation is Relation.LEAD and role in LEADS)
        self.person(name, role, here if own else "Z", *([RoleAssigned(role="qs")] if relation is Relation.QS else []))
        worker, facts = "worker", []
        if relation is Relation.RESPONSIBLE:
            worker = name
        elif relation is Relation.DEPUTY:
            worker = f"away-{name}"
            self.person(worker, "placement", "Z", *self.away(name))
        elif relation is Relation.RECEIVER:
            facts.append(HandoverInitiated(to_worker=name, to_unit=here, to_area=AREA, intended_strategy="integration"))
        elif relation is Relation.LEAD and role not in LEADS:
            self.person(f"away-{name}", "unit_lead", here, *self.away(name))
        return role, relation, name, self.case(name, worker, here, facts)

    def away(self, deputy: str) -> list[Fact]:
        return [AbsenceRecorded(until=UNTIL), DeputyAppointed(deputy=deputy)]

    def unit(self, code: str) -> None:
        self.append(Stream.UNIT, code, [UnitOpened(name=code)])

    def person(self, name: str, role: str, unit: str, *more: Fact) -> None:
        facts = [PersonAdded(name=name), RoleAssigned(role=role, unit=unit), *more]
        self.append(Stream.PERSON, name, facts)

    def case(self, number: str, worker: str, unit: str, more: list[Fact]) -> UUID:
        given = ResponsibilityAssigned(worker=worker, unit=unit, area=AREA)
        key = self.append(
            Stream.CASE, number, [CaseOpened(unit=unit), given, StrategyBarSet(strategy="integration"), *more]
        )
        self.office.vault.put_names(self.tx.conn, key, {"last_name": self.client(number), "first_name": "Ole"})
        rows.refresh(self.tx.conn, key, self.tx.store.records(self.tx.conn, key))
        return key

    def client(self, number: str) -> str:
        return "Geheim" + "".join(letter for letter in number if letter.isalnum())

    def append(self, stream: Stream, number: str, facts: list[Fact]) -> UUID:
        key = self.tx.store.open_stream(self.tx.conn, stream, number)
        self.tx.store.append(self.tx.conn, key, [entry("2026-11-16", fact) for fact in facts], NOW)
        return key

    def standing(self, role: str, relation: Relation, name: str, key: UUID) -> Somebody:
        person, today = directory.person_key(self.tx, name), self.office.today()
        assert person is not None
        organisation = directory.organisation(self.tx)
        relations = directory.relations_to(self.tx, person, key, today)
        roles = organisation.role_names(person, today)
        assert {role} <= roles
        return Somebody(role, relation, name, self.client(name), key, person, roles, relations, "", "")

    def logged_in(self, one: Somebody) -> Somebody:
        with self.office.write() as tx:
            token = sessions.start(tx.conn, tx.office.vault, one.person, NOW)
            found = sessions.find(tx.conn, tx.office.vault, token, NOW)
            assert found is not None
            views.say(tx.conn, tx.office.vault, found.token, one.key, "enquiry")
        return one._replace(cookie=token, csrf=found.csrf)


@contextmanager
def _opened(data: Path) -> Iterator[tuple[Office, list[Somebody], HTTPConnection]]:
    with open_office(Settings(data=data, fixed_now=NOW)) as office:
        everybody = House(office).build()
        with serving(create_app(office)) as address:
            place = urlsplit(address).netloc
            with closing(HTTPConnection(place, timeout=60)) as served:
                yield office, everybody, served


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, list[Somebody], HTTPConnection]]:
    """The house, served."""
    with _opened(tmp_path_factory.mktemp("house") / "data") as found:
        yield found


def _routes(office: Office) -> set[tuple[str, str]]:
    found = set()
    for included in create_app(office).routes:
        router = getattr(included, "original_router", None)
        for route in router.routes if router else [included]:
            if isinstance(route, APIRoute):
                found |= {(method, route.path) for method in route.methods}
    return found


def _ask(served: HTTPConnection, one: Somebody, method: str, path: str, form: Form) -> tuple[int, str]:
    said = {key: value.format(case=one.case, name=one.name) for key, value in form.items()}
    url = (
        path.replace("{case:path}", one.case)
        .replace("{ref}", "r0")
        .replace("{note}", "999999")
        .replace("{saved}", "999999")
    )
    url = url.replace("{draft}", str(uuid4())).replace("{id}", str(uuid4())).replace("{kind}", "csv")
    url = url.replace("{token}", "x").replace("{proposal}", "x")
    url = url.replace("{name}", "due").replace("{question}", "due")
    headers = {"Cookie": f"{sessions.COOKIE}={one.cookie}", "X-CSRF-Token": one.csrf}
    if said:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    url += "?strategy=integration" if path == "/api/v1/stays" else ""
    served.request(method, url, urlencode(said) if said else None, headers)
    answer = served.getresponse()
    if path == "/live" and answer.status == 200:  # it would go on for minutes
        served.close()
        return answer.status, ""
    return answer.status, answer.read().decode("utf-8", "replace")


def _asking(
    everybody: list[Somebody], method: str, path: str, one: Entry, walked: set[tuple[Action, ...]]
) -> list[Somebody]:
    """Every pair for the first route about a case that needs these actions; for the others every role once.

    How the roles of the others stand to the case differs from route to route. FALLVERLAUF_EVERY_PAIR=1 asks for all.
    """
    about_a_case = "{case" in path + "".join(one.form.values())
    if about_a_case and (one.actions not in walked or os.environ.get("FALLVERLAUF_EVERY_PAIR")):
        walked.add(one.actions)
        return everybody
    shift = len(method + path)
    return [
        everybody[at + (at // len(Relation) + shift) % len(Relation)] for at in range(0, len(everybody), len(Relation))
    ]


def _say(capsys: pytest.CaptureFixture[str], line: str) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{line}\n")


def test_every_route_has_an_entry(house: tuple[Office, list[Somebody], HTTPConnection]) -> None:
    assert _routes(house[0]) == set(TABLE)


def test_people_stand_to_their_cases_as_meant(house: tuple[Office, list[Somebody], HTTPConnection]) -> None:
    everybody = house[1]
    assert len(everybody) == len(ROLES) * len(Relation)
    for one in everybody:
        assert one.relation in one.relations or one.relation is Relation.NONE, one


def test_answers_are_those_of_the_table(
    house: tuple[Office, list[Somebody], HTTPConnection], capsys: pytest.CaptureFixture[str]
) -> None:
    _, everybody, served = house
    counts: Counter[str] = Counter()
    wrong, walked = [], set[tuple[Action, ...]]()
    for (method, path), entries in TABLE.items():
        if path == "/abmelden":
            continue  # ends the session: tried last, below
        for entry_ in entries:
            for one in _asking(everybody, method, path, entry_, walked):
                status, text = _ask(served, one, method, path, entry_.form)
                expected = entry_.open or one.may(entry_.actions)
                counts["allowed" if status != 403 else "refused"] += 1
                if (not entry_.open and (status != 403) != expected) or status >= 500:
                    wrong.append((method, path, dict(entry_.form), one.role, str(one.relation), status))
                if f"{one.name}, Ole" in text and not one.may((A.SEE_NAMES,)):
                    wrong.append(("name shown", path, one.role, str(one.relation)))
    answers = f"{sum(counts.values())} answers ({counts['allowed']} allowed, {counts['refused']} refused)"
    _say(capsys, f"{len(TABLE)} routes x {len(ROLES)} roles x {len(Relation)} relations: {answers}")
    assert not wrong, wrong[:20]
    assert min(counts.values()) > 500


def test_nobody_reads_as_lead_or_qs_without_a_purpose(
    house: tuple[Office, list[Somebody], HTTPConnection], capsys: pytest.CaptureFixture[str]
) -> None:
    office, everybody, served = house
    with office.write() as tx:
        tx.conn.exec_driver_sql("DELETE FROM purposes")
    seers = [one for one in everybody if one.may((A.SEE_CASE,))]
    asked = 0
    for one in seers:
        status, text = _ask(served, one, "GET", "/fall/{case:path}", {})
        api, _ = _ask(served, one, "GET", "/api/v1/cases/{case:path}/clocks", {})
        assert (status, api) == ((303, 403) if must_name(one.relations) else (200, 200)), one
        assert status == 200 or one.name not in text
        asked += must_name(one.relations)
    _say(capsys, f"{len(seers)} of {len(everybody)} may see their case, {asked} of them name a purpose first")
    assert 0 < asked < len(seers)


def test_everybody_may_leave(house: tuple[Office, list[Somebody], HTTPConnection]) -> None:
    office, everybody, served = house
    assert {_ask(served, one, "POST", "/abmelden", {})[0] for one in everybody} == {303}
    with office.read() as tx:
        assert tx.conn.execute(session_table.select()).first() is None
