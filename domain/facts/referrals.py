"""Facts about referrals to providers after § 16a SGB II, and what these report: dates and clusters, never contents.

Fachkonzept 2.7 and 8. Rows hold no field of these facts.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from domain import words
from domain.actions import Action
from domain.facts.base import Declaration, Fact, Form, Group, Lane, Text, Thing, TraitCode, stored, worded

worded(
    fields={
        "referral": "Zuweisung",
        "mode": "Weg der Zuweisung",
        "deadline": "Rückmeldung bis",
        "module": "Leistungsmodul",
        "expected_on": "Voraussichtlich am",
        "end_kind": "Art des Endes",
        "attended": "Termin wahrgenommen",
        "cluster": "Ergebnis",
        "integration_advice": "Empfehlung zur Arbeitsmarktintegration",
        "rating": "Bewertung",
    },
    codes={
        "voucher": "Gutschein",
        "slip": "Laufzettel",
        "form": "Formular",
        "provider": "Träger",
        "regular": "regulär",
        "broken-off": "abgebrochen",
        "no-show": "nicht angetreten",
        **words.CLUSTERS,
        **words.RATINGS,
        **words.ADVICE,
    },
)

_CLUSTERED = {"cluster": words.CLUSTERS, "integration_advice": words.ADVICE}


@stored(
    "referral-issued",
    Declaration(
        german="Zuweisung zur Beratung",
        day="Zugewiesen am",
        lane=Lane.NEED,
        thing="referral",
        begins=True,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED, also="Gutschein Laufzettel Beratungsstelle"),
    ),
)
class ReferralIssued(Fact, frozen=True):
    """Zuweisung for a need: Gutschein, Laufzettel or form (NRW 3.3, 3.4e, R-33)."""

    referral: Thing
    need: Thing
    provider: TraitCode
    mode: Literal["voucher", "slip", "form"]
    deadline: dt.date | None = None
    module: TraitCode | None = None


@stored(
    "referral-withdrawn",
    Declaration(
        german="Zuweisung zurückgezogen",
        day="Zurückgezogen am",
        lane=Lane.NEED,
        thing="referral",
        begins=False,
        ends=ReferralIssued,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED),
    ),
)
class ReferralWithdrawn(Fact, frozen=True):
    """Zuweisung zurückgezogen (NRW 3.3)."""

    referral: Thing
    by_whom: Literal["client", "office", "provider"] | None = None
    reason: Text | None = None


@stored(
    "waiting-list-entered",
    Declaration(
        german="Warteliste beim Träger",
        day="Auf der Liste seit",
        lane=Lane.NEED,
        thing="referral",
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED, also="Wartezeit"),
    ),
)
class WaitingListEntered(Fact, frozen=True):
    """Wartezeit; no intake is expected meanwhile (NRW 2.2)."""

    referral: Thing
    expected_on: dt.date | None = None


@stored(
    "provider-intake-reported",
    Declaration(
        german="Träger meldet Aufnahme",
        day="Aufgenommen am",
        lane=Lane.NEED,
        thing="referral",
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED),
    ),
)
class ProviderIntakeReported(Fact, frozen=True):
    """Aufnahme (NRW 3.4e, R-33)."""

    referral: Thing


@stored(
    "provider-start-reported",
    Declaration(
        german="Träger meldet Beginn",
        day="Begonnen am",
        lane=Lane.NEED,
        thing="referral",
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED),
    ),
)
class ProviderStartReported(Fact, frozen=True):
    """Beginn of what the client was referred to (NRW 3.4e, R-34)."""

    referral: Thing
    planned_end: dt.date | None = None


@stored(
    "provider-end-reported",
    Declaration(
        german="Träger meldet Ende",
        day="Letzter Tag",
        lane=Lane.NEED,
        thing="referral",
        begins=False,
        ends=ReferralIssued,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED),
    ),
)
class ProviderEndReported(Fact, frozen=True):
    """Ende (NRW 3.4e, R-34)."""

    referral: Thing
    end_kind: Literal["regular", "broken-off", "no-show"]


@stored(
    "provider-attendance-reported",
    Declaration(
        german="Träger meldet Terminwahrnehmung",
        day="Tag des Termins",
        lane=Lane.NEED,
        thing="referral",
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED),
    ),
)
class ProviderAttendanceReported(Fact, frozen=True):
    """Whether an appointment was kept, without contents; only if the consent allows it (NRW 3.4e)."""

    referral: Thing
    attended: bool


@stored(
    "provider-result-reported",
    Declaration(
        german="Rückmeldebogen des Trägers",
        day="Rückmeldung vom",
        lane=Lane.NEED,
        thing="referral",
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED, codes=_CLUSTERED, also="Ergebnis Rückmeldung"),
    ),
)
class ProviderResultReported(Fact, frozen=True):
    """Rückmeldebogen: result and further steps in clusters; only with consent (NRW 3.4e, R-34)."""

    referral: Thing
    cluster: TraitCode
    next_step: Text | None = None
    integration_advice: TraitCode | None = None


@stored(
    "client-feedback-recorded",
    Declaration(
        german="Rückmeldung der Kundin/des Kunden",
        day="Rückmeldung vom",
        lane=Lane.NEED,
        thing="referral",
        begins=False,
        ends=None,
        ahead=False,
        action=Action.RECORD,
        form=Form(Group.NEED, codes={"rating": words.RATINGS}, also="Zufriedenheit Bewertung"),
    ),
)
class ClientFeedbackRecorded(Fact, frozen=True):
    """What the client says about the referral (NRW 3.3e)."""

    referral: Thing
    rating: TraitCode
