"""What is overdue as a list to work through: narrowed by worker and rule, ordered, page by page. No count by worker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel, Field

from domain.dialogues import DIALOGUES
from domain.periods import local_day
from domain.rules import RULES
from notifications import render
from services.dialogues.conversation import Conversation
from services.questions.team import Overdue, Stage
from services.web.http.visitor import Visitor
from services.web.today.tasks import anchor

PAGE = 25  # cases and themes on a page
ACTS = ("accept-explanation", "take-over", "assign")  # dialogues about a row
NOBODY = "ohne"  # asks for what nobody is responsible for


class Asked(BaseModel):
    """How the list is asked for; `fachkraft` is a directory key, and nothing is narrowed by what is not in the list."""

    fachkraft: str = Field("", max_length=64)
    regel: str = Field("", max_length=16)
    sortieren: Literal["faellig", "fall", "fachkraft"] = "faellig"
    seite: int = Field(1, ge=1, le=10_000)
    getan: str = Field("", max_length=64)


class Line(NamedTuple):
    """A case and theme: the latest stage of each rule with its sentence; `followups` and `rules` as forms name them.

    `reminded`: the day a lead last did so. `acts`: the dialogues that can be opened, each with what its button says.
    """

    one: Overdue
    anchor: str
    reasons: list[tuple[Stage, str]]
    followups: str
    rules: str
    reminded: dt.date | None
    may_remind: bool
    acts: list[tuple[str, str]]


class Listed(NamedTuple):
    """A page of the list. `every` counts all that is overdue, `found` what is asked for; choices as (value, words)."""

    every: int
    found: int
    page: int
    pages: int
    rows: list[Overdue]
    workers: list[tuple[str, str]]
    rules: list[tuple[str, str]]
    narrowed: Mapping[str, str]


def listed(every: Sequence[Overdue], asked: Asked, visitor: Visitor, people: Mapping[str, str]) -> Listed:
    """The page asked for; `people` names the workers by directory key, where the visitor may name them."""
    workers, rules = _workers(every, visitor, people), _rules(every)
    narrowed = {"fachkraft": _chosen(asked.fachkraft, workers), "regel": _chosen(asked.regel, rules)}
    found = asked_for(every, asked, visitor, people)
    pages = max(1, -(-len(found) // PAGE))
    page = min(asked.seite, pages) - 1
    return Listed(len(every), len(found), page, pages, found[page * PAGE : (page + 1) * PAGE], workers, rules, narrowed)


def asked_for(every: Sequence[Overdue], asked: Asked, visitor: Visitor, people: Mapping[str, str]) -> list[Overdue]:
    """All that is asked for, in the order asked for."""
    workers = _workers(every, visitor, people)
    narrowed = {"fachkraft": _chosen(asked.fachkraft, workers), "regel": _chosen(asked.regel, _rules(every))}
    by = asked.sortieren if workers or asked.sortieren != "fachkraft" else "faellig"
    return sorted((one for one in every if _fits(one, **narrowed)), key=_order(by, people))


def lines(rows: Sequence[Overdue], visitor: Visitor, own: Mapping[str, str]) -> list[Line]:
    """The rows in words; `own`: the wordings of the office by name."""
    return [_line(one, visitor, _reasons(one, visitor, own)) for one in rows]


def placed(rows: Sequence[Line], drafts: Sequence[Conversation]) -> dict[str, Conversation]:
    """The open dialogue about the case of a row, by anchor; of several rows of a case at that of its rules, or first.

    One dialogue a case: what else is open about it is left out.
    """
    found: dict[UUID, tuple[str, Conversation]] = {}
    for one in reversed(drafts):
        of_case = [line for line in rows if line.one.case_key == one.case_key]
        if one.dialogue.name in ACTS and of_case:
            rules = ",".join(one.answers.get("rules", ()))
            line = next((line for line in of_case if line.rules == rules), of_case[0])
            found[one.case_key] = (line.anchor, one)
    return dict(found.values())


def _line(one: Overdue, visitor: Visitor, reasons: list[tuple[Stage, str]]) -> Line:
    moments = [stage.reminded_at for stage in one.stages if stage.reminded_at]
    day = local_day(max(moments)) if moments else None
    own = one.worker == visitor.person
    there = one.worker is not None and visitor.organisation.employed(one.worker, visitor.today)
    return Line(
        one,
        anchor(RULES[one.stages[0].rule].theme, one.case_key),
        reasons,
        ",".join(stage.id.hex for stage in one.stages),
        ",".join(dict.fromkeys(stage.rule for stage in one.stages)),
        day,
        there and not own and day != visitor.today,
        [(name, DIALOGUES[name].button) for name in ACTS if not own or name == "assign"],
    )


def _reasons(one: Overdue, visitor: Visitor, own: Mapping[str, str]) -> list[tuple[Stage, str]]:
    return [(stage, render.reason(stage.rule, stage.stage, stage.reason, visitor.today, own)) for stage in one.stages]


def _workers(every: Sequence[Overdue], visitor: Visitor, people: Mapping[str, str]) -> list[tuple[str, str]]:
    if not visitor.names_staff:
        return []
    keys = {one.worker for one in every}
    named = sorted(((key, people.get(key, "–")) for key in keys if key), key=lambda one: one[1])
    return [*named, *([(NOBODY, "ohne Zuständigkeit")] if None in keys else [])]


def _rules(every: Sequence[Overdue]) -> list[tuple[str, str]]:
    there = {stage.rule for one in every for stage in one.stages}
    return [(rule.id, rule.name) for rule in RULES.values() if rule.id in there]


def _chosen(value: str, choices: Sequence[tuple[str, str]]) -> str:
    return value if any(value == one for one, _ in choices) else ""


def _fits(one: Overdue, fachkraft: str, regel: str) -> bool:
    whose = not fachkraft or (one.worker or NOBODY) == fachkraft
    return whose and (not regel or any(stage.rule == regel for stage in one.stages))


def _order(by: str, people: Mapping[str, str]) -> Callable[[Overdue], tuple[object, ...]]:
    """What the list is ordered by, and within it the oldest first."""
    orders: Mapping[str, Callable[[Overdue], object]] = {
        "faellig": lambda one: one.due,
        "fall": lambda one: one.number,
        "fachkraft": lambda one: people.get(one.worker, "–") if one.worker else "\uffff",
    }
    return lambda one: (orders[by](one), one.due, one.number)
