"""What stands in a line beside its command: a day, a name, a subject, a strategy. What is none of these is refused."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from rapidfuzz.distance import OSA

from domain.periods import DAY
from notifications import render
from services.dialogues.choosing import MOST_NAMES, TITLES, is_name, is_title
from services.dialogues.german_days import DAY_WORDS, WEEKDAY_WORDS, Unfit, read_day
from services.dialogues.line import PUNCTUATION, Word, words_in
from services.dialogues.vocabulary import COMMANDS, DAY_LEADS, ENDED, ENDING, FILLERS, Command, plain

_LIKE_A_DAY = re.compile(r"\d{1,2}\.\d|\d{4}-\d")
LONGEST_DAY = 8  # words: "Montag, den 5. Dezember nächsten Jahres + 3 Tage"
_LETTERS = {"i": "integration", "e": "entwicklung", "ga": "grundbetreuung-aktivierbar", "gp": "grundbetreuung-passiv"}
_CARE = {
    "aktivierbar": "grundbetreuung-aktivierbar",
    "aktiv": "grundbetreuung-aktivierbar",
    "passiv": "grundbetreuung-passiv",
}
ADDRESSED = TITLES - {"fall"}
DONE = plain("erledigt fertig gemacht erledigen abhaken abgehakt weg löschen streichen")
_ABOUT = plain("an am ans auf den die das dem der betreff betr wegen dass zu zum zur mich von für bis ab um")


class Rest(NamedTuple):
    """What was read; `refused` is the first German sentence about what was not, `unread` whether something was left."""

    day: dt.date | None = None
    until: dt.date | None = None
    name: str | None = None
    subject: str | None = None
    strategy: str | None = None
    before: str | None = None
    refused: str | None = None
    unread: bool = False


class _Days(NamedTuple):
    found: list[dt.date]
    refused: str | None
    left: list[Word]


def read_rest(row: Command, text: str, said: frozenset[str], today: dt.date) -> Rest:
    """Reads what is left of a line without case, time and the words that `said` the command."""
    words = _untitled(_without(words_in(text), said, once=row.first), kept=row.first)
    if row.first:
        return _with_subject(row, words, today)
    name, words = _receiver(words) if row.code == "hand-over" else (None, words)
    before, words = _replaced(words) if row.code == "change" else (None, words)
    strategy, refused, words = _strategy(words, row) if row.strategy else (None, None, words)
    if row.strategy and not refused and _strategy(words, row)[0]:  # a second one
        strategy, refused = None, _said("strategies")
    days = _days(words if row.day else [word for word in words if word.raw != "so"], row, today)  # or is it a Sunday?
    day, until, wrong = _chosen(days.found, row, today)
    if row.code in ENDED and until is None and any(word.plain in ENDING for word in words):
        day, until, wrong = None, day, wrong or _said("only-end", title=row.title)
    left = [word for word in days.left if word.plain not in row.beside and word.plain != "+"]
    found = Rest(day, until, name, None, strategy, before, refused or days.refused or wrong)
    return _with_name(found, row, left)


def _untitled(words: list[Word], *, kept: bool) -> list[Word]:
    """Without the "Fr." of "Fr. Meier", which is no Friday; where all is `kept` as text it stays with the name."""
    found: list[Word] = []
    for at, word in enumerate(words):
        if kept and at and is_title(words, at - 1):
            found[-1:] = [Word(f"{words[at - 1].raw} {word.raw}", word.plain)]
        elif kept or not is_title(words, at):
            found.append(word)
    return found


def _replaced(words: list[Word]) -> tuple[str | None, list[Word]]:
    """The strategy behind "von", which is to be given up, and the words left."""
    for at, word in enumerate(words[:-1]):
        if word.plain in ("von", "statt"):
            found, _, left = _strategy(words[at + 1 : at + 3], COMMANDS["change"])
            if found:
                return found, [*words[:at], *left, *words[at + 3 :]]
    return None, words


def _without(words: list[Word], said: frozenset[str], *, once: bool) -> list[Word]:
    if not once:
        return [word for word in words if word.plain not in said]
    at = next((at for at, word in enumerate(words) if word.plain in said), len(words))
    return words[at + 1 :]


def _with_subject(row: Command, words: list[Word], today: dt.date) -> Rest:
    """A day, and all else as text: "3.12. Mietvertrag", "Mietvertrag am 3.12."."""
    days = _days(words, row, today, most=1)
    day, _, wrong = _chosen(days.found, row, today)
    left = list(days.left)
    wrong = days.refused or wrong
    if day is None and (unread := next((word for word in left if _LIKE_A_DAY.match(word.raw)), None)):
        left.remove(unread)
        wrong = wrong or _said("unread", typed=unread.raw, day=row.day)
    while left and left[0].plain in _ABOUT:
        left.pop(0)
    while left and left[-1].plain in DAY_LEADS:
        left.pop()
    subject = " ".join(word.raw for word in left).strip(" ,:;–-")
    if subject.lower() in DONE:
        return Rest(refused=_said("done"))
    return Rest(day, subject=subject or None, refused=wrong)


def _receiver(words: list[Word]) -> tuple[str | None, list[Word]]:
    """The name behind "an", and the words before it."""
    at = next((at for at, word in enumerate(words) if word.plain == "an"), len(words))
    behind = words[at + 1 :]
    end = next((at for at, word in enumerate(behind) if word.plain in DAY_LEADS | DAY_WORDS), len(behind))
    named = [word for word in behind[:end] if word.plain not in TITLES | {"die", "den", "kollegin", "kollegen"}]
    if not named or len(named) > MOST_NAMES or not all(map(is_name, named)):
        return None, [*words[:at], *named, *behind[end:]]
    return _spoken(named), [*words[:at], *behind[end:]]


def _strategy(words: list[Word], row: Command) -> tuple[str | None, str | None, list[Word]]:
    """The strategy named, a refusal if one is meant and unknown, and the words left."""
    for at, word in enumerate(words):
        led = at > 0 and words[at - 1].plain in ("auf", "zu", "nach")
        if word.plain in _LETTERS and (led or word.raw in ("E", "I", "GA", "GP")):
            return _LETTERS[word.plain], None, words[:at] + words[at + 1 :]
        if _is(word, "integration") or _is(word, "entwicklung"):
            code = "integration" if _is(word, "integration") else "entwicklung"
            return code, None, words[:at] + words[at + 1 :]
        if _is(word, "grundbetreuung"):
            kinds = [kind for kind in _CARE if at + 1 < len(words) and _is(words[at + 1], kind)]
            if not kinds:
                return None, _said("care", typed=row.bare), words[:at] + words[at + 1 :]
            return _CARE[kinds[0]], None, words[:at] + words[at + 2 :]
        if word.plain in _CARE:
            return _CARE[word.plain], None, words[:at] + words[at + 1 :]
    return None, None, words


def _is(word: Word, meant: str) -> bool:
    return OSA.distance(word.plain, meant) <= (2 if len(meant) > 8 else 1 if len(word.plain) > 4 else 0)


def _days(words: list[Word], row: Command, today: dt.date, most: int = 9) -> _Days:
    """Every day in the words, the longest phrase first, and the words left; a lead stays before what was not read."""
    found: list[dt.date] = []
    refused, left, at = None, list[Word](), 0
    while at < len(words):
        length = 0
        try:
            if at and words[at - 1].plain in ADDRESSED and words[at].raw[:1].isupper():
                pass  # "Frau Heute" is a name
            elif len(found) < most:
                near = row.day in ("behind", "any") and not found  # an end lies after its beginning
                length, day = _longest(words[at : at + LONGEST_DAY], row, today, near)
                found += [day] if day else []
        except Unfit as error:
            refused, length = refused or str(error), _length(words[at : at + LONGEST_DAY], row, today)
        left += [] if length else [words[at]]
        at += length or 1
    return _Days(found, refused, left)


def _longest(words: list[Word], row: Command, today: dt.date, near: bool) -> tuple[int, dt.date | None]:
    """How many words make the longest day that begins here, and the day. Raises `Unfit`."""
    for length in range(len(words), 0, -1):
        day = read_day(" ".join(word.raw for word in words[:length]), today, near=near, exact=row.time)
        if day is not None:
            past = row.day == "behind" and today < day and words[length - 1].plain in WEEKDAY_WORDS and length <= 2
            return length, day - 7 * DAY if past else day
    return 0, None


def _length(words: list[Word], row: Command, today: dt.date) -> int:
    """How many words make the longest day that begins here and cannot be meant."""
    for length in range(len(words), 0, -1):
        try:
            said = " ".join(word.raw for word in words[:length])
            if read_day(said, today, near=row.day in ("behind", "any"), exact=row.time):
                return length
        except Unfit:
            return length
    return 1


def _chosen(found: list[dt.date], row: Command, today: dt.date) -> tuple[dt.date | None, dt.date | None, str | None]:
    """The day, the end beside it, and why a day is refused."""
    if not found:
        return None, None, None
    if not row.day:
        return None, None, _said("no-day", days=found, title=row.title)
    if row.code == "alg1" and len(found) == 2 and found[0] <= found[1]:
        return found[0], found[1], None
    if len(set(found)) > 1:
        return None, None, _said("days", days=found)
    day = found[0]
    wrong = {"ahead": day <= today, "from-today": day < today, "behind": day > today}.get(row.day, False)
    return (None, None, _said(row.day, days=[day])) if wrong else (day, None, None)


def _with_name(found: Rest, row: Command, words: list[Word]) -> Rest:
    """The name among the words left; a word that is neither name nor filler is refused."""
    named: list[Word] = []
    for at, word in enumerate(words):
        if word.plain in FILLERS:
            continue
        lead = words[at - 1] if at else None
        led = row.day != "" and lead is not None and lead.plain in DAY_LEADS
        if row.code == "change" and lead is not None and lead.plain in ("auf", "zu", "nach"):
            return found._replace(refused=found.refused or _said("strategy", typed=word.raw), unread=True)
        if led or not row.named or not is_name(word) or len(named) == MOST_NAMES:
            dayish = led or (row.day != "" and word.raw[:1].isdigit())
            typed = " ".join(one.raw for one in words[at - 1 if led else at :])
            return found._replace(refused=found.refused or _said("unread", typed=typed, day=dayish), unread=True)
        named.append(word)
    return found._replace(name=_spoken(named) or None) if named else found


def _spoken(words: list[Word]) -> str:
    return " ".join(word.raw for word in words).strip(PUNCTUATION)


def _said(why: str, **data: object) -> str:
    return render.sentence("chat/refused.txt.j2", {"why": why, **data})
