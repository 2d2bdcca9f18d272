"""A request never waits for itself: every route answers in an office that has one connection alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from domain.facts import Stream
from domain.facts.office import RuleSet
from services.messages import bounces
from services.office.office import Office, open_office
from services.records import database
from services.web.app import create_app
from tests.conftest import on_both_databases
from tests.served import Visit, serving
from tests.services.web import town as towns
from tests.services.web.conftest import Copy, VisitAs
from tests.services.web.test_api import CONTACT, send
from tests.services.web.test_calendar_address import ADDRESS
from tests.services.web.test_handover import hand_over
from tests.services.web.test_imports import PERIODS, checked
from tests.services.web.test_posts import back_in, end, sent
from tests.services.web.test_reassign import DENIZ, SELECTED
from tests.services.web.test_reconciliation import told_twice
from tests.services.web.test_routes import _routes as routes
from tests.services.web.test_today import TERMIN, open_dialogue, reply, request_extension

WAITED = 2  # seconds a request waits for a connection
UNDO = re.compile(r'action="(/rueckgaengig/[^"]+)"')
CHOICE = re.compile(r'name="wahl" value="(m-review-\w+)"')
REF = re.compile(r"/berichtigen/(\w+)/C-2002")
NUMBER = re.compile(r'name="number" value="(\d+)"')
SUBJECT = re.compile(r'name="subject" value="([^"]+)"')
NOTE = re.compile(r'action="(/(?:gelesen|rueckmeldung)/\d+)"')
VERSION = re.compile(r'name="stand" value="(\d+)"')
TICK = re.compile(r'name="wahl" value="([^"]+)"')
VERMERK = re.compile(r'href="(/vermerk/[^"]+)"')
INVITING = re.compile(r'href="/einladung/C-1001\?termin=([^"]+)"')
DEEDS = re.compile(r'name="getan" value="([^"]+)"')
LINE = re.compile(r'/aufgabe\.ics\?zeile=([^"]+)"')
CALLING_OFF = re.compile(r'value="(cancelled\|[^"]+\|C-1001)"')
PLAN = re.compile(r'name="plan" value="([^"]+)"')
FILTER = re.compile(r"/faelle/filter/\d+/weg")
DRAFT = re.compile(r"/dialog/[0-9a-f-]{36}")
PROPOSED = re.compile(r'name="vorschlag" value="([^"]+)"')
DIRECTIVE = re.compile(r'name="vorgabe" value="([^"]+)"')
LEFT_TO_OIDC = {("GET", "/anmelden/weiter"), ("GET", "/anmelden/zurueck")}  # they are where a provider is
Asked = dict[tuple[str, str], set[int]]


@pytest.fixture
def town(copy: Copy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Office]:
    """A copy of the town with one connection; a second source has told two bars with other days."""
    settings, connect = copy(towns.build), database.connect
    with open_office(settings) as office:
        told_twice(office, tmp_path)
    monkeypatch.setattr(database, "LOCK_SECONDS", WAITED)
    monkeypatch.setattr(database, "connect", lambda url: connect(url, connections=1))
    with open_office(settings) as office:
        with office.write() as tx:  # one rule has Altfälle
            on = RuleSet(rule="R-07", state="on", source="x", approved_by="tl-1", applies_from=towns.NOW.date())
            towns.append(tx, Stream.OFFICE, "rules", [towns.entry("2026-11-02", on)])
        yield office


@pytest.fixture
def asked(town: Office) -> Asked:
    """Which routes were asked, and how they have answered."""
    return {}


@pytest.fixture
def address(town: Office, asked: Asked) -> Iterator[str]:
    """The address of the served town, which notes what is asked."""
    app, known = create_app(town), list(routes(town))

    async def noting(scope, receive, send):  # type: ignore[no-untyped-def]
        async def noted(message):  # type: ignore[no-untyped-def]
            if message["type"] == "http.response.start":
                for one in known:
                    if scope["method"] in one.methods and one.path_regex.match(scope["path"]):
                        asked.setdefault((scope["method"], one.path), set()).add(message["status"])
                        break
            await send(message)

        await app(scope, receive, noted if scope["type"] == "http" else send)

    with serving(noting) as found:
        yield found


def found(pattern: re.Pattern[str], page: httpx.Response) -> str:
    """What a page holds."""
    match = pattern.search(page.text)
    assert match is not None, pattern
    return match[match.lastindex or 0]


def at_the_desk(worker: Visit) -> None:
    """Pages, one tap, the typed line, a dialogue, the search, a fact."""
    for path in (
        "/",
        "/heute/liste",
        "/faelle",
        "/termine",
        "/termine.ics",
        f"/aufgabe.ics?zeile={found(LINE, worker.get('/', thema='review'))}",
        "/hilfe",
        "/barrierefreiheit",
        "/eintrag/C-2002",
    ):
        assert worker.get(path).status_code == 200, path
    appointments = dict(TERMIN.findall(worker.get("/", offen="m-appointment").text))
    worker.post("/termin", {"fall": "C-1001", "termin": appointments["C-1001"], "was": "missed-no"})
    worker.post("/befehl", {"text": "verlängern", "fall": "C-2001"})
    for draft in set(DRAFT.findall(open_dialogue(worker, "later", "C-2002").text)):
        assert worker.get(draft).status_code == 200
        worker.post(draft, {"tun": "cancel"})
    worker.post("/suche", {"suche": "200"})
    worker.post("/suche/vorschlag", {"suche": "200"}, hx_request="true")
    worker.get("/suche")
    worker.post("/faelle", {"suche": "sander"})
    chosen = {"tun": "plan", "fall": "C-2002"}
    assert worker.get("/faelle/auswahl", **chosen).status_code == 200
    worker.post("/faelle/auswahl", {**chosen, "channel": "phone", "invited": "no", "on": "30.11."})
    letter = {"termin": found(INVITING, worker.get("/termine?tag=2026-11-26"))}
    page = worker.get("/einladung/C-1001", **letter)
    worker.post("/einladung/C-1001", {**letter, "on": "20.11.2026", "stand": found(VERSION, page)})
    address = found(ADDRESS, worker.post("/abwesenheiten/kalender", {"tun": "neu"}))
    assert worker.client.get(address).status_code == 200
    calling_off = found(CALLING_OFF, worker.get("/termine?tag=2026-11-26"))
    worker.post("/termine", {"tag": "2026-11-26", "einzeln": calling_off})
    page = worker.post("/faelle/filter", {"name": "lange", "dauer": "6"})
    worker.post(found(FILTER, page), {})
    chosen = {"wahl": found(CHOICE, worker.get("/")), "was": "later", "bis": "27.11.2026", "grund": "other"}
    page = worker.post("/heute/mehrere", chosen)
    worker.post(found(UNDO, page), {"getan": page.url.params["getan"], "woher": "heute"})
    assert worker.post("/befehl", {"text": "hilfe"}).url.path == "/befehl/antwort"
    assert send(worker, CONTACT).status_code == 201


def entries(worker: Visit) -> None:
    """An entry, its correction and withdrawal up to the preview, and its undoing."""
    form = worker.get("/eintrag/C-2002", art="measure-started")
    data = {"art": "measure-started", "on": "19.11.2026", "type": "FbW", "number": found(NUMBER, form)}
    data["measure"] = found(re.compile(r'name="measure" value="([^"]+)"'), form)
    worker.post("/eintrag/C-2002", data)
    page = worker.post("/eintrag/C-2002", {**data, "step": "save"})
    ref = found(REF, page)
    for kind in ("berichtigen", "zuruecknehmen"):
        path = f"/{kind}/{ref}/C-2002"
        sent = {"number": found(NUMBER, worker.get(path)), "on": "18.11.2026", "type": "FbW", "warum": "Zahlendreher."}
        assert worker.post(path, sent).status_code == 200
    worker.post("/rueckgaengig/C-2002", {"getan": page.url.params["getan"], "woher": "fall"})


def after_a_break(worker: Visit, town: Office) -> None:
    """A form that is sent when the session has ended, and thrown away after the log-in."""
    end(town)
    page = back_in(worker, sent(worker, "/befehl", {"text": "hilfe"}))
    assert page.status_code == 200
    worker.post(page.url.path)


def at_intake(clerk: Visit) -> None:
    """A new client and a period up to the preview, and cases of one person."""
    for path in ("/eingang", "/eingang/doppelte"):
        assert clerk.get(path).status_code == 200, path
    person = {"last_name": "Öz", "first_name": "Ali", "birth_date": "12.05.1987"}
    given = {**person, "on": "18.11.2026", "kind": "new", "to": "Brandt", "step": "preview"}
    assert clerk.post("/eingang/neukunde", given).status_code == 200
    period = {"kind": "alg1", "case": "C-2002", "first": "01.12.2026"}
    assert clerk.post("/eingang/zeitraum", period).status_code == 200
    assert clerk.post("/eingang/doppelte", {"fall": "C-2001", "anderer": "C-2002"}).status_code == 200


def as_lead(worker: Visit, lead: Visit) -> None:
    """A request that is decided, its answer read, a report ticked off, and every list of a lead."""
    request_extension(worker)
    reply(worker, open_dialogue(worker, "dispute", "C-2002"), wert="Das ist schon geklärt.")
    team = lead.get("/team")
    lead.post(found(NOTE, team), {})
    subject = found(SUBJECT, team)
    open_dialogue(lead, "approve", "C-2001", subject=subject, until="2027-02-28", woher="team")
    reply(lead, lead.get("/team"), tun="finish", woher="team")
    worker.post(found(NOTE, worker.get("/")), {})
    named = re.findall(r'name="wahl" value="([^"]+)"', lead.get("/team").text)
    assert len(named) > 1
    lead.post("/team/erinnern", {"wahl": named})
    assert lead.post("/team/erinnern", {"wahl": named}).status_code == 422
    chosen = found(re.compile(r'name="wahl" value="([^"]+)"'), lead.get("/team/altfaelle"))
    lead.post("/team/altfaelle", {"wahl": chosen, "grund": "vor der Einführung"})
    told = found(re.compile(r'name="wahl" value="([^"]+)"'), lead.get("/abgleich"))
    assert lead.post("/abgleich", {"eine": f"as-known|{told}"}).status_code == 200
    for path in (
        "/team/liste",
        "/team/altfaelle",
        "/abgleich",
        "/abgleich/liste.csv",
        "/einsichten.csv",
        "/team/zuweisen",
        "/team/zurueckgestellt",
        "/team/verweildauer",
        "/regeln",
        "/regeln/regelblatt.csv",
        "/regeln/texte",
        "/regeln/einfuehrung",
        "/regeln/vorschlaege",
        "/regeln/grundlagen",
        "/auswertungen",
        "/vorgaben",
        "/verzeichnis",
        "/verzeichnis/vorschlaege",
        "/faelle",
        "/qs?stichtag=20.11.2026",
        "/heute/liste",
        "/einsicht",
        "/faelle/liste.xlsx",
        "/termine/liste.xlsx",
        "/team/ueberfaellig.xlsx",
        "/team/verweildauer/liste.xlsx",
        "/team/altfaelle/liste.xlsx",
    ):
        assert lead.client.get(path).status_code == 200, path
    shared = lead.client.get("/team/umverteilen", params={"fall": "C-2003", "an": DENIZ})
    done = lead.post("/team/umverteilen", {"zu": found(SELECTED, shared), "an": DENIZ, "on": "20.11.2026"})
    lead.post("/team/umverteilen/zurueck", {"getan": found(DEEDS, done)})
    lead.post("/suche", {"suche": "sander"})
    for path in ("/fall/C-2003", "/einsicht/C-2003", "/akte/C-2003", "/auskunft/C-2003"):
        assert lead.get(path).status_code == 200, path
    assert lead.client.get(found(VERMERK, lead.get("/fall/C-2003"))).status_code == 200


def proposes(edv: Visit) -> None:
    """Proposes a setting of the office, and takes that back."""
    assert edv.get("/regeln/aendern", was="R-04").status_code == 200
    said = {"was": "R-04", "state": "list", "on": "23.11.2026", "source": "Verfügung 7/2026"}
    proposed = found(PROPOSED, edv.post("/regeln/aendern", said))
    edv.post("/regeln/vorschlaege", {"vorschlag": proposed, "entscheidung": "nein", "grund": "Erst im neuen Jahr."})
    data = {"becomes": "rule-set", "rule": "R-04", "state": "list", "source": "Verfügung 7/2026"}
    csrf = {"X-CSRF-Token": edv.token()}
    wish = {"fact": "setting-proposed", "on": "2026-11-23", "data": data}
    made = edv.client.post("/api/v1/proposals", json=wish, headers=csrf).json()
    decision = f"/api/v1/proposals/{made['proposal']}/decision"
    taken = edv.client.post(decision, json={"granted": False, "reason": "Erst im neuen Jahr."}, headers=csrf)
    assert taken.status_code == edv.client.get("/api/v1/proposals").status_code == 200
    somebody = found(re.compile(r"/verzeichnis/sicht\?person=(\w+)"), edv.get("/verzeichnis"))
    assert edv.get("/verzeichnis/sicht", person=somebody).status_code == 200
    unit = {"was": "unit-opened", "unit": "56.9", "name": "Rosdorf", "on": "23.11.2026", "source": "Verfügung 7/2026"}
    assert edv.get("/verzeichnis/aendern", was="unit-opened").status_code == 200
    proposed = found(PROPOSED, edv.post("/verzeichnis/aendern", unit))
    edv.post(
        "/verzeichnis/vorschlaege", {"vorschlag": proposed, "entscheidung": "nein", "grund": "Erst im neuen Jahr."}
    )


def enters(edv: Visit, town: Office) -> None:
    """Enters a Dienstvereinbarung, takes that back, and says to have read a directive."""
    assert edv.get("/regeln/grundlage", art="word-set").status_code == 200
    said = {
        "art": "evaluations-agreed",
        "reference": "10.2-3/2026",
        "evaluations": "staff-in-lists",
        "on": "23.11.2026",
    }
    proposed = found(PROPOSED, edv.post("/regeln/grundlage", said | {"source": "Dienstvereinbarung vom 2.11."}))
    edv.post("/regeln/vorschlaege", {"vorschlag": proposed, "entscheidung": "nein", "grund": "Erst im neuen Jahr."})
    towns.publish(town, "Rundschreiben 3/2026")
    edv.post("/vorgaben", {"vorgabe": found(DIRECTIVE, edv.get("/vorgaben"))})


def as_qs(qs: Visit) -> None:
    """The questions, their files, one case asked about through a list, and the API."""
    qs.names_purpose(qs.client.get("/fall/C-2001"), "quality")
    for path in (
        *(
            "/qs",
            "/qs?stichtag=20.11.2026&ansicht=unterschied&stand_tag=01.06.2026",
            "/qs/fragen",
            "/qs/rueckmeldungen",
        ),
        *("/qs/fragen/due?fall=C-2001", "/qs/liste.csv?stichtag=20.11.2026", "/qs/fragen/due/liste.csv?fall=C-2001"),
    ):
        assert qs.client.get(path).status_code == 200, path
    qs.client.headers["fallverlauf-purpose"] = "quality"
    for path in (
        *("cases/C-2001/timeline", "cases/C-2001/clocks", "due?case=C-2001", "questions/due?case=C-2001"),
        *("stays?strategy=integration", "due", "questions", "questions/stays"),
    ):
        assert qs.client.get(f"/api/v1/{path}").status_code == 200, path


def as_edv(edv: Visit, town: Office) -> None:
    """A file from its being handed in to what was refused of it."""
    page = checked(edv, town, PERIODS)
    mapped = {"eintrag": "benefit-started", "s.case": "Fallnummer", "s.on": "Beginn", "weiter": "ja"}
    edv.post(f"{page.url.path}/spalten", {**mapped, "name": "eigen", "system": "anderes"})
    own = edv.get("/einlesen/profile")
    state = found(re.compile(r'name="stand" value="(\w+)"'), own)
    renamed = {"profil": "eigen", "tun": "umbenennen", "name": "eigenes", "stand": state}
    assert "eigenes" in edv.post("/einlesen/profile", renamed).text
    for path in ("/einrichten", "/einlesen", f"{page.url.path}/abgelehnt", f"{page.url.path}/spalten"):
        assert edv.client.get(path).status_code == 200, path


def absent(worker: Visit) -> None:
    """An absence: seen beforehand, saved, taken back."""
    days = {"first": "01.12.2026", "last": "02.12.2026"}
    shown = worker.post("/abwesenheiten", days)
    worker.post(f"{shown.url.path}?{shown.url.query.decode()}", days | {"step": "save"})
    worker.post("/abwesenheiten/nachrichten", {"mail": "ja"})
    plan = PLAN.findall(worker.get("/abwesenheiten").text)[0]
    worker.post("/abwesenheiten/zurueck", {"plan": plan, "tun": "back"})


@on_both_databases
def test_every_route_answers_with_one_connection(visit: VisitAs, town: Office, asked: Asked) -> None:
    worker, lead, qs = visit("fm-1"), visit("tl-1"), visit("qs-1")
    at_the_desk(worker)
    entries(worker)
    after_a_break(worker, town)
    lead.login("tl-1")
    qs.login("qs-1")
    at_intake(visit("es-1"))
    as_lead(worker, lead)
    absent(worker)
    with town.write() as tx:
        fm = tx.store.keys(tx.conn, Stream.PERSON, ["fm-1"])["fm-1"]
        town.vault.put_names(tx.conn, fm, {"mail": "fm-1@example.org"})
        bounces.put_aside(tx, fm.hex, "fm-1@example.org", "550")
    worker.post("/abwesenheiten/mail", {})
    hand_over(worker)
    worker.post("/nachtrag/C-2002", {"wahl": found(TICK, worker.get("/nachtrag/C-2002"))})
    as_qs(qs)
    as_edv(visit("edv-1"), town)
    proposes(visit("edv-1"))
    enters(visit("edv-1"), town)
    for path in ("/healthz", "/metrics"):
        assert qs.client.get(path).status_code == 200, path
    with lead.client.stream("GET", "/live") as stream:
        assert stream.status_code == 200
    lead.post("/abmelden")
    assert {route: said for route, said in asked.items() if max(said) >= 500 or min(said) >= 400} == {}
    known = {(method, one.path) for one in routes(town) for method in one.methods}
    assert known - asked.keys() == LEFT_TO_OIDC
