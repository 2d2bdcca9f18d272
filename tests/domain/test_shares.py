"""Whole percent, half up, on decimals: the printed figures of QS 2/2020 and the corners (Fachkonzept 4)."""

from __future__ import annotations

import pytest

from domain.shares import percent


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (275, 1333, 21),
        (50, 88, 57),
        (54, 84, 64),
        (12, 88, 14),  # printed: 13
        (8, 12, 67),  # printed: 66
        (1, 8, 13),
        (57, 200, 29),  # 28.5
        (0, 7, 0),
        (7, 7, 100),
    ],
)
def test_half_up(part: int, whole: int, expected: int) -> None:
    assert percent(part, whole) == expected


def test_of_nothing_there_is_no_share() -> None:
    assert percent(0, 0) is None
