"""Why somebody does not come in, each as one German sentence."""

from __future__ import annotations

from services.failures import Said

REFUSED = "Der Anmeldedienst hat die Anmeldung nicht bestätigt. Bitte melden Sie sich noch einmal an."
ISSUER = "Die Anmeldung kommt von einem anderen Anmeldedienst."


class NotAccepted(Said):
    """A log-in or token that does not hold; its text is the sentence."""


class Unreachable(Said):
    """The provider does not answer, or not as agreed; its text is the sentence."""


class Unconfirmed(Exception):
    """The directory gives a role that the provider does not name."""

    def __init__(self, role: str, unit: str | None) -> None:
        super().__init__(role)
        self.role, self.unit = role, unit
