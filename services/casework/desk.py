"""The one road for change: a wish is decided and stored in one transaction, or seen beforehand and left undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID, uuid4

from msgspec import Struct, structs

from domain import facts
from domain.clocks import Clocks
from domain.decisions.decide import decide
from domain.decisions.refusal import Overtaken, Refused
from domain.decisions.view import Actor, CaseView
from domain.decisions.wishes import ApproveExtension, Dispute, Remind, Snooze, Undo, Wish
from domain.facts.case import ResponsibilityAssigned
from domain.handovers import CLOCK
from domain.permissions import About
from domain.records import Entry, Record
from notifications.text_module import decided
from services.casework import case, dispute, legacy, remind, snooze, undo
from services.casework.case import Desk, Due, Forbidden
from services.casework.checks import check_directory, check_entries, check_other_case, checked
from services.failures import Said
from services.followups import lifecycle
from services.messages import decisions
from services.people import directory
from services.people.way_in import WayIn, way_in
from services.records import meaning, rows, standing
from services.records.standing import Listing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from services.office.office import Office, Transaction

__all__ = ["Changes", "Done", "Forbidden", "Refused", "Stale", "handle"]


class Changes(Struct, frozen=True, kw_only=True):
    """What a decision changes: the clocks today before and after it, and the due rows that go and come.

    Due rows of days ahead are among them; one that only moves stands in both lists, each with its own day.
    """

    was: CaseView
    is_now: CaseView
    gone: Sequence[Due]
    come: Sequence[Due]

    @property
    def before(self) -> Clocks:
        """The clocks before it, which are counted when they are asked for."""
        return self.was.clocks

    @property
    def after(self) -> Clocks:
        """The clocks after it."""
        return self.is_now.clocks


class Done(Struct, frozen=True, kw_only=True):
    """What was stored (in a preview: would be); `number` is the last number of the case afterwards.

    The entries carry ids and persons in clear. `correlation_id` is what `Undo` takes.
    """

    correlation_id: str
    number: int
    entries: Sequence[Entry]
    changes: Changes


class Stale(Said):
    """The case has changed since it was shown: `who` (a name) recorded `what` (a stored name) at `when`.

    `sentence` says so in German. Without a newer fact `who` and `what` are "".
    """

    def __init__(self, number: int, who: str, when: dt.datetime, what: str, sentence: str) -> None:
        self.number, self.who, self.when, self.what, self.sentence = number, who, when, what, sentence
        super().__init__(sentence)


def handle(
    office: Office,
    case_key: UUID,
    wish: Wish,
    actor: str,
    *,
    preview: bool = False,
    expected_number: int | None = None,
    ask_late_reason: bool = True,
) -> Done:
    """Decides and stores in one transaction; with `preview` everything happens and is rolled back.

    `actor` is the directory key (hex) of the person at the desk. `expected_number`: the case's last number when it was
    shown. The API sets `ask_late_reason` off (Fachkonzept 2.0). Raises `Refused`, `Stale`, `Forbidden`; LookupError for
    a key that is no case.
    """
    with office.write(keep=not preview) as tx:
        return handle_in(tx, case_key, wish, actor, expected_number=expected_number, ask_late_reason=ask_late_reason)


def handle_in(
    tx: Transaction,
    case_key: UUID,
    wish: Wish,
    actor: str,
    *,
    expected_number: int | None = None,
    ask_late_reason: bool = True,
) -> Done:
    """The same inside a writing transaction of the caller, which ends with it or not at all."""
    now, today = tx.now, tx.today
    wish = checked(wish, today)
    head = tx.store.lock(tx.conn, case_key)
    if expected_number is not None and expected_number != head.number:
        raise grown(tx, case_key, head.number)
    desk = case.desk(tx, case_key, actor, today)
    now = after_all(desk.view.records, now)
    case.admit(desk, wish)
    check_directory(tx, wish, desk.view.records, desk.organisation)
    check_other_case(tx, desk, wish)
    wish = snooze.whole(tx.conn, case_key, wish, today)
    correlation_id = uuid4().hex
    try:
        entries = _decided(tx, desk, wish, now, correlation_id, ask_late_reason)
    except Overtaken as by_other:
        raise overtaken(tx, head.number, by_other) from None
    check_entries(entries, today)
    entries = [_in_team(tx, desk, entry) for entry in entries]
    legacy.check(tx.conn, case_key, entries, today)
    after = _After(desk.view, desk.about)
    if entries:
        entries, after = _stored(tx, desk, entries, now, correlation_id)
    undo.note(tx.conn, case_key, desk.actor.key, wish, correlation_id, now, desk.view.timeline)
    announcer = decisions.Announcer(
        tx=tx, case_key=case_key, now=now, today=today, organisation=desk.organisation, about=after.about
    )
    decisions.announce(announcer, after.view, entries, correlation_id)
    changes = Changes(was=desk.view, is_now=after.view, gone=after.gone, come=after.come)
    return Done(correlation_id=correlation_id, number=head.number + len(entries), entries=entries, changes=changes)


def _in_team(tx: Transaction, desk: Desk, entry: Entry) -> Entry:
    """A responsibility goes to the one team in which the worker is there, unless it names another."""
    fact = entry.fact
    if not isinstance(fact, ResponsibilityAssigned) or fact.team is not None or not desk.organisation.teams(entry.on):
        return entry
    worker = directory.person_key(tx, fact.worker) or ""
    team = desk.organisation.team_of(worker, fact.unit, fact.area, entry.on)
    return structs.replace(entry, fact=structs.replace(fact, team=team)) if team else entry


class _After(NamedTuple):
    """A case after a decision: what is known, who is responsible, what is due no more and what is now."""

    view: CaseView
    about: About
    gone: Sequence[Due] = ()
    come: Sequence[Due] = ()


def _stored(
    tx: Transaction, desk: Desk, entries: Sequence[Entry], now: dt.datetime, correlation_id: str
) -> tuple[list[Entry], _After]:
    """Stores the facts of a decision, with their ids; what they have not touched is as it was before them."""
    conn, key, store = tx.conn, desk.case_key, tx.store
    appended, stream = store.grow(conn, desk.stream, entries, now, correlation_id, desk.persons)
    ground, view = meaning.held(conn), desk.view.grown(appended)
    bare = partial(store.bare, stream, desk.stream.head.number)
    topics, due = rows.refresh(conn, key, view.records, desk.stream.head.number, ground, bare)
    about = desk.about if topics.isdisjoint(("care", CLOCK)) else directory.about(conn, key, desk.today)
    gone, come = _settled(conn, desk, about, due, ground, now)
    told = [structs.replace(entry, id=record.id) for entry, record in zip(entries, appended, strict=True)]
    return told, _After(view, about, gone, come)


def _settled(
    conn: Connection, desk: Desk, about: About, due: rows.Due | None, ground: meaning.Ground, now: dt.datetime
) -> tuple[list[Due], list[Due]]:
    """Brings the follow-ups in line with what is due, and with the unit, whose rules may stand otherwise; what went and
    what came.
    """
    if due is None and about.unit == desk.about.unit:
        return [], []
    was, is_now = due or (rows.due_now(conn, desk.case_key),) * 2
    states = standing.standings_of(ground.settings, desk.today)
    lifecycle.resolve(conn, desk.case_key, now, after := Listing(is_now, states, about.unit))
    old, new = (case.due(one, desk.today) for one in (Listing(was, states, desk.about.unit), after))
    return [row for row in old if row not in new], [row for row in new if row not in old]


def _decided(
    tx: Transaction,
    desk: Desk,
    wish: Wish,
    now: dt.datetime,
    correlation_id: str,
    ask_late_reason: bool,
) -> list[Entry]:
    """The facts of a wish; what lies beside the facts (deferrals, what was taken back) is written here."""
    if isinstance(wish, Snooze):
        snooze.defer(tx.conn, desk.case_key, wish, now, desk.today)
        return []
    if isinstance(wish, Remind):
        remind.remind(tx, desk, wish, now, correlation_id)
        return []
    if isinstance(wish, Dispute):
        dispute.dispute(tx, desk, wish, now, correlation_id)
        return []
    if isinstance(wish, Undo):
        taken = undo.take_back(tx.conn, desk.case_key, wish.correlation_id, now)
        if taken is not None and taken.wish in ("snooze", "remind", "dispute"):
            _own(taken, desk)
            _take_back(tx.conn, desk.case_key, taken, wish.correlation_id, now)
            return []
    actor = _as_logged_in(tx, desk.actor) if isinstance(wish, ApproveExtension) else desk.actor
    return decide(wish, desk.view, actor, desk.today, ask_late_reason=ask_late_reason)


def _as_logged_in(tx: Transaction, actor: Actor) -> Actor:
    way = way_in(tx.conn, tx.office.vault, tx.office.settings)
    return structs.replace(actor, trial=way is WayIn.INVITE)


def _take_back(conn: Connection, case_key: UUID, taken: undo.Taken, decision: str, now: dt.datetime) -> None:
    """What lies beside the facts is taken back where it lies."""
    match taken.wish:
        case "snooze":
            snooze.call_back(conn, taken.data)
        case "remind":
            remind.take_back(conn, case_key, decision)
        case "dispute":
            dispute.take_back(conn, case_key, decision, now)


def _own(taken: undo.Taken, desk: Desk) -> None:
    if taken.by != desk.actor.key and desk.actor.level == 0:
        raise Refused([("", "Rückgängig machen kann das nur, wer es entschieden hat, oder die Führungskraft.")])


def after_all(records: Sequence[Record], now: dt.datetime) -> dt.datetime:
    """`now`, or just after what is stored if that is no earlier (a clock that stands): decisions of one case follow."""
    return max(now, records[-1].stored_at + dt.timedelta(microseconds=1)) if records else now


def grown(tx: Transaction, case_key: UUID, number: int) -> Stale:
    """The case has another last number (this one) than was shown; the newest fact says who and when."""
    records = tx.store.records(tx.conn, case_key, with_text=True)
    if not records:
        return Stale(number, "", tx.now, "", "Der Fall hat keine Einträge mehr.")
    newest = records[-1]
    who = case.name_of_person(tx, newest.by)
    what = facts.name_of(newest.fact)
    sentence = decided(what, who, newest.recorded_at, None)
    return Stale(number, who, newest.recorded_at, what, sentence)


def overtaken(tx: Transaction, number: int, by_other: Overtaken) -> Stale:
    """Who was quicker, with what and when; `number` is the case's last number."""
    who = case.name_of_person(tx, by_other.by)
    sentence = decided(by_other.what, who, by_other.when, by_other.until)
    return Stale(number, who, by_other.when, by_other.what, sentence)
