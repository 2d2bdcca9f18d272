"""What an import has done, as an answer says it (Vertrag 1 and 4)."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field


class Report(Struct):
    """What an import did. `rejected` holds line numbers and reasons; `problems` and `notes` are sentences about the run
    as a whole; a note is no failure. `only_old`, `only_new`: of a cut-over, what one side alone knows.
    """

    read: int = 0
    added: int = 0
    known: int = 0
    waiting: int = 0
    changed: int = 0
    withdrawn: int = 0
    matched: int = 0
    only_old: int | None = None
    only_new: int | None = None
    rejected: list[tuple[int, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def answer(report: Report, *, changes: bool) -> dict[str, Any]:
    """The counts and the refused lines; `changes`: whether it could change and withdraw what was there."""
    told: dict[str, Any] = {"read": report.read, "added": report.added, "known": report.known}
    if changes:
        told |= {"changed": report.changed, "withdrawn": report.withdrawn, "matched": report.matched}
    if report.only_old is not None:
        told |= {"only_old": report.only_old, "only_new": report.only_new}
    rejected = [{"line": line, "reason": reason} for line, reason in report.rejected]
    return told | {"waiting": report.waiting, "rejected": rejected}


def whole(report: Report) -> dict[str, Any]:
    """The same with the sentences about the run as a whole, for who is not there to read them."""
    return answer(report, changes=True) | {"problems": report.problems, "notes": report.notes}
