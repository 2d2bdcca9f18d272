"""How what people type is compared: names without case, accents and umlauts, case numbers whatever dash they have."""

from __future__ import annotations

import re
import unicodedata

SPELLING = "2"  # how words are folded; with another the words of all names are indexed anew
_SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "æ": "ae", "œ": "oe", "þ": "th"}
    | dict(zip("ðđħıłŋŧəʼʹʻʽʾʿˈˊˋˮꞌ", "ddhilnte           ", strict=True))
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_WORD = re.compile(r"[^\W_]+")
_SIGN = re.compile(r"[\W_]+")


def number_typed(text: str) -> str:
    """A case number as it was typed or pasted in the form in which it is stored: composed, with plain hyphens."""
    return unicodedata.normalize("NFKC", text).translate(_DASHES).strip()


def spelled(text: str) -> list[str]:
    """The words of a text in their order, in the form in which they are compared; "Müller-Lüdenscheidt" has two.

    Of letters with a mark the bare one counts (Łukasz is Lukasz, Aydın is Aydin), but "ue" for "ü"; any dash, blank or
    apostrophe ends a word.
    """
    folded = unicodedata.normalize("NFC", text).casefold().translate(_SPELLED_OUT)
    return _WORD.findall(
        "".join(one for one in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(one))
    )


def words_of(text: str) -> set[str]:
    """The same, each once."""
    return set(spelled(text))


def bare(number: str) -> str:
    """The letters and digits of a case number, as they are compared: "c2001" for "C 2001" and "C-2001"."""
    return _SIGN.sub("", number_typed(number).casefold())
