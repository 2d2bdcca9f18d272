"""Calendar entries (RFC 5545, 5546): day, time, a short name, case number and link, and nothing about the person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import quote

from domain.periods import BERLIN, DAY

LENGTH = dt.timedelta(minutes=30)  # nobody records how long an appointment is; so much is blocked in the calendar
FOLDED = 74  # octets of a line before it is folded, with the blank in front of what follows 75
AGAIN = "PT1H"  # how often a calendar that is subscribed to asks again


class Method(StrEnum):
    """What a calendar program is to do with entries (RFC 5546, 1.4)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"  # put in, or put in place of what has the same UID and a lower SEQUENCE
    CANCEL = "CANCEL"


class Event(NamedTuple):
    """An entry: `ref` names it for good, `sequence` grows with each change.

    `time` is HH:MM in Berlin, "" for all day; `busy`: whether it blocks that time.
    """

    ref: str
    summary: str
    on: dt.date
    time: str
    link: str
    sequence: int = 0
    busy: bool = False


def calendar(
    events: Iterable[Event],
    now: dt.datetime,
    organizer: str,
    method: Method = Method.PUBLISH,
    attendee: str = "",
    name: str = "",
) -> str:
    """The entries as a file with CRLF. `organizer`, `attendee`: mail addresses; `name`: of a calendar to subscribe to.

    Whoever is asked (REQUEST) or told (CANCEL) is the attendee; what is published has none (RFC 5546, 3.2).
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Fallverlauf//Termine//DE", f"METHOD:{method}"]
    if name:
        lines += [f"X-WR-CALNAME:{_escaped(name)}", f"REFRESH-INTERVAL;VALUE=DURATION:{AGAIN}"]
    parties = [f"ORGANIZER;CN=Fallverlauf:{_mailto(organizer)}"]
    if attendee:
        parties.append(f"ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:{_mailto(attendee)}")
    for one in events:
        lines += [*_event(one, now, cancelled=method is Method.CANCEL), *parties, "END:VEVENT"]
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line))


def _event(one: Event, now: dt.datetime, *, cancelled: bool) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{one.ref}@fallverlauf",
        f"DTSTAMP:{_utc(now)}",
        *_when(one.on, one.time),
        f"SEQUENCE:{one.sequence}",
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        f"SUMMARY:{_escaped(one.summary)}",
        f"URL:{''.join(one.link.split())}",
        "CLASS:CONFIDENTIAL",
        f"TRANSP:{'OPAQUE' if one.busy else 'TRANSPARENT'}",
    ]


def _when(on: dt.date, time: str) -> list[str]:
    if not time:
        return [f"DTSTART;VALUE=DATE:{on:%Y%m%d}", f"DTEND;VALUE=DATE:{on + DAY:%Y%m%d}"]
    begins = dt.datetime.combine(on, dt.time.fromisoformat(time), BERLIN).astimezone(dt.UTC)
    return [f"DTSTART:{_utc(begins)}", f"DTEND:{_utc(begins + LENGTH)}"]


def _utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _mailto(address: str) -> str:
    return f"mailto:{quote(address, safe='@+')}"


def _escaped(text: str) -> str:
    for char in ("\\", ";", ","):
        text = text.replace(char, f"\\{char}")
    return " ".join(text.split())


def _folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 octets; no character is cut in two."""
    part = ""
    for char in line:
        if len(f"{part}{char}".encode()) > FOLDED:
            yield part
            part = " "
        part += char
    yield part
