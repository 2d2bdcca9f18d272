"""What Heute shows: messages with their sentences, notes, what was decided today, the case in focus."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.facts.base import Stream
from domain.facts.case import HandoverRejected
from domain.knowledge import known
from domain.periods import BERLIN
from domain.permissions import DESKS, Action, Relation
from domain.timeline import build
from notifications import render
from services.casework import dispute
from services.dialogues import conversation
from services.messages import waiting as standing
from services.office.office import Office, Transaction
from services.people import directory
from services.questions import handovers
from services.questions import today as waiting
from services.records import rulebook
from services.web.case import requests, talk, undo, view
from services.web.case.view import CaseFile, Moment
from services.web.http.visitor import AtCase, NeedsPurpose, Visitor, log_view
from services.web.today import handovers as offers
from services.web.today import tasks
from services.web.today.tasks import Task


def read(office: Office, visitor: Visitor, done: str = "", wanted: str = "") -> dict[str, Any]:
    """Everything on the page; `done` is the decision just taken, `wanted` the number of the case in focus."""
    workers = visitor.workers
    drafts = conversation.open_drafts(office, visitor.person)
    with office.read() as tx:
        found = waiting.tasks(tx, workers, visitor.today)
        coming, following = waiting.ahead(tx, workers, visitor.today)
        offered, given = offers.read(tx, visitor, drafts)
        names = directory.labels(tx, visitor.deputised)
        reported = dispute.reported(tx.conn, [stage.id for one in found for stage in one.stages])
        own = rulebook.texts(tx.conn, visitor.today)
        shown = [tasks.shown(one, visitor.today, drafts, names, office.vault.ref, reported, own) for one in found]
        notes = waiting.notes(tx, visitor.person, visitor.today)
        writers = directory.labels(tx, {str(note.data["by"]) for note in notes if "by" in note.data})
        said = [_said(tx, visitor, note, writers) for note in notes]
        decided = undo.of_day(tx, visitor.person, _midnight(visitor.today))
        deed = undo.one(tx, visitor.person, done) if done else None
        beside = focus(tx, visitor, wanted or _first_case(shown))
        to_decide = len(standing.requests(tx, visitor.person, visitor.today))
    placed = {one.conversation.draft for one in (*_places(shown), *offered, *given) if one.conversation}
    return {
        "tasks": shown,
        "offered": offered,
        "given": given,
        "counts": waiting.counts(found, coming, visitor.today, [one.since for one in offered]),
        "next": following,
        "notes": said,
        "deeds": decided,
        "to_decide": to_decide,
        "loose": [one for one in drafts if one.draft not in placed],
        "talks": {one.draft: talk.block(office, visitor, one) for one in drafts if one.draft in placed},
        "greeting": _greeting(office.now()),
        "file": _logged(office, beside),
        "heard": None,
        "live": "/live",
        "teach": _teach(visitor),
        "in_place_of": sorted(names.values()),
        **undo.line(deed, "heute"),
    }


def _places(shown: list[Task]) -> list[Any]:
    return [place for one in shown for place in (one, *one.appointments)]


def _first_case(shown: list[Task]) -> str:
    return next((one.number or one.appointments[0].number for one in shown), "")


def focus(tx: Transaction, visitor: Visitor, number: str) -> tuple[AtCase, CaseFile] | None:
    """A case that may be seen, for the right column."""
    key = tx.store.key(tx.conn, Stream.CASE, number) if number else None
    if key is None:
        return None
    at = AtCase(visitor, key, number, directory.relations_to(tx, visitor.person, key, visitor.today))
    return (at, view.read(tx, at, Moment(visitor.today, None))) if at.may(Action.SEE_CASE) else None


def _logged(office: Office, beside: tuple[AtCase, CaseFile] | None) -> CaseFile | None:
    """The case, once the view is logged; nothing where nobody has said yet why: the page of the case asks."""
    if beside is None:
        return None
    at, file = beside
    try:
        log_view(office, at)
    except NeedsPurpose:
        return None
    return file


def _note_words(note: waiting.Note, names: dict[str, str]) -> str:
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


def _said(
    tx: Transaction, visitor: Visitor, note: waiting.Note, writers: dict[str, str]
) -> tuple[waiting.Note, str, str, bool]:
    """A note, its words, what was written to it, and whether its case can still be opened: one handed over cannot."""
    standing = directory.relations_to(tx, visitor.person, note.case_key, visitor.today)
    seen = visitor.may(Action.SEE_CASE, standing)
    shown = note if visitor.may(Action.SEE_NAMES, standing) else note._replace(name="")
    return shown, _note_words(note, writers), _question(tx, visitor, note, standing), seen


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


def beside(office: Office, visitor: Visitor, number: str) -> dict[str, Any]:
    """The right column for a case."""
    with office.read() as tx:
        found = focus(tx, visitor, number)
    return {"file": _logged(office, found)}


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
