"""The dialogues about what is written down: a process step, decisions taken over into the file (Fachkonzept 2.6)."""

from __future__ import annotations

from collections.abc import Callable

from domain import words
from domain.actions import Action
from domain.decisions import wishes
from domain.dialogues.engine import day_of, text_of
from domain.dialogues.parts import NO_HEALTH_DATA, fact, facts, fixed, happened, late_step
from domain.dialogues.row import Answer, Answers, Choice, Context, Dialogue, InMessage, Step, Subject, Typed
from domain.documented import STANDARD

_ASKED = {
    "facts": "Was ist der Sachverhalt?",
    "considerations": "Welche Erwägungen haben den Ausschlag gegeben?",
    "agreement": "Was ist vereinbart?",
    "next_step": "Was ist der nächste Schritt?",
}


def _missing(field: str) -> Callable[[Answers, Context], bool]:
    """A standard field is asked for unless a step of this kind said it in the last days."""
    return lambda answers, context: field not in context.steps.get(text_of(answers, "step"), {})


def _field(field: str) -> Step:
    return Step(
        key=field,
        question=_ASKED[field],
        kind="text",
        hint=NO_HEALTH_DATA,
        joined=field != STANDARD[0],
        firm=True,
        condition=_missing(field),
    )


def _documented(answers: Answers, context: Context) -> wishes.RecordFacts:
    step = text_of(answers, "step")
    there = context.steps.get(step, {})
    said = {field: text_of(answers, field) or there.get(field, "") for field in STANDARD}
    next_on = text_of(answers, "next_on")
    on = day_of(answers, "on")
    return facts(fact("process-step-documented", on, answers, step=step, next_on=next_on, **said))


def _check_next(value: Answer, answers: Answers, context: Context) -> str | None:
    on = day_of(answers, "on")
    before = str(value) < on.isoformat()
    return f"Der nächste Schritt kann nicht vor dem {words.day(on)} liegen." if before else None


def _filed(answers: Answers, context: Context) -> wishes.RecordFacts:
    given = answers["decisions"]
    chosen = given if isinstance(given, list) else [given]
    return facts(*(fact("decision-filed", context.today, {}, target=one, how="copied") for one in chosen))


STEP = Dialogue(
    name="process-step",
    title="Prozessschritt dokumentieren",
    action=Action.RECORD,
    subject=Subject.CASE,
    button="Prozessschritt",
    in_case=True,
    in_message=InMessage("process-step"),
    typed=Typed(("step",), "on"),
    wish=_documented,
    behind=True,
    steps=(
        happened("Zu welchem Tag?"),
        Step(
            key="step",
            question="Was wird dokumentiert?",
            kind="choices",
            choices=fixed(words.PROCESS_STEPS),
            hint="Was ein Schritt dieser Art in den letzten 14 Tagen schon sagt, wird nicht noch einmal gefragt.",
            joined=True,
        ),
        late_step(),
        *(_field(field) for field in STANDARD),
        Step(
            key="next_on",
            question="Bis wann?",
            kind="date",
            hint="Kann leer bleiben.",
            required=False,
            joined=True,
            firm=True,
            check=_check_next,
            condition=_missing("next_step"),
        ),
    ),
)

FILED = Dialogue(
    name="filed",
    title="In die Akte übernommen",
    action=Action.RECORD,
    subject=Subject.CASE,
    button="In die Akte übernommen",
    in_case=False,
    in_message=InMessage("filed"),
    typed=Typed(("filed",)),
    refuse=lambda context: None if context.unfiled else "Alle Entscheidungen stehen schon in der führenden Akte.",
    wish=_filed,
    steps=(
        Step(
            key="decisions",
            question="Welche Entscheidungen stehen jetzt in der führenden Akte?",
            kind="multiple",
            choices=lambda context: tuple(Choice(value=value, label=label) for value, label in context.unfiled),
        ),
    ),
)
