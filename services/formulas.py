"""No cell of a file of ours is taken for a formula by whoever opens it in a spreadsheet, and none is lost by that."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def guarded(text: str) -> str:
    """The text with a quote before it if it, or what stands behind its quotes, begins as a formula does."""
    return f"'{text}" if _FORMULA.match(text) else text


def bare(text: str) -> str:
    """The text as it was before it was guarded."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text
