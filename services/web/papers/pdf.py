"""A paper as PDF/A-2a that is PDF/UA-1 as well: to be kept for long, and to be read aloud."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from services.web.http import assets
from services.web.papers.paper import Paper, Part

WIDE = 4  # columns that a sheet of paper does not take upright
STRANGE = re.compile("[^\n\u0020-\u007e\u00a0-\u024f\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20ac\u2212]")
HOLDER = "[?]"
LEFT_OUT = f"Zeichen, die sich in dieser Datei nicht drucken lassen, sind durch {HOLDER} ersetzt."


def write(paper: Paper) -> bytes:
    """The file. Signs that have no shape in its font are replaced, and the paper says so at its end."""
    import typst  # loads slowly and is needed rarely

    clear = json.dumps(_told(paper), ensure_ascii=False)
    if STRANGE.search("".join(_words(paper))):
        said = paper._replace(parts=[*paper.parts, Part("Hinweis", [LEFT_OUT])])
        clear = json.dumps(_printable(_told(said)), ensure_ascii=False)
    source = assets.TEMPLATES.joinpath("paper.typ").read_bytes()
    return typst.compile(
        source, format="pdf", pdf_standards=["a-2a", "ua-1"], sys_inputs={"paper": clear}, ignore_system_fonts=True
    )


def _told(paper: Paper) -> dict[str, Any]:
    """As `paper.typ` takes it."""
    return {
        "title": paper.title,
        "made": paper.made,
        "wide": any(one.table is not None and len(one.table.head) >= WIDE for one in paper.parts),
        "parts": [
            one._asdict() | {"table": one.table._asdict() if one.table else None, "widths": _widths(one)}
            for one in paper.parts
        ],
    }


def _widths(part: Part) -> list[int]:
    """How wide each column is beside the others, by its longest line."""
    if part.table is None:
        return []
    each = [part.table.head, *part.table.rows]
    longest = [max(len(line) for cell in column for line in cell.split("\n")) for column in zip(*each, strict=True)]
    return [min(max(one, 10), 60) for one in longest]


def _words(paper: Paper) -> list[str]:
    found = [paper.title, paper.made]
    for one in paper.parts:
        found += [one.heading, *one.lines, *(word for pair in one.pairs for word in pair)]
        found += [cell for row in one.table.rows for cell in row] if one.table else []
    return found


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return STRANGE.sub(HOLDER, value)
    if isinstance(value, dict):
        return {key: _printable(one) for key, one in value.items()}
    return [_printable(one) for one in value] if isinstance(value, Sequence) else value
