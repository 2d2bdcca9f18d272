"""How the words of a name are compared: without case, accents, umlauts and punctuation."""

from __future__ import annotations

import re
import unicodedata

_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_WORD = re.compile(r"[a-z0-9]+")


def words_of(text: str) -> set[str]:
    """The words of a text in the form in which they are compared; "Müller-Lüdenscheidt" has two."""
    folded = unicodedata.normalize("NFC", text).casefold().translate(_SPELLED_OUT)
    plain = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    return set(_WORD.findall(plain))
