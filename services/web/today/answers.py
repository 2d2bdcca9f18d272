"""The last answers of the chat, by session, so that they stay in sight: in this process alone, gone when unused.

An answer goes with each case it names: what is erased is said no more.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict, deque
from threading import Lock
from typing import NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from services.office.office import Office, Transaction
from services.records import rows

KEPT, SESSIONS = 5, 2_000  # answers of a session; sessions, of which the longest unused makes room
IDLE = dt.timedelta(minutes=15)  # since an answer: it names a person, whose case may be another's or erased by then
_there: WeakKeyDictionary[Office, Answers] = WeakKeyDictionary()


class Kept(NamedTuple):
    """An answer, when it was given, and the keys of the cases it names."""

    at: dt.datetime
    said: str
    about: frozenset[UUID]


class Answers:
    """What the chat said last to each session, the newest first."""

    def __init__(self) -> None:
        self._said: OrderedDict[str, deque[Kept]] = OrderedDict()
        self._lock = Lock()

    def keep(self, session: str, said: str, now: dt.datetime, about: frozenset[UUID] = frozenset()) -> None:
        """One more answer; the oldest of more than five goes."""
        with self._lock:
            self._said.setdefault(session, deque(maxlen=KEPT)).appendleft(Kept(now, said, about))
            self._said.move_to_end(session)
            while len(self._said) > SESSIONS:
                self._said.popitem(last=False)

    def of(self, tx: Transaction, session: str, now: dt.datetime) -> list[str]:
        """The last five, none older than IDLE, none about a case that is erased."""
        self._let_go(tx, session)
        with self._lock:
            return [one.said for one in self._said.get(session, ()) if now - one.at <= IDLE]

    def tidy(self, tx: Transaction, now: dt.datetime) -> None:
        """Holds nothing any more of sessions whose last answer is older than IDLE, nor of cases that are erased."""
        with self._lock:
            for session in [one for one, said in self._said.items() if not said or now - said[0].at > IDLE]:
                del self._said[session]
            sessions = list(self._said)
        for session in sessions:
            self._let_go(tx, session)

    def forget(self, session: str) -> None:
        """Keeps nothing of a session any more."""
        with self._lock:
            self._said.pop(session, None)

    def _let_go(self, tx: Transaction, session: str) -> None:
        with self._lock:
            about = frozenset[UUID]().union(*(one.about for one in self._said.get(session, ())))
        if gone := rows.erased(tx.conn, list(about)).keys() if about else ():
            with self._lock:
                left = [one for one in self._said.get(session, ()) if one.about.isdisjoint(gone)]
                self._said[session] = deque(left, maxlen=KEPT)


def answers(office: Office) -> Answers:
    """Those of an office in this process."""
    return _there.setdefault(office, Answers())
