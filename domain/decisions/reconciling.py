"""Abgleich: which of two sources counts about one thing, or that they are two things (Fachkonzept 2.0)."""

from __future__ import annotations

from collections.abc import Iterator

from domain import sameness
from domain.decisions import amendment, correction
from domain.decisions.matter import Matter, refuse
from domain.decisions.wishes import CorrectFact, Reconcile, WithdrawFact
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.records import Entry
from domain.sameness import Pair

CHOSEN = "Abgleich: diese Angabe gilt"
APART = "Abgleich: zwei verschiedene Dinge"
ANSWERED = "Darüber ist schon entschieden."


def reconcile(wish: Reconcile, matter: Matter) -> list[Entry]:
    """What the note then says, and what changes of the fact that counts: it keeps its identity, so that nobody is
    reminded anew. Of two things each counts, with all that is about it.
    """
    pair = _named(wish.note, matter)
    if pair is None:
        refuse("note", amendment.NOT_HERE)
    if pair.said.counts is not None:
        refuse("note", ANSWERED)
    if wish.counts == "two-things":
        return apart(pair, matter)
    chosen = pair.thing if wish.counts == "as-known" else pair.other
    said = FactCorrected(target=pair.note.id, reason=CHOSEN, data={"counts": chosen.id})
    return [matter.entry(matter.today, said), *(_taken_over(pair, matter) if wish.counts == "as-other" else [])]


def _taken_over(pair: Pair, matter: Matter) -> list[Entry]:
    day = pair.other.on if pair.other.on != pair.thing.on else None
    if not (data := sameness.carried(pair)) and day is None:
        return []
    return correction.correct(CorrectFact(target=pair.thing.id, reason=CHOSEN, on=day, data=data or None), matter)


def apart(pair: Pair, matter: Matter) -> list[Entry]:
    """The withdrawal of a note, of what it set aside, and of the notes about the same thing."""
    gone = dict.fromkeys(id for one in _about_the_same(pair, matter) for id in _falling(one, matter))
    return [matter.entry(matter.today, FactWithdrawn(target=id, reason=APART)) for id in gone]


def _about_the_same(pair: Pair, matter: Matter) -> Iterator[Pair]:
    about = sameness.about(pair.other.fact)
    for one in sameness.pairs(matter.view.records):
        if one.note.id == pair.note.id or (about is not None and sameness.about(one.other.fact) == about):
            yield one


def _falling(pair: Pair, matter: Matter) -> list[str]:
    return [pair.note.id, *sameness.taken_apart(matter.view.records, pair.said)]


def withdraw(wish: WithdrawFact, matter: Matter) -> list[Entry]:
    """The withdrawal of a fact; that of a note says that what it links are two things."""
    pair = _named(wish.target, matter)
    return correction.withdraw(wish, matter) if pair is None else apart(pair, matter)


def _named(note: str, matter: Matter) -> Pair | None:
    """What a note of this id or reference links."""
    return next((one for one in sameness.pairs(matter.view.records) if note in (one.note.id, one.note.ref)), None)
