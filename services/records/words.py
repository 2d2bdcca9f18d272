"""How what people type is compared: names without case, accents and umlauts, case numbers whatever dash they have."""

from __future__ import annotations

import re
import unicodedata

_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_WORD = re.compile(r"[a-z0-9]+")


def number_typed(text: str) -> str:
    """A case number as it was typed or pasted in the form in which it is stored: composed, with plain hyphens."""
    return unicodedata.normalize("NFKC", text).translate(_DASHES).strip()


def words_of(text: str) -> set[str]:
    """The words of a text in the form in which they are compared; "Müller-Lüdenscheidt" has two."""
    folded = unicodedata.normalize("NFC", text).casefold().translate(_SPELLED_OUT)
    plain = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    return set(_WORD.findall(plain))
