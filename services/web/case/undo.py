"""What was just decided, in one line with "Rückgängig" beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, or_, select

from domain.periods import BERLIN
from domain.permissions import Action, Relation
from domain.words import INSTRUCTIONS
from services.office.office import Transaction
from services.people import directory
from services.questions.cases import client_names
from services.records.tables import actions, numbers
from services.web.http.visitor import Visitor
from services.web.words import dates, labels


class Deed(NamedTuple):
    """A decision: its id, case and time, what it was, and whether it can still be undone by who took it."""

    id: str
    case_key: UUID
    number: str
    at: dt.datetime
    words: str
    undone: bool
    may_undo: bool

    @property
    def taken_back(self) -> str:
        """What is said of a decision that was undone; one that took something back itself is said otherwise."""
        return "rückgängig gemacht" if "zurückgenommen" in self.words else "zurückgenommen"


WISH = {
    "record-fact": "Eingetragen",
    "record-facts": "Eingetragen",
    "correct-fact": "Eintrag berichtigt",
    "withdraw-fact": "Eintrag zurückgenommen",
    "reconcile": "Abgleich",
    "undo": "Rückgängig gemacht",
    "request-extension": "Verlängerung beantragt",
    "withdraw-request": "Antrag zurückgezogen",
    "approve-extension": "Verlängerung zugestimmt",
    "return-extension": "Rückfrage gestellt",
    "reject-extension": "Verlängerung abgelehnt",
    "set-strategy": "Handlungsstrategie gewählt",
    "end-strategy": "Handlungsstrategie beendet",
    "change-strategy": "Handlungsstrategie umgestellt",
    "set-other-bar": "Balken angelegt",
    "confirm-strategy": "Weiterhin richtig",
    "set-appointment-status": "Termin",
    "plan-appointment": "Termin geplant",
    "record-contact": "Kontakt eingetragen",
    "set-own": "Wiedervorlage gesetzt",
    "move-own": "Wiedervorlage auf einen anderen Tag gesetzt",
    "finish-own": "Wiedervorlage erledigt",
    "hand-over": "Übergabe eingeleitet",
    "accept-handover": "Übergabe angenommen",
    "reject-handover": "Übergabe abgelehnt",
    "withdraw-handover": "Übergabe zurückgenommen",
    "open-case": "Neukunde aufgenommen",
    "record-period": "Zeitraum eingetragen",
    "note-same-person": "Dieselbe Person vermerkt",
    "note-other-person": "Andere Person vermerkt",
    "snooze": "Zurückgestellt",
    "remind": "Erinnert",
    "assign": "Zuständigkeit geändert",
    "accept-explanation": "Erläuterung anerkannt",
    "close-legacy": "Altfall geschlossen",
    "dispute": "Als falsch gemeldet",
}
NOT_UNDONE = ("undo",)


def of_day(tx: Transaction, person: str, start: dt.datetime, done: Collection[str]) -> tuple[list[Deed], list[Deed]]:
    """What the person decided since a moment, the latest first, undoings left out; beside it the decisions `done`."""
    one = actions.c
    own = and_(one.by == person, one.at >= start, one.wish.not_in(NOT_UNDONE))
    found = _deeds(tx, or_(own, and_(one.by == person, one.correlation_id.in_(done))), person)
    since = [deed for deed, row in found if row.at >= start and row.wish not in NOT_UNDONE]
    return since, [deed for deed, _ in found if deed.id in done]


def latest(tx: Transaction, person: str, day: dt.date) -> Deed | None:
    """The person's last decision of a day that can still be undone."""
    start = dt.datetime.combine(day, dt.time.min, BERLIN)
    own = and_(actions.c.by == person, actions.c.at >= start)
    return next((deed for deed, _ in _deeds(tx, own, person) if deed.may_undo), None)


def one(tx: Transaction, person: str, correlation_id: str) -> Deed | None:
    """A decision by its id, or nothing."""
    return next((deed for deed, _ in _deeds(tx, actions.c.correlation_id == correlation_id, person)), None)


def several(tx: Transaction, person: str, correlation_ids: Collection[str]) -> list[Deed]:
    """What the person has decided under these ids."""
    own = and_(actions.c.by == person, actions.c.correlation_id.in_(correlation_ids))
    return [deed for deed, _ in _deeds(tx, own, person)] if correlation_ids else []


