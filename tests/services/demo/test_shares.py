"""The demo office carries the causes the reports print, in their shares."""

from __future__ import annotations

import pytest

from domain.shares import percent
from tests.services.demo import shares

PRINTED = [row for row in shares.rows() if row.printed]
POINTS = 2  # of a share of the whole frame; of fewer than fifty cases one case is more


@pytest.mark.parametrize("row", PRINTED, ids=lambda row: row.name)
def test_a_printed_share_is_found_in_the_demo(row: shares.Row) -> None:
    assert row.printed
    found, said = percent(row.part, row.whole), percent(*row.printed)
    assert found is not None
    assert said is not None
    assert abs(found - said) <= max(POINTS, 100 / row.whole), row


def test_the_frame_is_whole_and_what_is_not_handed_down_occurs() -> None:
    rows = shares.rows()
    assert rows[0].whole == shares.FRAME
    assert not [row for row in rows if not 0 < row.part < row.whole]
