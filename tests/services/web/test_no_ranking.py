"""No figure about a member of staff (Fachkonzept 8 no. 7): what counts or compares names no one who works here."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest

from services.office.office import Office
from services.records.tables import records, segments
from tests.services.web.conftest import VisitAs
from tests.services.web.town import PEOPLE

FIGURES = {
    "/team": 'aria-labelledby="verweildauern"',
    "/qs?stichtag=2026-11-20": "<main",
    "/qs/liste.csv": "",
}  # where the figures begin


def _about_staff(office: Office) -> set[str]:
    """Everything by which a page could name somebody: name, family name, id, directory key."""
    with office.read() as tx:
        keys = {row for row in tx.conn.execute(segments.select().with_only_columns(segments.c.worker)).scalars() if row}
        assert tx.conn.execute(records.select()).first() is not None
    names = {name for name, *_ in PEOPLE.values()}
    return keys | names | {name.partition(",")[0] for name in names}


@pytest.mark.parametrize("path", FIGURES)
@pytest.mark.parametrize("person", ["tl-1", "qs-1"])
def test_what_counts_names_nobody_of_the_staff(visit: VisitAs, town: Office, person: str, path: str) -> None:
    answer = visit(person).client.get(path)
    if answer.status_code == 403:
        return
    assert answer.status_code == 200
    _, begins, figures = answer.text.partition(FIGURES[path]) if FIGURES[path] else ("", "all", answer.text)
    assert begins
    text = figures.partition("</section>")[0] if path == "/team" else figures
    assert not [word for word in _about_staff(town) if word in text]


def test_numbers_of_operation_name_nobody(visit: VisitAs, town: Office) -> None:
    text = visit("").client.get("/metrics").text + visit("").client.get("/healthz").text
    assert not [word for word in _about_staff(town) | set(PEOPLE) if word in text]


def test_the_file_for_a_spreadsheet_names_nobody(visit: VisitAs, town: Office) -> None:
    answer = visit("qs-1").client.get("/qs/liste.xlsx?strategie=integration&stichtag=2026-11-20")
    with ZipFile(BytesIO(answer.content)) as file:
        text = "".join(file.read(name).decode() for name in file.namelist())
    assert "C-1001" in text
    assert not [word for word in _about_staff(town) | set(PEOPLE) if word in text]


@pytest.mark.parametrize("path", ["/faelle", "/team", "/team/verweildauer", "/einsicht"])
def test_no_list_of_a_lead_can_be_asked_by_person(visit: VisitAs, path: str) -> None:
    lead = visit("tl-1")
    asked = {"worker": "fm-1", "fachkraft": "fm-1", "person": "fm-1", "wer": "fm-1"}
    plain, narrowed = (_rows(lead.client.get(path, params=one).text) for one in ({}, asked))
    assert plain == narrowed


@pytest.mark.parametrize("path", ["/qs", "/qs/liste.csv", "/api/v1/stays"])
def test_nothing_can_be_asked_by_person(visit: VisitAs, path: str) -> None:
    qs = visit("qs-1")
    plain = qs.client.get(path, params={"strategy": "integration"})
    asked = qs.client.get(path, params={"strategy": "integration", "worker": "fm-1"})
    assert asked.status_code == 422 or _rows(asked.text) == _rows(plain.text)


def _rows(text: str) -> list[str]:
    return sorted(number for number in ("C-1001", "C-2001", "C-2002", "C-2003", "C/3.001") if number in text)
