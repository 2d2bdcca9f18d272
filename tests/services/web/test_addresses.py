"""Every parameter of every page that is read: whatever stands in it, an answer, and nothing of it in the log."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select

from services.office.office import Office
from services.records import tables
from services.web.app import create_app
from services.web.cases import filters
from services.web.qs.form import FIELDS
from tests.conftest import on_both_databases
from tests.logged import logged
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_routes import PARTS, PUBLIC

TYPED = "Zyxmeier"
HOSTILE = {
    "markup": f"<script>{TYPED}</script>",
    "statement": f"'; DROP TABLE cases; -- {TYPED}",
    "huge": TYPED * 1_000,
    "number": "9" * 5_000,
    "negative": "-1",
    "other digits": "\u0661\u0662",
    "no day": "2026-02-30",
    "turned": f"\u202e{TYPED}",
    "percent": f"%{TYPED}%_",
}
READ_AS_ONE = {  # parameters that a page reads from the address as a whole
    "/faelle": (*filters.CHOICES, filters.SORTED, filters.PAGE, filters.UNIT, filters.FOUND, "getan"),
    "/faelle/auswahl": ("fall",),
    "/qs": (*FIELDS.values(), "mass", "dauer", "stand_tag", "ansicht", "seite"),
    "/qs/fragen/{name}": (*FIELDS.values(), "ansicht", "seite"),
    "/qs/fragen/{name}/liste.{kind}": (*FIELDS.values(), "ansicht"),
    "/fall/{case:path}": ("nur", "zurueckgenommen", "aufgehoben"),
    "/eintrag/{case:path}": ("aufgehoben", "schritt"),
}
READERS = ("fm-1", "tl-1", "qs-1", "es-1")


def _parameters(office: Office) -> Iterator[tuple[str, str]]:
    """(path, parameter) of every route that only reads."""
    for included in create_app(office).routes:
        router = getattr(included, "original_router", None)
        for route in router.routes if router else [included]:
            if isinstance(route, APIRoute) and "GET" in route.methods and route.path not in PUBLIC:
                declared = [one.alias for one in route.dependant.query_params]
                nested = [model.field_info.annotation for model in route.dependant.query_params]
                fields = [name for one in nested for name in getattr(one, "model_fields", ())]
                named = {*declared, *fields, *READ_AS_ONE.get(route.path, ())}
                yield from ((route.path, name) for name in sorted(named))


def _address(path: str) -> str:
    return re.sub(r"{([^}:]+)[^}]*}", lambda part: PARTS.get(part[1], "C-2001"), path)


def _allowed(people: dict[str, Visit], path: str) -> list[Visit]:
    return [one for one in people.values() if one.get(path).status_code != 403]


def test_whatever_stands_in_a_parameter_is_answered_and_never_logged(
    visit: VisitAs, town: Office, caplog: pytest.LogCaptureFixture
) -> None:
    people = {name: visit(name) for name in READERS}
    asked, allowed = list(_parameters(town)), dict[str, list[Visit]]()
    assert len(asked) > 60
    for path, name in asked:
        address = _address(path)
        if address not in allowed:
            allowed[address] = _allowed(people, address)[:1]
        for who, (kind, value) in itertools.product(allowed[address], HOSTILE.items()):
            twice = ({name: [value, "ja"]}, {name: ["", value]}) if kind == "markup" else ()
            for given in ({name: value}, *twice):
                answer = who.client.get(address, params=given, follow_redirects=False)
                assert answer.status_code in (200, 303, 403, 404, 422), (path, name, kind, answer.status_code)
                assert f"<script>{TYPED}" not in answer.text, (path, name)
    with town.read() as tx:
        assert not [row for row in tx.conn.execute(select(tables.views.c.asked)) if TYPED in str(row)]
    assert [one for one in logged(caplog) if TYPED in str(one) or one.get("level") == "error"] == []


@on_both_databases
def test_a_unit_is_one_of_those_to_choose_from(visit: VisitAs, town: Office) -> None:
    """Of one's own alone: neither another name nor a unit that somebody else leads."""
    lead = visit("tl-1")
    for unit in ("Meier", "56.9"):
        answer = lead.client.get("/faelle", params={"einheit": unit})
        assert (answer.status_code, "Diese Einheit steht in Ihren Listen nicht zur Wahl." in words(answer)) == (
            422,
            True,
        )
        assert lead.post("/faelle", {"einheit": unit}).status_code == 422
        assert lead.post("/faelle/filter", {"einheit": unit, "name": "Mein Filter"}).status_code == 422
    assert lead.client.get("/faelle", params={"gesucht": "Meier"}).status_code == 422
    with town.read() as tx:
        assert tx.conn.execute(select(tables.views)).all() == []


def test_a_saved_filter_of_a_unit_left_since_still_leads_to_a_list() -> None:
    assert filters.link({"einheit": "56.4", "stand": "alle"}, ["56.5"]) == "/faelle?stand=alle"
    assert filters.link({"einheit": "56.4", "stand": "alle"}, ["56.4"]) == "/faelle?einheit=56.4&stand=alle"
