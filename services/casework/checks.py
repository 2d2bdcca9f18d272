"""Whether the fields of a wish fit the fact they are about, field by field, before anything is decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins
from msgspec.structs import replace

from domain.decisions.amendment import root_of
from domain.decisions.matter import last_day
from domain.decisions.recording import FILLED_IN, plain
from domain.decisions.refusal import Refused
from domain.decisions.wishes import (
    Assign,
    CorrectFact,
    HandOver,
    NoteOtherPerson,
    NoteSamePerson,
    OpenCase,
    RecordFact,
    Wish,
)
from domain.facts import FACTS, Mark, Stream, marks, name_of, stream_of
from domain.organisation import Organisation
from domain.permissions import Action, may
from domain.records import Entry, Record
from domain.rules import RULES
from services.casework.case import Desk
from services.people import directory
from services.records.fields import correction_reasons, data_reasons, tidied, tidied_changes
from services.records.reasons import Reason, field_types, nearest

if TYPE_CHECKING:
    from services.office.office import Transaction


def checked(wish: Wish, today: dt.date) -> Wish:
    """The wish, as the wish of its own where its fact has one. Raises `Refused` with every field that does not fit."""
    if isinstance(wish, RecordFact):
        if wish.name not in FACTS:
            raise Refused([("fact", f"Diesen Eintrag gibt es nicht.{nearest(wish.name, FACTS)}")])
        if stream_of(wish.name) is not Stream.CASE:
            raise Refused([("fact", "Dieser Eintrag gehört nicht zu einem Fall.")])
        wish = replace(wish, data=tidied(wish.name, wish.data))
        _refuse(data_reasons(wish.name, _completed(wish), (), last_day(today)))
    if isinstance(wish, CorrectFact) and wish.data is not None:
        changed = tidied_changes(wish.data)
        _refuse(correction_reasons(changed, None, (), last_day(today)))
        wish = replace(wish, data=changed)
    return plain(wish)


def check_entries(entries: Sequence[Entry], today: dt.date) -> None:
    """Refuses texts that are too long, control characters and codes that do not exist, whichever wish brought them."""
    for entry in entries:
        _refuse(data_reasons(name_of(entry.fact), to_builtins(entry.fact), (), last_day(today)))


def check_directory(tx: Transaction, wish: Wish, records: Sequence[Record], organisation: Organisation) -> None:
    """Refuses persons, units and other codes that the office or the program does not know, in corrections as well."""
    name, data = _named(wish, records)
    said = {field: str(value) for field, value in data.items() if value is not None}
    persons = [field for field, mark in marks(name).items() if mark is Mark.PERSON] if name else []
    wrong = [
        (field, "Diese Person gibt es im Verzeichnis nicht.")
        for field in persons
        if field in said and directory.person_key(tx, said[field]) is None
    ]
    for field, (sentence, known) in _KNOWN.items():
        if field in said and not known(said[field], organisation, tx.today):
            wrong.append((field, sentence))
    if wrong:
        raise Refused(wrong)


def check_other_case(tx: Transaction, desk: Desk, wish: Wish) -> None:
    """Refuses to say whose another case is, if it is none or one that the person at the desk may not see."""
    if isinstance(wish, NoteSamePerson | NoteOtherPerson):
        others = [wish.other_case]
    elif isinstance(wish, OpenCase):
        others = [*([wish.same_person] if wish.same_person is not None else []), *wish.other_persons]
    else:
        return
    for other in others:
        key = tx.store.key(tx.conn, Stream.CASE, other)
        standing = directory.relations_to(tx, desk.actor.key, key or desk.case_key, tx.today)
        if key is None or key == desk.case_key or not may(Action.SEE_NAMES, desk.roles, standing):
            raise Refused([("other_case", "Unter dieser Nummer gibt es keinen Fall, den Sie sehen dürfen.")])


def _named(wish: Wish, records: Sequence[Record]) -> tuple[str, dict[str, Any]]:
    """The fact a wish says something new about, and what; "" for one that names nobody and nothing."""
    if isinstance(wish, HandOver):
        return "handover-initiated", {"to_worker": wish.to_worker, "to_unit": wish.to_unit}
    if isinstance(wish, OpenCase | Assign):
        return "responsibility-assigned", {"worker": wish.worker, "unit": wish.unit}
    if isinstance(wish, RecordFact):
        return wish.name, wish.data
    if isinstance(wish, CorrectFact):
        target = next((one for one in records if wish.target in (one.id, one.ref)), None)
        root, data = root_of(target, records) if target else None, wish.data or {}
        if root is not target:
            data = data.get("data") or {}  # what a correction of a correction says of the fact itself
        return (name_of(root.fact), data) if root else ("", {})
    return "", {}


def _is_unit(code: str, organisation: Organisation, today: dt.date) -> bool:
    return organisation.unit(organisation.current(code, today), today) is not None


_NO_UNIT = "Diese Einheit gibt es im Verzeichnis nicht."
_KNOWN: Mapping[str, tuple[str, Callable[[str, Organisation, dt.date], bool]]] = {
    "unit": (_NO_UNIT, _is_unit),
    "to_unit": (_NO_UNIT, _is_unit),
    "team": ("Dieses Team gibt es im Verzeichnis nicht.", lambda code, office, day: code in office.teams(day)),
    "rule": ("Diese Regel gibt es nicht.", lambda code, office, day: code in RULES),
    "survey": ("Diese Erhebung gibt es nicht.", lambda code, office, day: False),  # none has been held here yet
}


def _completed(wish: RecordFact) -> dict[str, Any]:
    """Who approves is who is at the desk; the field need not be given."""
    return {**{one: "-" for one in FILLED_IN if one in field_types(wish.name)}, **wish.data}


def _refuse(found: list[Reason]) -> None:
    if found:
        raise Refused([(reason.field.rpartition(".")[2], reason.sentence) for reason in found])
