"""Reads what a provider signed: by its keys, from it, for us, still good; nothing unsigned is believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from services.people.refusals import ISSUER, NotAccepted

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
LEEWAY = 10  # seconds by which two clocks may differ
_OF_LOG_INS = {"nonce", "at_hash", "c_hash", "s_hash"}  # claims of ID tokens, which no access token has

UNSIGNED = "Die Anmeldung ist nicht vom vereinbarten Anmeldedienst unterschrieben."
AUDIENCE = "Die Anmeldung ist für ein anderes Programm bestimmt."
EXPIRED = "Die Anmeldung ist abgelaufen. Bitte melden Sie sich noch einmal an."
INCOMPLETE = "Die Anmeldung ist unvollständig oder noch nicht gültig."
NONCE = "Die Anmeldung gehört zu einem anderen Vorgang. Bitte melden Sie sich noch einmal an."
KIND = "Das ist kein Token für diese Schnittstelle."


class UnknownKey(NotAccepted):
    """The token names a key that is not among the known ones; they may have changed."""


def identity(token: str, keys: KeySet, issuer: str, client: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token given to this client for this log-in. Raises `NotAccepted`."""
    claims = _signed(token, keys, issuer)
    _for(client, claims)
    if claims.get("nonce") != nonce:
        raise NotAccepted(NONCE)
    return claims


def access(token: str, keys: KeySet, issuer: str, client: str) -> dict[str, Any]:
    """The claims of an access token for this service; an ID token is none. Raises `NotAccepted`."""
    claims = _signed(token, keys, issuer)
    if not _OF_LOG_INS.isdisjoint(claims) or claims.get("typ", "Bearer") != "Bearer":
        raise NotAccepted(KIND)
    if client not in _audience(claims):
        raise NotAccepted(AUDIENCE)
    return claims


def beside(token: str, keys: KeySet, issuer: str, client: str) -> dict[str, Any]:
    """The claims of the access token that came with an ID token for this client. Raises `NotAccepted`."""
    claims = _signed(token, keys, issuer)
    if client != claims.get("azp") and client not in _audience(claims):
        raise NotAccepted(AUDIENCE)
    return claims


def _signed(token: str, keys: KeySet, issuer: str) -> dict[str, Any]:
    try:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
    except InvalidKeyIdError:
        raise UnknownKey(UNSIGNED) from None
    except (JoseError, ValueError):
        raise NotAccepted(UNSIGNED) from None
    if claims.get("iss") != issuer:
        raise NotAccepted(ISSUER)
    try:  # by the real clock: the provider's does not stand still either
        jwt.JWTClaimsRegistry(leeway=LEEWAY, exp={"essential": True}).validate(claims)
    except ExpiredTokenError:
        raise NotAccepted(EXPIRED) from None
    except JoseError:
        raise NotAccepted(INCOMPLETE) from None
    return claims


def _for(client: str, claims: Mapping[str, Any]) -> None:
    audience = _audience(claims)
    if client not in audience or ((len(audience) > 1 or "azp" in claims) and claims.get("azp") != client):
        raise NotAccepted(AUDIENCE)


def _audience(claims: Mapping[str, Any]) -> list[str]:
    named = claims.get("aud")
    return named if isinstance(named, list) else [named] if isinstance(named, str) else []
