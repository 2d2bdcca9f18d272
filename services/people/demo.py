"""The log-in of the demo: pick a person. Only on this machine, only over invented data; else nothing starts."""

from __future__ import annotations

from sqlalchemy import Connection

from services.failures import Said
from services.office.office import about_foreign_mark, data_kind
from services.records.vault import Vault
from services.settings import Settings, is_loopback


class NotSafe(Said):
    """The demo log-in would be open to others or to real data; its text is the German sentence to show."""


def require(conn: Connection, vault: Vault, settings: Settings, host: str) -> None:
    """Without a provider of log-ins, refuses to serve unless the host is this machine and the data are invented.

    Raises `NotSafe`.
    """
    require_host(settings, host)
    if settings.oidc_issuer is None and data_kind(conn, vault) is None:
        raise NotSafe(
            "Diese Datenbank ist nicht als Demo gekennzeichnet: Ohne FALLVERLAUF_OIDC_ISSUER gibt es nur die "
            "Demo-Anmeldung mit erfundenen Daten („fallverlauf serve --demo“ mit leerem FALLVERLAUF_DATA)."
            + about_foreign_mark(conn, vault)
        )


def require_host(settings: Settings, host: str) -> None:
    """What of it can be said before there are data; also that the pages have an address. Raises `NotSafe`."""
    if settings.oidc_issuer is None and not is_loopback(host):
        raise NotSafe(
            f"Auf {host} wird nicht gestartet: Die Demo-Anmeldung gibt es nur auf 127.0.0.1, "
            "für andere Adressen bitte FALLVERLAUF_OIDC_ISSUER setzen."
        )
    if settings.public_address is None and not is_loopback(host):
        raise NotSafe(
            f"Auf {host} wird nicht gestartet: Bitte FALLVERLAUF_PUBLIC_ADDRESS setzen, die Adresse, unter der die "
            "Seiten geöffnet werden; sonst kann jeder eine fremde Adresse in die Anmeldung schreiben."
        )
