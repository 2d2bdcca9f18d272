"""Correct, withdraw, undo: what may be changed afterwards, by whom, what hangs on it (Fachkonzept 2.0, 3.2 R-18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from domain import words
from domain.actions import Action
from domain.decisions import alg1, amendment, recording
from domain.decisions.amendment import Effect
from domain.decisions.extension import find
from domain.decisions.matter import BY_HANDOVER, Matter, check_text, refuse
from domain.decisions.refusal import BuiltUpon, Refused
from domain.decisions.wishes import CorrectFact, Undo, WithdrawFact
from domain.facts.base import Lane, Mark, declared, marks, name_of
from domain.facts.case import CaseOpened, ResponsibilityAssigned
from domain.facts.correction import FactCorrected, FactWithdrawn, SameThingNoted
from domain.facts.extension import ExtensionApproved, ExtensionRequested, ExtensionReturned
from domain.facts.support import Alg1Ended, Alg1Started
from domain.knowledge import Known, Modifier, merged
from domain.periods import local_day
from domain.records import Entry, Record
from domain.timeline import build

Thing = tuple[str, str]
BARS = (Lane.BAR, Lane.OTHER_BAR)
THE_BARS: Thing = ("bars", "")
UNDONE = "Rückgängig gemacht"
MOVED = "Der ALG-I-Eintrag wurde geändert oder zurückgenommen"


def correct(wish: CorrectFact, matter: Matter) -> list[Entry]:
    """The correction, and for ALG I what the rule then writes anew."""
    record = _record(wish.target, matter)
    _check_reason(wish.reason)
    changes = wish.data or {}
    if isinstance(record.fact, Modifier):
        return _amended(record, wish, matter)
    known = _standing(record, matter)
    _may_touch(known, _together(record, matter), matter)
    _may_move(known, str(changes.get("worker", matter.actor.id)), matter)
    moved = wish.on if wish.on != known.on else None
    _check_changes(known, changes, moved is not None)
    if moved is not None:
        matter.check_day(moved, ahead=declared(name_of(known.fact)).ahead, late_reason=wish.reason)
    fact = FactCorrected(target=record.id, reason=wish.reason.strip(), on=moved, data=changes or None)
    entries = [matter.entry(matter.today, fact)]
    return entries + (_rewritten(record, known, moved, matter) if moved is not None else [])


def _check_changes(known: Known, changes: dict[str, Any], moved: bool) -> None:
    for field, mark in marks(name_of(known.fact)).items():
        if mark is Mark.THING and field in changes:
            refuse(field, amendment.FIXED)
    changed = merged(known.fact, changes)
    if changed is None:
        refuse("data", amendment.MISFIT)
    if changed == known.fact and not moved:
        refuse("", amendment.NOTHING)


def withdraw(wish: WithdrawFact, matter: Matter) -> list[Entry]:
    """The withdrawal of all that was decided with the fact, and for ALG I that of what the rule wrote."""
    record = _record(wish.target, matter)
    _check_reason(wish.reason)
    if isinstance(record.fact, Modifier):
        return _restored(record, wish, matter)
    known = _standing(record, matter)
    decided = _together(record, matter)
    _may_touch(known, decided, matter)
    for one in decided:
        _may_move(one, matter.actor.id, matter)
    _check_independent(decided, matter, frozenset({THE_BARS}))  # an old bar that never was stands alone
    facts = [FactWithdrawn(target=one.id, reason=wish.reason.strip()) for one in decided]
    return [*(matter.entry(matter.today, fact) for fact in facts), *_rewritten(record, known, None, matter)]


def _together(record: Record, matter: Matter) -> list[Known]:
    """What stands of the decision a fact was written by; what a rule or an import wrote stands alone."""
    same = [record]
    if _decided_here(record):
        same = [
            one for one in matter.view.records if one.correlation_id == record.correlation_id and _decided_here(one)
        ]
    refs = {one.ref for one in same}
    return [known for known in matter.view.known if known.ref in refs]


def _decided_here(record: Record) -> bool:
    """Whether a person at the desk wrote it: the store itself gave the moment of recording."""
    by_store = record.recorded_at == record.stored_at and not record.recorded_unknown
    return by_store and not record.by.startswith(("rule:", "import:"))


def _amended(record: Record, wish: CorrectFact, matter: Matter) -> list[Entry]:
    """The correction of a correction or withdrawal, and for ALG I what the rule then writes anew."""
    if wish.on is not None:
        refuse("on", amendment.OWN_DAY)
    effect = amendment.changed(record, wish.data or {}, matter)
    fact = FactCorrected(target=record.id, reason=wish.reason.strip(), data=wish.data or None)
    return [matter.entry(matter.today, fact), *_followed(effect, wish.reason, matter)]


def _restored(record: Record, wish: WithdrawFact, matter: Matter) -> list[Entry]:
    """The withdrawal of a correction, or of all that was withdrawn in one; what the rule wrote comes and goes along."""
    gone = [record, *_withdrawn_with(record, matter.view.records)]
    effects = amendment.withdrawn(gone, matter)
    facts = [FactWithdrawn(target=one.id, reason=wish.reason.strip()) for one in gone]
    entries = [matter.entry(matter.today, fact) for fact in facts]
    return entries + [entry for effect in effects for entry in _followed(effect, wish.reason, matter)]


def _withdrawn_with(record: Record, records: Sequence[Record]) -> list[Record]:
    """The other withdrawals of its decision that count; those of the rule only with a fact, not with a correction."""
    if not isinstance(record.fact, FactWithdrawn) or not _decided_here(record):
        return []
    root = amendment.root_of(record, records)
    of_fact = root is not None and record.fact.target in (root.id, root.ref)
    same = [one for one in records if one.correlation_id == record.correlation_id and one.ref != record.ref]
    return [
        one
        for one in same
        if isinstance(one.fact, FactWithdrawn) and counts(one, records) and (of_fact or _decided_here(one))
    ]


def _followed(effect: Effect, reason: str, matter: Matter) -> list[Entry]:
    """What the rule writes because of it. Refuses what could not be done to the fact itself either."""
    root, before, after = effect
    _may_touch(effect.shown, [*_together(root, matter), effect.shown], matter)
    _may_move(effect.shown, str(getattr(after.fact, "worker", matter.actor.id)) if after else matter.actor.id, matter)
    if before is None and after is not None:
        _check_return(after, matter)
    if before is not None and after is None:
        _check_independent([before], matter, frozenset({THE_BARS}))
        return _rewritten(root, before, None, matter)
    if before is None or after is None or before.on == after.on:
        return []
    matter.check_day(after.on, ahead=declared(name_of(after.fact)).ahead, late_reason=reason)
    return _rewritten(root, before, after.on, matter)


def _check_return(known: Known, matter: Matter) -> None:
    """A fact that counts again is one that could be recorded now; what the rule wrote returns with it."""
    if _of_a_request(known):
        refuse("target", "Dieser Eintrag lässt sich nicht wiederherstellen; bitte neu erfassen.")
    if known.by == alg1.RULE or isinstance(known.fact, SameThingNoted):
        return
    if not isinstance(known.fact, CaseOpened):
        matter.check_open()
    recording.check(known.fact, known.on, matter)


def _of_a_request(known: Known) -> bool:
    return name_of(known.fact) in recording.OWN_WISHES


def _record(target: str, matter: Matter) -> Record:
    record = next((one for one in matter.view.records if target in (one.id, one.ref)), None)
    if record is None:
        refuse("target", amendment.NOT_HERE)
    return record


def _standing(record: Record, matter: Matter) -> Known:
    known = next((one for one in matter.view.known if one.ref == record.ref), None)
    if known is None:
        refuse("target", amendment.GONE)
    return known


def _check_reason(reason: str) -> None:
    wrong = check_text("reason", reason, 3)
    if wrong:
        raise Refused([wrong])


def _may_touch(known: Known, decided: Sequence[Known], matter: Matter) -> None:
    """What a lead decided only a lead changes, with all that was `decided` in one; a decided request stays as it was.

    A consent says until when, and its review that; so they are only taken back together.
    """
    by_lead = [one for one in decided if declared(name_of(one.fact)).action is Action.DECIDE]
    if by_lead and (matter.actor.level == 0 or _asked_by(by_lead[0], matter) == matter.actor.id):
        refuse("", "Eine Entscheidung der Führungskraft ändert nur die Führungskraft.")
    if any(isinstance(one.fact, ExtensionApproved) for one in decided):
        refuse("", "Eine Zustimmung wird mit „Rückgängig“ zurückgenommen und dann neu erteilt.")
    if isinstance(known.fact, ExtensionRequested):
        extension = find(matter.view.timeline, known.fact.request)
        if extension is not None and extension.decided is not None:
            refuse("", "Über diesen Antrag ist schon entschieden.")


def _may_move(known: Known, worker: str, matter: Matter) -> None:
    """An assignment that is changed or taken back moves the case; who took it over may, for themselves, and leads."""
    own = known.by == matter.actor.id == worker
    if isinstance(known.fact, ResponsibilityAssigned) and matter.actor.level == 0 and not own:
        refuse("", BY_HANDOVER)


def _asked_by(known: Known, matter: Matter) -> str | None:
    request = getattr(known.fact, "request", None)
    extension = find(matter.view.timeline, request) if request else None
    return extension.facts[0].by if extension else None


def _rewritten(record: Record, known: Known, moved: dt.date | None, matter: Matter) -> list[Entry]:
    """R-18: the rule's own facts go with the ALG-I fact that is withdrawn or moved, and come anew for its new day."""
    if not isinstance(known.fact, Alg1Started | Alg1Ended):
        return []
    own = alg1.own_facts(record, matter)
    gone = [matter.entry(matter.today, FactWithdrawn(target=fact.id, reason=MOVED), alg1.RULE) for fact in own]
    if moved is None or record.by.startswith("import:"):
        return gone
    refs = {known.ref, *(fact.ref for fact in own)}
    without = build([fact for fact in matter.view.known if fact.ref not in refs], matter.today)
    return gone + alg1.written(known.fact, moved, without, matter)


