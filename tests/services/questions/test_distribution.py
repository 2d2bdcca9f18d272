"""The distribution of stays: each bar counts what the list behind it shows."""

from __future__ import annotations

from domain.words import STRATEGIES
from services.office.office import Office
from services.questions import answers, cases, distribution, stays
from services.questions.over import Over
from services.questions.stays import Wanted
from tests.services.questions.lives import moments


def test_each_bar_counts_the_cases_of_its_list(lived: Office) -> None:
    counted = 0
    with lived.read() as tx:
        led = cases.places(tx.conn)[1:]
        for day in sorted({as_of for as_of, *_ in moments()}):
            found = distribution.spreads(tx.conn, led, day)
            for one in found:
                wanted = Wanted(one.strategy, areas=(one.area,), as_of=day, places=led)
                assert one.total == answers.counted(tx, stays.question(tx, wanted)).found
                for bar in one.bars:
                    listed = wanted._replace(over=Over(bar.first, "m"), under=bar.below)
                    assert bar.cases == answers.counted(tx, stays.question(tx, listed)).found
                counted += one.total
            everybody = [stays.stays(tx, Wanted(name, as_of=day, places=led))["count"] for name in STRATEGIES]
            assert sum(one.total for one in found) == sum(everybody)
    assert counted > 50
