"""How a dialogue runs: what is asked next from the answers so far, the check of one answer, one screen back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from contextlib import suppress
from itertools import takewhile

from domain import moments, words
from domain.decisions.refusal import Refused
from domain.decisions.wishes import Wish
from domain.dialogues.row import Answer, Answers, Context, Dialogue, Kind, Step
from domain.facts.base import TIME_SHAPE

LONGEST = 4_000  # characters of an answer


class Unanswered(LookupError):
    """What a step is judged by has no answer, or none that can be kept."""


def applies(step: Step, answers: Answers, context: Context) -> bool:
    """Whether the step is asked, as far as the answers given so far tell."""
    try:
        return step.condition(answers, context)
    except Unanswered:
        return False


def why_not(dialogue: Dialogue, context: Context) -> str | None:
    """Why the dialogue cannot be opened now, as a German sentence, or nothing."""
    return "Der Fall ist abgeschlossen." if context.closed else dialogue.refuse(context)


def asked(dialogue: Dialogue, answers: Answers, context: Context) -> list[Step]:
    """The steps that apply, in order, as far as the answers given so far tell."""
    return [step for step in dialogue.steps if applies(step, answers, context)]


def next_step(dialogue: Dialogue, answers: Answers, context: Context) -> Step | None:
    """The first step that applies and has no answer yet; nothing is left to ask: None."""
    return next((step for step in asked(dialogue, answers, context) if step.key not in answers), None)


def screen(dialogue: Dialogue, answers: Answers, context: Context) -> list[Step]:
    """What is asked at once: the next step, and those joined to it that have no answer yet.

    Whether a joined step applies may hang on what is answered on the same screen, so it is asked unless it is `firm`.
    """
    first = next_step(dialogue, answers, context)
    if first is None:
        return []
    following = dialogue.steps[dialogue.steps.index(first) + 1 :]
    joined = (step for step in takewhile(_is_joined, following) if step.key not in answers)
    return [first, *(step for step in joined if not step.firm or applies(step, answers, context))]


def position(dialogue: Dialogue, answers: Answers, context: Context) -> tuple[int, int]:
    """("Schritt n", "von m") of the next screen; with nothing left n is m."""
    screens = [[step for step in steps if applies(step, answers, context)] for steps in _screens(dialogue)]
    applying = [steps for steps in screens if steps]
    done = sum(all(step.key in answers for step in steps) for steps in applying)
    return min(done + 1, len(applying)), len(applying)


def last_answered(dialogue: Dialogue, answers: Answers, context: Context) -> list[Step]:
    """The steps of the screen that "zurück" opens again."""
    for steps in reversed(_screens(dialogue)):
        given = [step for step in steps if step.key in answers and applies(step, answers, context)]
        if given:
            return given
    return []


def _screens(dialogue: Dialogue) -> list[list[Step]]:
    found: list[list[Step]] = []
    for step in dialogue.steps:
        if step.joined:
            found[-1].append(step)
        else:
            found.append([step])
    return found


def _is_joined(step: Step) -> bool:
    return step.joined


def check(step: Step, value: Answer, answers: Answers, context: Context) -> Answer:
    """The answer as it is kept. Raises `Refused` with the step's key and a German sentence."""
    kept = _tidy(step, value)
    sentence = _by_kind(step, kept, context)
    if sentence is None and kept:
        with suppress(Unanswered):  # that one is asked again, and then this is checked once more
            sentence = step.check(kept, answers, context)
    if sentence is not None:
        raise Refused([(step.key, sentence)])
    return kept


def check_all(dialogue: Dialogue, answers: Answers, context: Context) -> None:
    """Checks every answer again before the end, since days pass between two answers. Raises `Refused`."""
    open_step = next_step(dialogue, answers, context)
    if open_step is not None:
        raise Refused([(open_step.key, f"Es fehlt noch eine Antwort: {open_step.question}")])
    for step in asked(dialogue, answers, context):
        check(step, answers[step.key], answers, context)


def wish_of(dialogue: Dialogue, answers: Answers, context: Context) -> Wish:
    """The wish that the answers make. Answers to steps that no longer apply are left out. Raises `Refused`."""
    check_all(dialogue, answers, context)
    applying = {step.key: answers[step.key] for step in asked(dialogue, answers, context)}
    return dialogue.wish(applying, context)


def shown(step: Step, value: Answer, context: Context) -> str:
    """An answer in words: labels for codes, TT.MM.JJJJ for days."""
    labels = {choice.value: choice.label for choice in step.choices(context)}
    if isinstance(value, list):
        return ", ".join(labels.get(code, code) for code in value)
    if step.kind == "date":
        return words.weekday_and_day(dt.date.fromisoformat(value)) if value else "–"
    return labels.get(value, value) or "–"


def day_of(answers: Answers, key: str) -> dt.date:
    """The answer to a date step. Raises Unanswered."""
    if not (said := text_of(answers, key)):
        raise Unanswered(key)
    return dt.date.fromisoformat(said)


def text_of(answers: Answers, key: str) -> str:
    """The answer to a step of one value; "" if it was not asked."""
    value = answers.get(key, "")
    return value if isinstance(value, str) else ",".join(value)


def _tidy(step: Step, value: Answer) -> Answer:
    if step.kind == "multiple":
        given = value if isinstance(value, list) else [part for part in value.split(",") if part]
        return list(dict.fromkeys(given))
    if isinstance(value, list):
        raise Refused([(step.key, "Bitte genau eine Antwort geben.")])
    return value.strip()


def _by_kind(step: Step, value: Answer, context: Context) -> str | None:
    if not value:
        return _MISSING[step.kind] if step.required else None
    if step.kind in ("text", "line"):
        return _text(step, str(value))
    if step.kind == "time":
        return None if re.fullmatch(TIME_SHAPE, str(value)) else f"„{str(value)[:40]}“ ist keine Uhrzeit. {_TIME}"
    if step.kind == "date":
        return _date(str(value))
    allowed = {choice.value for choice in step.choices(context)}
    given = value if isinstance(value, list) else [value]
    return None if allowed.issuperset(given) else "Diese Antwort steht nicht zur Wahl."


def _text(step: Step, value: str) -> str | None:
    if len(value) < step.minimum:
        return f"Bitte mindestens {step.minimum} Zeichen schreiben."
    return words.too_long(value, LONGEST)


def _date(value: str) -> str | None:
    try:
        moments.day(value)
    except ValueError:
        return "Dieses Datum ist nicht zu erkennen. Bitte als TT.MM.JJJJ angeben."
    return None


_TIME = "Bitte als HH:MM angeben, zum Beispiel 10:30."
_MISSING: Mapping[Kind, str] = {
    "choices": "Bitte eine Antwort wählen.",
    "multiple": "Bitte mindestens ein Kästchen ankreuzen.",
    "text": "Bitte hier etwas schreiben.",
    "line": "Bitte hier etwas schreiben.",
    "time": f"Bitte eine Uhrzeit angeben. {_TIME}",
    "date": "Bitte ein Datum angeben.",
    "confirm": "Bitte bestätigen.",
}
