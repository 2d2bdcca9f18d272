"""Facts about facts: corrected, withdrawn (Fachkonzept 2.0). They act from their own moment of recording."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.actions import Action
from domain.facts.base import Beside, Code, Declaration, Fact, FactId, Text, stored, worded

TOO_DEEP = "So tief lässt sich nichts berichtigen; bitte die letzte Berichtigung zurücknehmen."

worded(
    fields={
        "target": "Eintrag",
        "on": "Tag",
        "data": "Geändert",
        "thing": "Zählt",
        "other": "Sagt dasselbe",
        "counts": "Es zählt",
        "differs": "Verschieden",
        "leads": "Führende Quelle",
    },
    codes={"on": "Tag", "channel": "Weg", "type": "Art", "benefit": "Leistungsart"},  # in what two facts differ
)


@stored(
    "fact-corrected",
    Declaration(
        german="Berichtigung",
        day="Berichtigt am",
        lane=Beside.ABOUT_FACTS,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.CORRECT,
        form=None,
    ),
)
class FactCorrected(Fact, frozen=True):
    """Berichtigung: `data` holds the fields that are different, `null` removes an optional one; `on` a new day."""

    target: FactId
    reason: Text
    on: dt.date | None = None
    data: dict[str, Any] | None = None


@stored(
    "fact-withdrawn",
    Declaration(
        german="Rücknahme",
        day="Zurückgenommen am",
        lane=Beside.ABOUT_FACTS,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.CORRECT,
        form=None,
    ),
)
class FactWithdrawn(Fact, frozen=True):
    """Rücknahme: the target counts as never recorded."""

    target: FactId
    reason: Text


@stored(
    "same-thing-noted",
    Declaration(
        german="Dasselbe aus zwei Quellen",
        day="Festgestellt am",
        lane=Beside.SHOWN_ONLY,
        thing=None,
        begins=False,
        ends=None,
        ahead=False,
        action=Action.CORRECT,
        form=None,
    ),
)
class SameThingNoted(Fact, frozen=True):
    """Two facts of different sources say the same; `other` is withdrawn with it. `counts`: the one a person chose.

    `differs`: in what they do not agree, so that somebody is asked. `leads`: the source of `other` leads (cut-over).
    """

    thing: FactId
    other: FactId
    counts: FactId | None = None
    differs: list[Code] | None = None
    leads: bool | None = None
