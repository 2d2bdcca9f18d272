"""Why a task is put off: reasons of the office, missing rooms apart (QS 2/2020, 2.1; Fachkonzept 13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from domain import words
from domain.knowledge import Known
from domain.office.setting import Setting, Value, on_day

ROOMS = "rooms"
OTHER = "other"
ROW = Setting(
    name="deferral",
    german="Grund fürs Zurückstellen",
    heading="Gründe fürs Zurückstellen",
    source="QS 2/2020, 2.1",
    about="Warum eine Aufgabe zurückgestellt wird. „Team“ zählt die Gründe je Einheit und Monat; fehlende Räume stehen "
    "für sich.",
    shipped={code: Value(label, (ROOMS,) if code == ROOMS else ()) for code, label in words.SNOOZE_REASONS.items()},
    choices={ROOMS: "fehlende Räume"},
    grows=True,
    kept=frozenset({OTHER}),
    label="einen Text",
    chosen="Zählt als",
)


def offered(settings: Iterable[Known], day: dt.date) -> Mapping[str, str]:
    """The reasons that can be given on a day, each with its words; "anderer Grund" stands last."""
    found = {code: one.label for code, one in on_day(ROW, settings, day).items()}
    return {code: found[code] for code in sorted(found, key=lambda code: code == OTHER)}


def named(settings: Iterable[Known], day: dt.date) -> Mapping[str, str]:
    """What the reasons are called on a day, offered or not."""
    return {code: one.label for code, one in on_day(ROW, settings, day, gone=True).items()}


def rooms(settings: Iterable[Known], day: dt.date) -> frozenset[str]:
    """The reasons that say a room was missing, offered or not."""
    return frozenset(code for code, one in on_day(ROW, settings, day, gone=True).items() if ROOMS in one.codes)
