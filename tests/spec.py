"""Given these facts, when somebody wishes this, then these facts follow or this refusal; no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Self

import pytest

from domain.decisions.decide import decide
from domain.decisions.refusal import Overtaken, Refused
from domain.decisions.view import Actor, CaseView
from domain.decisions.wishes import Wish
from domain.facts import name_of
from domain.facts.base import Fact
from domain.periods import BERLIN
from domain.records import Entry, Record

TODAY = dt.date(2026, 11, 20)
WORKER = Actor(id="fm-7", key="7" * 32)
LEAD = Actor(id="tl-1", key="1" * 32, level=1)
OTHER_LEAD = Actor(id="tl-2", key="2" * 32, level=1)
NEXT_LEVEL = Actor(id="fdl-1", key="3" * 32, level=2)


def day(text: str) -> dt.date:
    """A day of this year as "20.11.", of another one as "20.11.2025"."""
    parts = [int(part) for part in text.split(".") if part]
    return dt.date(parts[2] if len(parts) > 2 else TODAY.year, parts[1], parts[0])


class Given:
    """A case with these facts; each `(day, fact)` is recorded on its day, at the latest today, as one decision each."""

    def __init__(self, *facts: tuple[str, Fact], by: str = "fm-7", today: dt.date = TODAY) -> None:
        self.records: list[Record] = []
        self.today = today
        self.entries: list[Entry] = []
        for on, fact in facts:
            self._add([Entry(on=day(on), fact=fact, by=by)])

    def _add(self, entries: Sequence[Entry], recorded: dt.date | None = None) -> None:
        correlation = f"decision-{len(self.records) + 1}"
        for entry in entries:
            number = len(self.records) + 1
            at = dt.datetime.combine(recorded or min(entry.on, self.today), dt.time(9), BERLIN)
            self.records.append(
                Record(
                    ref=f"r{number}",
                    id=f"id-{number}",
                    number=number,
                    on=entry.on,
                    recorded_at=at,
                    stored_at=at,
                    by=entry.by,
                    correlation_id=correlation,
                    fact=entry.fact,
                )
            )

    def view(self) -> CaseView:
        """The case as known now."""
        return CaseView(case="C-1", records=[*self.records], today=self.today)

    def when(self, wish: Wish, by: Actor = WORKER, **more: Any) -> Self:
        """Decides; the facts that follow are part of the case from now on."""
        self.entries = decide(wish, self.view(), by, self.today, **more)
        self._add(self.entries, self.today)
        return self

    def then(self, *facts: tuple[str, str] | tuple[str, str, str]) -> Self:
        """Exactly these facts followed: (stored name, day), with who recorded it if that matters."""
        found = [(name_of(one.fact), one.on, one.by) for one in self.entries]
        expected = [(name, day(on), *by) for name, on, *by in facts]
        assert [one[: len(wanted)] for one, wanted in zip(found, expected, strict=True)] == expected
        return self

    def fact(self, place: int = 0) -> Any:
        """One of the facts that followed."""
        return self.entries[place].fact

    def last_decision(self) -> str:
        """What `Undo` takes back."""
        return self.records[-1].correlation_id

    def id_of(self, name: str) -> str:
        """The id of the last fact with this stored name."""
        return next(one.id for one in reversed(self.records) if name_of(one.fact) == name)

    def refused(self, wish: Wish, said: str, by: Actor = WORKER, *, field: str | None = None, **more: Any) -> Self:
        """The wish is refused with this sentence (a pattern), at this field."""
        with pytest.raises(Refused, match=said) as refusal:
            decide(wish, self.view(), by, self.today, **more)
        if field is not None:
            assert field in {name for name, _ in refusal.value.reasons}
        return self

    def overtaken(self, wish: Wish, by: Actor, who: str, what: str) -> Self:
        """Somebody was quicker with this fact."""
        with pytest.raises(Overtaken) as late:
            decide(wish, self.view(), by, self.today)
        assert (late.value.by, late.value.what) == (who, what)
        return self
