"""The recipe of a list of stays: everything that decides the answer, so that anybody can compute it again."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from services.questions.casefile import moment
from services.questions.stays import TOPICS, Wanted
from services.records import meaning, sources
from services.records.arrivals import Arrived

if TYPE_CHECKING:
    from services.office.office import Transaction

CHOOSING = sources.said(("services.questions.over", "services.questions.sql", "services.questions.stays"))
"""The digest of the modules that say which rows are on the list; taken at the start, as files may be replaced later."""


def line(tx: Transaction, asked: Sequence[Wanted], arrived: Arrived, whose: str = "") -> str:
    """Commands that give the same lists, the rules they count by, the programme, and the facts there were.

    Asked as known now, the moment stands in the command, or the last arrival where a clock stands still. `whose`: which
    cases alone were asked about, in words.
    """
    known_now = max(tx.now, arrived.last) if arrived.last else tx.now
    last = f", zuletzt gespeichert {moment(arrived.last)}" if arrived.last else ""
    parts = [
        " verglichen mit ".join(command(one, known_now) for one in asked),
        f"Zählregeln {counting(tx.conn)}",
        f"Fallverlauf {version('fallverlauf')}",
        f"{arrived.facts} Einträge{last}",
        whose,
    ]
    return " · ".join(filter(None, parts))


def command(wanted: Wanted, now: dt.datetime) -> str:
    """The command that asks the same, every choice written out; `wanted.as_of` is given."""
    assert wanted.as_of is not None
    words = ["fallverlauf", "stays", "--strategy", wanted.strategy]
    words += ["--over", f"{wanted.over.length}{wanted.over.unit}"] if wanted.over else []
    words += ["--clock", wanted.clock, "--as-of", wanted.as_of.isoformat()]
    words += ["--known-at", moment(wanted.known_at or now), "--reading", wanted.reading.value]
    for option, codes in (("--unit", wanted.units), ("--area", wanted.areas)):
        words += [word for code in codes for word in (option, code)]
    return shlex.join(words)


def counting(conn: Connection) -> str:
    """What the rules in force are called: by which meaning the rows of a topic are computed, and how they are chosen.

    Two programs that name the same count alike, whatever else of them differs. Raises Waiting.
    """
    read = meaning.digests(conn, TOPICS)
    named = {**{topic: read[topic] for topic in TOPICS}, "Auswahl": CHOOSING}
    return ", ".join(f"{name} {digest[:12]}" for name, digest in named.items())
