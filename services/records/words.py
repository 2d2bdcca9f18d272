"""How what people type is compared: names without case, accents and umlauts, case numbers whatever dash they have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

SPELLING = "3"  # how names are folded and indexed; with another all names are indexed anew
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


def alphabetical(name: str) -> tuple[bool, list[str], str]:
    """What names are put in order by in every list: ä as ae (DIN 5007-2), whatever the case; what has no name last."""
    words = spelled(name)
    return not words, words, name


def words_of(text: str) -> set[str]:
    """The same, each once."""
    return set(spelled(text))


def whole_person(names: Mapping[str, str]) -> str:
    """Whole name and birth date in the form in which persons are compared; "" unless all three are known."""
    parts = [" ".join(sorted(words_of(names.get(field, "")))) for field in ("last_name", "first_name")]
    parts.append(names.get("birth_date", ""))
    return "\n".join(parts) if all(parts) else ""


def bare(number: str) -> str:
    """The letters and digits of a case number, as they are compared: "c2001" for "C 2001" and "C-2001"."""
    return _SIGN.sub("", number_typed(number).casefold())
