"""Every path stands behind the guard, and no role gets further than the table of permissions says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from uuid import UUID

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from domain.facts import Stream
from domain.facts.directory import PersonAdded, PersonLeft, RoleAssigned
from services.office.office import Office
from services.web.app import create_app
from services.web.http.door import Needs, NeedsAtCase, Opens, Streams
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.town import NOW, ROLES, append, entry

Ask = Callable[[Visit, str], httpx.Response]
PUBLIC = {
    "/anmelden",
    "/anmelden/weiter",
    "/anmelden/zurueck",
    "/hilfe",
    "/barrierefreiheit",
    "/healthz",
    "/metrics",
} | {"/kalender/{token}.ics"}
LISTS = {
    "/heute/liste": ("fm-1", "tl-1", "es-1"),
    "/faelle": ("fm-1", "tl-1", "es-1", "qs-1"),
    "/team": ("tl-1",),
    "/team/liste": ("tl-1",),
    "/team/verweildauer": ("tl-1",),
    "/team/altfaelle": ("tl-1",),
    "/abgleich": ("fm-1", "tl-1"),
    "/abgleich/liste.csv": ("fm-1", "tl-1"),
    "/einsichten.csv": ("tl-1", "qs-1"),
    "/einrichten": ("edv-1",),
    "/regeln": ("tl-1", "edv-1"),
    "/regeln/regelblatt.csv": ("tl-1", "edv-1"),
    "/regeln/einfuehrung": ("tl-1", "edv-1"),
    "/verzeichnis": ("tl-1", "edv-1"),
    "/verzeichnis/aendern?was=person-left": ("edv-1",),
    "/verzeichnis/vorschlaege": ("tl-1", "edv-1"),
    "/einlesen": ("edv-1",),
    "/einlesen/profile": ("edv-1",),
    "/regeln/aendern?was=R-04": ("edv-1",),
    "/regeln/vorschlaege": ("tl-1", "edv-1"),
    "/regeln/grundlagen": ("tl-1", "edv-1"),
    "/regeln/grundlage?art=word-set": ("edv-1",),
    "/vorgaben": ("fm-1", "tl-1", "es-1", "qs-1", "edv-1"),
    "/auswertungen": ("tl-1", "qs-1", "edv-1"),
    "/qs": ("tl-1", "qs-1"),
    "/qs/liste.csv": ("tl-1", "qs-1"),
    "/qs/liste.xlsx": ("tl-1", "qs-1"),
}
PARTS = {
    "note": "1",
    "saved": "1",
    "draft": str(UUID(int=1)),
    "id": str(UUID(int=1)),
    "name": "due",
    "question": "due",
    "kind": "csv",
    "ref": "r1",
}
AT_CASE = {
    "/fall/C-1001": ("fm-1", "tl-1", "es-1", "qs-1"),
    "/eintrag/C-1001": ("fm-1", "tl-1", "es-1"),
    "/api/v1/cases/C-1001/timeline": ("fm-1", "tl-1", "es-1", "qs-1"),
    "/api/v1/cases/C-1001/clocks": ("fm-1", "tl-1", "es-1", "qs-1"),
}


def _routes(office: Office) -> Iterator[APIRoute]:
    for included in create_app(office).routes:
        router = getattr(included, "original_router", None)
        yield from (route for route in (router.routes if router else [included]) if isinstance(route, APIRoute))


def _guards(dependant: Dependant) -> Iterator[object]:
    for one in dependant.dependencies:
        yield one.call
        yield from _guards(one)


def test_every_route_has_a_guard(town: Office) -> None:
    routes = list(_routes(town))
    assert len(routes) > 25
    for route in routes:
        guarded = any(isinstance(guard, Needs | NeedsAtCase | Opens | Streams) for guard in _guards(route.dependant))
        assert guarded != (route.path in PUBLIC), route.path


def test_nobody_gets_past_a_guard_without_a_log_in(visit: VisitAs, town: Office) -> None:
    """Neither by a door that a page opens itself."""
    somebody = visit("").client
    somebody.follow_redirects = False
    asked = 0
    for route in _routes(town):
        for method in route.methods if route.path not in PUBLIC else ():
            path = re.sub(r"{([^}:]+)[^}]*}", lambda part: PARTS.get(part[1], "C-2001"), route.path)
            answer = somebody.request(method, path, json=FACT if path.startswith("/api/") else None)
            led = answer.headers.get("location", "").startswith("/anmelden")
            assert answer.status_code == 401 or led, (method, path, answer.status_code)
            asked += 1
    assert asked > 25


def test_who_may_open_what(visit: VisitAs) -> None:
    for person in ROLES:
        at_work = visit(person)
        for path, allowed in (LISTS | AT_CASE).items():
            expected = 200 if person in allowed else 403
            assert at_work.get(path).status_code == expected, (person, path)


def test_the_first_page_is_one_that_may_be_seen(visit: VisitAs) -> None:
    first = {"fm-1": "/", "es-1": "/", "tl-1": "/team", "qs-1": "/qs", "edv-1": "/einrichten"}
    for person, path in first.items():
        answer = visit(person).get("/")
        assert (answer.status_code, answer.url.path) == (200, path)


def test_a_case_of_another_unit_stays_closed(visit: VisitAs) -> None:
    for person in ("fm-1", "fm-2", "tl-1", "es-1", "edv-1"):
        at_work = visit(person)
        for path in ("/fall/C/3.001", "/eintrag/C/3.001", "/api/v1/cases/C/3.001/clocks"):
            assert at_work.get(path).status_code == 403, (person, path)
    assert visit("qs-1").get("/fall/C/3.001").status_code == 200


def test_qs_reads_without_names_and_texts_and_writes_nowhere(visit: VisitAs) -> None:
    qs = visit("qs-1")
    page = qs.get("/fall/C-1001").text
    assert "Sander" not in page
    assert "Schulden" not in page
    assert "Brandt" not in page
    assert "berichtigen" not in page
    assert "Eintrag erfassen" not in page
    for path in ("/eintrag/C-1001", "/zuruecknehmen/r1/C-1001", "/berichtigen/r1/C-1001"):
        assert qs.post(path, {"art": "contact-held"}).status_code == 403
    assert qs.post("/dialog", {"fall": "C-1001", "dialog": "extension"}).status_code == 403
    fact = {"fact": "case-closed", "on": "2026-11-20"}
    answer = qs.client.post("/api/v1/cases/C-1001/facts", json=fact, headers={"x-csrf-token": qs.token()})
    assert answer.status_code == 403


def test_intake_records_its_own_facts_only(visit: VisitAs) -> None:
    desk = visit("es-1")
    page = desk.get("/eintrag/C-1001").text
    assert "ALG I ab" in page
    assert "Handlungsstrategie" not in page
    assert desk.get("/eintrag/C-1001", art="strategy-bar-set").status_code == 403
    assert "nicht für Sie sichtbar" in desk.get("/fall/C-1001").text


@pytest.mark.parametrize("path", ["/fall/C-9999", "/eintrag/C-9999", "/api/v1/cases/C-9999/clocks", "/fall/%00", "/x"])
def test_what_is_not_there(visit: VisitAs, path: str) -> None:
    """Only who may see every case learns that there is none of that number."""
    assert visit("qs-1").client.get(path).status_code == 404
    assert visit("fm-1").get(path).status_code == (403 if "C-9999" in path else 404)


NOT_THERE, NOT_SEEN = "C-9999", "C/3.001"
FACT = {"fact": "contact-held", "on": "2026-11-20", "data": {"channel": "phone", "direction": "out"}}


DOORS: list[Ask] = [
    lambda person, case: person.get(f"/fall/{case}"),
    lambda person, case: person.get(f"/eintrag/{case}"),
    lambda person, case: person.get(f"/einsicht/{case}"),
    lambda person, case: person.get(f"/zweck/{case}"),
    lambda person, case: person.get(f"/api/v1/cases/{case}/clocks"),
    lambda person, case: person.get(f"/api/v1/cases/{case}/timeline"),
    lambda person, case: person.get("/api/v1/due", case=case),
    lambda person, case: person.get("/api/v1/questions/due", case=case),
    lambda person, case: person.client.post(
        f"/api/v1/cases/{case}/facts", json=FACT, headers={"X-CSRF-Token": person.token()}
    ),
    lambda person, case: person.post("/dialog", {"fall": case, "dialog": "end"}),
    lambda person, case: person.post("/termin", {"fall": case, "termin": "r0", "was": "held"}),
    lambda person, case: person.post("/rueckgaengig/" + case, {"getan": "x"}),
    lambda person, case: person.post("/suche", {"suche": case}),
    lambda person, case: person.post("/befehl", {"text": case}),
    lambda person, case: person.post("/befehl", {"text": "verlängern " + case}, hx_request="true"),
]


@pytest.mark.parametrize("ask", DOORS)
@pytest.mark.parametrize("person", ["fm-1", "tl-1", "es-1"])
def test_a_case_that_is_not_there_answers_like_one_that_may_not_be_seen(visit: VisitAs, person: str, ask: Ask) -> None:
    missing, hidden = (ask(visit(person), case) for case in (NOT_THERE, NOT_SEEN))  # each has its own last answers
    assert missing.status_code == hidden.status_code
    assert words(missing).replace(NOT_THERE, "") == words(hidden).replace(NOT_SEEN, "")
    assert "Fuchs" not in hidden.text


WHO_WORKS_HERE = ("fm-1", "fm-2", "Brandt", "Weber")


@pytest.mark.parametrize("person", ["qs-1", "gf-1"])
@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/stays?strategy=integration",
        "/api/v1/due",
        "/api/v1/questions/stays",
        "/api/v1/cases/C-2001/clocks",
        "/api/v1/cases/C-2001/timeline",
        "/qs?stichtag=2026-11-20",
        "/qs/liste.csv?stichtag=2026-11-20",
        "/team",
        "/team/verweildauer",
        "/faelle",
    ],
)
def test_qs_and_management_are_told_no_names_of_staff(visit: VisitAs, town: Office, person: str, path: str) -> None:
    """Management leads the unit here, since nobody nearer does (Fachkonzept 13)."""
    with town.write() as tx:
        for lead in ("tl-1", "tl-2"):
            key = town.store.key(tx.conn, Stream.PERSON, lead)
            assert key is not None
            town.store.append(tx.conn, key, [entry("2026-11-19", PersonLeft())], NOW)
        head = [
            entry("2019-01-01", PersonAdded(name="Gral, Eva")),
            entry("2019-01-01", RoleAssigned(role="management")),
        ]
        append(tx, Stream.PERSON, "gf-1", head)
    answer = visit(person).client.get(
        path, headers={"fallverlauf-purpose": "quality" if person == "qs-1" else "supervision"}
    )
    assert answer.status_code in (200, 403)
    assert (answer.status_code == 403) == ((person, path) in NO_PAGE_OF_THEIRS)
    if "/cases/" in path or "stays" in path:
        assert '"worker":null' in answer.text
    assert not [one for one in WHO_WORKS_HERE if one in answer.text]


NO_PAGE_OF_THEIRS = {("qs-1", "/team"), ("qs-1", "/team/verweildauer"), ("gf-1", "/faelle")}


def test_the_person_and_who_leads_the_unit_are_told_who_is_responsible(visit: VisitAs) -> None:
    for person in ("fm-1", "tl-1"):
        come = visit(person)
        headers = {"fallverlauf-purpose": "supervision"}
        assert come.client.get("/api/v1/cases/C-2001/clocks", headers=headers).json()["worker"] == "fm-1"
    assert "Brandt, Anna" in words(visit("tl-1").get("/team/verweildauer"))


def test_a_program_without_log_in_gets_401(visit: VisitAs) -> None:
    answer = visit("").client.get("/api/v1/due")
    assert answer.status_code == 401
    assert answer.json() == {"detail": [{"field": "", "reason": "Bitte melden Sie sich an."}]}
