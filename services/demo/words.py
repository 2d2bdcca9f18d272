"""The invented sentences of the demo; none says anything about anybody."""

from __future__ import annotations

import datetime as dt

REVIEW = "Ziel und Vorgehen gemeinsam überprüft, die Strategie passt weiterhin."

# Sachverhalt, Begründung, „sonstiges“
EXTENSIONS = (
    (
        "Die Qualifizierung zum Lageristen läuft noch bis zum Quartalsende, zwei Betriebe haben Interesse bekundet.",
        "Mit dem Abschluss steigen die Aussichten deutlich; ein Wechsel würde die Vermittlung unterbrechen.",
        "laufende Qualifizierung",
    ),
    (
        "Minijob im Verkauf mit zehn Wochenstunden, der Betrieb stellt eine Aufstockung der Stunden in Aussicht.",
        "Die Beschäftigung bewegt sich erkennbar in Richtung Arbeitsaufnahme mit mehr Stunden.",
        "Aufstockung der Stunden vereinbart",
    ),
    (
        "Die Probearbeit in der Spedition war erfolgreich, die Stelle wird erst nach der Inventur besetzt.",
        "Eine Einstellungszusage liegt vor, bis dahin bleibt die Begleitung durch den Vermittlungsbereich sinnvoll.",
        "Einstellungszusage",
    ),
    (
        "Der Lkw-Führerschein wurde begonnen, die praktische Prüfung steht aus.",
        "Ohne Führerschein sind die vorhandenen Stellen nicht erreichbar, mit ihm sofort.",
        "Führerschein in Arbeit",
    ),
)
QUESTION = (
    "Bis wann liegt die Zusage des Betriebs schriftlich vor, und was ist der nächste Schritt, falls sie ausbleibt?"
)
MISTYPED = "Tippfehler beim Datum"
DOUBLE = "Doppelt erfasst"
LATE = "Unterlagen lagen erst später vor"
FIELD = "Lager und Versand"
GOAL = "Bewerbungen für Lager und Versand, zwei in der Woche"
STEP = "Der Stand der Bewerbungen wurde durchgesehen."
NEXT = "Rückmeldung der beiden Betriebe abwarten"
WAIVED = "Angehört; die Einladung kam nachweislich zu spät an."
CERTIFICATE = "Zeugnis nachfragen"


def birth_date(number: str, year: int) -> str:
    """An invented birth date (ISO), the same for the same case."""
    seed = int("".join(filter(str.isdigit, number)))
    return dt.date(year, seed % 12 + 1, seed % 28 + 1).isoformat()
