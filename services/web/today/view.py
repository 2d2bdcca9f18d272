"""What Heute shows: messages with their sentences, notes, what was decided today, the case in focus."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import Row

from domain.calendar import Lands
from domain.dialogues import Context
from domain.dialogues.later import LATER
from domain.facts.case import HandoverRejected
from domain.knowledge import Known, known
from domain.office import deferrals
from domain.periods import BERLIN
from domain.permissions import DESKS, Action, Relation
from domain.timeline import build
from notifications import render
from services.dialogues import conversation, drafts
from services.dialogues.conversation import Conversation
from services.dialogues.drafts import Draft
from services.messages import assigned, directives
from services.messages import waiting as standing
from services.messages.inbox import Kind
from services.office.office import Office, Transaction
from services.people import directory
from services.questions import grounds, handovers
from services.questions import today as waiting
from services.questions.cases import client_names
from services.questions.handovers import Offer
from services.questions.in_time import is_late
from services.questions.today import Inbox, Stage
from services.records import rulebook
from services.records.words import alphabetical
from services.web.case import requests, talk, undo
from services.web.case.undo import Deed
from services.web.http.door import Visit
from services.web.http.visitor import NO_ONE, Visitor
from services.web.today import assignments, core, inbox, tasks, visits
from services.web.today import handovers as offering
from services.web.today.handovers import Shown
from services.web.today.inbox import Group, Line
from services.web.today.tasks import Appointment, Named, Task

MOST = 100  # decisions just taken that are shown at once


class Asked(NamedTuple):
    """What the page is asked for: ids of decisions just taken (comma separated), the anchor of the line to unfold, the
    key of the theme to narrow it to, the anchors that are chosen.
    """

    done: str = ""
    line: str = ""
    theme: str = ""
    chosen: tuple[str, ...] = ()


def address(asked: Asked) -> str:
    """The page as it is asked for."""
    named = {"getan": asked.done, "offen": asked.line, "thema": asked.theme}
    given = urlencode({name: value for name, value in named.items() if value})
    return f"/?{given}" if given else "/"


def read(visit: Visit, asked: Asked = Asked()) -> dict[str, Any]:  # noqa: B008 - nothing in it changes
    """Everything on the page. What open dialogues show is left to `talks`."""
    tx, visitor, day = visit.tx, visit.visitor, visit.visitor.today
    found = waiting.inbox(tx, visitor.workers, day)
    offers = handovers.of_workers(tx, visitor.workers, day)
    opened = drafts.open_ones(tx.conn, visitor.person)
    since, just = undo.of_day(tx, visitor.person, _midnight(day), asked.done.split(",")[:MOST])
    lands = rulebook.lands(tx.conn)
    focus = _likely(found, asked.line, day, lands)
    new = visits.since(tx, visitor, found)
    told = {one.case_key for one in [*since, *just]} | {one.case_key for one in new.rows}
    named = _look_up(tx, visitor, found, offers, opened, focus, told)
    found = found._replace(
        now=waiting.with_subjects(tx, found.now),
        put_off=waiting.with_subjects(tx, found.put_off),
        week=waiting.with_subjects(tx, found.week),
    )
    talks = conversation.of_drafts(tx, opened, visitor.person)
    offered, given = offering.shown(tx, visitor, offers, talks, named)
    reported = standing.reported(tx.conn, [stage.id for stage in _stages(found)])
    every = inbox.groups(found, offered, named, talks, reported, visitor, lands)
    shown = inbox.narrowed(every, asked.theme)
    line = inbox.unfolded(shown, asked.line or _taken_back(found, just), talks)
    task = _task(tx, visitor, line, talks, named, reported)
    placed = _placed(task, line, given)
    return {
        "groups": shown,
        "open": line,
        "task": task,
        "directives": grounds.directives(tx.conn, {one.rule for one in task.reasons}, day) if task else {},
        "after": inbox.following(shown, line),
        "given": given,
        "counts": {group.key: len(group.lines) for group in every},
        "filters": inbox.filters(every),
        "theme": asked.theme,
        **_together(found, asked.chosen, rulebook.standing(tx.conn), day),
        "next": found.next,
        "notes": [_said(tx, visitor, note, named) for note in waiting.notes(tx, visitor.person, day)],
        "assigned": assignments.shown(tx, visitor, named),
        "published": _published(tx, visitor),
        "new": new.named(named.clients),
        "deeds": [_named(tx, visitor, one, named) for one in since],
        "just": [_named(tx, visitor, one, named) for one in just],
        "bounced": [one for one in _bounced(tx, visitor) if one.recipient == visitor.person],
        "to_decide": len(standing.requests(tx, visitor.person, day)),
        "loose": _loose(talks, placed, every),
        "placed": placed,
        **core.shown(visit, line.number if line else ""),
        "heard": None,
        "live": "/live",
        "teach": _teach(visitor),
        "in_place_of": sorted((named.staff[one] for one in visitor.deputised), key=alphabetical),
    }


def _published(tx: Transaction, visitor: Visitor) -> list[tuple[int, dt.datetime, str]]:
    """Directives that are new to the person: the message, when it came and what it says; the newest first."""
    rows = standing.told(tx.conn, visitor.organisation, visitor.person, visitor.today, (Kind.DIRECTIVE,))
    said = [(row.id, row.created_at, directives.called(tx.conn, row)) for row in reversed(rows)]
    return [one for one in said if one[-1]]


def _together(found: Inbox, chosen: Collection[str], settings: Sequence[Known], day: dt.date) -> dict[str, Any]:
    """What the form shows that answers several tasks."""
    until = LATER.steps[0].default(Context(today=day))
    return {
        "choosable": bool(found.now),
        "chosen": chosen,
        "put_off_until": until,
        "put_off_reasons": deferrals.offered(settings, day),
        "put_off_reason": "",
    }


def _task(
    tx: Transaction,
    visitor: Visitor,
    line: Line | None,
    talks: Sequence[Conversation],
    named: Named,
    reported: set[UUID],
) -> Task | None:
    """The message of the unfolded line."""
    if line is None or line.message is None:
        return None
    own = rulebook.texts(tx.conn, visitor.today)
    return tasks.shown(line.message, visitor.today, talks, named, tx.office.vault.ref, reported, own, line.time)


def _likely(found: Inbox, line: str, day: dt.date, lands: Lands) -> set[UUID]:
    """The case of the line that will be unfolded, as far as that can be said before anything is read of it."""
    every = [*found.now, *found.week, *found.put_off]
    wanted = [one for one in every if tasks.anchor(one.theme, one.case_key) == line]
    late = [one for one in found.now if is_late(waiting.in_time(one), day, lands)]
    return {one.case_key for one in [*wanted, *late, *found.now][:1] if one.case_key}


def _stages(found: Inbox) -> list[Stage]:
    return [stage for part in (found.now, found.week, found.put_off) for one in part for stage in one.stages]


def _taken_back(found: Inbox, deeds: Sequence[Deed]) -> str:
    """The line of the case whose decision was just undone."""
    undone = {deed.case_key for deed in deeds if deed.undone}
    return next((tasks.anchor(one.theme, one.case_key) for one in found.now if one.case_key in undone), "")


def _placed(task: Task | None, line: Line | None, given: Sequence[Shown]) -> list[Conversation]:
    """The dialogues that stand open on the page."""
    there: list[Shown | Task | Appointment] = [*given]
    if task:
        there += [task, *task.appointments]
    if line and line.offer:
        there.append(line.offer)
    return [one.conversation for one in there if one.conversation]


def _loose(talks: Sequence[Conversation], placed: Sequence[Conversation], every: Sequence[Group]) -> list[Conversation]:
    """The dialogues that no line speaks of."""
    said = {one.number for group in every for one in group.lines}
    here = {one.draft for one in placed}
    return [one for one in talks if one.draft not in here and one.case not in said]


def _look_up(
    tx: Transaction,
    visitor: Visitor,
    found: Inbox,
    offers: Sequence[Offer],
    opened: Sequence[Draft],
    focus: set[UUID],
    decided: set[UUID],
) -> Named:
    """Reads at once what else the page asks for case by case: who stands how to it, its facts, who is called how."""
    stages = _stages(found)
    kinds = (*waiting.TOLD, Kind.REQUEST, Kind.ASSIGNED, Kind.DIRECTIVE, Kind.BOUNCED)
    told = standing.look_up(tx, visitor.person, visitor.today, kinds, [stage.id for stage in stages])
    notes = standing.told(tx.conn, visitor.organisation, visitor.person, visitor.today, waiting.TOLD)
    drafted = {draft.row.case_key for draft in opened}
    asked = {case for one in told for case in assigned.cases_of(one)} | drafted | focus | decided
    directory.abouts(tx.conn, asked or {NO_ONE}, visitor.today)
    receiving = {one.case_key for one in offers if one.to in visitor.workers}
    answered = {one.case_key for one in notes if one.kind == Kind.ANSWER}
    given = standing.told(tx.conn, visitor.organisation, visitor.person, visitor.today, (Kind.ASSIGNED,))
    cases = {one.case_key for part in (stages, offers, notes) for one in part} | decided
    cases |= {case for one in given for case in assigned.cases_of(one)}
    deciding = (str(one.data[who]) for one in (*notes, *given) for who in ("by", "in_place_of") if who in one.data)
    staff = {*visitor.deputised, *offering.people(offers), *deciding}
    read = focus | drafted | receiving | answered | waiting.of_own(stages)
    tx.store.look_up(tx.conn, read, {*cases, *directory.keys(staff).values()})
    return Named(client_names(tx, cases), directory.labels(tx, staff))


def talks(office: Office, visitor: Visitor, shown: Mapping[str, Any]) -> dict[str, Any]:
    """The same page with what its open dialogues show: what one would write is tried in a transaction of its own."""
    return {**shown, "talks": {one.draft: talk.block(office, visitor, one) for one in shown["placed"]}}


def _note_words(note: waiting.Note, names: Mapping[str, str]) -> str:
    if note.kind == "info":
        return render.info(str(note.data["info"]), note.data) if "info" in note.data else "Automatisch eingetragen."
    return undo.answer_words(note.data, names)


def _bounced(tx: Transaction, visitor: Visitor) -> list[Row[Any]]:
    return standing.told(tx.conn, visitor.organisation, visitor.person, visitor.today, (Kind.BOUNCED,))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, BERLIN)


def _teach(visitor: Visitor) -> str:
    """What somebody without cases of their own comes here for."""
    if visitor.roles & DESKS:
        return "Neukunden, ALG I und Leistungsbezug erfassen Sie unter „Eingang“; Fälle finden Sie oben über die Suche."
    if visitor.may(Action.SEE_TEAM):
        return "Anträge, die auf Sie warten, und was in Ihrem Bereich überfällig ist, stehen unter „Team“."
    return ""


class Done(NamedTuple):
    """A decision, and whose case it was."""

    deed: Deed
    name: str


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


def _named(tx: Transaction, visitor: Visitor, deed: Deed, named: Named) -> Done:
    """A decision with the name of its client, for those who may see it still."""
    standing = directory.relations_to(tx, visitor.person, deed.case_key, visitor.today)
    return Done(deed, named.clients.get(deed.case_key, "") if visitor.may(Action.SEE_NAMES, standing) else "")


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
    rows = requests.rows(timeline, {}, (), with_text=True)
    return next((row.said for row in rows if tx.office.vault.ref(row.request) == note.data.get("request")), "")
