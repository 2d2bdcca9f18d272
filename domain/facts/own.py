"""Facts about own follow-ups: what somebody wants to be reminded of (Fachkonzept 2.4, R-43)."""

from __future__ import annotations

import datetime as dt

from domain.actions import Action
from domain.facts.base import Declaration, Fact, Form, Group, Lane, Text, Thing, TraitCode, stored, worded

worded(
    fields={
        "follow_up": "Wiedervorlage",
        "due_on": "Fällig am",
        "subject": "Betreff",
        "link": "Gehört zu",
        "result": "Was daraus wurde",
    },
    codes={},
)


@stored(
    "own-follow-up-set",
    Declaration(
        german="Eigene Wiedervorlage",
        day="Gesetzt am",
        lane=Lane.OWN,
        thing="follow_up",
        begins=True,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.CASE),
    ),
)
class OwnFollowUpSet(Fact, frozen=True):
    """Aufgabe als Wiedervorlage; `on` is the day it was set. A second one about the same `follow_up` moves it."""

    follow_up: Thing
    due_on: dt.date
    subject: Text
    link: TraitCode | None = None


@stored(
    "own-follow-up-done",
    Declaration(
        german="Eigene Wiedervorlage erledigt",
        day="Erledigt am",
        lane=Lane.OWN,
        thing="follow_up",
        begins=False,
        ends=OwnFollowUpSet,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.CASE),
    ),
)
class OwnFollowUpDone(Fact, frozen=True):
    """Wiedervorlage erledigt; a later set about the same `follow_up` opens it anew."""

    follow_up: Thing
    result: Text | None = None
