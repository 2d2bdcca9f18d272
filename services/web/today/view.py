"""What Heute shows: messages with their sentences, notes, what was decided today, the case in focus."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from domain.facts import Stream
from domain.facts.case import HandoverRejected
from domain.followups import Message
from domain.knowledge import known
from domain.periods import BERLIN
from domain.permissions import DESKS, Action, Relation
from domain.timeline import build
from notifications import render
from services.dialogues import conversation, drafts
from services.dialogues.conversation import Conversation
from services.dialogues.drafts import Draft
from services.messages import waiting as standing
from services.messages.inbox import Kind
from services.office.office import Office, Transaction
from services.people import directory
from services.questions import handovers
from services.questions import today as waiting
from services.questions.cases import client_names
from services.questions.handovers import Offer
from services.questions.today import Stage
from services.records import rulebook
from services.web.case import requests, talk, undo, view
from services.web.case.view import CaseFile, Moment
from services.web.http.door import Visit
from services.web.http.visitor import NO_ONE, NeedsPurpose, Visitor, seen_case
from services.web.today import handovers as offering
from services.web.today import tasks
from services.web.today.tasks import Named, Task


def read(visit: Visit, done: str = "", wanted: str = "") -> dict[str, Any]:
    """Everything on the page; `done` is the decision just taken, `wanted` the number of the case in focus.

    What open dialogues show is left to `talks`.
    """
    tx, visitor, day = visit.tx, visit.visitor, visit.visitor.today
    found = waiting.tasks(tx, visitor.workers, day)
    coming, following = waiting.ahead(tx, visitor.workers, day)
    offers = handovers.of_workers(tx, visitor.workers, day)
    opened = drafts.open_ones(tx.conn, visitor.person)
    since, deed = undo.of_day(tx, visitor.person, _midnight(day), done)
    number = wanted or _first(found)
    named = _look_up(tx, visitor, [stage for one in found for stage in one.stages], offers, opened, number)
    talks = conversation.of_drafts(tx, opened, visitor.person)
    offered, given = offering.shown(tx, visitor, offers, talks, named)
    shown = _shown(tx, visitor, found, talks, named)
    placed = {one.conversation.draft for one in (*_places(shown), *offered, *given) if one.conversation}
    return {
        "tasks": shown,
        "offered": offered,
        "given": given,
        "counts": waiting.counts(found, coming, day, [one.since for one in offered]),
        "next": following,
        "notes": [_said(tx, visitor, note, named) for note in waiting.notes(tx, visitor.person, day)],
        "deeds": since,
        "to_decide": len(standing.requests(tx, visitor.person, day)),
        "loose": [one for one in talks if one.draft not in placed],
        "placed": [one for one in talks if one.draft in placed],
        "greeting": _greeting(tx.now),
        "file": _logged(visit, number),
        "heard": None,
        "live": "/live",
        "teach": _teach(visitor),
        "in_place_of": sorted(named.staff[one] for one in visitor.deputised),
        **undo.line(deed, "heute"),
    }


def _look_up(
    tx: Transaction,
    visitor: Visitor,
    due: Sequence[Stage],
    offers: Sequence[Offer],
    opened: Sequence[Draft],
    number: str,
) -> Named:
    """Reads at once what else the page asks for case by case: who stands how to it, its facts, who is called how."""
    kinds, followups = (*waiting.TOLD, Kind.REQUEST), [stage.id for stage in due]
    told = standing.look_up(tx, visitor.person, visitor.today, kinds, followups)
    notes = standing.told(tx.conn, visitor.organisation, visitor.person, visitor.today, waiting.TOLD)
    focus = {stage.case_key for stage in due if stage.number == number}
    if number and not focus:
        focus = {key for key in [tx.store.key(tx.conn, Stream.CASE, number)] if key}
    drafted = {draft.row.case_key for draft in opened}
    directory.abouts(tx.conn, {*(one.case_key for one in told), *drafted, *(focus or {NO_ONE})}, visitor.today)
    receiving = {one.case_key for one in offers if one.to in visitor.workers}
    answered = {one.case_key for one in notes if one.kind == Kind.ANSWER}
    cases = {one.case_key for one in due} | {one.case_key for one in offers} | {one.case_key for one in notes}
    staff = {*visitor.deputised, *offering.people(offers), *(str(one.data.get("by")) for one in notes)}
    tx.store.look_up(tx.conn, focus | drafted | receiving | answered, {*cases, *directory.keys(staff).values()})
    return Named(client_names(tx, cases), directory.labels(tx, staff))


def _shown(
    tx: Transaction, visitor: Visitor, found: Sequence[Message[Stage]], talks: Sequence[Conversation], named: Named
) -> list[Task]:
    reported = standing.reported(tx.conn, [stage.id for one in found for stage in one.stages])
    own = rulebook.texts(tx.conn, visitor.today)
    named = named._replace(staff={one: named.staff[one] for one in visitor.deputised})
    return [tasks.shown(one, visitor.today, talks, named, tx.office.vault.ref, reported, own) for one in found]


def talks(office: Office, visitor: Visitor, shown: Mapping[str, Any]) -> dict[str, Any]:
    """The same page with what its open dialogues show: what one would write is tried in a transaction of its own."""
    return {**shown, "talks": {one.draft: talk.block(office, visitor, one) for one in shown["placed"]}}


def _first(found: Sequence[Message[Stage]]) -> str:
    """The number of the case that stands first."""
    return next((min(one.stages, key=lambda stage: stage.due).number for one in found), "")


def _places(shown: list[Task]) -> list[Any]:
    return [place for one in shown for place in (one, *one.appointments)]


def _logged(visit: Visit, number: str) -> CaseFile | None:
    """A case that may be seen, its view logged; nothing where nobody has said yet why: the page of the case asks."""
    at = seen_case(visit.tx, visit.visitor, number) if number else None
    if at is None:
        return None
    try:
        visit.saw([at])
    except NeedsPurpose:
        return None
    return view.read(visit.tx, at, Moment(visit.visitor.today, None))


def _note_words(note: waiting.Note, names: Mapping[str, str]) -> str:
    if note.kind == "info":
        return render.info(str(note.data["info"]), note.data) if "info" in note.data else "Automatisch eingetragen."
    return undo.answer_words(note.data, names)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, BERLIN)


def _greeting(now: dt.datetime) -> str:
    hour = now.astimezone(BERLIN).hour
    return "Guten Morgen" if hour < 11 else "Guten Tag" if hour < 18 else "Guten Abend"


def _teach(visitor: Visitor) -> str:
    """What somebody without cases of their own comes here for."""
    if visitor.roles & DESKS:
        return "ALG I, Leistungsbezug und Neukunden erfassen Sie im Fall: bitte oben nach Nummer oder Name suchen."
    if visitor.may(Action.SEE_TEAM):
        return "Anträge, die auf Sie warten, und was in Ihrem Bereich überfällig ist, stehen unter „Team“."
    return ""


class Said(NamedTuple):
    """A note in words, with what was written to it; the client is named to those who may see the name.

    `seen`: whether its case can still be opened; one handed over cannot. `reply`: the dialogue the note asks for.
    """

    id: int
    kind: str
    number: str
    name: str
    at: dt.datetime
    words: str
    question: str
    seen: bool
    reply: tuple[str, str] | None


def _said(tx: Transaction, visitor: Visitor, note: waiting.Note, named: Named) -> Said:
    standing = directory.relations_to(tx, visitor.person, note.case_key, visitor.today)
    name = named.clients.get(note.case_key, "") if visitor.may(Action.SEE_NAMES, standing) else ""
    words, question = _note_words(note, named.staff), _question(tx, visitor, note, standing)
    seen = visitor.may(Action.SEE_CASE, standing)
    asks = note.kind == Kind.ANSWER and visitor.may(Action.REQUEST, standing)
    reply = requests.reply_to(note.data.get("outcome"), note.data.get("instruct")) if asks else None
    return Said(note.id, note.kind, note.number, name, note.at, words, question, seen, reply)


def _question(tx: Transaction, visitor: Visitor, note: waiting.Note, standing: frozenset[Relation]) -> str:
    """What was written to the request or handover a note answers, for those who may read it."""
    if note.kind != "answer" or not visitor.may(Action.SEE_TEXTS, standing):
        return ""
    facts = known(tx.store.records(tx.conn, note.case_key, with_text=True))
    if note.data.get("outcome") == "handover-rejected":
        return next((one.fact.reason for one in reversed(facts) if isinstance(one.fact, HandoverRejected)), "")
    timeline = build(facts, visitor.today)
    rows = requests.rows(timeline, {}, with_text=True)
    return next((row.said for row in rows if tx.office.vault.ref(row.request) == note.data.get("request")), "")


def beside(visit: Visit, number: str) -> dict[str, Any]:
    """The right column for a case."""
    return {"file": _logged(visit, number)}


def counted(office: Office, visitor: Visitor) -> waiting.Counts:
    """How much there is to do now."""
    workers = visitor.workers
    with office.read() as tx:
        found = waiting.tasks(tx, workers, visitor.today)
        coming, _ = waiting.ahead(tx, workers, visitor.today)
        offered = [one.since for one in handovers.of_workers(tx, workers, visitor.today) if one.to in workers]
    return waiting.counts(found, coming, visitor.today, offered)


def said(office: Office, visitor: Visitor, correlation_id: str) -> dict[str, Any]:
    """What takes the place of a dialogue whose message stays."""
    with office.read() as tx:
        deed = undo.one(tx, visitor.person, correlation_id)
    return undo.line(deed, "heute") | {"focus": True}


def decided(office: Office, visitor: Visitor, correlation_id: str, anchor: str) -> dict[str, Any]:
    """What takes the place of an answered message: the line about the decision, and the counts as they are now."""
    with office.read() as tx:
        deed = undo.one(tx, visitor.person, correlation_id)
    return {"deed": deed, "anchor": anchor, "focus": True, "counts": counted(office, visitor)}
