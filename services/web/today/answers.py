"""The last answers of the chat, by session, so that they stay in sight: in this process alone, gone when unused."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict, deque
from threading import Lock
from weakref import WeakKeyDictionary

from services.office.office import Office

KEPT, SESSIONS = 5, 2_000  # answers of a session; sessions, of which the longest unused makes room
IDLE = dt.timedelta(minutes=15)  # since an answer: it names a person, whose case may be another's or erased by then
_there: WeakKeyDictionary[Office, Answers] = WeakKeyDictionary()


class Answers:
    """What the chat said last to each session, the newest first."""

    def __init__(self) -> None:
        self._said: OrderedDict[str, deque[tuple[dt.datetime, str]]] = OrderedDict()
        self._lock = Lock()

    def keep(self, session: str, said: str, now: dt.datetime) -> None:
        """One more answer; the oldest of more than five goes."""
        with self._lock:
            self._said.setdefault(session, deque(maxlen=KEPT)).appendleft((now, said))
            self._said.move_to_end(session)
            while len(self._said) > SESSIONS:
                self._said.popitem(last=False)

    def of(self, session: str, now: dt.datetime) -> list[str]:
        """The last five, none older than IDLE."""
        with self._lock:
            return [said for at, said in self._said.get(session, ()) if now - at <= IDLE]

    def tidy(self, now: dt.datetime) -> None:
        """Holds nothing any more of sessions whose last answer is older than IDLE."""
        with self._lock:
            for session in [one for one, said in self._said.items() if now - said[0][0] > IDLE]:
                del self._said[session]

    def forget(self, session: str) -> None:
        """Keeps nothing of a session any more."""
        with self._lock:
            self._said.pop(session, None)


def answers(office: Office) -> Answers:
    """Those of an office in this process."""
    return _there.setdefault(office, Answers())
