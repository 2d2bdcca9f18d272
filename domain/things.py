"""What is known of one thing, an appointment or a request for an extension: its status and the facts behind it."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from itertools import chain, takewhile
from operator import itemgetter
from typing import Any, NamedTuple, cast

from domain.facts.base import Fact
from domain.facts.contact import (
    AppointmentCancelled,
    AppointmentHeld,
    AppointmentInvited,
    AppointmentMissed,
    AppointmentPlanned,
    AppointmentRescheduled,
)
from domain.facts.extension import (
    ExtensionApproved,
    ExtensionRejected,
    ExtensionRequested,
    ExtensionReturned,
    ExtensionWithdrawn,
)
from domain.knowledge import REVOKING, Known, order, visible


class Appointment(NamedTuple):
    """One appointment with its status: planned, held, missed or cancelled."""

    on: dt.date
    status: str
    appointment: str
    facts: tuple[Known, ...]
    last: Known
    invited: bool

    @property
    def planned_channel(self) -> str | None:
        """The channel it was planned by, the last one that was named."""
        planned = (one.fact.channel for one in reversed(self.facts) if isinstance(one.fact, AppointmentPlanned))
        return next((channel for channel in planned if channel), None)

    @property
    def good_cause(self) -> str | None:
        """Whether there was good cause for missing it, as it was said last."""
        missed = (one.fact.good_cause for one in reversed(self.facts) if isinstance(one.fact, AppointmentMissed))
        return next(missed, None)

    @property
    def time(self) -> str | None:
        """When it begins, HH:MM; nothing where it was put on another day without saying so."""
        told = planning([one.fact for one in self.facts])
        return told.time if told else None

    @property
    def place(self) -> str | None:
        """Where it is, likewise."""
        told = planning([one.fact for one in self.facts])
        return told.place if told else None


class Extension(NamedTuple):
    """One request with what was decided: requested, approved, returned, rejected or withdrawn."""

    request: str
    status: str
    facts: tuple[Known, ...]
    decided: Known | None


class Grant(NamedTuple):
    """A request that counts as approved: its approvals that stand, in the order of consent."""

    approvals: tuple[Known, ...]

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """From the first consent to the last day of the latest decision (Fachkonzept 3.1 no. 4), inclusive."""
        return self.approvals[0].on, cast(ExtensionApproved, self.approvals[-1].fact).until


def by_thing(facts: Iterable[Known], field: str) -> dict[str, list[Known]]:
    """The facts about each thing that `field` names, in the given order."""
    about: dict[str, list[Known]] = {}
    for fact in facts:
        about.setdefault(getattr(fact.fact, field), []).append(fact)
    return about


PLANNED, CANCELLED, REQUESTED = "planned", "cancelled", "requested"
_STATUS: dict[type[Fact], int] = {  # of facts recorded at one moment the later step counts
    AppointmentPlanned: 0,
    AppointmentInvited: 1,
    AppointmentRescheduled: 2,
    AppointmentCancelled: 3,
    AppointmentMissed: 4,
    AppointmentHeld: 5,
}
_STATUS_NAME: dict[type[Fact], str] = {
    AppointmentCancelled: CANCELLED,
    AppointmentMissed: "missed",
    AppointmentHeld: "held",
}
APPOINTMENTS = frozenset(_STATUS)
_DECISIONS: dict[type[Fact], str] = {
    ExtensionRequested: REQUESTED,
    ExtensionReturned: "returned",
    ExtensionWithdrawn: "withdrawn",
    ExtensionRejected: "rejected",
    ExtensionApproved: "approved",
}
_STEPS = {kind: step for step, kind in enumerate(_DECISIONS)}
REQUESTS = frozenset(_DECISIONS)
GRANTS: frozenset[type[Fact]] = frozenset({ExtensionApproved, *REVOKING})


def step_of_appointment(one: Known) -> tuple[dt.datetime, int, dt.date, str]:
    """The order in which facts about an appointment follow each other."""
    return (one.recorded_at, _STATUS[type(one.fact)], one.on, one.ref)


def step_of_extension(one: Known) -> tuple[dt.datetime, dt.date, int, str]:
    """The order in which facts about a request follow each other; those of one moment by their days."""
    return (one.recorded_at, one.on, _STEPS[type(one.fact)], one.ref)


def day_and_status(ordered: Sequence[Known]) -> tuple[dt.date, str, Known] | None:
    """The day of an appointment, its status and the fact that says it; nothing while there is but an invitation."""
    telling = (fact for fact in reversed(ordered) if not isinstance(fact.fact, AppointmentInvited))
    last = next(telling, None)
    if last is None:
        return None
    dated = (fact for fact in chain([last], telling) if not isinstance(fact.fact, AppointmentCancelled))
    return next(dated, last).on, _STATUS_NAME.get(type(last.fact), PLANNED), last


def planning(ordered: Sequence[Fact]) -> AppointmentPlanned | None:
    """The fact that says time and place; nothing where the day was moved since by one that does not."""
    last = next(
        (one for one in reversed(ordered) if isinstance(one, AppointmentPlanned | AppointmentRescheduled)), None
    )
    return last if isinstance(last, AppointmentPlanned) else None


def invitation(ordered: Sequence[Known]) -> Known | None:
    """The last invitation to an appointment."""
    return next((fact for fact in reversed(ordered) if isinstance(fact.fact, AppointmentInvited)), None)


def appointment(ordered: Sequence[Known]) -> Appointment | None:
    """What facts about one appointment say, in their order; nothing while there is but an invitation."""
    said = day_and_status(ordered)
    if said is None:
        return None
    on, status, last = said
    name = cast(AppointmentPlanned, last.fact).appointment
    return Appointment(on, status, name, tuple(ordered), last, invitation(ordered) is not None)


def lies_ahead(status: Any, on: Any, day: dt.date) -> Any:
    """Whether an appointment is still to come, seen from a day and as known then: planned for it or for a later one.

    The next one is the first of these. Status and day are values, or the columns of the rows that hold them.
    """
    return (status == PLANNED) & (on >= day)


def decision(ordered: Sequence[Known]) -> str:
    """What was decided last about a request."""
    return _DECISIONS[type(ordered[-1].fact)]


def extension(facts: Iterable[Known]) -> Extension:
    """What facts about one request say."""
    ordered = tuple(sorted(facts, key=step_of_extension))
    last = ordered[-1]
    decided = None if isinstance(last.fact, ExtensionRequested) else last
    return Extension(cast(ExtensionRequested, last.fact).request, decision(ordered), ordered, decided)


def granted(facts: Iterable[Known]) -> list[Grant]:
    """The requests that count as approved, from all approvals, rejections and withdrawals.

    A rejection or withdrawal makes what was approved before it count as never given (Fachkonzept 3.1 no. 4).
    """
    found = []
    for about in by_thing(facts, "request").values():
        latest = takewhile(_approves, sorted(about, key=step_of_extension, reverse=True))
        if approvals := sorted(latest, key=order):
            found.append(Grant(tuple(approvals)))
    return found


def _approves(one: Known) -> bool:
    return isinstance(one.fact, ExtensionApproved)


def day_and_name(one: Appointment) -> tuple[dt.date, str]:
    """The order of appointments."""
    return (one.on, one.appointment)


class Appointments:
    """The appointments of a case while its facts change, so that a change costs one appointment and not all."""

    def __init__(self, facts: Iterable[Known]) -> None:
        self._about: dict[str, list[Known]] = {}  # in their order
        self._said: dict[str, Appointment] = {}
        self._found: list[Appointment] = []
        self._counting: list[tuple[dt.date, str]] = []
        for fact in facts:
            self.change(None, fact)

    def change(self, before: Known | None, now: Known | None) -> None:
        """Takes a fact out, or in, or both."""
        for one, step in ((before, self._take_out), (now, self._take_in)):
            if one is not None and type(one.fact) in _STATUS:
                name = cast(AppointmentPlanned, one.fact).appointment
                about = self._about.setdefault(name, [])
                step(one, about, (one.visible_from, name))
                self._say(name, appointment(about))

    def on(self, day: dt.date, name: str | None = None) -> list[Appointment]:
        """Those that facts counting on a day give, by day; of them the one with a name."""
        if name is not None:
            about = self._about.get(name, [])
            seen = visible(about, day)
            found = self._said.get(name) if len(seen) == len(about) else appointment(seen)
            return [found] if found else []
        hidden = {name for _, name in self._counting[bisect_right(self._counting, day, key=itemgetter(0)) :]}
        if not hidden:
            return self._found
        others = (appointment(visible(self._about[name], day)) for name in hidden)
        return sorted(
            (*(one for one in self._found if one.appointment not in hidden), *filter(None, others)), key=day_and_name
        )

    def _say(self, name: str, now: Appointment | None) -> None:
        if before := self._said.pop(name, None):
            del self._found[bisect_left(self._found, day_and_name(before), key=day_and_name)]
        if now:
            self._said[name] = now
            insort(self._found, now, key=day_and_name)

    def _take_out(self, one: Known, about: list[Known], place: tuple[dt.date, str]) -> None:
        del about[bisect_left(about, step_of_appointment(one), key=step_of_appointment)]
        del self._counting[bisect_left(self._counting, place)]

    def _take_in(self, one: Known, about: list[Known], place: tuple[dt.date, str]) -> None:
        insort(about, one, key=step_of_appointment)
        insort(self._counting, place)
