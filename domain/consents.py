"""What a client has consented to: how far, about which need and provider, until when (Fachkonzept 2.7, R-32)."""

from __future__ import annotations

import datetime as dt
from typing import Final

from domain import standing
from domain.facts import Fact
from domain.facts import referrals as sent
from domain.facts.needs import ConsentGiven
from domain.timeline import Timeline

SCOPES: Final = ("dates-only", "status", "results", "next-steps")  # each includes those before it
REPORTS: Final[dict[type[Fact], str]] = {
    sent.ProviderIntakeReported: "dates-only",
    sent.ProviderStartReported: "dates-only",
    sent.ProviderEndReported: "dates-only",
    sent.ProviderAttendanceReported: "status",
    sent.ProviderResultReported: "results",
}
"""What a provider reports, with the least that the client has to have consented to."""


def covers(timeline: Timeline, referral: sent.ReferralIssued, scope: str, day: dt.date | None = None) -> bool:
    """Whether a consent reaches that far for the need and provider of a referral, on a day or (none) on any."""
    return any(
        _means(given, referral)
        and SCOPES.index(given.scope) >= SCOPES.index(scope)
        and (day is None or (one.first.on <= day <= given.valid_until and (one.ended is None or day < one.ended.on)))
        for one in standing.of(timeline, "consent")
        if isinstance(given := one.first.fact, ConsentGiven)
    )


def _means(given: ConsentGiven, referral: sent.ReferralIssued) -> bool:
    return given.need in (None, referral.need) and given.provider in (None, referral.provider)
