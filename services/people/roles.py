"""The roles a provider names for somebody, and whether they confirm those of the directory.

The directory says who holds which role where and since when, since lists of the past need it. Where a claim is set,
a provider has to confirm each role of today; so it can shut somebody out, and never give more than the directory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from services.people.refusals import Unconfirmed


class Grant(NamedTuple):
    """A role, in one unit or in every one."""

    role: str
    unit: str | None


def read(claims: Mapping[str, Any], path: str) -> list[str]:
    """The values at a dotted path, such as `realm_access.roles` or `resource_access.my.client.roles`."""
    found: Any = claims
    parts = path.split(".")
    while parts:
        if not isinstance(found, Mapping):
            return []
        size = next((size for size in range(len(parts), 0, -1) if ".".join(parts[:size]) in found), 0)
        if not size:
            return []
        found, parts = found[".".join(parts[:size])], parts[size:]
    if isinstance(found, str):
        return found.split()
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def granted(values: Iterable[str], mapping: Mapping[str, Iterable[Grant]]) -> frozenset[Grant]:
    """What the values stand for by the setting; one that is not in it names a role itself, in every unit."""
    return frozenset(grant for value in values for grant in mapping.get(value, [Grant(value.lstrip("/"), None)]))


def confirm(held: Iterable[Grant], given: frozenset[Grant]) -> None:
    """Raises `Unconfirmed` for the first role of the directory that the provider does not name."""
    for one in held:
        if one not in given and Grant(one.role, None) not in given:
            raise Unconfirmed(one.role, one.unit)
