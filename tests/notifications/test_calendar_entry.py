"""Calendar entries, read by a library that is not ours: days, times, lines, and what tries to break out of them."""

from __future__ import annotations

import datetime as dt

import pytest
from icalendar import Calendar
from icalendar.cal import Event as Read

from domain.periods import BERLIN
from notifications.calendar_entry import Event, Method, calendar

NOW = dt.datetime(2026, 11, 20, 9, tzinfo=BERLIN)
OFFICE = "fallverlauf@amt.example"
DAY = dt.date(2026, 11, 26)


def read(text: str) -> tuple[Calendar, Read]:
    """The calendar and its only entry; every line is short and ends as it must."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    found = Calendar.from_ical(text)
    assert isinstance(found, Calendar)
    (event,) = found.walk("VEVENT")
    assert isinstance(event, Read)
    assert not event.errors
    return found, event


@pytest.mark.parametrize(
    ("on", "time", "utc"),
    [
        ("2026-10-24", "08:30", "2026-10-24T06:30"),  # summer time
        ("2026-10-25", "08:30", "2026-10-25T07:30"),  # the day on which it ends
        ("2027-03-27", "23:59", "2027-03-27T22:59"),
        ("2027-03-28", "08:30", "2027-03-28T06:30"),  # the day on which it begins
        ("2026-12-31", "23:45", "2026-12-31T22:45"),  # ends in another year
    ],
)
def test_a_time_is_that_of_berlin_in_summer_and_winter(on: str, time: str, utc: str) -> None:
    entry = Event("r1", "Termin C-1", dt.date.fromisoformat(on), time, "https://amt.example/fall/C-1", 3, busy=True)
    _, event = read(calendar([entry], NOW, OFFICE))
    begins = event.decoded("DTSTART")
    assert begins == dt.datetime.fromisoformat(f"{utc}:00+00:00")
    assert event.decoded("DTEND") - begins == dt.timedelta(minutes=30)
    assert (event["UID"], event["SEQUENCE"], event["TRANSP"]) == ("r1@fallverlauf", 3, "OPAQUE")


def test_a_day_without_a_time_is_the_whole_day_and_blocks_nothing() -> None:
    found, event = read(calendar([Event("r1", "Wiedervorlage C-1", DAY, "", "https://a.example/")], NOW, OFFICE))
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (DAY, DAY + dt.timedelta(days=1))
    assert (event["TRANSP"], event["CLASS"], event["STATUS"]) == ("TRANSPARENT", "CONFIDENTIAL", "CONFIRMED")
    assert found["METHOD"] == "PUBLISH"
    assert "ATTENDEE" not in event


@pytest.mark.parametrize(
    "hostile",
    [
        "Termin\r\nEND:VEVENT\r\nATTACH:https://evil.example/",
        "a;b,c\\n\\",
        "Ü" * 300,
        "\N{FAMILY}" * 90,
        "x\x85END:VCALENDAR\u2028y",
        "BEGIN:VEVENT",
    ],
)
def test_hostile_text_stays_text(hostile: str) -> None:
    entry = Event("r1", hostile, DAY, "", "https://a.example/\r\nATTACH:x")
    _, event = read(calendar([entry], NOW, OFFICE, name=hostile))
    assert str(event["SUMMARY"]) == " ".join(hostile.split())
    assert str(event["URL"]) == "https://a.example/ATTACH:x"
    assert "ATTACH" not in event


def test_who_got_an_entry_is_asked_and_told_by_the_same_uid() -> None:
    entry = Event("r1", "Termin C-1", DAY, "10:00", "https://a.example/fall/C-1", 7)
    for method, status in ((Method.REQUEST, "CONFIRMED"), (Method.CANCEL, "CANCELLED")):
        found, event = read(calendar([entry], NOW, OFFICE, method, "fm+7@amt.example\r\nX:y"))
        assert (found["METHOD"], event["STATUS"], event["UID"]) == (method, status, "r1@fallverlauf")
        assert str(event["ORGANIZER"]) == f"mailto:{OFFICE}"
        assert str(event["ATTENDEE"]) == "mailto:fm+7@amt.example%0D%0AX%3Ay"
