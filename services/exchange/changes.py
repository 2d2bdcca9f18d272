"""What an import does with an id that is stored already: the same fact, a change in the source, or a refusal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from domain.facts import Fact
from domain.facts.correction import FactCorrected, FactWithdrawn
from domain.knowledge import Known, Modifier, known, merged
from domain.periods import local_day
from domain.records import Entry, Record
from domain.sameness import ASIDE
from services.exchange.lines import Frame
from services.exchange.naming import Names, recognised
from services.records.fields import without
from services.records.reasons import Reason, Refused, shown
from services.records.tables import records as records_table
from services.records.vault import chunks

MODIFIERS = ("fact-corrected", "fact-withdrawn")
REASON = "Quelle geändert"
GONE, BACK = "in der Quelle gelöscht", "wieder in der Quelle"  # of a snapshot (Vertrag 4)


class State(Struct, frozen=True):
    """A stored fact as it counts now, and as its source said it last; `withdrawn` if it counts as never recorded."""

    record: Record
    on: dt.date
    fact: Fact
    last_recorded: dt.datetime
    source: tuple[dt.date, Fact]
    withdrawn: bool = False
    gone: tuple[str, ...] = ()  # the ids of what a snapshot withdrew it by


class Stream:
    """The facts of one stream as they count now, by id; follows the changes an import makes."""

    def __init__(self, records: Sequence[Record], frame: Frame, named: Names) -> None:
        self._frame, self._named = frame, named
        now = {fact.ref: fact for fact in known(records)}
        source = {fact.ref: fact for fact in known(filter(_of_the_source, records))}
        gone = _by_reason(records, GONE)
        left = gone | _by_reason(records, ASIDE)
        back = {fact.ref: fact for fact in known(one for one in records if one.id not in left)} if left else {}
        self._states = {record.id: _state(record, now.get(record.ref), source.get(record.ref)) for record in records}
        for id, target in left.items():
            state = self._states.get(target)
            if state and state.withdrawn and (fact := back.get(state.record.ref)):
                by = (*state.gone, id) if id in gone else state.gone
                self._states[target] = msgspec.structs.replace(
                    state, on=fact.on, fact=fact.fact, gone=by, withdrawn=bool(by)
                )
        for record in records:
            if isinstance(record.fact, Modifier) and (state := self._states.get(record.fact.target)):
                last = max(state.last_recorded, record.recorded_at)
                self._states[record.fact.target] = msgspec.structs.replace(state, last_recorded=last)

    def settle(self, entry: Entry, *, update: bool) -> list[Entry]:
        """What becomes of an entry whose id is stored: nothing, it is the same fact; with `update` a correction, and of
        one that a snapshot withdrew first that it counts again.

        Raises Refused if it is not the same and cannot become a correction.
        """
        state = self._states.get(entry.id or "")
        if state is None:
            raise _refusal(entry, "gehört schon zu einem anderen Fall")
        entry = recognised(entry, state.record, self._named)
        said = _said(state.record.on, state.record.fact, entry)
        if "fact" in said:
            raise _refusal(entry, "ist schon ein anderer Eintrag")
        if update and not isinstance(entry.fact, Modifier):
            return self._back(state, entry) + self._change(entry)
        if said and not _said(state.on, state.fact, entry):
            return []  # stored otherwise and corrected since: the source says what counts now
        if deviating := said + self._recorded_otherwise(state.record, entry):
            raise _refusal(entry, f"ist schon mit anderem Inhalt gespeichert ({', '.join(deviating)} anders)")
        return []

    def _back(self, state: State, entry: Entry) -> list[Entry]:
        """The entries by which a fact that a snapshot withdrew counts again; what people withdrew stays so."""
        if not state.gone:
            return []
        self._states[state.record.id] = msgspec.structs.replace(state, withdrawn=False, gone=())
        day = local_day(self._frame.now)
        return [Entry(on=day, fact=FactWithdrawn(target=id, reason=BACK), by=entry.by) for id in state.gone]

    def _recorded_otherwise(self, record: Record, entry: Entry) -> list[str]:
        """Whether who or when is another than in the record; only if the line names them."""
        moved = ["recorded_at"] if entry.recorded_at not in (None, record.recorded_at) else []
        return moved + (["by"] if entry.by not in (self._frame.by, record.by) else [])

    def _change(self, entry: Entry) -> list[Entry]:
        """The correction that makes the fact say what the entry says.

        None if it does so already, is withdrawn, or the source says what it said before: what people have corrected
        since then stands.
        """
        state = self._states[entry.id or ""]
        if state.withdrawn or not _said(state.on, state.fact, entry) or not _said(*state.source, entry):
            return []
        moment = entry.recorded_at if entry.recorded_at and entry.recorded_at > state.last_recorded else None
        record, (on, fact) = state.record, state.source
        changes = _differing(fact, entry)  # the rest is as people have corrected it
        correction = FactCorrected(
            target=record.id, reason=REASON, on=entry.on if entry.on != on else None, data=changes or None
        )
        self._states[record.id] = msgspec.structs.replace(
            state,
            on=correction.on or state.on,
            fact=merged(state.fact, changes) or entry.fact,
            last_recorded=moment or self._frame.now,
            source=(entry.on, entry.fact),
        )
        return [Entry(on=local_day(moment or self._frame.now), fact=correction, by=entry.by, recorded_at=moment)]


def corrected_streams(conn: Connection, keys: Iterable[UUID]) -> set[UUID]:
    """Which of these streams hold corrections or withdrawals, so that a fact stored as it is may count otherwise."""
    found: set[UUID] = set()
    statement = select(records_table.c.key).where(records_table.c.name.in_(MODIFIERS))
    for chunk in chunks(list(keys)):
        found |= set(conn.scalars(statement.where(records_table.c.key.in_(chunk))))
    return found


def _by_reason(records: Sequence[Record], reason: str) -> dict[str, str]:
    """What imports have withdrawn for a reason: the id of the withdrawal that stands -> the id of the fact."""
    taken_back = {one.fact.target for one in records if isinstance(one.fact, FactWithdrawn)}
    return {
        one.id: one.fact.target
        for one in records
        if isinstance(one.fact, FactWithdrawn) and one.fact.reason == reason and one.id not in taken_back
    }


def _of_the_source(record: Record) -> bool:
    """Whether a record says what the source said, not what people made of it."""
    fact = record.fact
    return not isinstance(fact, Modifier) or (isinstance(fact, FactCorrected) and fact.reason == REASON)


def _state(record: Record, now: Known | None, source: Known | None) -> State:
    said = (source.on, source.fact) if source else (record.on, record.fact)
    if now is None:
        withdrawn = not isinstance(record.fact, Modifier)
        return State(record, record.on, record.fact, record.recorded_at, said, withdrawn)
    return State(record, now.on, now.fact, record.recorded_at, said)


def _refusal(entry: Entry, why: str) -> Refused:
    return Refused([Reason("id", f"{shown(entry.id)} {why}; bitte berichtigen.")])


def _said(on: dt.date, fact: Fact, entry: Entry) -> list[str]:
    """In what an entry differs from a fact and its day."""
    if type(fact) is not type(entry.fact):
        return ["fact"]
    return (["on"] if on != entry.on else []) + [f"data.{key}" for key in _differing(fact, entry)]


def _differing(fact: Fact, entry: Entry) -> dict[str, Any]:
    """The fields in which an entry differs from a fact of its name, None where it has none; left-out texts agree."""
    old, new = (without(msgspec.to_builtins(one), entry.text_left_out) for one in (fact, entry.fact))
    return {key: new.get(key) for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)}
