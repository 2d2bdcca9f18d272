"""Which cases are meant by what somebody typed: by number or a part of it, else by name, else by one much like it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from rapidfuzz import process
from rapidfuzz.distance import OSA

from services.questions.sounds import sound
from services.records.words import bare, spelled

MOST_WORDS = 8
SOUNDS = 3  # letters in which two words that sound the same may differ
_DIGITS = re.compile(r"\d+")
Hits = Callable[[str, Collection[str]], set[str]]


class Known(NamedTuple):
    """What a case is found by: its bare number, the words of the family name and of the first name, and the bare number
    the client goes by (Kundennummer).
    """

    number: str
    last: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    client: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """Both numbers, as far as they are there."""
        return (self.number, self.client) if self.client else (self.number,)


class Found(NamedTuple):
    """The cases that may be meant, the likeliest first; `only`: the one that is, if it is clear; `alike`: nobody has
    the name, these have one much like it.
    """

    keys: list[UUID]
    only: UUID | None = None
    alike: bool = False


def meant(typed: str, known: Mapping[UUID, Known]) -> Found:
    """What of the known is meant. Each word is the beginning of a name, in any order, with a comma the family name
    first; a word with a digit is a part of the number.
    """
    if _DIGITS.search(typed) and (found := _by_number(bare(typed), known)).keys:
        return found
    keys, alike = _by_words(typed, known)
    keys = sorted(keys, key=lambda key: (known[key].last, known[key].first, known[key].number, key))
    return Found(keys, keys[0] if len(keys) == 1 else None, alike)


def _by_number(part: str, known: Mapping[UUID, Known]) -> Found:
    """The one with this number or run of digits first, then where such a one begins so, then where it stands inside."""
    places = {
        key: min(_place(part, number) for number in one.numbers if part in number)
        for key, one in known.items()
        if _holds(one, part)
    }
    keys = sorted(places, key=lambda key: (places[key], known[key].number, key))
    first = [key for key in keys if places[key] == 0] or keys
    return Found(keys, first[0] if len(first) == 1 else None)


def _holds(one: Known, part: str) -> bool:
    return any(part in number for number in one.numbers)


def _place(part: str, number: str) -> int:
    said = [number, *_DIGITS.findall(number)]
    return 0 if part in said else 1 if any(one.startswith(part) for one in said) else 2


def _by_words(typed: str, known: Mapping[UUID, Known]) -> tuple[list[UUID], bool]:
    parts = [word for word in typed.split() if _DIGITS.search(word)]
    if parts:
        typed = " ".join(word for word in typed.split() if word not in parts)
        known = {key: one for key, one in known.items() if all(_holds(one, bare(part)) for part in parts)}
    words = set(chain.from_iterable((*_said(one.last), *_said(one.first)) for one in known.values()))
    for hits in (_begun, _alike):
        if found := _named(typed, known, words, hits):
            return found, hits is _alike
    return [], False


def _named(typed: str, known: Mapping[UUID, Known], words: Collection[str], hits: Hits) -> list[UUID]:
    last, comma, first = typed.partition(",")
    wanted = [_wanted(part, words, hits) for part in ((last, first) if comma else (typed,))]
    if not any(wanted):
        return []

    def fits(one: Known) -> bool:
        names = [_said(one.last), _said(one.first)]
        said = names if comma else [names[0] + names[1]]
        return all(any(_placed(way, name) for way in ways) for ways, name in zip(wanted, said, strict=True) if ways)

    return [key for key, one in known.items() if fits(one)]


def _wanted(typed: str, words: Collection[str], hits: Hits) -> list[list[set[str]]]:
    """What a part of the typed can stand for: a name for each of its words, or one for all together ("O Brien")."""
    said = list(dict.fromkeys(spelled(typed)))[:MOST_WORDS]
    ways = [said, ["".join(said)]] if len(said) > 1 else [said]
    return [[hits(word, words) for word in way] for way in ways if way]


def _said(name: Sequence[str]) -> tuple[str, ...]:
    """The words of a name, and all of it as one ("obrien")."""
    return (*name, "".join(name)) if len(name) > 1 else tuple(name)


def _begun(typed: str, words: Iterable[str]) -> set[str]:
    return {word for word in words if word.startswith(typed)}


def _alike(typed: str, words: Collection[str]) -> set[str]:
    """The words with one typing error, longer ones with two, those that begin so, and those that sound the same
    ("Mayer", "Meier", "Mayr"); a short one has none.
    """
    found = _begun(typed, words)
    if len(typed) < 4:
        return found
    most = 1 if len(typed) < 6 else 2
    cut: dict[str, set[str]] = {}
    for word in words:
        cut.setdefault(word, set()).add(word)
        if most < len(typed) - 3 and len(word) > len(typed):
            cut.setdefault(word[: len(typed)], set()).add(word)
    near = process.extract(typed, list(cut), scorer=OSA.distance, score_cutoff=most, limit=None)
    nearly = process.extract(typed, list(words), scorer=OSA.distance, score_cutoff=SOUNDS, limit=None)
    alike = {word for word, *_ in nearly if sound(word) == sound(typed)}
    return found.union(alike, *(cut[word] for word, *_ in near))


def _placed(wanted: Sequence[Collection[str]], name: Sequence[str]) -> bool:
    """Whether each of the wanted finds a word of the name of its own."""
    taken: dict[int, int] = {}

    def place(one: int, tried: set[int]) -> bool:
        for at, word in enumerate(name):
            if at not in tried and word in wanted[one]:
                tried.add(at)
                if at not in taken or place(taken[at], tried):
                    taken[at] = one
                    return True
        return False

    return all(place(one, set()) for one in range(len(wanted)))
