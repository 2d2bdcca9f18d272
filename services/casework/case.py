"""A case as somebody at the desk finds it: what is known of it in clear, who stands how to it, what is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct

from domain.decisions import wishes
from domain.decisions.admission import action_of, admitted
from domain.decisions.amendment import root_of
from domain.decisions.view import Actor, CaseView
from domain.dialogues import Dialogue
from domain.facts import name_of
from domain.organisation import Organisation
from domain.permissions import About, Relation, level, may_record, relations
from services.failures import Said
from services.people import directory
from services.records import rulebook
from services.records.standing import Listing
from services.records.whole import Whole

if TYPE_CHECKING:
    from services.office.office import Transaction


class Forbidden(Said):
    """The person may not do this with this case; the text is a German sentence."""


class Due(Struct, frozen=True, kw_only=True):
    """A due row as known now; `reason` holds codes and days for the sentence (notifications.render)."""

    rule: str
    stage: str
    cause: str
    due: dt.date
    recipients: str
    reason: dict[str, Any]


class Desk(Struct, frozen=True, kw_only=True):
    """One person before one case on one day."""

    case_key: UUID
    today: dt.date
    actor: Actor
    view: CaseView
    about: About
    roles: frozenset[str]
    relations: frozenset[Relation]
    organisation: Organisation
    stream: Whole
    persons: Mapping[str, str]


def view(tx: Transaction, case_key: UUID, today: dt.date) -> CaseView:
    """The case as known now, with ids, persons and texts in clear. LookupError if the key is no case."""
    stream = tx.store.whole(tx.conn, case_key)
    records = tx.store.read(stream, tx.store.persons(tx.conn, stream))
    return CaseView(case=stream.number, records=records, today=today)


def desk(tx: Transaction, case_key: UUID, person: str, today: dt.date) -> Desk:
    """The person (directory key) before the case, with roles and relation of today. LookupError as `view`."""
    organisation, about = directory.placed(tx, case_key, today)
    stream = tx.store.whole(tx.conn, case_key)
    persons = tx.store.persons(tx.conn, stream, [person])
    return Desk(
        case_key=case_key,
        today=today,
        actor=Actor(
            id=persons[person],
            key=person,
            level=level(organisation, person, about, today),
        ),
        view=CaseView(
            case=stream.number,
            records=tx.store.read(stream, persons),
            today=today,
            read_settings=lambda: rulebook.standing(tx.conn),
        ),
        about=about,
        roles=organisation.role_names(person, today),
        relations=relations(organisation, person, today, about),
        organisation=organisation,
        stream=stream,
        persons=persons,
    )


def due(listing: Listing, today: dt.date) -> list[Due]:
    """What is due for a case as known now, today or ahead, by day."""
    return [
        Due(
            rule=row.rule,
            stage=row.stage,
            cause=row.cause,
            due=row.due,
            recipients=row.recipients,
            reason=row.reason,
        )
        for row in sorted(listing.shown(), key=lambda row: (row.due, row.rule, row.stage))
        if row.listed_to >= today
    ]


def name_of_person(tx: Transaction, person_id: str) -> str:
    """The name behind a `by` in clear (a person's id, `rule:…`, `import:…`); without a name the id itself."""
    key = directory.person_key(tx, person_id)
    return directory.label(tx, key) if key else person_id


def admit(desk: Desk, wish: wishes.Wish) -> None:
    """Raises `Forbidden` unless the person may wish this for this case (domain.permissions)."""
    _admit_change(desk)
    if not _admitted(desk, wish):
        raise Forbidden(_FORBIDDEN)


def admit_dialogue(desk: Desk, dialogue: Dialogue) -> None:
    """Raises `Forbidden` unless the person may open this dialogue for this case."""
    _admit_change(desk)
    if not admitted(dialogue.action, desk.roles, desk.relations, desk.actor.level):
        raise Forbidden(_FORBIDDEN)


def _admit_change(desk: Desk) -> None:
    if desk.stream.erased:
        raise Forbidden("Die Personendaten dieses Falls sind gelöscht; es lässt sich nichts mehr eintragen.")


_FORBIDDEN = "Das ist Ihnen in diesem Fall nicht erlaubt."


def _admitted(desk: Desk, wish: wishes.Wish) -> bool:
    if admitted(action_of(wish), desk.roles, desk.relations, desk.actor.level):
        return True
    return isinstance(wish, wishes.CorrectFact | wishes.WithdrawFact) and _own_intake(desk, wish.target)


def _own_intake(desk: Desk, target: str) -> bool:
    """Whether the target is a fact of intake that this person recorded, or their own correction of one."""
    records = desk.view.records
    found = next((record for record in records if record.id == target), None)
    root = root_of(found, records) if found else None
    if found is None or root is None or {found.by, root.by} != {desk.actor.id}:
        return False
    return may_record(name_of(root.fact), desk.roles, desk.relations)
