"""What a recipe asks, as the sentence a person would read: the access log keeps recipes."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Sequence
from typing import Any, cast

from services.questions import answers, library
from services.questions.parameters import CASE, MOMENT, UNIT, Parameter
from services.questions.question import Asked, Question

AND, THEN = " verglichen mit ", " · "  # how a recipe goes on
ALONE = (UNIT, CASE)  # what is said as it is written; the others read a text alone


def sentence(recipe: str, on: dt.date) -> str:
    """The question of a recipe of a day with its blanks in words; "" for what is none, or was cut off.

    Of two lists that are compared the Datenstand of the second stands behind.
    """
    commands = recipe.partition(THEN)[0].split(AND)
    try:
        first, *others = [_asked(shlex.split(one), on) for one in commands]
        later = "".join(f" Verglichen mit dem Datenstand {MOMENT.said(one.known_at)}." for one in others)
        return answers.question_asked(first) + later
    except (ValueError, LookupError):
        return ""


def _asked(words: Sequence[str], on: dt.date) -> Asked:
    """A question as its command asks it. Raises ValueError, UnknownQuestion."""
    if words[:2] == ["fallverlauf", "ask"]:
        question, given = library.question(words[2]), [one.partition("=") for one in words[4::2]]
    else:
        question = _of_command(words)
        given = [(name.removeprefix("--"), "=", text) for name, text in zip(words[2::2], words[3::2], strict=True)]
    values = answers.defaulted(question, on)
    for name, _, text in given:
        blank = _blank(question, name)
        values[blank.name] = (*values[blank.name], _read(blank, text)) if blank.kind.many else _read(blank, text)
    return Asked(question, values)


def _of_command(words: Sequence[str]) -> Question:
    found = [one for one in library.QUESTIONS.values() if one.command and ["fallverlauf", one.command] == [*words[:2]]]
    if len(found) != 1:
        raise ValueError(words)
    return found[0]


def _blank(question: Question, name: str) -> Parameter:
    called = name.replace("-", "_")
    named = {key: one for one in question.blanks for key in (one.name, one.option.replace("-", "_"))}
    return named[called]


def _read(blank: Parameter, text: str) -> Any:
    return text if blank.kind in ALONE else blank.kind.read(text, cast(Any, None))
