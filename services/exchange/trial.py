"""What an import looks at, copied into a nameless file: there it is tried, and nobody waits for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import StaticPool, create_engine

from services.office.office import Office
from services.operations.backup import copy
from services.records.tables import (
    erasures,
    fact_ids,
    heads,
    marks,
    metadata,
    numbers,
    records,
    streams,
    text_keys,
)

LOOKED_AT = (streams, numbers, text_keys, heads, records, fact_ids, erasures, marks)


@contextmanager
def place(office: Office) -> Iterator[Office]:
    """The office as of this moment, with its facts and without what is computed from them; gone afterwards."""
    with closing(sqlite3.connect("", check_same_thread=False)) as nameless:
        engine = create_engine("sqlite://", creator=lambda: nameless, poolclass=StaticPool)
        with office.read() as source, engine.begin() as target:
            metadata.create_all(target)
            copy(source.conn, target, tables=LOOKED_AT)
        yield Office(office.settings, engine, office.vault)
