"""Facts about an extension: requested, approved, returned, rejected, withdrawn (domain.md 2.3, Q2 3.1)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta

from domain.facts.base import Code, Fact, PersonId, Text, Thing, stored


@stored("extension-requested")
class ExtensionRequested(Fact, frozen=True):
    """Textbaustein „Überprüfung der Handlungsstrategie Integration“, filled by the worker; `until` is inclusive."""

    request: Thing
    options: Annotated[list[Code], Meta(min_length=1, max_length=20)]
    facts_text: Text
    justification: Text
    until: dt.date
    other_text: Text | None = None


@stored("extension-approved")
class ExtensionApproved(Fact, frozen=True):
    """Zugestimmt durch die Führungskraft; `until` is inclusive and may be shorter than asked."""

    request: Thing
    until: dt.date
    by_lead: PersonId
    reason: Text | None = None


@stored("extension-rejected")
class ExtensionRejected(Fact, frozen=True):
    """Abgelehnt, with what to do instead."""

    request: Thing
    reason: Text
    instruct: Literal["end", "change", "handover"] | None = None


@stored("extension-returned")
class ExtensionReturned(Fact, frozen=True):
    """Rückfrage; `reason` is the question."""

    request: Thing
    reason: Text


@stored("extension-withdrawn")
class ExtensionWithdrawn(Fact, frozen=True):
    """Zurückgezogen by the worker."""

    request: Thing
    reason: Text | None = None
