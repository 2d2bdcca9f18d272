"""The Auswertungsregister: what is evaluated here, what for, by whom to be read; of persons of staff only what a
Dienstvereinbarung in force allows (Fachkonzept 8 no. 7, 13).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from domain.actions import Action
from domain.facts.grounds import EvaluationsAgreed
from domain.knowledge import Known

STAFF_IN_LISTS, STAFF_IN_FILES, BY_STAFF = "staff-in-lists", "staff-in-files", "messages-by-staff"
_SECONDARY = "§ 67c Abs. 3 SGB X (Aufsicht und Qualitätssicherung)"
_TASK = "§§ 14, 15 SGB II, § 67b SGB X"
_LED = "der Leitung der Einheit: wer zuständig ist"
_NOTHING_KEPT = "nichts: bei jedem Aufruf neu berechnet"


class Evaluation(NamedTuple):
    """One entry: who may do `read` may read it. `of_staff`: it shows persons of staff, and needs a Dienstvereinbarung;
    `shows`: what of them it shows without one (Fachkonzept 8 no. 4, 13).
    """

    code: str
    title: str
    purpose: str
    basis: str
    read: Action
    of_staff: bool = False
    keeps: str = _NOTHING_KEPT
    shows: str = ""


def _of_team(code: str, title: str, purpose: str, basis: str = _TASK, shows: str = _LED) -> Evaluation:
    return Evaluation(f"team-{code}", title, purpose, basis, Action.SEE_TEAM, shows=shows)


def _by_agreement(code: str, title: str, purpose: str, read: Action, keeps: str = _NOTHING_KEPT) -> Evaluation:
    return Evaluation(code, title, purpose, f"{_SECONDARY}; Dienstvereinbarung", read, True, keeps)


_VIEWS = Evaluation(
    code="views",
    title="Einsichten in Fälle: wer, welcher Fall, wozu",
    purpose="Schutz der Sozialdaten",
    basis="§ 35 SGB I, Art. 32 DSGVO",
    read=Action.SEE_VIEWS,
    keeps="Protokoll, 12 Monate",
    shows="wer gelesen hat",
)
_ASKED_BACK, _OF_LISTS = "Rückfragen zu einem Fall", "Spalte Fachkraft in Listen für QS und Geschäftsführung"
REGISTER: Mapping[str, Evaluation] = {
    one.code: one
    for one in (
        _of_team("stays", "Verweildauern je Strategie und Bereich", "Steuerung der Einheit", _SECONDARY),
        _of_team("overdue", "Überfällige Wiedervorlagen einer Einheit", "Steuerung der Einheit"),
        _of_team("unattended", "Offene Fälle, für die niemand da ist", "Vertretung"),
        _of_team("legacy", "Altfälle einer Einheit", "Abarbeiten beim Einschalten einer Regel"),
        Evaluation("introduction", "Einführungsplan der Regeln", "Planung der Einführung", _TASK, Action.SEE_RULES),
        _VIEWS,
        _by_agreement(STAFF_IN_LISTS, _OF_LISTS, _ASKED_BACK, Action.SEE_QS),
        _by_agreement(
            *(STAFF_IN_FILES, "Spalte Fachkraft in Dateien (XLSX, CSV) der QS", _ASKED_BACK, Action.SEE_QS),
            keeps="die Datei, bei wem sie liegt",
        ),
        _by_agreement(BY_STAFF, "Meldungen je Fachkraft im Einführungsplan", "Verteilung der Arbeit", Action.SEE_RULES),
    )
}
OF_STAFF = tuple(code for code, one in REGISTER.items() if one.of_staff)


def title(code: str) -> str:
    """What an evaluation is called; one that there is not, by its code."""
    return REGISTER[code].title if code in REGISTER else code


def in_force(settings: Iterable[Known], day: dt.date) -> list[Known]:
    """The Dienstvereinbarungen (`EvaluationsAgreed`) of a day; of one file number the last that has begun."""
    last: dict[str, Known] = {}
    for one in settings:
        if isinstance(one.fact, EvaluationsAgreed) and one.on <= day:
            last[one.fact.reference] = one
    return [one for one in last.values() if not _over(one, day)]


def agreed(settings: Iterable[Known], day: dt.date) -> frozenset[str]:
    """The codes of evaluations of staff that are allowed on a day; none before anything is agreed."""
    facts: Sequence[object] = [one.fact for one in in_force(settings, day)]
    return frozenset(code for fact in facts if isinstance(fact, EvaluationsAgreed) for code in fact.evaluations)


def _over(one: Known, day: dt.date) -> bool:
    return isinstance(one.fact, EvaluationsAgreed) and one.fact.until is not None and one.fact.until < day
