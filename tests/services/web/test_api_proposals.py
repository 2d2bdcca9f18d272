"""Settings proposed and decided through the API, as through the page."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from domain.facts import Stream
from domain.facts.directory import PersonAdded, RoleAssigned
from services.office.office import Office
from tests.served import words
from tests.services.web.conftest import Visit, VisitAs
from tests.services.web.town import append, entry

DATA = {"becomes": "threshold-set", "rule": "R-04", "stage": "check", "months": 11, "source": "Verfügung 7/2026"}
WISH: dict[str, Any] = {"fact": "setting-proposed", "on": "2026-11-21", "data": DATA}


@pytest.fixture(autouse=True)
def _second(town: Office) -> None:
    with town.write() as tx:
        told = [PersonAdded(name="Vogt, Tina"), RoleAssigned(role="area_lead")]
        append(tx, Stream.PERSON, "bl-1", [entry("2019-01-01", fact) for fact in told])


def post(visit: Visit, path: str, body: object) -> httpx.Response:
    return visit.client.post(f"/api/v1/proposals{path}", json=body, headers={"X-CSRF-Token": visit.token()})


def test_one_proposes_and_another_confirms(visit: VisitAs, town: Office) -> None:
    first, second = visit("edv-1"), visit("bl-1")
    made = post(first, "", WISH)
    assert made.status_code == 201
    row = made.json()
    assert (row["by"], row["outcome"], row["data"]["months"], row["decided_by"]) == ("edv-1", "open", 11, None)
    assert "11 Monate" in words(second.get("/regeln/vorschlaege"))
    own = post(first, f"/{row['proposal']}/decision", {"granted": True})
    assert "Den eigenen Vorschlag kann nur eine zweite Person bestätigen." in own.text
    done = post(second, f"/{row['proposal']}/decision", {"granted": True})
    assert (done.status_code, done.json()["outcome"], done.json()["decided_by"]) == (200, "granted", "bl-1")
    again = post(second, f"/{row['proposal']}/decision", {"granted": False, "reason": "Doch lieber nicht."})
    assert (again.status_code, "ist schon entschieden" in again.text) == (422, True)
    assert second.client.get("/api/v1/proposals").json() == {"on": "2026-11-20", "count": 1, "rows": [done.json()]}


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ({**WISH, "fact": "rule-set"}, "fact", "Erwartet wird setting-proposed."),
        ({**WISH, "on": "21.11.2026"}, "on", "Erwartet wird ein Tag (JJJJ-MM-TT)."),
        ({**WISH, "on": "2026-11-19"}, "on", "19.11.2026 ist vorbei."),
        ({**WISH, "data": {**DATA, "months": "elf"}}, "months", "Hier muss eine ganze Zahl stehen"),
        ({**WISH, "data": {**DATA, "approved_by": "edv-1"}}, "approved_by", ""),
        ({**WISH, "data": {**DATA, "rule": None}}, "rule", ""),
        ({**WISH, "data": {one: DATA[one] for one in DATA if one != "rule"}}, "rule", "Diese Angabe fehlt."),
        ({**WISH, "data": {**DATA, "state": "off"}}, "state", "Diese Angabe gehört nicht zu threshold-set."),
        ({**WISH, "data": {**DATA, "unit": "99.9"}}, "unit", "Eine Einheit „99.9“ gibt es an diesem Tag nicht."),
        ({**WISH, "extra": 1}, "extra", "Dieses Feld gibt es hier nicht."),
        ({**WISH, "data": []}, "data", "Erwartet werden Felder mit Werten."),
    ],
)
def test_what_is_no_proposal_is_refused_at_its_field(visit: VisitAs, body: object, field: str, said: str) -> None:
    answer = post(visit("edv-1"), "", body)
    assert answer.status_code == 422
    assert any(one["field"].endswith(field) and said in one["reason"] for one in answer.json()["detail"]), answer.text
    assert visit("edv-1").client.get("/api/v1/proposals").json()["count"] == 0