def undo(wish: Undo, matter: Matter) -> list[Entry]:
    """Withdraws every fact of one decision that still counts, by who decided or by a lead."""
    decided = [one for one in matter.view.records if one.correlation_id == wish.correlation_id]
    if not decided:
        refuse("", "Diese Entscheidung gibt es in diesem Fall nicht.")
    if decided[0].by != matter.actor.id and matter.actor.level == 0:
        refuse("", "Rückgängig machen kann das nur, wer es entschieden hat, oder die Führungskraft.")
    standing = [one for one in decided if counts(one, matter.view.records)]
    if not standing:
        refuse("", "Das ist schon zurückgenommen.")
    known = [one for one in matter.view.known if one.correlation_id == wish.correlation_id]
    _check_independent(known, matter)
    for effect in amendment.withdrawn([one for one in standing if isinstance(one.fact, Modifier)], matter):
        if effect.before is None and effect.after is not None and not _of_a_request(effect.after):
            _check_return(effect.after, matter)
    return [matter.entry(matter.today, FactWithdrawn(target=one.id, reason=UNDONE)) for one in standing]


def counts(record: Record, records: Sequence[Record]) -> bool:
    """Whether a record, a correction or withdrawal included, has not been withdrawn itself."""
    named = (record.id, record.ref)
    return not any(
        isinstance(one.fact, FactWithdrawn) and one.fact.target in named and counts(one, records)
        for one in records
        if one.number > record.number
    )


