"""The office's own wording of a text (`text-set`): plain, with names in braces for what is known."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from domain.knowledge import Known
from domain.law import Lexicon
from domain.office import measures
from domain.rules import RULES
from domain.words import AREAS, MEASURES, STRATEGIES, day

_DAYS = (
    *("since", "ends", "until", "review", "bar", "day", "alg1_from", "alg1_to", "last", "open", "opened", "told"),
    *("job_from", "job_to", "again", "gap_from", "gap_to", "registered", "granted", "ended", "planned_end", "offered"),
    *("accepted_on", "decided", "event", "set_on", "considered"),
)
_AS_THEY_ARE = ("months", "days", "most", "paused", "time", "misses")
_WORDS = {"area": AREAS, "strategy": STRATEGIES, "type": MEASURES}
TEXTS = Path(__file__).parent / "texts"
UNKNOWN = "–"  # stands for what has a name and is not known here


def _written(words: Mapping[str, str]) -> Callable[[Any], str]:
    return lambda code: words.get(str(code), str(code))


PLACEHOLDERS: Mapping[str, Callable[[Any], str]] = {
    **dict.fromkeys(_DAYS, lambda value: day(dt.date.fromisoformat(str(value)))),
    **dict.fromkeys(_AS_THEY_ARE, str),
    **{name: _written(words) for name, words in _WORDS.items()},
}


class Words(dict[str, str]):
    """What an office says itself: the bodies of its texts by name, the words of the law, the names of its types."""

    def __init__(self, bodies: Mapping[str, str], settings: Sequence[Known], on: dt.date) -> None:
        """`settings`: the office's, in the order in which they count; `on`: the day for which the types are named."""
        super().__init__(bodies)
        self.law = Lexicon(settings)
        self.types = measures.named(settings, on)


def name(rule: str, stage: str | None = None) -> str:
    """What `text-set` calls the sentence of a rule, or of one of its stages: `rules/R-02`, `rules/R-02/limit`."""
    return f"rules/{rule}" if stage is None else f"rules/{rule}/{stage}"


def is_known(text: str) -> bool:
    """Whether there is a text of this name that an office can word."""
    return text in _NAMES


def names(text: str) -> tuple[str, ...]:
    """The names that a text of this name may have in braces: those of the shipped text. KeyError if there is none."""
    if not is_known(text):
        raise KeyError(text)
    return PLACED if text == LETTERS[0] else () if text in LETTERS else _asked(text.split("/")[1])


@cache
def _asked(rule: str) -> tuple[str, ...]:
    """What the shipped sentences of a rule ask for, with the parts they are made of."""
    from jinja2 import Environment, meta, nodes  # which who renders nothing goes without

    parser = Environment(autoescape=True)
    found, waiting = set[str](), {f"rules/{rule}.txt.j2"}
    while waiting:
        parsed = parser.parse((TEXTS / waiting.pop()).read_text(encoding="utf-8"))
        found |= {one.name for one in parsed.find_all(nodes.Name)}
        waiting |= {part for part in meta.find_referenced_templates(parsed) if part}
    return tuple(one for one in PLACEHOLDERS if one in found)


def strange(text: str, body: str) -> list[str]:
    """What stands in braces of a body and would stay there, each once."""
    return sorted(set(re.findall(r"\{[^{}\s]*\}", body)) - {f"{{{one}}}" for one in names(text)})


def reason(own: Mapping[str, str], rule: str, stage: str, data: Mapping[str, Any]) -> str | None:
    """The office's sentence about why a stage is due; that of the stage before that of the rule, nothing without one.

    `own`: the bodies by name. Only names of `PLACEHOLDERS` in braces are replaced; nothing of a body is executed.
    """
    body = own.get(name(rule, stage), own.get(name(rule)))
    if body is None:
        return None
    types = own.types if isinstance(own, Words) else {}
    known = {**data, "type": types.get(str(data.get("type")), data.get("type"))}
    return " ".join(_BRACES.sub(lambda found: _said(found[1], known), body).split())


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
