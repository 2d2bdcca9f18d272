"""One matter to be decided: the case, who decides, the day, and the checks every topic needs (Fachkonzept 2.0)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple, NoReturn

from domain import words
from domain.decisions.refusal import Refused
from domain.decisions.view import Actor, CaseView
from domain.facts.base import Fact
from domain.periods import DAY, EARLIEST, OPEN, add_months, end_of_day
from domain.records import Entry, Record
from domain.stretches import Stretch, at

YEARS_AHEAD = 10
LATE_DAYS = 14
BY_HANDOVER = "Die Zuständigkeit wechselt durch eine Übergabe; direkt zuweisen kann nur die Führungskraft."
MINIMUM = 10  # characters of an explanation (Fachkonzept 5.1)


class Matter(NamedTuple):
    """What a topic decides about. `ask_late_reason`: pages and chat ask why something is recorded late, the API not."""

    view: CaseView
    actor: Actor
    today: dt.date
    ask_late_reason: bool = True

    def entry(self, on: dt.date, fact: Fact, by: str | None = None) -> Entry:
        """A fact as the actor (or a rule) records it."""
        return Entry(on=on, fact=fact, by=by or self.actor.id)

    def grown(self, entries: Sequence[Entry]) -> Matter:
        """The matter as it is once these are stored."""
        now = end_of_day(self.today)
        last = self.view.records[-1].number if self.view.records else 0
        added = [
            Record(
                ref=f"new-{at}",
                id=f"new-{at}",
                number=at,
                on=entry.on,
                recorded_at=now,
                stored_at=now,
                by=entry.by,
                correlation_id="",
                fact=entry.fact,
            )
            for at, entry in enumerate(entries, start=last + 1)
        ]
        return self._replace(view=self.view.grown(added))

    def bar(self, day: dt.date) -> Stretch | None:
        """The strategy bar that covers the day."""
        found: Stretch | None = at(self.view.timeline.bars, day)
        return found

    def check_open(self) -> None:
        """Refuses if the case is closed today."""
        closed = next((one for one in self.view.timeline.closed if one.covers(self.today)), None)
        if closed is not None:
            last = words.day(closed.first - DAY)
            refuse(
                "",
                f"Der Fall ist abgeschlossen (letzter Tag {last}). Es gehen nur Berichtigung, Rücknahme, Neuaufnahme.",
            )

    def check_day(self, on: dt.date, *, ahead: bool = False, late_reason: str | None = None, field: str = "on") -> None:
        """Refuses days out of range, future days unless `ahead`, and late entries without a reason."""
        latest = last_day(self.today)
        if not EARLIEST <= on <= latest:
            refuse(field, f"Der Tag muss zwischen dem {words.day(EARLIEST)} und dem {words.day(latest)} liegen.")
        if on > self.today and not ahead:
            refuse(field, f"Der {words.day(on)} liegt in der Zukunft; eintragen lässt sich nur, was schon gilt.")
        if self.ask_late_reason and on < self.today - LATE_DAYS * DAY and not (late_reason or "").strip():
            refuse(
                "late_reason",
                f"Der {words.day(on)} liegt mehr als {LATE_DAYS} Tage zurück. Bitte sagen, warum das erst jetzt kommt.",
            )


def last_day(today: dt.date) -> dt.date:
    """The last day anything may be recorded for."""
    return add_months(today, 12 * YEARS_AHEAD)


def refuse(field: str, sentence: str) -> NoReturn:
    """Refuses for one reason."""
    raise Refused([(field, sentence)])


def check_text(field: str, text: str, minimum: int = MINIMUM) -> tuple[str, str] | None:
    """What is wrong with an explanation, or nothing."""
    if len(text.strip()) >= minimum:
        return None
    return field, f"Bitte mindestens {minimum} Zeichen schreiben."


def since(stretch: Stretch) -> str:
    """From when to when a bar runs, in words."""
    if stretch.last == OPEN:
        return f"seit dem {words.day(stretch.first)}"
    return f"vom {words.day(stretch.first)} bis {words.day(stretch.last)}"
