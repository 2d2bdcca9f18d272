"""Addresses for mail as a server takes them: without blanks around them, their domain in ASCII (IDNA)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import idna

_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
LONGEST, LONGEST_LOCAL = 254, 64
_NOBODY = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})  # RFC 3463, 3.2, and RFC 7505


def address(text: str) -> str:
    """The address; letters beyond ASCII stay before the @ (SMTPUTF8). Raises ValueError for what is none."""
    local, _, domain = text.strip().rpartition("@")
    try:
        found = f"{local}@{idna.encode(domain, uts46=True).decode()}"
    except (idna.IDNAError, UnicodeError):
        found = ""
    if not _LOCAL.fullmatch(local) or not 0 < len(found) <= LONGEST or len(local.encode()) > LONGEST_LOCAL:
        raise ValueError("no address")
    return found


def is_nobody(code: int, said: str) -> bool:
    """Whether a server's answer about a recipient says that no mail reaches the address, rather than that the sender,
    the relay or this one mail is at fault; without an enhanced code 550 and 551 count as that.
    """
    enhanced = re.match(r"\s*(\d\.\d{1,3}\.\d{1,3})\b", said)
    return enhanced[1] in _NOBODY if enhanced else code in (550, 551)


def wrong(text: str) -> Iterator[str]:
    """The sentence for whoever gives an address that is none."""
    try:
        address(text)
    except ValueError:
        yield "Das ist keine Mailadresse wie name@beispiel.de. Bitte prüfen."
