"""A provider of log-ins as a process of its own: oidc-provider-mock, with signed access tokens as Keycloak gives them.

`POST /fault` with JSON says what the next answer with tokens gets wrong: `claims` (replaced; null takes one away),
`forged` (signed with a key nobody knows). `POST /token` gives a program an access token with these claims.
"""

from __future__ import annotations

import base64
import json
import sys
import time
import warnings
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from joserfc import jwt
from joserfc.jwk import RSAKey

KEY = RSAKey.generate_key(2048, parameters={"kid": "known", "use": "sig"}, private=True, auto_kid=False)
FORGED = RSAKey.generate_key(2048, parameters={"kid": "known"}, private=True, auto_kid=False)


class Signing:
    """Around the provider: signs what it says anew with a key of its own, and gets wrong what a test asks for."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.fault: dict[str, Any] = {}

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path, issuer = environ["PATH_INFO"], f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}"
        if path == "/fault":
            self.fault = _body(environ)
            return _json(start, {})
        if path == "/token":
            return _json(start, {"access_token": _signed(_body(environ), issuer)})
        if path == "/jwks":
            return _json(start, {"keys": [KEY.as_dict(private=False)]})
        if path == "/oauth2/token":
            return self._tokens(environ, start, issuer)
        found: Iterable[bytes] = self.app(environ, start)
        return found

    def _tokens(self, environ: WSGIEnvironment, start: StartResponse, issuer: str) -> Iterable[bytes]:
        begun: list[Any] = []
        body = b"".join(self.app(environ, lambda *given: begun.extend(given)))
        if not begun[0].startswith("200"):
            start(begun[0], begun[1])
            return [body]
        given, fault, self.fault = json.loads(body), self.fault, {}
        claims = _read(given["id_token"])
        roles = claims.pop("roles_of_access_token", [])
        beside = {"nonce": None, "realm_access": {"roles": roles}, "typ": "Bearer"}
        given["access_token"] = _signed(claims | beside, issuer)
        given["id_token"] = _signed(claims | fault.get("claims", {}), issuer, FORGED if fault.get("forged") else KEY)
        return _json(start, given)


def _read(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def _signed(claims: dict[str, Any], issuer: str, key: RSAKey = KEY) -> str:
    now = int(time.time())
    whole = {"iss": issuer, "iat": now, "exp": now + 300} | claims
    return jwt.encode({"alg": "RS256", "kid": "known"}, {k: v for k, v in whole.items() if v is not None}, key)


def _body(environ: WSGIEnvironment) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    return found


def _json(start: StartResponse, data: object) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(data).encode()]


def main(host: str = "127.0.0.1", port: str = "0", certificate: str | None = None) -> None:
    """Serves on a free port of this machine, or where told to, and prints it; `certificate` with its key: https."""
    warnings.simplefilter("ignore")
    import oidc_provider_mock
    from werkzeug.serving import make_server

    encrypted = None if certificate is None else (certificate, certificate)
    server = make_server(host, int(port), Signing(oidc_provider_mock.app()), threaded=True, ssl_context=encrypted)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
