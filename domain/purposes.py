"""Why somebody who does not work a case reads it (domain.md 8, no. 4): a short list, and who has to say so."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from domain.permissions import Relation

DECISION: Final = "decision"
SUPERVISION: Final = "supervision"
QUALITY: Final = "quality"
PURPOSES: Final = {
    SUPERVISION: "Fachaufsicht",
    QUALITY: "QS-Erhebung",
    DECISION: "Entscheidung über Verlängerung",
    "deputy": "Vertretung",
    "enquiry": "Anfrage oder Beschwerde",
}
"""The code that is logged -> its German words."""

_OVERSEEING = frozenset({Relation.LEAD, Relation.QS})
_WORKING = frozenset({Relation.RESPONSIBLE, Relation.DEPUTY, Relation.RECEIVER})


def must_name(relations: Collection[Relation]) -> bool:
    """Whether somebody standing so to a case reads it as QS or lead, and not because the case is theirs to work."""
    return not _OVERSEEING.isdisjoint(relations) and _WORKING.isdisjoint(relations)
