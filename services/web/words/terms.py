"""What the words of the office mean, one German sentence each: beside the word on a page, and all under Hilfe.

The same terms stand in docs/glossary.md, with the names the code has for them; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

Meanings = Mapping[str, str]

ON_PAGES: Final[Meanings] = {
    "Eintrag": "Was das Amt zu einem Fall festgehalten hat, mit dem Tag, ab dem es gilt, und dem Tag der Erfassung.",
    "Wirksamkeitstag": "Der Tag, ab dem ein Eintrag gilt; bei einem Ende der letzte Tag, an dem es noch galt.",
    "Erfassungszeitpunkt": "Der Moment, in dem ein Eintrag aufgeschrieben wurde.",
    "Spur": "Eine Zeile im Verlauf eines Falls, z. B. Strategie, Zuständigkeit, ALG I oder Termine.",
    "Stichtag": "Der Tag, für den die Frage beantwortet wird: Gezeigt wird, was an ihm galt.",
    "Datenstand": "Der Tag, dessen Wissen zählt: Was erst danach erfasst wurde, bleibt außer Acht.",
    "Aufgaben": "Was unter „Heute“ auf Sie wartet.",
    "Wiedervorlage": "Was nach einer Regel oder auf eigenen Wunsch an einem Tag wieder auf den Tisch kommt.",
    "Abweichung": "Einträge, die einer Regel widersprechen; ein Hinweis zum Nachsehen, kein Vorwurf.",
    "Rücknahme": "Die Erklärung, dass ein Eintrag nie gegolten hat; er bleibt lesbar.",
    "Rückfrage": "Die Führungskraft fragt nach, bevor sie über einen Antrag entscheidet.",
    "Verlängerung beantragen": "Die Führungskraft bitten, dass eine Strategie länger als vorgesehen weitergeht.",
    "Handlungsstrategie umstellen": "Den Balken beenden und einen anderen beginnen.",
    "Verweildauer laut Balken": "Alle Tage, seit der Balken der Handlungsstrategie begonnen hat.",
    "Verweildauer bereinigt": "Die Verweildauer laut Balken ohne die Tage, die nicht zählen, z. B. mit ALG I.",
    "„Regelzeit endet am …“": "Der letzte Tag, an dem die Zeit nach der Regel noch nicht überschritten ist.",
    "6+6": "Sechs Monate Regelzeit in der Jobakademie und höchstens sechs Monate Verlängerung.",
    "Dieselbe Person, Andere Person": "Was Eingang zu zwei Fällen mit gleichem Namen und Geburtsdatum festhält.",
    "Dialog": "Ein Gespräch in festen Schritten, das am Ende einen Eintrag schreibt.",
}
OF_RULES: Final[Meanings] = {
    "Regel": "Sagt, was wann für wen fällig ist.",
    "Stufe": "Ein Schritt einer Regel, z. B. die Vorwarnung vor der Grenze.",
    "Ursache": "Der Eintrag, ab dem eine Wiedervorlage zählt.",
    "Fälligkeitstag": "Der erste Tag, an dem etwas auf der Liste steht.",
    "Schwelle": "Die Monate oder Tage, nach denen etwas fällig ist; das Amt stellt sie ein.",
    "Zustand einer Regel: aus, Liste, an": "Gar nicht gefragt, nur in Listen gezeigt, oder einzeln gemeldet.",
    "Vorgabe": "Ein Rundschreiben oder Fachlicher Hinweis, auf dem Regeln beruhen, mit Nummer und Tag.",
    "Örtliche Verfügung": "Eine Anordnung des Hauses, die bei einer Regel vom Konzept abweicht.",
    "Dienstvereinbarung": "Erlaubt Auswertungen, die einzelne Beschäftigte zeigen, bis zu ihrem letzten Tag.",
    "gilt ab": "Ab welchem Tag eine Regel einzeln gemeldet wird.",
    "Altfall": "Ein Fall, dessen Ursache vor dem Beginn der Regel liegt; er steht in einer eigenen Liste.",
    "Thema": "Was mehrere Regeln gemeinsam haben; je Fall und Thema kommt eine Nachricht.",
    "Wiedervorlage, Liste, Bericht": "Bittet jemanden zu handeln, wird an festen Tagen gelesen, oder wird nur gezählt.",
    "ausgesetzt": "Für eine Weile nicht fällig, z. B. wegen ALG I oder einer laufenden Verlängerung.",
    "Einstellungen der Regeln": "Was das Amt zu Regeln, Schwellen und Texten festgelegt hat, mit Tag und Erfassung.",
    "Listenlauf": "Eine Liste, wie sie an ihrem Tag verteilt wurde, bis jede Zeile erledigt ist.",
    "Prüffrage": "Eine der Fragen an den Bestand, z. B. wer an einem Tag wie lange in einer Strategie war.",
    "k von N": "Wie viele gefunden wurden, und unter wie vielen gesucht wurde.",
    "Rezept": "Alles, womit sich dieselbe Liste noch einmal berechnen lässt.",
    "Zeile": "Was Listen lesen; aus den Einträgen berechnet, nie selbst eingetragen.",
    "Deutung, Bedeutung der Zeilen": "Nach welchem Stand der Regeln gerechnet wurde.",
    "Profil": "Beschreibt, wie Zeilen aus einem anderen Verfahren zu Einträgen werden.",
    "Abgleich": "Zwei Quellen erzählen vielleicht dasselbe; ein Mensch entscheidet.",
    "Kanal": "Der Weg, auf dem eine Nachricht das Haus verlässt, z. B. E-Mail.",
    "Nachtrag": "Eine Entscheidung, die noch in die führende Akte übernommen werden muss.",
    "Auswertungsregister": "Das Verzeichnis aller Auswertungen: wozu, für wen, mit Personenbezug oder ohne, wie lange.",
}
OF_THE_CASE: Final[Meanings] = {
    "Handlungsstrategie": "Woran mit einer Kundin oder einem Kunden gearbeitet wird: Integration, Entwicklung, "
    "Grundbetreuung.",
    "I-Kunde, E-Kunde": "Kundin oder Kunde in der Strategie Integration oder Entwicklung.",
    "Grundbetreuung aktivierbar / passiv": "Grundlegende Betreuung, mit oder ohne Aussicht auf mehr.",
    "temporäre Fokussierung": "Aktive, befristete Förderung; der Gedanke hinter der Strategie Entwicklung.",
    "Balken, Maßnahmebalken": "Ein Zeitraum im Fachverfahren; auch Handlungsstrategien sind dort Balken.",
    "Feld „Handlungsstrategie“": "Die zweite Stelle, an der eine Strategie steht; sie kann vom Balken abweichen.",
    "Abschlussarbeiten, Fallaktenabschluss": "Balken, die keine Strategie sind: letzte Arbeiten, Schließen der Akte.",
    "keine Handlungsstrategie ALG I": "Der Balken, solange die Agentur für Arbeit zuständig ist.",
    "ALG I / ALG II": "Arbeitslosengeld der Versicherung, Grundsicherung für Arbeitsuchende.",
    "Beratungsverbot": "Solange ALG I bezogen wird, arbeitet das Jobcenter nicht an der Integration.",
    "eLb": "Erwerbsfähige leistungsberechtigte Person.",
    "Neukunde, Bestandskunde": "Neu gemeldet, oder schon bekannt.",
    "Neuantragstellung": "Ein neuer Antrag auf Leistungen.",
    "Verweildauer": "Wie lange jemand in einer Strategie ist.",
    "Vorlaufzeit": "Vom Beginn des Balkens bis zum ersten Tag im Vermittlungsbereich.",
    "Maßnahme, Maßnahmenkarte": "Eine Förderung mit Beginn und Ende, und ihr Blatt in der Akte.",
    "MAG": "Maßnahme bei einem Arbeitgeber.",
    "BaE": "Berufsausbildung in außerbetrieblichen Einrichtungen.",
    "FbW": "Förderung der beruflichen Weiterbildung.",
    "aktive Förderung, aktive Förderphase": "Eine Förderung, die läuft, und die Zeit, in der sie läuft.",
    "Helfertätigkeit": "Arbeit, für die keine Ausbildung nötig ist.",
    "Fernbleiben ohne wichtigen Grund": "Zum Termin nicht erschienen, ohne dass ein wichtiger Grund vorlag.",
    "Termintreue, Kontaktdichte": "Welcher Anteil der Termine stattfand, und wie oft es Kontakt gab.",
    "Vermittlungshemmnis": "Was einer Vermittlung entgegensteht; Integration schaut auf anderes.",
    "ressourcenorientierter Ansatz": "Auf das schauen, was jemand kann.",
    "passgenau": "Auf den einzelnen Fall zugeschnitten.",
    "Schweigepflichtentbindung": "Die Erlaubnis, sich mit einem Träger auszutauschen, für jeden Träger eine.",
    "Zugangscode": "Damit erreicht jemand von außen genau einen Fragebogen.",
}
OF_THE_OFFICE: Final[Meanings] = {
    "Fachdienst (FD)": "Ein arbeitender Teil des Jobcenters, z. B. 56.4.",
    "Träger": "Landkreis oder Stadt; auch wer eine Maßnahme durchführt.",
    "zkT, gE": "Zugelassener kommunaler Träger und gemeinsame Einrichtung: die zwei Arten von Jobcentern.",
    "Fallmanagement, Spezial-FM": "Führt einen Fall, oder den Fall einer besonderen Gruppe.",
    "Jobakademie 2.0": "Vermittlungsbereich mit Coaching.",
    "AV/AGS": "Arbeitsvermittlung und Arbeitgeberservice.",
    "Vermittlungsbereich": "Jobakademie und AV/AGS zusammen.",
    "Aktivzentrum": "Maßnahme und Ort neben AV/AGS, kein eigener Bereich.",
    "Eingangsservice": "Nimmt neue Kundinnen und Kunden auf und trägt ALG I ein.",
    "Leistungsabteilung": "Bearbeitet die Leistungen.",
    "Teamleitung, Fachdienstleitung (TL/FDL)": "Die Führungskraft, die entscheidet.",
    "Vertretung": "Wer für jemanden handelt, der abwesend ist.",
    "Zuständigkeit": "Welche Fachkraft, welche Einheit und welcher Bereich einen Fall führt.",
    "Zusteuerung": "Der Weg eines Falls in den Vermittlungsbereich.",
    "Fallaktenübergabe": "Die Akte geht an eine andere Fachkraft.",
    "abgebender / aufnehmender FM": "Wer einen Fall übergibt, und wer ihn aufnimmt.",
    "Absprache mit der Führungskraft": "Die Zustimmung der Führungskraft zu einer Verlängerung.",
    "Überprüfung der Handlungsstrategie Integration": "Nach der Regelzeit: Ist Integration noch richtig?",
    "Verlängerung": "Die Zustimmung, bis zu einem Tag so weiterzumachen.",
    "Textbaustein": "Die sieben Felder, mit denen eine Verlängerung begründet wird.",
    "Falldokumentation, Prozessschritt(dokumentation)": "Was zu einem Fall oder einem Schritt aufgeschrieben ist.",
    "Statistikeintrag": "Ein Eintrag für die Statistik.",
    "Fallbestandssteuerung": "Den Bestand der Fälle lenken.",
    "Kundendifferenzierung": "Kundinnen und Kunden einer Strategie zuordnen.",
    "Integrationskonzept": "Das Papier des Amts zur Strategie Integration.",
    "AIMP": "Arbeitsmarkt- und Integrationsprogramm.",
    "Verfahrensregeln": "Die Regeln des Amts, wie etwas abläuft.",
    "KEL, kommunale EGL": "Kommunale Eingliederungsleistungen, § 16a SGB II.",
    "Bedarfsfeststellung, Bedarfsplanung": "Den Bedarf im einzelnen Fall feststellen, und den Bedarf aller planen.",
    "Rückmeldebogen": "Das Blatt, mit dem ein Träger zurückmeldet.",
}
OF_QUALITY: Final[Meanings] = {
    "Grundgesamtheit": "Alle Fälle, über die eine Erhebung etwas sagt.",
    "Betrachtungszeitraum": "Die Zeit eines Falls, die gelesen wird.",
    "Prüfungszeitraum, Prüfzeitraum": "Die Zeit, deren Ereignisse einen Fall in die Erhebung bringen.",
    "Erhebungszeitraum": "Die Tage, an denen erhoben wird.",
    "Extremfall": "Ein Fall jenseits der äußersten Grenze einer Regel.",
    "Handlungsempfehlung": "Was das QS-Team empfiehlt.",
}
GLOSSARY: Final[Mapping[str, Meanings]] = {
    "Was auf den Seiten steht": ON_PAGES,
    "Regeln und Listen": OF_RULES,
    "Der Fall": OF_THE_CASE,
    "Das Amt": OF_THE_OFFICE,
    "Qualitätssicherung": OF_QUALITY,
}
EXPLAINED: Final[Mapping[str, str]] = {  # the word as it stands on a page -> its term
    "Stichtag": "Stichtag",
    "Datenstand": "Datenstand",
    "bereinigt": "Verweildauer bereinigt",
    "Vorlauf": "Vorlaufzeit",
    "Abweichung": "Abweichung",
    "6+6": "6+6",
}


def explained() -> list[tuple[str, str, str]]:
    """The words that are explained where they stand: the id of each, its term, its meaning."""
    meanings = {term: meaning for group in GLOSSARY.values() for term, meaning in group.items()}
    return [(_id(word), term, meanings[term]) for word, term in EXPLAINED.items()]


def term(word: str) -> Markup:
    """The button beside a word that shows what it means; the page holds the meanings at its end. Raises ValueError."""
    said = f'popovertarget="{_id(word)}" aria-label="Was heißt „{word}“?"'
    return Markup(f'<button type="button" class="term no-print" {said}>?</button>')


def _id(word: str) -> str:
    return f"begriff-{list(EXPLAINED).index(word) + 1}"
