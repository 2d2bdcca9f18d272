"""What is known of one thing, an appointment or a request for an extension: its status and the facts behind it."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from itertools import takewhile
from operator import itemgetter
from typing import NamedTuple, cast

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


_STATUS: dict[type[Fact], int] = {  # of facts recorded at one moment the later step counts
    AppointmentPlanned: 0,
    AppointmentInvited: 1,
    AppointmentRescheduled: 2,
    AppointmentCancelled: 3,
    AppointmentMissed: 4,
    AppointmentHeld: 5,
}
_STATUS_NAME: dict[type[Fact], str] = {
    AppointmentCancelled: "cancelled",
    AppointmentMissed: "missed",
    AppointmentHeld: "held",
}
APPOINTMENTS = frozenset(_STATUS)
_DECISIONS: dict[type[Fact], str] = {
    ExtensionRequested: "requested",
    ExtensionReturned: "returned",
    ExtensionWithdrawn: "withdrawn",
    ExtensionRejected: "rejected",
    ExtensionApproved: "approved",
}
REQUESTS = frozenset(_DECISIONS)
GRANTS: frozenset[type[Fact]] = frozenset({ExtensionApproved, *REVOKING})


def appointment(facts: Sequence[Known]) -> Appointment | None:
    """What facts about one appointment say; nothing while there is but an invitation."""
    ordered = sorted(facts, key=lambda one: (one.recorded_at, _STATUS[type(one.fact)], one.on, one.ref))
    telling = [fact for fact in ordered if not isinstance(fact.fact, AppointmentInvited)]
    if not telling:
        return None
    last = telling[-1]
    dated = [fact for fact in telling if not isinstance(fact.fact, AppointmentCancelled)] or telling
    return Appointment(
        on=dated[-1].on,
        status=_STATUS_NAME.get(type(last.fact), "planned"),
        appointment=cast(AppointmentPlanned, last.fact).appointment,
        facts=tuple(ordered),
        last=last,
        invited=len(telling) < len(ordered),
    )


def extension(facts: Sequence[Known]) -> Extension:
    """What facts about one request say."""
    ordered = tuple(sorted(facts, key=_decided))
    last = ordered[-1]
    decided = None if isinstance(last.fact, ExtensionRequested) else last
    return Extension(cast(ExtensionRequested, last.fact).request, _DECISIONS[type(last.fact)], ordered, decided)


def _decided(one: Known) -> tuple[dt.datetime, dt.date, int, str]:
    """The order of what is said about a request: of recording, at one moment of the days, then of the steps."""
    return (one.recorded_at, one.on, list(_DECISIONS).index(type(one.fact)), one.ref)


def granted(facts: Iterable[Known]) -> list[Grant]:
    """The requests that count as approved, from all approvals, rejections and withdrawals.

    A rejection or withdrawal makes what was approved before it count as never given (Fachkonzept 3.1 no. 4).
    """
    found = []
    for about in by_thing(facts, "request").values():
        latest = takewhile(_approves, sorted(about, key=_decided, reverse=True))
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
        self._about = by_thing(facts, "appointment")
        self._found = sorted(filter(None, map(appointment, self._about.values())), key=day_and_name)
        self._counting = sorted((one.visible_from, name) for name, about in self._about.items() for one in about)

    def change(self, before: Known | None, now: Known | None) -> None:
        """Takes a fact out, or in, or both."""
        for one, step in ((before, self._take_out), (now, self._take_in)):
            if one is not None and type(one.fact) in _STATUS:
                name = cast(AppointmentPlanned, one.fact).appointment
                about = self._about.setdefault(name, [])
                if found := appointment(about):
                    del self._found[bisect_left(self._found, day_and_name(found), key=day_and_name)]
                step(one, about, (one.visible_from, name))
                if found := appointment(about):
                    insort(self._found, found, key=day_and_name)

    def on(self, day: dt.date) -> list[Appointment]:
        """Those that facts counting on a day give, by day."""
        hidden = {name for _, name in self._counting[bisect_right(self._counting, day, key=itemgetter(0)) :]}
        if not hidden:
            return self._found
        others = (appointment(visible(self._about[name], day)) for name in hidden)
        return sorted(
            (*(one for one in self._found if one.appointment not in hidden), *filter(None, others)), key=day_and_name
        )

    def _take_out(self, one: Known, about: list[Known], place: tuple[dt.date, str]) -> None:
        about.remove(one)
        del self._counting[bisect_left(self._counting, place)]

    def _take_in(self, one: Known, about: list[Known], place: tuple[dt.date, str]) -> None:
        about.append(one)
        insort(self._counting, place)
