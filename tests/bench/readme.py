"""What the bench has found, as tables between the marks of the README."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from notifications.render import number
from services.questions.typed import thousands

BEGIN, END = "<!-- make bench -->", "<!-- Ende von make bench -->"
GROWN = {"what": "Wachstum", "small": "vorher (ms Rechenzeit)", "large": "nachher", "ratio": "Faktor", "why": "warum"}


def written(readme: str, block: str) -> str:
    """The README with this between its marks. Raises ValueError if one is missing."""
    before, _, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"Im README fehlt {BEGIN} oder {END}.")
    return f"{before}{BEGIN}\n{block.strip()}\n{END}{after}"


def table(heads: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows in Markdown, of each what the heads name."""
    lines = [_line(heads.values()), "|---" * len(heads) + "|"]
    return "\n".join([*lines, *(_line(_cell(row[name]) for name in heads) for row in rows)])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(value: Any) -> str:
    """Words as they are; numbers with as many digits as say something: 1.980, 25, 5,5, 0,09, 0,004."""
    if isinstance(value, str):
        return value
    return thousands(round(value)) if value >= 10 else number(value, 1 if value >= 1 else 2 if value >= 0.01 else 4)
