"""What is corrected, withdrawn and undone over HTTP: by whom, of which case, how often, how deep."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from domain.facts.correction import TOO_DEEP
from services.office.office import Office
from services.records import comparison
from services.records.tables import actions
from tests.conftest import on_both_databases
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_api import CONTACT, send
from tests.services.web.test_today import facts

TODAY = "2026-11-20"
MAY_NOT = {"fm-2": 403, "fm-9": 403, "ja-1": 403, "es-1": 403, "qs-1": 403, "edv-1": 403}


def recorded(person: Visit, name: str, day: str = TODAY, case: str = "C-2001", **data: Any) -> httpx.Response:
    """Posts a fact; nothing is said of whether it was taken."""
    return send(person, {"fact": name, "on": day, "data": data}, case)


def corrected(person: Visit, target: str, **said: Any) -> httpx.Response:
    return recorded(person, "fact-corrected", target=target, reason="Zahlendreher", **said)


def withdrawn(person: Visit, target: str) -> httpx.Response:
    return recorded(person, "fact-withdrawn", target=target, reason="Falsch erfasst")


def id_of(answer: httpx.Response) -> str:
    assert answer.status_code == 201, answer.text
    return str(answer.json()["facts"][0]["id"])


def reasons(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(one["field"], one["reason"]) for one in answer.json()["detail"]]


def lane(person: Visit, name: str = "employment", case: str = "C-2001") -> list[tuple[str, str | None, str | None]]:
    rows = person.get(f"/api/v1/cases/{case}/timeline").json()["lanes"][name]
    return [(row["from"], row["to"], row["value"]) for row in rows]


JOB = {"employment": "J-7", "kind": "geringfuegig"}


@on_both_databases
def test_a_correction_is_corrected_and_withdrawn_and_the_timeline_follows(visit: VisitAs) -> None:
    person = visit("fm-1")
    job = id_of(recorded(person, "employment-started", "2026-11-02", **JOB))
    first = id_of(corrected(person, job, on="2026-11-09", data={"kind": "selbstaendig"}))
    assert lane(person) == [("2026-11-09", None, "selbstaendig")]
    second = id_of(corrected(person, first, data={"data": {"kind": "ausbildung"}}))
    assert lane(person) == [("2026-11-09", None, "ausbildung")]
    id_of(corrected(person, first, data={"on": "2026-11-16"}))
    assert lane(person) == [("2026-11-16", None, "ausbildung")]
    id_of(withdrawn(person, second))
    assert lane(person) == [("2026-11-16", None, "selbstaendig")]
    gone = id_of(withdrawn(person, first))
    assert lane(person) == [("2026-11-02", None, "geringfuegig")]
    id_of(withdrawn(person, gone))
    assert lane(person) == [("2026-11-16", None, "selbstaendig")]
    assert "selbständig" in words(person.get("/fall/C-2001"))


@pytest.mark.parametrize(
    ("said", "field", "reason"),
    [
        (
            {"data": {"data": {"data": {"kind": "ausbildung"}}}},
            "data",
            TOO_DEEP,
        ),
        ({"data": {"data": {"no": 1}}}, "no", "Dieses Feld gibt es bei keinem Eintrag."),
        ({"data": {"data": {"direction": "in"}}}, "data", "Diese Angaben passen nicht zu diesem Eintrag."),
        (
            {"data": {"data": {"employment": "J-8"}}},
            "employment",
            "Dieses Feld lässt sich nicht berichtigen; bitte den Eintrag zurücknehmen und neu erfassen.",
        ),
        ({"data": {"data": {"kind": "selbstaendig"}}}, "", "Es ist nichts geändert."),
    ],
)
def test_deeper_or_otherwise_nothing_is_corrected(
    visit: VisitAs, town: Office, said: dict[str, Any], field: str, reason: str
) -> None:
    person = visit("fm-1")
    job = id_of(recorded(person, "employment-started", "2026-11-02", **JOB))
    first = id_of(corrected(person, job, data={"kind": "selbstaendig"}))
    before = facts(town)
    assert reasons(corrected(person, first, **said)) == [(field, reason)]
    assert facts(town) == before


def test_a_correction_of_a_correction_of_a_correction_is_refused(visit: VisitAs) -> None:
    person = visit("fm-1")
    job = id_of(recorded(person, "employment-started", "2026-11-02", **JOB))
    first = id_of(corrected(person, job, data={"kind": "selbstaendig"}))
    second = id_of(corrected(person, first, data={"data": {"kind": "ausbildung"}}))
    ((field, reason),) = reasons(corrected(person, second, data={"data": {"data": {"kind": "geringfuegig"}}}))
    assert (field, reason) == ("data", TOO_DEEP)
    ((field, reason),) = reasons(corrected(person, second, data={"reason": "anders"}))
    assert (field, reason) == ("target", TOO_DEEP)


def test_persons_in_a_correction_of_a_correction_are_those_of_the_directory(visit: VisitAs) -> None:
    lead = visit("tl-1")
    care = id_of(recorded(lead, "responsibility-assigned", worker="fm-2", unit="56.4", area="fallmanagement"))
    first = id_of(corrected(lead, care, data={"worker": "fm-1"}))
    wrong = reasons(corrected(lead, first, data={"data": {"worker": "nobody", "unit": "99.9"}}))
    assert [field for field, _ in wrong] == ["worker", "unit"]
    id_of(corrected(lead, first, data={"data": {"worker": "ja-1"}}))
    lead.get("/fall/C-2001")  # says why
    care_rows = lead.get("/api/v1/cases/C-2001/timeline").json()["lanes"]["responsibility"]
    assert care_rows[-1]["worker"] == "ja-1"


@pytest.mark.parametrize("person", MAY_NOT)
def test_who_may_not_corrects_withdraws_and_undoes_nothing(visit: VisitAs, town: Office, person: str) -> None:
    worker, other = visit("fm-1"), visit(person)
    answer = recorded(worker, "employment-started", "2026-11-02", **JOB)
    job, done = id_of(answer), answer.json()["correlation_id"]
    first = id_of(corrected(worker, job, data={"kind": "selbstaendig"}))
    before = facts(town)
    for target in (job, first):
        assert corrected(other, target, data={"kind": "ausbildung"}).status_code == MAY_NOT[person]
        assert withdrawn(other, target).status_code == MAY_NOT[person]
    undone = other.post("/rueckgaengig/C-2001", {"getan": done})
    assert undone.status_code == (422 if person in ("es-1", "qs-1") else 403)
    assert facts(town) == before


def test_a_lead_takes_back_what_a_worker_decided_and_not_the_other_way_round(visit: VisitAs, town: Office) -> None:
    worker, lead = visit("fm-1"), visit("tl-1")
    lead.get("/fall/C-2001")
    by_worker = recorded(worker, "contact-held", channel="phone", direction="out").json()["correlation_id"]
    by_lead = recorded(lead, "contact-held", channel="letter", direction="out").json()["correlation_id"]
    before = facts(town)
    answer = worker.post("/rueckgaengig/C-2001", {"getan": by_lead})
    assert (answer.status_code, "nur, wer es entschieden hat" in words(answer)) == (422, True)
    assert facts(town) == before
    assert lead.post("/rueckgaengig/C-2001", {"getan": by_worker}).status_code == 200
    assert facts(town) == before + 1


def test_nothing_is_taken_back_twice(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    answer = send(person, CONTACT)
    done, target = answer.json()["correlation_id"], id_of(answer)
    assert person.post("/rueckgaengig/C-2001", {"getan": done}).status_code == 200
    before = facts(town)
    again = person.post("/rueckgaengig/C-2001", {"getan": done})
    assert (again.status_code, "schon rückgängig gemacht" in words(again)) == (422, True)
    assert reasons(withdrawn(person, target)) == [("target", "Dieser Eintrag ist schon zurückgenommen.")]
    assert reasons(corrected(person, target, data={"direction": "in"}))[0][0] == "target"
    with town.read() as tx:
        undoing = tx.conn.scalars(select(actions.c.correlation_id).where(actions.c.wish == "undo")).one()
    refused = person.post("/rueckgaengig/C-2001", {"getan": undoing})
    assert (refused.status_code, "nicht selbst rückgängig" in words(refused)) == (422, True)
    assert facts(town) == before


def test_facts_and_decisions_of_another_case_stay_there(visit: VisitAs, town: Office) -> None:
    """Also of one that the same person works; and nobody learns whether there is such a fact elsewhere."""
    person = visit("fm-1")
    answer = send(person, CONTACT, "C-2002")
    target, done, before = id_of(answer), answer.json()["correlation_id"], facts(town)
    for unknown in (target, "no such id"):
        assert reasons(withdrawn(person, unknown)) == [("target", "Diesen Eintrag gibt es in diesem Fall nicht.")]
        assert reasons(corrected(person, unknown, data={"direction": "in"})) == [
            ("target", "Diesen Eintrag gibt es in diesem Fall nicht.")
        ]
    for unknown in (done, "no such id"):
        refused = person.post("/rueckgaengig/C-2001", {"getan": unknown})
        assert (refused.status_code, "gibt es in diesem Fall nicht" in words(refused)) == (422, True)
    assert facts(town) == before


def test_intake_corrects_its_own_facts_and_its_own_corrections(visit: VisitAs, town: Office) -> None:
    intake, worker = visit("es-1"), visit("fm-1")
    own = id_of(recorded(intake, "alg1-started", "2026-11-16"))
    first = id_of(corrected(intake, own, on="2026-11-17"))
    id_of(corrected(intake, first, data={"on": "2026-11-18"}))
    assert lane(worker, "alg1") == [("2026-11-18", None, "alg1")]
    by_worker = id_of(corrected(worker, own, on="2026-11-19"))
    before = facts(town)
    for target in (by_worker, id_of(send(worker, CONTACT))):
        assert withdrawn(intake, target).status_code == 403
    assert facts(town) == before + 1
    id_of(withdrawn(intake, first))
    assert lane(worker, "alg1") == [("2026-11-19", None, "alg1")]


def test_a_decision_of_a_lead_is_out_of_reach_by_its_correction_as_well(visit: VisitAs, town: Office) -> None:
    worker, lead = visit("fm-1"), visit("tl-1")
    request = {"request": "R-1", "options": ["other"], "other_text": "Kurs", "facts_text": "Kurs bis Februar"}
    more = {"justification": "Stelle zugesagt", "until": (dt.date(2026, 11, 20) + dt.timedelta(90)).isoformat()}
    id_of(recorded(worker, "extension-requested", **request, **more))
    returned = id_of(recorded(lead, "extension-returned", request="R-1", reason="Seit wann läuft das?"))
    first = id_of(corrected(lead, returned, data={"reason": "Wie lange läuft das noch?"}))
    before = facts(town)
    sentence = "Eine Entscheidung der Führungskraft ändert nur die Führungskraft."
    for answer in (
        withdrawn(worker, returned),
        corrected(worker, returned, data={"reason": "Egal"}),
        withdrawn(worker, first),
        corrected(worker, first, data={"data": {"reason": "Egal"}}),
    ):
        assert reasons(answer) == [("", sentence)]
    assert facts(town) == before
    id_of(withdrawn(lead, first))


def test_rows_after_a_correction_of_a_correction_are_those_of_a_rebuild(visit: VisitAs, town: Office) -> None:
    person = visit("fm-1")
    job = id_of(recorded(person, "employment-started", "2026-11-02", **JOB))
    first = id_of(corrected(person, job, on="2026-11-09", data={"kind": "selbstaendig"}))
    id_of(corrected(person, first, data={"data": {"kind": "ausbildung"}}))
    id_of(withdrawn(person, id_of(withdrawn(person, first))))
    with town.read() as tx:
        found = comparison.compare(tx.conn, town.vault)
    assert found["different"] == []
    assert found["checked"] > 0
