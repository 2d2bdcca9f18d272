"""What /openapi.json says: every path with every status it answers, each fact, the headers, who may come in."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from domain.facts import FACTS, Stream, declared, stream_of
from services.office.office import Office
from services.people import sessions
from services.web.api import bodies
from services.web.http import limits
from services.web.http.visitor import PURPOSE
from tests import samples
from tests.conftest import NOW
from tests.services.web.conftest import VisitAs
from tests.services.web.test_api import CONTACT, send

HEARD_FOR = 0.3  # seconds for a body here
CASE = "/api/v1/cases/{case}"
DECISION = "/api/v1/proposals/{proposal}/decision"
PROPOSED = {"becomes": "rule-set", "rule": "R-04", "state": "list", "source": "Verfügung 7/2026"}
OF_CASES = [name for name in FACTS if stream_of(name) is Stream.CASE]


@pytest.fixture
def described(visit: VisitAs) -> dict[str, Any]:
    found: dict[str, Any] = visit("").client.get("/openapi.json").json()
    return found


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_every_path_is_there(described: dict[str, Any]) -> None:
    assert set(described["paths"]) == {
        f"{CASE}/timeline",
        f"{CASE}/clocks",
        f"{CASE}/facts",
        "/api/v1/stays",
        "/api/v1/due",
        "/api/v1/questions",
        "/api/v1/questions/{question}",
        "/api/v1/proposals",
        DECISION,
        "/healthz",
        "/metrics",
    }


def _plain(path: str) -> str:
    return (
        path.replace("{case}", "C-2001").replace("{question}", "due").replace("/stays", "/stays?strategy=integration")
    )


def _asked(visit: VisitAs, path: str) -> Iterator[httpx.Response]:
    """A path of the API asked by who may, by who may not, by nobody, and wrongly."""
    worker, qs = visit("fm-1"), visit("qs-1")
    url = _plain(path)
    more = "&" if "?" in url else "?"
    for person in (worker, visit("edv-1"), visit("")):
        yield person.client.get(url)
    yield worker.client.get(f"{url}{more}x=%00")
    yield worker.client.get(f"{url}{more}as_of=x&on=x")
    yield qs.client.get(url.replace("C-2001", "C-9999").replace("/questions/due", "/questions/77"))
    yield qs.client.get(f"{url}{more}case=C-9999")


def _posted(visit: VisitAs) -> Iterator[httpx.Response]:
    worker, qs = visit("fm-1"), visit("qs-1")
    yield send(worker, CONTACT)
    yield send(worker, CONTACT, if_match="1")
    yield send(worker, CONTACT, content_type="text/plain")
    yield send(worker, b" " * 70_000)
    yield send(worker, {})
    yield send(qs, CONTACT)
    yield send(qs, CONTACT, "C-9999")
    yield send(visit(""), CONTACT)
    csrf = {"X-CSRF-Token": worker.token()}
    yield worker.client.post("/api/v1/cases/C-2001/facts?x=%00", json=CONTACT, headers=csrf)
    yield worker.client.post("/api/v1/cases/C-2001/facts", content=_slowly(), headers=csrf)


def _proposed(visit: VisitAs, path: str, first: list[str]) -> Iterator[httpx.Response]:
    """A proposal, or the decision about the first one."""
    edv, lead = visit("edv-1"), visit("fm-1")
    csrf = {"X-CSRF-Token": edv.token()}
    body: dict[str, Any] = {"granted": False, "reason": "Das hat sich erledigt."}
    if path != DECISION:
        body = {"fact": "setting-proposed", "on": "2026-12-01", "data": PROPOSED}
    url = path.replace("{proposal}", first[0] if first else "x")
    done = edv.client.post(url, json=body, headers=csrf)
    first.append(done.json().get("proposal", ""))
    yield done
    yield edv.client.post(url, json={}, headers=csrf)
    yield edv.client.post(f"{url}?x=%00", json=body, headers=csrf)
    yield edv.client.post(url, content=b"x", headers=csrf | {"Content-Type": "text/plain"})
    yield edv.client.post(url, content=b" " * 70_000, headers=csrf)
    yield edv.client.post(url, content=_slowly(), headers=csrf)
    yield lead.client.post(url, json=body, headers={"X-CSRF-Token": lead.token()})
    yield visit("").client.post(url, json=body)


def _slowly() -> Iterator[bytes]:
    yield b"{"
    time.sleep(HEARD_FOR + 0.5)
    yield b"}"


def _of_operation(visit: VisitAs, path: str) -> Iterator[httpx.Response]:
    guest = visit("").client
    yield guest.get(path)
    yield guest.get(f"{path}?x=%00")
    yield guest.get(path, headers={"Host": "elsewhere.example"})


def test_every_status_that_is_described_is_answered_and_no_other(
    visit: VisitAs, town: Office, described: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "HEARD_FOR", HEARD_FOR)
    answered: dict[tuple[str, str], set[str]] = defaultdict(set)
    asks: dict[tuple[str, str], Callable[[], Iterator[httpx.Response]]] = {}
    first: list[str] = []
    for method, path, _ in operations(described):
        if method == "post" and "/proposals" in path:
            asks[method, path] = lambda path=path: _proposed(visit, path, first)  # type: ignore[misc]
        elif method == "post":
            asks[method, path] = lambda: _posted(visit)
        elif path.startswith("/api/"):
            asks[method, path] = lambda path=path: _asked(visit, path)  # type: ignore[misc]
        else:
            asks[method, path] = lambda path=path: _of_operation(visit, path)  # type: ignore[misc]
    for operation, ask in asks.items():
        answered[operation] |= {str(answer.status_code) for answer in ask()}
    worker = visit("fm-1")
    worker.token()
    with town.write() as tx:  # the database is there and does not answer
        for table in ("sessions", "heartbeats"):
            tx.conn.exec_driver_sql(f"ALTER TABLE {table} RENAME TO gone_{table}")
    for method, path in asks:
        broken = worker.client.post(path, json={}) if "/proposals" in path else send(worker, CONTACT)
        answer = broken if method == "post" else worker.client.get(_plain(path))
        answered[method, path].add(str(answer.status_code))
    # Who tries too often is played where there are tokens: tests/services/people/test_tries.py.
    said = {(method, path): set(operation["responses"]) - {"429"} for method, path, operation in operations(described)}
    assert answered == said


def test_refusals_look_as_they_do(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    assert not {"HTTPValidationError", "ValidationError"} & schemas.keys()
    for method, path, operation in operations(described):
        for status, answer in operation["responses"].items():
            if status >= "400" and path != "/healthz":
                (form,) = answer["content"].values()
                assert form["schema"]["$ref"].rpartition("/")[2] in ("Refusal", "Conflict"), (method, path, status)
    assert set(schemas["Refusal"]["properties"]) == {"detail"}
    assert set(schemas["Reason"]["properties"]) == {"field", "reason"}


def test_the_headers_of_a_change_and_who_comes_in(described: dict[str, Any]) -> None:
    post = described["paths"][f"{CASE}/facts"]["post"]
    headers = {one["name"]: one["schema"] for one in post["parameters"] if one["in"] == "header"}
    assert set(headers) == {"X-CSRF-Token", "If-Match", "Idempotency-Key"}
    assert "ETag" in post["responses"]["201"]["headers"]
    schemes = described["components"]["securitySchemes"]
    assert {name: (one["type"], one.get("in"), one.get("name")) for name, one in schemes.items()} == {
        "session": ("apiKey", "cookie", sessions.COOKIE),
        "token": ("http", None, None),
    }
    for method, path, operation in operations(described):
        assert operation.get("security") == ([{"session": []}, {"token": []}] if path.startswith("/api/") else None)
        asks_why = any(one["name"] == PURPOSE for one in operation.get("parameters", ()))
        assert asks_why == (method == "get" and ("{" in path or path.endswith("/due"))), path


@pytest.fixture
def body(described: dict[str, Any]) -> Draft202012Validator:
    """What takes the body of a post, with the schemas beside it."""
    schema = described["paths"][f"{CASE}/facts"]["post"]["requestBody"]["content"][bodies.JSON]["schema"]
    return Draft202012Validator({**schema, "components": described["components"]})


def test_each_fact_of_a_case_has_a_form_of_its_own(described: dict[str, Any], body: Draft202012Validator) -> None:
    schema = body.schema
    assert set(schema["discriminator"]["mapping"]) == set(OF_CASES)
    assert len(schema["oneOf"]) == len(OF_CASES)
    for name in OF_CASES:
        part = described["components"]["schemas"][f"Post{FACTS[name].__name__}"]
        assert (part["properties"]["fact"], part["additionalProperties"]) == ({"enum": [name]}, False)
        assert part["description"] == declared(name).german


@pytest.mark.parametrize("name", samples.KINDS)
def test_the_form_of_a_fact_takes_what_the_fact_takes(body: Draft202012Validator, name: str) -> None:
    on = NOW.date()
    fields = samples.all_fields(name)
    least = {one.name: samples.values(one, on)[0] for one in fields if one.required}

    def fits(data: dict[str, Any], **more: Any) -> bool:
        return body.is_valid({"fact": name, "on": on.isoformat(), "data": data, **more})

    assert fits(least)
    assert not fits({**least, "no_such_field": 1})
    assert not fits(least, by="fm-1")
    for one in fields:
        for value in samples.values(one, on):
            assert fits({**least, one.name: value}), one.name
        assert not fits({**least, one.name: {"no": 1}}) or one.name == "data"
        assert fits({**least, one.name: None}) != one.required
        without = {key: value for key, value in least.items() if key != one.name}
        assert fits(without) == (not one.required or one.name == "by_lead"), one.name
