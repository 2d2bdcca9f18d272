"""The two ways a decision can say no: it is not allowed, or somebody was quicker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence


class Refused(Exception):
    """The wish is not allowed. `reasons` are (field, German sentence); field "" concerns the whole."""

    def __init__(self, reasons: Sequence[tuple[str, str]]) -> None:
        self.reasons = list(reasons)
        super().__init__(" ".join(sentence for _, sentence in reasons))


class BuiltUpon(Refused):
    """A later entry stands on what is to be taken back: its `ref`, stored name and day, who recorded it when."""

    def __init__(self, sentence: str, ref: str, what: str, on: dt.date, by: str, when: dt.datetime) -> None:
        self.ref, self.what, self.on, self.by, self.when = ref, what, on, by, when
        super().__init__([("", sentence)])


class Overtaken(Exception):
    """Somebody was quicker: `by` (a person's id) recorded the fact named `what` at `when`, `until` as agreed there."""

    def __init__(self, by: str, when: dt.datetime, what: str, until: dt.date | None = None) -> None:
        self.by, self.when, self.what, self.until = by, when, what, until
        super().__init__(f"{what} by {by}")
