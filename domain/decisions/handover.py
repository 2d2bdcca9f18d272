"""Handing a case over: offer, accept, reject, take back (Fachkonzept 5.3). Only acceptance moves responsibility."""

from __future__ import annotations

import datetime as dt

from domain import handovers, words
from domain.decisions import strategy
from domain.decisions.matter import Matter, check_text, refuse
from domain.decisions.refusal import Refused
from domain.decisions.wishes import AcceptHandover, HandOver, RejectHandover, WithdrawHandover
from domain.facts.case import (
    HandoverAccepted,
    HandoverInitiated,
    HandoverRejected,
    HandoverWithdrawn,
    ResponsibilityAssigned,
    Strategy,
)
from domain.facts.strategy import StrategyBarEnded, StrategyBarSet, StrategyFieldChanged
from domain.periods import DAY, OPEN
from domain.records import Entry
from domain.stretches import at
from domain.timeline import Care


def offer(wish: HandOver, matter: Matter) -> list[Entry]:
    """The step of the handing-over worker; the old bar and the responsibility stay until acceptance."""
    matter.check_open()
    fact = HandoverInitiated(
        to_worker=wish.to_worker,
        to_unit=wish.to_unit,
        to_area=wish.to_area,
        intended_strategy=wish.intended_strategy,
        reason=wish.reason or None,
    )
    check_offer(matter, fact)
    return [matter.entry(matter.today, fact)]


def check_offer(matter: Matter, fact: HandoverInitiated) -> None:
    """Refuses a second offer beside one that waits, and one to where the case is already."""
    if handovers.waiting(matter.view.known):
        refuse("", "Eine Übergabe wartet schon auf Annahme. Sie lässt sich vorher zurücknehmen.")
    care: Care | None = at(matter.view.timeline.care, matter.today)
    if care is not None and (care.worker, care.unit, care.area) == (fact.to_worker, fact.to_unit, fact.to_area):
        refuse("to_worker", f"Der Fall liegt dort schon, seit dem {words.day(care.first)}.")


def find(matter: Matter, on: dt.date) -> HandoverInitiated:
    """The handover that waits and is answered on a day. Refuses if there is none, or none yet on that day."""
    found = handovers.handovers(matter.view.known)
    if not found or found[-1].last != OPEN:
        refuse("", "Es ist keine Übergabe offen, die beantwortet werden könnte.")
    if on < found[-1].first:
        refuse("on", f"Die Übergabe ist erst am {words.day(found[-1].first)} eingeleitet.")
    return found[-1].offer


def check_accepted(matter: Matter, on: dt.date, chosen: Strategy, reason: str | None) -> HandoverInitiated:
    """The handover that is accepted. Refuses another strategy than the intended one without a reason."""
    found = find(matter, on)
    if chosen != found.intended_strategy and not (reason or "").strip():
        refuse("reason", "Die Handlungsstrategie weicht von der vorgesehenen ab. Bitte angeben, warum.")
    return found


def accept(wish: AcceptHandover, matter: Matter) -> list[Entry]:
    """The whole set at once: step, bar and field where they change, responsibility. `gross` stays as it is."""
    matter.check_open()
    offered = check_accepted(matter, matter.today, wish.strategy, wish.reason)
    assigned = ResponsibilityAssigned(
        worker=offered.to_worker, unit=offered.to_unit, area=offered.to_area, briefing_done=wish.briefing_done
    )
    return [
        matter.entry(matter.today, HandoverAccepted(strategy=wish.strategy, reason=wish.reason or None)),
        *_bar(matter, wish.strategy),
        *_field(matter, wish.strategy),
        matter.entry(matter.today, assigned),
    ]


def _bar(matter: Matter, chosen: Strategy) -> list[Entry]:
    old = matter.bar(matter.today)
    if old is not None and strategy.strategy_of(old) == chosen:
        return []
    strategy.check_new_bar(matter, chosen, matter.today)
    begun = matter.entry(matter.today, StrategyBarSet(strategy=chosen))
    if old is None or old.end is not None:
        return [begun]
    if old.first >= matter.today:
        refuse("", "Der Balken beginnt erst heute; er ist zuerst zurückzunehmen.")
    return [matter.entry(matter.today - DAY, StrategyBarEnded(reason="new-strategy")), begun]


def _field(matter: Matter, chosen: Strategy) -> list[Entry]:
    same = strategy.field_value(matter) == chosen
    return [] if same else [matter.entry(matter.today, StrategyFieldChanged(strategy=chosen))]


def reject(wish: RejectHandover, matter: Matter) -> list[Entry]:
    """The case stays where it is; also of a closed case, so that no offer waits for ever."""
    return _answer(matter, HandoverRejected(reason=wish.reason), wish.reason)


def withdraw(wish: WithdrawHandover, matter: Matter) -> list[Entry]:
    """The offer is taken back."""
    return _answer(matter, HandoverWithdrawn(reason=wish.reason), wish.reason)


def _answer(matter: Matter, fact: HandoverRejected | HandoverWithdrawn, reason: str) -> list[Entry]:
    find(matter, matter.today)
    if wrong := check_text("reason", reason):
        raise Refused([wrong])
    return [matter.entry(matter.today, fact)]
