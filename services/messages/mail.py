"""What is mailed to whom: one digest per person and working day, and single mails about requests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, Row, select, update

from domain.calendar import is_working_day
from domain.office import deferrals
from domain.periods import BERLIN, local_day
from domain.rules import RULES, Theme
from services.messages import assigned, bounces, directives, entries
from services.messages.inbox import REMINDED, SINGLE, Kind
from services.messages.outbox import State, Task, add
from services.people import directory
from services.records import rulebook, values
from services.records.tables import followups, marks, messages, outbox

if TYPE_CHECKING:
    from services.office.office import Transaction

DIGEST = "mail-digest"
EARLIEST = dt.time(7)
ADDRESS = "address"  # the mark that holds where the pages are served
ON_THIS_MACHINE = "http://127.0.0.1:8000"  # where that is unless somebody says otherwise
HERE_ONLY = "no"  # the choice of who reads all in the service itself
AGAIN = (Kind.REMINDER, Kind.OVERDUE)
IN_DIGEST = (Kind.FOLLOW_UP, *AGAIN, Kind.INFO, Kind.OFFER, Kind.ASSIGNED, Kind.DIRECTIVE)
NOTICES = (Kind.INFO, Kind.ASSIGNED, Kind.DIRECTIVE)
SINGLY = (Kind.REQUEST, Kind.REQUEST_REMINDER, Kind.ANSWER)
UNKNOWN = UUID(int=0)  # the mail of what may have been mailed before a restore
_OPEN = (messages.c.kind.in_(IN_DIGEST), messages.c.done_at.is_(None))
_NOT_MAILED = messages.c.mailed_with.is_(None)
_HERE = marks.c.value == HERE_ONLY


class Letter(Struct, frozen=True, kw_only=True):
    """A mail ready to go to a person (directory key).

    `thread` ties the single mails of a case together, without saying which case. `entry`: of a calendar, its method and
    text.
    """

    person: str
    to: str
    subject: str
    text: str
    html: str
    thread: str | None = None
    entry: tuple[str, str] | None = None


# --- what is to be sent ---


def plan_digests(conn: Connection, now: dt.datetime) -> int:
    """Plans the digest of the day for whoever has something new, on working days from seven; how many were planned."""
    day = local_day(now)
    if not is_working_day(day, rulebook.lands(conn)) or now.astimezone(BERLIN).time() < EARLIEST:
        return 0
    people = list(conn.scalars(select(messages.c.recipient).where(*_OPEN, _NOT_MAILED).distinct()))
    return sum(_plan_digest(conn, person, day, now) for person in people)


def _plan_digest(conn: Connection, person: str, day: dt.date, now: dt.datetime) -> bool:
    task = add(conn, DIGEST, f"{DIGEST}/{person}/{day.isoformat()}", {"person": person}, now)
    if task is not None:
        # Each message notes its mail: with "all up to this id" one that is kept late, behind higher ids, would be lost.
        mailed = update(messages).where(messages.c.recipient == person, *_OPEN, _NOT_MAILED)
        conn.execute(mailed.values(mailed_with=task))
    return task is not None


def keep_quiet(conn: Connection, now: dt.datetime) -> None:
    """Holds everything told so far for mailed: after a restore nobody knows what went out since the backup."""
    undone = outbox.c.state.in_((State.WAITING, State.SENDING))
    conn.execute(update(outbox).where(undone).values(state=State.KEPT, finished_at=now))
    conn.execute(update(messages).where(_NOT_MAILED).values(mailed_with=UNKNOWN))


# --- what it says ---


def compose(tx: Transaction, task: Task, today: dt.date) -> Letter | None:
    """The mail of an outbox row, judged as things stand now; nothing if there is nothing left to say or no address."""
    compose_kind = {DIGEST: _digest, SINGLE: _single, entries.ENTRY: _entry}.get(task.kind)
    return compose_kind(tx, task, today) if compose_kind else None


def _digest(tx: Transaction, task: Task, today: dt.date) -> Letter | None:
    told = (messages.c.recipient == task.data["person"], messages.c.mailed_with == task.id)
    rows = tx.conn.execute(select(messages).where(*told, *_OPEN).order_by(messages.c.id)).all()
    lines = [*_lines(tx, rows, today), *_directives(tx, rows)]
    if not lines:
        return None
    notes = sum(one.notice for one in lines)
    words = {"tasks": len(lines) - notes, "notes": notes, "day": today, "items": lines}
    deputy = all(one.deputy for one in lines)
    return _letter(tx, task.data["person"], "digest", words | {"link": f"{served_at(tx.conn)}/"}, today, deputy=deputy)


class Line(Struct, kw_only=True):
    """A line of the digest: of which cases (numbers) it names which rules; `link` where it is about one case.

    `put_off`: why something of it was put off the last time, in words of the office. `again`: nothing of it is new;
    `notice`: nothing of it is to be done; `deputy`: it is meant for somebody else.
    """

    link: str | None
    deputy: bool
    cases: list[str] = []
    rules: list[str] = []
    put_off: list[str] = []
    again: bool = True
    notice: bool = True


def _lines(tx: Transaction, rows: Sequence[Row[Any]], today: dt.date) -> list[Line]:
    """One line a case and theme, naming every rule; one line for all appointments. What is a deputy's stands apart."""
    cases = {row.id: assigned.still(tx, row, today) for row in rows}
    numbers = tx.store.numbers(tx.conn, {case for some in cases.values() for case in some})
    why = _put_off(tx.conn, rows, today)
    address = served_at(tx.conn)
    lines: dict[tuple[Theme | None, UUID | None, bool], Line] = {}
    for row in rows:
        named = [numbers[case] for case in cases[row.id] if case in numbers]
        if not named:
            continue
        theme, name = _about(row)
        deputy = "for" in row.data
        key = (theme, None if theme and theme.daily else row.case_key, deputy)
        link = f"{address}/fall/{quote(named[0])}" if key[1] else None
        line = lines.setdefault(key, Line(link=link, deputy=deputy))
        line.cases += [case for case in named if case not in line.cases]
        line.rules += [name] if name not in line.rules else []
        reason = why.get(row.followup, "")
        line.put_off += [reason] if reason and reason not in line.put_off else []
        line.again = line.again and (row.kind in AGAIN or row.data.get("info") == REMINDED)
        line.notice = line.notice and row.kind in NOTICES and row.data.get("info") != REMINDED
    return list(lines.values())


