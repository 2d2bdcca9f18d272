"""Who of the directory somebody is whom the provider names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.office.office import Transaction
from services.people import directory, roles
from services.people.refusals import NotAccepted
from services.people.roles import Grant

UNKNOWN = (
    "Sie sind beim Anmeldedienst bekannt, arbeiten hier aber laut Verzeichnis nicht. Bitte wenden Sie sich an die EDV."
)


def person(tx: Transaction, claims: Mapping[str, Any]) -> str:
    """The directory key of the person these claims name, at work today, with every role confirmed.

    Raises `NotAccepted`, and `Unconfirmed` for a role the provider does not name where a role claim is set.
    """
    settings, today = tx.office.settings, tx.today
    named = claims.get(settings.oidc_person_claim)
    found = directory.person_key(tx, named) if isinstance(named, str) and named else None
    organisation = directory.organisation(tx)
    if found is None or not organisation.employed(found, today):
        raise NotAccepted(UNKNOWN)
    if settings.oidc_role_claim is not None:
        mapping = {group: [Grant(*one) for one in meant] for group, meant in settings.role_map().items()}
        given = roles.granted(roles.read(claims, settings.oidc_role_claim), mapping)
        roles.confirm((Grant(one.role, one.unit) for one in organisation.roles(found, today)), given)
    return found


def named(tx: Transaction, claims: Mapping[str, Any]) -> list[tuple[str, Grant]]:
    """The groups of somebody that stand for a role by the setting, each with one of those."""
    settings = tx.office.settings
    groups = roles.read(claims, settings.oidc_role_claim) if settings.oidc_role_claim is not None else []
    mapping = settings.role_map()
    return [(group, Grant(*meant)) for group in groups for meant in mapping.get(group, ())]
