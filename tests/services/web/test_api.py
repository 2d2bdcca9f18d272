"""The API: the answers of the commands, one fact in, and plain refusals."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from services.office.office import Office
from services.operations import erasure
from services.records import meaning, values
from services.records.tables import idempotency, meanings
from services.web.http.errors import SENTENCES
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_today import facts

CONTACT: dict[str, Any] = {
    "fact": "contact-held",
    "on": "2026-11-19",
    "data": {"channel": "phone", "direction": "out"},
}


def send(person: Visit, body: object, case: str = "C-2001", **headers: str) -> httpx.Response:
    """Posts a fact with the session's token."""
    sent = {key.replace("_", "-"): value for key, value in headers.items()} | {"x-csrf-token": person.token()}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return person.client.post(f"/api/v1/cases/{case}/facts", content=content, headers=sent)


@on_both_databases
def test_the_answers_of_a_case(visit: VisitAs) -> None:
    person = visit("fm-1")
    clocks = person.get("/api/v1/cases/C-1001/clocks", as_of="2026-11-20").json()
    assert clocks["days"]["gross"] == 537
    assert clocks["days"]["net"] == 449
    assert clocks["deductions"] == [{"reason": "alg1", "from": "2025-11-05", "to": "2026-01-31", "days": 88}]
    assert clocks["worker"] == "fm-1"
    timeline = person.get("/api/v1/cases/C-1001/timeline", known_at="2026-02-01").json()
    assert timeline["lanes"]["alg1"] == []


@on_both_databases
def test_lists_hold_what_one_may_see(visit: VisitAs) -> None:
    def seen(person: str) -> list[str]:
        return [row["case"] for row in visit(person).get("/api/v1/stays", strategy="integration").json()["rows"]]

    assert seen("fm-1") == ["C-1001", "C-2001", "C-2002"]
    assert seen("tl-1") == ["C-1001", "C-2001", "C-2002", "C-2003"]
    assert seen("qs-1") == ["C-1001", "C-2001", "C-2002", "C-2003", "C/3.001"]
    assert visit("es-1").get("/api/v1/stays", strategy="integration").status_code == 403
    cases = {row["case"] for row in visit("fm-1").get("/api/v1/due").json()["rows"]}
    assert cases == {"C-1001", "C-2001", "C-2002"}


@on_both_databases
def test_while_rows_are_computed_anew_lists_wait_and_cases_answer(visit: VisitAs, town: Office) -> None:
    person, lead = visit("fm-1"), visit("tl-1")
    person.token()
    with town.write() as tx:
        tx.conn.execute(update(meanings).values(reached=meaning.NOBODY))
    for path in ("/api/v1/stays?strategy=integration", "/api/v1/due"):
        answer = person.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert answer.json() == {"detail": [{"field": "", "reason": str(meaning.Waiting())}]}
    for page in (person.get("/"), person.get("/faelle"), lead.get("/team")):
        assert (page.status_code, page.headers["Retry-After"]) == (503, "60")
        assert str(meaning.Waiting()) in words(page)
    assert person.get("/api/v1/cases/C-1001/clocks").status_code == 200
    assert person.get("/fall/C-1001").status_code == 200
    assert send(person, CONTACT).status_code == 201


@on_both_databases
def test_a_program_that_was_replaced_says_so(visit: VisitAs, town: Office) -> None:
    person, before = visit("fm-1"), facts(town)
    person.token()
    with town.write() as tx:
        values.put(tx.conn, meaning.PROGRAM, "another")
    for answer in (send(person, CONTACT), person.get("/api/v1/due")):
        assert answer.status_code == 503
        assert answer.json() == {"detail": [{"field": "", "reason": str(meaning.Replaced())}]}
    assert facts(town) == before


@on_both_databases
def test_lists_come_in_pages(visit: VisitAs) -> None:
    person = visit("qs-1")
    for path, query in (("/api/v1/stays", {"strategy": "integration"}), ("/api/v1/due", {})):
        whole = person.get(path, **query).json()
        rows, after, pages = [], "", 0
        while pages == 0 or after:
            page = person.get(path, limit="2", **query, **({"after": after} if after else {})).json()
            rows += page["rows"]
            after, pages = page.get("next", ""), pages + 1
        assert rows == whole["rows"]
        assert pages > 1


