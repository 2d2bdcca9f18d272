"""What stands with somebody today: a message follows who stands in for whom, a request whoever may decide it today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, Select, and_, bindparam, or_, select

from domain.organisation import Organisation
from domain.permissions import About, level
from services.messages.inbox import Kind
from services.people import directory
from services.records.database import kept
from services.records.tables import actions, messages, segments

if TYPE_CHECKING:
    from services.office.office import Transaction


SHARED = (Kind.REQUEST, Kind.OFFER, Kind.DISPUTE)  # what one of several may settle


class Asked(NamedTuple):
    """A request the person may decide; `request` is its reference, `on_behalf` the lead stood in for, if any."""

    case_key: UUID
    request: str
    on_behalf: str | None
    at: dt.datetime


def told(
    conn: Connection, organisation: Organisation, person: str, day: dt.date, kinds: Collection[Kind]
) -> list[Row[Any]]:
    """The open messages of these kinds meant for the person, or for whom the person stands in, the oldest first."""
    principals = {person, *organisation.deputised_for(person, day)}
    rows = _open_ones(conn, principals, day, kinds)
    return sorted((row for row in rows if _meant_for(row) in principals), key=attrgetter("id"))


def look_up(
    tx: Transaction, person: str, day: dt.date, kinds: Collection[Kind], followups: Collection[UUID] = ()
) -> list[Row[Any]]:
    """Reads at once what `told` and `requests` of several kinds then choose from.

    `followups`: also which of these somebody has said to be wrong.
    """
    principals = {person, *directory.organisation(tx).deputised_for(person, day)}
    return _open_ones(tx.conn, principals, day, kinds, followups)


def reported(conn: Connection, followups: Collection[UUID]) -> set[UUID]:
    """Those of the follow-ups that somebody has said to be wrong, as long as it stands."""
    known: dict[UUID, bool] = kept(conn, "reported")
    if missing := [one for one in followups if one not in known]:
        known |= dict.fromkeys(missing, False)
        known |= dict.fromkeys(conn.scalars(select(messages.c.followup).where(_said_wrong(missing))), True)
    return {one for one in followups if known[one]}


def _open_ones(
    conn: Connection,
    principals: Collection[str],
    day: dt.date,
    kinds: Collection[Kind],
    followups: Collection[UUID] = (),
) -> list[Row[Any]]:
    """All open messages of these kinds: requests whoever was told, others if they may be meant for the principals."""
    known: dict[tuple[str, frozenset[str]], list[Row[Any]]] = kept(conn, "messages")
    asked = frozenset(principals)
    if missing := [kind for kind in kinds if (kind, asked) not in known]:
        chosen = _chosen(day, tuple(missing), said_wrong=bool(followups))
        values = {"principals": list(asked), **({"followups": list(followups)} if followups else {})}
        rows = conn.execute(chosen, values).all()
        found = list({row.id: row for row in rows}.values())  # one for each of who is responsible and who is to be
        known |= {(kind, asked): [row for row in found if row.kind == kind] for kind in missing}
        said = {row.followup for row in found if row.kind == Kind.DISPUTE}
        kept(conn, "reported").update({one: one in said for one in followups})
        concerned = [row[-len(directory.CONCERNED) :] for row in rows if row.clock is not None]
        directory.keep_abouts(conn, day, {row.case_key for row in found if row.case_key}, concerned)
    return [row for kind in kinds for row in known[kind, asked]]


@lru_cache(maxsize=64)
def _chosen(day: dt.date, kinds: tuple[Kind, ...], *, said_wrong: bool) -> Select[Any]:
    """The messages, each with who is responsible for its case: nearly every one is only for who stands so to it.

    Built once for the `principals` and `followups` it takes: putting it together takes longer than running it.
    """
    one = messages.c
    principals: BindParameter[Any] = bindparam("principals", expanding=True)
    meant = or_(one.recipient.in_(principals), one.data["for"].as_string().in_(principals))
    wanted = [and_(meant, one.kind.in_(kinds)), *([one.kind == Kind.REQUEST] if Kind.REQUEST in kinds else [])]
    wanted += [one.followup.in_(bindparam("followups", expanding=True))] if said_wrong else []
    of_case = and_(segments.c.case_key == one.case_key, directory.concerned(day))
    return (
        select(messages, *directory.CONCERNED)
        .outerjoin_from(messages, segments, of_case)
        .where(or_(*wanted), *_open({*kinds, *([Kind.DISPUTE] if said_wrong else [])}))
    )


def _said_wrong(followups: Collection[UUID]) -> ColumnElement[bool]:
    return and_(messages.c.followup.in_(followups), *_open((Kind.DISPUTE,)))


def requests(tx: Transaction, person: str, day: dt.date) -> list[Asked]:
    """The requests the person may decide on the day, whoever was told of them; the oldest first."""
    organisation = directory.organisation(tx)
    rows = sorted(look_up(tx, person, day, (Kind.REQUEST,)), key=attrgetter("case_key", "id"))
    abouts = directory.abouts(tx.conn, {row.case_key for row in rows}, day)
    found = []
    for (case_key, request), some in groupby(rows, key=lambda row: (row.case_key, str(row.data["request"]))):
        asked, about = list(some), abouts.get(case_key, directory.NOBODY)
        to = _deciding(organisation, asked, about, day)
        if person in to and level(organisation, person, about, day):
            found.append(Asked(case_key, request, to[person], asked[0].created_at))
    return sorted(found, key=lambda asked: asked.at)


class Passed(NamedTuple):
    """The open requests somebody leaves: how many they made, how many they may decide, who decides these then."""

    made: int
    decided: int
    to: frozenset[str]


def passed_on(tx: Transaction, person: str, day: dt.date, after: Organisation, then: dt.date) -> Passed:
    """What becomes of open requests once a person has left; `after`: the directory without them from `then` on."""
    rows = sorted(look_up(tx, person, day, (Kind.REQUEST,)), key=attrgetter("case_key", "id"))
    before, abouts = directory.organisation(tx), directory.abouts(tx.conn, {row.case_key for row in rows}, day)
    made = decided = 0
    to: set[str] = set()
    for (case_key, _), some in groupby(rows, key=lambda row: (row.case_key, str(row.data["request"]))):
        asked, about = list(some), abouts.get(case_key, directory.NOBODY)
        own, decides = str(asked[0].data["by"]) == person, person in _deciding(before, asked, about, day)
        made, decided = made + own, decided + decides
        if own or decides:
            to |= {one for one in _deciding(after, asked, about, then) if after.employed(one, then)}
    return Passed(made, decided, frozenset(to))


def still(conn: Connection) -> set[int]:
    """The ids of the messages that wait for somebody's decision or answer, be it one of several."""
    return set(conn.scalars(select(messages.c.id).where(*_open(SHARED))))


