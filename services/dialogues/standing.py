"""Whether the thing that a typed line names is open in its case: the same for page and `say`."""

from __future__ import annotations

from msgspec import structs

from domain.periods import OPEN
from domain.stretches import at
from domain.timeline import Timeline
from notifications import render
from services.dialogues.grammar import Understood

_MEANS_OPEN = ("end", "extend", "confirm", "dispute")  # commands beside which a strategy is the one that is open
NAMING = (*_MEANS_OPEN, "change", "alg1")  # commands that may name a thing


def held(heard: Understood, timeline: Timeline) -> Understood:
    """What was understood, refused with a German sentence if its case says otherwise; `timeline` is that of today."""
    if heard.refused or (said := _why_not(heard, timeline)) is None:
        return heard
    return structs.replace(heard, refused=said)


def _why_not(heard: Understood, timeline: Timeline) -> str | None:
    if timeline.is_closed:
        return None  # the dialogue says so
    spell = at(timeline.spells, timeline.as_of)
    open_one = spell.strategy if spell else None
    meant = heard.strategy if heard.command in _MEANS_OPEN else heard.before
    if meant and meant != open_one:
        return _said("other-open", named=meant, open_one=open_one, since=spell.first if spell else None)
    if heard.command == "change" and spell and heard.strategy == open_one:
        return _said("same-open", named=heard.strategy, since=spell.first)
    running = next((one for one in timeline.alg1 if one.last == OPEN and one.end is None), None)
    if heard.command == "alg1" and running is not None:
        return _said("alg1-open", since=running.first)
    return None


def _said(why: str, **data: object) -> str:
    return render.sentence("chat/standing.txt.j2", {"why": why, **data})
