"""The laws and day tables find what is wrong: faults are planted in copies of domain/, and each has to be found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutations import clocks, days, lanes, rules
from tests.mutations.mutation import Mutation, found_by, stands

MUTATIONS = (*days.MUTATIONS, *lanes.MUTATIONS, *clocks.MUTATIONS, *rules.MUTATIONS)
IN_THE_GATE = (  # one of each sort, found early; `make test-long` plants them all
    "a plan counts from its own day only",
    "one day between two bars parts them",
    "of two reasons for a day the later one counts",
    "R-02: back after exactly 3 months, the clock goes on",
    "R-19: a bar from the first day of the gap lies across it",
    "an extension does not suspend on its last day",
)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.name)
def test_what_is_to_be_changed_stands_once(mutation: Mutation) -> None:
    assert stands(mutation) == 1, f"{mutation.module} has changed: say there where the fault is planted now"
    assert mutation.old != mutation.new


def test_every_fault_has_a_name_of_its_own() -> None:
    names = [mutation.name for mutation in MUTATIONS]
    assert len(names) == len(set(names))
    assert set(IN_THE_GATE) <= set(names)


@pytest.mark.parametrize(
    "mutation",
    [pytest.param(one, id=one.name, marks=[] if one.name in IN_THE_GATE else pytest.mark.long) for one in MUTATIONS],
)
def test_a_planted_fault_is_found(mutation: Mutation, tmp_path: Path) -> None:
    assert found_by(mutation, tmp_path / "copy") is not None
