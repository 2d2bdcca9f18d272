"""The German words of pages for codes, roles, clocks and lanes; facts say their own (domain.facts)."""

from __future__ import annotations

from typing import Final

from domain.facts import CODE_WORDS, FIELD_WORDS, declared
from domain.words import CARRIERS

CODE: Final = {  # what is computed and stands in no fact
    "benefit-gap": "Lücke im Leistungsbezug",
    "manual": "ausgesetzt durch die Führungskraft",
    "as-known": "was zurzeit gilt, stimmt",
    "as-other": "die andere Angabe gilt",
    "two-things": "zwei verschiedene Dinge",
}

ROLE: Final = {
    "case_manager": "Fallmanagement",
    "special_case_manager": "Spezial-Fallmanagement",
    "job_academy": "Jobakademie",
    "placement": "AV/AGS",
    "clerk": "Sachbearbeitung",
    "intake": "Eingangsservice",
    "benefits": "Leistungsabteilung",
    "team_lead": "Teamleitung",
    "unit_lead": "Fachdienstleitung",
    "area_lead": "Bereichsleitung",
    "management": "Geschäftsführung",
    "regional_directorate": "Regionaldirektion",
    "headquarters": "Zentrale",
    "qs": "Qualitätssicherung (QS)",
    "reviewer": "Prüfung",
    "edv": "EDV",
    "staff_council": "Personalrat",
    "data_protection": "Datenschutz",
    "para16a_coordinator": "Koordination § 16a",
    "provider": "Träger",
    "municipality": "Kommune",
    "auditor": "Rechnungsprüfung",
    "client": "Kundin/Kunde",
    "ifk": "Integrationsfachkraft",
}

CLOCK: Final = {
    "strategy": "Handlungsstrategie",
    "since": "Balken seit",
    "gross": "Verweildauer laut Balken",
    "net": "Verweildauer bereinigt",
    "lead_time": "Vorlauf",
    "jobakademie": "Betreuung Jobakademie",
    "av_ags": "Betreuung AV/AGS",
    "placement": "Vermittlungsbereich gesamt",
    "since_appointment": "Seit dem letzten Termin",
    "since_contact": "Seit dem letzten Kontakt",
}

STATUS: Final = {
    "planned": "geplant",
    "invited": "eingeladen",
    "held": "erschienen",
    "missed": "nicht erschienen",
    "cancelled": "abgesagt",
    "rescheduled": "verlegt",
    "unresolved": "ungeklärt",
    "requested": "beantragt",
    "approved": "zugestimmt",
    "rejected": "abgelehnt",
    "returned": "Rückfrage offen",
    "withdrawn": "zurückgezogen",
}


OF_NO_CASE: Final = {  # facts of units, members of staff and the office
    "unit-opened": "Einheit eröffnet",
    "unit-closed": "Einheit geschlossen",
    "person-added": "Mitarbeiterin oder Mitarbeiter ab",
    "person-left": "ausgeschieden am",
    "role-assigned": "Rolle ab",
    "role-ended": "Rolle bis",
    "absence-recorded": "Abwesenheit ab",
    "deputy-appointed": "Vertretung ab",
    "rule-set": "Regel eingestellt",
    "threshold-set": "Schwelle eingestellt",
    "text-set": "Text eingestellt",
    "word-set": "Wort des Rechts eingestellt",
    "directive-published": "Vorgabe gilt ab",
    "directive-read": "Vorgabe gelesen",
    "local-order-set": "Örtliche Verfügung gilt ab",
    "evaluations-agreed": "Dienstvereinbarung gilt ab",
    "office-set": "Einstellung des Amts",
}

DIRECTORY_FIELDS: Final = {
    "unit": "Einheit",
    "name": "Name",
    "short": "Kurzname",
    "carrier": "Träger",
    "has_placement_area": "Hat einen Vermittlungsbereich",
    "parent": "Liegt in der Einheit",
    "previous": "Führt fort",
    "mail": "Mailadresse",
    "role": "Rolle",
    "area": "Bereich",
    "team": "Team",
    "until": "bis",
    "deputy": "Vertretung",
}
_SAID: Final = {**ROLE, **CARRIERS, **STATUS, **CODE, **CODE_WORDS}


def code(value: object) -> str:
    """The German word for a stored code; what is no code (a unit, a name) stays as it is."""
    said = str(value)
    return _SAID.get(said, said)


def fact(name: str) -> str:
    """The German name of a stored fact."""
    return OF_NO_CASE.get(name) or declared(name).german


def field(name: str, fact: str = "") -> str:
    """The German label of a field, as this fact calls it if it has a word of its own."""
    return FIELD_WORDS.get(f"{fact}.{name}") or FIELD_WORDS.get(name) or DIRECTORY_FIELDS.get(name, name)


def unit(code: str, name: str) -> str:
    """A unit by number and name; a name that holds the number stands alone."""
    return name if code in name else f"{code} {name}"


def before_day(fact: str, otherwise: str) -> str:
    """What stands between the German name of a fact and its day: "ALG I ab" and "Leistungsbezug bis" say it already."""
    return " " if fact.endswith((" ab", " bis")) else otherwise
