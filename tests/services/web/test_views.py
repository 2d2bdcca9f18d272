"""The access log: written before the answer leaves, with keys and codes alone, for 12 months."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from domain.facts import Stream
from domain.purposes import PURPOSES
from services.office.office import Office
from services.people import views
from services.questions import told
from services.records import seals, tables
from tests.conftest import on_both_databases
from tests.served import words
from tests.services.web.conftest import VisitAs
from tests.services.web.town import NOW


def _views(office: Office) -> list[tuple[str, str]]:
    with office.read() as tx:
        rows = tx.conn.execute(
            select(tables.views).where(tables.views.c.list.is_(None)).order_by(tables.views.c.id)
        ).all()
        return [(office.store.number(tx.conn, row.case_key), row.purpose) for row in rows]


@on_both_databases
def test_a_lead_says_why_once_a_case_and_each_view_is_logged(visit: VisitAs, town: Office) -> None:
    lead = visit("tl-1")
    asked = lead.client.get("/fall/C-1001?stichtag=2026-11-01")
    assert "Wozu sehen Sie den Fall C-1001 ein?" in words(asked)
    assert "Sander" not in asked.text
    assert _views(town) == []
    page = lead.names_purpose(asked, "enquiry")
    assert "Sander, Ole" in words(page)
    assert str(page.url).endswith("/fall/C-1001?stichtag=2026-11-01")
    lead.client.get("/fall/C-1001")
    assert _views(town) == [("C-1001", "enquiry")] * 2
    assert "Wozu" in words(lead.client.get("/fall/C-2002"))


def test_a_purpose_that_somebody_planted_was_not_said(visit: VisitAs, town: Office) -> None:
    qs = visit("qs-1")
    with town.write() as tx:
        session = tx.conn.execute(select(tables.sessions.c.token)).scalars().one()
        [key] = tx.store.keys(tx.conn, Stream.CASE, ["C-1001"]).values()
        planted = {"session": session, "case_key": key, "purpose": "quality"}
        tx.conn.execute(tables.purposes.insert().values(planted))
        assert seals.first_broken(tx.conn, town.vault) == (None, None, seals.PURPOSE_FORGED)
    asked = qs.client.get("/fall/C-1001")
    assert "Wozu sehen Sie den Fall C-1001 ein?" in words(asked)
    assert _views(town) == []
    assert "Wozu" not in words(qs.names_purpose(asked, "enquiry"))
    assert _views(town) == [("C-1001", "enquiry")]
    with town.read() as tx:
        assert seals.first_broken(tx.conn, town.vault) is None


def test_what_was_said_for_one_case_or_session_holds_for_no_other(visit: VisitAs, town: Office) -> None:
    visit("qs-1").get("/fall/C-1001")
    with town.write() as tx:
        [other] = tx.store.keys(tx.conn, Stream.CASE, ["C-2002"]).values()
        one = tx.conn.execute(select(tables.purposes)).one()
        assert views.said(tx.conn, town.vault, one.session, one.case_key) == one.purpose
        tx.conn.execute(tables.purposes.insert().values({**one._mapping, "case_key": other}))
        tx.conn.execute(tables.purposes.insert().values({**one._mapping, "session": "0" * 64}))
        assert views.said(tx.conn, town.vault, one.session, other) is None
        assert views.said(tx.conn, town.vault, "0" * 64, one.case_key) is None


def test_whose_case_it_is_says_nothing(visit: VisitAs, town: Office) -> None:
    assert "Sander, Ole" in words(visit("fm-1").client.get("/fall/C-1001"))
    assert _views(town) == []


def test_a_purpose_is_one_of_the_list(visit: VisitAs, town: Office) -> None:
    qs = visit("qs-1")
    assert qs.post("/zweck/C-1001", {"zweck": "Neugier", "next": "/"}).status_code == 403
    assert "Wozu" in words(qs.client.get("/fall/C-1001"))
    assert _views(town) == []


def test_what_cannot_be_logged_is_not_shown(visit: VisitAs, town: Office) -> None:
    qs = visit("qs-1")
    qs.get("/fall/C-1001")
    with town.write() as tx:
        tx.conn.exec_driver_sql("ALTER TABLE views RENAME TO gone")
    answer = qs.client.get("/fall/C-1001")
    assert answer.status_code == 503  # the database could not keep the view
    assert "Integration" not in answer.text


@on_both_databases
def test_the_log_holds_no_name_and_twelve_months(town: Office) -> None:
    person, case = "a" * 32, uuid4()
    with town.write() as tx:
        for days in (800, 366, 364, 0):
            seen = views.of_case(person, case, "quality", NOW - dt.timedelta(days=days))
            views.note(tx.conn, tx.office.vault, [seen])
        assert views.forget(tx.conn, tx.office.vault, NOW) == 2
    kept = {"id", "person", "case_key", "purpose", "survey", "list", "asked", "rows", "at", "number", "hash"}
    assert {column.name for column in tables.views.c} == kept


def _lists(office: Office) -> list[tuple[str, str, str, int]]:
    with office.read() as tx:
        rows = tx.conn.execute(select(tables.views).where(tables.views.c.list.is_not(None)).order_by(tables.views.c.id))
        return [(office.store.number(tx.conn, UUID(row.person)), row.list, row.asked, row.rows) for row in rows]


@on_both_databases
def test_a_list_is_logged_once_with_what_was_asked_and_without_a_name(visit: VisitAs, town: Office) -> None:
    lead, qs = visit("tl-1"), visit("qs-1")
    lead.client.get("/team")
    lead.client.get("/team/verweildauer?strategie=integration&ab=3&unter=12")
    lead.client.get("/faelle")
    lead.post("/suche", {"suche": "Sander"})
    lead.client.get("/api/v1/due?rule=R-03&limit=2")
    qs.client.get("/qs?strategie=integration&stichtag=2026-11-20&dauer=3")
    qs.client.get("/qs/liste.csv?strategie=integration&stichtag=2026-11-20")
    found = _lists(town)
    assert [one[:2] for one in found] == [
        ("tl-1", "team"), ("tl-1", "stays"), ("tl-1", "cases"), ("tl-1", "search"), ("tl-1", "api-due"),
        ("qs-1", "qs"), ("qs-1", "qs-file"),
    ]  # fmt: skip
    assert found[1][2:] == ("Integration: 3 bis 12 Monate, Seite 1", 2) or found[1][3] >= 1
    assert found[4][2] == "rule=R-03&limit=2"
    assert found[5][2].startswith("fallverlauf stays --strategy integration --over 3m")
    assert not any("Sander" in str(one) or "C-1001" in str(one) for one in found)


def test_lists_of_ones_own_work_are_not_logged(visit: VisitAs, town: Office) -> None:
    for person, path in (("fm-1", "/faelle"), ("fm-1", "/"), ("es-1", "/faelle"), ("fm-1", "/api/v1/due")):
        assert visit(person).client.get(path).status_code == 200
    assert _lists(town) == []


def test_a_list_that_cannot_be_logged_is_not_shown(visit: VisitAs, town: Office) -> None:
    lead = visit("tl-1")
    with town.write() as tx:
        tx.conn.exec_driver_sql("ALTER TABLE views RENAME TO gone")
    answer = lead.client.get("/faelle")
    assert (answer.status_code, "Sander" in answer.text) == (503, False)


def test_who_asks_for_one_case_through_a_list_names_a_purpose(visit: VisitAs, town: Office) -> None:
    lead = visit("tl-1")
    assert lead.client.get("/api/v1/due?case=C-1001").status_code == 403
    named = lead.client.get("/api/v1/due?case=C-1001", headers={"fallverlauf-purpose": "enquiry"})
    assert {row["case"] for row in named.json()["rows"]} == {"C-1001"}
    assert ("C-1001", "enquiry") in _views(town)
    assert visit("fm-1").client.get("/api/v1/due?case=C-1001").status_code == 200


def test_only_purposes_that_fit_the_role_are_offered_and_taken(visit: VisitAs) -> None:
    offered = {
        "tl-1": {"Fachaufsicht", "Entscheidung über Verlängerung", "Vertretung", "Anfrage oder Beschwerde"},
        "qs-1": {"QS-Erhebung", "Fachaufsicht", "Anfrage oder Beschwerde"},
    }
    for person, purposes in offered.items():
        asked = visit(person).client.get("/fall/C-1001").text
        assert {one for one in PURPOSES.values() if one in asked} == purposes
    refused = visit("qs-1").client.get("/api/v1/cases/C-1001/clocks", headers={"fallverlauf-purpose": "decision"})
    assert refused.status_code == 403


def test_the_log_of_a_case_says_who_when_and_why_and_is_logged_itself(visit: VisitAs, town: Office) -> None:
    visit("qs-1").get("/fall/C-1001")
    lead = visit("tl-1")
    page = words(lead.get("/fall/C-1001"))
    assert "Wer hat diesen Fall eingesehen?" in page
    said = words(lead.get("/einsicht/C-1001"))
    assert "20.11.2026, 09:00 Quast, Silke Fall C-1001 Fachaufsicht" in said
    assert "Kern, Beate" in said
    assert "3 Einsichten" in said  # this one is among them
    assert "Sander" not in said
    assert visit("fm-1").client.get("/einsicht/C-1001").status_code == 403
    assert "eingesehen?" not in visit("fm-1").get("/fall/C-1001").text


def test_the_log_of_some_days_is_paged_and_shows_a_lead_what_concerns_the_unit(visit: VisitAs, town: Office) -> None:
    qs, lead = visit("qs-1"), visit("tl-1")
    for case in ("C-1001", "C/3.001"):
        qs.get(f"/fall/{case}")
    lead.client.get("/faelle")
    with town.write() as tx:
        row = {"person": "b" * 32, "case_key": uuid4(), "purpose": "quality", "at": NOW - dt.timedelta(days=30)}
        tx.conn.execute(tables.views.insert(), [row] * 60)
    said = words(qs.get("/einsicht"))
    assert "Fall C-1001" in said
    assert "Fall C/3.001" in said
    assert "Fälle der Einheit, 4 Zeilen" in said
    own = words(lead.get("/einsicht"))
    assert "Fall C-1001" in own
    assert "Fall C/3.001" not in own
    assert "Fälle der Einheit, 4 Zeilen" in own
    assert "60 Einsichten" in words(qs.get("/einsicht?von=01.10.&bis=31.10."))
    assert "Seite 2 von 2" in words(qs.get("/einsicht?von=1.10.2026&bis=31.10.2026&seite=2"))
    assert "Seite 2 von 2" in words(qs.get("/einsicht?von=1.10.2026&bis=31.10.2026&seite=99"))
    assert _lists(town)[-1][1:3] == ("log", "01.10.2026 bis 31.10.2026, Seite 2")
    assert qs.client.get("/einsicht?von=31.02.2026").status_code == 422


def test_what_was_asked_stands_as_a_sentence(visit: VisitAs) -> None:
    qs = visit("qs-1")
    asked = "stichtag=20.11.2026&strategie=integration&mass=m&dauer=6"
    assert qs.client.get(f"/qs?{asked}").status_code == 200
    assert qs.client.get(f"/qs?{asked}&ansicht=unterschied&stand=tag&stand_tag=01.06.2026").status_code == 200
    assert qs.client.get("/qs/fragen/due?stichtag=20.11.2026").status_code == 200
    qs.client.headers["fallverlauf-purpose"] = "quality"
    assert qs.client.get("/api/v1/stays?strategy=integration").status_code == 200
    page = qs.client.get("/einsicht").text
    shown = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    for command in ("fallverlauf stays", "fallverlauf ask", "strategy="):
        assert command not in shown
    assert len(re.findall(r"Wer war am 20\.11\.2026 .*seit mindestens 6 vollen Monaten.*Integration", shown)) == 2
    assert "Verglichen mit dem Datenstand " in shown
    assert page.count("Rezept") == 0
    assert page.count("fallverlauf ") >= 3  # behind „Einzelheiten“


@pytest.mark.parametrize(
    "kept",
    [
        *("", "Seite 1", "fallverlauf", "fallverlauf ask", "fallverlauf ask nichts", "fallverlauf stays --as-of"),
        *("fallverlauf stays --as-of 2026-99-01", "fallverlauf stays --gibt-es-nicht 1", "x 'y"),
    ],
)
def test_what_is_no_question_is_no_sentence(kept: str) -> None:
    assert told.sentence(kept, NOW.date()) == ""
