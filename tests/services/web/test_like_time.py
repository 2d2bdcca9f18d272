"""A case that is not there and one that may not be seen cost the same work: the time of an answer tells nothing."""

from __future__ import annotations

import pytest

from services.office.office import Office
from tests.conftest import on_both_databases
from tests.services.web.conftest import VisitAs
from tests.services.web.test_routes import DOORS, NOT_SEEN
from tests.statements import statements

NOT_THERE = "C/9.999"  # as many words as the other: a search looks for each


@on_both_databases
@pytest.mark.parametrize("person", ["fm-1", "tl-1", "es-1"])
def test_both_ask_the_same_of_the_database(visit: VisitAs, town: Office, person: str) -> None:
    come = visit(person)
    for ask in DOORS:
        ask(come, NOT_THERE)  # what is kept is read once
        told = []
        for case in (NOT_THERE, NOT_SEEN):
            with statements(town) as found:
                ask(come, case)
            told.append(found)
        assert len(told[0]) > 1
        assert told[0] == told[1]
