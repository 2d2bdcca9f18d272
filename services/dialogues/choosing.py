"""Which command a line means: words with typing errors, never a name, never a guess at what ends or withdraws."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from services.dialogues.german_days import DAY_WORDS
from services.dialogues.line import PUNCTUATION, Line, Word
from services.dialogues.vocabulary import (
    COMMANDS,
    DAY_LEADS,
    ENDED,
    FILLERS,
    LIKE_COMMANDS,
    NEGATIONS,
    NEVER_NAMED,
    NO_NAMES,
    SPELLED,
    THINGS,
    Command,
)

SHOWN, NEAR = 60, 80  # rapidfuzz ratio of a word to a command: worth a button; worth to set the line right
MOST_NAMES = 4
TITLES = frozenset({"frau", "herr", "herrn", "hr", "fall"})
_NAME = re.compile(r"[^\W\d_][^\W\d_'’.\-]*(?:['’.\-][^\W\d_]*)*,?")
_INSTEAD = {"confirm": ("dispute", "change"), "held": ("missed",)}  # what a command denied may have meant

Near = tuple[tuple[str, str], ...]


class Choice(NamedTuple):
    """The command, and the words of the line that said so; else why none is meant, and the nearest with their lines."""

    command: str | None = None
    said: frozenset[str] = frozenset()
    guessed: bool = False
    why: str = "unknown"
    nearest: Near = ()


class _Match(NamedTuple):
    row: Command
    phrase: frozenset[str]


def choose(line: Line) -> Choice:
    """The command of a line. A typing error is set right, unless it would end, withdraw, refuse or hand over."""
    words = [word.plain for word in line.words]
    whole = " ".join(word for word in words if word not in ("bitte", "mal", "danke")) or line.text.strip()
    if row := next((one for one in COMMANDS.values() if whole in one.lines), None):
        return Choice(row.code, frozenset(words))
    opening = next((word for word in words if word not in FILLERS), "")
    if row := next((one for one in COMMANDS.values() if one.first and frozenset({opening}) in one.says), None):
        return Choice(row.code, frozenset({opening}))
    if row := _name_like(line):
        to = " an" if row.code == "hand-over" else ""
        return Choice(why="near", nearest=((row.code, f"{row.bare}{to} {line.words[1].raw}"),))
    right = _set_right(line)
    found = _matches(set(right.values()))
    fitting = [one for one in found if not (one.row.strategy and _of_thing(line))]
    if len(fitting) == 1 and fitting[0].row.code in ENDED and {one.row.code for one in found} <= {*ENDED, "end"}:
        return _one(line, right, fitting[0])
    if len(fitting) < len(found):
        return Choice(why="like", nearest=tuple((one.row.code, _alone(line, right, one, found)) for one in fitting))
    if not found:
        return _none(line)
    if len(found) > 1:
        return Choice(why="two", nearest=tuple((one.row.code, _alone(line, right, one, found)) for one in found))
    return _one(line, right, found[0])


def _name_like(line: Line) -> Command | None:
    """The command that a line of two words seems to name, where "Beenden, Max" may as well be a name."""
    words = line.words
    if len(words) != 2 or not words[0].raw.endswith(",") or not all(word.raw[:1].isupper() for word in words):
        return None
    named = words[1].plain not in DAY_WORDS and words[1].plain not in SPELLED and is_name(words[1])
    return next((one for one in COMMANDS.values() if frozenset({words[0].plain}) in one.says), None) if named else None


def _set_right(line: Line) -> dict[str, str]:
    """Each word with the one that was meant; beside a command, what begins with a capital is no command but a name."""
    exact = any(not one.row.weak for one in _matches({word.plain for word in line.words}))
    return {
        word.plain: word.plain if exact and word.raw[:1].isupper() else _corrected(word.plain) for word in line.words
    }


def _of_thing(line: Line) -> bool:
    """Whether it is about ALG I, work or a Maßnahme, which no deed of a strategy ends or changes."""
    return any(word.plain in THINGS for word in line.words)


def is_title(words: Sequence[Word], at: int) -> bool:
    """Whether the "Fr." there is "Frau": before a name, and not "bis Fr." or "Fr. 5.12.", which is a Friday."""
    if words[at].raw != "Fr.":
        return False
    lead = words[at - 1].plain if at else ""
    named = words[at + 1 : at + 2]
    return lead in ("mit", "bei", "an") or (lead not in DAY_LEADS and any(map(_may_follow_title, named)))


def _may_follow_title(word: Word) -> bool:
    known = word.plain in SPELLED or word.plain in DAY_WORDS | FILLERS | NO_NAMES
    return word.raw[:1].isupper() and is_name(word) and not known


def bare_name(line: Line) -> str:
    """The name a line is, if it says nothing else; "" otherwise."""
    words = [word for at, word in enumerate(line.words) if word.plain not in TITLES and not is_title(line.words, at)]
    if not 0 < len(words) <= MOST_NAMES or not all(map(_may_be_name, words)):
        return ""
    return " ".join(word.raw for word in words).strip(PUNCTUATION)


def is_name(word: Word) -> bool:
    """Whether a word is written like part of a name."""
    return word.plain not in NO_NAMES and _NAME.fullmatch(word.raw.strip('()"„“;:!?')) is not None


def _may_be_name(word: Word) -> bool:
    return (
        is_name(word) and len(word.plain) > 1 and word.plain not in NEVER_NAMED | NEGATIONS | DAY_WORDS | {"ja", "ok"}
    )


def _corrected(word: str) -> str:
    """The word of the vocabulary that was meant, or the word itself."""
    if word in SPELLED or word in FILLERS or word in DAY_WORDS or word in LIKE_COMMANDS:
        return word
    near = {meant: OSA.distance(word, meant, score_cutoff=2) for meant in SPELLED if meant not in NEGATIONS}
    fits = {meant: far for meant, far in near.items() if far <= _errors(meant) and _begins_alike(word, meant)}
    least = min(fits.values(), default=0)
    best = [meant for meant, far in fits.items() if far == least]
    return best[0] if best and len({_codes(meant) for meant in best}) == 1 else word


def _errors(word: str) -> int:
    return 0 if len(word) < 5 else 1 if len(word) < 8 else 2


def _begins_alike(word: str, meant: str) -> bool:
    return word[:1] == meant[:1] or sorted(word[:2]) == sorted(meant[:2])


def _codes(word: str) -> frozenset[str]:
    return frozenset(row.code for row in COMMANDS.values() if any(word in phrase for phrase in row.says))


def _matches(words: Collection[str]) -> list[_Match]:
    """The commands these words say, without those that only qualify another."""
    said = frozenset(words)
    fitting = ((row, [phrase for phrase in row.says if phrase <= said]) for row in COMMANDS.values())
    found = [_Match(row, frozenset[str]().union(*phrases)) for row, phrases in fitting if phrases]
    if any(not one.row.weak for one in found):
        found = [one for one in found if not one.row.weak]
    return [one for one in found if not any(_qualifies(one, other) for other in found)][: 1 if _weak(found) else None]


def _weak(found: list[_Match]) -> bool:
    return all(one.row.weak for one in found)


def _qualifies(one: _Match, other: _Match) -> bool:
    """Whether what says the one is only part of, or beside, what says the other."""
    if one is other:
        return False
    return one.phrase < other.phrase or (one.phrase <= other.row.beside and not other.phrase <= one.row.beside)


def _one(line: Line, right: dict[str, str], match: _Match) -> Choice:
    row, left = match.row, {word for word, meant in right.items() if meant not in match.phrase}
    meant_otherwise = [word for word in left - FILLERS - row.beside if word in LIKE_COMMANDS]
    if meant_otherwise:
        return Choice(why="like", nearest=_examples(LIKE_COMMANDS[meant_otherwise[0]]))
    if any(map(_denies, left)):
        return Choice(why="negated", nearest=_examples(_INSTEAD.get(row.code, ())))
    said = frozenset(word for word, meant in right.items() if meant in match.phrase)
    guessed = bool(said - match.phrase)
    if guessed and not row.harmless and len(line.words) == 1 and line.words[0].raw[:1].isupper():  # or is it a name?
        return Choice(why="near", nearest=((row.code, _with(line, right)), ("open", f"öffne {line.words[0].raw}")))
    if guessed and row.guarded:
        return Choice(why="near", nearest=((row.code, _with(line, right)),))
    return Choice(row.code, said, guessed)


def _denies(word: str) -> bool:
    """Whether it is a negation, or may be one with a typing error."""
    return word in NEGATIONS or (word not in FILLERS and OSA.distance(word, "nicht") <= 1)


def _none(line: Line) -> Choice:
    meant = [LIKE_COMMANDS[word.plain] for word in line.words if word.plain in LIKE_COMMANDS]
    if meant:
        fitting = [code for code in meant[0] if not (COMMANDS[code].strategy and _of_thing(line))]
        return Choice(why="like", nearest=_examples(fitting))
    best = sorted(_scored(line), reverse=True)
    codes: dict[str, str] = {}
    for score, code, text in best:
        if score >= SHOWN and len(codes) < 3:
            codes.setdefault(code, text)
    return Choice(nearest=tuple(codes.items()))


def _scored(line: Line) -> Iterator[tuple[float, str, str]]:
    """How near each word comes to each command: score, code, the line as it would be right."""
    for word in line.words:
        if len(word.plain) < 4 or word.plain in FILLERS or word.plain in DAY_WORDS:
            continue
        for row in COMMANDS.values():
            for phrase in row.says:
                (meant,) = phrase if len(phrase) == 1 else ("",)
                if score := fuzz.ratio(word.plain, meant, score_cutoff=SHOWN):
                    yield score, row.code, _with(line, {word.plain: meant}) if score >= NEAR else row.bare


def _with(line: Line, right: dict[str, str]) -> str:
    """The line with words set right, its case in it."""
    words = (
        word.raw if (meant := right.get(word.plain, word.plain)) == word.plain else SPELLED[meant]
        for word in line.words
    )
    return " ".join([*words, *line.cases])


def _alone(line: Line, right: dict[str, str], one: _Match, found: list[_Match]) -> str:
    """The line with what says the other commands left out."""
    others = frozenset[str]().union(*(other.phrase for other in found if other is not one)) - one.phrase
    words = [word for word in line.words if right[word.plain] not in others and word.plain not in ("und", "oder")]
    return " ".join([*(word.raw for word in words), *line.cases])


def _examples(codes: Collection[str]) -> Near:
    return tuple((code, COMMANDS[code].bare) for code in codes)
