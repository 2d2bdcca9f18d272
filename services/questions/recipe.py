"""The recipe of a list of stays: everything that decides the answer, so that anybody can compute it again."""

from __future__ import annotations

import datetime as dt
import hashlib
import shlex
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from services.questions.casefile import moment
from services.questions.stays import Wanted
from services.records.arrivals import Arrived

COUNTING = (
    "domain.periods",
    "domain.knowledge",
    "domain.timeline",
    "domain.clocks",
    "domain.history",
    "services.questions.over",
    "services.questions.stays",
)
"""The modules that say what counts, how long and as known when."""


def line(asked: Sequence[Wanted], now: dt.datetime, arrived: Arrived, whose: str = "") -> str:
    """Commands that give the same lists, the rules they count by, the programme, and the facts there were.

    Asked as known now, `now` stands in the command, or the last arrival where a clock stands still. `whose`: which
    cases alone were asked about, in words.
    """
    known_now = max(now, arrived.last) if arrived.last else now
    last = f", zuletzt gespeichert {moment(arrived.last)}" if arrived.last else ""
    parts = [
        " verglichen mit ".join(command(one, known_now) for one in asked),
        f"Zählregeln {counting()}",
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


@cache
def counting() -> str:
    """What the rules in force are called: the first twelve hex digits of the SHA-256 over the files of `COUNTING`.

    Two programmes with the same name count alike, whatever else of them differs.
    """
    digest = hashlib.sha256()
    for name in COUNTING:
        digest.update(Path(str(import_module(name).__file__)).read_bytes())
    return digest.hexdigest()[:12]
