"""Cases found by what somebody typed, among those whose names they may see.

The database holds keyed hashes of whole words alone. Beginnings and typing errors are looked for in memory: in the
names of the cases a session may see, decrypted when it first searches, up to MOST; they go at log-out, after IDLE, and
when others need the room. Whoever may see more cases finds whole words.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, select, union

from domain.facts import Stream
from domain.handovers import CLOCK
from domain.periods import OPEN
from services.questions import cases, matching
from services.questions.cases import care
from services.questions.matching import Found, Known
from services.records import meaning
from services.records.current import Place, held, held_by, placed
from services.records.tables import END_OF_TIME, numbers, segments, text_keys
from services.records.words import bare, spelled

if TYPE_CHECKING:
    from services.office.office import Office, Transaction

MOST, MOST_IN_ALL = 10_000, 60_000  # cases whose names are in memory: of one session, and of all of this process
IDLE = dt.timedelta(minutes=15)  # since the last search of a session
FIELDS = ("last_name", "first_name", "client_number")
_SIGNS = "-/. _"
offered = segments.alias("offered")


Cases = dict[UUID, tuple[str | None, bytes | None, Known]]


class Scope(NamedTuple):
    """The cases somebody may see the names of: those of these workers (directory keys), offered to these receivers, or
    in these places.
    """

    workers: frozenset[str] = frozenset()
    receivers: frozenset[str] = frozenset()
    places: tuple[Place, ...] = ()


class Held(NamedTuple):
    """When a session last searched, and what its cases are found by, with the numbers and seals this is made of."""

    at: dt.datetime
    known: Cases


class Memory:
    """The names in clear that one process holds, by session."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._lock = Lock()

    def of(self, session: str) -> Cases:
        """What is held for a session."""
        with self._lock:
            found = self._held.get(session)
        return found.known if found else {}

    def keep(self, session: str, names: Held) -> None:
        """Holds it, in the place of what was; the longest unused sessions make room."""
        with self._lock:
            self._held.pop(session, None)
            self._held[session] = names
            while sum(len(one.known) for one in self._held.values()) > MOST_IN_ALL:
                self._held.popitem(last=False)

    def forget(self, session: str) -> None:
        """Holds nothing of a session any more."""
        with self._lock:
            self._held.pop(session, None)

    def tidy(self, now: dt.datetime) -> None:
        """Holds nothing any more of sessions that have not searched for IDLE."""
        with self._lock:
            for session in [one for one, held in self._held.items() if now - held.at > IDLE]:
                del self._held[session]


_memories: WeakKeyDictionary[Office, Memory] = WeakKeyDictionary()


def memory(office: Office) -> Memory:
    """The names held for the sessions of an office."""
    return _memories.setdefault(office, Memory())


def search(tx: Transaction, session: str, scope: Scope, typed: str, names: dict[UUID, Known] | None = None) -> Found:
    """The cases of the scope that are meant; nobody else's, or of more than MOST. `names`: as `known` gave them.

    Raises Waiting.
    """
    seen = names or known(tx, session, scope)
    if seen is not None:
        return matching.meant(typed, seen)
    return _first(by_number(tx, typed).keys or cases.found_by_name(tx, typed))


def by_number(tx: Transaction, typed: str) -> Found:
    """The cases of the whole office in whose number this stands, of at most MOST."""
    part = bare(typed)
    if not any(sign.isdigit() for sign in part):
        return Found([])
    rows = tx.conn.execute(_numbered, {"part": f"%{part}%"})
    return matching.meant(typed, {key: Known(bare(number)) for key, number in rows})


def known(tx: Transaction, session: str, scope: Scope) -> dict[UUID, Known] | None:
    """What the cases of a scope are found by; None if there are more than MOST.

    Names are decrypted that were not yet, or have changed since. `session`: as `sessions.Session.token`; "": nothing is
    held. Raises Waiting.
    """
    meaning.digests(tx.conn, ("care", CLOCK))
    asked = {"workers": list(scope.workers), "receivers": list(scope.receivers)}
    rows = tx.conn.execute(_of_scope(scope.places, tx.today), asked).all()
    if len(rows) > MOST:
        return None
    before = memory(tx.office).of(session)
    same = {key: one for key, number, seal in rows if (one := before.get(key)) and one[:2] == (number, seal)}
    others = [row for row in rows if row.key not in same]
    names = tx.office.vault.fields(tx.conn, [row.key for row in others if row.names], FIELDS)
    read = {key: (number, seal, _known(number, names.get(key, {}))) for key, number, seal in others}
    found = {row.key: same.get(row.key) or read[row.key] for row in rows}
    if session:
        memory(tx.office).keep(session, Held(tx.now, found))
    return {key: one for key, (_, _, one) in found.items()}


def _known(number: str | None, names: Mapping[str, str]) -> Known:
    last, first, client = (names.get(field, "") for field in FIELDS)
    return Known(bare(number or ""), tuple(spelled(last)), tuple(spelled(first)), bare(client))


def _first(keys: list[UUID]) -> Found:
    return Found(keys, keys[0] if len(keys) == 1 else None)


@lru_cache(maxsize=64)
def _of_scope(places: tuple[Place, ...], day: dt.date) -> Select[Any]:
    """Built once: putting it together takes longer than running it."""
    workers: BindParameter[Any] = bindparam("workers", expanding=True)
    receivers: BindParameter[Any] = bindparam("receivers", expanding=True)
    one = offered.c
    keys = union(
        select(care.c.case_key).where(held_by(care, "care", day), care.c.worker.in_(workers)),
        select(care.c.case_key).where(held(care, "care", day), placed(care, places)),
        select(one.case_key).where(
            one.clock == CLOCK, one.worker.in_(receivers), one.to_day == OPEN, one.known_to == END_OF_TIME
        ),
    ).subquery()
    joined = keys.outerjoin(numbers, numbers.c.key == keys.c.case_key)
    whole = joined.outerjoin(text_keys, text_keys.c.key == keys.c.case_key)
    return select(keys.c.case_key.label("key"), numbers.c.number, text_keys.c.names).select_from(whole).limit(MOST + 1)


def _without_signs(number: ColumnElement[str]) -> ColumnElement[str]:
    """As `bare` writes it, of a number of plain letters and digits."""
    found: ColumnElement[str] = func.lower(number)
    for sign in _SIGNS:
        found = func.replace(found, sign, "")
    return found


_numbered = (
    select(numbers.c.key, numbers.c.number)
    .where(numbers.c.kind == Stream.CASE, _without_signs(numbers.c.number).like(bindparam("part")))
    .limit(MOST)
)
