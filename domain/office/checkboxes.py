"""The checkboxes of the Textbaustein „Überprüfung der Handlungsstrategie Integration“ (Fachkonzept 5.1, 13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from domain import words
from domain.knowledge import Known
from domain.office.setting import Setting, Value, on_day

OTHER = "other"
ROW = Setting(
    name="checkbox",
    german="Ankreuzfeld im Textbaustein",
    heading="Ankreuzfelder im Textbaustein",
    source="Fachkonzept 5.1",
    about="Was im Textbaustein „Überprüfung der Handlungsstrategie Integration“ anzukreuzen ist. Ein früherer Antrag "
    "zeigt die Felder seines Tages.",
    shipped={code: Value(label) for code, label in words.EXTENSION_OPTIONS.items()},
    choices={},
    grows=True,
    kept=frozenset({OTHER}),
    label="einen Text",
)


def offered(settings: Iterable[Known], day: dt.date) -> Mapping[str, str]:
    """What can be ticked in a request of this day, each with its words; „sonstiges“ stands last."""
    found = {code: one.label for code, one in on_day(ROW, settings, day).items()}
    return {code: found[code] for code in sorted(found, key=lambda code: code == OTHER)}