def _check_independent(facts: Sequence[Known], matter: Matter, passing: frozenset[Thing] = frozenset()) -> None:
    """Refuses while a later fact of another decision is about the same thing, those in `passing` apart."""
    things = {thing for fact in facts if (thing := _thing(fact)) is not None} - passing
    if not things:
        return
    last = max(fact.number for fact in facts)
    own = {fact.correlation_id for fact in facts}
    asked = any(isinstance(fact.fact, ExtensionReturned) for fact in facts)  # a new request answers the question
    for later in matter.view.known:
        builds = _thing(later) in things or (asked and isinstance(later.fact, ExtensionRequested))
        if builds and later.number > last and later.correlation_id not in own:
            day = words.day(local_day(later.recorded_at))
            sentence = f"Darauf baut schon ein späterer Eintrag vom {day} auf. Bitte zuerst diesen zurücknehmen."
            raise BuiltUpon(sentence, later.ref, name_of(later.fact), later.on, later.by, later.recorded_at)


def _thing(known: Known) -> Thing | None:
    """What later facts can build on: the bars of the case, one request, one appointment, one job, one measure."""
    said = declared(name_of(known.fact))
    if said.lane in BARS:
        return THE_BARS
    return None if said.thing is None else (said.thing, str(getattr(known.fact, said.thing)))
