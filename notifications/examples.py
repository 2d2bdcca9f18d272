"""Each text with example data: what a rule says of an invented case, in every way it can say it, and its version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from jinja2 import UndefinedError

from domain.rules import RULES
from notifications import render, wording

DATA: Final[Mapping[str, Any]] = MappingProxyType(  # invented; what each sentence needs
    {
        **dict.fromkeys(
            ("since", "first", "day", "opened", "offered", "job_from", "gap_from", "granted", "set_on"), "2026-03-02"
        ),
        **dict.fromkeys(("ended", "registered", "again", "event", "decided", "job_to", "gap_to"), "2026-05-15"),
        **dict.fromkeys(("ends", "until", "planned_end"), "2026-09-01"),
        "alg1_from": "2026-03-02",
        "place": "Jobakademie",
        "area": "jobakademie",
        "strategy": "integration",
        "type": "fbw",
        "months": 6,
        "days": 0,
        "no_bar": 1,
        "most": 12,
        "misses": 3,
        "time": "10:30",
        "subject": "Zeugnis nachfragen",
        "step": "strategy-choice",
        "decision": "strategy-bar-set",
    }
)
OTHERWISE: Final[Mapping[str, Any]] = MappingProxyType(  # what makes a sentence another one where it is known
    {
        "accepted_on": "2026-05-15",
        "anew": 1,
        "benefit_ends": 1,
        "alg1_to": "2026-08-31",
        "both": 1,
        "briefed": 1,
        "considered": "2026-05-15",
        "last": "2026-05-15",
        "hearing": 1,
        "no_field": 1,
        "open": "2026-05-20",
        "partly": 1,
        "paused": 31,
        "review": "2026-05-15",
        "told": "2026-05-15",
        "wished": 1,
    }
)


class Example(NamedTuple):
    """A text of a stage: what it says, each way once; `own`: in the office's words; `version`: changes with them."""

    rule: str
    stage: str
    says: tuple[str, ...]
    own: bool
    version: str


def examples(own: Mapping[str, str] = MappingProxyType({})) -> list[Example]:
    """The texts of all stages in the order of the rules; `own`: the wordings of the office by name."""
    return [_example(rule, stage, own) for rule in sorted(RULES) for stage in RULES[rule].stages]


def _example(rule: str, stage: str, own: Mapping[str, str]) -> Example:
    body = own.get(wording.name(rule, stage), own.get(wording.name(rule)))
    ways = ({}, *({key: value} for key, value in OTHERWISE.items()))
    says = dict.fromkeys(said for more in ways if (said := _said(rule, stage, {**DATA, **more}, own)))
    return Example(rule, stage, tuple(says), body is not None, _digest(body) if body else _shipped(rule))


def _said(rule: str, stage: str, data: Mapping[str, Any], own: Mapping[str, str]) -> str:
    """The sentence; "" where it needs a name that `data` leaves out, since it is not always known."""
    if own_words := wording.reason(own, rule, stage, data):
        return own_words
    template = render.environment(strict=True).get_template(f"rules/{rule}.txt.j2")
    try:
        return " ".join(template.render({"stage": stage, "today": None, **render.words_of(own), **data}).split())
    except (UndefinedError, TypeError):
        return ""


@cache
def _shipped(rule: str) -> str:
    """The version of a shipped text: the same as long as no word of it changes."""
    parts = sorted(render.TEXTS.glob("rules/_*.j2"))
    sources = [part.read_text(encoding="utf-8") for part in (render.TEXTS / f"rules/{rule}.txt.j2", *parts)]
    return _digest("\n".join(sources))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
