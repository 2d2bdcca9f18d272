"""What is typed on Eingang, as the wishes it makes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, cast

from starlette.datastructures import FormData

from domain.clients import IDENTIFIED, not_born
from domain.decisions.refusal import Refused
from domain.decisions.wishes import OpenCase, RecordPeriod
from domain.dialogues.handover import BETWEEN
from domain.facts import Stream
from domain.facts.case import Area
from services.people import receivers
from services.people.receivers import Receivers
from services.records import numbering
from services.records.fields import data_reasons
from services.records.words import number_typed
from services.web.words.forms import WHOLE, day_in, text_in

LONGEST = 200  # characters that are read of a field; more is refused by its check
NEW_CLIENT = (
    *("last_name", "first_name", "birth_date", "client_number", "number"),
    *("on", "kind", "to", "same_person", "word", "late_reason"),
)
PERIOD = ("kind", "case", "first", "last", "late_reason")
NOBODY_ELSE = "nein"  # the answer that an earlier case is about somebody else
KINDS: Mapping[str, str] = {"alg1": "ALG I", "benefit": "Leistungsbezug"}

Typed = Mapping[str, str]


class Asked(NamedTuple):
    """What a form of a new client says: the number it is to have ("": the next one), and the wish."""

    number: str
    wish: OpenCase


def typed(form: FormData, fields: Sequence[str]) -> dict[str, str]:
    """What was typed into these fields; a quick button for the person counts before what stands in its field."""
    found = {field: text_in(form, field, WHOLE if field == "late_reason" else LONGEST).strip() for field in fields}
    quick = text_in(form, "schnell.to", LONGEST)
    return found | ({"to": quick} if quick else {})


def new_client(given: Typed, today: dt.date, people: Receivers) -> Asked:
    """The case to be opened. Raises `Refused` with every field that does not fit, and with `to`: without somebody
    responsible a case belongs to no unit, and nobody at the desks would see it.
    """
    wrong = [
        (field, sentence)
        for field, sentence in (
            ("last_name", "Bitte den Nachnamen angeben."),
            ("first_name", "Bitte den Vornamen angeben."),
        )
        if not given[field]
    ]
    days: dict[str, dt.date] = {}
    for field, near in (("birth_date", False), ("on", True)):
        try:
            days[field] = day_in(FormData(given), field, today, near=near)
        except Refused as error:
            wrong += error.reasons
    to = ""
    try:
        to = receivers.chosen(people, given["to"], "to")
    except Refused as error:
        wrong += error.reasons
    if given["kind"] not in ("new", "returning"):
        wrong.append(("kind", "Bitte sagen, ob die Person neu ist oder wiederkommt."))
    wrong += _unfit(given, days.get("birth_date"), today)
    if wrong:
        raise Refused(wrong)
    unit, area, worker = to.split(BETWEEN, 2)
    same = given["same_person"]
    wish = OpenCase(
        on=days["on"],
        last_name=given["last_name"],
        first_name=given["first_name"],
        birth_date=days["birth_date"].isoformat(),
        client_number=given["client_number"] or None,
        worker=worker,
        unit=unit,
        area=cast(Area, area),
        kind=cast(Literal["new", "returning"], given["kind"]),
        same_person=same if same and same != NOBODY_ELSE else None,
        late_reason=given["late_reason"] or None,
    )
    return Asked(given["number"], wish)


def _unfit(given: Typed, born: dt.date | None, today: dt.date) -> list[tuple[str, str]]:
    """What of the number and the person would be refused later, so that all is said at once."""
    said = {field: given[field] for field in ("last_name", "first_name", "client_number") if given[field]}
    wrong: list[tuple[str, str | None]] = [
        (one.field.rpartition(".")[2], one.sentence) for one in data_reasons(IDENTIFIED, said, (), today)
    ]
    number = number_typed(given["number"])
    wrong += [("number", numbering.wrong(Stream.CASE, number) if number else None)]
    wrong += [("birth_date", not_born(born.isoformat(), today) if born else None)]
    return [(field, sentence) for field, sentence in wrong if sentence and (field != "last_name" or given[field])]


def period(given: Typed, today: dt.date) -> RecordPeriod:
    """The period to be recorded; one of its days may be missing. Raises `Refused` with every field that is no day."""
    days: dict[str, dt.date | None] = {}
    wrong: list[tuple[str, str]] = []
    for field in ("first", "last"):
        try:
            days[field] = day_in(FormData(given), field, today) if given[field] else None
        except Refused as error:
            wrong += error.reasons
    if given["kind"] not in KINDS:
        wrong.append(("kind", "Diese Art von Zeitraum gibt es nicht."))
    if wrong:
        raise Refused(wrong)
    kind = cast(Literal["alg1", "benefit"], given["kind"])
    return RecordPeriod(kind=kind, first=days["first"], last=days["last"], late_reason=given["late_reason"] or None)
