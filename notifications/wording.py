"""The office's own wording of a text (`text-set`): plain, with names in braces for what is known."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from domain.rules import RULES
from domain.words import AREAS, STRATEGIES, day

_DAYS = ("since", "ends", "until", "review", "bar", "day", "alg1_from", "alg1_to")
_AS_THEY_ARE = ("months", "most", "paused", "time")
_WORDS = {"area": AREAS, "strategy": STRATEGIES}
UNKNOWN = "–"  # stands for what has a name and is not known here


def _written(words: Mapping[str, str]) -> Callable[[Any], str]:
    return lambda code: words.get(str(code), str(code))


PLACEHOLDERS: Mapping[str, Callable[[Any], str]] = {
    **dict.fromkeys(_DAYS, lambda value: day(dt.date.fromisoformat(str(value)))),
    **dict.fromkeys(_AS_THEY_ARE, str),
    **{name: _written(words) for name, words in _WORDS.items()},
}


def name(rule: str, stage: str | None = None) -> str:
    """What `text-set` calls the sentence of a rule, or of one of its stages: `rules/R-02`, `rules/R-02/limit`."""
    return f"rules/{rule}" if stage is None else f"rules/{rule}/{stage}"


def is_known(text: str) -> bool:
    """Whether there is a text of this name that an office can word."""
    return text in _NAMES


def names(text: str) -> tuple[str, ...]:
    """The names that a text of this name may have in braces. KeyError if there is no such text."""
    if not is_known(text):
        raise KeyError(text)
    return PLACED if text == LETTERS[0] else () if text in LETTERS else tuple(PLACEHOLDERS)


def strange(text: str, body: str) -> list[str]:
    """What stands in braces of a body and would stay there, each once."""
    return sorted(set(re.findall(r"\{[^{}\s]*\}", body)) - {f"{{{one}}}" for one in names(text)})


def reason(own: Mapping[str, str], rule: str, stage: str, data: Mapping[str, Any]) -> str | None:
    """The office's sentence about why a stage is due; that of the stage before that of the rule, nothing without one.

    `own`: the bodies by name. Only names of `PLACEHOLDERS` in braces are replaced; nothing of a body is executed.
    """
    body = own.get(name(rule, stage), own.get(name(rule)))
    return None if body is None else " ".join(_BRACES.sub(lambda found: _said(found[1], data), body).split())


def letter(body: str, said: Mapping[str, str]) -> str:
    """The office's own letter: names of `said` in braces are replaced, its lines stay; nothing of it is executed."""
    braces = re.compile(r"\{(" + "|".join(map(re.escape, said)) + r")\}")
    return braces.sub(lambda found: said[found[1]], body).strip()


def _said(placeholder: str, data: Mapping[str, Any]) -> str:
    write = PLACEHOLDERS[placeholder]
    return write(data[placeholder]) if data.get(placeholder) is not None else UNKNOWN


_BRACES = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")
PLACED = ("day", "time", "place", "name", "worker", "notice")  # what an invitation says
LETTERS = ("letter/invitation", "letter/legal-notice")
NAMES = (*LETTERS, *(name(rule.id, stage) for rule in RULES.values() for stage in (None, *rule.stages)))
_NAMES = frozenset(NAMES)