def _put_off(conn: Connection, rows: Sequence[Row[Any]], today: dt.date) -> dict[UUID, str]:
    """Of follow-ups that were put off, why the last time."""
    one = followups.c
    told = {row.followup for row in rows if row.followup}
    asked = select(one.id, one.snoozed_for).where(one.id.in_(told), one.snoozed_for.is_not(None))
    named = deferrals.named(rulebook.standing(conn), today) if told else {}
    return {id: named.get(code, "") for id, code in conn.execute(asked)}


def _directives(tx: Transaction, rows: Sequence[Row[Any]]) -> list[Line]:
    """A line each for what is new and of no case."""
    link = f"{served_at(tx.conn)}/vorgaben"
    told = [(row, directives.called(tx.conn, row)) for row in rows if row.kind == Kind.DIRECTIVE]
    return [Line(link=link, deputy="for" in row.data, rules=[name], again=False) for row, name in told if name]


def _about(row: Row[Any]) -> tuple[Theme | None, str]:
    """The theme of a message, nothing for a handover offered, and its name in words."""
    if row.kind == Kind.OFFER:
        return None, "Übergabe an Sie"
    if row.kind == Kind.ASSIGNED:
        return None, "Ihnen neu zugewiesen"
    rule = RULES[row.data["rule"]]
    return rule.theme, rule.name


def _single(tx: Transaction, task: Task, today: dt.date) -> Letter | None:
    row = tx.conn.execute(
        select(messages).where(messages.c.id == task.data["message"], messages.c.done_at.is_(None))
    ).first()
    if row is None or row.kind not in SINGLY:
        return None
    case = tx.store.numbers(tx.conn, [row.case_key]).get(row.case_key)
    if case is None:
        return None
    words = {"case": case, "kind": row.kind, "link": f"{served_at(tx.conn)}/fall/{quote(case)}"}
    return _letter(tx, row.recipient, "single", words, today, deputy="for" in row.data, thread=row.case_key.hex)


