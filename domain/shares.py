"""Shares as people read them: whole percent, rounded half up on decimals (Fachkonzept 4)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def percent(part: int, whole: int) -> int | None:
    """`part` of `whole` in whole percent (1 of 8 is 13); None of nothing."""
    if not whole:
        return None
    return int((Decimal(100 * part) / whole).quantize(Decimal(1), ROUND_HALF_UP))
