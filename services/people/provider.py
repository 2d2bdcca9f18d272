"""The provider of log-ins (OpenID Connect): where it is, its keys, the way there and back, tokens of programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from threading import Lock
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode, urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from services.office.health import machine_time
from services.people import tokens
from services.people.refusals import REFUSED, NotAccepted, Unreachable
from services.settings import Settings, is_loopback

TIMEOUT = 5.0  # seconds
KEPT = dt.timedelta(hours=1)
AGAIN = dt.timedelta(seconds=15)  # keys are asked for anew at most this often
PAUSE = dt.timedelta(seconds=5)  # a provider that did not answer is left alone so long, lest all wait for it in turn
SILENT = "Der Anmeldedienst antwortet nicht. Bitte versuchen Sie es in einer Minute noch einmal."
UNFIT = "Der Anmeldedienst antwortet anders als vereinbart. Bitte wenden Sie sich an die EDV."


class _Known(NamedTuple):
    metadata: dict[str, Any]
    keys: KeySet
    at: dt.datetime


class Provider:
    """One provider, as set; what it says of itself is asked when needed and kept for an hour."""

    def __init__(self, settings: Settings) -> None:
        assert settings.oidc_issuer is not None
        assert settings.oidc_client_id is not None
        assert settings.oidc_client_secret is not None
        self._issuer = settings.oidc_issuer
        self._client = settings.oidc_client_id
        self._secret = settings.oidc_client_secret
        self._known: _Known | None = None
        self._failed: tuple[dt.datetime, Unreachable] | None = None
        self._lock = Lock()

    def address(self, back: str, state: str, nonce: str, verifier: str) -> str:
        """Where a browser logs in, to be sent `back`. Raises `Unreachable`."""
        endpoint = self._endpoint("authorization_endpoint")
        with self._oauth(back) as client:
            found: str
            found, _ = client.create_authorization_url(endpoint, state=state, nonce=nonce, code_verifier=verifier)
        return found

    def claims(self, code: str, verifier: str, back: str, nonce: str) -> dict[str, Any]:
        """Who logged in: the claims of the ID token, beneath them those of the access token if it is a signed one.

        Raises `NotAccepted`, `Unreachable`.
        """
        endpoint = self._endpoint("token_endpoint")
        try:
            with self._oauth(back) as client:
                given = client.fetch_token(endpoint, grant_type="authorization_code", code=code, code_verifier=verifier)
        except OAuthError:
            raise NotAccepted(REFUSED) from None
        except (httpx2.HTTPError, ValueError):
            raise Unreachable(SILENT) from None
        named = self._checked(tokens.identity, str(given.get("id_token", "")), nonce)
        return {**self._beside(str(given.get("access_token", "")), named), **named}

    def bearer(self, token: str) -> dict[str, Any]:
        """Who a program speaks for: the claims of an access token. Raises `NotAccepted`, `Unreachable`."""
        return self._checked(tokens.access, token)

    def log_out(self, back: str) -> str | None:
        """Where a browser logs out of the provider too, or nothing if there is no such page."""
        try:
            endpoint = self._endpoint("end_session_endpoint")
        except Unreachable:
            return None
        return f"{endpoint}?{urlencode({'client_id': self._client, 'post_logout_redirect_uri': back})}"

    def from_here(self, issuer: str) -> bool:
        """Whether an issuer named beside a code is this one (RFC 9207)."""
        return bool(issuer == self._state().metadata["issuer"])

    def _beside(self, token: str, named: Mapping[str, Any]) -> dict[str, Any]:
        """Keycloak names roles in the access token alone; it counts if it is signed and of the same person."""
        try:
            claims = self._checked(tokens.beside, token)
        except NotAccepted:
            return {}
        return claims if claims.get("sub") == named.get("sub") else {}

    def _checked(self, check: Any, token: str, *more: str) -> dict[str, Any]:
        known = self._state()
        try:
            found: dict[str, Any] = check(token, known.keys, known.metadata["issuer"], self._client, *more)
        except tokens.UnknownKey:
            known = self._state(newer=True)
            found = check(token, known.keys, known.metadata["issuer"], self._client, *more)
        return found

    def _oauth(self, back: str) -> Any:
        return OAuth2Client(
            self._client,
            self._secret.get_secret_value(),
            scope="openid profile",
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=TIMEOUT,
        )

    def _endpoint(self, name: str) -> str:
        return _usable(self._state().metadata.get(name))

    def _state(self, newer: bool = False) -> _Known:
        with self._lock:
            now, known = machine_time(), self._known
            if known is not None and now - known.at <= (AGAIN if newer else KEPT):
                return known
            if self._failed is not None and now - self._failed[0] < PAUSE:
                raise self._failed[1]
            try:
                self._known, self._failed = self._ask(now), None
            except Unreachable as error:
                self._failed = (machine_time(), error)
                raise
            return self._known

    def _ask(self, now: dt.datetime) -> _Known:
        try:
            with httpx2.Client(timeout=TIMEOUT) as client:
                metadata = _json(client, f"{self._issuer}/.well-known/openid-configuration")
                if str(metadata.get("issuer", "")).rstrip("/") != self._issuer:
                    raise Unreachable(UNFIT)
                keys = KeySet.import_key_set(
                    cast(KeySetSerialization, _json(client, _usable(metadata.get("jwks_uri"))))
                )
        except httpx2.HTTPError:
            raise Unreachable(SILENT) from None
        except (JoseError, ValueError, TypeError):
            raise Unreachable(UNFIT) from None
        return _Known(metadata, keys, now)


def _json(client: httpx2.Client, address: str) -> dict[str, Any]:
    answer = client.get(address)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise Unreachable(UNFIT)
    return found


def _usable(address: object) -> str:
    """An address of the provider; without https only on this machine."""
    parts = urlsplit(address) if isinstance(address, str) else None
    if parts is None or not (parts.scheme == "https" or is_loopback(parts.hostname or "")):
        raise Unreachable(UNFIT)
    return parts.geturl()
