"""What an import has done, as an answer says it (Vertrag 1 and 4)."""

from __future__ import annotations

from typing import Any

from services.exchange.importing import Report


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
