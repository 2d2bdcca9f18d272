"""What rules say about a case: rule, stage, data of the reason, the sentence."""

from __future__ import annotations

from typing import Any

Said = list[tuple[str, str, dict[str, Any], str]]
BAR = {"strategy": "entwicklung"}

ENDINGS: Said = [
    (
        "R-17",
        "end-strategy",
        {"job_from": "2026-11-02", "benefit_ends": 1, "strategy": "integration"},
        "Seit dem 02.11.2026 eine Beschäftigung, der Balken Integration läuft weiter. Der Leistungsbezug endet damit: "
        "Balken beenden, danach „Abschlussarbeiten“ und „Fallaktenabschluss“; sonst zählt die Beschäftigung in der "
        "Verweildauer laut Balken mit.",
    ),
    (
        "R-17",
        "end-strategy",
        {"job_from": "2026-11-02", "strategy": "integration"},
        "Seit dem 02.11.2026 eine Beschäftigung, der Balken Integration läuft weiter. Geht der Leistungsbezug weiter, "
        "kann die Strategie mit einem Antrag weiterlaufen. Geht er nicht weiter, bitte den Balken beenden und "
        "„Abschlussarbeiten“ anlegen; sonst zählt die Beschäftigung in der Verweildauer laut Balken mit.",
    ),
    (
        "R-17",
        "end-strategy",
        {"job_from": "2026-02-01", "job_to": "2026-03-15", "strategy": "integration"},
        "Beschäftigung vom 01.02.2026 bis 15.03.2026, der Balken Integration lief weiter. Bitte den Balken beenden; "
        "sonst zählt die Beschäftigung in der Verweildauer laut Balken mit.",
    ),
    (
        "R-17",
        "end-strategy",
        {"job_from": "2026-11-02", "strategy": "entwicklung"},
        "Seit dem 02.11.2026 eine Beschäftigung, der Balken Entwicklung läuft weiter. Geht der Leistungsbezug weiter, "
        "kann die Strategie weiterlaufen, wenn sie weiterhin richtig ist. Geht er nicht weiter, bitte den Balken "
        "beenden und „Abschlussarbeiten“ anlegen; sonst zählt die Beschäftigung in der Verweildauer laut Balken mit.",
    ),
    (
        "R-17b",
        "new-bar",
        {"job_to": "2026-10-31", "again": "2026-11-10", "since": "2026-05-20", "strategy": "integration"},
        "Die Beschäftigung endete am 31.10.2026, seit dem 10.11.2026 läuft der Leistungsbezug wieder, der alte Balken "
        "Integration (seit dem 20.05.2026) aber auch. Bitte den alten Balken beenden und einen neuen anlegen; sonst "
        "zählt die Zeit der Beschäftigung in der Verweildauer laut Balken mit.",
    ),
    (
        "R-19",
        "gap",
        {"gap_from": "2026-11-01", "gap_to": "2026-11-09", **BAR},
        "Kein Leistungsbezug vom 01.11.2026 bis 09.11.2026, der Balken Entwicklung läuft weiter. Bitte den Balken am "
        "letzten Tag des Leistungsbezugs beenden oder bestätigen, dass die Strategie weiterhin richtig ist; sonst "
        "zählt die Unterbrechung in der Verweildauer laut Balken mit.",
    ),
    (
        "R-19",
        "gap",
        {"registered": "2026-11-02", "anew": 1, **BAR},
        "Neuantrag am 02.11.2026, der Balken Entwicklung ist von vorher. Bitte den Balken am Tag davor beenden oder "
        "bestätigen, dass die Strategie weiterhin richtig ist; sonst läuft die Verweildauer laut Balken ohne "
        "Einschnitt weiter.",
    ),
    (
        "R-19",
        "gap",
        {"registered": "2026-11-02", **BAR},
        "Als Neukunde erfasst am 02.11.2026, der Balken Entwicklung ist von vorher. Bitte den Balken am Tag davor "
        "beenden oder bestätigen, dass die Strategie weiterhin richtig ist; sonst läuft die Verweildauer laut Balken "
        "ohne Einschnitt weiter.",
    ),
    (
        "R-39",
        "closing",
        {"since": "2026-09-01"},
        "Abschlussarbeiten seit dem 01.09.2026. Bitte „Fallaktenabschluss“ anlegen oder die nächste Handlungsstrategie "
        "wählen; bis dahin bleibt der Fall in der Liste offener Abschlüsse.",
    ),
    (
        "R-39",
        "closing",
        {"ended": "2026-11-01", **BAR},
        "Der Balken Entwicklung endete am 01.11.2026 mit einer Arbeitsaufnahme, ein Balken „Abschlussarbeiten“ fehlt. "
        "Bitte „Abschlussarbeiten“ anlegen oder die nächste Handlungsstrategie wählen; bis dahin bleibt der Fall in "
        "der Liste offener Abschlüsse.",
    ),
]

