"""The lines of Heute in their groups: overdue, today, ahead of its day, put off; and which one is unfolded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from markupsafe import Markup

from domain.actions import Action
from domain.calendar import Lands
from domain.dialogues import Subject
from domain.followups import LEAD_AFTER, Message
from domain.rules.themes import HANDOVER
from services.dialogues.conversation import Conversation
from services.questions import today as waiting
from services.questions.in_time import is_late
from services.questions.today import Inbox, Stage
from services.web.http.visitor import Visitor
from services.web.today.handovers import Shown
from services.web.today.tasks import Named, When, anchor, together
from services.web.words import deadlines

NONE = "keine"  # what is asked for where no line is to be unfolded
TITLES = {"late": "Überfällig", "today": "Heute", "week": "Diese Woche", "put-off": "Zurückgestellt"}


class Line(NamedTuple):
    """One line: whose, about what, by when. It stands for a message or for a case that is offered.

    `theme` and `topic`: key and words; `begun`: a dialogue waits in it; `reported`: it was said to be wrong;
    `several`: the answers it may be given together with others.
    """

    anchor: str
    number: str
    name: str
    theme: str
    topic: str
    when: Markup | str
    late: bool
    begun: bool
    reported: bool
    several: tuple[str, ...]
    deputised: str
    message: Message[Stage] | None
    offer: Shown | None
    time: When = When.NOW


class Group(NamedTuple):
    """Lines under one heading."""

    key: str
    title: str
    lines: list[Line]


class Filter(NamedTuple):
    """A theme the list can be narrowed to, and how many lines it has."""

    key: str
    name: str
    number: int


def groups(
    found: Inbox,
    offers: Sequence[Shown],
    named: Named,
    talks: Sequence[Conversation],
    reported: Collection[UUID],
    visitor: Visitor,
    lands: Lands,
) -> list[Group]:
    """The groups in their order, those without a line, too.

    `talks` are the person's open dialogues, `reported` the follow-ups that were said to be wrong.
    """
    make = _Maker(named, talks, reported, visitor.deputised, visitor.today, lands)
    lines = [*map(make.of_message, found.now), *map(make.of_offer, offers)]
    by_group = {
        "late": [one for one in lines if one.late],
        "today": [one for one in lines if not one.late],
        "week": sorted(map(make.ahead, found.week), key=_due),
        "put-off": [make.put_off(one) for one in found.put_off],
    }
    return [Group(key, TITLES[key], lines) for key, lines in by_group.items()]


def narrowed(found: Sequence[Group], theme: str) -> list[Group]:
    """The groups of one theme (its key; "": all), without those that have no line."""
    kept = [group._replace(lines=[one for one in group.lines if theme in ("", one.theme)]) for group in found]
    return [group for group in kept if group.lines]


def filters(found: Sequence[Group]) -> list[Filter]:
    """The themes of all lines, by name."""
    lines = list(_lines(found))
    names = {one.theme: one.message.theme.name if one.message else HANDOVER.name for one in lines}
    counted = [Filter(key, name, sum(one.theme == key for one in lines)) for key, name in names.items()]
    return sorted(counted, key=lambda one: one.name)


def unfolded(found: Sequence[Group], wanted: str, talks: Sequence[Conversation]) -> Line | None:
    """The line asked for by its anchor, or the one whose dialogue was answered last, or the first that waits now."""
    if wanted == NONE:
        return None
    asked = (one for one in _lines(found) if one.anchor == wanted)
    now = [one for one in _lines(found) if one.time is When.NOW]
    begun = (one for talk in talks for one in now if _is_about(one, talk))
    return next(chain(asked, begun, now), None)


def _is_about(line: Line, talk: Conversation) -> bool:
    """Whether a dialogue is shown in a line: of its case, about a handover or not, or about one of its appointments."""
    if line.message and line.message.theme.daily:
        return talk.dialogue.subject is Subject.APPOINTMENT and talk.case_key in _cases(line.message)
    handover = talk.dialogue.subject is Subject.HANDOVER and talk.dialogue.action is Action.RECEIVE
    return line.number == talk.case and (line.offer is not None) is handover


def _cases(message: Message[Stage]) -> set[UUID]:
    return {one.case_key for one in message.stages}


def following(found: Sequence[Group], line: Line | None) -> str:
    """The anchor of the line to go on with once this one is answered: the next, after the last the one before."""
    order = [one.anchor for one in _lines(found)]
    if line is None or len(order) < 2:
        return ""
    at = order.index(line.anchor)
    return order[at + 1] if at + 1 < len(order) else order[at - 1]


def _lines(found: Sequence[Group]) -> Iterator[Line]:
    return (line for group in found for line in group.lines)


def _due(line: Line) -> dt.date:
    assert line.message is not None
    return min(stage.due for stage in line.message.stages)


class _Maker(NamedTuple):
    """Makes lines."""

    named: Named
    talks: Sequence[Conversation]
    reported: Collection[UUID]
    deputised: Collection[str]
    day: dt.date
    lands: Lands

    def of_message(self, message: Message[Stage]) -> Line:
        """What waits now."""
        last, due = waiting.in_time(message), min(stage.due for stage in message.stages)
        when, late = deadlines.urgency(last, due, self.day, self.lands)
        return self._line(message, when, late=late)

    def ahead(self, message: Message[Stage]) -> Line:
        """What becomes due in the next days."""
        due = min(stage.due for stage in message.stages)
        return self._line(message, deadlines.coming(due))._replace(time=When.AHEAD, several=())

    def put_off(self, message: Message[Stage]) -> Line:
        """What was put off until a day."""
        until = min(stage.put_off or self.day for stage in message.stages)
        return self._line(message, deadlines.put_off(until))._replace(time=When.PUT_OFF, several=())

    def of_offer(self, one: Shown) -> Line:
        """A case that waits to be taken over, overdue after 14 days."""
        last = one.since + LEAD_AFTER
        late = is_late(last, self.day, self.lands)
        return Line(
            one.anchor, one.number, one.name, HANDOVER.key, "Übergabe an Sie", deadlines.waits(one.since), late,
            one.conversation is not None, False, (), "", None, one,
        )  # fmt: skip

    def _line(self, message: Message[Stage], when: Markup | str, *, late: bool = False) -> Line:
        first, daily = message.stages[0], message.theme.daily
        line = Line(
            anchor=anchor(message.theme, message.case_key),
            number="" if daily else first.number,
            name="" if daily else self.named.clients.get(first.case_key, ""),
            theme=message.theme.key,
            topic=_appointments(len(message.stages)) if daily else _topic(message),
            when=when,
            late=late,
            begun=False,
            reported=any(one.id in self.reported for one in message.stages),
            several=() if daily else together(list(message.stages)),
            deputised=self.named.staff[first.worker] if first.worker in self.deputised else "",
            message=message,
            offer=None,
        )
        return line._replace(begun=any(_is_about(line, talk) for talk in self.talks))


def _topic(message: Message[Stage]) -> str:
    """The theme, and of own follow-ups what they are about."""
    said = "; ".join(str(one.reason["subject"]) for one in message.stages if one.reason and "subject" in one.reason)
    return f"{message.theme.name}: {said}" if said else message.theme.name


def _appointments(count: int) -> str:
    return "Ein Termin steht noch auf „geplant“" if count == 1 else f"{count} Termine stehen noch auf „geplant“"
