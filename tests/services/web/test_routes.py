"""Every path stands behind the guard, and no role gets further than the table of permissions says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from services.office.office import Office
from services.web.app import create_app
from services.web.http.visitor import Needs, NeedsAtCase
from tests.services.web.conftest import VisitAs
from tests.services.web.town import ROLES

PUBLIC = {"/anmelden", "/anmelden/weiter", "/anmelden/zurueck", "/hilfe", "/barrierefreiheit", "/healthz", "/metrics"}
LISTS = {
    "/heute/liste": ("fm-1", "tl-1", "es-1"),
    "/faelle": ("fm-1", "tl-1", "es-1", "qs-1"),
    "/team": ("tl-1",),
    "/team/verweildauer": ("tl-1",),
    "/qs": ("tl-1", "qs-1"),
    "/qs/liste.csv": ("tl-1", "qs-1"),
    "/qs/liste.xlsx": ("tl-1", "qs-1"),
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
        guarded = any(isinstance(guard, Needs | NeedsAtCase) for guard in _guards(route.dependant))
        assert guarded != (route.path in PUBLIC), route.path


def test_who_may_open_what(visit: VisitAs) -> None:
    for person in ROLES:
        at_work = visit(person)
        for path, allowed in (LISTS | AT_CASE).items():
            expected = 200 if person in allowed else 403
            assert at_work.get(path).status_code == expected, (person, path)


def test_the_first_page_is_one_that_may_be_seen(visit: VisitAs) -> None:
    first = {"fm-1": "/", "es-1": "/", "tl-1": "/", "qs-1": "/qs", "edv-1": "/hilfe"}
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
    assert visit("fm-1").get(path).status_code == 404


def test_a_program_without_log_in_gets_401(visit: VisitAs) -> None:
    answer = visit("").client.get("/api/v1/due")
    assert answer.status_code == 401
    assert answer.json() == {"detail": [{"field": "", "reason": "Bitte melden Sie sich an."}]}
