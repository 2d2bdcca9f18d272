"""A typed line in its parts: the case numbers in it, and its words as they stand and as they are compared."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from services.records.words import number_typed, spelled

Known = Callable[[str], str | None]  # a number as typed -> the number of the case, if there is one

PUNCTUATION = ".,:;!?\"'()[]„“”»«…-"
_MARKED = re.compile(
    r"(?<![\w.])(?!(?:alg|kw|q)[-_/])[a-z]{1,8}[-_/]\d[\w./-]*|\b(?:fall|fallnummer|nr\.?)\s+#?(?P<plain>\d[\w/-]*)(?![\w.:])",
    re.IGNORECASE,
)
_POSSIBLE = re.compile(
    r"(?<![\w.:/+-])(?:(?P<letters>[a-z]{1,8})\s?)?(?P<digits>\d{3,})(?![\w:/-]|\.\d)", re.IGNORECASE
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_ALG1 = re.compile(r"\b(alg|arbeitslosengeld)[\s-]*(?:1|i)(?![\w.])", re.IGNORECASE)


def folded(text: str) -> str:
    """A text in the form in which words are compared: without case, accents and umlauts."""
    return " ".join(spelled(text))


class Word(NamedTuple):
    """A word as it stands and as it is compared."""

    raw: str
    plain: str


class Line(NamedTuple):
    """`cases`: the numbers named, each once. `text`: the line without them. `words`: its words."""

    cases: list[str]
    text: str
    words: list[Word]


def read_line(typed: str, known: Known) -> Line:
    """Takes the case numbers out of a line. A number by itself is one only if `known` says so, and a year never is."""
    text = number_typed("".join(char if char.isprintable() else " " for char in typed))
    text = _ALG1.sub(r"\g<1>1", " ".join(text.split()))
    cases: list[str] = []

    def take(number: str) -> str:
        if number not in cases:
            cases.append(number)
        return " "

    def marked(match: re.Match[str]) -> str:
        number = (match["plain"] or match[0]).rstrip(".-/")
        return take(known(number) or number.upper())

    def possible(match: re.Match[str]) -> str:
        letters, digits = match["letters"] or "", match["digits"]
        if letters and (number := known(f"{letters}-{digits}") or known(f"{letters}{digits}")):
            return take(number)
        alone = None if _YEAR.fullmatch(digits) else known(digits)
        return f"{letters}{take(alone)}" if alone else match[0]

    rest = " ".join(_POSSIBLE.sub(possible, _MARKED.sub(marked, text)).split())
    return Line(cases, rest, words_in(rest))


def words_in(text: str) -> list[Word]:
    """The words of a text; a plus sign is one."""
    spaced = re.sub(r",(?=[^\s\d])", ", ", text.replace("+", " + "))
    found = (Word(raw, raw if raw == "+" else folded(raw).strip(PUNCTUATION)) for raw in spaced.split())
    return [word for word in found if word.plain]
