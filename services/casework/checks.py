"""Whether the fields of a wish fit the fact they are about, field by field, before anything is decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins
from msgspec.structs import replace

from domain.decisions.matter import last_day
from domain.decisions.recording import plain
from domain.decisions.refusal import Refused
from domain.decisions.wishes import CorrectFact, HandOver, RecordFact, Wish
from domain.facts import FACTS, Mark, Stream, marks, name_of, stream_of
from domain.organisation import Organisation
from domain.records import Entry
from services.people import directory
from services.records.fields import correction_reasons, data_reasons, tidied, tidied_changes
from services.records.reasons import Reason, nearest

if TYPE_CHECKING:
    from services.office.office import Transaction


def checked(wish: Wish, today: dt.date) -> Wish:
    """The wish, as the wish of its own where its fact has one. Raises `Refused` with every field that does not fit."""
    if isinstance(wish, RecordFact):
        if wish.name not in FACTS or stream_of(wish.name) is not Stream.CASE:
            raise Refused([("fact", f"Diesen Eintrag gibt es nicht.{nearest(wish.name, FACTS)}")])
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


def check_directory(tx: Transaction, wish: Wish, organisation: Organisation, today: dt.date) -> None:
    """Refuses persons and units that the directory does not know."""
    if isinstance(wish, HandOver):
        persons, units = {"to_worker": wish.to_worker}, {"to_unit": wish.to_unit}
    elif isinstance(wish, RecordFact):
        persons = {field: str(wish.data[field]) for field, mark in marks(wish.name).items() if mark is Mark.PERSON}
        units = {field: str(wish.data[field]) for field in ("unit", "to_unit") if wish.data.get(field)}
    else:
        return
    unknown = [field for field, one in persons.items() if directory.person_key(tx, one) is None]
    closed = [
        field for field, one in units.items() if organisation.unit(organisation.current(one, today), today) is None
    ]
    if unknown or closed:
        raise Refused(
            [(field, "Diese Person gibt es im Verzeichnis nicht.") for field in unknown]
            + [(field, "Diese Einheit gibt es im Verzeichnis nicht.") for field in closed]
        )


def _completed(wish: RecordFact) -> dict[str, Any]:
    """Who approves is who is at the desk; the field need not be given."""
    return {"by_lead": "-", **wish.data} if wish.name == "extension-approved" else wish.data


def _refuse(found: list[Reason]) -> None:
    if found:
        raise Refused([(reason.field.removeprefix("data.").removeprefix("data."), reason.sentence) for reason in found])
