"""The head of a case, "Jetzt": whether it runs, what is due and put off, who still has to answer, what comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from domain.calendar import Lands
from domain.dialogues import DIALOGUES, Subject
from domain.facts.case import CaseOpened
from domain.facts.grounds import DirectivePublished
from domain.followups import latest
from domain.knowledge import Known
from domain.office import deferrals, land
from domain.periods import DAY
from domain.rules import RULES
from domain.rules.themes import REVIEW
from domain.things import Appointment, lies_ahead
from domain.timeline import Timeline
from notifications import render
from services.office.office import Transaction
from services.questions import grounds, of_case
from services.questions.in_time import last_day
from services.questions.of_case import Stage
from services.records import rulebook
from services.records.meaning import Waiting
from services.web.case import forms
from services.web.case.view import CaseFile
from services.web.http.visitor import AtCase
from services.web.words import deadlines

REQUEST_OPEN = ("requested", "returned")


class Answer(NamedTuple):
    """A button: the dialogue it opens and about what, or, where `form` is named, the entry that answers `rule`."""

    words: str
    dialogue: str = ""
    subject: str = ""
    form: str = ""
    rule: str = ""


class Reason(NamedTuple):
    """Why something is due: the sentence, the rule and its name, the entry it counts from."""

    sentence: str
    rule: str
    name: str
    ref: str


class Task(NamedTuple):
    """What is due: its theme, how urgent in words, why, the strongest first, the answers, the first as the main one."""

    theme: str
    urgency: Markup | str
    late: bool
    reasons: list[Reason]
    answers: list[Answer]


class Now(NamedTuple):
    """What the head says; `waiting`: why nothing is said of what is due, else "". `deadlines`: those of the picture.
    `directives`: those that the rules of the tasks rest on. `settings`: all of the office, as known then.
    """

    settings: Sequence[Known]
    status: str
    tasks: list[Task]
    put_off: list[tuple[str, dt.date, str]]
    request: tuple[str, dt.date] | None
    limit: tuple[str, dt.date] | None
    appointment: Appointment | None
    deadlines: list[tuple[str, dt.date]]
    waiting: str
    directives: Mapping[str, Sequence[DirectivePublished]]


def read(tx: Transaction, at: AtCase, file: CaseFile) -> Now:
    """The head as of the Stichtag, as known at the Datenstand; answers are offered for now alone."""
    moment, timeline = file.moment, file.timeline
    waiting, found = "", list[Stage]()
    try:
        found = of_case.stages(tx, at.key, moment.as_of, moment.known_at)
    except Waiting as error:
        waiting = str(error)
    due = [one for one in found if one.listed_from <= moment.as_of]
    own = rulebook.texts(tx.conn, moment.as_of, moment.known_at)
    settings = rulebook.standing(tx.conn, moment.known_at)
    limits = {one.rule: one.listed_from for one in of_case.deadlines(found)}
    marks = [(RULES[rule].name, day) for rule, day in limits.items()]
    ahead = [one for one in marks if one[1] > moment.as_of]
    return Now(
        settings=settings,
        status=status(timeline, bool(file.facts)),
        tasks=_tasks([one for one in due if one.snoozed is None], moment.as_of, own, land.lands(settings)),
        put_off=_put_off(due, deferrals.named(settings, moment.as_of)),
        request=next(
            ((one.status, one.facts[-1].on) for one in timeline.extensions[::-1] if one.status in REQUEST_OPEN), None
        ),
        limit=min(ahead, key=lambda one: one[1], default=None),
        appointment=next((one for one in timeline.appointments if lies_ahead(one.status, one.on, moment.as_of)), None),
        deadlines=marks,
        waiting=waiting,
        directives=grounds.directives(tx.conn, {one.rule for one in due}, moment.as_of, moment.known_at),
    )


def status(timeline: Timeline, any_entry: bool) -> str:
    """Whether the case runs on the day of its timeline; `any_entry`: whether anything at all is known of it."""
    closed = next((one for one in timeline.closed if one.covers(timeline.as_of)), None)
    opened = timeline.facts(CaseOpened) or timeline.bars or timeline.care
    said = {"closed": closed and closed.first - DAY, "known": opened and any_entry}
    return render.sentence("case/status.txt.j2", said)


def _put_off(due: list[Stage], named: Mapping[str, str]) -> list[tuple[str, dt.date, str]]:
    """The themes put off, until when, and why in words."""
    said = {
        (RULES[one.rule].theme.name, one.snoozed, named.get(one.snoozed_for or "", "")) for one in due if one.snoozed
    }
    return sorted(said)


def _tasks(due: list[Stage], day: dt.date, own: Mapping[str, str], lands: Lands) -> list[Task]:
    shown = sorted(latest(due), key=lambda one: (_place(one), -one.strength))
    groups = [list(group) for _, group in groupby(shown, key=_place)]
    return sorted((_task(group, due, day, own, lands) for group in groups), key=lambda one: not one.late)


def _place(one: Stage) -> str:
    """What is told together: the rules of a theme; each appointment stands for itself."""
    theme = RULES[one.rule].theme
    return f"{theme.key} {one.id.hex}" if theme.daily else theme.key


def _task(group: list[Stage], due: Iterable[Stage], day: dt.date, own: Mapping[str, str], lands: Lands) -> Task:
    first, since = group[0], min(one.due for one in group)
    theme = RULES[first.rule].theme
    last = min(last_day(one.rule, one.stage, one.due, one.reason) for one in group)
    urgency, late = deadlines.urgency(last, since, day, lands)
    return Task(
        theme=theme.name,
        urgency=urgency,
        late=late,
        reasons=[
            Reason(
                render.reason(one.rule, one.stage, one.reason, day, own),
                *(one.rule, RULES[one.rule].name, one.cause.partition("+")[0]),
            )
            for one in group
        ],
        answers=_answers(group, [one for one in due if RULES[one.rule].theme is theme or _past_limit(one)], day),
    )


def _past_limit(one: Stage) -> bool:
    return one.stage == "limit" and RULES[one.rule].theme is REVIEW


def _answers(group: list[Stage], of_theme: list[Stage], day: dt.date) -> list[Answer]:
    """The dialogues and entries that answer these stages, in the order of use; what is left to say of any, last."""
    if RULES[group[0].rule].theme.daily:
        status = DIALOGUES["appointment-status"]
        return [Answer(status.button, status.name, str(group[0].reason.get("appointment", "")))]
    options = {option for one in group for option in RULES[one.rule].options}
    reached = frozenset(one.stage for one in of_theme)
    named = {
        Subject.FOLLOW_UPS: ",".join(one.id.hex for one in group if one.told),
        Subject.OWN: ",".join(str(one.reason["follow_up"]) for one in group if "follow_up" in one.reason),
    }
    fitting = [
        (dialogue, place)
        for dialogue in DIALOGUES.values()
        if (place := dialogue.in_message) is not None
        and place.fits(options, reached)
        and (named[Subject.FOLLOW_UPS] or dialogue.subject is not Subject.FOLLOW_UPS)
        and place.lasts([one.reason for one in group], day)
    ]
    about = [Answer(place.words or one.button, one.name, named.get(one.subject, "")) for one, place in fitting]
    entries = forms.answering([one.rule for one in group])
    entered = [Answer(words, form=name, rule=rule) for name, words, rule in entries]
    return [*(one for one in about if not one.subject), *entered, *(one for one in about if one.subject)]
