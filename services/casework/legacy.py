"""Altfälle at the desk: closed only while they are open Altfälle, several of them each as a decision of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from domain.decisions.refusal import Refused
from domain.facts.case import LegacyClosed
from domain.records import Entry
from services.followups import lifecycle

if TYPE_CHECKING:
    from services.records.standing import Listing

GONE = "Das ist kein offener Altfall mehr."


class Named(NamedTuple):
    """A follow-up as it is named: its case, rule, stage and due day."""

    case_key: UUID
    rule: str
    stage: str
    due: dt.date


def check(conn: Connection, case_key: UUID, entries: Sequence[Entry], today: dt.date) -> None:
    """Raises `Refused` if one of the facts closes what is no open Altfall as known now."""
    closing = [entry.fact for entry in entries if isinstance(entry.fact, LegacyClosed)]
    listing = lifecycle.listing_of(conn, case_key, today) if closing else None
    for fact in closing:
        if listing is None or (fact.rule, fact.stage, fact.due) not in _open(listing, today):
            raise Refused([("", GONE)])


def _open(listing: Listing, today: dt.date) -> set[tuple[str, str, dt.date]]:
    return {
        (row.rule, row.stage, row.due)
        for row in listing.rows
        if row.listed_from <= today <= row.listed_to and listing.is_legacy(row)
    }
