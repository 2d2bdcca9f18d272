"""Mails that do not arrive: the person and EDV see it, nobody else; one of them says when to try again."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.messages import bounces
from services.office.office import Office
from tests.served import words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_absences import key

CAME_BACK = "Eine Mail an Sie kam am"
OWN = "Mails an Sie kommen seit"


@pytest.fixture
def aside(town: Office) -> Office:
    with town.write() as tx:
        for person in ("fm-1", "tl-1"):
            town.vault.put_names(tx.conn, UUID(hex=key(town, person)), {"mail": f"{person}@example.org"})
            bounces.put_aside(tx, key(town, person), f"{person}@example.org", "550")
    return town


def test_the_person_and_edv_see_it_and_lift_it(visit: VisitAs, aside: Office) -> None:
    worker, lead, other, edv = visit("fm-1"), visit("tl-1"), visit("fm-2"), visit("edv-1")
    assert CAME_BACK in words(worker.get("/"))
    for person, path in ((worker, "/abwesenheiten"), (lead, "/team"), (lead, "/abwesenheiten")):
        assert OWN in words(person.get(path)), path
    assert CAME_BACK not in words(other.get("/"))
    page = words(edv.get("/einrichten"))
    assert "Brandt, Anna bekommt seit" in page
    assert "lehnt die Adresse ab (550)" in page
    assert "example.org" not in page
    fm, tl = key(aside, "fm-1"), key(aside, "tl-1")
    assert other.post("/abwesenheiten/mail", {"person": fm}).status_code == 422
    assert "wieder an diese Adresse" in words(worker.post("/abwesenheiten/mail", {"person": fm}))
    assert CAME_BACK not in words(worker.get("/"))
    assert "Kern, Beate" not in words(edv.post("/abwesenheiten/mail", {"person": tl}))
    twice = worker.post("/abwesenheiten/mail", {"person": fm})
    assert twice.status_code == 422
    assert "nicht angehalten" in words(twice)
