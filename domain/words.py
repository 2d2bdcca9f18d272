"""The German word for every code a user meets (glossary, Fachkonzept 9), and how days are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from domain.periods import OPEN

WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")

STRATEGIES: Mapping[str, str] = {
    "integration": "Integration",
    "entwicklung": "Entwicklung",
    "grundbetreuung-aktivierbar": "Grundbetreuung aktivierbar",
    "grundbetreuung-passiv": "Grundbetreuung passiv",
}
OTHER_BARS: Mapping[str, str] = {
    "abschlussarbeiten": "Abschlussarbeiten",
    "fallaktenabschluss": "Fallaktenabschluss",
    "keine-hs-alg1": "keine Handlungsstrategie ALG I",
}
AREAS: Mapping[str, str] = {
    "fallmanagement": "Fallmanagement",
    "spezial-fm": "Spezial-Fallmanagement",
    "jobakademie": "Jobakademie",
    "av-ags": "AV/AGS",
}
CARRIERS: Mapping[str, str] = {"landkreis": "Landkreis", "stadt": "Stadt"}
CLOCKS: Mapping[str, str] = {"gross": "laut Balken", "net": "bereinigt"}
END_REASONS: Mapping[str, str] = {
    "employment": "Arbeitsaufnahme",
    "benefit-end": "Ende des Leistungsbezugs",
    "alg1": "ALG-I-Bezug",
    "new-strategy": "neue Handlungsstrategie",
    "closed": "Fallaktenabschluss",
    "error": "irrtümlich angelegt",
}
CHANNELS: Mapping[str, str] = {"personal": "persönlich", "phone": "telefonisch", "video": "per Video"}
STATUSES: Mapping[str, str] = {
    "held": "erschienen",
    "missed": "nicht erschienen",
    "cancelled": "abgesagt",
    "rescheduled": "verlegt",
}
GOOD_CAUSES: Mapping[str, str] = {
    "yes": "mit wichtigem Grund",
    "no": "ohne wichtigen Grund",
    "open": "Grund noch offen",
}
INSTRUCTIONS: Mapping[str, str] = {
    "end": "Handlungsstrategie beenden",
    "change": "Handlungsstrategie umstellen",
    "handover": "Fall übergeben",
}
SNOOZE_REASONS: Mapping[str, str] = {  # data of the office
    "documents-missing": "Unterlagen fehlen noch",
    "appointment-ahead": "Termin steht bevor",
    "in-consultation": "Absprache läuft",
    "rooms": "kein Raum frei",
    "absence": "Abwesenheit",
    "other": "anderer Grund",
}
EXTENSION_OPTIONS: Mapping[str, str] = {
    "employment": "Verlängerung des Betreuungszeitraumes für Kunden mit einer Beschäftigung",
    "other": "sonstiges",
}
MEASURES: Mapping[str, str] = {  # and support (Fachkonzept 2.5), data of the office
    "lebe": "LeBe",
    "prozukunft": "ProZukunft",
    "werk-statt-schule": "Werk-Statt-Schule",
    "jugendwerkstatt": "Jugendwerkstatt",
    "bic-care": "BIC CARE",
    "pace": "PACE",
    "aktivzentrum": "Aktivzentrum",
    "ida": "IdA",
    "sprachkurs": "Sprach- und Integrationskurs",
    "heranfuehrung": "Heranführung an den Arbeitsmarkt",
    "jobakademie-2": "Jobakademie 2.0",
    "fbw": "FbW (berufliche Weiterbildung)",
    "qualifikation": "berufliche Qualifikation bis 8 Monate",
    "fuehrerschein": "Führerschein",
    "bae": "BaE",
    "mag": "MAG",
    "vermittlungsbudget": "Vermittlungsbudget",
    "mobilitaet": "Mobilität",
    "einstiegsgeld": "Einstiegsgeld",
    "coaching": "Coaching durch FM",
    "weitere": "weitere",
}
LEGAL_BASES: Mapping[str, str] = {
    "par-45-sgb-3": "§ 45 SGB III",
    "FbW": "FbW, § 81 SGB III",
    "par-44-sgb-3": "§ 44 SGB III",
    "par-16b-sgb-2": "§ 16b SGB II",
}
STATEMENTS: Mapping[str, str] = {  # kinds of a statement (Fachkonzept 4.3)
    "no-handover-in-time": "Übergabe war nicht rechtzeitig möglich",
    "resource-not-documented": "Ressource war nicht dokumentiert",
    "no-reason": "kein Grund",
    "other": "sonstiges",
}
PROCESS_STEPS: Mapping[str, str] = {  # what a process step documents (Fachkonzept 2.6)
    "handover-out": "Abgabe",
    "handover-in": "Übernahme",
    "strategy-choice": "Wahl der Handlungsstrategie",
    "employment": "Beschäftigung",
    "situation-change": "Änderung der Situation",
    "review": "Überprüfung",
    "close": "Abschluss",
}
SITUATIONS: Mapping[str, str] = {  # what has changed in the life of a client (Fachkonzept 2.6)
    "job-change": "Wechsel der Beschäftigung",
    "study": "Studium oder Schule",
    "health": "Gesundheit",
    "care-duty": "Pflege oder Betreuung von Angehörigen",
    "other": "sonstiges",
}
HELD: Mapping[str, str] = {"present": "vorhanden", "missing": "fehlt", "unclear": "unklar"}  # of a resource
RESOURCES: Mapping[str, str] = {  # categories of the Ressourcenkarte (Fachkonzept 2.6)
    "health-personal": "gesundheitliche oder persönliche Probleme",
    "language": "Sprache",
    "motivation": "Motivation und Mitwirkung",
    "exhausted": "persönliche Ressourcen ausgeschöpft",
    "personal-development": "persönliche Entwicklung geht vor",
    "minor-limits": "geringfügige Einschränkungen",
    "other": "sonstiges",
}
PLANS: Mapping[str, str] = {  # what is agreed with a client
    "foerderstrategie": "Förderstrategie",
    "hilfeplan": "Hilfeplan",
    "egv": "Eingliederungsvereinbarung",
    "kooperationsplan": "Kooperationsplan",
}
NEEDS: Mapping[str, str] = {  # § 16a SGB II (Fachkonzept 2.7)
    "childcare-care": "Kinderbetreuung/Pflege",
    "debt": "Schuldnerberatung",
    "psychosocial": "psychosoziale Betreuung",
    "addiction": "Suchtberatung",
}
REACHED: Mapping[str, str] = {
    "full": "ganz",
    "part": "teilweise",
    "no": "nein",
    "not-measurable": "nicht messbar",
}
INDICATORS: Mapping[str, str] = {  # hard ones, then soft ones; the office may have others
    "client-documents": "Unterlagen der Kundin/des Kunden",
    "medical-report": "ärztliches Gutachten",
    "disability-card": "Schwerbehindertenausweis",
    "arrears": "Zahlungsrückstände",
    "repeated-destitution": "mehrfache Mittellosigkeit",
    "care-certificate": "Pflegebescheinigung",
    "benefits-notice": "Mitteilung der Leistungsabteilung",
    "own-statement": "eigene Angaben",
    "provider-feedback": "Rückmeldung eines Maßnahmeträgers",
    "employer-feedback": "Rückmeldung eines Arbeitgebers",
    "observation": "eigene Beobachtung",
    "noticeable": "Auffälligkeiten",
}
OCCASIONS: Mapping[str, str] = {
    "new-client": "Neukundenberatung",
    "first-talk": "Erstgespräch",
    "intake-talk": "Aufnahmegespräch",
    "contact-concept": "Kontakt nach dem Konzept der Kontaktdichte",
    "graduates": "Absolventenmanagement",
    "offer": "konkretes Angebot",
    "measure": "Teilnahme an einer Maßnahme",
}
PARTICIPANTS: Mapping[str, str] = {
    "client": "Kundin/Kunde",
    "case_manager": "Fallmanagement",
    "ifk": "Integrationsfachkraft",
    "team_lead": "Teamleitung",
    "provider": "Träger",
    "para16a_coordinator": "Koordination § 16a",
}
CLUSTERS: Mapping[str, str] = {  # of a Rückmeldebogen; the office may have others
    "stabilised": "Lage stabilisiert",
    "partly-stabilised": "Lage teilweise stabilisiert",
    "unchanged": "Lage unverändert",
    "further-need": "weiterer Bedarf",
}
ADVICE: Mapping[str, str] = {
    "integrate-now": "Arbeitsaufnahme möglich",
    "integrate-later": "Arbeitsaufnahme später möglich",
    "measure-first": "zuerst eine Maßnahme",
    "not-now": "derzeit nicht möglich",
}
RATINGS: Mapping[str, str] = {
    "helpful": "hilfreich",
    "partly-helpful": "teilweise hilfreich",
    "not-helpful": "nicht hilfreich",
}
LANES: Mapping[str, str] = {
    "strategy": "Strategie",
    "deadlines": "Fristen",
    "non_strategy": "Andere Balken",
    "responsibility": "Zuständigkeit",
    "benefit": "Leistung",
    "alg1": "ALG I",
    "employment": "Beschäftigung",
    "measures": "Maßnahmen",
    "extensions": "Verlängerungen",
    "appointments": "Termine",
    "violations": "Abweichungen",
    "support": "Förderung",
    "agency": "Bei der Agentur",
    "wish": "Wunsch und Vereinbarung",
    "resource": "Ressourcen",
    "duty": "Mitwirkung",
    "need": "Bedarfe (§ 16a)",
    "documentation": "Dokumentation",
}
STAGES: Mapping[str, str] = {  # of rules, by their names in Fachkonzept 3.2
    "interim": "Zwischenprüfung",
    "warning": "Vorwarnung",
    "warning-28": "erste Vorwarnung",
    "warning-7": "zweite Vorwarnung",
    "limit": "Grenze erreicht",
    "overdue": "überfällig",
    "six-plus-six": "6 + 6 Monate",
    "check": "Prüfung",
    "notice": "Hinweis",
    "status": "Status fehlt",
    "bar-open": "Balken noch offen",
    "first-appointment": "erster Termin",
    "choose-strategy": "Strategie wählen",
    "own": "Wiedervorlage",
    "end-strategy": "Strategie beenden",
    "new-bar": "neuer Balken",
    "gap": "Lücke im Leistungsbezug",
    "closing": "Abschluss offen",
    "missing": "Termin fehlt",
    "six-weeks": "6 Wochen ohne Termin",
    "invite": "Einladung fehlt",
    "six-months": "6 Monate ohne Termin",
    "necessity": "Gespräch nötig?",
    "no-bar": "kein Balken",
    "prognosis": "Prognose fehlt",
    "divergence": "Feld und Balken",
    "mismatch": "Strategie und Bereich",
    "accept": "Übergabe offen",
    "inherited": "übernommen",
    "cause": "Grund offen",
    "decision": "Entscheidung offen",
    "no-contact": "12 Monate kein Kontakt",
    "interval": "Kontakt fällig",
    "ask": "Wunsch erfragen",
    "clear": "Wunsch ohne Plan",
    "why-not-steered": "nicht zugesteuert",
    "advice": "Beratung fehlt",
    "stabilise": "Arbeit neben Leistung",
    "origin": "Herkunft fehlt",
    "reprofile": "Reprofiling",
    "graduate": "Ende der Weiterbildung",
    "misfit": "passt nicht",
    "coming-job": "Arbeit kommt",
    "step-missing": "Prozessschritt fehlt",
    "not-in-file": "nicht in der Akte",
    "second": "zweites Mal",
    "third": "drittes Mal oder öfter",
}
STATES: Mapping[str, str] = {"off": "aus", "list": "nur in Listen", "on": "an"}
RECIPIENTS: Mapping[str, str] = {
    "worker": "zuständige Fachkraft",
    "lead": "Leitung",
    "receiver": "aufnehmende Fachkraft",
    "qs": "Qualitätssicherung",
    "benefits": "Leistungsabteilung",
}


def too_long(text: str, most: int) -> str | None:
    """Says how many characters are too many; None if the text is short enough."""
    over = len(text) - most
    if over <= 0:
        return None
    limit = f"{most:,}".replace(",", ".")
    said = "Das ist ein Zeichen zu viel" if over == 1 else f"Das sind {over:,} Zeichen zu viel".replace(",", ".")
    return f"{said}, möglich sind höchstens {limit} Zeichen. Bitte kürzer fassen."


def length(months: int, days: int) -> str:
    """Calendar months and days from a day on: "6 Monate", "28 Tage vorher", "am selben Tag"."""
    said = [_counted(months, "Monat", "Monate")] if months else []
    said += [_counted(days, "Tag", "Tage")] if days else []
    before = ["vorher"] if months < 0 or days < 0 else []
    return " ".join([*said, *before]) or "am selben Tag"


def _counted(count: int, one: str, several: str) -> str:
    return f"{abs(count)} {one if abs(count) == 1 else several}"


def day(value: dt.date) -> str:
    """A day as TT.MM.JJJJ."""
    return value.strftime("%d.%m.%Y")


def weekday_and_day(value: dt.date) -> str:
    """A day on which somebody has to act, e.g. "Mittwoch, 30.06.2027"."""
    return f"{WEEKDAYS[value.weekday()]}, {day(value)}"


def days(first: dt.date, last: dt.date) -> str:
    """Days, both inclusive: "am 03.12.2026", "vom 01.12.2026 bis 04.12.2026", "ab dem 01.12.2026"."""
    if last == OPEN:
        return f"ab dem {day(first)}"
    return f"am {day(first)}" if first == last else f"vom {day(first)} bis {day(last)}"
