"""A new client's case under a number that is typed, or given by the pattern of the office."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from domain.decisions.refusal import Refused
from domain.decisions.wishes import OpenCase
from domain.facts import Stream
from services.casework import desk, once
from services.casework.desk import Done
from services.records import database, erasures, numbering
from services.records.tables import numbers
from services.records.words import number_typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.office.office import Office, Transaction

TAKEN = "Diese Nummer ist schon vergeben."
YEAR, _PLACES = "JJJJ", re.compile("#+")
AT_ONCE = 500  # numbers looked for among those that are erased


class Opened(NamedTuple):
    """A case that was opened (in a preview: would be), under which number."""

    number: str
    done: Done


def open_case(
    office: Office,
    typed: str,
    decide: Callable[[Transaction], OpenCase],
    actor: str,
    *,
    preview: bool = False,
    word: str = "",
) -> Opened:
    """Opens the case of a new client.

    `typed`: the number; "": the next one of the office's pattern. `word`: of the preview, good for one saving.
    `decide` gives the wish in this transaction, in which nobody else opens a case: there it is seen whether there is
    one of this person, and what it raises keeps this one from being opened. Raises `Refused` with `number` for one that
    is no case number, taken or erased, `Repeated` for a word that was used, else as `desk.handle`.
    """
    with office.write(keep=not preview) as tx:
        database.hold_openings(tx.conn)
        if word and not preview:
            once.claim(tx, actor, word)
        wish = decide(tx)
        number = number_typed(typed) or next_number(tx)
        _check(tx, number)
        key = tx.store.open_stream(tx.conn, Stream.CASE, number)
        done = desk.handle_in(tx, key, wish, actor)
        if word and not preview:
            once.note(tx, actor, word, done.correlation_id)
    return Opened(number, done)


def next_number(tx: Transaction) -> str:
    """The number after the highest of the office's pattern this year; "" if the office gives none."""
    pattern = tx.office.settings.case_numbers.replace(YEAR, str(tx.today.year))
    places = _PLACES.search(pattern)
    if places is None:
        return ""
    before, after = pattern[: places.start()], pattern[places.end() :]
    like = numbers.c.number.startswith(before, autoescape=True) & numbers.c.number.endswith(after, autoescape=True)
    given = tx.conn.scalars(select(numbers.c.number).where(numbers.c.kind == Stream.CASE, like))
    middles = (number[len(before) : len(number) - len(after)] for number in given)
    at = max((int(middle) for middle in middles if middle.isascii() and middle.isdecimal()), default=0) + 1
    while True:
        next_ones = [f"{before}{one:0{len(places[0])}}{after}" for one in range(at, at + AT_ONCE)]
        erased = erasures.find(tx.conn, tx.office.vault, next_ones)
        if free := next((one for one in next_ones if one not in erased), None):
            return free
        at += AT_ONCE


def _check(tx: Transaction, number: str) -> None:
    if not number:
        raise Refused([("number", "Bitte eine Fallnummer angeben.")])
    if sentence := numbering.wrong(Stream.CASE, number):
        raise Refused([("number", sentence)])
    taken = tx.store.key(tx.conn, Stream.CASE, number) is not None
    if taken or erasures.find(tx.conn, tx.office.vault, [number]):
        raise Refused([("number", TAKEN)])
