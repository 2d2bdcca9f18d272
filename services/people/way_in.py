"""How one comes in here: through a provider of log-ins, in the demo by picking a person, else with one-time links.

The last two exist on this machine alone.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Connection

from services.failures import Said
from services.office.office import about_foreign_mark, data_kind
from services.records.vault import Vault
from services.settings import Settings, is_loopback

NO_PROVIDER = "Probebetrieb ohne Anmeldedienst"


class NotSafe(Said):
    """The service would be open to others or to what is not invented; its text is the German sentence to show."""


class WayIn(StrEnum):
    """What lets people in."""

    PROVIDER = "provider"
    PICK = "pick"  # invented data: anybody picks a person
    INVITE = "invite"  # the trial without a provider


def way_in(conn: Connection, vault: Vault, settings: Settings) -> WayIn:
    """What lets people in under these settings, over these data."""
    if settings.oidc_issuer is not None:
        return WayIn.PROVIDER
    return WayIn.INVITE if data_kind(conn, vault) is None else WayIn.PICK


def require(conn: Connection, vault: Vault, settings: Settings, host: str) -> WayIn:
    """What lets people in at this host. Without a provider that is this machine, and a mark of a demo has to be ours.

    Raises `NotSafe`.
    """
    require_host(settings, host)
    found = way_in(conn, vault, settings)
    if found is WayIn.INVITE and (foreign := about_foreign_mark(conn, vault)):
        raise NotSafe(f"Diese Datenbank ist nicht als Demo gekennzeichnet.{foreign}")
    return found


def require_host(settings: Settings, host: str) -> None:
    """What of it can be said before there are data; also that the pages have an address. Raises `NotSafe`."""
    if settings.oidc_issuer is None and not is_loopback(host):
        raise NotSafe(
            f"Auf {host} wird nicht gestartet: Ohne Anmeldedienst gibt es Fallverlauf nur auf 127.0.0.1, "
            "für andere Adressen bitte FALLVERLAUF_OIDC_ISSUER setzen."
        )
    if settings.public_address is None and not is_loopback(host):
        raise NotSafe(
            f"Auf {host} wird nicht gestartet: Bitte FALLVERLAUF_PUBLIC_ADDRESS setzen, die Adresse, unter der die "
            "Seiten geöffnet werden; sonst kann jeder eine fremde Adresse in die Anmeldung schreiben."
        )