def _entry(tx: Transaction, task: Task, today: dt.date) -> Letter | None:
    """An entry as it stands now, to the person themselves; nothing where a later change goes out by itself."""
    found = entries.of_task(tx.conn, task.data["person"], task.data["ref"], task.data["sequence"])
    to = directory.mail_address(tx, task.data["person"])
    if found is None or to is None or not may_mail(tx, task.data["person"], to):
        return None
    from notifications import calendar_entry, render

    case = tx.store.numbers(tx.conn, [found.case_key]).get(found.case_key, "")
    what = f"{'Termin' if found.appointment else 'Wiedervorlage'} {case}".strip()
    link = f"{served_at(tx.conn)}/fall/{quote(case)}" if case else f"{served_at(tx.conn)}/termine"
    method = calendar_entry.Method.CANCEL if found.cancelled else calendar_entry.Method.REQUEST
    event = calendar_entry.Event(
        found.ref, what, found.day, found.time, link, found.sequence, busy=found.appointment and bool(found.time)
    )
    text = calendar_entry.calendar([event], tx.now, sender(tx), method, to)
    said = render.mail("calendar", {"what": what, "cancelled": found.cancelled, "link": link})
    words = {"subject": said.subject, "text": said.text, "html": said.html}
    return Letter(person=task.data["person"], to=to, **words, entry=(method, text))


def may_mail(tx: Transaction, person: str, to: str) -> bool:
    """Whether mails go to this address of the person."""
    return not (reads_here_only(tx.conn, person) or bounces.is_aside(tx, person, to))


def reached(tx: Transaction, people: Collection[str]) -> set[str]:
    """Those of these people to whom mails go: they have an address, read mails, and it takes them."""
    addresses = directory.mail_addresses(tx, people)
    here_only = set(tx.conn.scalars(select(marks.c.name).where(marks.c.name.startswith(_choice("")), _HERE)))
    aside = bounces.aside(tx, addresses)
    return {one for one in addresses if one not in aside and _choice(one) not in here_only}


def _letter(
    tx: Transaction,
    person: str,
    name: str,
    words: dict[str, Any],
    today: dt.date,
    *,
    deputy: bool,
    thread: str | None = None,
) -> Letter | None:
    """To the person, or on days of absence to the deputy; `deputy`: it was meant for somebody else already."""
    acting = directory.organisation(tx).acting(person, today)
    to = directory.mail_address(tx, acting.person)
    if to is None or not may_mail(tx, acting.person, to):
        return None
    from notifications import render  # who only plans mails goes without the templates

    mail = render.mail(name, words | {"deputy": deputy or acting.on_behalf_of is not None})
    return Letter(person=acting.person, to=to, subject=mail.subject, text=mail.text, html=mail.html, thread=thread)


def served_at(conn: Connection) -> str:
    """Where the pages are served, without a slash at its end."""
    return values.value(conn, ADDRESS) or ON_THIS_MACHINE


def sender(tx: Transaction) -> str:
    """From whom mails and calendar entries are: as set, else a name at the host of the pages."""
    host = urlsplit(served_at(tx.conn)).hostname or "localhost"
    return tx.office.settings.mail_from or f"fallverlauf@{host}"


def reads_here_only(conn: Connection, person: str) -> bool:
    """Whether the person (a directory key) has chosen to get no mails."""
    return values.value(conn, _choice(person)) == HERE_ONLY


def choose(conn: Connection, person: str, *, mails: bool) -> None:
    """Keeps whether the person gets mails."""
    values.put(conn, _choice(person), "yes" if mails else HERE_ONLY)


def _choice(person: str) -> str:
    return f"mails {person}"


def set_address(conn: Connection, address: str) -> None:
    """Keeps where the pages are served, for the links in mails."""
    values.put(conn, ADDRESS, address)
