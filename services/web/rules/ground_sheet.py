"""What rules rest on, as rows of the Regelblatt: words, directives, local orders, Dienstvereinbarungen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from domain import evaluations
from domain.facts.grounds import DirectivePublished, EvaluationsAgreed, LocalOrderSet
from domain.knowledge import Known
from domain.law import MATTERS, Lexicon, Word
from services.web.rules import ground_kinds as kinds
from services.web.sheets.sheet import Cell

UNCHECKED = " (zu prüfen)"
People = Mapping[str, str]


def persons(settings: Sequence[Known]) -> set[str]:
    """Who has entered and who has confirmed them (directory keys)."""
    found = {person for row in Lexicon(settings).rows for person in (row.by, row.approved_by) if person}
    for one in settings:
        if isinstance(one.fact, DirectivePublished | LocalOrderSet | EvaluationsAgreed):
            found |= {one.by, one.fact.approved_by}
    return found


def cells(settings: Sequence[Known], people: People) -> Iterator[list[Cell]]:
    """All that held, holds and will hold, with the columns of the Regelblatt."""
    yield from (_word(row, people) for row in Lexicon(settings).rows)
    for one in settings:
        match one.fact:
            case DirectivePublished() as fact:
                what = [", ".join(fact.rules), "Vorgabe", fact.reference, "alle", _directive(fact)]
            case LocalOrderSet() as fact:
                what = [
                    fact.rule,
                    "Örtliche Verfügung",
                    *kinds.rule_names([fact.rule]),
                    fact.unit or "alle",
                    fact.order,
                ]
            case EvaluationsAgreed() as fact:
                allowed = "; ".join(evaluations.title(code) for code in fact.evaluations)
                what = ["", kinds.KINDS["evaluations-agreed"].title, fact.reference, "alle", allowed]
            case _:
                continue
        until = None if isinstance(fact, DirectivePublished) else fact.until
        whose = [people.get(who, "") for who in (one.by, fact.approved_by)]
        yield [*what, None, one.on, until, fact.source, *whose]


def _word(row: Word, people: People) -> list[Cell]:
    source = row.source + (UNCHECKED if row.unchecked and row.since else "")
    whose = [people.get(one, "") for one in (row.by, row.approved_by)]
    return [
        "",
        "Worte und Recht",
        MATTERS[row.about].title,
        "alle",
        row.said,
        None,
        row.since,
        row.until,
        source,
        *whose,
    ]


def _directive(fact: DirectivePublished) -> str:
    return " · ".join(filter(None, (fact.title, fact.paragraph, fact.link)))
