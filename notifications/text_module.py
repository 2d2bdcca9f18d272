"""The words of a decision: the Textbaustein as it is copied elsewhere, and the line that says who decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from msgspec import Struct, field, structs

from domain.periods import BERLIN
from domain.words import EXTENSION_OPTIONS
from notifications import render


class TextModule(Struct, frozen=True, kw_only=True):
    """A filled Textbaustein (Fachkonzept 5.1). Persons are names; nobody has consented yet: `approved_by` is None.

    `boxes`: the words of the checkboxes there were on its day, by code; „sonstiges“ stands apart, with its text.
    """

    options: Sequence[str]
    facts_text: str
    justification: str
    until: dt.date
    worker: str
    other_text: str | None = None
    approved_by: str | None = None
    approved_on: dt.date | None = None
    boxes: Mapping[str, str] = field(default_factory=lambda: EXTENSION_OPTIONS)


def text_module(data: TextModule) -> str:
    """The block as plain text, its fields in the order of QS 2/2020, 3.1."""
    lines = render.text("dialogue/textbaustein.txt.j2", structs.asdict(data)).splitlines()
    return "\n".join(line.rstrip() for line in lines)


def decided(what: str, who: str, when: dt.datetime, until: dt.date | None = None) -> str:
    """One line: who did what and when, e.g. "B. Kern hat am 20.11.2026 um 10:12 Uhr … zugestimmt (bis 30.04.2027)."."""
    local = when.astimezone(BERLIN)
    data = {"what": what, "who": who, "on": local.date(), "time": f"{local:%H:%M}", "until": until}
    return render.sentence("dialogue/decided.txt.j2", data)