def by_whom(tx: Transaction, ids: Collection[int], day: dt.date) -> list[tuple[Kind, set[str]]]:
    """Of these messages each request, offer or report once: with whom it stands or stood, but for who acted last."""
    rows = sorted(tx.conn.execute(select(messages).where(messages.c.id.in_(ids))), key=attrgetter("id"))
    keys = {row.case_key for row in rows}
    organisation, abouts = directory.organisation(tx), directory.abouts(tx.conn, keys, day)
    taken = select(actions.c.case_key, actions.c.by).where(actions.c.case_key.in_(keys)).order_by(actions.c.at)
    last = {row.case_key: row.by for row in tx.conn.execute(taken)}
    found: dict[tuple[Any, ...], list[Row[Any]]] = {}
    for row in rows:
        what = row.data["request"] if row.kind == Kind.REQUEST else row.followup
        found.setdefault((row.kind, row.case_key, what), []).append(row)
    return [
        (Kind(kind), _standing(organisation, some, abouts.get(key, directory.NOBODY), day) - {last.get(key)})
        for (kind, key, _), some in found.items()
    ]


def _standing(organisation: Organisation, some: Sequence[Row[Any]], about: About, day: dt.date) -> set[str]:
    if some[0].kind == Kind.REQUEST:
        return set(_deciding(organisation, some, about, day))
    meant = {_meant_for(row) for row in some}
    return meant | {organisation.acting(one, day).person for one in meant} | {row.recipient for row in some}


def _deciding(
    organisation: Organisation, asked: Sequence[Row[Any]], about: About, day: dt.date
) -> dict[str, str | None]:
    """Who may decide a request today, each with whom they stand in for: those of today, and whom it was told to."""
    requester, above = str(asked[0].data["by"]), all(row.data.get("above") for row in asked)
    acting = organisation.approvers(about.unit, about.area, day, requester, above=above, team=about.team)
    acting += [organisation.acting(_meant_for(row), day) for row in asked]
    found = {one.person: one.on_behalf_of for one in reversed(acting)}
    found |= {principal: None for row in asked if (principal := _meant_for(row)) not in found}
    return {one: on_behalf for one, on_behalf in found.items() if one != requester}


def _meant_for(message: Any) -> str:
    return str(message.data.get("for") or message.recipient)


def _open(kinds: Iterable[Kind]) -> tuple[ColumnElement[bool], ...]:
    return messages.c.kind.in_(tuple(kinds)), messages.c.done_at.is_(None)
