"""Which providers of measures some workers have already named, so that one need not be typed in full again."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import select

from domain.facts.base import Lane
from domain.facts.support import MeasureStarted
from domain.history import SPANS
from services.questions import said_now
from services.records import meaning
from services.records.current import held_by
from services.records.tables import END_OF_TIME, segments, spans
from services.records.words import alphabetical

if TYPE_CHECKING:
    import datetime as dt

    from services.office.office import Transaction


def named(tx: Transaction, workers: Collection[str], today: dt.date) -> list[str]:
    """The providers in the measures of the cases these people are responsible for today, by name. Raises Waiting."""
    meaning.digests(tx.conn, ("care", SPANS))
    care, one = segments.alias(), spans.c
    cases = (
        select(one.case_key)
        .distinct()
        .join_from(care, spans, one.case_key == care.c.case_key)
        .where(held_by(care, "care", today), care.c.worker.in_(workers))
        .where(one.lane == Lane.MEASURE, one.known_to == END_OF_TIME)
    )
    said = said_now.facts(tx, set(tx.conn.execute(cases).scalars()), {MeasureStarted})
    found = {one.provider for one in said.values() if isinstance(one, MeasureStarted) and one.provider}
    return sorted(found, key=alphabetical)
