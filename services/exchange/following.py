"""What a source changes of a fact that is set aside: done to what counts in its place, if it leads; else asked anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from domain import sameness
from domain.facts import Fact
from domain.facts.correction import FactCorrected, FactWithdrawn, SameThingNoted
from domain.knowledge import known
from domain.records import Record
from services.exchange.changes import BACK, GONE, REASON

FOLLOWED = "führende Quelle geändert"
ASKED = "Quelle geändert"


def changes(records: Sequence[Record], new: Sequence[Record]) -> list[Fact]:
    """What follows from the corrections and withdrawals that an import has just written, `new`; all in clear."""
    corrected = [one.fact for one in new if isinstance(one.fact, FactCorrected)]
    changed = {one.target: one for one in corrected if one.reason == REASON}
    back = {one.fact.target for one in new if isinstance(one.fact, FactWithdrawn) and one.fact.reason == BACK}
    if not (changed or back):
        return []
    facts = known(records)
    standing = {one.id for one in facts}
    found: list[Fact] = []
    for note in sameness.leading(facts):
        if note.other in changed:
            found += _done_to(note, changed[note.other], records)
        if note.thing not in standing and back.intersection(_gone(note.other, records)):
            taken_back = {one.fact.target for one in records if isinstance(one.fact, FactWithdrawn)}
            gone = [id for id in _gone(note.thing, records) if id not in taken_back]
            found += [FactWithdrawn(target=id, reason=BACK) for id in gone]
    return [*found, *_asked_anew(records, changed)]


def _done_to(note: SameThingNoted, change: FactCorrected, records: Sequence[Record]) -> Iterator[FactCorrected]:
    """The same correction of the fact that counts; what it is about stays."""
    thing = next((sameness.about(one.fact) for one in records if one.id == note.other), None)
    data = {key: value for key, value in (change.data or {}).items() if thing is None or key != thing[0]}
    if data or change.on:
        yield FactCorrected(target=note.thing, reason=FOLLOWED, on=change.on, data=data or None)


def _gone(id: str, records: Sequence[Record]) -> list[str]:
    """The ids of the withdrawals by which a source has deleted a fact."""
    withdrawn = [(one.id, one.fact) for one in records if isinstance(one.fact, FactWithdrawn)]
    return [name for name, fact in withdrawn if fact.target == id and fact.reason == GONE]


def _asked_anew(records: Sequence[Record], changed: Mapping[str, FactCorrected]) -> Iterator[FactCorrected]:
    """Of what nobody has answered yet: in what the two differ since one of them has changed."""
    for pair in sameness.pairs(records) if changed else ():
        change = changed.get(pair.other.id)
        if pair.said.counts is not None or (change is None and pair.thing.id not in changed):
            continue
        follows = pair.said.leads and change is not None and change.on is not None
        differs = sameness.differing(pair.thing._replace(on=pair.other.on) if follows else pair.thing, pair.other)
        if [*differs] != (pair.said.differs or []):
            yield FactCorrected(target=pair.note.id, reason=ASKED, data={"differs": [*differs] or None})
