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
from services.records.words import alphabetical
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
    getan: str = Field("", max_length=PAGE * 40)

    @property
    def done(self) -> list[str]:
        """The ids of the decisions just taken."""
        return [one for one in self.getan.split(",") if one]


class Reason(NamedTuple):
    """Why a row is there, in one sentence, since when that is due, and the ids of the rules that say so."""

    sentence: str
    due: dt.date
    rules: list[str]


class Line(NamedTuple):
    """A case and theme: why, the latest stage first; `rules` as forms name them.

    `gone`: who was responsible has left. `reminded`: the day a lead last did so. `acts`: the dialogues that can be
    opened, each with what its button says.
    """

    one: Overdue
    anchor: str
    topic: str
    reasons: list[Reason]
    rules: str
    gone: bool
    reminded: dt.date | None
    may_remind: bool
    acts: list[tuple[str, str]]


class Listed(NamedTuple):
    """A page of the list. `every` counts all that is overdue, `found` what is asked for; choices as (value, words).

    `dropped`: what the address asks for and the list does not have, each with nothing in its place.
    """

    every: int
    found: int
    page: int
    pages: int
    rows: list[Overdue]
    workers: list[tuple[str, str]]
    rules: list[tuple[str, str]]
    narrowed: Mapping[str, str]
    dropped: Mapping[str, str]


def listed(every: Sequence[Overdue], asked: Asked, visitor: Visitor, people: Mapping[str, str]) -> Listed:
    """The page asked for; `people` names the workers by directory key, where the visitor may name them."""
    workers, rules = _workers(every, visitor, people), _rules(every)
    narrowed = {"fachkraft": _chosen(asked.fachkraft, workers), "regel": _chosen(asked.regel, rules)}
    dropped = {field: "" for field, value in narrowed.items() if not value and getattr(asked, field)}
    found = asked_for(every, asked, visitor, people)
    pages = max(1, -(-len(found) // PAGE))
    page = min(asked.seite, pages) - 1
    rows = found[page * PAGE : (page + 1) * PAGE]
    return Listed(len(every), len(found), page, pages, rows, workers, rules, narrowed, dropped)


def asked_for(every: Sequence[Overdue], asked: Asked, visitor: Visitor, people: Mapping[str, str]) -> list[Overdue]:
    """All that is asked for, in the order asked for."""
    workers = _workers(every, visitor, people)
    narrowed = {"fachkraft": _chosen(asked.fachkraft, workers), "regel": _chosen(asked.regel, _rules(every))}
    by = asked.sortieren if workers or asked.sortieren != "fachkraft" else "faellig"
    return sorted((one for one in every if _fits(one, **narrowed)), key=_order(by, people))


def lines(rows: Sequence[Overdue], visitor: Visitor, own: Mapping[str, str]) -> list[Line]:
    """The rows in words; `own`: the wordings of the office by name."""
    return [_line(one, visitor, _reasons(one, visitor, own)) for one in rows]


def anchor_of(one: Overdue) -> str:
    """The id of a row on the page, by which forms name it."""
    return anchor(RULES[one.stages[0].rule].theme, one.case_key)


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


def _line(one: Overdue, visitor: Visitor, reasons: list[Reason]) -> Line:
    moments = [stage.reminded_at for stage in one.stages if stage.reminded_at]
    day = local_day(max(moments)) if moments else None
    own = one.worker == visitor.person
    there = one.worker is not None and visitor.organisation.employed(one.worker, visitor.today)
    return Line(
        one,
        anchor_of(one),
        RULES[one.stages[0].rule].theme.name,
        reasons,
        ",".join(dict.fromkeys(stage.rule for stage in one.stages)),
        one.worker is not None and not there,
        day,
        there and not own and day != visitor.today,
        [(name, DIALOGUES[name].button) for name in ACTS if not own or name == "assign"],
    )


def _reasons(one: Overdue, visitor: Visitor, own: Mapping[str, str]) -> list[Reason]:
    """Each sentence once."""
    found: dict[str, list[Stage]] = {}
    for stage in one.stages:
        said = render.reason(stage.rule, stage.stage, stage.reason, visitor.today, own)
        found.setdefault(said, []).append(stage)
    return [
        Reason(said, min(one.due for one in some), list(dict.fromkeys(one.rule for one in some)))
        for said, some in found.items()
    ]


def _workers(every: Sequence[Overdue], visitor: Visitor, people: Mapping[str, str]) -> list[tuple[str, str]]:
    if not visitor.names_staff:
        return []
    keys = {one.worker for one in every}
    named = sorted(((key, people.get(key, "–")) for key in keys if key), key=lambda one: alphabetical(one[1]))
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
        "fachkraft": lambda one: (one.worker is None, alphabetical(people.get(one.worker or "", "–"))),
    }
    return lambda one: (orders[by](one), one.due, one.number)