DEVELOPMENT: Said = [
    (
        "R-09",
        "missing",
        {"since": "2026-11-02"},
        "Entwicklung seit dem 02.11.2026, und für die ersten zwei Monate ist kein Termin geplant. Bitte einen Termin "
        "eintragen; sonst fragt die Liste der Fälle ohne Termin danach.",
    ),
    (
        "R-10",
        "six-weeks",
        {"since": "2026-03-02", "last": "2026-09-01", "days": 42},
        "Letzter wahrgenommener Termin (persönlich oder telefonisch) am 01.09.2026. Seit 6 Wochen oder länger kein "
        "Gespräch. Bitte einladen; sonst bleibt der Fall auch in der Liste der Leitung.",
    ),
    (
        "R-10",
        "six-weeks",
        {"since": "2026-03-02", "months": 1, "days": 1},
        "Noch kein wahrgenommener Termin (persönlich oder telefonisch) seit Beginn der Entwicklung am 02.03.2026. Seit "
        "einem Monat und einem Tag oder länger kein Gespräch. Bitte einladen; sonst bleibt der Fall auch in der Liste "
        "der Leitung.",
    ),
    (
        "R-11",
        "invite",
        {"since": "2026-03-02", "last": "2026-09-01"},
        "Letzter wahrgenommener Termin oder letzte Einladung am 01.09.2026, für die nächsten zwei Monate ist nichts "
        "geplant. Bitte einen Termin planen und einladen; bleibt das 14 Tage offen, erfährt es auch die Leitung.",
    ),
    (
        "R-12",
        "six-months",
        {"since": "2026-03-02"},
        "Noch kein wahrgenommener Termin (persönlich oder telefonisch) seit Beginn der Entwicklung am 02.03.2026. "
        "Bitte einladen, eine andere Strategie wählen oder sie beenden; sonst bleibt der Fall in der Liste der "
        "Leitung.",
    ),
    (
        "R-13",
        "necessity",
        {"since": "2026-11-02"},
        "Neben einer laufenden Maßnahme steht seit dem 02.11.2026 ein Termin aus. Ist trotzdem ein Gespräch nötig? "
        "Ohne Entscheidung bleibt der Fall in den Listen ohne Termin.",
    ),
]

STEERING: Said = [
    (
        "R-01",
        "no-bar",
        {"since": "2026-11-02"},
        "Seit dem 02.11.2026 im Leistungsbezug ohne Balken. Bitte eine Handlungsstrategie wählen oder einen anderen "
        "Balken anlegen; ohne Balken zählt keine Verweildauer, und der Fall fehlt in jeder Auswertung nach Strategie.",
    ),
    (
        "R-08",
        "prognosis",
        {"since": "2026-11-02"},
        "Balken Integration seit dem 02.11.2026, aber keine Prognose für die nächsten 3 bis 6 Monate. Bitte drei "
        "Fragen beantworten: Kann und will die Kundin oder der Kunde jetzt arbeiten, ist das zu erreichen, wie "
        "wahrscheinlich ist eine Integration? Ein Hindernis schließt Integration nicht aus; ohne Prognose ist später "
        "nicht zu sehen, warum Integration gewählt wurde.",
    ),
    (
        "R-08b",
        "mismatch",
        {"since": "2026-11-02"},
        "Seit dem 02.11.2026 im Vermittlungsbereich, die Handlungsstrategie ist aber nicht Integration. Bitte "
        "umstellen, zurückgeben oder den Grund nennen; sonst zählt der Fall dort ohne passende Strategie.",
    ),
    (
        "R-15",
        "accept",
        {"offered": "2026-11-02", "strategy": "integration"},
        "Der Fall wurde am 02.11.2026 zur Übergabe angeboten (vorgesehen: Integration) und ist noch nicht angenommen. "
        "Bitte annehmen oder ablehnen; bis dahin bleibt er bei der bisherigen Fachkraft.",
    ),
    *(
        (
            "R-15",
            "accept",
            {"offered": "2026-11-02", "strategy": "integration", "accepted_on": "2026-11-09", **missing},
            f"Der Fall wurde am 02.11.2026 angeboten und am 09.11.2026 angenommen. {said} Bitte nachholen; bis dahin "
            "ist die Übergabe nicht abgeschlossen.",
        )
        for missing, said in (
            ({"no_bar": 1, "no_field": 1}, "Balken und Feld „Handlungsstrategie“ fehlen noch."),
            ({"no_field": 1}, "Das Feld „Handlungsstrategie“ ist noch nicht umgestellt."),
            ({"no_bar": 1}, "Der Balken fehlt noch."),
        )
    ),
    (
        "R-16",
        "divergence",
        {"since": "2026-11-02"},
        "Seit dem 02.11.2026 sagt das Feld „Handlungsstrategie“ etwas anderes als der offene Balken. Bitte eines von "
        "beiden umstellen. Sonst zählen Listen den Fall nach dem Balken, die Akte nach dem Feld.",
    ),
    (
        "R-16",
        "divergence",
        {"since": "2026-11-02", "both": 1},
        "Ab dem 02.11.2026 laufen zwei Balken zugleich. Bitte berichtigen, welcher gilt. Sonst zählen Listen den Fall "
        "nach dem Balken, die Akte nach dem Feld.",
    ),
    (
        "R-29",
        "inherited",
        {"since": "2026-11-02", "strategy": "entwicklung", "briefed": 0},
        "Fall am 02.11.2026 ohne angenommene Übergabe übernommen, ohne Einarbeitung; der Balken Entwicklung ist von "
        "vorher. Ist er noch richtig? Ohne Antwort gilt die übernommene Strategie als nicht geprüft.",
    ),
    (
        "R-40",
        "check",
        {"since": "2026-05-20", "months": 6, "review": "2026-12-01"},
        "Dieselbe Handlungsstrategie seit 6 Monaten (Balken seit dem 20.05.2026). Die letzte Überprüfung war am "
        "01.12.2026. Bitte prüfen, ob sie noch richtig ist; sonst gilt sie als nicht überprüft.",
    ),
]
