"""The dialogues about what the client wants: the wish to work, the plan agreed on (Fachkonzept 2.6, R-22)."""

from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from domain import words
from domain.actions import Action
from domain.decisions import wishes
from domain.dialogues.engine import day_of, text_of
from domain.dialogues.parts import NO_HEALTH_DATA, fact, facts, fixed, happened, late_step
from domain.dialogues.row import Answer, Answers, Context, Dialogue, InMessage, Step, Subject, Typed

GOALS = 20  # at most, as in `SupportStrategyAgreed`
HOURS = 168  # of a week
OPEN = "open"
GOALS_HINT = f"Eins je Zeile, das wichtigste zuerst. {NO_HEALTH_DATA}"


def _told(answers: Answers, context: Context) -> bool:
    return answers.get("answer") in ("clear", "unclear")


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError:
        return None


def _check_hours(value: Answer, answers: Answers, context: Context) -> str | None:
    hours = _number(str(value))
    if hours is None or not 0 <= hours <= HOURS:
        return f"Bitte die Stunden je Woche als Zahl von 0 bis {HOURS} angeben, zum Beispiel 19,5."
    return None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _check_goals(value: Answer, answers: Answers, context: Context) -> str | None:
    return f"Bitte höchstens {GOALS} Ziele, eins je Zeile." if len(_lines(str(value))) > GOALS else None


def _check_until(value: Answer, answers: Answers, context: Context) -> str | None:
    if not answers.get("goals"):
        return "Ein letzter Tag gehört zu vereinbarten Zielen. Bitte Ziele nennen oder den Tag leer lassen."
    on = day_of(answers, "on")
    return f"Die Vereinbarung vom {words.day(on)} kann nicht davor enden." if _day(value) < on else None


def _day(value: Answer) -> dt.date:
    return dt.date.fromisoformat(str(value))


def _wish(answers: Answers, context: Context) -> wishes.RecordFacts:
    on = day_of(answers, "on")
    return facts(fact("wish-to-work-asked", on, answers), _expressed(on, answers), _agreed(on, answers))


def _expressed(on: dt.date, answers: Answers) -> wishes.RecordFact | None:
    if not _told(answers, Context(today=on)):
        return None
    level, helper = text_of(answers, "level"), text_of(answers, "helper_job_wanted")
    return fact(
        "wish-to-work-expressed",
        on,
        answers,
        clear=answers["answer"] == "clear",
        level="" if level == OPEN else level,
        helper_job_wanted=None if helper == OPEN else helper == "yes",
        field=text_of(answers, "field"),
        hours=_number(text_of(answers, "hours")),
    )


def _agreed(on: dt.date, answers: Answers) -> wishes.RecordFact | None:
    goals = _lines(text_of(answers, "goals"))
    if not goals:
        return None
    said = {key: text_of(answers, key) for key in ("form", "until")}
    return fact("support-strategy-agreed", on, answers, goals=goals, **said)


_UNTIL = Step(
    key="until",
    question="Bis wann gilt die Vereinbarung?",
    kind="date",
    hint="Kann leer bleiben.",
    required=False,
    joined=True,
    check=_check_until,
)

WISH = Dialogue(
    name="wish-to-work",
    title="Wunsch zu arbeiten eintragen",
    action=Action.RECORD,
    subject=Subject.CASE,
    button="Wunsch erfragt",
    in_case=False,
    in_message=InMessage("ask-wish"),
    typed=Typed(("wish",), "on"),
    wish=_wish,
    behind=True,
    steps=(
        happened("Wann wurde nach dem Wunsch zu arbeiten gefragt?"),
        Step(
            key="answer",
            question="Was war die Antwort?",
            kind="choices",
            choices=fixed(
                {
                    "clear": "Klarer Wunsch zu arbeiten",
                    "unclear": "Noch unklar",
                    "none": "Zurzeit kein Wunsch oder keine Antwort",
                }
            ),
            joined=True,
        ),
        late_step(),
        Step(
            key="level",
            question="Welche Art von Arbeit?",
            kind="choices",
            choices=fixed({"helfer": "Helfertätigkeit", "qualifiziert": "Qualifizierte Arbeit", OPEN: "Noch offen"}),
            default=lambda context: OPEN,
            condition=_told,
        ),
        Step(
            key="helper_job_wanted",
            question="Ist auch eine Helfertätigkeit ausdrücklich gewünscht?",
            kind="choices",
            choices=fixed({"yes": "Ja", "no": "Nein", OPEN: "Noch offen"}),
            default=lambda context: OPEN,
            joined=True,
            condition=_told,
        ),
        Step(
            key="field",
            question="In welchem Berufsfeld?",
            kind="line",
            hint="Kann leer bleiben.",
            required=False,
            joined=True,
            condition=_told,
        ),
        Step(
            key="hours",
            question="Wie viele Stunden je Woche?",
            kind="line",
            hint="Kann leer bleiben.",
            required=False,
            joined=True,
            check=_check_hours,
            condition=_told,
        ),
        Step(
            key="goals",
            question="Welche Ziele sind schon gemeinsam vereinbart?",
            kind="text",
            hint=f"Kann leer bleiben. {GOALS_HINT}",
            required=False,
            joined=True,
            check=_check_goals,
            condition=_told,
        ),
        replace(_UNTIL, condition=_told),
    ),
)

AGREE = Dialogue(
    name="agree",
    title="Förderstrategie vereinbaren",
    action=Action.RECORD,
    subject=Subject.CASE,
    button="Förderstrategie vereinbart",
    in_case=False,
    in_message=InMessage("agree"),
    typed=Typed(("agree",), "on"),
    wish=lambda answers, context: facts(_agreed(day_of(answers, "on"), answers)),
    behind=True,
    steps=(
        happened("Wann wurde sie vereinbart?"),
        Step(
            key="form",
            question="In welcher Form?",
            kind="choices",
            choices=fixed(words.PLANS),
            default=lambda context: "foerderstrategie",
            joined=True,
        ),
        Step(
            key="goals",
            question="Welche Ziele sind vereinbart?",
            kind="text",
            hint=GOALS_HINT,
            joined=True,
            check=_check_goals,
        ),
        _UNTIL,
        late_step(),
    ),
)
