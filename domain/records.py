"""One stored fact with its envelope: who wrote what down, when, about which day (Fachkonzept 2.0)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from msgspec import Struct

from domain.facts.base import Fact


class Record(Struct, frozen=True, kw_only=True):
    """A fact as the office recorded it.

    `ref` is the identity of the fact inside the service (a keyed hash of its id), `id` what people and other programs
    call it; without the case's key both are the same. `on` is a local day, `recorded_at` and `stored_at` are moments
    with an offset. `by` is a person's id or directory key, `rule:<name>` or `import:<system>`.
    `text_left_out` names text fields that came from an export without them; they hold "". `fields_then` are those of a
    record of an old schema version, in the names of that version.
    """

    ref: str
    id: str
    number: int
    on: dt.date
    recorded_at: dt.datetime
    stored_at: dt.datetime
    by: str
    correlation_id: str
    fact: Fact
    schema_version: int = 1
    recorded_unknown: bool = False
    text_left_out: tuple[str, ...] = ()
    fields_then: dict[str, Any] | None = None


class Entry(Struct, frozen=True, kw_only=True):
    """A fact that is about to be stored.

    `recorded_at` missing: the moment of storing. `id` missing: the store gives one; `identified_by_content` then says
    that the same content is the same fact (import), otherwise each entry is a fact of its own (page, API).
    `text_left_out` names text fields of `fact` that an export left out; they hold "" and are stored as left out.
    """

    on: dt.date
    fact: Fact
    by: str
    id: str | None = None
    recorded_at: dt.datetime | None = None
    recorded_unknown: bool = False
    identified_by_content: bool = False
    text_left_out: tuple[str, ...] = ()
