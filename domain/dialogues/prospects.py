"""The dialogues about prospects: prognosis with its three questions, a gap in benefit (Fachkonzept 3.2 R-08, R-19)."""

from __future__ import annotations

from msgspec.structs import replace

from domain import words
from domain.actions import Action
from domain.decisions import wishes
from domain.decisions.matter import LATE_DAYS
from domain.dialogues.engine import text_of
from domain.dialogues.parts import NO_HEALTH_DATA, fact, facts, fixed, idle_text, late_step, make
from domain.dialogues.row import Answers, Choice, Context, Dialogue, InMessage, Step, Subject, Typed
from domain.periods import DAY, OPEN

ANSWERS = fixed({"yes": "Ja", "no": "Nein", "unclear": "Unklar"})

PROGNOSIS = Dialogue(
    name="prognosis",
    title="Prognose",
    action=Action.RECORD,
    subject=Subject.CASE,
    button="Prognose",
    in_case=False,
    in_message=InMessage("prognosis"),
    typed=Typed(("prognosis",)),
    wish=lambda answers, context: facts(
        fact(
            "prognosis-recorded",
            context.today,
            {},
            probable=answers["probable"] == "yes",
            **{key: text_of(answers, key) for key in ("able_and_motivated", "can_be_motivated", "resources")},
        )
    ),
    steps=(
        Step(
            key="resources",
            question="Worauf lässt sich aufbauen?",
            kind="text",
            lead_in="Es zählt, was da ist. Kein Hindernis schließt eine gute Prognose aus.",
            hint=f"Kann leer bleiben. {NO_HEALTH_DATA}",
            required=False,
        ),
        Step(
            key="able_and_motivated",
            question="Kann und will die Kundin/der Kunde jetzt arbeiten?",
            kind="choices",
            choices=ANSWERS,
            joined=True,
        ),
        Step(
            key="can_be_motivated",
            question="Lässt sie/er sich voraussichtlich dafür gewinnen?",
            kind="choices",
            choices=ANSWERS,
            joined=True,
        ),
        Step(
            key="probable",
            question="Ist eine Integration in 3 bis 6 Monaten wahrscheinlich?",
            kind="choices",
            choices=fixed({"yes": "Ja", "no": "Nein"}),
            joined=True,
        ),
    ),
)


def _bars(context: Context) -> tuple[Choice, ...]:
    end = Choice(value="end", label="Endet mit dem Leistungsbezug")
    new = Choice(value="new", label="Endet mit dem Leistungsbezug, danach neuer Balken")
    keep = Choice(value="keep", label="Weiterhin richtig")
    again = context.gap is not None and context.gap.last < context.today
    return (end, new, keep) if again else (end, keep)


def _told(context: Context) -> str:
    gap = context.gap
    if gap is None:
        return ""
    if gap.last < gap.first:
        return f"Neu angemeldet am {words.day(gap.first)}, unter dem Balken von davor."
    until = f" bis {words.day(gap.last)}" if gap.last < OPEN else ""
    return f"Der Leistungsbezug endete am {words.day(gap.first - DAY)}; ohne Leistung ab {words.day(gap.first)}{until}."


def _ends(answers: Answers) -> bool:
    return answers.get("bar") in ("end", "new")


def _late(answers: Answers, context: Context) -> bool:
    return _ends(answers) and context.gap is not None and context.gap.first - DAY < context.today - LATE_DAYS * DAY


def _gap(answers: Answers, context: Context) -> wishes.RecordFacts:
    if context.gap is None or not _ends(answers):
        return facts(wishes.ConfirmStrategy(text=text_of(answers, "why")))
    late = {"late_reason": text_of(answers, "late_reason")}
    old = {"on": context.gap.first - DAY, "reason": "benefit-end"}
    new = {"on": context.gap.last + DAY, "strategy": answers.get("strategy")} if answers["bar"] == "new" else None
    return facts(make(wishes.EndStrategy, old | late), make(wishes.SetStrategy, new | late) if new else None)


GAP = Dialogue(
    name="gap",
    title="Unterbrechung des Leistungsbezugs",
    action=Action.RECORD,
    subject=Subject.CASE,
    button="Unterbrechung klären",
    in_case=False,
    in_message=InMessage("gap", at_hand=True),
    typed=Typed(("gap",)),
    refuse=lambda context: None if context.gap else "Unter dem offenen Balken war der Leistungsbezug nie unterbrochen.",
    above=_told,
    wish=_gap,
    steps=(
        Step(key="bar", question="Was wird aus dem Balken von davor?", kind="choices", choices=_bars),
        idle_text(
            key="why",
            question="Woran ist zu erkennen, dass er weiterhin richtig ist?",
            of="Weiterhin richtig",
            condition=lambda answers, context: answers.get("bar") == "keep",
        ),
        Step(
            key="strategy",
            question="Mit welcher Handlungsstrategie geht es weiter?",
            kind="choices",
            choices=fixed(words.STRATEGIES),
            condition=lambda answers, context: answers.get("bar") == "new",
        ),
        replace(late_step(), condition=_late),
    ),
)
