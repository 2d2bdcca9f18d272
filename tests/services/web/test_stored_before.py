"""Pages never fail for what is stored, although nobody could store it today."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from domain.facts import Stream
from domain.facts.correction import FactCorrected
from domain.records import Entry
from services.office.office import Office
from services.operations import erasure
from services.records import rows
from tests.served import words
from tests.services.web.conftest import VisitAs


def store(town: Office, data: dict[str, Any]) -> None:
    """A correction of the first entry of C-2001, as an earlier version took it."""
    with town.write() as tx:
        key = tx.store.key(tx.conn, Stream.CASE, "C-2001")
        assert key is not None
        target = tx.store.records(tx.conn, key, with_text=True)[0].id
        correction = FactCorrected(target=target, reason="Versehen.", data=data)
        entries = [Entry(on=dt.date(2026, 11, 2), fact=correction, by="fm-1")]
        tx.store.append(tx.conn, key, entries, tx.now)
        rows.refresh(tx.conn, key, tx.store.records(tx.conn, key))


def chain(length: int) -> dict[str, Any]:
    data: dict[str, Any] = {"unit": "56.4", "birth_year": 1980, "reason": "Versehen."}
    for _ in range(length):
        data = {"data": data}
    return data


@pytest.mark.parametrize(
    "data",
    [
        chain(478),
        chain(3),
        {"options": [{}, None, 1]},
        {"unit": {"unit": []}},
        {"unit": 1e308},
        {"birth_year": "20261119"},
    ],
)
def test_the_page_of_a_case_shows_whatever_was_stored_also_when_it_is_erased(
    town: Office, visit: VisitAs, data: dict[str, Any]
) -> None:
    store(town, data)
    page = visit("fm-1").get("/fall/C-2001")
    assert page.status_code == 200
    assert "Berichtigung" in words(page)
    code = erasure.erase(town, "C-2001")["replaced_by"]
    assert visit("fm-1").get(f"/fall/{code}").status_code == 200
