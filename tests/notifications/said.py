"""What rules say about a case: rule, stage, data of the reason, the sentence."""

from __future__ import annotations

from typing import Any

Said = list[tuple[str, str, dict[str, Any], str]]
BAR = {"strategy": "entwicklung"}

ENDINGS: Said = [
    (
        "R-17",
        "end-strategy",
        {"job_from": "2026-11-02", "ends": 1, "strategy": "integration"},
        "Seit dem 02.11.2026 eine Beschäftigung, der Balken Integration läuft weiter. Der Leistungsbezug endet damit: "
        "Balken beenden, danach „Abschlussarbeiten“ und „Fallaktenabschluss“.",
    ),
    (
        "R-17",
        "end-strategy",
        {"job_from": "2026-11-02", "strategy": "integration"},
        "Seit dem 02.11.2026 eine Beschäftigung, der Balken Integration läuft weiter. Bitte den Balken beenden und "
        "„Abschlussarbeiten“ anlegen. Geht der Leistungsbezug weiter, kann die Strategie mit einem Antrag "
        "weiterlaufen.",
    ),
    (
        "R-17",
        "end-strategy",
        {"job_from": "2026-11-02", "strategy": "entwicklung"},
        "Seit dem 02.11.2026 eine Beschäftigung, der Balken Entwicklung läuft weiter. Bitte den Balken beenden und "
        "„Abschlussarbeiten“ anlegen. Geht der Leistungsbezug weiter, kann die Strategie weiterlaufen, wenn sie "
        "weiterhin richtig ist.",
    ),
    (
        "R-17b",
        "new-bar",
        {"job_to": "2026-10-31", "again": "2026-11-10", "since": "2026-05-20", "strategy": "integration"},
        "Die Beschäftigung endete am 31.10.2026, seit dem 10.11.2026 läuft der Leistungsbezug wieder, der alte Balken "
        "Integration (seit dem 20.05.2026) aber auch. Bitte den alten Balken beenden und einen neuen anlegen; sonst "
        "zählt die Zeit der Beschäftigung mit.",
    ),
    (
        "R-19",
        "gap",
        {"gap_from": "2026-11-01", "gap_to": "2026-11-09", **BAR},
        "Kein Leistungsbezug vom 01.11.2026 bis 09.11.2026, der Balken Entwicklung läuft weiter. Bitte den Balken am "
        "letzten Tag des Leistungsbezugs beenden oder bestätigen, dass die Strategie weiterhin richtig ist; sonst "
        "zählt die Unterbrechung als Verweildauer.",
    ),
    (
        "R-19",
        "gap",
        {"registered": "2026-11-02", **BAR},
        "Neuantrag am 02.11.2026, der Balken Entwicklung ist von vorher. Bitte den Balken am letzten Tag des "
        "Leistungsbezugs beenden oder bestätigen, dass die Strategie weiterhin richtig ist; sonst zählt die "
        "Unterbrechung als Verweildauer.",
    ),
    (
        "R-39",
        "closing",
        {"since": "2026-09-01"},
        "Abschlussarbeiten seit dem 01.09.2026. Bitte den Fall abschließen oder die nächste Handlungsstrategie wählen; "
        "bis dahin bleibt er in der Liste offener Abschlüsse.",
    ),
    (
        "R-39",
        "closing",
        {"ended": "2026-11-01", **BAR},
        "Der Balken Entwicklung endete am 01.11.2026 mit einer Arbeitsaufnahme, ein Balken „Abschlussarbeiten“ fehlt. "
        "Bitte den Fall abschließen oder die nächste Handlungsstrategie wählen; bis dahin bleibt er in der Liste "
        "offener Abschlüsse.",
    ),
]

DEVELOPMENT: Said = [
    (
        "R-09",
        "missing",
        {"since": "2026-11-02"},
        "Entwicklung seit dem 02.11.2026, und für die ersten zwei Monate ist kein Termin geplant. Bitte einen Termin "
        "eintragen; sonst fragt die Liste der sechs Wochen ohne Termin danach.",
    ),
    (
        "R-10",
        "six-weeks",
        {"since": "2026-03-02", "last": "2026-09-01"},
        "Der letzte Termin war am 01.09.2026. Seit sechs Wochen oder länger kein Gespräch; bitte einladen. Wer sechs "
        "Monate keinen Termin hatte, steht auch in der Liste der QS.",
    ),
    (
        "R-10",
        "six-weeks",
        {"since": "2026-03-02"},
        "Noch kein Termin seit Beginn der Entwicklung am 02.03.2026. Seit sechs Wochen oder länger kein Gespräch; "
        "bitte einladen. Wer sechs Monate keinen Termin hatte, steht auch in der Liste der QS.",
    ),
    (
        "R-11",
        "invite",
        {"since": "2026-03-02", "last": "2026-09-01"},
        "Letzter Termin oder letzte Einladung am 01.09.2026, für die nächsten zwei Monate ist nichts geplant. Bitte "
        "einen Termin planen und einladen; nach 14 Tagen geht die Wiedervorlage auch an die Leitung.",
    ),
    (
        "R-12",
        "six-months",
        {"since": "2026-03-02"},
        "Noch kein Termin seit Beginn der Entwicklung am 02.03.2026. Bitte einladen, eine andere Strategie wählen oder "
        "den Status eines Termins berichtigen; sonst bleibt der Fall in der Liste der Leitung, die QS erhält die "
        "Anzahl.",
    ),
    (
        "R-13",
        "necessity",
        {"since": "2026-11-02"},
        "Seit dem 02.11.2026 fehlt ein Termin, und eine Maßnahme läuft. Ist trotzdem ein Gespräch nötig? Ohne "
        "Entscheidung bleibt der Fall in den Listen ohne Termin.",
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
        "wahrscheinlich ist eine Integration? Ein Hindernis schließt Integration nicht aus.",
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
        "Wer ihn aufnimmt, legt Balken und Feld an; bis dahin bleibt der Fall bei der bisherigen Fachkraft.",
    ),
    (
        "R-15",
        "accept",
        {"offered": "2026-11-02", "strategy": "integration", "accepted": 1},
        "Der Fall wurde am 02.11.2026 übergeben und angenommen, Balken und Feld sind noch nicht angelegt. Wer ihn "
        "aufnimmt, legt Balken und Feld an; bis dahin bleibt der Fall bei der bisherigen Fachkraft.",
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
        "01.12.2026. Bitte prüfen, ob sie noch richtig ist.",
    ),
]
