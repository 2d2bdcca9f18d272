"""The themes of follow-ups: their German word, what is one message, what keeps them silent (Fachkonzept 3.1)."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Act(StrEnum):
    """What somebody has done about a case: what waits for an answer of somebody else, or ends the bar with this day."""

    REQUEST = "request"
    HANDOVER = "handover"
    END = "end"


class Theme(Struct, frozen=True, kw_only=True):
    """Rules of one theme make one message a case (Fachkonzept 3.1 no. 13).

    `acted_by`: while such an act waits for its answer, on the last day of a bar that is ended, nothing of the theme is
    delivered (no. 12). `daily`: a worker
    gets one message a day over all cases. `private`: whoever set it alone is told, never the lead of the unit (R-43).
    """

    key: str
    name: str
    acted_by: frozenset[Act] = frozenset()
    daily: bool = False
    private: bool = False


REVIEW = Theme(key="review", name="Überprüfung", acted_by=frozenset(Act))
HANDOVER = Theme(key="handover", name="Übergabe", acted_by=frozenset({Act.HANDOVER, Act.END}))
ALG1 = Theme(key="alg1", name="ALG I", acted_by=frozenset({Act.END}))
APPOINTMENT = Theme(key="appointment", name="Termine", daily=True)
OWN = Theme(key="own", name="Eigene", private=True)
ENDING = Theme(key="ending", name="Ende", acted_by=frozenset({Act.REQUEST, Act.END}))
CONTACT = Theme(key="contact", name="Kontakt", acted_by=frozenset({Act.END}))
CHOICE = Theme(key="choice", name="Strategie")
ACCEPTANCE = Theme(key="acceptance", name="Übernahme")  # what is told to who receives a case, while it waits for them
DOCUMENTATION = Theme(key="documentation", name="Dokumentation")
NEED = Theme(key="need", name="Bedarf")
QUALITY = Theme(key="quality", name="Qualität")
