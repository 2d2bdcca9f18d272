"""Whatever is answered to the questions of a screen, each dialogue takes it or says in a sentence what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from itertools import product

import pytest

from domain import dialogues
from domain.decisions.refusal import Refused
from domain.dialogues import DIALOGUES, Answer, Answers, Context, Dialogue, Step
from domain.dialogues.row import Miss
from domain.periods import Period
from services.dialogues.answers import checked, fitting, misfits

TODAY = dt.date(2026, 11, 20)
SCREENS = 60  # of one dialogue, by different ways
CASE = Context(
    today=TODAY,
    subject="S-1",
    strategy="integration",
    since=dt.date(2026, 5, 20),
    alg1_since=dt.date(2026, 11, 1),
    field="entwicklung",
    field_since=dt.date(2026, 11, 2),
    people=(("fm-2", "Weber, Karl (56.4)"),),
    due=(("R-04", "Förderzeit"),),
    jobs=(("E-1", "Ausbildung"), ("E-2", "geringfügig")),
    anew={"E-1": dt.date(2026, 11, 10)},
    used_again=(dt.date(2026, 11, 9), dt.date(2026, 11, 12)),
    misses=(
        Miss("T-1", dt.date(2026, 10, 1), without_cause=False),
        Miss("T-2", dt.date(2026, 11, 1), without_cause=True),
    ),
    talk_until=dt.date(2027, 1, 10),
    gap=Period(dt.date(2026, 10, 1), dt.date(2026, 10, 20)),
    own=(("W-1", "Zeugnis"),),
    overlap=(("withdraw:r-1", "Es gilt Integration."), ("move:r-2:2026-11-01", "Beide.")),
    unfiled=(("f-1", "Verlängerung, 01.11.2026"),),
    place=("56.4", "av-ags"),
    actor="fm-1",
    responsible=True,
)
BARE = Context(today=TODAY)
ODD: tuple[Answer, ...] = (
    "",
    "24:00",
    "31.02.2026",
    "9" * 5_000,
    "<b>\x00</b>",
    ["x", "x"],
    "9999-12-31",
    "0001-01-01",
)


def likely(step: Step, context: Context) -> list[Answer]:
    """What somebody would answer: each choice, a day of last week and one ahead, a text."""
    if step.kind == "date":
        return ["2026-11-16", "2027-02-28"]
    if step.kind in ("choices", "multiple"):
        values = [one.value for one in step.choices(context)]
        return [[one] for one in values[:2]] if step.kind == "multiple" else [*values]
    return ["10:30"] if step.kind == "time" else ["Das ist so besprochen."]


def screens(dialogue: Dialogue, context: Context) -> Iterator[tuple[Answers, list[Step]]]:
    """Screens that somebody can come to, each with the answers before it."""
    waiting: list[Answers] = [{}]
    seen = 0
    while waiting and seen < SCREENS:
        answers = waiting.pop(0)
        steps = dialogues.screen(dialogue, answers, context)
        if not steps:
            continue
        seen += 1
        yield answers, steps
        for given in list(product(*(likely(step, context) or [""] for step in steps)))[:12]:
            try:
                kept = checked(dialogue, answers, context, dict(zip((step.key for step in steps), given, strict=True)))
            except Refused:
                continue
            waiting.append({**answers, **kept})


@pytest.mark.parametrize("context", [CASE, BARE], ids=["much", "nothing"])
@pytest.mark.parametrize("name", DIALOGUES)
def test_nothing_ends_in_an_error_nobody_expects(name: str, context: Context) -> None:
    dialogue = DIALOGUES[name]
    for answers, steps in screens(dialogue, context):
        usual = {step.key: next(iter(likely(step, context)), "") for step in steps}
        for step, odd in product(steps, (*ODD, None)):
            given = {key: value for key, value in usual.items() if key != step.key} | (
                {} if odd is None else {step.key: odd}
            )
            with suppress(Refused):
                kept = checked(dialogue, answers, context, given)
                dialogues.position(dialogue, {**answers, **kept}, context)
            misfits(dialogue, answers, context, given)
            dialogues.position(dialogue, {**answers, **fitting(dialogue, answers, context, given)}, context)