@pytest.mark.parametrize(
    "query",
    ["strategy=x", "", "strategy=integration&over=12", "strategy=integration&as_of=30.02.2026",
     "strategy=integration&limit=0", "strategy=integration&area=x", "strategy=integration&nonsense=1"],
)  # fmt: skip
def test_a_wrong_parameter_is_named(visit: VisitAs, query: str) -> None:
    answer = visit("qs-1").get(f"/api/v1/stays?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["field"]
    assert "input" not in answer.text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("/stays?strategy=integration&area=x", "area"),
        ("/stays?strategy=integration&unit=nix", "unit"),
        ("/due?on=30.02.2026", "on"),
    ],
)
def test_it_is_named_as_it_was_asked(visit: VisitAs, query: str, field: str) -> None:
    assert [one["field"] for one in visit("qs-1").get(f"/api/v1{query}").json()["detail"]] == [field]


@on_both_databases
def test_one_fact_says_what_it_changed(visit: VisitAs, town: Office) -> None:
    person, before = visit("fm-1"), facts(town)
    answer = send(person, {"fact": "benefit-ended", "on": "2026-10-31"})
    assert answer.status_code == 201
    said = answer.json()
    assert said["clocks"]["before"]["days"]["net"] == 184
    assert said["clocks"]["after"]["days"]["net"] == 165
    assert answer.headers["etag"] == f'"{said["number"]}"'
    (fact,) = said["facts"]
    corrected = send(
        person,
        {
            "fact": "fact-corrected",
            "on": "2026-11-20",
            "data": {"target": fact["id"], "on": "2026-11-01", "reason": "Bescheid"},
        },
    )
    assert corrected.status_code == 201
    assert facts(town) == before + 2


@on_both_databases
def test_if_match(visit: VisitAs) -> None:
    person = visit("fm-1")
    number = send(person, CONTACT).json()["number"]
    assert send(person, CONTACT | {"on": "2026-11-18"}, if_match=f'"{number}"').status_code == 201
    answer = send(person, CONTACT | {"on": "2026-11-17"}, if_match=str(number))
    assert answer.status_code == 409
    assert answer.json()["number"] == number + 1
    assert send(person, CONTACT, if_match="x").status_code == 422


@on_both_databases
def test_a_repeated_post_is_one_fact(visit: VisitAs, town: Office) -> None:
    person, before = visit("fm-1"), facts(town)
    first = send(person, CONTACT, idempotency_key="k1")
    again = send(person, CONTACT, idempotency_key="k1")
    assert first.json() == again.json()
    assert send(person, dict(reversed(CONTACT.items())), idempotency_key="k1").json() == first.json()
    assert facts(town) == before + 1
    assert send(person, CONTACT | {"on": "2026-11-18"}, idempotency_key="k1").status_code == 409
    assert send(visit("tl-1"), CONTACT | {"on": "2026-11-18"}, idempotency_key="k1").status_code == 201


def test_what_is_kept_of_an_answer_says_nothing_without_the_key_of_the_case(visit: VisitAs, town: Office) -> None:
    person, secret = visit("fm-1"), "Tochter im Krankenhaus"
    fact = {"fact": "contact-held", "on": "2026-11-19", "data": {**CONTACT["data"], "late_reason": secret}}
    first = send(person, fact, idempotency_key="lauf/C-2001/7")
    assert secret in first.text
    assert send(person, fact, idempotency_key="lauf/C-2001/7").json() == first.json()
    files = b"".join(path.read_bytes() for path in town.settings.data.rglob("*") if path.is_file())
    assert b"C-2001" in files
    assert [one for one in (secret, "lauf/C-2001/7") if one.encode() in files] == []
    erasure.erase(town, "C-2001")
    with town.read() as tx:
        assert tx.conn.execute(idempotency.select()).all() == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{", ""),
        (b"[]", ""),
        (b'{"fact": "contact-held", "fact": "contact-held", "on": "2026-11-19"}', ""),
        (b"[" * 50_000, ""),
        (b"\xff", ""),
        (b'{"\\ud800": 1}', ""),
        (b'{"fact": "alg1-started", "on": "2026-11-19", "data": {"planned_end": "\\udfff"}}', ""),
        (b'{"fact": "contact-held", "on": NaN}', ""),
        ({"on": "2026-11-19"}, "fact"),
        ({"fact": 7, "on": "2026-11-19"}, "fact"),
        ({"fact": "contact-held", "on": "2026-02-30"}, "on"),
        ({"fact": "contact-held", "on": 1}, "on"),
        ({"fact": "contact-held", "on": "2026-11-19", "data": []}, "data"),
        ({"fact": "nonsense", "on": "2026-11-19"}, "fact"),
        ({"fact": "person-added", "on": "2026-11-19", "data": {"name": "X"}}, "fact"),
        (CONTACT | {"by": "tl-1"}, "by"),
        (CONTACT | {"data": {"channel": "phone"}}, "direction"),
        (CONTACT | {"data": {"channel": "phone", "direction": "out", "x": 1}}, "x"),
        (CONTACT | {"data": {"channel": {"a": 1}, "direction": "out"}}, "channel"),
    ],
)
def test_what_is_refused_is_named(visit: VisitAs, town: Office, body: object, field: str) -> None:
    person, before = visit("fm-1"), facts(town)
    answer = send(person, body)
    assert answer.status_code == 422
    detail = answer.json()["detail"]
    assert field in {one["field"].split(".")[-1] for one in detail}
    assert all(one["reason"].endswith((".", "?")) for one in detail)
    assert facts(town) == before


