"""The access log: written before the answer leaves, with keys and codes alone, for 12 months."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from sqlalchemy import select

from services.access import views
from services.office import Office
from services.records import tables
from tests.conftest import on_both_databases
from tests.served import words
from tests.services.web.conftest import VisitAs
from tests.services.web.town import NOW


def _views(office: Office) -> list[tuple[str, str]]:
    with office.read() as conn:
        rows = conn.execute(select(tables.views).order_by(tables.views.c.id)).all()
        return [(office.store.number(conn, row.case_key), row.purpose) for row in rows]


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
    with town.write() as conn:
        conn.exec_driver_sql("ALTER TABLE views RENAME TO gone")
    answer = qs.client.get("/fall/C-1001")
    assert answer.status_code == 503  # the database could not keep the view
    assert "Integration" not in answer.text


@on_both_databases
def test_the_log_holds_no_name_and_twelve_months(town: Office) -> None:
    person, case = "a" * 32, uuid4()
    with town.write() as conn:
        for days in (0, 364, 366, 800):
            views.note(conn, person, case, "quality", NOW - dt.timedelta(days=days))
        assert views.forget(conn, NOW) == 2
        assert {column.name for column in tables.views.c} == {"id", "person", "case_key", "purpose", "survey", "at"}
