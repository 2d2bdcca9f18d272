"""What somebody typed, in German: a command, a case number, a day. Deterministic, always echoed, never guessed at."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct
from rapidfuzz import fuzz, process

from domain import words
from domain.dialogues import DIALOGUES, Answer, Typed
from services.dialogues.german_days import read_day
from services.records.words import number_typed

__all__ = ["COMMANDS", "Option", "Understood", "examples", "read_day", "understand"]

ACCEPT, ASK = 80, 60  # rapidfuzz scores: taken as meant; asked back; below: buttons
LONGEST = 400  # characters of one line

Kind = Literal["help", "case", "dialogue", "ask", "unknown"]


class Option(Struct, frozen=True, kw_only=True):
    """A button under the echo; `text` is what it types."""

    label: str
    text: str


class Understood(Struct, frozen=True, kw_only=True):
    """What was understood; `echo` says it in German, days with weekday.

    help: show `COMMANDS`. case: show `case`. dialogue: start it with `prefill`, for `case` if one was named. ask and
    unknown: nothing is done, `options` are buttons.
    """

    kind: Kind
    echo: str
    dialogue: str = ""
    case: str = ""
    prefill: dict[str, Answer] = {}
    options: list[Option] = []


HELP = Typed(("hilfe", "help", "befehle"), "hilfe", "Hilfe")
COMMANDS: Mapping[str, Typed] = {
    **{dialogue.name: dialogue.typed for dialogue in DIALOGUES.values() if dialogue.typed},
    "help": HELP,
}
_MEANING = {word: name for name, command in COMMANDS.items() for word in command.words}
_STRATEGY_WORDS = {
    "integration": "integration",
    "entwicklung": "entwicklung",
    "grundbetreuung aktivierbar": "grundbetreuung-aktivierbar",
    "grundbetreuung aktiv": "grundbetreuung-aktivierbar",
    "grundbetreuung passiv": "grundbetreuung-passiv",
}
_FILLER_WORDS = (
    "bitte die den das dem der strategie handlungsstrategie balken fall fallakte mal doch ich möchte will soll um auf "
    "für mich wieder ist noch und an einen neuen beantragen planen lassen"
)
_FILLERS = frozenset(_FILLER_WORDS.split())
_CASE = re.compile(r"(?<![\w.])(?:[a-z]{1,8}[-_/]\d[\w./-]*|(?<=fall )\d[\w/-]*|\d{4,}(?![\w.-]))", re.IGNORECASE)


def understand(text: str, today: dt.date) -> Understood:
    """Reads one typed line. Whether a case number exists is for the caller to see."""
    line = " ".join(text[:LONGEST].split()).strip("!? ")
    number, line = _case_number(line)
    tokens = [token for token in line.lower().split() if token.strip(".,:")]
    if number and not [token for token in tokens if token not in _FILLERS]:
        return Understood(kind="case", case=number, echo=f"Verstanden: Fall {number}.")
    meant, score, at = _best(tokens)
    if score < ASK:
        return _unknown("Das habe ich nicht verstanden. Möglich ist zum Beispiel:")
    if score < ACCEPT:
        return _ask(meant, tokens, at)
    return _command(meant, tokens[:at] + tokens[at + 1 :], number, today)


def _case_number(line: str) -> tuple[str, str]:
    """A case number in the line, and the line without it."""
    plain = number_typed(line)
    match = _CASE.search(plain)
    if match is None:
        return "", line
    return match[0], f"{plain[: match.start()]} {plain[match.end() :]}".strip()


def _best(tokens: list[str]) -> tuple[str, float, int]:
    """The command some word of the line comes nearest to: its name, the score, the place of the word."""
    best = ("", 0.0, 0)
    for at, token in enumerate(tokens):
        if len(token) < 4 or token in _FILLERS:
            continue
        found = process.extractOne(token.strip(".,:"), list(_MEANING), scorer=fuzz.ratio)
        if found is not None and found[1] > best[1]:
            best = (_MEANING[found[0]], found[1], at)
    return best


def _command(meant: str, rest: list[str], number: str, today: dt.date) -> Understood:
    if meant == "help":
        return Understood(kind="help", echo="Das können Sie schreiben:", options=_examples())
    command, dialogue = COMMANDS[meant], DIALOGUES[meant]
    prefill: dict[str, Answer] = {}
    said = [command.echo]
    if any(step.key == "strategy" for step in dialogue.steps):
        strategy, rest = _strategy(rest)
        if strategy:
            prefill["strategy"] = strategy
            said.append(f"auf {words.STRATEGIES[strategy]}")
    phrase = " ".join(token for token in rest if token not in _FILLERS)
    day = read_day(phrase, today, near=dialogue.behind) if command.day_step else None
    if day is not None:
        prefill[command.day_step] = day.isoformat()
        said.append(f"{command.preposition} {words.weekday_and_day(day)}")
    unread = f" Das Datum „{phrase}“ habe ich nicht erkannt." if command.day_step and phrase and day is None else ""
    echo = f"Verstanden: {' '.join(said)}{f' (Fall {number})' if number else ''}.{unread}"
    return Understood(kind="dialogue", dialogue=meant, case=number, prefill=prefill, echo=echo)


def _strategy(rest: list[str]) -> tuple[str, list[str]]:
    """The strategy named in the rest of the line, and the words that are left."""
    for length in (2, 1):
        for at in range(len(rest) - length + 1):
            found = process.extractOne(
                " ".join(rest[at : at + length]), list(_STRATEGY_WORDS), scorer=fuzz.ratio, score_cutoff=85
            )
            if found is not None:
                return _STRATEGY_WORDS[found[0]], rest[:at] + rest[at + length :]
    return "", rest


def _ask(meant: str, tokens: list[str], at: int) -> Understood:
    """Between sure and unsure: the line as it would be right, as a button."""
    word = COMMANDS[meant].words[0]
    text = " ".join([*tokens[:at], word, *tokens[at + 1 :]])
    options = [Option(label=f"Ja: {text}", text=text), *_examples()]
    return Understood(kind="ask", echo=f"Meinten Sie „{text}“?", options=options)


def _unknown(echo: str) -> Understood:
    return Understood(kind="unknown", echo=echo, options=_examples())


def examples() -> list[str]:
    """One line that can be typed for each command."""
    return [command.example for command in COMMANDS.values()]


def _examples() -> list[Option]:
    return [Option(label=text, text=text) for text in examples()]
