"""Nachtrag: each decision as a text to copy, ticked once it stands in the leading file, and all of it taken back."""

from __future__ import annotations

import re

import pytest

from domain.purposes import FILED
from services.office.office import Office
from tests.served import Visit, words
from tests.services.web.conftest import VisitAs
from tests.services.web.test_handover import hand_over
from tests.services.web.test_papers import logged

PAGE = "/nachtrag/C-2002"


def ticks(person: Visit) -> list[str]:
    return re.findall(r'name="wahl" value="([^"]+)"', person.get(PAGE).text)


def test_what_is_ticked_stands_there_no_more_and_comes_back_when_undone(visit: VisitAs, town: Office) -> None:
    worker = visit("fm-1")
    hand_over(worker)
    said = words(worker.get(PAGE))
    assert "Handlungsstrategie (Balken)" not in said  # it came by import, so it stands there already
    assert "Entschieden von" in said
    assert "Übergabe eingeleitet" in said
    before = ticks(worker)
    assert f"Nachtrag für die führende Akte ({sum(len(one.split(',')) for one in before)})" in words(
        worker.get("/fall/C-2002")
    )
    done = worker.post(PAGE, {"wahl": before})
    assert done.status_code == 200
    assert "Alle Entscheidungen stehen in der führenden Akte." in words(done)
    assert "In die Akte übernommen" in words(done)
    decision = re.search(r'name="getan" value="([^"]+)"', done.text)
    assert decision is not None
    worker.post("/rueckgaengig/C-2002", {"getan": decision[1], "woher": "fall"})
    assert ticks(worker) == before
    assert set(logged(town)) == {FILED}


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ([], "mindestens eine Entscheidung ankreuzen"),
        (["r0"], "gibt es in diesem Fall nicht, oder sie steht schon in der Akte"),
        (["<b>x</b>", "r0"], "gibt es in diesem Fall nicht"),
        (["x" * 3_000], "Diese"),
    ],
)
def test_what_cannot_be_taken_over_gets_one_sentence(visit: VisitAs, chosen: list[str], said: str) -> None:
    worker = visit("fm-1")
    hand_over(worker)
    answer = worker.post(PAGE, {"wahl": chosen})
    assert answer.status_code == 422
    assert said in words(answer)
    assert len(ticks(worker)) > 0


def test_of_two_who_tick_the_same_the_second_is_told(visit: VisitAs) -> None:
    worker = visit("fm-1")
    hand_over(worker)
    one, *_ = ticks(worker)
    assert worker.post(PAGE, {"wahl": [one, one]}).status_code == 200
    again = worker.post(PAGE, {"wahl": [one]})
    assert (again.status_code, "steht schon in der Akte" in words(again)) == (422, True)


def test_who_may_not_give_a_case_out_sees_none_of_it(visit: VisitAs) -> None:
    assert visit("qs-1").client.get(PAGE).status_code in (403, 404)
