"""A paper as PDF/A-2a that is PDF/UA-1 as well: to be kept for long, and to be read aloud."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
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

    told = _each(_told(paper), composed)
    if any(map(STRANGE.search, _texts(told))):
        said = paper._replace(parts=[*paper.parts, Part("Hinweis", [LEFT_OUT])])
        told = _each(_told(said), lambda text: STRANGE.sub(HOLDER, composed(text)))
    clear = json.dumps(told, ensure_ascii=False)
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


def composed(text: str) -> str:
    """A text as it is printed: line ends of forms, tabs and letters put together of two signs as one each."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\u00ad", "")
    return unicodedata.normalize("NFC", lines)


def _each(value: Any, done: Callable[[str], str]) -> Any:
    """The same with every text in it changed."""
    if isinstance(value, str):
        return done(value)
    if isinstance(value, dict):
        return {key: _each(one, done) for key, one in value.items()}
    return [_each(one, done) for one in value] if isinstance(value, list | tuple) else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
