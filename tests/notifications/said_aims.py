"""What rules say about contact, aims, measures and support: rule, stage, data of the reason, the sentence."""

from __future__ import annotations

from tests.notifications.said import Said

AIMS: Said = [
    (
        "R-20",
        "step-missing",
        {"event": "2026-11-03", "step": "strategy-choice"},
        "Am 03.11.2026 wurde eine Handlungsstrategie gesetzt. Der Prozessschritt dazu fehlt (Sachverhalt, Erwägungen, "
        "Vereinbarung, nächster Schritt). Bitte nachtragen; sonst ist später nicht nachzuvollziehen, warum so "
        "entschieden wurde.",
    ),
    (
        "R-20",
        "step-missing",
        {"event": "2026-11-03", "step": "handover-in", "partly": 1},
        "Am 03.11.2026 wurde der Fall übernommen. Der Prozessschritt dazu ist nicht vollständig (Sachverhalt, "
        "Erwägungen, Vereinbarung, nächster Schritt). Bitte nachtragen; sonst ist später nicht nachzuvollziehen, "
        "warum so entschieden wurde.",
    ),
    (
        "R-42",
        "not-in-file",
        {"decided": "2026-11-03", "decision": "strategy-reviewed"},
        "„Überprüfung der Handlungsstrategie“ vom 03.11.2026 steht noch nicht als übernommen in der führenden Akte. "
        "Bitte den Text übernehmen und abhaken; sonst fehlt die Entscheidung in der Akte.",
    ),
    (
        "R-47",
        "second",
        {"day": "2026-11-16", "appointment": "t-1", "misses": 2},
        "Zum zweiten Mal in Folge ohne wichtigen Grund nicht erschienen, zuletzt am Montag, 16.11.2026. Bitte "
        "persönlich einladen und entscheiden, was folgt, mit Begründung; beim nächsten Mal erfährt es auch die "
        "Leitung. Von selbst geschieht nichts.",
    ),
    (
        "R-47",
        "third",
        {"day": "2026-11-16", "appointment": "t-1", "misses": 4},
        "Zum 4. Mal in Folge ohne wichtigen Grund nicht erschienen, zuletzt am Montag, 16.11.2026. Bitte persönlich "
        "einladen und entscheiden, was folgt, mit Begründung; die Leitung erfährt es auch. Von selbst geschieht "
        "nichts.",
    ),
    (
        "R-21",
        "cause",
        {"day": "2026-11-16", "appointment": "t-1"},
        "Zum Termin am Montag, 16.11.2026 nicht erschienen, der Grund ist noch offen. Bitte anhören und den Grund "
        "erfassen; sonst ist nicht zu entscheiden, ob etwas folgt.",
    ),
    (
        "R-21",
        "decision",
        {"day": "2026-11-16", "appointment": "t-1"},
        "Zum Termin am Montag, 16.11.2026 ohne wichtigen Grund nicht erschienen. Bitte entscheiden, ob eine "
        "Leistungsminderung geprüft oder nicht verfolgt wird, und neu einladen. Von selbst geschieht nichts.",
    ),
    *(
        (
            "R-21",
            "decision",
            {"day": "2022-11-14", "appointment": "t-1", "considered": "2022-11-21", **hearing},
            f"Zum Termin am Montag, 14.11.2022 ohne wichtigen Grund nicht erschienen, am 21.11.2022 {said} und noch "
            "nicht entschieden. Bitte entscheiden, ob daraus eine Sanktion folgt oder nicht, und neu einladen. Von "
            "selbst geschieht nichts.",
        )
        for hearing, said in (({}, "geprüft"), ({"hearing": 1}, "angehört"))
    ),
    (
        "R-23",
        "no-contact",
        {"last": "2025-11-03", "opened": "2025-11-03", "months": 12},
        "Letzter Termin, Kontakt oder letzte Förderung am 03.11.2025, seit 12 Monaten oder länger nichts. Bitte "
        "Kontakt aufnehmen oder einladen; sonst bleibt der Fall in der Liste der Leitung.",
    ),
    (
        "R-23",
        "no-contact",
        {"opened": "2025-11-03", "months": 12},
        "Fall seit dem 03.11.2025, seit 12 Monaten oder länger kein Termin, kein Kontakt, keine Förderung. Bitte "
        "Kontakt aufnehmen oder einladen; sonst bleibt der Fall in der Liste der Leitung.",
    ),
    (
        "R-23b",
        "interval",
        {"since": "2026-05-20", "last": "2026-10-20", "strategy": "integration"},
        "Letzter Kontakt am 20.10.2026. Nach der Kontaktdichte ist der nächste fällig: Bitte Kontakt aufnehmen, "
        "einladen oder für diesen Fall einen anderen Abstand setzen; sonst fällt nicht auf, wenn sich die Lage ändert.",
    ),
    (
        "R-23b",
        "interval",
        {"since": "2026-05-20", "strategy": "integration"},
        "Kein Kontakt, seit der Balken Integration am 20.05.2026 begann. Nach der Kontaktdichte ist der nächste "
        "fällig: Bitte Kontakt aufnehmen, einladen oder für diesen Fall einen anderen Abstand setzen; sonst fällt "
        "nicht auf, wenn sich die Lage ändert.",
    ),
    (
        "R-22",
        "clear",
        {"told": "2026-11-02"},
        "Am 02.11.2026 klarer Wunsch zu arbeiten, seitdem keine gemeinsame Förderstrategie. Bitte vereinbaren oder in "
        "den Vermittlungsbereich übergeben; fehlende Ressourcen treten hinter dem Wunsch zurück. "
        "Sonst bleibt der Wunsch ohne Folgen.",
    ),
    (
        "R-22",
        "ask",
        {"told": "2026-11-02"},
        "Am 02.11.2026 war der Wunsch zu arbeiten unklar. Bitte noch einmal fragen; sonst fehlt der Wunsch, wenn die "
        "Strategie überprüft wird.",
    ),
    (
        "R-22",
        "ask",
        {"last": "2026-05-02", "since": "2026-01-07"},
        "Zuletzt am 02.05.2026 nach dem Wunsch zu arbeiten gefragt. Bitte wieder fragen; sonst fehlt der Wunsch, wenn "
        "die Strategie überprüft wird.",
    ),
    (
        "R-22",
        "ask",
        {"last": "2026-05-02", "wished": 1, "since": "2026-01-07"},
        "Zuletzt am 02.05.2026 klarer Wunsch zu arbeiten. Bitte wieder fragen; sonst fehlt der Wunsch, wenn die "
        "Strategie überprüft wird.",
    ),
    (
        "R-22",
        "ask",
        {"since": "2026-05-02"},
        "Seit Beginn der Strategie am 02.05.2026 nicht nach dem Wunsch zu arbeiten gefragt. Bitte fragen; sonst fehlt "
        "der Wunsch, wenn die Strategie überprüft wird.",
    ),
    (
        "R-27",
        "why-not-steered",
        {"told": "2026-11-02"},
        "Prognose vom 02.11.2026: Integration wahrscheinlich, der Fall ist aber nicht im Vermittlungsbereich. Bitte "
        "übergeben oder den Grund nennen; ohne Antwort fragt die QS danach.",
    ),
    (
        "R-41",
        "advice",
        {"told": "2026-11-02"},
        "Seit dem 02.11.2026 geht es um eine Helfertätigkeit, eine Ausbildung fehlt. Bitte die Vorzüge einer "
        "Qualifizierung aufzeigen; ein ausdrücklicher Wunsch nach der Tätigkeit geht vor. Ohne Beratung kann sich "
        "die Kundin oder der Kunde nicht entscheiden.",
    ),
    (
        "R-41",
        "stabilise",
        {"job_from": "2026-08-03"},
        "Helfertätigkeit seit dem 03.08.2026, der Leistungsbezug läuft weiter. Bitte Kontakt aufnehmen oder zur "
        "Qualifizierung beraten, damit aus der Arbeit ein eigenes Einkommen werden kann; sonst bleibt es beim "
        "Leistungsbezug neben der Arbeit.",
    ),
    (
        "R-25",
        "origin",
        {"job_from": "2026-11-02", "employment": "j-1"},
        "Sozialversicherungspflichtige Beschäftigung seit dem 02.11.2026, es fehlt der Statistikeintrag: selbst "
        "gesucht oder vermittelt? Ohne ihn fehlt die Integration in der Statistik.",
    ),
    (
        "R-26",
        "reprofile",
        {"ended": "2026-11-02"},
        "Am 02.11.2026 endete eine Maßnahme oder ein Bedarf. Bitte das Profil erneuern und den nächsten Schritt "
        "vereinbaren; sonst wird, was erreicht ist, nicht genutzt.",
    ),
    (
        "R-26",
        "graduate",
        {"planned_end": "2027-02-15"},
        "Die Weiterbildung endet am Montag, 15.02.2027. Bitte jetzt das Absolventenmanagement beginnen: übergeben, "
        "Profil erneuern oder einen Termin planen; sonst vergeht die Zeit der Weiterbildung ungenutzt.",
    ),
    (
        "R-45",
        "misfit",
        {"since": "2026-11-02", "type": "pace", "strategy": "integration"},
        "Neben der Handlungsstrategie Integration läuft seit dem 02.11.2026 eine Maßnahme (PACE), deren Ziel nicht "
        "dazu passt. "
        "Bitte den Grund nennen, die Strategie umstellen oder die Maßnahme beenden; sonst ist später nicht zu "
        "sehen, warum beides zugleich lief.",
    ),
    (
        "R-46",
        "coming-job",
        {"granted": "2026-11-02", "type": "mobilitaet"},
        "Am 02.11.2026 bewilligt: Mobilität, der Fall ist nicht im Vermittlungsbereich. Kommt eine Arbeit? Bitte "
        "übergeben, die Beschäftigung erfassen oder den Grund nennen; sonst beginnt die Arbeit, während die Strategie "
        "weiterläuft.",
    ),
]
