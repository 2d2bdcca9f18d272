"""How a German name sounds, as digits: the Kölner Phonetik (H. J. Postel, 1969)."""

from __future__ import annotations

from itertools import groupby

_DIGITS = {
    letter: digit
    for letters, digit in (
        ("aeijouy", "0"), ("b", "1"), ("fvw", "3"), ("gkq", "4"), ("l", "5"), ("mn", "6"), ("r", "7"), ("sz", "8"),
    )
    for letter in letters
}  # fmt: skip


def sound(word: str) -> str:
    """The digits of a word in the form in which words are compared: "67" for meier, maier, mayr and mayer."""
    digits = "".join(
        _digit(before, letter, after) for before, letter, after in zip(f" {word}", word, f"{word[1:]} ", strict=False)
    )
    each = "".join(digit for digit, _ in groupby(digits))
    return each[:1] + each[1:].replace("0", "")


def _digit(before: str, letter: str, after: str) -> str:
    match letter:
        case "p":
            return "3" if after == "h" else "1"
        case "d" | "t":
            return "8" if after in "csz" else "2"
        case "c":
            hard = after in ("ahkloqrux" if before == " " else "ahkoqux")
            return "4" if hard and before not in "sz" else "8"
        case "x":
            return "8" if before in "ckq" else "48"
    return _DIGITS.get(letter, "")
