"""The recipe of an answer: everything that decides the answer, so that anybody can compute it again."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from domain.rules import RULES
from services.questions.casefile import moment
from services.questions.parameters import CARRIER, UNIT
from services.questions.question import Asked
from services.records import meaning, sources
from services.records.arrivals import Arrived

if TYPE_CHECKING:
    from services.office.office import Transaction

CHOOSING = tuple(f"services.questions.{name}" for name in ("answers", "over", "parameters", "question", "sql"))
"""The modules that say which rows are on a list, and since when, beside that of the question; what the rows mean is
theirs to say.
"""


def line(tx: Transaction, asked: Sequence[Asked], arrived: Arrived, whose: str = "") -> str:
    """Commands that give the same lists, the rules they count by, the programme, and the facts there were.

    Asked as known now, the moment stands in the command, or the last arrival where a clock stands still. `whose`: which
    cases alone were asked about, in words.
    """
    known_now = max(tx.now, arrived.last) if arrived.last else tx.now
    last = f", zuletzt gespeichert {moment(arrived.last)}" if arrived.last else ""
    parts = [
        " verglichen mit ".join(command(one, known_now) for one in asked),
        f"Zählregeln {counting(tx.conn, asked[0])}",
        f"Fallverlauf {version('fallverlauf')}",
        f"{arrived.facts} Einträge{last}",
        whose,
    ]
    return " · ".join(filter(None, parts))


def command(asked: Asked, now: dt.datetime) -> str:
    """The command that asks the same, every choice written out."""
    question = asked.question
    values = {**asked.values, "known_at": asked.known_at or now}
    words = ["fallverlauf", *([question.command] if question.command else ["ask", question.id])]
    for blank in question.blanks:
        if blank.kind is CARRIER:  # its units are named
            continue
        value = asked.codes if blank.kind is UNIT else values[blank.name]
        for one in value if blank.kind.many else [] if value is None else [value]:
            written = blank.kind.written(one)
            if question.command:
                words += [f"--{(blank.option or blank.name).replace('_', '-')}", written]
            else:
                words += ["--param", f"{blank.name}={written}"]
    return shlex.join(words)


def counting(conn: Connection, asked: Asked) -> str:
    """What the rules in force are called: by which meaning the rows of a topic are computed, and how they are chosen.

    Two programs that name the same count alike, whatever else of them differs. Raises Waiting.
    """
    read = meaning.digests(conn, asked.topics)
    named = {topic: read[topic] for topic in sorted(asked.topics) if topic not in RULES}
    if rules := [f"{rule} {read[rule]}" for rule in sorted(asked.topics) if rule in RULES]:
        named["Regeln"] = sources.digest(rules)
    named["Auswahl"] = sources.said((*CHOOSING, asked.question.statement.__module__))
    return ", ".join(f"{name} {digest[:12]}" for name, digest in named.items())