def _deeds(tx: Transaction, wanted: ColumnElement[bool], person: str) -> list[tuple[Deed, Row[Any]]]:
    numbered = actions.outerjoin(numbers, numbers.c.key == actions.c.case_key)
    chosen = select(actions, numbers.c.number).select_from(numbered).where(wanted).order_by(actions.c.at.desc())
    return [
        (
            Deed(
                row.correlation_id,
                row.case_key,
                row.number or "",
                row.at,
                words(row.wish, row.data),
                row.undone_at is not None,
                row.by == person and row.undone_at is None and row.wish not in NOT_UNDONE,
            ),
            row,
        )
        for row in tx.conn.execute(chosen)
    ]


def words(wish: str, data: dict[str, Any]) -> str:
    """A decision in words, from codes and days alone."""
    said = WISH.get(wish, wish)
    if wish in ("record-fact", "record-facts"):
        name = "; ".join(WISH.get(one) or labels.fact(one) for one in data.get("names", [data.get("name", "")]))
        return f"{said}: {name}{_day(labels.before_day(name, ', '), data.get('on'))}"
    if wish == "set-appointment-status":
        cause = {"yes": " mit wichtigem Grund", "no": " ohne wichtigen Grund", "open": ", Grund noch offen"}
        of, status = _day(" am ", data.get("of")), labels.code(data.get("status"))
        until = _day(" auf ", data.get("on"))
        return f"{said}{of}: {status}{until}{cause.get(data.get('good_cause', ''), '')}"
    more = [labels.code(data[key]) for key in ("strategy", "kind", "to_area", "counts") if key in data]
    return (
        f"{said}{': ' if more else ''}{', '.join(more)}{_day(' bis ', data.get('until'))}{_day(', ', data.get('on'))}"
        f"{_day(', fällig ', data.get('due_on'))}{_day(', fällig war sie am ', data.get('of'))}"
    )


def _day(before: str, value: object) -> str:
    return f"{before}{dates.plain(dt.date.fromisoformat(str(value)))}" if value else ""


def line(deed: Deed | None, page: str, client: str = "") -> dict[str, object]:
    """What `done.html` shows about the decision just taken; the case is named by its number and its `client`."""
    if deed is None:
        return {"done": ""}
    named = " · ".join(filter(None, (client, deed.number)))
    said = f"{deed.words} – {deed.taken_back}." if deed.undone else f"{deed.words}."
    return {
        "done": deed.id,
        "done_words": f"{named}: {said}",
        "may_undo": deed.may_undo,
        "done_case": deed.number,
        "done_from": page,
    }


def lines(tx: Transaction, visitor: Visitor, page: str, correlation_ids: Collection[str]) -> list[dict[str, object]]:
    """The same of several decisions of the visitor; the client is named to those who may see the name still."""
    deeds = several(tx, visitor.person, [one for one in correlation_ids if one])
    directory.abouts(tx.conn, {one.case_key for one in deeds}, visitor.today)
    named = {one.case_key for one in deeds if visitor.may(Action.SEE_NAMES, _standing(tx, visitor, one))}
    names = client_names(tx, named) if named else {}
    return [line(one, page, names.get(one.case_key, "")) for one in deeds]


def _standing(tx: Transaction, visitor: Visitor, deed: Deed) -> frozenset[Relation]:
    return directory.relations_to(tx, visitor.person, deed.case_key, visitor.today)


def answer_words(data: dict[str, Any], names: Mapping[str, str]) -> str:
    """The answer to one's own request or handover, from codes and days."""
    who = names.get(str(data.get("by")), "Die Führungskraft")
    if "in_place_of" in data and (lead := names.get(str(data["in_place_of"]))):
        who += f" (i. V. für {lead})"
    match data.get("outcome"):
        case "extension-approved":
            return f"{who} hat der Verlängerung zugestimmt{_day(', bis ', data.get('until'))}."
        case "handover-accepted":
            other = (
                f" mit {labels.code(data['strategy'])} statt {labels.code(data['intended'])}"
                if "intended" in data
                else ""
            )
            return f"{who} hat den Fall übernommen{other}."
        case "handover-rejected":
            return f"{who} übernimmt den Fall nicht."
        case "extension-returned":
            return f"{who} hat eine Rückfrage zu Ihrem Antrag auf Verlängerung."
        case _:
            instead = f" Stattdessen: {INSTRUCTIONS[data['instruct']]}." if data.get("instruct") in INSTRUCTIONS else ""
            return f"{who} hat den Antrag auf Verlängerung abgelehnt.{instead}"
