"""Bars and reviews: set, end, change, confirm a strategy (Fachkonzept 2.2, 3.3)."""

from __future__ import annotations

import datetime as dt
from typing import cast

from domain import words
from domain.decisions.matter import Matter, refuse, since
from domain.decisions.wishes import ChangeStrategy, ConfirmStrategy, EndStrategy, SetOtherBar, SetStrategy
from domain.facts.case import Strategy
from domain.facts.strategy import (
    EndReason,
    NonStrategy,
    NonStrategyBarSet,
    StrategyBarEnded,
    StrategyBarSet,
    StrategyFieldChanged,
    StrategyReviewed,
)
from domain.knowledge import Known
from domain.periods import DAY, OPEN
from domain.records import Entry
from domain.stretches import Stretch
from domain.timeline import Timeline


def set_strategy(wish: SetStrategy, matter: Matter) -> list[Entry]:
    """A bar where none is open, and the field with it."""
    matter.check_open()
    matter.check_day(wish.on, late_reason=wish.late_reason)
    check_new_bar(matter, wish.strategy, wish.on)
    return _bar_and_field(matter, wish.strategy, wish.on, wish.late_reason)


def change_strategy(wish: ChangeStrategy, matter: Matter) -> list[Entry]:
    """A new bar, which ends the open one on the day before, and the field (Fachkonzept 3.3)."""
    matter.check_open()
    matter.check_day(wish.on, late_reason=wish.late_reason)
    old = matter.bar(wish.on)
    if old is None:
        refuse("on", f"Am {words.day(wish.on)} ist keine Handlungsstrategie offen, die umgestellt werden könnte.")
    check_new_bar(matter, wish.strategy, wish.on)
    if wish.on <= old.first:
        refuse("on", f"Der neue Balken muss nach dem {words.day(old.first)} beginnen, an dem der jetzige beginnt.")
    return _bar_and_field(matter, wish.strategy, wish.on, wish.late_reason)


def check_new_bar(matter: Matter, strategy: Strategy, on: dt.date) -> None:
    """Refuses a second bar of the same strategy, and one before a later bar."""
    there = matter.bar(on)
    if there is not None and strategy_of(there) == strategy:
        refuse("strategy", f"Ein Balken {words.STRATEGIES[strategy]} ist schon offen, {since(there)}.")
    later = next((bar for bar in matter.view.timeline.bars if bar.first > on), None)
    if later is not None:
        named = f"{words.STRATEGIES[strategy_of(later)]} {since(later)}"
        refuse("on", f"Danach steht schon der Balken {named}. Bitte diesen berichtigen.")


def _bar_and_field(matter: Matter, strategy: Strategy, on: dt.date, late_reason: str | None) -> list[Entry]:
    entries = [matter.entry(on, StrategyBarSet(strategy=strategy, late_reason=late_reason))]
    if field_value(matter) != strategy:
        entries.append(matter.entry(on, StrategyFieldChanged(strategy=strategy)))
    return entries


def end_strategy(wish: EndStrategy, matter: Matter) -> list[Entry]:
    """The review with its outcome, the end of the bar, and "Abschlussarbeiten" from the next day if wished."""
    matter.check_open()
    matter.check_day(wish.on, ahead=True, late_reason=wish.late_reason)
    check_bar_end(matter, wish.on)
    entries = [
        matter.entry(matter.today, StrategyReviewed(outcome="end")),
        matter.entry(wish.on, StrategyBarEnded(reason=wish.reason, late_reason=wish.late_reason)),
    ]
    if wish.closing_bar:
        entries.append(_other_bar(matter, "abschlussarbeiten", wish.on + DAY, wish.late_reason))
    return entries


def check_bar_end(matter: Matter, on: dt.date) -> Stretch:
    """The bar that ends on the day. Refuses if none is open on it or its end is recorded already."""
    bar = matter.bar(on)
    if bar is None:
        refuse("on", f"Am {words.day(on)} ist keine Handlungsstrategie offen, die enden könnte.")
    if bar.end is not None:
        last = words.day(bar.last)
        refuse("on", f"Das Ende dieses Balkens ist schon eingetragen ({last}). Bitte diesen Eintrag berichtigen.")
    return bar


def set_other_bar(wish: SetOtherBar, matter: Matter) -> list[Entry]:
    """A bar that is no strategy; an open strategy bar ends on the day before (Fachkonzept 3.3)."""
    matter.check_open()
    matter.check_day(wish.on, late_reason=wish.late_reason)
    entries: list[Entry] = []
    bar = matter.bar(wish.on)
    if bar is not None and bar.first == wish.on:
        refuse("on", f"An diesem Tag beginnt der Balken {words.STRATEGIES[strategy_of(bar)]}; er wäre zurückzunehmen.")
    if bar is not None and bar.last == OPEN:
        reason: EndReason | None = "alg1" if wish.kind == "keine-hs-alg1" else None
        ended = StrategyBarEnded(reason=reason, late_reason=wish.late_reason)
        entries.append(matter.entry(wish.on - DAY, ended))
    return [*entries, _other_bar(matter, wish.kind, wish.on, wish.late_reason)]


def _other_bar(matter: Matter, kind: NonStrategy, on: dt.date, late_reason: str | None) -> Entry:
    check_new_other_bar(matter, kind, on)
    return matter.entry(on, NonStrategyBarSet(kind=kind, late_reason=late_reason))


def check_new_other_bar(matter: Matter, kind: str, on: dt.date) -> None:
    """Refuses a second open bar of the same kind."""
    there = other_bar(matter, kind, on)
    if there is not None:
        refuse("kind", f"Ein Balken {words.OTHER_BARS[kind]} ist schon offen, {since(there)}.")


def other_bar(matter: Matter, kind: str, day: dt.date) -> Stretch | None:
    """The bar of this kind that covers the day."""
    bars = matter.view.timeline.non_strategy
    covering = (bar for bar in bars if cast(NonStrategyBarSet, bar.start.fact).kind == kind and bar.period.covers(day))
    return next(covering, None)


def confirm_strategy(wish: ConfirmStrategy, matter: Matter) -> list[Entry]:
    """The review that says: goes on."""
    matter.check_open()
    if matter.bar(matter.today) is None:
        refuse("", "Es ist keine Handlungsstrategie offen, die bestätigt werden könnte.")
    return [matter.entry(matter.today, StrategyReviewed(outcome="continue", text=wish.text or None))]


def strategy_of(bar: Stretch) -> Strategy:
    """The strategy of a bar."""
    return cast(StrategyBarSet, bar.start.fact).strategy


def field_value(matter: Matter) -> Strategy | None:
    """What the field "Handlungsstrategie" says today; None: never recorded."""
    said = field_said(matter.view.timeline)
    return cast(StrategyFieldChanged, said.fact).strategy if said else None


def field_said(timeline: Timeline) -> Known | None:
    """The entry that says what the field "Handlungsstrategie" is today."""
    return next(iter(timeline.facts(StrategyFieldChanged)[-1:]), None)
