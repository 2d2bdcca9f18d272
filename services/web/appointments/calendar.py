"""Appointments as a calendar file (RFC 5545): day, time and case number, and nothing about the person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from domain.periods import BERLIN, DAY
from services.questions.agenda import Agenda

LENGTH = dt.timedelta(minutes=30)  # nobody records how long an appointment is; so much is blocked in the calendar
FOLDED = 74  # octets of a line before it is folded, with the blank in front of what follows 75


def calendar(agenda: Agenda, now: dt.datetime) -> str:
    """The file, with CRLF: each planned appointment, all day where no time is known, and each own follow-up."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Fallverlauf//Termine//DE", "METHOD:PUBLISH"]
    for one in agenda.appointments:
        if one.status == "planned":
            lines += _event(one.ref, f"Termin {one.number}", _when(one.on, one.time), now, busy=True)
    for other in agenda.follow_ups:
        lines += _event(other.ref, f"Wiedervorlage {other.number}", _when(other.on, ""), now, busy=False)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line))


def _event(ref: str, summary: str, when: list[str], now: dt.datetime, *, busy: bool) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{ref}@fallverlauf",
        f"DTSTAMP:{_utc(now)}",
        *when,
        f"SUMMARY:{_escaped(summary)}",
        "CLASS:CONFIDENTIAL",
        f"TRANSP:{'OPAQUE' if busy else 'TRANSPARENT'}",
        "END:VEVENT",
    ]


def _when(on: dt.date, time: str) -> list[str]:
    if not time:
        return [f"DTSTART;VALUE=DATE:{on:%Y%m%d}", f"DTEND;VALUE=DATE:{on + DAY:%Y%m%d}"]
    begins = dt.datetime.combine(on, dt.time.fromisoformat(time), BERLIN)
    return [f"DTSTART:{_utc(begins)}", f"DTEND:{_utc(begins + LENGTH)}"]


def _utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


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
