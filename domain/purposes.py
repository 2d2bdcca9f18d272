"""Why somebody who does not work a case reads it (Fachkonzept 8 no. 4): a short list, and who has to say so."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from domain.permissions import Relation

DECISION: Final = "decision"
DEPUTY: Final = "deputy"
ENQUIRY: Final = "enquiry"
SUPERVISION: Final = "supervision"
QUALITY: Final = "quality"
PURPOSES: Final = {
    SUPERVISION: "Fachaufsicht",
    QUALITY: "QS-Erhebung",
    DECISION: "Entscheidung über Verlängerung",
    DEPUTY: "Vertretung",
    ENQUIRY: "Anfrage oder Beschwerde",
}
"""The code that is logged -> its German words."""
DISCLOSURE: Final = "disclosure"
FILE_ACCESS: Final = "file-access"
FILED: Final = "filed"
GIVEN_OUT: Final = {
    DISCLOSURE: "Auskunft an die Person (Art. 15 DSGVO)",
    FILE_ACCESS: "Akteneinsicht",
    FILED: "Vermerk für die Akte",
}
"""The same of what is given out, which nobody is asked for and which is logged of everybody."""
WORDS: Final = {**PURPOSES, **GIVEN_OUT}

_OVERSEEING = frozenset({Relation.LEAD, Relation.QS})
_FITTING: Final = {
    Relation.LEAD: (SUPERVISION, DECISION, DEPUTY, ENQUIRY),
    Relation.QS: (QUALITY, SUPERVISION, ENQUIRY),
}
_WORKING = frozenset({Relation.RESPONSIBLE, Relation.DEPUTY, Relation.RECEIVER})


def must_name(relations: Collection[Relation]) -> bool:
    """Whether somebody standing so to a case reads it as QS or lead, and not because the case is theirs to work."""
    return not _OVERSEEING.isdisjoint(relations) and _WORKING.isdisjoint(relations)


def fitting(relations: Collection[Relation]) -> dict[str, str]:
    """The purposes somebody standing so to a case can have, code -> words; all where nobody is asked for one."""
    asked = {code for relation, codes in _FITTING.items() if relation in relations for code in codes}
    return {code: words for code, words in PURPOSES.items() if code in asked or not must_name(relations)}
