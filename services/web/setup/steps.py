"""The steps of an office that begins: one row a step, with what it says of how far it is and where it is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from services.people.way_in import WayIn
from services.questions.first_steps import Figures
from services.web.words import dates

FRESH = dt.timedelta(days=7)  # a backup that is older is none to rely on
NAMED = 5  # units that a sentence names


class Said(NamedTuple):
    """Whether a step is done, and one sentence about it."""

    done: bool
    sentence: str


class Step(NamedTuple):
    """A step: what it is for, where it is done on a page, what is typed on the command line."""

    name: str
    why: str
    links: tuple[tuple[str, str], ...]
    command: str
    said: Callable[[Figures, dt.datetime], Said]


def _organisation(one: Figures, now: dt.datetime) -> Said:
    if not one.units:
        return Said(False, "Noch ist keine Einheit angelegt.")
    there = _counted(one.units, "Einheit", "Einheiten")
    if one.unled:
        named = ", ".join(one.unled[:NAMED]) + (" …" if len(one.unled) > NAMED else "")
        return Said(False, f"{there}; ohne Leitung, die über Verlängerungen entscheidet: {named}.")
    return Said(True, f"{there}, jede mit einer Leitung.")


def _people(one: Figures, now: dt.datetime) -> Said:
    there = _counted(one.people, "Person", "Personen")
    lacking = [name for name, count in (("Fallführung", one.workers), ("Leitung", one.leads)) if not count]
    if lacking:
        return Said(False, f"{there}; es fehlt noch jemand mit {' und mit '.join(lacking)}.")
    without = f"; {_counted(one.bare, 'Person', 'Personen')} ohne Rolle" if one.bare else ""
    return Said(not one.bare, f"{there}, davon {one.workers} mit Fallführung und {one.leads} mit Leitung{without}.")


def _cases(one: Figures, now: dt.datetime) -> Said:
    if not one.cases:
        return Said(False, "Noch ist kein Fall da. Die Prüfung vor dem Einlesen zeigt, was geschähe.")
    return Said(True, f"{_counted(one.cases, 'Fall', 'Fälle')} im Bestand.")


def _rules(one: Figures, now: dt.datetime) -> Said:
    if not one.decided:
        return Said(
            False, f"Für keine der {one.rules} Regeln hat das Amt einen Zustand festgelegt; es gilt das Mitgelieferte."
        )
    return Said(True, f"Für {one.decided} von {one.rules} Regeln hat das Amt den Zustand festgelegt.")


def _introduction(one: Figures, now: dt.datetime) -> Said:
    if not one.begun:
        return Said(
            False, "Noch gilt keine Regel erst ab einem Tag: Beim Einschalten würde jede alte Ursache gemeldet."
        )
    return Said(
        True, f"{_counted(one.begun, 'Regel gilt', 'Regeln gelten')} ab einem festgelegten Tag; Älteres sind Altfälle."
    )


def _log_in(one: Figures, now: dt.datetime) -> Said:
    if one.way is WayIn.PROVIDER:
        return Said(True, "Angemeldet wird über den Anmeldedienst.")
    if one.way is WayIn.PICK:
        return Said(False, "In der Demo wählt man seine Person; für echte Daten braucht es einen Anmeldedienst.")
    links = f"{_counted(one.links.issued, 'Einmal-Link', 'Einmal-Links')} ausgegeben, {one.links.used} benutzt"
    return Said(False, f"Probebetrieb: nur auf diesem Rechner, mit Einmal-Links ({links}).")


def _backup(one: Figures, now: dt.datetime) -> Said:
    if one.backup is None:
        return Said(False, "Noch ist nichts gesichert.")
    at = f"Zuletzt gesichert am {dates.moment(one.backup).striptags()}"
    if now - one.backup > FRESH:
        return Said(False, f"{at}; das ist länger als eine Woche her.")
    return Said(True, f"{at}.")


def _counted(count: int, one: str, several: str) -> str:
    return f"{dates.number(count)} {one if count == 1 else several}"


READ_IN = ("/einlesen", "Einlesen")
DIRECTORY = ("/verzeichnis", "Verzeichnis")
STEPS = (
    Step("Organisation", "Einheiten (Fachdienste, Teams) und wer sie leitet.", (READ_IN, DIRECTORY), "", _organisation),
    Step("Personen", "Wer hier arbeitet, in welcher Rolle und Einheit.", (READ_IN, DIRECTORY), "", _people),
    Step("Fälle", "Balken, Zuständigkeiten, Termine aus dem bisherigen Programm.", (READ_IN,), "", _cases),
    Step("Regeln", "Was das Amt einschaltet, mit Quelle und zwei Personen.", (("/regeln", "Regeln"),), "", _rules),
    Step(
        "Einführungsplan",
        "Wie viele Nachrichten jede Einheit bekäme, und ab wann Ursachen zählen.",
        (("/regeln/einfuehrung", "Einführungsplan"),),
        "",
        _introduction,
    ),
    Step("Anmeldung", "Der Anmeldedienst des Amts (OpenID Connect).", (), "FALLVERLAUF_OIDC_ISSUER=…", _log_in),
    Step(
        "Sicherung",
        "Alles in einer Datei; der Hauptschlüssel liegt getrennt davon.",
        (),
        "fallverlauf backup DATEI",
        _backup,
    ),
)