@pytest.mark.parametrize("name", ["csrf", "text"])
def test_a_body_far_too_large_is_heard_out_and_answered(visit: VisitAs, name: str) -> None:
    person = visit("fm-1")
    huge = b" " * 20_000_000
    headers = {"X-CSRF-Token": person.token()}
    answer = person.client.post("/api/v1/cases/C-2001/facts", content=huge, headers=headers)
    assert (answer.status_code, answer.json()["detail"][0]["reason"]) == (413, SENTENCES[413])
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = person.client.post("/eintrag/C-2001", content=name.encode() + b"=" + huge, headers=form)
    assert answer.status_code == 413
    assert visit("").client.post("/api/v1/cases/C-2001/facts", content=huge).status_code == 413


def test_head_is_get_without_content(visit: VisitAs) -> None:
    for person, path in (("", "/healthz"), ("", "/metrics"), ("", "/hilfe"), ("fm-1", "/"), ("fm-1", "/live")):
        client = visit(person).client
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (200, b""), path
    answer = visit("").client.head("/api/v1/stays")
    assert (answer.status_code, answer.content) == (401, b"")


def test_a_wrong_method_is_said_as_the_caller_reads(visit: VisitAs) -> None:
    answer = visit("").client.post("/healthz")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert answer.json() == {"detail": [{"field": "", "reason": SENTENCES[405]}]}


@on_both_databases
@pytest.mark.parametrize("query", ["/stays?strategy=integration&unit=%00", "/due?after=%00"])
def test_an_address_that_is_no_text(visit: VisitAs, query: str) -> None:
    assert visit("qs-1").get(f"/api/v1{query}").status_code == 400


@on_both_databases
def test_the_same_post_at_the_same_moment_is_one_fact(visit: VisitAs, town: Office) -> None:
    person, before = visit("fm-1"), facts(town)
    person.token()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: send(person, CONTACT, idempotency_key="k1"), range(8)))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.text for answer in answers}) == 1
        assert facts(town) == before + 1
        cases = ["C-2001", "C-2002"] * 3
        answers = list(pool.map(lambda case: send(person, CONTACT, case, idempotency_key="k2"), cases))
    assert Counter(answer.status_code for answer in answers) == {201: 3, 409: 3}
    assert facts(town) == before + 2


def test_the_description_names_every_path(visit: VisitAs) -> None:
    paths = visit("").client.get("/openapi.json").json()["paths"]
    assert set(paths) == {
        "/api/v1/cases/{case}/timeline",
        "/api/v1/cases/{case}/clocks",
        "/api/v1/cases/{case}/facts",
        "/api/v1/stays",
        "/api/v1/due",
        "/api/v1/questions",
        "/api/v1/questions/{question}",
        "/healthz",
        "/metrics",
    }


@on_both_databases
def test_operation(visit: VisitAs) -> None:
    guest = visit("")
    health = guest.client.get("/healthz")
    assert health.status_code == 200
    assert set(health.json()) >= {"ok", "database", "worker", "scheduler", "queue"}
    metrics = guest.client.get("/metrics").text
    assert "fallverlauf_facts " in metrics
    assert 'fallverlauf_answers_total{method="GET",status="200"}' in metrics
    assert "C-1001" not in metrics
