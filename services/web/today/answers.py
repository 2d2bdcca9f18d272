"""The last answers of the chat, by session, so that they stay in sight: in this process alone, gone at log-out."""

from __future__ import annotations

from collections import OrderedDict, deque
from threading import Lock
from weakref import WeakKeyDictionary

from services.office.office import Office

KEPT, SESSIONS = 5, 2_000  # answers of a session; sessions, of which the longest unused makes room
_there: WeakKeyDictionary[Office, Answers] = WeakKeyDictionary()


class Answers:
    """What the chat said last to each session, the newest first."""

    def __init__(self) -> None:
        self._said: OrderedDict[str, deque[str]] = OrderedDict()
        self._lock = Lock()

    def keep(self, session: str, said: str) -> None:
        """One more answer; the oldest of more than five goes."""
        with self._lock:
            self._said.setdefault(session, deque(maxlen=KEPT)).appendleft(said)
            self._said.move_to_end(session)
            while len(self._said) > SESSIONS:
                self._said.popitem(last=False)

    def of(self, session: str) -> list[str]:
        """The last five."""
        with self._lock:
            return list(self._said.get(session, ()))

    def forget(self, session: str) -> None:
        """Keeps nothing of a session any more."""
        with self._lock:
            self._said.pop(session, None)


def answers(office: Office) -> Answers:
    """Those of an office in this process."""
    return _there.setdefault(office, Answers())
