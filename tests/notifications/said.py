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
