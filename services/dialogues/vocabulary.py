"""The commands of the chat: one row each, with the words that mean it, an example, and what may be said beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from services.dialogues.line import folded

Day = Literal["", "ahead", "from-today", "behind", "any"]


class Command(Struct, frozen=True, kw_only=True):
    """One command. `says` are the phrases that mean it, whatever stands between their words; `lines` whole
    lines; `words`: those of the phrases as they are written; `bare`: the shortest line that means it.

    `beside`: words that may stand beside them and say nothing more. `guarded`: it ends, withdraws, refuses or hands
    over, so that a word with a typing error is asked about. `weak`: it gives way to another command in the line.
    `day`: what day it takes: none, after today, from today on, until today, or any. `time`: it takes a time of day.
    `named`: a name beside it is the client's. `first`: once it is said, all that follows is its own text.
    `strategy`: it takes a strategy, the one that is meant to be open, or with "umstellen" the new one.
    """

    code: str
    title: str
    example: str
    bare: str
    words: tuple[str, ...]
    says: tuple[frozenset[str], ...]
    lines: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    guarded: bool = False
    weak: bool = False
    day: Day = ""
    time: bool = False
    named: bool = True
    first: bool = False
    strategy: bool = False

    @property
    def harmless(self) -> bool:
        """Whether it only shows something."""
        return self.weak or self.code == "status"


def plain(text: str) -> frozenset[str]:
    """The words of a text as they are compared."""
    return frozenset(folded(text).split())


def _row(
    code: str, title: str, example: str, says: str, *, lines: str = "", beside: str = "", day: Day = "", is_: str = ""
) -> Command:
    """A row with its words as text; `is_`: which of guarded, weak, time, first, nameless, strategy it is."""
    marks = is_.split()
    return Command(
        code=code,
        title=title,
        example=example,
        bare=says.partition(",")[0],
        words=tuple(says.replace(",", " ").split()),
        says=tuple(plain(phrase) for phrase in says.split(",")),
        lines=frozenset(folded(line) for line in lines.split(",") if line),
        beside=plain(beside),
        day=day,
        guarded="guarded" in marks,
        weak="weak" in marks,
        time="time" in marks,
        first="first" in marks,
        named="nameless" not in marks,
        strategy="strategy" in marks,
    )


_BAR = "hs strategie handlungsstrategie balken integration entwicklung grundbetreuung aktivierbar passiv"
_MEETING = "termin termins gespräch gesprächs zum vorsprache"

_END = "endet endete beendet beenden beende"
ENDED = ("alg1", "job")  # commands that a line about an end alone names as well
ENDING = plain(f"bis {_END}")

COMMANDS: Mapping[str, Command] = {
    row.code: row
    for row in (
        _row(
            "week", "Was diese Woche ansteht", "diese Woche", "woche",
            lines="was steht diese woche an, was liegt diese woche an, wochenübersicht",
            beside="diese dieser kommt ansteht los fällig dran aufgaben", is_="weak nameless",
        ),
        _row(
            "today", "Was heute ansteht", "was ist heute dran",
            "heute,dran,aufgaben,fällig,überfällig,ansteht,anliegt",
            lines="was steht an, was liegt an, was steht heute an, was liegt heute an, was gibt es, was nun",
            beside="los zu tun muss", is_="weak nameless",
        ),
        _row(
            "status", "Wie der Fall steht", "status C-2001", "status,stand,sachstand,wie steht",
            lines="wie steht es, wie steht es um, wie sieht es aus", beside="wie zeige zeig",
        ),
        _row("open", "Fall öffnen", "öffne C-2001", "öffne,öffnen,zeige,zeig,zeigen,aufrufen,suche,suchen", is_="weak"),
        _row(
            "extend", "Verlängerung beantragen", "verlängern bis 30.06.",
            "verlängern,verlängerung,verlängere,verlängert,antrag,vl", day="ahead",
            beside=f"beantragen beantrage stellen neue weiter {_BAR}", is_="strategy",
        ),
        _row(
            "confirm", "Weiterhin richtig", "weiterhin richtig",
            "weiterhin richtig,stimmt weiterhin,richtig,weiterhin,stimmt,passt,bestätigen,bestätige,bestätigt",
            beside=f"alles so weiter immer unverändert {_BAR}", is_="strategy",
        ),
        _row(
            "dispute", "Das stimmt nicht", "stimmt nicht", "stimmt nicht,falsch,stimmt so nicht",
            beside=f"alles so mehr aufgabe erinnerung {_BAR}", is_="strategy",
        ),
        _row(
            "held", "Erschienen", "erschienen",
            "erschienen,wahrgenommen,gekommen,anwesend,war da,da gewesen,stattgefunden",
            beside=f"war heute pünktlich {_MEETING}", day="behind", is_="time",
        ),
        _row(
            "missed", "Nicht erschienen", "nicht erschienen gestern",
            "nicht erschienen,nicht wahrgenommen,nicht gekommen,nicht anwesend,war nicht da,nicht da,"
            "nicht da gewesen,nichterschienen,"
            "ferngeblieben,versäumt,verpasst,kam nicht,unentschuldigt,nicht stattgefunden",
            beside=f"war unentschuldigt {_MEETING}", day="behind", is_="time",
        ),
        _row(
            "cancelled", "Abgesagt", "Termin abgesagt", "abgesagt,absage,ausgefallen",
            beside=f"hatte {_MEETING}", day="any", is_="time",
        ),
        _row(
            "plan", "Termin planen", "Termin am 03.12. um 10:00", "termin,gespräch,vorsprache,terminieren",
            beside="planen plane neuer neues neuen vereinbaren anlegen ausmachen machen", day="from-today", is_="time",
        ),
        _row(
            "invite", "Einladen", "einladen zum 03.12. um 10:00", "einladen,einladung,eingeladen,lade ein",
            beside=f"planen schicken senden raus gespräch {_MEETING} +", day="from-today", is_="time",
        ),
        _row(
            "call", "Telefonat eintragen", "Telefonat heute",
            "telefonat,telefoniert,anruf,angerufen,telefongespräch,tel", beside="geführt eintragen", day="behind",
        ),
        _row(
            "own", "Eigene Wiedervorlage", "wv 03.12. Mietvertrag",
            "wiedervorlage,wv,wiedervorlegen,erinnere,erinnern,erinnerung,vormerken", day="from-today", is_="first",
        ),
        _row(
            "later", "Zurückstellen", "später bis Montag",
            "später,zurückstellen,verschieben,verschiebe,aufschieben,vertagen", day="ahead", beside="aufgabe",
        ),
        _row(
            "hand-over", "Fall übergeben", "übergeben an Kern", "übergeben,übergabe,abgeben,übergib,übergebe",
            is_="guarded nameless",
        ),
        _row(
            "change", "Handlungsstrategie umstellen", "umstellen auf Entwicklung",
            "umstellen,umstellung,wechseln,wechsel,umgestellt", day="any", beside=_BAR, is_="strategy",
        ),
        _row(
            "end", "Handlungsstrategie beenden", "beenden zum 30.11.", "beenden,beende,beendet,beendigung",
            day="any", beside=_BAR, is_="guarded strategy",
        ),
        _row(
            "alg1", "ALG I eintragen", "ALG I ab 01.12.", "alg1,arbeitslosengeld1", day="any",
            beside=f"bezug bezieht bekommt bewilligt {_END}",
        ),
        _row(
            "job", "Arbeitsaufnahme eintragen", "Arbeit ab 01.12.",
            "arbeit,arbeitsaufnahme,job,beschäftigung,minijob", day="any",
            beside=f"neue neuer neuen aufgenommen beginnt begonnen {_END}",
        ),
        _row(
            "field", "Feld oder Balken richtigstellen", "Feld umstellen heute", "feld umstellen,feld umgestellt",
            beside="umstellen umstellung umgestellt balken hs strategie handlungsstrategie", day="behind",
        ),
        _row(
            "wish", "Wunsch zu arbeiten eintragen", "Wunsch erfragt heute", "wunsch,arbeitswunsch",
            beside="erfragt gefragt erfragen fragen geäußert arbeiten klarer klar", day="behind",
        ),
        _row(
            "agree", "Förderstrategie vereinbaren", "Förderstrategie vereinbart heute",
            "förderstrategie,kooperationsplan,hilfeplan,eingliederungsvereinbarung,egv",
            beside="vereinbaren vereinbart vereinbare abgeschlossen neue neuen neuer", day="behind",
        ),
        _row(
            "reprofile", "Profil erneuern", "Profil erneuert heute", "reprofiling,profil",
            beside="erneuern erneuert erneuere neues", day="behind",
        ),
        _row(
            "step", "Prozessschritt dokumentieren", "Prozessschritt heute",
            "prozessschritt,dokumentieren,dokumentation,dokumentiere", beside="dokumentiert neuer", day="behind",
        ),
        _row(
            "filed", "In die Akte übernommen", "in die Akte übernommen", "akte übernommen,nachtrag",
            beside="führende eakte", is_="guarded",
        ),
        _row("prognosis", "Prognose eintragen", "Prognose C-2001", "prognose", beside="eintragen erfassen neue"),
        _row(
            "gap", "Unterbrechung des Leistungsbezugs klären", "Unterbrechung klären", "unterbrechung,leistungslücke",
            beside="klären leistungsbezug leistungsbezugs",
        ),
        _row(
            "undo", "Rückgängig", "rückgängig", "zurück,rückgängig,undo", beside="machen mache letztes wieder",
            is_="guarded nameless",
        ),
        _row(
            "cancel", "Abbrechen", "abbrechen", "nein,abbrechen,abbruch,stopp,stop",
            lines="doch nicht,vergiss es,nicht", beside="danke lieber", is_="guarded nameless",
        ),
        _row(
            "help", "Hilfe", "hilfe", "hilfe,help,befehle",
            lines="was kann ich schreiben,was kann ich tun,was kannst du,was verstehst du", is_="weak nameless",
        ),
    )
}  # fmt: skip

# Words that sound like a command and are none: what they may have meant.
LIKE_COMMANDS: Mapping[str, tuple[str, ...]] = {
    folded(word): tuple(meant.split())
    for words, meant in (
        ("termine", "week today plan"),
        ("verlegen verlegt umlegen umbuchen verschoben", "plan later cancelled"),
        ("abschließen abschluss schließen", "end week status"),
        ("zurückziehen zurücknehmen widerrufen storno stornieren löschen", "undo cancel dispute"),
        ("ablehnen annehmen zustimmen", "today status help"),
        ("alg alg2 arbeitslosengeld bürgergeld", "alg1 status help"),
        ("anrufen telefonieren", "call own status"),
        ("endet", "status end help"),
        ("maßnahme maßnahmen förderung", "status help"),
        ("ja ok okay", "confirm held help"),
    )
    for word in words.split()
}
THINGS = plain(
    "alg alg1 alg2 arbeitslosengeld arbeitslosengeld1 arbeit arbeitsaufnahme job beschäftigung minijob "
    "maßnahme maßnahmen förderung"
)
NEGATIONS = plain("nicht kein keine keinen keinem keiner keines nie niemals nichts nit net nö weder ohne")
FILLERS = plain(
    "bitte die den das dem der des ein eine einen einem einer fall fallakte mal doch ich mir mich möchte will wir "
    "soll sollen um auf für wieder ist sind noch und an von bei mit zu zum zur am ab bis vom seit in im nun jetzt "
    "dann also auch schon bereits mehr gern gerne danke hallo er sie es wird kann können könnte was hat habe haben "
    "bin lassen lasse "
    "kunde kunden kundin tn teilnehmer teilnehmerin frau herr herrn hr spätestens so ihn ihr"
)
NEVER_NAMED = FILLERS - plain("frau herr herrn hr fall der von zu zum")  # in a line that is a name alone
NO_NAMES = plain("oder aber sondern sowie wenn weil falls telefonisch persönlich video post brief mail per wegen")
DAY_LEADS = plain("bis am ab zum vom seit um in spätestens")
SPELLED: Mapping[str, str] = {  # each word of a phrase as it is compared -> as it is written
    folded(word): word for row in COMMANDS.values() for word in row.words
}
DEFAULT_CHOICES = ("status", "later", "help")
