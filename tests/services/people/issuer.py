"""A provider that signs whatever a test wants: with real keys that it serves as a provider does; no log-in page."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from joserfc import jwt
from joserfc.jwk import Key, RSAKey

CLIENT = "fallverlauf"


def rsa(kid: str) -> RSAKey:
    """A fresh key of this name."""
    return RSAKey.generate_key(2048, parameters={"kid": kid, "use": "sig"}, private=True, auto_kid=False)


class Issuer:
    """`keys` are what it shows now; `silent` lets it answer nothing that can be used; `asked` counts the questions."""

    def __init__(self) -> None:
        self.keys: list[Key] = [rsa("first")]
        self.silent = False
        self.asked = 0
        self.address = ""

    def claims(self, **more: object) -> dict[str, Any]:
        """Those of a good access token of fm-1, with others in their place; None takes one away."""
        now = int(time.time())
        good = {"iss": self.address, "aud": CLIENT, "sub": "p", "iat": now, "exp": now + 300}
        whole = {**good, "preferred_username": "fm-1", "typ": "Bearer", **more}
        return {name: value for name, value in whole.items() if value is not None}

    def token(self, key: Key | None = None, header: dict[str, Any] | None = None, **more: object) -> str:
        """A token signed with this key, else with the newest."""
        used = key or self.keys[-1]
        head = {"alg": "RS256", "kid": used.kid, **(header or {})}
        head = {name: value for name, value in head.items() if value is not None}
        return jwt.encode(head, self.claims(**more), used, algorithms=[head["alg"]])

    def answer(self, path: str) -> dict[str, Any]:
        """What it says of itself, or its keys."""
        self.asked += 1
        if path == "/jwks":
            return {"keys": [key.as_dict(private=False) for key in self.keys]}
        ends = {f"{one}_endpoint": f"{self.address}/{one}" for one in ("authorization", "token", "end_session")}
        return {"issuer": self.address, "jwks_uri": f"{self.address}/jwks", **ends}


@contextmanager
def issuing() -> Iterator[Issuer]:
    """Serves a fresh issuer on a free port of this machine."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"" if issuer.silent else json.dumps(issuer.answer(self.path)).encode()
            self.send_response(500 if issuer.silent else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
