"""Where an import works: in the office, one after the other, or tried on a copy in a nameless file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

from sqlalchemy import StaticPool, create_engine

from services.office.office import Office
from services.operations.backup import copy
from services.records import database
from services.records.tables import (
    erasures,
    fact_ids,
    heads,
    marks,
    metadata,
    numbers,
    other_numbers,
    records,
    streams,
    text_keys,
)

LOOKED_AT = (streams, numbers, other_numbers, text_keys, heads, records, fact_ids, erasures, marks)


@contextmanager
def place(office: Office) -> Iterator[Office]:
    """The office as of this moment, with its facts and without what is computed from them; gone afterwards."""
    with closing(sqlite3.connect("", check_same_thread=False)) as nameless:
        engine = create_engine("sqlite://", creator=lambda: nameless, poolclass=StaticPool)
        with office.read() as source, engine.begin() as target:
            metadata.create_all(target)
            copy(source.conn, target, tables=LOOKED_AT)
        yield Office(office.settings, engine, office.vault)


@contextmanager
def in_turn(office: Office, say: Callable[[str], object]) -> Iterator[Office]:
    """One import at a time: of two each would make the other one's transactions long."""
    with ExitStack() as stack:
        if not stack.enter_context(database.import_lock(office.engine, wait=False)):
            say("Ein anderer Import läuft; dieser beginnt, sobald jener fertig ist.")
            stack.enter_context(database.import_lock(office.engine, wait=True))
        yield office
