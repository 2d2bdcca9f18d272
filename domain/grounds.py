"""What the rules of the office rest on: directives and local orders as known, and whether one makes sense
(Fachkonzept 12, 13).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import cast
from urllib.parse import urlsplit

from domain import words
from domain.evaluations import OF_STAFF
from domain.facts import Fact
from domain.facts.grounds import (
    LINK_SHAPE,
    DirectivePublished,
    DirectiveRead,
    EvaluationsAgreed,
    LocalOrderSet,
    WordSet,
)
from domain.knowledge import Known
from domain.law import MATTERS, Lexicon
from domain.rules import RULES

Reasons = Iterator[tuple[str, str]]
FIRST = dt.date(2005, 1, 1)  # of the SGB II


# --- what is known ---


def directives(settings: Iterable[Known], day: dt.date) -> list[Known]:
    """The directives (`DirectivePublished`) valid on a day, the latest first; each number once."""
    return [one for one in published(settings, day) if one.on <= day]


def published(settings: Iterable[Known], day: dt.date) -> list[Known]:
    """The same with those that are valid later."""
    last: dict[tuple[str, dt.date | None], Known] = {}
    for one in settings:
        if isinstance(one.fact, DirectivePublished):
            last[one.fact.reference, one.on if one.on > day else None] = one
    return sorted(last.values(), key=lambda one: (one.on, one.recorded_at, one.ref), reverse=True)


def of_rule(found: Iterable[Known], rule: str) -> list[DirectivePublished]:
    """Those among directives that the rule rests on, in their order."""
    facts = (cast(DirectivePublished, one.fact) for one in found)
    return [fact for fact in facts if rule in fact.rules]


def readers(settings: Iterable[Known]) -> dict[str, set[str]]:
    """Who has said to have read a directive: persons (as in `by`) by its ref or id, as the facts name it."""
    found: dict[str, set[str]] = {}
    for one in settings:
        if isinstance(one.fact, DirectiveRead):
            found.setdefault(one.fact.directive, set()).add(one.by)
    return found


def orders(settings: Iterable[Known], day: dt.date | None = None) -> list[Known]:
    """The local orders (`LocalOrderSet`) in force on a day; None: all that stand or will, without those replaced."""
    last: dict[tuple[str, str | None], Known] = {}
    for one in settings:
        if isinstance(one.fact, LocalOrderSet) and (day is None or one.on <= day):
            last[one.fact.rule, one.fact.unit] = one
    found = [one for one in last.values() if day is None or not ended(one, day)]
    return sorted(found, key=lambda one: (cast(LocalOrderSet, one.fact).rule, cast(LocalOrderSet, one.fact).unit or ""))


def ended(one: Known, day: dt.date) -> bool:
    """Whether a local order or a Dienstvereinbarung is over on a day."""
    until: dt.date | None = getattr(one.fact, "until", None)
    return until is not None and until < day


# --- whether one makes sense ---


def reasons(fact: Fact, on: dt.date) -> Reasons:
    """Why it makes no sense from this day on, as (field, sentence); nothing for what is none of these."""
    if isinstance(fact, WordSet):
        yield from _of_word(fact, on)
    elif isinstance(fact, DirectivePublished):
        yield from _of_directive(fact, on)
    elif isinstance(fact, LocalOrderSet):
        yield from _of_rules([fact.rule], "rule")
        if over := words.too_long(fact.order, 4_000):
            yield "order", over
        yield from _until(fact.until, on, "Die Verfügung")
    elif isinstance(fact, EvaluationsAgreed):
        yield from _one_line("reference", fact.reference, 120)
        yield from _of_evaluations(fact.evaluations)
        yield from _until(fact.until, on, "Die Dienstvereinbarung")


def said_already(settings: Sequence[Known], fact: Fact, on: dt.date) -> str:
    """Why a word says nothing new: the same counts since an earlier day; "" if it does."""
    if not isinstance(fact, WordSet) or fact.about not in MATTERS:
        return ""
    holding = next(one for one in Lexicon(settings).rows if one.about == fact.about and one.holds(on))
    if holding.said != fact.word or holding.since == on:
        return ""  # whoever says the shipped word of the same day has checked it
    since = f"seit dem {words.day(holding.since)}" if holding.since else "schon immer"
    return f"„{fact.word}“ gilt {since}; der Vorschlag würde nichts ändern."


def odd(settings: Sequence[Known]) -> list[str]:
    """What an import has brought and makes no sense, a sentence each."""
    alone = [sentence for one in settings for _, sentence in reasons(one.fact, one.on)]
    return list(dict.fromkeys([*_doubled(settings), *alone]))


def _doubled(settings: Iterable[Known]) -> list[str]:
    """Two words for one matter and day: the last recorded counts."""
    kept: dict[tuple[str, dt.date], str] = {}
    said = []
    for one in settings:
        if not isinstance(one.fact, WordSet):
            continue
        key = one.fact.about, one.on
        if kept.get(key, one.fact.word) != one.fact.word:
            title = MATTERS[key[0]].title if key[0] in MATTERS else key[0]
            said.append(f"{title}: Für den {words.day(one.on)} gibt es zwei Worte; es gilt das zuletzt erfasste.")
        kept[key] = one.fact.word
    return said


def _of_word(fact: WordSet, on: dt.date) -> Reasons:
    if fact.about not in MATTERS:
        yield "about", "Bitte wählen, wofür das Wort steht."
    if on < FIRST:
        yield "on", f"Vor dem {words.day(FIRST)} gab es das SGB II nicht. Bitte diesen oder einen späteren Tag angeben."
    yield from _one_line("word", fact.word, 120)


def _of_directive(fact: DirectivePublished, on: dt.date) -> Reasons:
    if on < fact.published:
        day = words.day(fact.published)
        yield "on", f"Die Vorgabe kann nicht vor dem Tag gelten, an dem sie veröffentlicht wurde ({day})."
    yield from _one_line("reference", fact.reference, 120)
    yield from _one_line("title", fact.title, 300)
    if fact.paragraph is not None:
        yield from _one_line("paragraph", fact.paragraph, 300)
    if fact.link is not None and not is_link(fact.link):
        yield "link", "Das ist keine Adresse, die mit https:// oder http:// beginnt. Bitte die ganze Adresse angeben."
    yield from _of_rules(fact.rules, "rules")


def is_link(text: str) -> bool:
    """Whether it is a whole http(s) address: no other scheme, no blanks, nobody's log-in in it."""
    if len(text) > 1_000 or not text.isprintable() or re.fullmatch(LINK_SHAPE, text) is None:
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _of_rules(rules: Sequence[str], field: str) -> Reasons:
    strange = [rule for rule in rules if rule not in RULES]
    if not rules:
        yield field, "Bitte mindestens eine Regel wählen."
    elif strange:
        yield field, f"Eine Regel {strange[0][:40]} gibt es nicht."


def _of_evaluations(codes: Sequence[str]) -> Reasons:
    strange = [code for code in codes if code not in OF_STAFF]
    if not codes:
        yield "evaluations", "Bitte wählen, welche Auswertungen die Dienstvereinbarung erlaubt."
    elif strange:
        yield "evaluations", f"Eine Auswertung „{strange[0][:40]}“, die eine Dienstvereinbarung braucht, gibt es nicht."


def _until(until: dt.date | None, on: dt.date, what: str) -> Reasons:
    if until is not None and until < on:
        yield "until", f"{what} endet am {words.day(until)} und beginnt erst am {words.day(on)}."


def _one_line(field: str, text: str, most: int) -> Reasons:
    if not text.strip() or not text.isprintable():
        yield field, "Bitte eine Zeile Text angeben."
    elif over := words.too_long(text, most):
        yield field, over
