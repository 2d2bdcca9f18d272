"""How the demo writes things down: days counted from today, plausible moments of recording, appointments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal, Self

from msgspec import structs

from domain.calendar import is_working_day, working_day_from
from domain.facts import Fact
from domain.facts.case import ClientIdentified
from domain.facts.contact import (
    AppointmentCancelled,
    AppointmentHeld,
    AppointmentInvited,
    AppointmentMissed,
    AppointmentPlanned,
    ContactHeld,
)
from domain.periods import BERLIN, DAY, latest_start
from domain.records import Entry, Record
from services.demo import words

TIMES = ("09:00", "10:30", "13:30", "15:00")
LATE = 14  # days after which an entry says why it comes so late


class Calendar:
    """Days counted from today, so that the story is alive whenever it is told."""

    def __init__(self, today: dt.date, now: dt.datetime) -> None:
        self.today, self.now = today, now

    def ago(self, days: int) -> dt.date:
        """So many days before today; negative: ahead."""
        return self.today - days * DAY

    def full(self, months: int, ago: int) -> dt.date:
        """The day from which so many months were full so many days ago (negative: will be)."""
        return latest_start(self.ago(ago), months)

    def working(self, day: dt.date) -> dt.date:
        """A working day: up to today the last one, ahead the next one."""
        if day > self.today:
            return working_day_from(day)
        while not is_working_day(day):
            day -= DAY
        return day

    def recorded(self, on: dt.date, late: int, hour: int) -> dt.datetime:
        """A working hour so many days after the day, on a working day, and never in the future."""
        day = working_day_from(on + late * DAY)
        return min(dt.datetime.combine(day, dt.time(8 + hour % 9, hour * 7 % 60), BERLIN), self.now)


class Written:
    """What is written about one case; words that write facts return the case, so that they can be chained."""

    def __init__(self, calendar: Calendar, number: str, last_name: str, first_name: str, born: int, unit: str) -> None:
        self.calendar, self.number, self.unit = calendar, number, unit
        born_on = words.birth_date(number, born)
        self.client = ClientIdentified(last_name=last_name, first_name=first_name, birth_date=born_on)
        self.entries: list[Entry] = []
        self.news = False  # whether what was decided last is still to be read
        self._worker, self._things = "", 0

    # --- how things are written down ---

    @property
    def told(self) -> list[Entry]:
        """All that is written; first who the case is about, by whoever took it up."""
        first, id = self.entries[0], f"demo:{self.number}:0"
        return [structs.replace(first, id=id, fact=self.client), *self.entries]

    def write(self, fact: Fact, on: dt.date, by: str = "", late: int | None = None) -> str:
        """Records a fact, mostly on its day or the next one; returns its id."""
        count = len(self.entries)
        id = f"demo:{self.number}:{count + 1}"
        late = (0, 0, 1, 0, 2)[(count + int(self.number[-2:])) % 5] if late is None else late
        fact = structs.replace(fact, late_reason=words.LATE) if late > LATE else fact
        moment = self.calendar.recorded(on, late, count)
        self.entries.append(Entry(id=id, on=on, fact=fact, by=by or self._worker, recorded_at=moment))
        return id

    def thing(self, kind: str) -> str:
        """A new id of an appointment, job, measure or request."""
        self._things += 1
        return f"{self.number}-{kind}{self._things}"

    # --- appointments and contact ---

    def talked(self, *days: dt.date) -> Self:
        """Appointments planned three weeks ahead, invited and held."""
        for day in map(self.calendar.working, days):
            self.write(AppointmentHeld(appointment=self._planned(day), channel="personal"), day)
        return self

    def every(self, days: int, first: dt.date, last: dt.date) -> Self:
        """Appointments held at an interval."""
        return self.talked(*(first + n * days * DAY for n in range((last - first).days // days + 1)))

    def meets(self, day: dt.date) -> Self:
        """An appointment ahead."""
        self._planned(day)
        return self

    def forgot(self, *days: dt.date) -> Self:
        """Appointments that were left on geplant."""
        for day in days:
            self._planned(day)
        return self

    def missed(self, day: dt.date, good_cause: Literal["open", "no"] = "open") -> Self:
        """Not come; the cause is still open, or there was no good one."""
        fact = AppointmentMissed(appointment=self._planned(day), good_cause=good_cause)
        self.write(fact, self.calendar.working(day))
        return self

    def cancelled(self, day: dt.date) -> Self:
        """Called off by the client two days before."""
        self.write(AppointmentCancelled(appointment=self._planned(day), by_whom="client"), day - 2 * DAY)
        return self

    def wrote(self, day: dt.date) -> Self:
        """A mail of the client: contact, no appointment."""
        self.write(ContactHeld(channel="mail", direction="in"), day)
        return self

    def _planned(self, day: dt.date) -> str:
        """Planned and invited three weeks ahead, at the latest on the last working days before today."""
        thing, day = self.thing("t"), self.calendar.working(day)
        told = min(day - 21 * DAY, self.calendar.ago(3))
        time = TIMES[day.toordinal() % len(TIMES)]
        self.write(AppointmentPlanned(appointment=thing, channel="personal", time=time), day, late=(told - day).days)
        self.write(AppointmentInvited(appointment=thing), told, late=0)
        return thing


def records(entries: Iterable[Entry]) -> list[Record]:
    """What is told of a case, as the store would give it back."""
    return [
        Record(
            ref=entry.id or "",
            id=entry.id or "",
            number=number,
            on=entry.on,
            recorded_at=entry.recorded_at,
            stored_at=entry.recorded_at,
            by=entry.by,
            correlation_id="",
            fact=entry.fact,
        )
        for number, entry in enumerate(entries, 1)
        if entry.recorded_at is not None
    ]
