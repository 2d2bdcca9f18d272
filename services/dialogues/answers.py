"""What is answered to the questions of a screen: typed days and choices understood, every answer checked."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz import fuzz, process

from domain import dialogues
from domain.decisions.refusal import Refused
from domain.dialogues import Answer, Answers, Context, Dialogue, Step
from services.dialogues.german_days import Unfit, read_day
from services.dialogues.german_times import read_times
from services.people import receivers


def checked(dialogue: Dialogue, answers: Answers, context: Context, given: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers to those of the given steps that apply, each in the light of those before it; all or none.

    Raises `Refused` with every step that is to be asked again.
    """
    so_far, kept, wrong = dict(answers), dict[str, Answer](), list[tuple[str, str]]()
    for step in dialogue.steps:
        if step.key not in given:
            continue
        if not dialogues.applies(step, so_far, context):
            wrong += [(step.key, step.idle)] if step.idle and given[step.key] else []
            continue
        try:
            kept[step.key] = so_far[step.key] = _checked(dialogue, step, given[step.key], so_far, context)
        except Refused as error:
            wrong += error.reasons
    if wrong:
        raise Refused(wrong)
    return kept


def fitting(dialogue: Dialogue, answers: Answers, context: Context, given: Mapping[str, Answer]) -> dict[str, Answer]:
    """What of the given answers can be kept beforehand; the others are asked for when their turn comes."""
    kept: dict[str, Answer] = {}
    for step in dialogue.steps:
        if step.key in given:
            try:
                kept[step.key] = _checked(dialogue, step, given[step.key], answers, context)
            except Refused:
                continue
    return kept


def misfits(dialogue: Dialogue, answers: Answers, context: Context, given: Mapping[str, Answer]) -> list[str]:
    """Why those of the given answers that were not kept do not fit, as German sentences."""
    found: list[str] = []
    for step in dialogue.steps:
        if step.key in given and answers.get(step.key) != given[step.key]:
            try:
                _checked(dialogue, step, given[step.key], answers, context)
            except Refused as error:
                found += [sentence for _, sentence in error.reasons]
    return found


def _checked(dialogue: Dialogue, step: Step, value: Answer, answers: Answers, context: Context) -> Answer:
    return dialogues.check(step, _typed(dialogue, step, value, context), answers, context)


def _typed(dialogue: Dialogue, step: Step, value: Answer, context: Context) -> Answer:
    """A typed day as ISO day, a time as HH:MM, a typed choice as its code; anything else as it came.

    Raises `Refused` where a person is to be named and none or several are meant.
    """
    if not isinstance(value, str) or not value.strip():
        return value
    if step.kind == "date":
        try:
            day = read_day(value, context.today, near=dialogue.behind)
        except Unfit as error:
            raise Refused([(step.key, str(error))]) from None
        return day.isoformat() if day else value
    if step.typed:
        return receivers.chosen([(one.value, one.label) for one in step.choices(context)], value, step.key)
    if step.kind == "time":
        return _time(value.strip())
    if step.kind == "choices":
        labels = {choice.label: choice.value for choice in step.choices(context)}
        if value not in labels.values():
            found = process.extractOne(value, list(labels), scorer=fuzz.ratio, score_cutoff=80)
            return labels[found[0]] if found else value
    return value


def _time(value: str) -> str:
    """ "10", "10.30", "10 Uhr" and "um 10:30" in a field for a time; what is none, or more than one, as it came."""
    times = read_times(value if value.lower().startswith("um ") else f"um {value}")
    return times.found[0] if len(times.found) == 1 and not (times.wrong or times.rest) else value
